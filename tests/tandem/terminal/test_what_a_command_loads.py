"""Who trades, lends or reads a journal does not wait for a compiler, a table library or a second EVM."""

from __future__ import annotations

import subprocess
import sys

from tandem.plugins import find
from tandem.terminal.group import GROUP

HEAVY = ("numba", "polars", "pyrevm", "scipy")
QUICK = (
    "claim", "close", "deposit", "exit", "index", "journal", "list", "mint", "pause", "positions", "quote",
    "redeem", "report", "status", "terms", "top-up", "venues",
)  # fmt: skip


def test_a_command_loads_none_of_what_takes_longer_than_it_does() -> None:
    """One process imports them one after the other: the first that loads it is named."""
    modules = {name: find(GROUP)[name].module for name in QUICK}
    told = "\n".join(
        (
            "import sys, importlib",
            f"for name, module in {modules}.items():",
            "    importlib.import_module(module)",
            f"    print(name, *(m for m in {HEAVY} if m in sys.modules))",
        )
    )
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines() == list(QUICK)


def test_what_was_loaded_is_not_looked_through_again_when_it_ends() -> None:
    """A keeper that was told to end said so at once, and was there for two seconds more; a machine that had
    other work to do made thirteen of it (FAULTS 30: "clean exit < 5 s")."""
    told = (
        "import atexit, gc, sys;"
        "atexit.register(lambda: print(gc.get_freeze_count(), gc.get_count()[0], flush=True));"
        "sys.argv = ['tandem', '--version'];"
        "from tandem.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=60
    )
    frozen, left = map(int, done.stdout.split()[-2:])
    assert frozen > 10_000
    assert left < 700
