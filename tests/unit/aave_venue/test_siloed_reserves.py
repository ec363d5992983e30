"""LM-3: a reserve that may be borrowed alone (siloed). The account owes one of both at a time, so either may:
what it says fills, and nothing is stopped that was open. Governance can do that only while nobody owes it."""

from __future__ import annotations

import pytest
from aave_bench import ACCRUED, Bench
from test_a_debt_of_dust import owed, to_dust

from tandem.units import WAD

TOKENS = {"ether": ("weth",), "dollars": ("usdc",), "both": ("weth", "usdc")}


SILOED = 62
"""The bit of a reserve's configuration."""
NOBODY_OWES = bytes.fromhex("6007600a5f3960075ff3" + "5f5f5260205ff3")
"""Creates what answers nothing to anything: whom the configurator asks how much is owed."""


def silo(bench: Bench, which: str) -> None:
    asked = bench.engine.create(NOBODY_OWES, bench.aave.owner)
    bench.aave.parts["provider"].send("setPoolDataProvider", asked, sender=bench.aave.owner)
    for token in TOKENS[which]:
        place = getattr(bench.aave, token)
        bench.govern("setSiloedBorrowing", place, True)
        assert bench.aave.lending_pool.call("getConfiguration", place)[0] >> SILOED & 1


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("which", TOKENS)
@pytest.mark.parametrize("side", [1, -1])
def test_what_it_says_fills_both_ways_and_through_nothing(
    bench: Bench, which: str, side: int
) -> None:
    """From nothing, enlarged, through nothing far enough to borrow the other one, and home."""
    silo(bench, which)
    bench.fund(15_000)
    for order in (4, 2, -20, 3, 25):
        size = side * order * WAD
        before, fits = bench.position(), bench.most(size)
        assert fits > 0
        bench.trade(fits if size > 0 else -fits)
        moved = bench.position() - before
        assert moved == pytest.approx(fits if size > 0 else -fits, abs=ACCRUED)
    bench.trade(-bench.position())
    assert abs(bench.position()) < ACCRUED


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("which", TOKENS)
def test_beside_a_debt_of_dust_too(bench: Bench, which: str) -> None:
    """A few wei of a short are owed beside a long: they are paid before the other one is borrowed."""
    silo(bench, which)
    bench.fund(15_000)
    bench.trade(-3 * WAD)
    bench.trade(to_dust(bench))
    assert owed(bench) > 0
    fits = bench.most(15 * WAD)
    assert fits * 3_000 > 15_000 * WAD, "more than its own margin pays for"
    bench.trade(fits)
    assert bench.position() == pytest.approx(fits, abs=ACCRUED)
