"""LM-2: a long under its threshold is lowered, whatever a stranger has lent in its name."""

from __future__ import annotations

import pytest
from aave_bench import PRICE, Bench

from tandem.units import WAD


@pytest.mark.proves("LM-2", "HG-20")
@pytest.mark.parametrize("gift", [0, 50, 10**12, WAD // 100])
def test_lowering_goes(bench: Bench, gift: int) -> None:
    """The market lets none of the gift go, and of ours what repays: 50 wei ended every sale."""
    bench.fund(15_000)
    bench.trade(10 * WAD)
    price = PRICE
    while not bench.aave.liquidatable(bench.venue):
        price -= WAD
        bench.aave.set_index(price)
    if gift:
        bench.aave.supply_for(bench.stranger, bench.venue, gift, bench.aave.weth)
    bench.trade(-3 * WAD)
    assert bench.position() == pytest.approx(7 * WAD, rel=1e-6)
    assert bench.aave.health(bench.venue) > WAD
