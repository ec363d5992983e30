"""One back-test from what was asked to what was found: calibrated, frozen, judged on other days."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from keeper.backtest import books, contenders, episodes, judging, series
from keeper.backtest.books import Selling
from keeper.backtest.contenders import Contender
from keeper.backtest.episodes import Episodes, Vols
from keeper.backtest.judging import Frontier, Verdict, judge
from keeper.backtest.outcomes import Outcome, tally
from keeper.backtest.series import Series
from keeper.backtest.twins import Costs
from keeper.replay.progress import long_work
from tandem.errors import ConfigError
from tandem.feeds import chain as chains
from tandem.feeds.recorded import OLDEST, Recording
from tandem.feeds.surface import SurfaceSpec
from tandem.feeds.tabular import parse_time, utc
from tandem.units import DAY, HOUR

Float = npt.NDArray[np.float64]

SWEPT = tuple(4.0**power for power in (-1.0, -0.5, 0.0, 0.5, 1.0))
"""Multiples of the calibrated value that are drawn."""
MET = 0.02
"""How far from the wanted error a calibrated setting may be, as a share of it, to be called calibrated."""


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when, seconds UTC."""

    begin: int
    end: int

    def __str__(self) -> str:
        return f"{utc(self.begin)[:10]} to {utc(self.end)[:10]}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that a back-test depends on."""

    series: Series
    book: str
    selling: Selling
    costs: Costs
    train: Span
    test: Span
    policies: tuple[Contender, ...]
    margin: float
    """Share of the 8 h clock's error by which a setting is calibrated below it."""
    files: tuple[str, ...] = ()
    quoted: Vols | None = None
    chain: str = ""

    def made(self, span: Span) -> Episodes:
        """The episodes of a span."""
        return episodes.make(self.series, self.selling, span.begin, span.end, quoted=self.quoted)


@dataclass(frozen=True, slots=True)
class Judged:
    """One policy, its settings frozen after the training span."""

    policy: Contender
    value: float | None
    """Of the setting that was calibrated."""
    met: bool
    """Whether the error that was wanted could be had on the training span."""
    train: Verdict
    test: Verdict
    swept: tuple[tuple[float, Outcome, Outcome], ...]
    """Values of that setting, with what they do on the training span and on the test's."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it."""

    asked: Asked
    train_clocks: tuple[Outcome, ...]
    test_clocks: tuple[Outcome, ...]
    judged: tuple[Judged, ...]

    @property
    def complete(self) -> bool:
        """Whether every policy was judged."""
        return len(self.judged) == len(self.asked.policies)


class Stopped(Exception):
    """Somebody asked to stop."""


def plan(
    files: Sequence[Path], policies: Sequence[str], book: str, costs: Costs, *,
    train: str | None, test: str | None, margin: float, chain: Path | None = None,
) -> Asked:  # fmt: skip
    """Everything checked that can be without running it. Raises a TandemError."""
    selling = books.parse(book)
    chosen = tuple(contenders.parse(text, costs) for text in dict.fromkeys(policies))
    known = series.of_files(files)
    learnt, judged = spans(known, train, test)
    names = tuple(path.name for path in files)
    quotes = quoted_vols(chain, learnt, judged) if chain is not None else None
    asked = Asked(
        known, book, selling, costs, learnt, judged, chosen, margin, names, quotes,
        chain.name if chain is not None else "",
    )  # fmt: skip
    for span in (learnt, judged):
        asked.made(span)
    return asked


def quoted_vols(path: Path, *spans: Span) -> Vols:
    """Volatility at the money as the last snapshot of the day before the sale quoted it for the book's
    life; NaN where there is none. Raises a TandemError where a whole span has none."""
    quotes = chains.load(path)
    recording = Recording.of(chains.smiles(quotes), str(path))
    spec = SurfaceSpec()
    for span in spans:
        if not recording.overlaps(span.begin, span.end):
            raise ConfigError(
                f"{path} has no quotes of {span}",
                "give prices and days that the chain is of as well, or leave --chain out",
            )

    @cache
    def known(time: int, hours: int) -> float:
        if time < recording.times[0]:
            return math.nan
        last = recording.as_of(time)
        if time - last.time > OLDEST:
            return math.nan
        return float(last.slice_for(time + HOUR * hours, spec).vol(0.0))

    return known


