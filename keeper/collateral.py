"""Who looks for tokens that carry our debts at a lending market and should not, or should and do not, and
sets them right one after the other.

The look is one an hour of chain time, a few calls of each that lends in one trip; while there are any, one
a minute. What each makes an order dearer costs whoever brings the next ones, and it is done once for good: it
is worth its gas where that is less than what the orders to come pay for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from keeper.prices import Prices
from tandem.engine.base import Call, checksum
from tandem.engine.bound import Prepared
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import Handles
from tandem.units import HOUR, MINUTE
from tandem.venues import Stray, Strays, strays

ORDERS = 100
"""That are to come, of hedges and traders: some days of a book that is open."""


@dataclass(slots=True)
class CollateralWatch:
    """The look at one market's venues. prices: of what is sent."""

    handles: Handles
    prices: Prices
    _lends: dict[str, Strays] | None = field(default=None, init=False)  # by adapter
    _next: int = field(default=0, init=False)
    _due: Stray | None = field(default=None, init=False)

    def likely(self, snapshot: Snapshot) -> Iterator[Call]:
        """What will be asked by this snapshot."""
        lends = self._lends or {}
        if not snapshot.is_venue_down and snapshot.timestamp >= self._next:
            for each in lends.values():
                yield from each.asked()
        elif self._due is not None:
            yield from lends[self._due.venue].asked()

    def due(
        self, snapshot: Snapshot, venues: Callable[[], Sequence[str]], account: str
    ) -> Stray | None:
        """What is to be set right, at most one a minute; None where there is none, or none that is worth its
        gas. venues: asked once for the adapters."""
        now = snapshot.timestamp
        if snapshot.is_venue_down:
            return None
        if self._lends is None:
            engine = self.handles.router.engine
            asked = (strays(engine, checksum(venue)) for venue in venues())
            self._lends = {each.venue: each for each in asked if each is not None}
        if now >= self._next:
            found = [token for each in self._lends.values() for token in each.found()]
            self._due = self._first(found, account)
            self._next = now + (HOUR if self._due is None else MINUTE)
        elif self._due is not None and not self._lends[self._due.venue].has(self._due):
            self._due = None
        return self._due

    def _first(self, found: Sequence[Stray], account: str) -> Stray | None:
        for each in sorted(found, key=lambda one: not one.blocks):
            if each.blocks or self._is_worth(each, account):
                return each
        return None

    def call(self, venue: str, token: str) -> Prepared[None]:
        """By which it is set right."""
        return self._tokens_at(venue).settle(token)

    def _tokens_at(self, venue: str) -> Strays:
        if self._lends is None or venue not in self._lends:
            raise LookupError(f"{venue} was never seen to lend")
        return self._lends[venue]

    def _is_worth(self, one: Stray, account: str) -> bool:
        """By gas of now, which weighs on both sides, and what a rollup takes for data, which orders have to
        pay anyway."""
        gas = self.prices.gas()
        data = self.prices.data_of(self.call(one.venue, one.token).tx(account, one.used))
        return one.used * gas + data <= ORDERS * one.order_gas * gas
