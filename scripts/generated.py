"""Files that are written from something else: written where they are stale, or named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path


def stale(texts: Mapping[str, str], standing: Iterable[Path]) -> list[str]:
    """Names of files that are not what they should be, or should not be. standing: those that there are."""
    found = {path.name: path.read_text() for path in standing}
    return sorted(name for name in {*texts, *found} if texts.get(name) != found.get(name))


def write(texts: Mapping[str, str], names: Iterable[str], out: Path) -> None:
    """Write what is stale, and remove what should not be."""
    for name in names:
        if name in texts:
            (out / name).write_text(texts[name])
        else:
            (out / name).unlink()
