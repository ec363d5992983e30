"""What a keeper warns of is told at once, where rules look at figures and wait until they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keeper.alerts.post import Letter, Tone
from keeper.alerts.told import MOST_AN_HOUR, Told
from keeper.logs import Log

SAID = "TandemWarning"
"""What such a letter is called."""
NUMBER = re.compile(r"0x[0-9a-fA-F]+|\d[\d.,]*")
LEFT_OUT = ("hash", "action", "block", "exc_info")
"""Fields that differ each time."""


@dataclass(slots=True)
class Herald:
    """A log whose warnings go on as letters: each once, and again after hours where it is said again.
    hand: delivers; bare: takes out what is a secret; page: where it is written what to do."""

    log: Log
    hand: Callable[[Letter], None]
    who: str
    bare: Callable[[str], str]
    page: str
    told: Told
    errors_only: bool = False

    def debug(self, event: str, **fields: Any) -> None:
        self.log.debug(event, **fields)

    def info(self, event: str, **fields: Any) -> None:
        self.log.info(event, **fields)

    def warning(self, event: str, **fields: Any) -> None:
        self.log.warning(event, **fields)
        if not self.errors_only:
            self._tell(event, fields, Tone.WARN)

    def error(self, event: str, **fields: Any) -> None:
        self.log.error(event, **fields)
        self._tell(event, fields, Tone.BAD)

    def exception(self, event: str, **fields: Any) -> None:
        self.log.exception(event, **fields)
        self._tell(event, fields, Tone.BAD)

    def _tell(self, event: str, fields: Mapping[str, Any], tone: Tone) -> None:
        said = [f"{name}: {value}" for name, value in fields.items() if _says(name, value)]
        words = "\n".join([event, *said])
        so_far = self.told.last_hour()
        if so_far >= MOST_AN_HOUR or not self.told.is_news(NUMBER.sub("#", words)):
            return
        if so_far == MOST_AN_HOUR - 1:
            words += f"\nThat is the {MOST_AN_HOUR}th within an hour: others are in its log alone."
        self.hand(Letter(f"{SAID}: {self.who}", self.bare(f"{words}\n{self.page}"), tone))


def _says(name: str, value: object) -> bool:
    return name not in LEFT_OUT and value not in (None, "")
