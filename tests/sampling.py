"""Which cases of a test `make test` plays: `@pytest.mark.sampled(3)` leaves three, the others are long.

For tests whose every case begins a process, a node or a market: what they have in common shows in a few of
them. Which is drawn by the test's name: the same at each change, and not the first of every test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from zlib import crc32

import pytest

ELSEWHERE = ("long", "laws", "live")
"""Marks of what `make test` leaves out anyway."""


def drawn(name: str, cases: int, keep: int) -> set[int]:
    """Places of the cases that are kept, evenly apart: `keep` of them, or all where there are no more."""
    first, keep = crc32(name.encode()), min(keep, cases)
    return {(first + i * cases // keep) % cases for i in range(keep)}


def leave_samples(items: Sequence[pytest.Item]) -> None:
    """Mark as long what is not drawn, of each test by itself."""
    for name, (keep, cases) in _sampled(items).items():
        kept = drawn(name, len(cases), keep)
        for place, case in enumerate(cases):
            if place not in kept:
                case.add_marker(pytest.mark.long)


def _sampled(items: Iterable[pytest.Item]) -> dict[str, tuple[int, list[pytest.Item]]]:
    found: dict[str, tuple[int, list[pytest.Item]]] = {}
    cases: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        mark = item.get_closest_marker("sampled")
        if mark is None or any(item.get_closest_marker(each) for each in ELSEWHERE):
            continue
        name = item.nodeid.partition("[")[0]
        cases[name].append(item)
        found[name] = (mark.args[0] if mark.args else 1, cases[name])
    return found
