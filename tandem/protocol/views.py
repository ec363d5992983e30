"""What can be asked of structs that the contracts hand out. The generated dataclasses have the
fields and derive from these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tandem.protocol import terms
from tandem.units import YEAR

if TYPE_CHECKING:
    from tandem.model.payoff import Book
    from tandem.protocol.bindings.structs import BreakerState, Expiry, HedgeAccount

DOWN, FIRST_AWAY, MOST_VENUES = 2, 512, 4
"""Of the flags: the hedge venue is down; the first of several is; how many there may be."""
LEAST_LIFE = 60
"""Seconds to expiry that Greeks use at least, also between expiry and settlement."""


def places_down(flags: int) -> tuple[int, ...]:
    """Places of those of several hedge venues that the flags have down."""
    return tuple(n for n in range(MOST_VENUES) if flags & FIRST_AWAY << n)


class ExpiryView:
    """One listed expiry. units, forward, sizes: 1e-6 ETH; maximum, cash: token units; strikes:
    whole USD with their net change of slope; slice: 0 where nothing is open."""

    __slots__ = ()
    expiry: int
    forward: int
    cash: int
    strikes: tuple[int, ...]
    sizes: tuple[int, ...]

    @property
    def book(self) -> Book:
        """What it owes, as a payoff."""
        from tandem.model.payoff import Book  # who asks for none need not wait for its compiler

        return Book(tuple(zip(self.strikes, self.sizes, strict=True)), self.forward, self.cash)

    def tau(self, time: int) -> float:
        """Years left at `time`, as the contract prices it."""
        return max(self.expiry - time, LEAST_LIFE) / YEAR


class SnapshotView:
    """The whole state at one block. spot WAD USD, gross 1e-6 ETH, maxima, claims and floor token
    units. spot_fresh: whether the contracts take the spot; surface_time: of the oldest slice."""

    __slots__ = ()
    timestamp: int
    terms: tuple[int, ...]
    surface_time: int
    account: HedgeAccount
    account_known: bool
    expiries: tuple[Expiry, ...]
    breaker: BreakerState

    @property
    def parameters(self) -> dict[str, int]:
        """The protocol's parameters by name."""
        return terms.unpack(self.terms)

    @property
    def is_paused(self) -> bool:
        """Whether opens are stopped, by a guardian or by the breaker."""
        return bool(self.parameters["flags"] & 0b1_0000_0101)

    @property
    def is_stopped(self) -> bool:
        """Whether a guardian stopped them, and deposits."""
        return bool(self.parameters["flags"] & 1)

    @property
    def is_tripped(self) -> bool:
        """Whether the breaker stopped them."""
        return bool(self.parameters["flags"] & 0b1_0000_0100)

    @property
    def is_unmarked(self) -> bool:
        """Whether they stopped with one of several venues that went down or came back, until the gate's next
        mark: the breaker, whose bit it is, saw nothing."""
        return self.is_distressed and not self.breaker.reasons

    @property
    def lacking(self) -> int:
        """Margin that the next top-up lacks and may get, token units: what is barred (VS-6) is nobody's."""
        return self.account.top_up - self.account.barred

    @property
    def may_lack(self) -> bool:
        """Whether margin lacks, or nobody knows whether."""
        return bool(self.account.top_up) or not self.account_known

    @property
    def is_distressed(self) -> bool:
        """Whether the breaker last saw margin lacking that could not be lent."""
        return bool(self.parameters["flags"] & 0b1_0000_0000)

    @property
    def takes_deposits(self) -> bool:
        """Whether neither a guardian nor the breaker stopped deposits."""
        return not self.parameters["flags"] & 0b101

    @property
    def is_venue_down(self) -> bool:
        """Whether a guardian took the hedge venue down."""
        return bool(self.parameters["flags"] & DOWN)

    @property
    def places_down(self) -> tuple[int, ...]:
        """Places of those of several hedge venues that a guardian took down."""
        return places_down(self.parameters["flags"])

    @property
    def surface_age(self) -> int:
        """Seconds since the oldest slice in use was posted."""
        return self.timestamp - self.surface_time

    @property
    def surface_fresh(self) -> bool:
        """Whether a trade would take the surface; true where nothing is open."""
        return self.surface_lasts(0)

    def surface_lasts(self, seconds: int) -> bool:
        """Whether a trade so many seconds from now would take it."""
        return self.surface_age + seconds <= self.parameters["surface_age"]

    @property
    def open_expiries(self) -> tuple[Expiry, ...]:
        return tuple(e for e in self.expiries if e.units)

    @property
    def unsettled(self) -> tuple[Expiry, ...]:
        """Listed expiries that are past and have no price yet, oldest first."""
        past = (e for e in self.expiries if e.expiry <= self.timestamp)
        return tuple(sorted(past, key=lambda e: e.expiry))
