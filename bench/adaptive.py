"""A band that is wider in calm and tighter in stress, against a fixed one as exact."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

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
AGE_HOURS = 24.0
"""Mean age of the squared moves by which it is calm or not."""
MOST = 2.0
"""Times as wide, and as tight."""


def calm(made: Episodes) -> Float:
    """Volatility at the sale over that of the last day, by what was known at each step. [n, m]"""
    moves = np.diff(np.log(made.spot), axis=1)
    share = made.step / HOUR / AGE_HOURS
    variance, found = np.square(made.vol), np.empty(made.delta.shape)
    for t in range(made.delta.shape[1]):
        found[:, t] = made.vol / np.sqrt(variance)
        variance = (1.0 - share) * variance + share * np.square(moves[:, t]) * YEAR / made.step
    return np.clip(found, 1.0 / MOST, MOST)


def band(made: Episodes, _: Costs, width: float, *, adapts: bool) -> Float:
    """The hedge after each price: past the band, to half of it."""
    widths = width * (calm(made) if adapts else np.ones(made.delta.shape))
    return twins.band(made, widths, 0.5 * widths)


@benchmark("backtest")
def adaptive() -> Iterable[Row]:
    """Cost over a clock's as exact, of both, each half of the recorded hours with the other's width; nothing
    where there are no recorded hours."""
    files = recorded(*RECORDED)
    if not files:
        return
    known = series.of_candles([candles.load(path) for path in files])
    for case in quality.CASES[:2]:
        halves = quality.Halves(known, case)
        fixed, adapts = (
            halves.measure(partial(band, adapts=each), MARGIN).verdict.cost_ratio
            for each in (False, True)
        )
        yield Row(
            f"a band by calm and stress over a fixed one, {case.name}",
            adapts.value / fixed.value, "", "≤ 0.92", f"fixed {fixed.value:.3f} of a clock",
            f"same run, same days; {adapts.value:.3f} ({adapts.low:.3f} to {adapts.high:.3f}) of a clock, "
            f"the fixed one {fixed.low:.3f} to {fixed.high:.3f}",
        )  # fmt: skip
