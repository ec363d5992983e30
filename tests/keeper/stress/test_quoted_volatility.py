"""What quoted volatility did: the factor that a made chain was made with comes back, and no other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from test_stress_command import SMALL, fitted, typed

from keeper.stress.quoted import Rise, rises
from tandem.feeds import chain
from tandem.feeds.errors import ThinChainError
from tandem.model import svcj_fit
from tandem.model.jumps import BOUGHT_VOL, SOLD_VOL
from tandem.units import DAY, HOUR

START = 1_767_225_600
STRIKES = np.arange(1_000.0, 3_001.0, 50.0)
AHEAD = (3, 10, 20, 40)
"""Days from the first moment to each expiry."""


def made(
    path: Path,
    hours: Sequence[int],
    levels: Sequence[float],
    spots: Sequence[float],
    above: float = 1.0,
) -> chain.Chain:
    """A chain at some hours, its volatilities `levels` times a smile that stays where it is; of the strikes
    from 2,000 on `above` times that from the second moment on. What is in the money is quoted badly."""
    rows: list[tuple[object, ...]] = []
    for hour, level, spot in zip(hours, levels, spots, strict=True):
        for days in AHEAD:
            smile = 0.5 + 0.1 * np.log(STRIKES / 2_000.0) ** 2
            vols = level * smile * np.where((STRIKES >= 2_000.0) & (hour > 0), above, 1.0)
            for strike, vol in zip(STRIKES.tolist(), vols.tolist(), strict=True):
                for kind in ("call", "put"):
                    is_in = strike > spot if kind == "put" else strike < spot
                    rows.append((START + hour * HOUR, START + days * DAY, strike, kind,
                                 vol * (3.0 if is_in else 1.0), 1.0, spot))  # fmt: skip
    names = ("timestamp", "expiry", "strike", "option_type", "mark_iv", "open_interest", "forward")
    pl.DataFrame(rows, schema=list(names), orient="row").write_parquet(path)
    return chain.load(path)


def by_tenor(found: Sequence[Rise]) -> dict[float, Rise]:
    return {row.low: row for row in found}


def test_the_factor_comes_back_whatever_spot_did_meanwhile(tmp_path: Path) -> None:
    hours, levels, spots = (
        (0, 6, 12, 18),
        (1.0, 1.1, 1.98, 0.99),
        (2_000.0, 1_950.0, 1_700.0, 1_750.0),
    )
    found = rises(made(tmp_path / "chain.parquet", hours, levels, spots))
    assert [row.low for row in found] == [1.0, 7.0, 14.0, 30.0]
    for row in found:
        assert row.highest == pytest.approx(1.98)
        assert (row.since, row.hours) == (START, 12.0)
        assert row.move == pytest.approx(-0.15)
        assert row.lowest == pytest.approx(0.5)
        assert row.pairs == 6
        assert row.over == pytest.approx(2 / 6)  # 1.98 and 1.8 of 1.1, 1.98, 0.99, 1.8, 0.9, 0.5
        assert row.under == pytest.approx(1 / 6)
        assert row.usual == pytest.approx(np.quantile([1.1, 1.98, 0.99, 1.8, 0.9, 0.5], 0.99))


def test_what_took_longer_than_asked_for_is_not_of_it(tmp_path: Path) -> None:
    quotes = made(tmp_path / "chain.parquet", (0, 12, 25), (1.0, 1.2, 2.4), (2_000.0,) * 3)
    assert {round(row.highest, 9) for row in rises(quotes)} == {2.0}
    assert {round(row.highest, 9) for row in rises(quotes, 25 * HOUR)} == {2.4}
    assert {row.pairs for row in rises(quotes, 12 * HOUR)} == {1}
    with pytest.raises(ThinChainError, match="at two moments within 11 hours"):
        rises(quotes, 11 * HOUR)


def test_strikes_count_by_the_vega_that_they_have_afterwards(tmp_path: Path) -> None:
    """Half of the strikes rose by a half: what has vega after a fall to 1,500 hardly did, after a rise to
    2,600 nearly all of it; and a longer expiry reaches farther over to the other half."""
    fell = by_tenor(
        rises(made(tmp_path / "a.parquet", (0, 6), (1, 1), (2_000.0, 1_500.0), above=1.5))
    )
    rose = by_tenor(
        rises(made(tmp_path / "b.parquet", (0, 6), (1, 1), (2_000.0, 2_600.0), above=1.5))
    )
    assert 1.0 < fell[7.0].highest < 1.02
    assert 1.49 < rose[7.0].highest < 1.5
    assert fell[7.0].highest < fell[14.0].highest < fell[30.0].highest
    assert rose[7.0].highest > rose[14.0].highest > rose[30.0].highest


def test_an_expiry_of_few_strikes_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "chain.parquet"
    made(path, (0, 6), (1.0, 2.0), (2_000.0, 2_000.0))
    frame = pl.read_parquet(path)
    far = frame["expiry"] == START + 40 * DAY
    for strikes, said in ((4, 3), (5, 4)):
        some = frame.filter(~far | (frame["strike"].is_between(2_000, 2_000 + 50 * (strikes - 1))))
        some.write_parquet(path)
        assert len(rises(chain.load(path))) == said


def test_the_command_shows_it_beside_the_gates_factors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(svcj_fit, "fit", fitted)
    quotes, report = tmp_path / "chain.parquet", tmp_path / "stress.html"
    made(quotes, (0, 6), (1.0, 1.7), (2_000.0, 1_800.0))
    said = typed(*SMALL, "--chain", str(quotes), "--report", str(report))
    assert said.exit_code == 0, said.output
    assert "1.70 x in 6 h" in said.stdout
    assert "What quoted volatility did within a day" in report.read_text()
    rows = json.loads(typed(*SMALL, "--json", "--chain", str(quotes)).stdout)["quoted"]
    assert [row["highest"] for row in rows] == pytest.approx([1.7] * 4)
    assert json.loads(typed(*SMALL, "--json").stdout)["quoted"] == []


def test_a_chain_that_says_nothing_is_refused_before_the_work(tmp_path: Path) -> None:
    made(tmp_path / "chain.parquet", (0,), (1.0,), (2_000.0,))
    refused = typed(*SMALL, "--chain", str(tmp_path / "chain.parquet"))
    assert isinstance(refused.exception, ThinChainError)


def test_recorded_volatility_rose_by_less_than_the_gate_reckons_with(recorded_chain: Path) -> None:
    """Of what may be opened, a week or more ahead. What falls by more than a fifth within a day is one pair
    in a thousand."""
    found = by_tenor(rises(chain.load(recorded_chain)))
    for low in (7.0, 14.0, 30.0):
        assert found[low].pairs > 1_000
        assert 1.1 < found[low].highest < SOLD_VOL - 0.2
        assert found[low].under < 1e-3
        assert found[low].usual < found[low].highest
    assert found[7.0].move < -0.1
    assert found[1.0].highest > SOLD_VOL  # a few days ahead it is not enough
    assert found[1.0].over < 5e-3
    assert found[1.0].lowest < BOUGHT_VOL


def test_what_adr_0034_says_of_the_recorded_chain_is_what_comes_out(recorded_chain: Path) -> None:
    """The most that volatility rose within a day and within two, by tenor."""
    quotes = chain.load(recorded_chain)
    for days, wanted in ((1, (1.98, 1.28, 1.27, 1.17)), (2, (1.98, 1.40, 1.35, 1.21))):
        rows = rises(quotes, days * DAY)
        assert [round(row.highest, 2) for row in rows] == list(wanted)
        assert all(-0.17 < row.move < -0.11 for row in rows)
