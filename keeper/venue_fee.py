"""What the hedge venue takes of an order, as it says itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keeper.several import Several
from tandem.engine.base import Call
from tandem.errors import Reverted
from tandem.protocol.bindings.hedge_venue import HedgeVenue
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.handles import Handles
from tandem.units import DAY, HOUR, WAD


@dataclass(slots=True)
class VenueFee:
    """Asked once a day, where somebody may hedge: a pool's fee is for good, an exchange's its owner's to
    change. Of several venues it is the least, by which an order is cut that is small for them all."""

    handles: Handles
    several: Several
    _until: int = 0
    _last: float = math.nan

    def likely(self, snapshot: Snapshot) -> Iterator[Call]:
        """What will be asked, where that is due."""
        if self._is_due(snapshot) and not self.several.is_known_set:
            yield Call(self.handles.venue, "quotation", (), None)

    def of(self, snapshot: Snapshot) -> float:
        """Share of the notional; NaN where no venue ever said. One that does not say is asked again in an
        hour, and what was said last stands meanwhile."""
        if self._is_due(snapshot):
            now = snapshot.timestamp
            said = [fee for venue in self._venues() if (fee := _fee(venue)) is not None]
            self._last = min(said, default=self._last)
            self._until = now + (DAY if said else HOUR)
        return self._last

    def _is_due(self, snapshot: Snapshot) -> bool:
        return snapshot.spot_fresh and snapshot.timestamp >= self._until

    def _venues(self) -> Sequence[HedgeVenue]:
        if not self.several.is_set:
            return (self.handles.venue,)
        h = self.handles
        up = VenueSet(h.router.engine, h.venue.address).venues_up()
        return [HedgeVenue(h.router.engine, each) for each in up]


def _fee(venue: HedgeVenue) -> float | None:
    try:
        return venue.quotation().fee / WAD
    except Reverted:
        return None
