"""How well the closed form hedges, on prices that it was not tuned on: the rows that bench prints."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keeper.backtest.episodes import ONE, TWELVE, Case, Verdict, calibrate, episodes, judge

Float = npt.NDArray[np.float64]

_WARM_UP_HOURS = 720


@dataclass(frozen=True, slots=True)
class Named:
    """A case, and the cost ratio that it should reach."""

    name: str
    case: Case
    goal: float


CASES = (
    Named("50 ETH, one option, 5 bp + $0.10 a trade", Case(ONE, 50.0, 5e-4, 0.10), 0.55),
    Named("50 ETH, book of 12 options", Case(TWELVE, 50.0, 5e-4, 0.10), 0.46),
    Named("1 ETH, $1 a trade", Case(ONE, 1.0, 5e-4, 1.0), 0.17),
    Named("1 ETH, $1 a trade, book of 12", Case(TWELVE, 1.0, 5e-4, 1.0), 0.15),
)


@dataclass(frozen=True, slots=True)
class Quality:
    """One row: the constant is calibrated on one half of the prices and judged on the other."""

    name: str
    goal: float
    folds: tuple[Verdict, ...]

    @property
    def cost_ratio(self) -> float:
        """Cost over that of a clock with the same tracking error; the halves' geometric mean."""
        return math.exp(float(np.mean([math.log(fold.cost_ratio) for fold in self.folds])))

    @property
    def trades_ratio(self) -> float:
        """Orders over those of the 8 h clock."""
        return float(np.mean([fold.trades_ratio for fold in self.folds]))

    @property
    def reached(self) -> bool:
        """Whether the goal is met."""
        return self.cost_ratio <= self.goal


def measure(
    closes: Float, cases: Sequence[Named] = CASES, stride_hours: int = 5
) -> tuple[Quality, ...]:
    """Each case over hourly closes [n], both halves in turn unseen.

    The halves share the hours that the second needs to know its volatility, and no episode.
    """
    half = len(closes) // 2
    halves = (closes[: half + _WARM_UP_HOURS // 2], closes[half - _WARM_UP_HOURS // 2 :])
    return tuple(_one(named, halves, stride_hours) for named in cases)


def _one(named: Named, halves: tuple[Float, Float], stride_hours: int) -> Quality:
    made = [episodes(closes, named.case, stride_hours=stride_hours) for closes in halves]
    tuned = [calibrate(each, named.case) for each in made]
    folds = (judge(made[1], named.case, tuned[0]), judge(made[0], named.case, tuned[1]))
    return Quality(named.name, named.goal, folds)
