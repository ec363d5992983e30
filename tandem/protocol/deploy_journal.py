"""What a deployment meant to send, written down before it is sent.

One JSON object a line. The first says whose transactions they are and from which number; each other one is
a transaction, on the disk before the node hears of it, and again whenever more is offered for its gas. The
chain says what came of them: a line is never changed, and whoever goes on after a crash compares the two. A
last line that was cut off was not sent.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from eth_utils.address import is_address

from tandem.errors import ConfigError
from tandem.protocol import journal_lines
from tandem.protocol.deploy import parts_of
from tandem.protocol.deployment import FOLDER
from tandem.protocol.journal_lines import JournalError, Lines, not_one
from tandem.protocol.record_checks import is_count, strange_parts
from tandem.protocol.steps import Step, hash_of
from tandem.venues import VenueRecipe

VERSION = 1
ENDING = ".journal.jsonl"
WHAT, HINT = "deployment", "name another file with --out"


@dataclass(frozen=True, slots=True)
class Head:
    """Whose transactions they are. first: the deployer's number that they begin with; venue: the addresses
    that they stand on; all: a hash over what each of them sends."""

    name: str
    chain_id: int
    deployer: str
    first: int
    venue: dict[str, str]
    all: str
    version: int = VERSION


@dataclass(frozen=True, slots=True)
class Bid:
    """What is offered for a transaction. gas: units at the most; most, tip: wei for one, the tip within the
    most."""

    gas: int
    most: int
    tip: int


@dataclass(frozen=True, slots=True)
class Begun:
    """What a journal says. numbers: of the transactions that were about to be sent."""

    head: Head
    numbers: frozenset[int]


def head_of(
    name: str, chain_id: int, deployer: str, venue: Mapping[str, str], steps: Sequence[Step]
) -> Head:
    """Of these transactions."""
    sent = hash_of(b"".join(bytes.fromhex(hash_of(step.init)[2:]) for step in steps))
    return Head(name, chain_id, deployer, steps[0].nonce, dict(venue), sent)


def journal_of(path: Path, name: str) -> Path:
    """The journal of the deployment that is to be written to `path`: beside it; of one that goes to a pipe
    or a device, among the deployments."""
    if path.exists() and not path.is_file():
        return FOLDER / (name + ENDING)
    return path.with_name(path.stem + ENDING)


class Journal:
    """An open one; nobody else has it open. Raises JournalError, ConfigError."""

    def __init__(self, lines: Lines) -> None:
        self.path = lines.path
        self.head = _head(lines.path, lines.rows)
        self._lines = lines
        self._bids = {row["nonce"]: _bid(row) for row in lines.rows[1:]}
        self._hashes = [(row["nonce"], str(row.get("hash", ""))) for row in lines.rows[1:]]

    def __contains__(self, step: Step) -> bool:
        """Whether the transaction was about to be sent once."""
        return step.nonce in self._bids

    def __len__(self) -> int:
        return len(self._bids)

    def begin(self, head: Head) -> None:
        """Write the first line; of a journal that goes on, compare it."""
        if self.head is None:
            self._lines.write(asdict(head))
            self.head = head
        for key, was in asdict(self.head).items():
            if was != (now := getattr(head, key)):
                raise JournalError(
                    f"{self.path} began with {key} = {was}, and now it would be {now}",
                    "go on with the file, the sources and the key of then; or, to give up what stands, "
                    "move the journal away and begin anew",
                )

    def bid_of(self, step: Step) -> Bid | None:
        """The last that was written for a transaction, whether or not a node heard of it."""
        return self._bids.get(step.nonce)

    def hashes_of(self, step: Step) -> list[str]:
        """What a transaction was called each time that it was offered, by any run; nothing where a node
        signs."""
        return [hash_ for nonce, hash_ in self._hashes if nonce == step.nonce and hash_]

    def write(self, step: Step, bid: Bid | None = None, hash_: str = "") -> None:
        """Before a transaction is sent. bid, hash_: what is offered for it, and what it is then called; none
        where a node of one's own signs it."""
        if bid is None and step in self:
            return
        row = {"nonce": step.nonce, "name": step.name, "address": step.address}
        row |= {"init_hash": hash_of(step.init)}
        self._lines.write(row | (asdict(bid) | {"hash": hash_} if bid else {}))
        self._bids[step.nonce] = bid
        self._hashes.append((step.nonce, hash_))


@contextmanager
def opened(path: Path) -> Generator[Journal]:
    """The journal at a path, made where there is none, for one process alone."""
    with journal_lines.opened(path, WHAT, HINT) as lines:
        yield Journal(lines)


def read(path: Path) -> Begun | None:
    """The journal at a path; None where there is none, or nothing in it yet."""
    rows = journal_lines.read(path, WHAT, HINT)
    head = _head(path, rows)
    return Begun(head, frozenset(row["nonce"] for row in rows[1:])) if head else None


def check_venue(path: Path, begun: Begun, recipe: VenueRecipe, asset: str) -> None:
    """Its first line says where each part is of the venue that its transactions stand on. Raises
    JournalError."""
    venue = begun.head.venue
    for part in parts_of(recipe, asset):
        if part not in venue:
            raise not_one(path, WHAT, f"its first line lacks venue.{part}", HINT)
    for part in strange_parts(recipe, venue):
        raise not_one(path, WHAT, f"in its first line venue.{part} is {venue[part]!r}", HINT)


def _bid(row: Mapping[str, Any]) -> Bid | None:
    """None of a line that has none, as an earlier version wrote them."""
    found = [value for each in fields(Bid) if type(value := row.get(each.name)) is int]
    return Bid(*found) if len(found) == len(fields(Bid)) else None


def _is_head(head: Head) -> bool:
    """Whether each value is of its kind."""
    venue: Any = head.venue
    return (
        all(map(is_count, (head.chain_id, head.first)))
        and is_address(head.deployer)
        and isinstance(venue, dict)
        and all(isinstance(each, str) for each in (head.name, head.all, *venue.values()))
    )


def _head(path: Path, rows: Sequence[Mapping[str, Any]]) -> Head | None:
    if not rows:
        return None
    try:
        head = Head(**rows[0])
    except TypeError as error:
        raise not_one(path, WHAT, error, HINT) from error
    if not _is_head(head):
        raise not_one(path, WHAT, "its first line is not as one begins", HINT)
    if head.version != VERSION:
        raise ConfigError(f"{path} is of version {head.version}", f"this is version {VERSION}")
    return head
