"""What a hedge costs and the tracking error that it leaves, episode by episode.

Cost: what orders cost, entry and unwind included. Tracking error: (hedge - delta) x move of spot, squared and
summed inside an episode; never the net sum, whose noise swamps what a policy does. Total profit would be
dominated by the mismatch of implied and realised volatility instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from keeper.backtest.episodes import Episodes
from keeper.backtest.twins import Costs

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Means over episodes. Cost and error in % of the first spot per unit of notional."""

    cost: float
    error: float
    trades: float
    """Orders an episode."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One policy, n episodes: the sums that every mean is made of."""

    cost: Float
    """[n] shares of the first spot."""
    square: Float
    """[n] squares of the tracking error, summed over the steps."""
    trades: Float
    """[n]"""

    @property
    def sums(self) -> Float:
        """[n, 3] cost, square, trades."""
        return np.stack([self.cost, self.square, self.trades], axis=1)

    @classmethod
    def joined(cls, parts: Sequence[Tally]) -> Tally:
        """Those of several spans, in the order of their time."""
        return cls(
            np.concatenate([part.cost for part in parts]),
            np.concatenate([part.square for part in parts]),
            np.concatenate([part.trades for part in parts]),
        )

    @property
    def outcome(self) -> Outcome:
        """The means."""
        return Outcome(
            cost=100.0 * float(self.cost.mean()),
            error=100.0 * float(np.sqrt(self.square.mean())),
            trades=float(self.trades.mean()),
        )


def tally(made: Episodes, hedges: Float, costs: Costs) -> Tally:
    """hedges [n, m]: the hedge after each price, shares of the notional."""
    gas = costs.gas / costs.size
    return Tally(*_tally(made.spot, made.delta, made.life, made.start, hedges, costs.cost, gas))


@numba.njit(error_model="numpy")
def _tally(
    spot: Float, delta: Float, life: Int, start: Float, hedges: Float, cost: float, gas: float
) -> tuple[Float, Float, Float]:  # pragma: no cover (compiled)
    n = delta.shape[0]
    costs, squares, trades = np.zeros(n), np.zeros(n), np.zeros(n)
    for i in range(n):
        hedge = 0.0
        for t in range(life[i]):
            order = abs(hedges[i, t] - hedge)
            if order > 0.0:
                costs[i] += cost * order * spot[i, t] + gas / start[i]
                trades[i] += 1
                hedge = hedges[i, t]
            error = (hedge - delta[i, t]) * (spot[i, t + 1] - spot[i, t])
            squares[i] += error * error
        if hedge != 0.0:
            costs[i] += cost * abs(hedge) * spot[i, life[i]] + gas / start[i]
            trades[i] += 1
    return costs, squares, trades
