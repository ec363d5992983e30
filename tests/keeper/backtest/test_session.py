"""A back-test from files to figures: what is frozen, what is unseen, what is kept when it is cut short."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from rich.progress import Progress
from simulated import walk

from keeper.backtest import fitting, page, session, words
from keeper.backtest.session import Span
from keeper.backtest.twins import Costs
from tandem.errors import ConfigError, TandemError
from tandem.feeds.tabular import parse_time

DAY = 86_400


def write(path: Path, prices: np.ndarray, first: str = "2025-01-01") -> Path:
    """Candles that close at these prices, an hour each."""
    time = parse_time(first) + 3_600 * np.arange(len(prices), dtype=np.int64)
    begin = np.concatenate([prices[:1], prices[:-1]])
    pl.DataFrame(
        {
            "timestamp": time, "open": begin, "high": np.maximum(begin, prices),
            "low": np.minimum(begin, prices), "close": prices,
        }
    ).write_parquet(path)  # fmt: skip
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("prices") / "walk.parquet", walk(300, 31).price)


def plan(file: Path, *policies: str, **given: str) -> session.Asked:
    spans = {"train": None, "test": None} | given
    return session.plan([file], policies or ("threshold",), "one", Costs(), margin=0.0, **spans)


@pytest.mark.parametrize(
    "text",
    ["2025-01-02:2025-03-04", "2025-01-02..2025-03-04", "2025-01-02T00:00:2025-03-04T00:00"],
)
def test_a_span_is_read_as_it_is_typed(text: str) -> None:
    assert session.parse_span(text) == Span(parse_time("2025-01-02"), parse_time("2025-03-04"))


@pytest.mark.parametrize("text", ["", "2025-01-01", "2025-01-01:", "2025-03-01:2025-01-01", "a:b"])
def test_a_span_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(TandemError):
        session.parse_span(text)


def test_spans_are_halves_or_what_is_left(file: Path) -> None:
    asked = plan(file)
    begin, end = int(asked.series.time[0]), int(asked.series.time[-1])
    assert (asked.train.begin, asked.test.end) == (begin, end)
    assert asked.train.end == asked.test.begin
    assert abs((asked.train.end - begin) - (end - asked.test.begin)) <= 1
    some = Span(parse_time("2025-02-01"), parse_time("2025-05-01"))
    assert plan(file, train="2025-02-01:2025-05-01").test == Span(some.end, end)
    assert plan(file, test="2025-05-01:2025-09-01").train == Span(begin, some.end)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"train": "2025-01-01:2025-06-01", "test": "2025-05-01:2025-09-01"}, "overlap"),
        ({"train": "2024-01-01:2024-06-01", "test": "2025-05-01:2025-09-01"}, "no episode fits"),
        ({"train": "2025-01-01:2025-06-01", "test": "2025-06-01:2025-06-20"}, "no episode fits"),
    ],
)
def test_windows_without_episodes_are_refused_before_anything_starts(
    file: Path, given: dict[str, str], named: str
) -> None:
    with pytest.raises(TandemError, match=named):
        plan(file, **given)


def test_nothing_of_the_test_days_is_seen_while_calibrating(file: Path, tmp_path: Path) -> None:
    """Other prices after the training span: the same constant, another verdict."""
    prices = walk(300, 31).price
    other = prices.copy()
    other[len(prices) // 2 + 1 :] *= np.exp(
        0.3 * np.sin(np.arange(len(prices) - len(prices) // 2 - 1))
    )
    first = session.run(plan(file), quiet=True).judged[0]
    second = session.run(plan(write(tmp_path / "other.parquet", other)), quiet=True).judged[0]
    assert first.value == second.value
    assert first.train == second.train
    assert first.test.cost_ratio.value != second.test.cost_ratio.value


def test_what_is_calibrated_has_the_clocks_error_on_the_training_days(file: Path) -> None:
    found = session.run(plan(file, "threshold", "clock:hours=12"), quiet=True)
    threshold, clock = found.judged
    assert threshold.met
    assert clock.met
    assert threshold.train.error_ratio.value == pytest.approx(1.0, abs=0.01)
    assert 0.4 < threshold.test.cost_ratio.value < 0.8
    assert clock.value is None
    assert clock.test.cost_ratio.value == pytest.approx(1.0)
    values = [value for value, _, _ in threshold.swept]
    assert threshold.value in [pytest.approx(value) for value in values]
    errors = [test.error for _, _, test in threshold.swept]
    assert errors == sorted(errors, reverse=True)


def test_a_range_without_the_clocks_error_says_so(file: Path) -> None:
    found = session.run(plan(file, "threshold:risk_aversion=500..900"), quiet=True)
    assert found.judged[0].value == 500.0
    assert not found.judged[0].met
    assert any("nearest end" in line for line in words.lines(found))


def test_json_says_all_and_is_json(file: Path) -> None:
    found = session.run(plan(file), quiet=True)
    told = json.loads(json.dumps(words.as_json(found), default=str))
    assert told["complete"] is True
    assert [clock["hours"] for clock in told["test"]["clocks"]][:2] == [2, 3]
    assert told["policies"][0]["calibrated"] == "risk_aversion"
    assert told["policies"][0]["test"]["cost_ratio"]["value"] > 0


def test_the_page_shows_what_was_found(file: Path) -> None:
    found = session.run(plan(file, "threshold", "clock:hours=5"), quiet=True)
    html = page.html(found, "tandem backtest --prices walk.parquet")
    for part in (
        "What hedging costs",
        "96 h",
        "clock:hours=5",
        "tandem backtest --prices",
        "Unseen",
    ):
        assert part in html
    assert "Cut short" not in html


@contextmanager
def stopping(after: int) -> Iterator[tuple[Progress, threading.Event]]:
    """As if Ctrl-C came once so many policies are done."""
    stop = threading.Event()
    bar = Progress(disable=True)
    advance = bar.advance
    done = list[None]()

    def count(*given: object) -> None:
        advance(*given)  # pyright: ignore[reportArgumentType]
        done.append(None)
        if len(done) == after:
            stop.set()

    bar.advance = count  # pyright: ignore[reportAttributeAccessIssue]
    yield bar, stop


def test_a_cut_keeps_the_policies_that_are_done(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "long_work", lambda *_, quiet: stopping(1))
    found = session.run(plan(file, "threshold", "clock:hours=5", "clock:hours=7"), quiet=True)
    assert [each.policy.name for each in found.judged] == ["threshold"]
    assert not found.complete
    assert "Cut short" in page.html(found, "again")
    assert math.isfinite(found.judged[0].test.cost_ratio.value)


def test_fit_walks_forward(file: Path) -> None:
    """Each fold's constant is that of the days before it, whatever comes after."""
    asked, spans = fitting.plan(
        [file], "threshold", "one", Costs(), folds=3, margin=0.0, chain=None
    )
    assert len(spans) == 4
    found = fitting.run(asked, spans, quiet=True)
    alone = plan(
        file,
        train=f"{spans[0].begin}..{spans[1].begin}",
        test=f"{spans[1].begin}..{spans[1].end}",
    )
    judged = session.run(alone, quiet=True).judged[0]
    assert found.folds[0].value == judged.value
    assert found.folds[0].verdict.outcome == judged.test.outcome
    assert found.together is not None
    assert found.together.episodes == sum(fold.verdict.episodes for fold in found.folds)


