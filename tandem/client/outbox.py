"""What an account signed and no block is known to have: a node that says that it was dropped, or never took
it, may have it mined later. Laws:

- What a node is handed is on this machine's disk first.
- Who asks for the same again takes the same number: of the two a chain carries out one. Where the first is
  in a block by then, nothing is sent, and he is told so.
- A number that is used, by whatever no node has a receipt of, is gone on with by a person alone.
- The same is what is said in the same words of the same market. So a note names all that one act of a kind
  may have other than another, but for bounds.
- What another process had done since this one looked is not done a second time by who was asked for the same
  at the same moment: he is told so, once.
- Who is cut off while he writes leaves what was there before, or what he was to write.

One file for an account of a chain, in the user's own folder: another machine, or another program that holds
the key, is not seen.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from tandem.client import turns
from tandem.client.errors import ClientError
from tandem.engine.answers import quantity
from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError
from tandem.files import DATA, check_file, write_file

Row = dict[str, Any]
SENT = DATA / "sent"
"""Where they lie."""
KEYS = {"nonce": int, "hash": str, "note": str}
"""Of each line; those of earlier releases do not say of which market they are."""
LATELY = 3_600.0
"""Seconds for which it is kept what went well."""


def place(chain_id: int, account: str) -> Path:
    """An account's, on one chain."""
    return SENT / f"{chain_id}-{account.lower()}.jsonl"


def turn(
    engine: RemoteEngine, account: str, patience: float | None
) -> AbstractContextManager[None]:
    """To send for an account, among threads; on a chain of others among this user's processes too. patience:
    as of `turns.of`. Raises ClientError."""
    path = place(engine.chain_id, account).with_suffix(".turn")
    return turns.of(path, None if engine.is_development else patience)


class OutstandingError(ClientError):
    """The same was signed before, and may still be carried out, or was."""


class DoneBeforeError(OutstandingError):
    """The same was signed before, and is in a block."""


class Noted(Protocol):
    """A transaction: what it does, in words, and whether it is asked for anew as long as that is needed."""

    @property
    def note(self) -> str: ...
    @property
    def is_needed(self) -> Callable[[], bool] | None: ...


class Book(Protocol):
    """Where what is about to be sent is written down, and which numbers it has."""

    def check(self, step: Noted, since: float) -> None:
        """Before anything of a verb is sent. since: when it was prepared, by this machine's clock. Raises
        ClientError where the same is in a block already."""
        ...

    def number(self, counted: int, step: Noted) -> int:
        """Of the next transaction. counted: the node's word for it. Raises ClientError where that cannot be
        gone by."""
        ...

    def write(self, nonce: int, step: Noted, hash_: str) -> None:
        """Before a node hears of it. hash_: "" where the node signs."""
        ...

    def taken(self, nonce: int, hash_: str) -> None:
        """The node has it."""
        ...

    def seen(self, nonce: int) -> None:
        """A block has it, whatever it did there."""
        ...

    def done(self, nonce: int, step: Noted, hash_: str) -> None:
        """It went well there."""
        ...


