"""An account's own events, from its first to now, in pages that a node answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from tandem.client.session import Session
from tandem.engine.abi import EventType
from tandem.engine.base import Contract, RawLog, address_of
from tandem.engine.bound import Log
from tandem.engine.rpc import RpcError

L = TypeVar("L", bound=Log)


def events(session: Session, contract: Contract, kind: type[L], **topics: str) -> Iterator[L]:
    """Events of one kind since the deployment, oldest first; topics: addresses that indexed
    arguments have. Nodes bound the range that they search: it is halved until it is taken."""
    wanted = _topics(kind.TYPE, topics)
    first, last = session.deployment.block, session.engine.block()
    width = last - first + 1
    while first <= last:
        end = min(first + width - 1, last)
        asked = {
            "address": contract.address,
            "fromBlock": hex(first),
            "toBlock": hex(end),
            "topics": wanted,
        }
        try:
            found = session.engine.request("eth_getLogs", [asked])
        except RpcError:
            if width == 1:
                raise
            width = max(width // 2, 1)
            continue
        yield from (kind.decode(_raw(log)) for log in found)
        first = end + 1


def _topics(kind: EventType, topics: dict[str, str]) -> Sequence[str | None]:
    """The event's own topic, then one for each indexed argument; None takes any."""
    known = [topics.get(name) for name, _ in kind.indexed]
    words = [None if each is None else "0x" + each[2:].lower().rjust(64, "0") for each in known]
    return ["0x" + kind.topic.hex(), *words]


def _raw(log: dict[str, object]) -> RawLog:
    topics = log["topics"]
    assert isinstance(topics, list)
    return RawLog(
        address_of(log["address"]),
        tuple(bytes.fromhex(topic[2:]) for topic in topics),
        bytes.fromhex(str(log["data"])[2:]),
    )