def test_fit_prints_what_an_operator_pastes_where_it_is_proved(file: Path) -> None:
    asked, spans = fitting.plan(
        [file], "threshold", "one", Costs(), folds=2, margin=0.1, chain=None
    )
    found = fitting.run(asked, spans, quiet=True)
    assert found.proved
    text = "\n".join(fitting.lines(found))
    assert f"risk_aversion = {found.value:.4g}" in text
    assert text.index("[policy]") < text.index("[policy.settings]")


def test_fit_prints_nothing_to_paste_where_nothing_is_proved(tmp_path: Path) -> None:
    """Too short a history for an interval."""
    short = write(tmp_path / "short.parquet", walk(150, 7).price)
    asked, spans = fitting.plan(
        [short], "threshold", "one", Costs(), folds=1, margin=0.0, chain=None
    )
    found = fitting.run(asked, spans, quiet=True)
    assert not found.proved
    text = "\n".join(fitting.lines(found))
    assert "[policy]" not in text
    assert "Not proved" in text


def test_fit_of_a_policy_that_is_as_dear_as_a_clock_is_not_proved(file: Path) -> None:
    asked, spans = fitting.plan(
        [file], "clock:hours=2..96", "one", Costs(), folds=2, margin=0.0, chain=None
    )
    assert not fitting.run(asked, spans, quiet=True).proved


def test_fit_with_nothing_to_calibrate_is_refused(file: Path) -> None:
    with pytest.raises(ConfigError, match="nothing to calibrate"):
        fitting.plan([file], "clock:hours=8", "one", Costs(), folds=2, margin=0.0, chain=None)


def test_a_chain_says_what_volatility_was_at_the_sale(
    recorded_hours_2026: Path, recorded_chain: Path
) -> None:
    """As the last snapshot before had it at the money; none from later, and none where there was none."""
    asked = session.plan(
        [recorded_hours_2026], ("threshold",), "one", Costs(), margin=0.0, chain=recorded_chain,
        train="2026-01-01:2026-03-01", test="2026-03-01:2026-05-01",
    )  # fmt: skip
    assert asked.quoted is not None
    made = asked.made(asked.test)
    known = [asked.quoted(int(time), 720) for time in made.time]
    assert made.vol.tolist() == known
    assert 0.3 < min(known) < max(known) < 1.5
    assert math.isnan(asked.quoted(parse_time("2025-06-01"), 720))
    assert math.isnan(asked.quoted(parse_time("2026-09-01"), 720))
    with pytest.raises(ConfigError, match="no quotes of"):
        session.quoted_vols(recorded_chain, Span(0, DAY))
