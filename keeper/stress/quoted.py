"""What quoted volatility did within a day: beside the factors by which the gate shocks it.

The gate revalues every strike at a factor of its volatility. So this compares series with themselves: the
same strikes of one expiry at two moments, weighted by the vega that they have at the later one, which is
when the shock is paid for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import norm

from tandem.feeds.chain import Chain
from tandem.feeds.errors import ThinChainError
from tandem.model.jumps import BOUGHT_VOL, SOLD_VOL
from tandem.units import DAY, HOUR

Int = npt.NDArray[np.int64]

TENORS = (1.0, 7.0, 14.0, 30.0, 60.0)
"""Days to expiry at the earlier moment, from each to the next. Nothing under seven may be opened."""
STRIKES = (0.6, 1.6)
"""Of the forward at the later moment: where options may be opened."""
_LEAST = 5
"""Strikes that a factor rests on."""


@dataclass(frozen=True, slots=True)
class Rise:
    """What quoted volatility of expiries `low` to `high` days ahead did from one snapshot to another, as a
    factor of what it was."""

    low: float
    high: float
    pairs: int
    """Of one expiry at two moments."""
    highest: float
    since: int
    """When the highest began, seconds UTC."""
    hours: float
    """How long it took."""
    move: float
    """Of the forward meanwhile, as a share."""
    usual: float
    """The factor that 99 % of all pairs stay under."""
    lowest: float
    over: float
    """Share of pairs past the factor at which the gate counts what is sold."""
    under: float
    """Share of pairs under the factor at which it counts what is bought."""


def rises(chain: Chain, span: int = DAY) -> tuple[Rise, ...]:
    """One row for each range of tenors that the chain has: over all pairs of snapshots at most `span` seconds
    apart. Raises ThinChainError where no expiry has five strikes in two such snapshots."""
    quotes = _quotes(chain)
    pairs = _factors(quotes, _steps(quotes["time"].unique().sort().to_numpy(), span))
    made = tuple(
        _rise(low, high, some)
        for low, high in pairwise(TENORS)
        if (some := pairs.filter((pl.col("days") >= low) & (pl.col("days") < high))).height
    )
    if not made:
        raise ThinChainError(
            f"{chain.source} has no expiry with {_LEAST} strikes at two moments within"
            f" {span // HOUR} hours",
            "give a chain of several snapshots a day",
        )
    return made


def _steps(times: Int, span: int) -> pl.DataFrame:
    """Every pair of moments at most `span` apart: since, time. times [n] sorted."""
    ends = np.searchsorted(times, times + span, side="right")
    counts = ends - np.arange(len(times)) - 1
    since = np.repeat(np.arange(len(times)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    time = since + 1 + np.arange(len(since)) - first
    return pl.DataFrame({"since": times[since], "time": times[time]})


def _quotes(chain: Chain) -> pl.DataFrame:
    """The out-of-the-money quote of each strike, with its vega."""
    k = chain.log_moneyness
    width = chain.mark_iv * np.sqrt(chain.tau)
    vega = chain.forward * np.sqrt(chain.tau) * norm.pdf(-k / width + 0.5 * width)
    use = chain.is_put == (k < 0)
    return pl.DataFrame(
        {"time": chain.timestamp[use], "expiry": chain.expiry[use], "strike": chain.strike[use],
         "vol": chain.mark_iv[use], "vega": vega[use], "forward": chain.forward[use]}
    )  # fmt: skip


def _factors(quotes: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """One row for each expiry of each pair of moments."""
    then = quotes.select("expiry", "strike", "vol", "forward", since="time")
    same = (
        quotes.join(steps, on="time")
        .join(then, on=("since", "expiry", "strike"), suffix="_then")
        .filter((pl.col("strike") / pl.col("forward")).is_between(*STRIKES))
    )
    return (
        same.group_by("since", "time", "expiry")
        .agg(
            ((pl.col("vega") * pl.col("vol")).sum() / (pl.col("vega") * pl.col("vol_then")).sum())
            .alias("factor"),
            move=(pl.col("forward") / pl.col("forward_then")).first() - 1.0,
            strikes=pl.len(),
        )
        .filter(pl.col("strikes") >= _LEAST)
        .with_columns(days=(pl.col("expiry") - pl.col("since")) / DAY)
        .sort("since", "time", "expiry")
    )  # fmt: skip


def _rise(low: float, high: float, pairs: pl.DataFrame) -> Rise:
    factors = pairs["factor"].to_numpy()
    most = pairs.row(int(np.argmax(factors)), named=True)
    return Rise(
        low=low,
        high=high,
        pairs=len(factors),
        highest=most["factor"],
        since=most["since"],
        hours=(most["time"] - most["since"]) / HOUR,
        move=most["move"],
        usual=float(np.quantile(factors, 0.99)),
        lowest=float(factors.min()),
        over=float(np.mean(factors > SOLD_VOL)),
        under=float(np.mean(factors < BOUGHT_VOL)),
    )
