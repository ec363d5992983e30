"""Everything that the keeper decides on, read in one call and so at one block.

Integers are as the chain has them (WAD, token units, units of 1e-6 ETH); `market_state` is the
one place where they become the floats that a policy sees.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from keeper.engine.base import Contract
from keeper.model import svi
from keeper.model._jit import jit
from keeper.model.black76 import one
from keeper.model.payoff import UNITS, Book
from keeper.policy.types import MarketState
from keeper.protocol import terms

WAD = 10**18
TOKEN = 10**6
YEAR = 31_536_000
LEAST_LIFE = 60
"""Seconds to expiry that Greeks use at least, also between expiry and settlement."""


@dataclass(frozen=True, slots=True)
class Stance:
    """The book against its hedge, WAD. delta, gamma, vega: of the liability."""

    delta: int
    gamma: int
    vega: int
    residual: int
    width: int
    hard: int
    trigger: int


@dataclass(frozen=True, slots=True)
class Funds:
    """The Vault's own account, token units; nav: low, at nav_time."""

    cash: int
    exits: int
    queued: int
    nav: int
    nav_time: int


@dataclass(frozen=True, slots=True)
class Account:
    """The hedge account: equities WAD USD, the top-up that is due in token units.

    usable: the equity that margin is judged by; need: hedge notional plus headroom, WAD USD.
    """

    equity: int
    equity_low: int
    equity_high: int
    bankrupt: bool
    top_up: int
    usable: int
    need: int


@dataclass(frozen=True, slots=True)
class Expiry:
    """One listed expiry. units, forward, sizes: 1e-6 ETH; maximum, cash: token units; strikes:
    whole USD with their net change of slope; slice_word: 0 where nothing is open."""

    expiry: int
    units: int
    maximum: int
    forward: int
    cash: int
    slice_word: int
    strikes: tuple[int, ...]
    sizes: tuple[int, ...]

    @property
    def book(self) -> Book:
        """What it owes, as a payoff."""
        return Book(tuple(zip(self.strikes, self.sizes, strict=True)), self.forward, self.cash)

    def tau(self, time: int) -> float:
        """Years left at `time`, as the contract prices it."""
        return max(self.expiry - time, LEAST_LIFE) / YEAR


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole state at one block. spot WAD USD, gross 1e-6 ETH, maxima, claims and floor token
    units. spot_fresh: whether the contracts take the spot; surface_time: of the oldest slice."""

    timestamp: int
    block: int
    terms_word: int
    spot: int
    spot_time: int
    spot_fresh: bool
    surface_time: int
    stance: Stance
    position: int
    gross: int
    maxima: int
    claims: int
    floor: int
    funds: Funds
    account: Account
    expiries: tuple[Expiry, ...]

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Snapshot:
        """From `Lens.snapshot()` as the ABI spells it."""
        fields: list[Any] = list(raw)
        fields[7], fields[13], fields[14] = Stance(*raw[7]), Funds(*raw[13]), Account(*raw[14])
        fields[15] = tuple(Expiry(*_frozen(e)) for e in raw[15])
        return cls(*fields)

    @property
    def terms(self) -> dict[str, int]:
        """The protocol's parameters by name."""
        return terms.unpack(self.terms_word)

    @property
    def is_paused(self) -> bool:
        return bool(self.terms["flags"] & 1)

    @property
    def surface_age(self) -> int:
        """Seconds since the oldest slice in use was posted."""
        return self.timestamp - self.surface_time

    @property
    def surface_fresh(self) -> bool:
        """Whether a trade would take the surface; true where nothing is open."""
        return self.surface_age <= self.terms["surface_age"]

    @property
    def open_expiries(self) -> tuple[Expiry, ...]:
        return tuple(e for e in self.expiries if e.units)

    @property
    def unsettled(self) -> tuple[Expiry, ...]:
        """Listed expiries that are past and have no price yet, oldest first."""
        past = (e for e in self.expiries if e.expiry <= self.timestamp)
        return tuple(sorted(past, key=lambda e: e.expiry))


def _frozen(fields: Sequence[Any]) -> list[Any]:
    """Lists of the ABI as tuples."""
    return [tuple(f) if isinstance(f, list | tuple) else f for f in fields]


def read_snapshot(lens: Contract) -> Snapshot:
    """One round trip, one block."""
    return Snapshot.decode(lens.call("snapshot"))


def market_state(
    snapshot: Snapshot,
    *,
    realised_vol: float = math.nan,
    gas_cost: float = 0.0,
    lot: float = 0.001,
) -> MarketState:
    """What a policy sees. realised_vol 1/sqrt(year), NaN = unknown; gas_cost USD per rebalance;
    lot ETH. The state's signs are the LPs': what was sold has the opposite delta."""
    tau, vol = tenor_and_vol(snapshot)
    stance = snapshot.stance
    return MarketState(
        time=snapshot.timestamp,
        spot=snapshot.spot / WAD,
        book_delta=-stance.delta / WAD,
        gamma=stance.gamma / WAD,
        vega=stance.vega / WAD,
        hedge=snapshot.position / WAD,
        residual=stance.residual / WAD,
        hard_band=stance.hard / WAD,
        min_trigger=stance.trigger / WAD,
        nav=snapshot.funds.nav / TOKEN,
        gross_units=snapshot.gross / UNITS,
        gas_cost=gas_cost,
        realised_vol=realised_vol,
        sigma_atm=vol,
        tau_weighted=tau,
        lot=lot,
    )


def tenor_and_vol(snapshot: Snapshot) -> tuple[float, float]:
    """(years to expiry, volatility at the money), both weighted over the open expiries by the size
    of their gamma, by their units where no gamma is left; (0, NaN) for an empty book."""
    found: list[tuple[float, float, float, float]] = []
    for e in snapshot.open_expiries:
        if not e.slice_word:
            continue
        smile, tau = svi.unpack(e.slice_word), e.tau(snapshot.timestamp)
        forward = float(smile.forward(snapshot.spot / WAD, tau))
        strikes, sizes = (np.array(each, dtype=np.float64) for each in (e.strikes, e.sizes))
        shape = (smile.a, smile.b, smile.rho, smile.m, smile.s)
        gamma = abs(_gamma(strikes, sizes, forward, tau, *shape))
        found.append((tau, float(smile.vol(0.0)), gamma, float(e.units)))
    if not found:
        return 0.0, math.nan
    rows = np.array(found)
    weights = rows[:, 2] if rows[:, 2].sum() > 0.0 else rows[:, 3]
    tau, vol = weights @ rows[:, :2] / weights.sum()
    return float(tau), float(vol)


@jit
def _gamma(
    strikes: npt.NDArray[np.float64], sizes: npt.NDArray[np.float64], forward: float, tau: float,
    a: float, b: float, rho: float, m: float, s: float,
) -> float:  # pragma: no cover (compiled)  # fmt: skip
    """Gamma of changes of slope [n] at strikes [n], times their unit."""
    total = 0.0
    for i in range(strikes.size):
        x = math.log(strikes[i] / forward) - m
        variance = a + b * (rho * x + math.sqrt(x * x + s * s))
        if sizes[i] != 0.0 and variance > 0.0:
            total += sizes[i] * one(False, forward, strikes[i], tau, math.sqrt(variance))[2]
    return total
