"""What an instant jump of spot costs LPs: L(j), the loss of book and hedge together.

Nobody rebalances inside a jump. Calls sold (nodes whose change of slope is above 0) are worth more in
it, because volatility rises, and those bought less than one would like, because it may fall:

    L(j) = [owed at S(1 + j), sold nodes at 1.5 x their volatility, bought ones at 0.8 x]
         - [owed at S, at mid] - max(position x S x j, -equity of the venue account)

The account is worth no less than nothing: what a venue cannot take is its own loss. The worst L(j) over
the gate's jumps is what the gate holds against NAV.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tandem.errors import DomainError
from tandem.units import UNIT, USD

if TYPE_CHECKING:
    from tandem.model.payoff import Book

Float = NDArray[np.float64]

GATE = (-0.5, -0.3, -0.2, -0.1, 0.1, 0.2, 0.4, 1.0)
"""Jumps of spot that the gate counts."""
PUBLISHED = (-0.9, *GATE, 2.0, 3.0)
"""Jumps that views show."""
SOLD_VOL = 1.5
BOUGHT_VOL = 0.8
SHARE_OF_NAV = 0.2
"""The gate: the worst L(j) that an open may leave, as a share of NAV."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What is owed at one expiry. tau years; vols [nodes of book] 1/sqrt(year); basis signed, a year:
    the forward is spot x exp(basis x tau)."""

    book: Book
    tau: float
    vols: Float
    basis: float = 0.0

    def greeks(
        self, spots: Float, factor: ArrayLike = 1.0, tau: ArrayLike | None = None
    ) -> tuple[Float, Float, Float]:
        """(value USD, delta ETH, gamma ETH per USD, by spot) of what is owed. spots [n] USD; factor [n]: on
        the volatility of every node; tau [n] years, the holding's where not given -> three of [n].
        Raises DomainError as `price` does."""
        from tandem.model.black76 import CALL, PRICE_MIN, VOL_MAX, VOL_MIN, price

        life = np.broadcast_to(self.tau if tau is None else np.asarray(tau), spots.shape)
        grown = np.exp(self.basis * life)
        forward = np.maximum(spots * grown, PRICE_MIN)
        ahead, slopes = self.book.forward / UNIT, self.book.slopes
        value: Float = self.book.cash / USD + ahead * forward
        delta: Float = np.full(spots.shape, ahead)
        gamma: Float = np.zeros(spots.shape)
        if slopes.size:
            by = np.broadcast_to(np.asarray(factor, dtype=np.float64), spots.shape)[:, None]
            vols = np.clip(self.vols * by, VOL_MIN, VOL_MAX)
            per = price(CALL, forward[:, None], self.book.strikes, life[:, None], vols)
            value += per.value @ slopes
            delta += per.delta @ slopes
            gamma += per.gamma @ slopes
        return value, delta * grown, gamma * grown * grown

    def shocked(self, sold: float, bought: float) -> Holding:
        """The same with other volatilities: factors where the slope rises, and where it falls."""
        return replace(self, vols=self.vols * np.where(self.book.slopes > 0, sold, bought))


def owed(held: Sequence[Holding], spots: ArrayLike) -> Float:
    """Value of everything owed. spots [n] USD -> [n] USD."""
    s = np.asarray(spots, dtype=np.float64)
    return sum((each.greeks(s)[0] for each in held), np.zeros(s.shape))


def delta_of(held: Sequence[Holding], spot: float) -> float:
    """Change of what is owed per USD of spot, ETH: the position that hedges it."""
    return float(sum(each.greeks(np.array([spot]))[1][0] for each in held))


def losses(
    held: Sequence[Holding], spot: float, position: float, equity: float, jumps: ArrayLike = GATE
) -> Float:
    """L(j) for each jump. spot USD; position ETH, positive long; equity USD of the venue account, nothing
    where it is negative; jumps [n] shares of spot above -1 -> [n] USD, a gain below 0. Raises
    DomainError for a jump of -1 or less, or no spot."""
    j = np.atleast_1d(np.asarray(jumps, dtype=np.float64))
    if not (spot > 0.0 and np.isfinite(j).all() and (j > -1.0).all()):
        raise DomainError("jump: spot must stay above 0", "give jumps above -100 %")
    after = owed([each.shocked(SOLD_VOL, BOUGHT_VOL) for each in held], spot * (1.0 + j))
    before = owed(held, [spot])[0]
    return after - before - won(position * spot, j, max(equity, 0.0))


def won(notional: float, jumps: Float, lies: float, purse: float = math.inf) -> Float:
    """What a hedge gains by each jump: no less than all that lies at its venue is lost, and no more than
    the venue can pay. notional, lies, purse USD, notional positive long; jumps [n] shares of spot -> [n]
    USD."""
    return np.minimum(np.maximum(notional * jumps, -lies), purse)
