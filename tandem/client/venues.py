"""The hedge venues side by side: what lies at each, what margin it needs, what it costs and takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tandem.client.several import names
from tandem.engine.base import Engine
from tandem.errors import EngineError, Reverted
from tandem.protocol.bindings.hedge_venue import HedgeVenue
from tandem.protocol.bindings.structs import Bounds, VenueAccount
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.deployment import Deployment, Handles
from tandem.protocol.views import DOWN, places_down
from tandem.units import WAD

MOST = 2**255 - 1
TRIED = 10**6 * WAD
"""An order larger than any: what of it fits is the venue's room."""


@dataclass(frozen=True, slots=True)
class VenueState:
    """One venue at a block. Sizes ETH, prices and money USD; None where the venue does not answer.

    is_down: a guardian took it down. usable: the equity that margin is judged by. least, target: equity per
    unit of hedge. liquid: the move of the price, a fraction, at which `usable` is the least. long_pays,
    short_pays: a position of 1 USD in a day, negative where it is paid. buys, sells: the most
    that fills at any price."""

    name: str
    address: str
    is_down: bool
    position: float | None = None
    equity: float | None = None
    usable: float | None = None
    least: float | None = None
    target: float | None = None
    liquid: float | None = None
    price: float | None = None
    fee: float | None = None
    long_pays: float | None = None
    short_pays: float | None = None
    buys: float | None = None
    sells: float | None = None

    @property
    def answers(self) -> bool:
        return self.position is not None


def addresses(engine: Engine, deployment: Deployment, handles: Handles) -> list[str]:
    """The adapters, in the order of the guardians' bits."""
    if len(names(deployment)) < 2:
        return [handles.venue.address]
    return list(VenueSet(engine, handles.venue.address).venues())


def states(engine: Engine, deployment: Deployment, handles: Handles) -> list[VenueState]:
    """Each venue, asked directly: one that is down or does not answer stops none of the others."""
    flags, spot = (
        handles.guardian.terms(),
        handles.spot.peek().price,
    )  # of the word they are the lowest
    gone = places_down(flags)
    found, places = list[VenueState](), addresses(engine, deployment, handles)
    for n, (name, address) in enumerate(zip(names(deployment), places, strict=True)):
        is_down = bool(flags & DOWN) or (len(places) > 1 and n in gone)
        venue = HedgeVenue(engine, address)
        try:
            found.append(_state(venue, name, max(spot, WAD), is_down=is_down))
        except (Reverted, EngineError):
            found.append(VenueState(name, address, is_down))
    return found


def _state(venue: HedgeVenue, name: str, spot: int, *, is_down: bool) -> VenueState:
    account = venue.account(spot)
    bounds, there = venue.bounds(account.position), venue.quotation()
    carry = venue.funding()
    return VenueState(
        name,
        venue.address,
        is_down,
        position=account.position / WAD,
        equity=account.equity / WAD,
        usable=min(account.equity, account.margin_equity) / WAD,
        least=bounds.least / WAD,
        target=bounds.target / WAD,
        liquid=move_to_least(account, bounds, spot),
        price=venue.price() / WAD,
        fee=there.fee / WAD,
        long_pays=carry.long / WAD,
        short_pays=carry.short / WAD,
        buys=venue.max_order(TRIED, MOST) / WAD,
        sells=venue.max_order(-TRIED, 0) / WAD,
    )


def move_to_least(account: VenueAccount, bounds: Bounds, spot: int) -> float | None:
    """By which fraction the price may move against the position before margin is at its least: of a long
    below 0, of a short above. None without a position; 0 where it is there already."""
    held, price = account.position / WAD, spot / WAD
    if not held or not price:
        return None
    usable, least = min(account.equity, account.margin_equity) / WAD, bounds.least / WAD
    spare = usable - abs(held) * price * least
    if spare <= 0:
        return 0.0
    per_move = abs(held) * price * (1 - least if held > 0 else 1 + least)
    return (-1 if held > 0 else 1) * spare / per_move if per_move > 0 else None


def plain(state: VenueState) -> dict[str, Any]:
    """As `--json` has it."""
    return {name: getattr(state, name) for name in VenueState.__dataclass_fields__}
