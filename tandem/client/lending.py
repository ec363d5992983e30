"""What the Vault may lend to each hedge venue, and what was lost there without a reason in prices (HG-13)."""

from __future__ import annotations

from tandem.client.several import names
from tandem.client.venues import addresses
from tandem.protocol.bindings.structs import VenueLosses
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.deployment import Deployment
from tandem.protocol.handles import Handles


def lendable(h: Handles) -> int:
    """Token units: of several venues as much as goes to the one that may get most, which the breaker goes
    by, too."""
    if not h.router.IS_SET():
        return h.vault.would_lend(h.venue.address)
    up = VenueSet(h.router.engine, h.venue.address).venues_up()
    return max((h.vault.would_lend(place) for place in up), default=0)


def losses(deployment: Deployment, h: Handles) -> dict[str, VenueLosses]:
    """By the venue's name."""
    there = zip(names(deployment), addresses(deployment), strict=True)
    return {name: h.vault.venue_losses(place) for name, place in there}
