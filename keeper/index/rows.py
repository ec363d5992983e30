"""A row of the index: one event with its place in the chain, as the node said it and as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi.exceptions import DecodingError

from tandem.engine.log_pages import raw
from tandem.errors import EngineError
from tandem.protocol.happenings import Happening, kind_in
from tandem.terminal.json_text import to_json

Places = Mapping[tuple[str, str], Happening]
"""What happens where: by address in small letters and topic."""


@dataclass(frozen=True, slots=True)
class Block:
    """time: seconds UTC."""

    number: int
    hash: str
    time: int


@dataclass(frozen=True, slots=True)
class Row:
    """index: of the log in its block; topics, data: as the node has them, hexadecimal; args: JSON; people:
    who its transaction names, in small letters."""

    block: int
    index: int
    tx: str
    address: str
    kind: str
    name: str
    topics: tuple[str, ...]
    data: str
    args: str
    people: tuple[str, ...]


def standing(said: Any) -> list[Mapping[str, Any]]:
    """Logs as a node said them, less what a reorg took back. Raises EngineError for what are no logs."""
    if not isinstance(said, list) or not all(isinstance(log, Mapping) for log in said):  # pyright: ignore[reportUnknownVariableType]
        raise _unread()
    return [log for log in said if not log.get("removed")]  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]


def places_of(logs: Iterable[Mapping[str, Any]]) -> set[tuple[int, str]]:
    """Numbers and hashes of their blocks. Raises EngineError for what are no logs."""
    try:
        return {(int(log["blockNumber"], 16), str(log["blockHash"])) for log in logs}
    except (KeyError, TypeError, ValueError) as error:
        raise _unread() from error


def _unread() -> EngineError:
    return EngineError("the node's logs cannot be read", "name another node with --rpc")


def rows_of(logs: Iterable[Mapping[str, Any]], places: Places) -> list[Row]:
    """In order, each once, of what the market's contracts said. Raises EngineError for what are no logs."""
    try:
        found = _ours(logs, places)
    except (AttributeError, DecodingError, KeyError, TypeError, ValueError) as error:
        raise _unread() from error
    kinds, people = dict[str, set[str]](), dict[str, set[str]]()
    for log, happening, args in found:
        kinds.setdefault(log["transactionHash"], set()).add(happening.kind)
        named = people.setdefault(log["transactionHash"], set())
        named.update(str(args[each]).lower() for each in happening.people)
    return [
        Row(
            int(log["blockNumber"], 16),
            int(log["logIndex"], 16),
            log["transactionHash"],
            log["address"].lower(),
            kind_in(happening.kind, kinds[log["transactionHash"]]),
            happening.log.TYPE.name,
            tuple(log["topics"]),
            log["data"],
            to_json(args, one_line=True),
            tuple(sorted(people[log["transactionHash"]])),
        )
        for log, happening, args in found
    ]


def _ours(
    logs: Iterable[Mapping[str, Any]], places: Places
) -> Sequence[tuple[Mapping[str, Any], Happening, dict[str, Any]]]:
    once = {
        (int(log["blockNumber"], 16), int(log["logIndex"], 16)): log
        for log in logs
        if log["topics"]
    }
    found = list[tuple[Mapping[str, Any], Happening, dict[str, Any]]]()
    for _, log in sorted(once.items(), key=lambda item: item[0]):
        happening = places.get((log["address"].lower(), log["topics"][0]))
        if happening is not None:
            said = raw(dict(log))
            found.append((log, happening, happening.log.TYPE.decode(said.topics, said.data)))
    return found
