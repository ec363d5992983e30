"""What days cost one book: paths of spot, a revaluation at each step, a hedge with and without a keeper.

With a keeper the hedge follows `ThresholdPolicy` under the contract's band at every step, and the venue
account is kept at the vault's share of the hedge. Without one nothing is traded from the start, and an
account that is used up is closed: what it owes beyond that is the venue's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from keeper.policy.bands import INSIDE_HARD, implied_risk_aversion, widths_within
from keeper.stress.book import EQUITY, Stood
from tandem.feeds.surface import SurfaceSpec, term_vol
from tandem.model import bands, jumps
from tandem.model.black76 import PRICE_MIN, TAU_MIN
from tandem.model.jump_signs import A_DAY
from tandem.model.jumps import Holding
from tandem.model.svcj import AN_HOUR

Float = npt.NDArray[np.float64]

STEP = AN_HOUR
"""Years."""
HALF_LIFE = 24.0
"""Hours in which what the surface knows of volatility is half renewed, as in a replay."""
REVERSION = SurfaceSpec().reversion_per_year
OF_CONTRACT = 0.5
"""Share of the risk aversion that the contract implies, as `ThresholdPolicy` has it by default."""
LEAST_VOL, MOST_VOL = SurfaceSpec().min_vol, SurfaceSpec().max_vol


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a keeper goes by, and what its orders cost."""

    risk_aversion: float = 5.0
    cost: float = 1e-3
    """Share of what is traded."""
    gas: float = 0.15
    """USD an order."""
    lot: float = 0.001
    """ETH."""


@dataclass(frozen=True, slots=True)
class Marks:
    """One book along n paths, what is owed from the LPs' side. Shapes [n, steps + 1]."""

    spot: Float
    value: Float
    delta: Float
    gamma: Float
    tau: Float
    """Years to expiry, weighted by gamma."""
    level: Float
    """What a keeper takes for volatility, a year."""
    shaken: Float
    """[n, days + 1, jumps] what each jump of the gate would add to what is owed, USD, at the start and
    after each day."""


@dataclass(frozen=True, slots=True)
class Losses:
    """Of n paths, shares of NAV: [n, days], above 0 for a loss."""

    kept: Float
    dead: Float
    opening: Float
    """[n] the worst L(j) published when the path began."""
    later: Float
    """[n] the worst that it became by the end of a day, with a keeper and no trade."""

    @classmethod
    def joined(cls, parts: Sequence[Losses]) -> Losses:
        """Paths of several parts, one after the other."""
        columns = zip(*((p.kept, p.dead, p.opening, p.later) for p in parts), strict=True)
        return cls(*(np.concatenate(column) for column in columns))


def term_factor(level: Float, long: float, tau: Float | float) -> Float:
    """Implied volatility to tau years over the long run's, when the trailing day's is `level`: the law of
    replayed surfaces within their bounds."""
    return term_vol(np.clip(level, LEAST_VOL, MOST_VOL), long, REVERSION, tau) / long


def levels(returns: Float, first: Float) -> Float:
    """Trailing volatility a year. returns [n, steps]; first [n] at the start -> [n, steps + 1]."""
    keep = 0.5 ** (1.0 / HALF_LIFE)
    out = np.empty((returns.shape[0], returns.shape[1] + 1))
    out[:, 0] = first * first
    for t in range(returns.shape[1]):
        out[:, t + 1] = keep * out[:, t] + (1.0 - keep) * returns[:, t] ** 2 / STEP
    return np.sqrt(out)