def spans(known: Series, train: str | None, test: str | None) -> tuple[Span, Span]:
    """The training span and the test's; the halves of the prices where neither is given, what follows
    or leads where one is. Raises ConfigError where they overlap or cannot be read."""
    begin, end = int(known.time[0]), int(known.time[-1])
    learnt, judged = (parse_span(text) if text else None for text in (train, test))
    if learnt is None and judged is None:
        middle = begin + (end - begin) // 2
        learnt, judged = Span(begin, middle), Span(middle, end)
    elif learnt is None and judged is not None:
        learnt = Span(begin, judged.begin)
    elif judged is None and learnt is not None:
        judged = Span(learnt.end, end)
    assert learnt is not None
    assert judged is not None
    if learnt.begin < judged.end and judged.begin < learnt.end:
        raise ConfigError(
            f"the training span {learnt} and the test {judged} overlap: nothing would be unseen",
            "give --train A:B and --test C:D that have no day in common",
        )
    return learnt, judged


def parse_span(text: str) -> Span:
    """`2024-06-01:2025-01-01`, or with two dots. Raises ConfigError."""
    first, dots, last = text.partition("..")
    if not dots:
        parts = text.split(":")
        half = len(parts) // 2
        first, last = ":".join(parts[:half]), ":".join(parts[half:])
    if not first or not last:
        raise ConfigError(f"{text!r} is no span", "give 2024-06-01:2025-01-01")
    span = Span(parse_time(first), parse_time(last))
    if span.end - span.begin < DAY:
        raise ConfigError(
            f"the span {text!r} ends before a day has passed", "give its days in order"
        )
    return span


def run(asked: Asked, *, quiet: bool) -> Found:
    """Every policy in turn. Ctrl-C ends it with those that are done."""
    done: list[Judged] = []
    with long_work("policies that are done are told", quiet=quiet) as (bar, stop):
        task = bar.add_task("policies", total=len(asked.policies))

        def watch() -> None:
            if stop.is_set():
                raise Stopped

        made = [asked.made(span) for span in (asked.train, asked.test)]
        clocks = [Frontier.of(each, asked.costs) for each in made]
        for policy in asked.policies:
            bar.update(task, description=policy.text)
            try:
                done.append(_judged(asked, policy, made, clocks, watch))
            except Stopped:
                break
            bar.advance(task)
    return Found(asked, tuple(clocks[0].outcomes), tuple(clocks[1].outcomes), tuple(done))


def _judged(
    asked: Asked, policy: Contender, made: Sequence[Episodes], clocks: Sequence[Frontier],
    watch: contenders.Watch,
) -> Judged:  # fmt: skip
    def hedging(some: Episodes, value: float | None) -> Float:
        return policy.hedges(some, asked.costs, value, watch)

    value, swept = None, policy.swept
    if swept is not None:
        value = judging.calibrate(
            made[0], asked.costs, hedging, swept.low, swept.high, asked.margin
        )
    train, test = (
        judge(each.sales, tally(each, hedging(each, value), asked.costs), frontier)
        for each, frontier in zip(made, clocks, strict=True)
    )
    drawn: list[tuple[float, Outcome, Outcome]] = []
    if swept is not None and value is not None:
        tried = sorted({min(max(value * factor, swept.low), swept.high) for factor in SWEPT})
        for each in tried:
            seen = [tally(some, hedging(some, each), asked.costs).outcome for some in made]
            drawn.append((each, seen[0], seen[1]))
    met = swept is None or abs(train.error_ratio.value / (1.0 - asked.margin) - 1.0) <= MET
    return Judged(policy, value, met, train, test, tuple(drawn))
