"""What is asked of an index: each parameter has a form and a bound; another is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tandem.protocol.happenings import KINDS

LIMIT, MOST = 100, 500
"""Rows of a page: by itself, and at most."""
HIGHEST = 2**53
_NUMBER = re.compile(r"\d{1,16}", re.ASCII)
_CURSOR = re.compile(r"(\d{1,16})-(\d{1,16})", re.ASCII)
_ACCOUNT = re.compile(r"0x[0-9a-f]{40}", re.ASCII | re.IGNORECASE)


class AskedWrongError(Exception):
    """parameter: the one that is wrong."""

    def __init__(self, parameter: str, why: str) -> None:
        super().__init__(f"{parameter}: {why}")
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows, newest first. kinds: any where there are none; account: small letters; low, high: blocks,
    both included; before, after: places of rows, both left out."""

    kinds: tuple[str, ...] = ()
    account: str = ""
    low: int = 0
    high: int = HIGHEST
    before: tuple[int, int] | None = None
    after: tuple[int, int] | None = None
    limit: int = LIMIT


def wanted(query: Sequence[tuple[str, str]]) -> Wanted:
    """Raises AskedWrongError."""
    given = dict[str, Any]()
    for name, text in query:
        field = _FIELDS.get(name)
        if field is None:
            raise AskedWrongError(name[:40], f"there are {', '.join(_FIELDS)}")
        if field[0] in given:
            raise AskedWrongError(name, "it is given twice")
        given[field[0]] = field[1](name, text)
    found = Wanted(**given)
    if found.low > found.high:
        raise AskedWrongError("to", "the range ends before it begins")
    return found


def _kinds(name: str, text: str) -> tuple[str, ...]:
    parts = tuple(text.split(","))
    if len(parts) > len(KINDS) or not set(parts) <= set(KINDS):
        raise AskedWrongError(name, f"some of {','.join(KINDS)}")
    return tuple(dict.fromkeys(parts))


def _account(name: str, text: str) -> str:
    if not _ACCOUNT.fullmatch(text):
        raise AskedWrongError(name, "an address is 0x and 40 hexadecimal digits")
    return text.lower()


def _number(name: str, text: str) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > HIGHEST:
        raise AskedWrongError(name, f"a whole number from 0 to {HIGHEST}")
    return int(text)


def _limit(name: str, text: str) -> int:
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= MOST:
        raise AskedWrongError(name, f"a whole number from 1 to {MOST}")
    return int(text)


def _cursor(name: str, text: str) -> tuple[int, int]:
    found = _CURSOR.fullmatch(text)
    if found is None or max(map(int, found.groups())) > HIGHEST:
        raise AskedWrongError(name, "a block and a log's index, as 1200-3")
    return int(found[1]), int(found[2])


_FIELDS: Mapping[str, tuple[str, Callable[[str, str], Any]]] = {
    "kind": ("kinds", _kinds),
    "account": ("account", _account),
    "from": ("low", _number),
    "to": ("high", _number),
    "before": ("before", _cursor),
    "after": ("after", _cursor),
    "limit": ("limit", _limit),
}
