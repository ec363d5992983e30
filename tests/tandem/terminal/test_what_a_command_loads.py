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
