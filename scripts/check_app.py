"""Holds the page's house: arrows point down its floors, and no file is over 300 lines.

A file may import from its own floor and from those below, types and generated files like all else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1] / "app"
FLOORS = (
    ("protocol/units.ts", "abi/"),
    ("chain/",),
    ("protocol/series.ts", "protocol/terms.ts"),
    ("model/",),
    ("protocol/",),
    ("state/",),
    ("parts/",),
    ("views/",),
    ("main.tsx",),
)
"""From the ground up: folders of app/src, and files that stand elsewhere than the rest of theirs."""
FILE_LINES = 300
GENERATED = "abi/"
_IMPORT = re.compile(r'(?:from|import) "(\.[^"]+)"')


def floor(name: str) -> int:
    """On which a file of app/src stands, 0 the ground."""
    for at, places in enumerate(FLOORS):
        if name in places:
            return at
    return next(at for at, places in enumerate(FLOORS) if name.startswith(places))


def faults(name: str, text: str) -> Iterator[str]:
    """What is wrong with one file. name: its path in app/src."""
    lines = len(text.splitlines())
    if lines > FILE_LINES and not name.startswith(GENERATED):
        yield f"{name}: {lines} lines, {FILE_LINES} are the measure: find the seam"
    for place in _IMPORT.findall(text):
        other = _joined(PurePosixPath(name).parent, place)
        if floor(other) > floor(name):
            yield f"{name} imports {other}, which stands on a floor above it"


def _joined(folder: PurePosixPath, place: str) -> str:
    parts = list(folder.parts)
    for part in PurePosixPath(place).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def main() -> int:
    """Print what is wrong; 1 where anything is."""
    source = ROOT / "src"
    found = [
        fault
        for path in sorted([*source.rglob("*.ts"), *source.rglob("*.tsx")])
        for fault in faults(path.relative_to(source).as_posix(), path.read_text())
    ]
    for fault in found:
        print(f"app/src/{fault}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
