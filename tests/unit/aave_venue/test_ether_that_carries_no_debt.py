"""LM-4: ether that was first lent while it counted for nothing carries no debts, until anybody says so."""

from __future__ import annotations

import pytest
from aave_bench import PRICE, Bench
from refusals import refuses
from strangers import list_token

from tandem.units import WAD


@pytest.mark.proves("LM-4")
def test_a_long_on_ether_that_carries_nothing_is_paid_with_what_is_lent_alone(bench: Bench) -> None:
    """The market valued ether at nothing when the long was opened, and at its usual again since: dollars
    carry debts, ether none. What is said to fill is what the dollars pay, it fills, and no more does."""
    weth = bench.aave.weth
    bench.fund(30_000)
    bench.govern("configureReserveAsCollateral", weth, 0, 8_300, 10_500)
    bench.trade(5 * WAD)
    bench.govern("configureReserveAsCollateral", weth, 8_000, 8_300, 10_500)
    lent = bench.aave.parts["a_usdc"].call("balanceOf", bench.venue)
    assert bench.idle() == 0 < lent
    for size in (5 * WAD, 10 * WAD):
        fits = bench.most(size)
        assert fits == pytest.approx(lent * 10**12 * WAD // PRICE, rel=2e-3)
        with bench.undone():
            bench.trade(fits)
        with refuses("LtvValidationFailed"):
            bench.trade(size)
    held = bench.position()
    assert held * 998 // 1_000 < bench.most(-2 * held) <= held
    bench.venue.send("settle_collateral", weth, sender=bench.stranger)
    for size in (10 * WAD, -10 * WAD):
        assert bench.most(size) == abs(size)
        with bench.undone():
            bench.trade(size)


@pytest.mark.proves("LM-4")
def test_ether_of_no_value_that_nobody_lends_stops_nothing(bench: Bench) -> None:
    """The market lets nothing be taken back beside collateral that is worth nothing any more: of what the
    account lends, a stranger's token that is worth something among it, and not of what it owes."""
    bench.fund(15_000)
    bench.trade(-3 * WAD)
    third = list_token(bench.aave)
    bench.aave.supply_for(bench.stranger, bench.venue, 10**9, third)
    bench.govern("configureReserveAsCollateral", bench.aave.weth, 0, 8_300, 10_500)
    assert bench.most(2 * WAD) == 2 * WAD
    assert bench.venue.call("free_collateral") > bench.idle()
    bench.trade(2 * WAD)
