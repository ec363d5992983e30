"""Who trades, lends or reads a journal does not wait for a compiler, a table library or a second EVM."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tandem.plugins import find
from tandem.terminal.group import GROUP

HEAVY = ("numba", "polars", "pyrevm", "scipy")
QUICK = (
    "claim", "close", "deposit", "exit", "index", "journal", "list", "mint", "pause", "positions", "quote",
    "redeem", "report", "status", "terms", "top-up", "venues",
)  # fmt: skip


@pytest.mark.parametrize("name", QUICK)
def test_a_command_loads_none_of_what_takes_longer_than_it_does(name: str) -> None:
    module = find(GROUP)[name].module
    told = f"import sys, {module}; print(*(m for m in {HEAVY} if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == ""
