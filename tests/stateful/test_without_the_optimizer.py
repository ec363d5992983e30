"""What the contracts mean is no matter of how the compiler optimized them: the laws hold of the same
sources compiled without its optimizer, for gas, and for size. A fault of one of its passes was in none
of them, or in one alone."""

from __future__ import annotations

from functools import partial

import pyrevm
import pytest
from broken import Change, broken, copy_with
from on_lenders import OnAave, OnMorpho4
from over_venues import OverThree
from running import run
from stage import TALLY

from tandem.engine.artifacts import CONTRACTS, compile_vyper

PRAGMA = "# pragma optimize "
MARKETS = 12
LARGEST = 100_000
"""Bytes of code that the chain of these tests takes: without an optimizer several are past 24,576."""


def pragmas(way: str) -> tuple[Change, ...]:
    """That each of our files is compiled in this way."""
    found = list[Change]()
    for path in sorted(CONTRACTS.rglob("*.vy")):
        text, file = path.read_text(), str(path.relative_to(CONTRACTS))
        written = next((line for line in text.splitlines() if line.startswith(PRAGMA)), "")
        if written and not file.startswith("mocks/"):
            found.append((file, written, PRAGMA + way))
    return tuple(found)


@pytest.mark.long
@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("way", ["none", "gas", "codesize"])
def test_r26_the_laws_hold_however_it_was_optimized(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    larger = partial(pyrevm.CfgEnv, limit_contract_code_size=LARGEST)
    monkeypatch.setattr("tandem.engine.revm.pyrevm.CfgEnv", larger)
    TALLY.clear()
    copy = copy_with(*pragmas(way))
    assert any(
        compile_vyper(n, copy).bytecode != compile_vyper(n).bytecode for n in ("Vault", "Lens")
    )
    with broken(*pragmas(way)):
        run(MARKETS, 32)
        for machine in (OnAave, OnMorpho4, OverThree):
            run(MARKETS, 32, machine=machine)
    assert TALLY["mint"] > MARKETS
    assert TALLY["rebalance"] > MARKETS
