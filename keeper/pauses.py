"""A keeper told to leave things alone: what its operator paused, for how long and why, in a file beside the
journal, so that a restart forgets nothing.

What protects others goes on unless it is named: an expiry is settled, because holders wait for their money,
and margin is topped up, because the venue liquidates for want of it. A file that cannot be read stops what a
pause would: whoever paused must not find it undone by a disk that errs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from keeper.planner import WHATEVER_THE_PRICE, Kind
from tandem.errors import TandemError
from tandem.files import write_file
from tandem.terminal.json_text import to_json

STAYS_ON = frozenset((*WHATEVER_THE_PRICE, Kind.DELEVER))
"""What a pause stops by name or by --all alone."""
CAN_WAIT = tuple(kind for kind in Kind if kind not in STAYS_ON)
WITH = {Kind.REBALANCE: (Kind.BOUNTY,)}
"""What is the same act by another door."""
MOST_REASON = 200


class PauseError(TandemError):
    """The file of a pause cannot be read, or written."""


@dataclass(frozen=True, slots=True)
class Pause:
    """What is stopped since when. until: None until it is ended; times: seconds UTC."""

    kinds: tuple[Kind, ...]
    since: float
    until: float | None = None
    reason: str = ""

    def stops(self, kind: str) -> bool:
        """Whether acts of that kind are left alone."""
        return kind in self.kinds

    def is_over(self, now: float) -> bool:
        """Whether its time is up."""
        return self.until is not None and now >= self.until

    def __str__(self) -> str:
        end = f"until {_utc(self.until)}" if self.until is not None else "until it is ended"
        why = f": {self.reason}" if self.reason else ""
        return f"{', '.join(self.kinds)} paused since {_utc(self.since)} {end}{why}"


@dataclass(slots=True)
class Pauses:
    """What one journal's keeper is told. say: what begins and ends, once each."""

    path: Path
    say: Callable[[str], None] = lambda _: None
    clock: Callable[[], float] = time.time
    fault: str = ""
    """Why the file cannot be read, in words; "" where it can, or there is none."""
    now: Pause | None = None
    """What holds, as of the last look."""
    _said: str = field(default="")

    def look(self) -> Pause | None:
        """What holds now; told where it is another than before."""
        try:
            self.now, self.fault = read(self.path), ""
        except PauseError as error:
            since = self.now.since if self.now else self.clock()
            self.now, self.fault = Pause(CAN_WAIT, since), str(error)
        if self.now is not None and self.now.is_over(self.clock()):
            self.now = None
        told = self.fault or (str(self.now) if self.now else "")
        if told != self._said:
            self.say(told or "the pause is over")
            self._said = told
        return self.now

    @property
    def seconds(self) -> float:
        """For which it has held, 0 where none does."""
        return max(self.clock() - self.now.since, 0.0) if self.now else 0.0


def path_beside(journal: Path) -> Path:
    """Where a pause of the journal's keeper lies."""
    if not journal.name:
        raise PauseError(
            f"{journal} names a folder, not a journal", "name a keeper's journal with --journal"
        )
    return journal.with_suffix(".pause")


def chosen(names: Collection[str], *, everything: bool) -> tuple[Kind, ...]:
    """The kinds that a pause is of: those that are named, else what can wait, or all. Raises PauseError."""
    unknown = [name for name in names if name not in list(Kind)]
    if unknown:
        raise PauseError(
            f"there is nothing called {', '.join(unknown)} to pause", f"it is of {', '.join(Kind)}"
        )
    named = {Kind(name) for name in names}
    named |= {each for kind in named for each in WITH.get(kind, ())}
    return tuple(k for k in Kind if k in named) or (tuple(Kind) if everything else CAN_WAIT)


def begin(path: Path, pause: Pause) -> None:
    """Write it down; a keeper that runs sees it in its next cycle. Raises ConfigError where it cannot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_file(path, to_json(asdict(pause)) + "\n")


def end(path: Path) -> None:
    """Let the keeper act again."""
    with suppress(FileNotFoundError):
        path.unlink()


def read(path: Path) -> Pause | None:
    """What was written down, None where nothing was. Raises PauseError where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    try:
        found: dict[str, Any] = json.loads(text)
        until = found["until"]
        return Pause(
            tuple(Kind(kind) for kind in found["kinds"]),
            float(found["since"]),
            None if until is None else float(until),
            str(found["reason"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> PauseError:
    return PauseError(
        f"the pause in {path} cannot be read: {error!r}",
        "what can wait is not sent; write it again with `tandem pause`, or end it with `tandem pause --end`",
    )


def _utc(moment: float) -> str:
    with suppress(OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return f"{moment:g}"
