"""A band that is wider in calm and tighter in stress, against a fixed one as exact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.backtest import MARGIN, RECORDED, recorded
from bench.registry import Row, benchmark
from keeper.backtest import quality, series, twins
from keeper.backtest.episodes import Episodes
from keeper.backtest.twins import Costs
from tandem.feeds import candles
from tandem.units import HOUR, YEAR

Float = NDArray[np.float64]
MOST = 2.0
"""Times as wide, and as tight."""
AGES = (24.0, 72.0, 168.0)
"""Hours: the mean age of the squared moves by which it is calm or not."""
POWERS = (1.0, 0.5, -1.0)
"""Of calm over stress: as it is, its root, the other way round."""
ENDS = (0.0, 0.5, 1.0)
"""Of the band, to which orders go: its centre, half of it, its edge."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a band knows calm from stress; an age of 0 is a fixed band."""

    end: float = 0.5
    age: float = 0.0
    power: float = 1.0

    def hedges(self, made: Episodes, _: Costs, width: float) -> Float:
        """The hedge after each price."""
        factor = calm(made, self.age) ** self.power if self.age else np.ones(made.delta.shape)
        widths = width * np.clip(factor, 1.0 / MOST, MOST)
        return twins.band(made, widths, self.end * widths)


FIXED, ADAPTS = Way(), Way(age=AGES[0])


def calm(made: Episodes, age: float) -> Float:
    """Volatility at the sale over that of late, by what was known at each step. age: hours -> [n, m]"""
    moves = np.diff(np.log(made.spot), axis=1)
    share = made.step / HOUR / age
    variance, found = np.square(made.vol), np.empty(made.delta.shape)
    for t in range(made.delta.shape[1]):
        found[:, t] = made.vol / np.sqrt(variance)
        variance = (1.0 - share) * variance + share * np.square(moves[:, t]) * YEAR / made.step
    return found


def _halves() -> Iterator[tuple[str, quality.Halves]]:
    """Of each case of 50 ETH; none where there are no recorded hours."""
    files = recorded(*RECORDED)
    if files:
        known = series.of_candles([candles.load(path) for path in files])
        yield from ((case.name, quality.Halves(known, case)) for case in quality.CASES[:2])


@benchmark("backtest")
def adaptive() -> Iterable[Row]:
    """Cost over a clock's as exact, of both, each half of the recorded hours with the other's width."""
    for name, halves in _halves():
        fixed, adapts = (
            halves.measure(each.hedges, MARGIN).verdict.cost_ratio for each in (FIXED, ADAPTS)
        )
        yield Row(
            f"a band by calm and stress over a fixed one, {name}",
            adapts.value / fixed.value, "", "≤ 0.92", f"fixed {fixed.value:.3f} of a clock",
            f"same run, same days; {adapts.value:.3f} ({adapts.low:.3f} to {adapts.high:.3f}) of a clock, "
            f"the fixed one {fixed.low:.3f} to {fixed.high:.3f}",
        )  # fmt: skip


@benchmark("backtest")
def adaptive_others() -> Iterable[Row]:
    """The best of all the ways that were tried, chosen once their figures were seen."""
    for name, halves in _halves():

        def cost(way: Way, halves: quality.Halves = halves) -> float:
            return halves.measure(way.hedges, MARGIN).verdict.cost_ratio.value

        fixed = {end: cost(Way(end)) for end in ENDS}
        ways = [Way(end, age, power) for end in ENDS for age in AGES for power in POWERS]
        found = {way: cost(way) for way in ways if way != ADAPTS}
        alike = min(value / fixed[way.end] for way, value in found.items())
        yield Row(
            f"the best of {len(found)} other bands by calm and stress over the cheapest fixed one, {name}",
            min(found.values()) / min(fixed.values()), "", "≤ 0.92",
            f"over the fixed one with the same end of its orders {alike:.3f}",
            "same run, same days; the best by hindsight",
        )  # fmt: skip
