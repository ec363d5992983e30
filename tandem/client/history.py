"""An account's own events, in pages that a node answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from tandem.client.session import Session
from tandem.engine.abi import EventType
from tandem.engine.answers import quantity
from tandem.engine.base import Contract
from tandem.engine.bound import Log
from tandem.engine.log_pages import pages, raw

L = TypeVar("L", bound=Log)


def events(
    session: Session, contract: Contract, kind: type[L], blocks: tuple[int, int], **topics: str
) -> Iterator[L]:
    """Events of one kind in a stretch of blocks, from its first to its last, oldest first; topics: addresses
    that indexed arguments have."""
    yield from (event for _, event in _found(session, contract, kind, blocks, topics))


def sent_by(
    session: Session, contract: Contract, kind: type[L], **topics: str
) -> Iterator[tuple[str, int, L]]:
    """The same since the deployment, each with its transaction's hash and its block."""
    blocks = session.deployment.block, session.engine.block()
    for log, event in _found(session, contract, kind, blocks, topics):
        yield str(log["transactionHash"]), quantity(log["blockNumber"]), event


def _found(
    session: Session,
    contract: Contract,
    kind: type[L],
    blocks: tuple[int, int],
    topics: dict[str, str],
) -> Iterator[tuple[dict[str, Any], L]]:
    wanted = _topics(kind.TYPE, topics)
    for _, found in pages(session.engine, [contract.address], wanted, *blocks):
        yield from ((log, kind.decode(raw(log))) for log in found)


def _topics(kind: EventType, topics: dict[str, str]) -> Sequence[str | None]:
    """The event's own topic, then one for each indexed argument; None takes any."""
    known = [topics.get(name) for name, _ in kind.indexed]
    words = [None if each is None else "0x" + each[2:].lower().rjust(64, "0") for each in known]
    return [kind.asked, *words]
