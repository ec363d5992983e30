"""Who hears what a keeper says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Said:
    """lines: level, event and fields of each, in order."""

    lines: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    @property
    def events(self) -> list[str]:
        return [event for _, event, _ in self.lines]

    @property
    def warned(self) -> list[str]:
        """What a person is told of."""
        return [event for level, event, _ in self.lines if level in ("warning", "error")]

    def debug(self, event: str, **fields: Any) -> None:
        self.lines.append(("debug", event, fields))

    def info(self, event: str, **fields: Any) -> None:
        self.lines.append(("info", event, fields))

    def warning(self, event: str, **fields: Any) -> None:
        self.lines.append(("warning", event, fields))

    def error(self, event: str, **fields: Any) -> None:
        self.lines.append(("error", event, fields))

    exception = error
