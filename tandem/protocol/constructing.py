"""A constructor run again, in a call that nobody sends: what it leaves is what must stand at its address."""

from __future__ import annotations

from typing import Any

from tandem.engine.base import GAS_LIMIT, Outcome
from tandem.engine.remote import RemoteEngine
from tandem.engine.revert_data import decode_reason
from tandem.engine.rpc import RpcError, refusal


def fault_of(engine: RemoteEngine, deployer: str, address: str, init: bytes) -> str:
    """What is wrong with the code at an address that `init` is said to have created; "" for nothing."""
    code = engine.code(address)
    if not code:
        return "no code at this address"
    again = constructed(engine, deployer, address, init)
    if not again.ok:
        why = decode_reason(again.output)
        return f"its constructor refuses what it stands on now: {why}"
    return "" if again.output == code else "the code there is not what the sources give"


def constructed(engine: RemoteEngine, deployer: str, place: str, init: bytes) -> Outcome:
    """What constructing a contract leaves, in a call: where it stands, for a set's constructor asks its
    adapters whether they are its own. What is sent to create it is laid over the code there, with nothing
    stored yet, and is run."""
    fields = {"from": deployer, "to": place, "gas": hex(GAS_LIMIT)}
    overlay: dict[str, Any] = {place: {"code": "0x" + init.hex(), "state": {}}}
    try:
        code = engine.request("eth_call", [fields, engine.tag, overlay])
    except RpcError as error:
        return refusal(error)
    return Outcome(True, bytes.fromhex(str(code)[2:]), 0)