@dataclass(frozen=True, slots=True)
class Outbox:
    """An account's, on one chain. market: the address of what it acts on now. On a chain of one's own, which
    forgets, it keeps nothing."""

    engine: RemoteEngine
    account: str
    market: str

    @property
    def path(self) -> Path:
        return place(self.engine.chain_id, self.account)

    def check(self, step: Noted, since: float) -> None:
        for row in self._same(step):
            self._check_done(row)
        said = step.note, self.market
        for row in self._rows(self._lately):
            is_same = (row["note"], row.get("market")) == said
            if is_same and row.get("process") != os.getpid() and row.get("at", 0) >= since:
                raise DoneBeforeError(
                    f"another command did the same meanwhile, in {row['hash']} ({step.note}); nothing was "
                    "sent now",
                    "look at what it did; to have it once more run the same command again",
                )

    def number(self, counted: int, step: Noted) -> int:
        may_repeat = step.is_needed is not None
        for row in self._same(step):
            self._check_done(row, may_repeat=may_repeat)
        same = self._same(step)
        if not same:
            return counted
        first, used = same[0], self.engine.nonce(self.account)
        if used <= first["nonce"] <= counted:
            return first["nonce"]
        if may_repeat:
            return counted
        raise self._unclear(first, used, counted)

    def write(self, nonce: int, step: Noted, hash_: str) -> None:
        if not self.engine.is_development:
            check_file(self.path)
            with self._open() as rows:
                rows.append(
                    {"nonce": nonce, "hash": hash_, "note": step.note, "market": self.market}
                )

    def taken(self, nonce: int, hash_: str) -> None:
        """Nothing: what is signed here has its name before."""

    def seen(self, nonce: int) -> None:
        if self._rows():
            with self._open() as rows:
                rows[:] = [row for row in rows if row["nonce"] != nonce]

    def done(self, nonce: int, step: Noted, hash_: str) -> None:
        """Kept for those who were asked for the same by then; where it cannot be, they are not told."""
        now = time.time()
        row = {"nonce": nonce, "hash": hash_, "note": step.note, "market": self.market}
        if not self.engine.is_development and step.is_needed is None:
            with suppress(ConfigError), self._open(self._lately) as rows:
                rows[:] = [each for each in rows if 0 <= now - each.get("at", 0) < LATELY]
                rows.append(row | {"at": now, "process": os.getpid()})

    @property
    def _lately(self) -> Path:
        return self.path.with_suffix(".done")

    def _check_done(self, row: Row, *, may_repeat: bool = False) -> None:
        """Raises DoneBeforeError, once, where a block has it and it went well there; forgets it where a block
        has it. may_repeat: it is asked for as long as it is needed, and does no harm twice."""
        found = receipts(self.engine, row["hash"])
        if not found:
            return
        self.seen(row["nonce"])
        well = next((each for each in found if quantity(each["status"]) == 1), None)
        if well is not None and not may_repeat:
            raise DoneBeforeError(
                f"the same was sent before, and is in block {quantity(well['blockNumber'])}: "
                f"{row['hash']} ({row['note']}); nothing was sent now",
                "look at what it did; to have it once more run the same command again",
            )

    def _unclear(self, row: Row, used: int, counted: int) -> OutstandingError:
        what = f"{row['hash']} ({row['note']}) was signed before, with number {row['nonce']}"
        if counted < row["nonce"]:
            return OutstandingError(
                f"{what}, and the node counts {counted}: one of the two is wrong",
                f"ask another node; where you know that it never happens, remove {self.path}",
            )
        return OutstandingError(
            f"{what}; {used} of the account's are used, and the node has no receipt of it",
            "ask another node, or look whether something else took its number; where it never happened "
            f"remove {self.path}",
        )

    def _same(self, step: Noted) -> list[Row]:
        said = step.note, self.market
        return [r for r in self._rows() if (r["note"], r.get("market", self.market)) == said]

    def _rows(self, path: Path | None = None) -> list[Row]:
        if self.engine.is_development or not (path or self.path).is_file():
            return []
        with self._open(path) as rows:
            return rows

    @contextmanager
    def _open(self, path: Path | None = None) -> Generator[list[Row]]:
        """The lines, for one process at a time; written where they are others afterwards. path: of what was
        done lately, in the stead of what waits. Raises ConfigError."""
        path = path or self.path
        try:
            with _alone(path) as file:
                rows = _read(file.read())
                before = list(rows)
                yield rows
                if rows != before:
                    write_file(path, "".join(json.dumps(row) + "\n" for row in rows))
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise ConfigError(
                f"{path}, which says what was signed and not seen mined: {why}",
                "make it a file that can be written, or move it away once nothing waits",
            ) from error


@contextmanager
def _alone(path: Path) -> Generator[BinaryIO]:
    """The file as it stands now: whoever had it before may have put another in its place."""
    is_it = False
    while not is_it:
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            with suppress(FileNotFoundError):
                is_it = os.path.samestat(os.fstat(file.fileno()), path.stat())
            if is_it:
                file.seek(0)
                yield file


def _read(data: bytes) -> list[Row]:
    """The lines; the last is left out where it was cut off, for that was not sent. Raises ValueError."""
    rows: list[Row] = []
    for line in data[: data.rfind(b"\n") + 1].splitlines():
        row = json.loads(line)
        if (
            not isinstance(row, dict)
            or any(type(row.get(k)) is not kind for k, kind in KEYS.items())
            or type(row.get("market", "")) is not str
            or not isinstance(row.get("at", 0), float | int)
        ):
            raise ValueError("a line is none of it")
        rows.append(row)
    return rows


def receipts(engine: RemoteEngine, hash_: str) -> list[Row]:
    """What nodes have of one transaction: of two, where there are several."""
    is_several = engine.node is not None and engine.node.is_several
    found = (
        engine.witnesses("eth_getTransactionReceipt", [hash_])
        if is_several
        else [engine.receipt(hash_)]
    )
    return [each for each in found if each is not None]
