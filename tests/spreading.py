"""In which order files are handed to processes, so that none of them has nothing to do at the end.

`make test` gives each process the next file when it has done its last (`--dist loadfile`, whose own order, by
the number of tests, would keep what takes minutes in one test for the end: `--no-loadscope-reorder`).
`make long` gives each a part of the list, and who is through takes from who is not: the one test of forty
minutes begins first.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent

# Half a minute or more each, longest first.
LONGEST = (
    "keeper/faults/test_hundred_thousand_cycles.py",
    "app/test_page_faults.py",
    "economy/test_nobody_profits.py",
    "app/test_page_trades.py",
    "docs/test_pages.py",
    "app/test_page_positions.py",
    "app/test_page_verify.py",
    "keeper/faults/test_behind_a_proxy.py",
    "tandem/test_bindings.py",
    "keeper/replay/test_recorded_crashes.py",
    "stateful/test_laws_over_venues.py",
    "economy/test_economy.py",
    "app/test_page_history.py",
)
# Rooms of files that wait for a page, a node or a clock rather than compute: they lie evenly among the
# others, so that at every moment somebody computes on each core while somebody waits.
WAITING = (
    "app", "keeper/execution", "keeper/faults", "keeper/index", "keeper/local", "keeper/metrics",
    "keeper/scale", "tandem/client", "tandem/engine",
)  # fmt: skip


def order(files: Iterable[Path]) -> list[Path]:
    """The same files, each once."""
    each = dict.fromkeys(files)
    named = {file: file.relative_to(HERE).as_posix() for file in each if HERE in file.parents}
    longest = sorted(
        (f for f in each if named.get(f) in LONGEST), key=lambda f: LONGEST.index(named[f])
    )
    others = [file for file in each if file not in longest]
    waits = [file for file in others if named.get(file, "").startswith(WAITING)]
    computes = [file for file in others if file not in waits]
    place = {
        file: (i + 0.5) / len(room) for room in (waits, computes) for i, file in enumerate(room)
    }
    return [*longest, *sorted(others, key=place.__getitem__)]
