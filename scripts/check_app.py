"""Holds the page's house: arrows point down its floors, no file is over 300 lines, no function over forty.

A file may import from its own floor and from those below, types and generated files like all else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
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
FUNCTION_LINES = 40
LONG: Mapping[str, int] = {
    "views/bundle-offer.tsx Offer": 102,
    "views/verify/attested.tsx Attested": 65,
    "state/checks.ts hedging": 59,
    "views/operate/past.tsx Acts": 59,
    "views/lending.tsx Deposit": 58,
    "views/lending.tsx Leave": 57,
    "parts/signing.tsx Barred": 55,
    "state/checks.ts solvency": 53,
    "views/held.tsx HeldTable": 53,
    "views/menu.tsx Menu": 53,
    "views/causes.tsx Table": 52,
    "views/earn.tsx Mine": 52,
    "views/operate/past.tsx Nodes": 52,
    "views/bundles.tsx Bundles": 51,
    "views/losses.tsx Gate": 51,
    "views/verify/attested.tsx Judgement": 51,
    "parts/account.tsx useWallets": 48,
    "main.tsx Page": 47,
    "views/verify/rules.tsx Parameters": 47,
    "views/held.tsx Row": 46,
    "state/live.ts useLive": 45,
    "views/lending.tsx Limits": 42,
    "views/opening.tsx Opening": 44,
    "views/verify/book.tsx Smiles": 44,
    "views/menu.tsx Rows": 43,
    "views/marks.tsx Marks": 42,
    "parts/payoffs.tsx Payoffs": 41,
    "views/operate.tsx Beside": 41,
}
"""Functions that were longer when this was first measured, and their lines: what shrinks is written down, and
nothing joins them."""
GENERATED = "abi/"
_IMPORT = re.compile(r'(?:from|import) "(\.[^"]+)"')


# prettier has set the text: a function ends where its first line's indentation comes back
_BEGINS = (
    re.compile(r"^(?P<in> *)(?:export )?(?:async )?function\*? (?P<name>\w+)"),
    re.compile(r"^(?P<in> *)(?:export )?const (?P<name>\w+)\b.*=> [{(]$"),
    re.compile(
        r"^(?P<in>  )(?:async )?\*?(?P<name>#?(?!(?:if|for|while|switch)\b)\w+)(?:<.*>)?\((?!.*=>).*[{(]$"
    ),
)


def functions(text: str) -> Iterator[tuple[str, int]]:
    """Each function that has a name, and its lines."""
    lines = text.splitlines()
    for first, line in enumerate(lines):
        found = next((match for begins in _BEGINS if (match := begins.match(line))), None)
        if found is None:
            continue
        ends = {found["in"] + end for end in ("}", "};", ");")}
        last = next((at for at in range(first + 1, len(lines)) if lines[at] in ends), first)
        yield found["name"], last - first + 1


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
    if not name.startswith(GENERATED):
        yield from _long(name, text)
    for place in _IMPORT.findall(text):
        other = _joined(PurePosixPath(name).parent, place)
        if floor(other) > floor(name):
            yield f"{name} imports {other}, which stands on a floor above it"


def _long(name: str, text: str) -> Iterator[str]:
    sizes = dict(functions(text))
    for function, size in sizes.items():
        most = max(LONG.get(f"{name} {function}", 0), FUNCTION_LINES)
        if size > most:
            yield f"{name}: {function} has {size} lines, {most} are the measure: find the seam"


def shrunk(texts: Mapping[str, str]) -> Iterator[str]:
    """What is known as longer than it is by now. texts: all files by name."""
    sizes = {name: dict(functions(text)) for name, text in texts.items()}
    for place, known in LONG.items():
        name, function = place.split(" ")
        if sizes.get(name, {}).get(function, 0) < known:
            yield f"{name}: {function} is shorter than the {known} lines that are known of it here"


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
    texts = {
        path.relative_to(source).as_posix(): path.read_text()
        for path in sorted([*source.rglob("*.ts"), *source.rglob("*.tsx")])
    }
    found = [fault for name, text in texts.items() for fault in faults(name, text)]
    found += shrunk(texts)
    for fault in found:
        print(f"app/src/{fault}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
