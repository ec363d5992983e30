"""Where an operator names two nodes, money moves on what both say of the same block."""

from __future__ import annotations

from contextlib import closing

from tandem.engine.base import Tx
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import Handles
from tandem.protocol.past_prices import past_prices

LEAVE_OUT = "`tandem doctor` shows each node; leave out the one that errs"


class DisagreeError(EngineError):
    """Two nodes say different things of one block."""


def confirm(h: Handles, snapshot: Snapshot, block: int) -> None:
    """Raises DisagreeError where a node says something else of this market at that block. One that does not
    have the block, or does not answer, says nothing: with one node left the keeper goes on by it."""
    engine = h.lens.engine
    if not isinstance(engine, RemoteEngine) or engine.node is None or not engine.node.is_several:
        return
    function = h.lens.abi.function("snapshot", 0)
    asked = RemoteEngine.fields_of(Tx(h.lens.address, h.lens.address, function.encode(()), 0))
    for answer in engine.witnesses("eth_call", [asked, hex(block)]):
        try:
            said = Snapshot.decode(function.decode(bytes.fromhex(answer[2:])))
        except EngineError:  # what is no snapshot says nothing
            continue
        if said != snapshot:
            raise DisagreeError(
                f"two nodes disagree about the market at block {block}: nothing is sent",
                LEAVE_OUT,
            )


def agreed_past(feed: PriceFeed, since: int) -> list[tuple[int, float]]:
    """`past_prices`, as every node that is named tells them up to the last one that it has; one that does not
    answer says nothing. Raises DisagreeError, EngineError."""
    told = past_prices(feed, since)
    engine = feed.engine
    if not isinstance(engine, RemoteEngine) or engine.node is None or not engine.node.is_several:
        return told
    for node in engine.node.apart():
        with closing(node):
            try:
                other = past_prices(PriceFeed(RemoteEngine.over(node), feed.address), since)
            except EngineError:
                continue
        until = min((prices[-1][0] for prices in (told, other) if prices), default=0)
        one, two = ([each for each in prices if each[0] <= until] for prices in (told, other))
        if one and two and one != two:
            raise DisagreeError(
                "two nodes disagree about what the price feed said before", LEAVE_OUT
            )
    return told
