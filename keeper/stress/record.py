"""Recorded prices as hourly returns, with what they say of volatility."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from keeper.stress.days import A_DAY, levels
from tandem.feeds.candles import Candles
from tandem.feeds.errors import ShortPathError
from tandem.model.svcj_fit import LEAST, checked
from tandem.units import HOUR, YEAR

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.int64]

_SETTLED = 72
"""Returns until the trailing volatility has forgotten where it began."""


@dataclass(frozen=True, slots=True)
class Record:
    """n hourly log returns and when each ended."""

    times: Int
    """[n] seconds UTC."""
    returns: Float
    level: Float
    """[n + 1] trailing volatility a year, before the first return and after each."""
    spot: float
    """The last price, USD."""
    missing: int
    """Hours of the record without a price: what lies across is no return."""

    @property
    def long(self) -> float:
        """Volatility over all of it, a year."""
        return float(np.sqrt(np.mean(self.returns**2) * (YEAR / HOUR)))


def record_of(candles: Candles, horizon: int = 1) -> Record:
    """The last close of each hour, and the moves between neighbours. Raises ShortPathError where they are
    fewer than a fit and a path of `horizon` days need, candles are longer than an hour, or none ends at a
    full one, FlatRecordError where prices stand still."""
    ends = candles.timestamps + candles.lengths()
    hours = -(-ends // HOUR)
    last = np.flatnonzero(np.diff(hours, append=hours[-1] + 1))
    last = last[ends[last] % HOUR == 0]
    if not len(last):
        raise ShortPathError(
            f"no candle of {candles.source} ends at a full hour",
            "give candles of an hour or less that begin and end at full hours, UTC",
        )
    steps = np.diff(hours[last])
    whole = steps == 1
    returns = np.diff(np.log(candles.close[last]))[whole]
    least = max(LEAST, A_DAY * (horizon + 1))
    if len(returns) < least:
        raise ShortPathError(
            f"{candles.source} has {len(returns)} moves of an hour, and {least} are needed",
            "give candles of an hour or less, more days of them, or fewer --days",
        )
    checked(returns)
    times = ends[last][1:][whole]
    start = np.sqrt(np.mean(returns[:_SETTLED] ** 2, keepdims=True) * (YEAR / HOUR))
    missing = int((steps[~whole] - 1).sum())
    spot = float(candles.close[-1])
    return Record(times, returns, levels(returns[None], start)[0], spot, missing)
