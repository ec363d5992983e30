"""Payoffs: capped calls, floored puts, and a whole expiry as one list of nodes.

Per expiry the payoff of everything sold is piecewise linear in the settlement price: nodes (strike,
net change of slope) plus units of forward plus units of cash. Sizes are integers of 1e-6 ETH and
strikes whole USD, so a payoff at a whole price is an integer of 1e-6 USD and its maximum is exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tandem.errors import DomainError
from tandem.model.black76 import CALL, PRICE_MIN, Greeks, price
from tandem.units import UNIT, USD

Float = NDArray[np.float64]

"""Size units in one ETH, and cash units in one USD."""


def capped(
    is_put: ArrayLike,
    forward: ArrayLike,
    strike: ArrayLike,
    cap: ArrayLike,
    tau: ArrayLike,
    vol: ArrayLike,
    cap_vol: ArrayLike | None = None,
) -> Greeks:
    """A call that stops growing at its cap, or a put that stops growing at its floor.

    is_put [...] bool, forward, strike [...] USD, cap [...] USD (a call's cap above the strike, a
    put's floor below it; NaN = none), tau [...] years, vol [...] at the strike and cap_vol [...] at
    the cap (the same where not given) -> Greeks [...]. value is clamped to its range: call [0, F],
    put [0, K], with a cap [0, |cap - K|]. Raises DomainError where a cap lies on the wrong side of
    its strike.
    """
    numbers = (forward, strike, cap, tau, vol, vol if cap_vol is None else cap_vol)
    given = [np.asarray(is_put, dtype=np.bool_), *(np.asarray(x, np.float64) for x in numbers)]
    shape = np.broadcast_shapes(*(x.shape for x in given))
    put, f, k, c, t, v, cv = (x if x.shape == shape else np.broadcast_to(x, shape) for x in given)
    has = ~np.isnan(c)
    wrong = has & np.where(put, c >= k, c <= k)
    if wrong.any():
        raise DomainError(
            f"cap: {c[wrong][0]} is on the wrong side of strike {k[wrong][0]}",
            "a call's cap lies above its strike, a put's floor below it",
        )
    leg = price(put, f, k, t, v)
    limit = np.where(put, k, f)
    if not has.any():
        return Greeks(np.minimum(leg.value, limit), leg.delta, leg.gamma, leg.vega, leg.theta)
    far = price(put, f, np.where(has & (c > 0.0), c, k), t, cv)
    live = has & (c > 0.0)
    limit = np.where(has, np.abs(c - k), limit)
    return Greeks(
        np.clip(leg.value - np.where(live, far.value, 0.0), 0.0, limit),
        *(
            getattr(leg, name) - np.where(live, getattr(far, name), 0.0)
            for name in ("delta", "gamma", "vega", "theta")
        ),
    )


@dataclass(frozen=True, slots=True)
class Book:
    """What one expiry owes. nodes: strike in whole USD -> change of slope in units of 1e-6 ETH;
    forward in units of 1e-6 ETH; cash in units of 1e-6 USD. A zero node is dropped."""

    nodes: tuple[tuple[int, int], ...] = ()
    forward: int = 0
    cash: int = 0
    strikes: Float = field(init=False, compare=False, repr=False)
    slopes: Float = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        merged: dict[int, int] = {}
        for strike, change in self.nodes:
            if strike <= 0:
                raise DomainError(
                    f"strike: {strike} is not positive", "strikes are whole USD above 0"
                )
            merged[strike] = merged.get(strike, 0) + change
        kept = tuple(sorted((k, n) for k, n in merged.items() if n))
        object.__setattr__(self, "nodes", kept)
        object.__setattr__(self, "strikes", np.array([k for k, _ in kept], dtype=np.float64))
        object.__setattr__(self, "slopes", np.array([n / UNIT for _, n in kept], dtype=np.float64))

    def with_option(self, is_put: bool, strike: int, size: int, cap: int | None = None) -> Book:
        """The book after size units (negative: fewer) of one option are sold. A put is a call node,
        less forward, plus cash; a cap (a put's floor) is the same option sold the other way."""
        if cap is not None and (cap >= strike if is_put else cap <= strike):
            raise DomainError(f"cap: {cap} is on the wrong side of strike {strike}")
        legs = [(strike, size)] if cap is None or cap == 0 else [(strike, size), (cap, -size)]
        if not is_put:
            return Book((*self.nodes, *legs), self.forward, self.cash)
        return Book(
            (*self.nodes, *legs),
            self.forward - sum(n for _, n in legs),
            self.cash + sum(k * n for k, n in legs),
        )

    def payoff(self, settlement: int) -> int:
        """What is owed at a whole-USD settlement price, in units of 1e-6 USD. Exact."""
        grown = sum(n * (settlement - k) for k, n in self.nodes if settlement > k)
        return self.cash + self.forward * settlement + grown

    def greeks(self, forward: float, tau: float, vols: ArrayLike) -> tuple[float, ...]:
        """(value, delta, gamma, vega, theta) of what is owed. forward USD, tau years, vols [nodes]
        1/sqrt(year) in the order of the nodes; delta and gamma with respect to the forward, in
        ETH."""
        per = price(CALL, max(forward, PRICE_MIN), self.strikes, tau, vols)
        ahead = self.forward / UNIT
        return (
            self.cash / USD + ahead * forward + float(self.slopes @ per.value),
            ahead + float(self.slopes @ per.delta),
            *(float(self.slopes @ getattr(per, name)) for name in ("gamma", "vega", "theta")),
        )


def book_of(options: Iterable[tuple[bool, int, int, int | None]]) -> Book:
    """The book of options (is_put, strike, size in units, cap or None)."""
    book = Book()
    for is_put, strike, size, cap in options:
        book = book.with_option(is_put, strike, size, cap)
    return book
