"""A payoff as a small picture of characters."""

from __future__ import annotations

from collections.abc import Sequence

BLOCKS = " ▁▂▃▄▅▆▇█"


def sketch(values: Sequence[float], height: int = 5) -> list[str]:
    """Columns of blocks from 0 up, the top row first; a value of the maximum fills its column."""
    most = max(values, default=0.0)
    steps = [round(v / most * height * 8) if most > 0 else 0 for v in values]
    return [
        "".join(BLOCKS[min(max(step - 8 * row, 0), 8)] for step in steps)
        for row in reversed(range(height))
    ]
