"""What a keeper warns of is told at once, where rules look at figures and wait until they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keeper.alerts.post import Letter, Tone
from keeper.alerts.told import MOST_AN_HOUR, MOST_OF_A_KIND, Told
from keeper.logs import Log

SAID = "TandemWarning"
"""What such a letter is called."""
NUMBER = re.compile(r"0x[0-9a-fA-F]+|\d[\d.,]*")
LEFT_OUT = ("hash", "action", "block", "exc_info")
"""Fields that differ each time."""
NAMES = ("market", "markets", "of", "name", "address", "before", "now", "relay")
"""Fields that say of what: another number there is another thing."""
LONGEST = 300
"""Letters of a field: some are words of nodes, signers and venues."""


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
        said = [f"{k}: {self._plain(v)}" for k, v in fields.items() if _says(k, v)]
        same = [f"{k}: {v}" for k, v in fields.items() if k in NAMES]
        words, kind = "\n".join([self._plain(event), *said]), str(fields.get("hint") or event)
        so_far, of_kind = self.told.last_hour(), self.told.last_hour(kind)
        is_full = so_far >= MOST_AN_HOUR and tone is not Tone.BAD
        news = "\n".join([self.who, *same, NUMBER.sub("#", words)])
        if is_full or of_kind >= MOST_OF_A_KIND or not self.told.is_news(news, kind):
            return
        place = ""
        if so_far == MOST_AN_HOUR - 1:
            place = f"{MOST_AN_HOUR}th"
        elif of_kind == MOST_OF_A_KIND - 1:
            place = f"{MOST_OF_A_KIND}th of its kind"
        if place:
            words += f"\nThat is the {place} within an hour: others are in its log alone."
        self.hand(Letter(f"{SAID}: {self.who}", self.bare(f"{words}\n{self.page}"), tone))

    def _plain(self, value: object) -> str:
        """One line, and no more than a person reads; secrets go before a cut leaves a part of one."""
        line = " ".join(self.bare(str(value)).split())
        line = "".join(each for each in line if each.isprintable())
        return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def _says(name: str, value: object) -> bool:
    return name not in LEFT_OUT and value not in (None, "")
