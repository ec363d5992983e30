"""The setting that an operator writes down: calibrated on all days, and proved walking forward.

Each fold is judged with what the days before it say, so that no day has a say in its own verdict. Only
what is cheaper than a clock there, at 90 %, is worth writing down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Any

from keeper.backtest import books, contenders, judging, series, words
from keeper.backtest.contenders import Contender, PolicySpecError
from keeper.backtest.episodes import Episodes, Sales
from keeper.backtest.judging import Frontier, Verdict, judge
from keeper.backtest.outcomes import Tally, tally
from keeper.backtest.session import Asked, Span, Stopped, quoted_vols
from keeper.backtest.twins import Costs
from keeper.replay.progress import long_work
from tandem.terminal.common import table, told

HEAD = (
    "unseen days", "calibrated before them", "cost of a clock as exact", "90 %",
    "error over the 8 h clock's", "orders over its",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fold:
    """What the days before a span said of it."""

    span: Span
    value: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Fitted:
    """What came of it; `value` and `together` are None where it was stopped before."""

    asked: Asked
    setting: str
    planned: int
    folds: tuple[Fold, ...]
    together: Verdict | None
    """All folds as one."""
    value: float | None
    """Calibrated on all days."""

    @property
    def proved(self) -> bool:
        """Whether it is cheaper than a clock on unseen days, at 90 %."""
        ratio = self.together.cost_ratio if self.together else None
        return ratio is not None and isfinite(ratio.high) and ratio.high < 1.0

    @property
    def complete(self) -> bool:
        """Whether nothing was left out."""
        return self.value is not None


def plan(
    files: Sequence[Path], policy: str, book: str, costs: Costs, *, folds: int, margin: float,
    chain: Path | None,
) -> tuple[Asked, list[Span]]:  # fmt: skip
    """What is asked, and the spans: the first is only learnt from. Raises a TandemError."""
    selling, chosen = books.parse(book), contenders.parse(policy, costs)
    if chosen.swept is None:
        raise PolicySpecError(
            f"--policy {policy!r} leaves nothing to calibrate",
            f"give a range, for example {contenders.with_a_range(chosen.name)}",
        )
    known = series.of_files(files)
    begin, end = int(known.time[0]), int(known.time[-1])
    edges = [begin + (end - begin) * i // (folds + 1) for i in range(folds + 2)]
    spans = [Span(a, b) for a, b in pairwise(edges)]
    whole, names = Span(begin, end), tuple(path.name for path in files)
    quotes = quoted_vols(chain, *spans) if chain is not None else None
    asked = Asked(
        known, book, selling, costs, whole, whole, (chosen,), margin, names, quotes,
        chain.name if chain is not None else "",
    )  # fmt: skip
    for span in spans:
        asked.made(span)
    return asked, spans


def run(asked: Asked, spans: Sequence[Span], *, quiet: bool) -> Fitted:
    """Fold by fold, then on all days. Ctrl-C ends it with the folds that are done."""
    policy, costs = asked.policies[0], asked.costs
    done: list[Fold] = []
    parts: list[tuple[Sales, Tally, Frontier]] = []
    value: float | None = None
    with long_work("folds that are done are told", quiet=quiet) as (bar, stop):
        task = bar.add_task("folds", total=len(spans))

        def watch() -> None:
            if stop.is_set():
                raise Stopped

        try:
            for span in spans[1:]:
                learnt = asked.made(Span(spans[0].begin, span.begin))
                seen = _calibrated(asked, learnt, policy, watch)
                made = asked.made(span)
                frontier = Frontier.of(made, costs)
                found = tally(made, policy.hedges(made, costs, seen, watch), costs)
                done.append(Fold(span, seen, judge(made.sales, found, frontier)))
                parts.append((made.sales, found, frontier))
                bar.advance(task)
            value = _calibrated(asked, asked.made(asked.train), policy, watch)
            bar.advance(task)
        except Stopped:
            pass
    together = _together(parts) if len(parts) == len(spans) - 1 else None
    assert policy.swept is not None
    return Fitted(asked, policy.swept.setting, len(spans) - 1, tuple(done), together, value)


def _calibrated(asked: Asked, made: Episodes, policy: Contender, watch: contenders.Watch) -> float:
    assert policy.swept is not None
    return judging.calibrate(
        made, asked.costs, lambda some, value: policy.hedges(some, asked.costs, value, watch),
        policy.swept.low, policy.swept.high, asked.margin,
    )  # fmt: skip


def _together(parts: Sequence[tuple[Sales, Tally, Frontier]]) -> Verdict:
    sales, tallies, frontiers = zip(*parts, strict=True)
    return judge(Sales.joined(sales), Tally.joined(tallies), Frontier.joined(frontiers))


def lines(found: Fitted) -> list[str]:
    """For a terminal."""
    shown = told("", words.about(found.asked))
    if found.folds:
        shown += table([HEAD, *(_cells(str(f.span), f"{f.value:.4g}", f.verdict) for f in found.folds),
                       *([_cells("together", "", found.together)] if found.together else [])])  # fmt: skip
    if found.value is None:
        return shown
    if not found.proved:
        said = (
            "Not proved: on days it had not seen it is not cheaper than a clock as exact, at 90 %."
        )
        todo = "Keep the setting that you have, or give a longer history."
        return [*shown, *told("", said), *told("", todo)]
    return [
        *shown,
        *told("", f"On all days {found.setting} is {found.value:.4g}. For tandem.toml:"),
        "",
        *settings_table(found),
    ]


def settings_table(found: Fitted) -> list[str]:
    """What an operator pastes."""
    policy = found.asked.policies[0]
    given = policy.settings(found.value)
    return [
        "[policy]", f'name = "{policy.name}"', "", "[policy.settings]",
        *(f"{name} = {value:.4g}" for name, value in given.items()),
    ]  # fmt: skip


def _cells(first: str, value: str, verdict: Verdict) -> tuple[str, ...]:
    return (
        first, value, words.shown(verdict.cost_ratio.value), words.between(verdict.cost_ratio),
        words.shown(verdict.error_ratio.value), words.shown(verdict.trades_ratio.value),
    )  # fmt: skip


def as_json(found: Fitted) -> dict[str, Any]:
    """Everything, for programs."""
    policy = found.asked.policies[0]
    return {
        "complete": found.complete,
        "proved": found.proved,
        "policy": policy.name,
        "setting": found.setting,
        "value": found.value,
        "settings": policy.settings(found.value),
        "margin": found.asked.margin,
        "folds": [
            {
                "begin": fold.span.begin,
                "end": fold.span.end,
                "value": fold.value,
                "verdict": asdict(fold.verdict),
            }
            for fold in found.folds
        ],
        "together": asdict(found.together) if found.together else None,
    }
