"""How well a policy hedges on prices that it was not calibrated on: what the benchmark prints.

The prices are cut into halves, each judged with the constant of the other, and both verdicts are one:
every day is unseen once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keeper.backtest import episodes, judging, twins
from keeper.backtest.books import ONE, TWELVE, Selling
from keeper.backtest.episodes import Episodes, Sales
from keeper.backtest.judging import Frontier, Verdict, judge
from keeper.backtest.outcomes import Tally, tally
from keeper.backtest.series import Series
from keeper.backtest.twins import Costs

Float = npt.NDArray[np.float64]
Hedging = Callable[[Episodes, Costs, float], Float]
LEAST, MOST = 1e-4, 1e6


@dataclass(frozen=True, slots=True)
class Case:
    """What is sold, what an order costs, and the cost ratio that should be reached."""

    name: str
    selling: Selling
    costs: Costs
    goal: float


CASES = (
    Case("50 ETH, one option, 5 bp + $0.10 a trade", ONE, Costs(50.0, 5e-4, 0.10), 0.54),
    Case("50 ETH, book of 12, 5 bp + $0.10 a trade", TWELVE, Costs(50.0, 5e-4, 0.10), 0.455),
    Case("1 ETH, one option, 5 bp + $1 a trade", ONE, Costs(1.0, 5e-4, 1.0), 0.16),
    Case("1 ETH, book of 12, 5 bp + $1 a trade", TWELVE, Costs(1.0, 5e-4, 1.0), 0.14),
)


def _closed_form(made: Episodes, costs: Costs, value: float) -> Float:
    return twins.threshold(made, costs, value, costs.cost)


def _edge(made: Episodes, costs: Costs, value: float) -> Float:
    return twins.textbook_edge(made, costs.cost, value)


def _root_gamma(made: Episodes, costs: Costs, value: float) -> Float:
    return twins.root_gamma(made, value)


PEERS: Mapping[str, Hedging] = {
    "Whalley-Wilmott to the edge": _edge,
    "band of sqrt(gamma) to half": _root_gamma,
}


def calibrated(
    made: Episodes, costs: Costs, hedging: Hedging = _closed_form, margin: float = 0.0
) -> float:
    """The constant with which the error is the 8 h clock's, less `margin` of it."""
    return judging.calibrate(
        made, costs, lambda some, value: hedging(some, costs, value), LEAST, MOST, margin
    )


def verdict_of(made: Episodes, costs: Costs, constant: float) -> Verdict:
    """The closed form with a constant from elsewhere."""
    found = tally(made, _closed_form(made, costs, constant), costs)
    return judge(made.sales, found, Frontier.of(made, costs))


@dataclass(frozen=True, slots=True)
class Quality:
    """One policy in one case."""

    values: tuple[float, ...]
    """What was calibrated on the other part, part by part."""
    verdict: Verdict


class Halves:
    """The parts of a case, with their clocks: what several policies share."""

    def __init__(
        self, known: Series, case: Case, stride_hours: int = episodes.STRIDE_HOURS
    ) -> None:
        middle = int(known.time[len(known) // 2])
        self.case = case
        self.made = [
            episodes.make(known, case.selling, begin, end, stride_hours)
            for begin, end in ((None, middle), (middle, None))
        ]
        self.frontiers = [Frontier.of(made, case.costs) for made in self.made]

    def measure(self, hedging: Hedging = _closed_form, margin: float = 0.0) -> Quality:
        """Each half with the constant of the other."""
        costs = self.case.costs
        values = [calibrated(made, costs, hedging, margin) for made in reversed(self.made)]
        parts: list[Tally] = []
        for made, value in zip(self.made, values, strict=True):
            parts.append(tally(made, hedging(made, costs, value), costs))
        sales = Sales.joined([made.sales for made in self.made])
        return Quality(
            tuple(values), judge(sales, Tally.joined(parts), Frontier.joined(self.frontiers))
        )
