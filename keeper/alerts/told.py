"""What was told already, by this process or one before it: who is started again and again says it once."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from keeper.beside import leave, recalled
from tandem.units import HOUR

MOST_AN_HOUR = 20
"""Letters. What comes after them is in the log alone, and the last one says so."""
MOST_OF_A_KIND = 5
"""The same of one kind: what somebody can make a keeper say again and again leaves room for the rest."""


@dataclass(slots=True)
class Told:
    """path: where it is kept, None for nowhere; again_seconds: after which the same is news. UTC seconds."""

    path: Path | None
    again_seconds: float
    utc: Callable[[], float] = time.time
    _at: dict[str, float] = field(default_factory=dict[str, float])

    def __post_init__(self) -> None:
        if self.path is not None:
            self._at = recalled(self.path, float)

    def last_hour(self, kind: str = "") -> int:
        """Letters within it, of all kinds or of one."""
        now, head = self.utc(), _short(kind, 8) if kind else ""
        return sum(0 <= now - at < HOUR for key, at in self._at.items() if key.startswith(head))

    def is_news(self, words: str, kind: str = "") -> bool:
        """Whether this was not told lately; from now on it was. A clock that was set back holds nothing."""
        now, key = self.utc(), _short(kind, 8) + _short(words, 32)
        if 0 <= now - self._at.get(key, float("-inf")) < self.again_seconds:
            return False
        longest = max(self.again_seconds, HOUR)
        self._at = {k: at for k, at in self._at.items() if 0 <= now - at < longest}
        self._at[key] = now
        if self.path is not None:
            leave(self.path, self._at)
        return True


def _short(words: str, digits: int) -> str:
    return hashlib.sha256(words.encode(errors="replace")).hexdigest()[:digits]
