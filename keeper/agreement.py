"""Where an operator names two nodes, money moves on what both say of the same block."""

from __future__ import annotations

from typing import Any

from tandem.engine.base import Tx
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.handles import Handles

LEAVE_OUT = "`tandem doctor` shows each node; leave out the one that errs"


class DisagreeError(EngineError):
    """Two nodes say different things of one block."""


def said_of(node: Node, h: Handles) -> tuple[int, list[list[str]]] | None:
    """The latest block that all who answer have, and those who say the same of it, each by its host and the
    block's hash; None where fewer than two say anything."""
    alone = {each: number for each in node.alone() if (number := _asked(each, "eth_blockNumber"))}
    if len(alone) < 2:
        return None
    block = hex(min(int(number, 16) for number in alone.values()))
    asked, said = _question(h), dict[tuple[str, str], list[str]]()
    for each in alone:
        header = _asked(each, "eth_getBlockByNumber", block, False)
        state = _asked(each, "eth_call", asked, block)
        if header and state:
            hash_ = str(header["hash"])
            said.setdefault((hash_, state), []).append(f"{each.shown} ({hash_[:10]})")
    found = sorted(said.values(), key=len)
    return (int(block, 16), found) if sum(map(len, found)) > 1 else None


def _question(h: Handles) -> dict[str, str]:
    """The call of a snapshot, as a node is asked it."""
    data = h.lens.abi.function("snapshot", 0).encode(())
    return RemoteEngine.fields_of(Tx(h.lens.address, h.lens.address, data, 0))


def _asked(node: Node, method: str, *params: Any) -> Any:
    """None where it does not say."""
    try:
        return node.call(method, *params)
    except EngineError:
        return None


def confirm(h: Handles, snapshot: Snapshot, block: int) -> None:
    """Raises DisagreeError where a node says something else of this market at that block. One that does not
    have the block, or does not answer, says nothing: with one node left the keeper goes on by it."""
    engine = h.lens.engine
    if not isinstance(engine, RemoteEngine) or engine.node is None or not engine.node.is_several:
        return
    function = h.lens.abi.function("snapshot", 0)
    for answer in engine.witnesses("eth_call", [_question(h), hex(block)]):
        try:
            said = Snapshot.decode(function.decode(bytes.fromhex(answer[2:])))
        except EngineError:  # what is no snapshot says nothing
            continue
        if said != snapshot:
            raise DisagreeError(
                f"two nodes disagree about the market at block {block}: nothing is sent",
                LEAVE_OUT,
            )
