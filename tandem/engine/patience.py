"""How long to wait between two looks for what a node will say soon."""

from __future__ import annotations

from collections.abc import Iterator

FIRST, LONGEST = 0.01, 0.25


def pauses() -> Iterator[float]:
    """Seconds between one look and the next, without end: a node that mines at once has a receipt a
    moment after it took the transaction, and one that others share is not asked more than needs be.
    Each is twice the one before, up to a quarter of a second."""
    pause = FIRST
    while True:
        yield pause
        pause = min(2 * pause, LONGEST)
