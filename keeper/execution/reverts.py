"""What the chain refuses once it is mined, although a simulation let it pass, is not paid for without end."""

from __future__ import annotations

from dataclasses import dataclass, field

from keeper.journal import State

MOST_REVERTS = 3
"""In a row, of one kind, before it is held."""
FIRST_HOLD, LONGEST_HOLD = 60, 3_600
"""Seconds of the chain's time: after the third, and after many."""
URGENT_HOLD = 300
"""That what is urgent waits at most: whoever comes sooner nine times in a row, or a node whose simulations
err, would hold off a hedge past its hard band for an hour."""


@dataclass(slots=True)
class Reverts:
    """Of each kind of act, how often in a row it was reverted, and until when it is left alone. Those
    that are seen at one block are one: slices that were mined too late have one reason."""

    _rows: dict[str, int] = field(default_factory=dict[str, int])
    _seen: dict[str, int] = field(default_factory=dict[str, int])
    """When the last was reverted."""
    _until: dict[str, int] = field(default_factory=dict[str, int])

    def is_held(self, kind: str, timestamp: int, *, urgent: bool = False) -> bool:
        """Whether it waits."""
        until = self._until.get(kind, 0)
        return timestamp < (min(until, self._seen.get(kind, 0) + URGENT_HOLD) if urgent else until)

    def after(self, kind: str, state: State, timestamp: int) -> tuple[int, int] | None:
        """Note what came of one; (how often in a row it was reverted, seconds that it waits) where it is held
        from now on. What a simulation refused says nothing."""
        if state is State.MINED:
            self._rows.pop(kind, None)
            self._seen.pop(kind, None)
        if state is not State.REVERTED or self._seen.get(kind) == timestamp:
            return None
        self._seen[kind] = timestamp
        row = self._rows[kind] = self._rows.get(kind, 0) + 1
        if row < MOST_REVERTS:
            return None
        hold = min(FIRST_HOLD << (row - MOST_REVERTS), LONGEST_HOLD)
        self._until[kind] = timestamp + hold
        return row, hold
