"""Small things that a process leaves for the next one, beside its journal: names and what was known of them.

What is lost with such a file is said or looked at once more, so nothing waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from pydantic_core import from_json

from tandem.errors import ConfigError
from tandem.files import write_file
from tandem.terminal.json_text import to_json

T = TypeVar("T", str, float)
UNREADABLE = (OSError, ValueError, TypeError, AttributeError, ArithmeticError)


def recalled(path: Path, kind: Callable[[Any], T]) -> dict[str, T]:
    """What the process before this one left; nothing where it left nothing that can be read whole."""
    with suppress(*UNREADABLE):
        return {str(name): kind(found) for name, found in from_json(path.read_bytes()).items()}
    return {}


def leave(path: Path, known: Mapping[str, str] | Mapping[str, float]) -> None:
    """All of it or what was there before; where it cannot be kept the next process begins anew."""
    with suppress(ConfigError):
        write_file(path, to_json(known) + "\n")
