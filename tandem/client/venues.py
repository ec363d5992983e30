"""The hedge venues side by side: what lies at each, what margin it needs, what it costs and takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tandem.client.several import names
from tandem.engine.base import Engine, checksum
from tandem.errors import EngineError, Reverted
from tandem.protocol.bindings.structs import VenueView
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.deployment import Deployment
from tandem.protocol.handles import Handles
from tandem.units import USD, WAD
from tandem.venues import recipe, strays

NEVER = 2**255 - 1
"""No move of the price brings margin to its least: there is no position, or none that a price ends."""
ROUNDED = 1e-9
"""ETH: what is taken for rounding is 3e-10 (`lib/believed.vy`)."""


@dataclass(frozen=True, slots=True)
class VenueState:
    """One venue at a block. Sizes ETH, prices and money USD; None where the venue does not answer.

    is_down: a guardian took it down. usable: the equity that margin is judged by. least, target: equity per
    unit of hedge. liquid: the move of the price, a fraction, at which `usable` is the least. long_pays,
    short_pays: a position of 1 USD in a day, negative where it is paid. buys, sells: the most
    that fills at any price. free: what can be withdrawn. believed: what is taken for ours of what one of
    several says that it holds (all of it where there is one); None of one that is down or says nothing of
    its account. strays: strangers' tokens that are lent in its name and make its orders dearer; idle: its own
    that are lent and carry no debts though they may; blocking: all of either that keep what is lent from
    being taken back."""

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
    free: float | None = None
    believed: float | None = None
    strays: int = 0
    idle: int = 0
    blocking: int = 0

    @property
    def answers(self) -> bool:
        return self.position is not None


def addresses(deployment: Deployment) -> list[str]:
    """The adapters, in the order of the guardians' bits, as the record has them: a set never changes, and who
    is told by a node where they are has another one moved, or told, than he named."""
    return [checksum(deployment.address(recipe(name).adapter)) for name in names(deployment)]


def states(deployment: Deployment, handles: Handles) -> list[VenueState]:
    """Each venue, in one call of the chain's, and what is believed of each: one that is down or does not
    answer hides none of the others."""
    known, found = names(deployment), handles.venue_lens.venues()
    if len(known) != len(found):
        raise EngineError(
            f"the node names {len(found)} venues, and the deployment's file {len(known)}",
            "ask another node with --rpc",
        )
    there = zip(known, found, strict=True)
    engine = handles.router.engine
    told = [_with_strays(engine, _state(name, seen)) for name, seen in there]
    spot = handles.spot.peek().price
    return [replace(each, believed=_believed(handles, each, spot, len(told))) for each in told]


def _believed(handles: Handles, state: VenueState, spot: int, count: int) -> float | None:
    if count < 2 or state.is_down:
        return None if state.is_down else state.position
    try:
        return believed_at(handles, state.address, spot) / WAD
    except Reverted:
        return None


def believed_at(handles: Handles, address: str, spot: int) -> int:
    """What is taken for ours of what one of several says that it holds, WAD. Raises Reverted where nobody
    knows."""
    there = VenueSet(handles.router.engine, handles.venue.address)
    return there.account_at(address, spot).position


def of_belief(state: VenueState, asset: str) -> str:
    """What is said of a venue whose word is not all taken for ours, "" of one whose is (VS-8)."""
    if state.believed is None or state.position is None:
        return ""
    if abs(state.position - state.believed) < ROUNDED:
        return ""
    return (
        f"{state.name} says that it holds {state.position:+,.6f} {asset}, of which our orders there come to "
        f"{state.believed:+,.6f}: no more counts as ours"
    )


def _with_strays(engine: Engine, state: VenueState) -> VenueState:
    there = strays(engine, state.address)
    found = there.found() if there else []
    idle = sum(each.is_ours for each in found)
    return replace(
        state, strays=len(found) - idle, idle=idle, blocking=sum(each.blocks for each in found)
    )


def of_strays(state: VenueState) -> str:
    """What is said of tokens that are not as they should be, "" where there are none."""
    said = [
        f"{state.strays} tokens of strangers are lent in its name" if state.strays else "",
        f"{state.idle} of its own are lent and carry no debts" if state.idle else "",
        f"{state.blocking} of them keep what is lent from being taken back"
        if state.blocking
        else "",
    ]
    words = ", ".join(filter(None, said))
    return f"{state.name}: {words}" if words else ""


def _state(name: str, seen: VenueView) -> VenueState:
    if not seen.answers:
        return VenueState(name, seen.venue, seen.is_down)
    account, bounds = seen.account, seen.bounds
    return VenueState(
        name,
        seen.venue,
        seen.is_down,
        position=account.position / WAD,
        equity=account.equity / WAD,
        usable=min(account.equity, account.margin_equity) / WAD,
        least=bounds.least / WAD,
        target=bounds.target / WAD,
        liquid=None if seen.move == NEVER else seen.move / WAD,
        price=seen.price / WAD,
        fee=seen.quotation.fee / WAD,
        long_pays=seen.long / WAD,
        short_pays=seen.short / WAD,
        buys=seen.buys / WAD,
        sells=seen.sells / WAD,
        free=seen.free / USD,
    )


def plain(state: VenueState) -> dict[str, Any]:
    """As `--json` has it."""
    return {name: getattr(state, name) for name in VenueState.__dataclass_fields__}
