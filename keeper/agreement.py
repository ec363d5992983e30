"""Where an operator names two nodes, money moves on what both say of the same block."""

from __future__ import annotations

from tandem.engine.base import Tx
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import Handles

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