def marks(stood: Stood, returns: Float, first: Float, long: float) -> Marks:
    """Revalue along log returns [n, steps]; first [n]: trailing volatility at the start, a year; long: the
    record's, a year."""
    n, steps = returns.shape
    path = np.concatenate([np.zeros((n, 1)), np.cumsum(returns, axis=1)], axis=1)
    spot = np.clip(stood.spot * np.exp(path), 1e3 * PRICE_MIN, 1e9)
    value, delta, gamma, weighted = (np.zeros((n, steps + 1)) for _ in range(4))
    shaken = np.zeros((n, steps // A_DAY + 1, len(jumps.GATE)))
    made = Marks(spot, value, delta, gamma, weighted, levels(returns, first), shaken)
    for each in stood.held:
        _add(made, each, stood.now, long)
    weighted /= np.where(np.abs(gamma) > 1e-300, gamma, 1.0)
    np.maximum(weighted, 0.0, out=weighted)
    return made


def _add(made: Marks, held: Holding, now: bool, long: float) -> None:
    """One expiry's part of everything; `tau` is weighted by gamma and not yet divided by it."""
    columns = made.spot.shape[1]
    last = min(math.ceil(held.tau / STEP), columns - 1)
    tau = np.maximum(held.tau - STEP * np.arange(last + 1), TAU_MIN)
    factor = term_factor(made.level[:, : last + 1], long, tau)
    if now:
        factor /= factor[:, :1]
    spot, life = made.spot[:, : last + 1], np.broadcast_to(tau, factor.shape)
    found = held.greeks(spot.ravel(), factor.ravel(), life.ravel())
    value, delta, gamma = (x.reshape(factor.shape) for x in found)
    made.value[:, : last + 1] += value
    made.value[:, last + 1 :] += value[:, -1:]  # what is owed at expiry stays as it is
    live = slice(0, last if last < columns - 1 else columns)
    made.delta[:, live] += delta[:, live]
    made.gamma[:, live] += gamma[:, live]
    made.tau[:, live] += gamma[:, live] * tau[live]
    shocked = held.shocked(jumps.SOLD_VOL, jumps.BOUGHT_VOL)
    for t in range(0, last + 1 if live.stop == columns else last, A_DAY):
        for k, j in enumerate(jumps.GATE):
            after = shocked.greeks(spot[:, t] * (1.0 + j), factor[:, t], life[:, t])[0]
            made.shaken[:, t // A_DAY, k] += after - value[:, t]


def day_losses(stood: Stood, made: Marks, keeping: Keeping) -> Losses:
    """What each whole day cost, with a keeper and without."""
    kept = kept_hedges(stood, made, keeping)
    earned = _earned(made.spot, kept, stood.position, keeping.cost, keeping.gas)
    alone = _alone(made.spot, stood.position, max(stood.equity, 0.0))
    at = A_DAY * np.arange(made.shaken.shape[1])
    worth, hedge = made.spot[:, at], kept[:, at]
    account = EQUITY * np.abs(hedge) * worth
    hedge[:, 0], account[:, 0] = stood.position, max(stood.equity, 0.0)
    moved = (hedge * worth)[:, :, None] * np.array(jumps.GATE)
    worst = (made.shaken - np.maximum(moved, -account[:, :, None])).max(axis=2) / stood.nav

    def losses(earned: Float) -> Float:
        return -np.diff((earned - made.value)[:, at], axis=1) / stood.nav

    return Losses(losses(earned), losses(alone), worst[:, 0], worst[:, 1:].max(axis=1))


def kept_hedges(stood: Stood, made: Marks, keeping: Keeping) -> Float:
    """The position after each price [n, steps + 1], ETH: `ThresholdPolicy` under the contract's band."""
    return _kept(
        made.spot, made.delta, made.gamma, made.tau, made.level, stood.position, stood.nav,
        stood.gross, keeping.risk_aversion, keeping.cost, keeping.gas, keeping.lot,
    )  # fmt: skip


@numba.njit
def _kept(
    spot: Float, delta: Float, gamma: Float, tau: Float, level: Float, position: float, nav: float,
    gross: float, k: float, cost: float, gas: float, lot: float,
) -> Float:  # pragma: no cover (compiled)  # fmt: skip
    n, steps = spot.shape
    out = np.empty((n, steps))
    for i in range(n):
        at = position
        for t in range(steps):
            s, g = spot[i, t], abs(gamma[i, t])
            free = (1.5 * bands.COST * s * g * g * nav / bands.RISK_AVERSION) ** (1.0 / 3.0)
            half = max(min(free, bands.GROSS_SHARE * gross), lot)
            implied = implied_risk_aversion(s, gross, nav, bands.RISK_AVERSION)
            trigger, reset = widths_within(
                INSIDE_HARD * 2.0 * half / gross, s * g / gross, level[i, t], tau[i, t], cost,
                gas / (gross * s), max(k, OF_CONTRACT * implied),
            )  # fmt: skip
            acts = max(trigger * gross, 0.5 * half, lot)
            gap = at - delta[i, t]
            if abs(gap) > acts:
                stop = min(reset * gross, acts)
                if abs(gap) - stop >= lot:
                    at = delta[i, t] + math.copysign(stop, gap)
            out[i, t] = at
    return out


@numba.njit
def _earned(
    spot: Float, hedge: Float, position: float, cost: float, gas: float
) -> Float:  # pragma: no cover (compiled)
    """What the kept hedge earned up to each price, costs off; a step takes no more than the account."""
    n, steps = spot.shape
    out = np.zeros((n, steps))
    for i in range(n):
        at, total = position, 0.0
        for t in range(steps):
            if t:
                move = at * (spot[i, t] - spot[i, t - 1])
                total += max(move, -EQUITY * abs(at) * spot[i, t - 1])
            order = abs(hedge[i, t] - at)
            if order > 0.0:
                total -= cost * order * spot[i, t] + gas
                at = hedge[i, t]
            out[i, t] = total
    return out


def _alone(spot: Float, position: float, equity: float) -> Float:
    """The same of a hedge that nobody touches: it ends where its account is used up. [n, steps + 1]"""
    earned = position * (spot - spot[:, :1])
    gone = np.logical_or.accumulate(earned <= -equity, axis=1)
    return np.where(gone, -equity, earned)
