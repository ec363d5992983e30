"""What a keeper does where there are several hedge venues: margin for the one that takes it, and bringing
home what two hold against each other. With one venue it asks for margin, and for nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from keeper.planner import Against
from tandem.engine.abi import checksum
from tandem.errors import Reverted
from tandem.protocol.bindings.hedge_venue import HedgeVenue
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.deployment import Handles

TOP_UP_GAS, SHIFT_GAS = 3_000_000, 6_000_000
MOST = 2**255


def address_of(place: int) -> str:
    """An address that an intent's arguments name as a number."""
    return checksum(f"0x{place:040x}")


@dataclass(slots=True)
class Several:
    """The venues as a keeper sees them."""

    handles: Handles
    _is_set: bool | None = None

    @property
    def is_set(self) -> bool:
        """Asked once: a deployment has one venue, or several."""
        if self._is_set is None:
            self._is_set = self.handles.router.IS_SET()
        return self._is_set

    def top_up(self, account: str) -> tuple[int, str, tuple[int, ...]]:
        """What a top-up would bring now, the reason by which it would be refused, and the venue of several
        that takes it where the first that lacks margin does not."""
        desk = self.handles.desk
        try:
            return desk.top_up().simulate(account, TOP_UP_GAS), "", ()
        except Reverted as refused:
            reason = refused.reason
        for place in self._places():
            try:
                sent = desk.top_up(address_of(place)).simulate(account, TOP_UP_GAS)
            except Reverted:
                continue
            if sent:
                return sent, "", (place,)
        return 0, reason, ()

    def against(
        self, snapshot: Snapshot, account: str, waits: Callable[[Snapshot], bool]
    ) -> Against:
        """Hedges of two venues against each other that may go home now. waits: whether a minute's chunk has
        just gone."""
        if not self.is_set or snapshot.is_venue_down or not snapshot.spot_fresh or waits(snapshot):
            return Against()
        held = dict(self._held())
        if not held:  # each is down by its own bit
            return Against()
        lot, desk = self.handles.router.lot(), self.handles.desk
        long, short = max(held, key=held.__getitem__), min(held, key=held.__getitem__)
        if held[long] < lot or held[short] > -lot:
            return Against()
        try:
            call = desk.shift(address_of(long), address_of(short), MOST)
            return Against(call.simulate(account, SHIFT_GAS), (long, short))
        except Reverted:
            return Against()

    def _places(self) -> list[int]:
        """The venues of a set that are up, as numbers."""
        if not self.is_set:
            return []
        h = self.handles
        return [int(each, 16) for each in VenueSet(h.router.engine, h.venue.address).venues_up()]

    def _held(self) -> Iterator[tuple[int, int]]:
        for place in self._places():
            try:
                yield place, HedgeVenue(self.handles.router.engine, address_of(place)).position()
            except Reverted:
                continue
