"""What earlier studies left is put together without a replay, whatever their axes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from keeper.cli.study import Bounds, study
from keeper.study import beside, columns, session, table
from tandem.errors import ConfigError


def row(earned: float, informed: float = 0.0, knowledge: str = "direction", **changes: Any) -> Any:
    made = {
        "window": "2024-06", "prices": "p", "chain": None, "start": 0, "end": 1, "seed": 1,
        "trades_per_day": 24.0, "vol_premium": 1.0, "informed": informed, "knowledge": knowledge,
        "return_year": earned, "drawdown": 0.01, "worst_day": -0.01, "sharpe": 1.0,
        "terms": {"hedge_cost": 0.0, "pool_lag": 0.0}, "surface": "modelled",
    } | changes  # fmt: skip
    return made | {"key": json.dumps(made)}


def left(out: Path, *rows: Any) -> Path:
    out.mkdir()
    (out / "rows.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    return out


def test_each_kind_of_knowledge_has_its_own_lines_and_break_even() -> None:
    rows = [row(0.10), row(-0.10, 0.2), row(0.05, 0.2, "volatility"), row(-0.05, 0.4, "volatility")]
    found = table.lines(rows)
    assert [(x.informed, x.knowledge) for x in found] == [
        (0.0, ""), (0.2, "direction"), (0.2, "volatility"), (0.4, "volatility"),
    ]  # fmt: skip
    shares = table.informed_break_even(found)
    assert shares[table.Group("threshold", 24.0, 1.0, "direction")] == pytest.approx(0.1)
    assert shares[table.Group("threshold", 24.0, 1.0, "volatility")] == pytest.approx(0.3)


def test_a_break_even_compares_the_windows_that_all_shares_have() -> None:
    """A window that only nobody-informed was run in says nothing of the share."""
    rows = [row(0.10), row(0.90, window="2025-01", start=1), row(-0.10, 0.2)]
    assert table.informed_break_even(table.lines(rows))[
        table.Group("threshold", 24.0, 1.0, "direction")
    ] == pytest.approx(0.1)


def test_a_replay_that_was_run_again_counts_once_and_as_it_was_last(tmp_path: Path) -> None:
    out = left(tmp_path / "s", row(0.10), row(0.30), row(0.20, seed=2))
    assert sorted(each["return_year"] for each in session.kept(out)) == [0.20, 0.30]


def test_nothing_that_was_kept_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no rows"):
        session.kept(tmp_path)


def test_the_command_shows_what_is_there_and_replays_nothing(tmp_path: Path) -> None:
    out = left(tmp_path / "s", row(0.10), row(-0.10, 0.2))
    result = CliRunner().invoke(study, ["--show", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "break even at 10% informed" in " ".join(result.output.split())
    assert "20% (direction)" in (out / "table.md").read_text()
    assert CliRunner().invoke(study, []).exit_code == 2


def hedged(policy: str, eth: float, error: float, **changes: Any) -> Any:
    return row(
        0.10, policy=policy, eth_day=eth, error=error,
        hedge_cost_per_eth_pool_at_index_usd=2.5, **changes,
    )  # fmt: skip


def test_policies_have_their_own_lines_with_what_they_trade_and_how_they_stray() -> None:
    rows = [hedged("clock:hours=8", 10.0, 3e-4), hedged("threshold", 4.0, 3e-4),
            hedged("threshold", 6.0, 4e-4, seed=2)]  # fmt: skip
    clock, threshold = table.lines(rows)
    assert (clock.policy, clock.eth_day, clock.paid_day) == ("clock:hours=8", 10.0, 25.0)
    assert threshold.eth_day == 5.0
    assert threshold.error == pytest.approx(((3e-4**2 + 4e-4**2) / 2) ** 0.5)


def test_what_traders_pay_above_the_mark_is_a_column_and_unknown_of_older_rows() -> None:
    (found,) = table.lines(
        [row(0.10, open_cost_over_mark=0.12), row(0.2, seed=2, open_cost_over_mark=None)]
    )
    assert found.open_cost == pytest.approx(0.06)
    at = columns.HEAD.index("above mark")
    assert columns.cells([found])[0][at] == "6.0 %"
    assert columns.cells(table.lines([row(0.10)]))[0][at] == "–"


def test_traders_who_look_at_prices_have_lines_of_their_own(tmp_path: Path) -> None:
    rows = [row(0.10), row(0.07, reservation=None, seed=2), row(0.03, reservation=0.2)]
    strict, free = table.lines(session.kept(left(tmp_path / "s", *rows)))
    assert (strict.reservation, strict.overall.mean) == (0.2, 0.03)
    assert free.overall.mean == pytest.approx(0.085)
    at = columns.HEAD.index("reservation")
    assert [cells[at] for cells in columns.cells([strict, free])] == ["20%", "any"]
    assert "reservation 20%" in table.name(strict)
    assert beside._conditions(strict) != beside._conditions(free)


def test_the_command_takes_bounds_as_an_axis() -> None:
    asked = ["--prices", "none.csv", "--reservation"]
    wrong = CliRunner().invoke(study, [*asked, "any,cheap"])
    assert wrong.exit_code == 2
    assert "is no list of shares" in wrong.output
    below = Bounds().convert("any,0.5,0", None, None)
    assert below == (None, 0.5, 0.0)


def test_rows_of_before_policies_were_kept_are_the_default_ones(tmp_path: Path) -> None:
    out = left(tmp_path / "s", row(0.10), hedged("threshold", 4.0, 3e-4))
    (found,) = table.lines(session.kept(out))
    assert (found.policy, found.eth_day) == ("threshold", 4.0)


def test_a_study_is_compared_with_another_at_its_own_error() -> None:
    before = table.lines([hedged("clock:hours=4", 40.0, 1e-4), hedged("clock:hours=8", 10.0, 4e-4)])
    near, far = beside.against(
        table.lines([hedged("threshold", 15.0, 2e-4), hedged("whalley-wilmott", 1.0, 9e-4)]), before
    )
    assert near.eth == pytest.approx(0.75)  # 20 ETH at that error
    assert near.saved_day == pytest.approx(12.5)
    assert far.eth is None
    assert "enclose" in far.words
    for other in ({"window": "2025-01", "start": 9}, {"seed": 2}):
        elsewhere = table.lines([hedged("threshold", 15.0, 2e-4, **other)])
        assert beside.against(elsewhere, before)[0].eth is None


def test_the_command_compares_and_says_so_to_programs_too(tmp_path: Path) -> None:
    before = left(
        tmp_path / "b", hedged("clock:hours=4", 40.0, 1e-4), hedged("clock:hours=8", 10.0, 4e-4)
    )
    out = left(tmp_path / "s", hedged("threshold", 15.0, 2e-4))
    words = ["--show", "--out", str(out), "--against", str(before)]
    said = CliRunner().invoke(study, words).output
    assert "0.750 of the ETH" in said
    assert "37.5" in said  # USD a day
    assert "error of a day" in (out / "table.md").read_text()
    assert "How the book was hedged" in (out / "study.html").read_text()
    found = json.loads(CliRunner().invoke(study, [*words, "--json"]).output)
    assert found["against"][0]["eth"] == pytest.approx(0.75)
    assert found["lines"][0]["policy"] == "threshold"


def test_refused_opens_are_a_share_of_what_was_asked_for_and_have_reasons(tmp_path: Path) -> None:
    """Closes that revert are no opens, and a row that does not tell them apart has no share."""
    refused = {"gate: over": 20, "hour: vega": 30}
    rows = [
        row(0.10, opens=850, opens_reverted=refused, closes_reverted={"hedge: price": 500}),
        row(0.10, seed=2, opens=100, opens_reverted={}, closes_reverted={}),
        row(0.10, trades_per_day=8.0, opens_refused=400),
    ]
    before, found = table.lines(rows)
    assert columns.refused(found) == pytest.approx(0.05)
    at = columns.HEAD.index("refused")
    assert [cells[at] for cells in columns.cells([before, found])] == ["–", "5.0 %"]
    assert [line[-2:] for line in columns.reasons([before, found])] == [
        ("hour: vega", "3.0 %"), ("gate: over", "2.0 %"),
    ]  # fmt: skip
    out = left(tmp_path / "s", *rows)
    said = CliRunner().invoke(study, ["--show", "--out", str(out)]).output
    assert "Why opens were refused" in said
    assert "Why opens were refused" in (out / "study.html").read_text()
    assert "hour: vega" in (out / "table.md").read_text()


def test_nobody_who_asked_for_nothing_was_refused() -> None:
    (found,) = table.lines([row(0.0, opens=0, opens_reverted={})])
    assert columns.refused(found) == 0.0


def test_what_a_replay_would_be_made_of_is_refused_where_nothing_is_replayed(
    tmp_path: Path,
) -> None:
    """It was passed over, so that who asked for four seeds was shown the two of before."""
    out = left(tmp_path / "study", row(0.10))
    asked = ["--show", "--out", str(out), "--seeds", "4", "--policy", "threshold"]
    found = CliRunner().invoke(study, asked)
    assert found.exit_code == 2
    assert "takes no --seeds, no --policy" in found.output
    assert CliRunner().invoke(study, ["--show", "--json", "--out", str(out)]).exit_code == 0
