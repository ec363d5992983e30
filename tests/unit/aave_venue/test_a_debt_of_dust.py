"""LM-3: a short that was closed leaves some wei of debt. A long that comes after it pays them: with them it
was a hedge that nobody could sell once the dollar was frozen. Found by the machine."""

from __future__ import annotations

import pytest
from aave_bench import Bench

from tandem.units import WAD

DUST = 10


@pytest.mark.proves("LM-3", "LM-4")
def test_a_long_that_follows_a_short_is_sold_beside_a_frozen_dollar(bench: Bench) -> None:
    """Beside a debt, however small, the market gives nothing back while some of what is lent has no loan to
    value."""
    bench.fund(60_000)
    bench.trade(-3 * WAD)
    bench.trade(to_dust(bench))
    assert 0 < owed(bench) < DUST
    assert bench.position() == 0
    bench.trade(5 * WAD)
    assert owed(bench) == 0
    bench.govern("setReserveFreeze", bench.aave.usdc, True)
    fits = bench.most(-10 * WAD)
    assert fits == pytest.approx(5 * WAD, rel=2e-3)
    bench.trade(-fits)
    assert bench.position() < 5 * WAD // 500


def owed(bench: Bench) -> int:
    """Wei of the base token."""
    return int(bench.aave.parts["d_weth"].call("balanceOf", bench.venue))


def to_dust(bench: Bench) -> int:
    """The purchase that leaves a few wei of the short."""
    with bench.undone():
        bench.trade(3 * WAD)
        least = 3 * WAD + owed(bench)
    for size in range(least, least - 60, -1):
        with bench.undone():
            bench.trade(size)
            if 0 < owed(bench) < DUST:
                return size
    raise AssertionError("every purchase leaves more, or nothing")
