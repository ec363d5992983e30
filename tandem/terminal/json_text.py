"""What every command prints as JSON, so that any reader gets what was meant.

Integers past 2**53 are text: JavaScript and jq read numbers as doubles and would round them. A
number that is none (NaN, infinite) is null: JSON has no word for it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

EXACT = 2**53
"""Up to here a double holds every integer."""


def to_json(data: Any, *, one_line: bool = False) -> str:
    """JSON text of plain data, mappings and sequences; anything else as its own text. one_line: for
    streams, one object per line."""
    return json.dumps(_plain(data), indent=None if one_line else 2, allow_nan=False)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) <= EXACT else str(int(value))
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(value)
