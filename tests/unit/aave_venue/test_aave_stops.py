"""What the lending market's governance, its caps and its sentinel stop, by name; and the way out of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from aave_bench import ACCRUED, PRICE, Bench
from lent import leave, shut
from refusals import refuses
from strangers import list_token

from tandem.errors import Reverted
from tandem.units import HOUR, USD, WAD

Stop = Callable[[Bench], object]


def pause_dollars(bench: Bench) -> object:
    return bench.govern("setReservePause", bench.aave.usdc, True)


def pause_ether(bench: Bench) -> object:
    return bench.govern("setReservePause", bench.aave.weth, True)


def pause_all(bench: Bench) -> object:
    return bench.govern("setPoolPause", True)


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("stop", [pause_dollars, pause_ether, pause_all])
@pytest.mark.parametrize("side", [1, -1])
def test_a_pause_stops_both_ways_and_its_end_gives_everything_back(
    bench: Bench, stop: Stop, side: int
) -> None:
    """Not even a position may be lowered, but by what idle cash pays while ether still moves; the account is
    valued all the same, and the views answer."""
    bench.fund(15_000)
    bench.trade(side * 10 * WAD)
    worth = bench.account(PRICE)
    with bench.undone():
        stop(bench)
        assert bench.account(PRICE) == pytest.approx(worth, abs=WAD // 1_000)
        for size in (WAD, -WAD):
            pays = bench.idle() * 10**12 * WAD // PRICE if stop is pause_dollars else 0
            if size > 0 < pays:
                assert pays * 995 // 1_000 < bench.most(size) < pays
                with bench.undone():
                    bench.trade(bench.most(size))
            else:
                assert bench.most(size) == 0
            with refuses("ReservePaused"):
                bench.trade(size)
    stop(bench)
    flag = "setPoolPause" if stop is pause_all else "setReservePause"
    asset = {pause_dollars: bench.aave.usdc, pause_ether: bench.aave.weth}.get(stop)
    bench.govern(flag, *([asset] if asset else []), False)
    bench.trade(-bench.position())
    assert abs(bench.position()) < ACCRUED


@pytest.mark.proves("LM-4")
def test_frozen_dollars_stop_what_sells_and_let_a_short_come_home(bench: Bench) -> None:
    """Freezing sets the loan to value to nothing. What a short bought back needs is taken back and repaid:
    that goes on. What a sale brings cannot be lent."""
    bench.fund(15_000)
    bench.trade(-10 * WAD)
    bench.govern("setReserveFreeze", bench.aave.usdc, True)
    assert bench.most(-WAD) == 0
    with refuses("ReserveFrozen"):
        bench.trade(-WAD)
    assert bench.most(4 * WAD) == 4 * WAD
    bench.trade(4 * WAD)
    bench.trade(-bench.position())
    assert abs(bench.position()) < ACCRUED


@pytest.mark.proves("LM-4")
def test_frozen_ether_stops_what_enlarges_and_lets_both_come_home(bench: Bench) -> None:
    bench.fund(40_000)
    for side in (1, -1):
        with bench.undone():
            bench.trade(side * 5 * WAD)
            bench.govern("setReserveFreeze", bench.aave.weth, True)
            assert bench.most(side * WAD) == 0
            with refuses("ReserveFrozen"):
                bench.trade(side * WAD)
            assert bench.most(-side * 5 * WAD) >= 4 * WAD
            bench.trade(-bench.position())
            assert abs(bench.position()) < ACCRUED


def test_a_freeze_that_ended_leaves_no_loan_to_value_and_says_so(bench: Bench) -> None:
    """Measured: unfreezing gives the flag back; the loan to value comes back with it in this version, and
    where it does not the adapter says that nothing more may be borrowed."""
    bench.fund(15_000)
    bench.trade(-3 * WAD)
    bench.govern("configureReserveAsCollateral", bench.aave.usdc, 0, 7_800, 10_500)
    assert bench.most(-WAD) == 0
    with refuses("LtvValidationFailed"):
        bench.trade(-WAD)
    bench.trade(-bench.position())
    assert abs(bench.position()) < ACCRUED


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("side", [1, -1])
def test_caps_say_how_much(bench: Bench, side: int) -> None:
    """Under both caps of what an order moves, max_order is what fits, and what it says fills."""
    bench.fund(200_000)
    aave = bench.aave
    if side > 0:
        bench.govern("setSupplyCap", aave.weth, 20_010)
    else:
        lent = aave.parts["a_usdc"].call("totalSupply") // USD
        bench.govern("setSupplyCap", aave.usdc, lent + 30_000)
    fits = bench.most(side * 50 * WAD)
    assert 3 * WAD < fits < 12 * WAD
    with bench.undone():
        bench.trade(side * fits)
    with refuses("SupplyCapExceeded"):
        bench.trade(side * 14 * WAD)


@pytest.mark.proves("LM-4")
@pytest.mark.parametrize("room", [0, 1_000], ids=["full", "nearly"])
def test_a_full_market_lets_a_long_come_home(bench: Bench, room: int) -> None:
    """What its sale brings is lent as far as it may be, or lies idle: more than is lent cannot be sold."""
    bench.fund(15_000)
    bench.trade(4 * WAD)
    worth, held = bench.equity(), bench.position()
    lent = bench.aave.parts["a_usdc"].call("totalSupply") // USD
    bench.govern("setSupplyCap", bench.aave.usdc, lent + room)
    for size in (held, 2 * held):
        assert held * 998 // 1_000 < bench.most(-size) <= held
    with refuses("SupplyCapExceeded"):
        bench.trade(-2 * held)
    bench.trade(-held)
    assert abs(bench.position()) < ACCRUED
    assert bench.equity() == pytest.approx(worth, rel=1e-3)
    free = bench.venue.call("free_collateral")
    assert free * 10**12 == pytest.approx(worth, rel=3e-3)
    bench.venue.send("withdraw", free, bench.stranger, sender=bench.router)


def test_a_cap_on_what_is_owed_says_how_much(bench: Bench) -> None:
    bench.fund(200_000)
    bench.govern("setBorrowCap", bench.aave.weth, 10)
    fits = bench.most(-50 * WAD)
    assert 9 * WAD < fits < 10 * WAD
    with bench.undone():
        bench.trade(-fits)
    with refuses("BorrowCapExceeded"):
        bench.trade(-11 * WAD)


def test_a_token_that_nobody_may_owe_any_more(bench: Bench) -> None:
    bench.fund(15_000)
    bench.trade(-2 * WAD)
    bench.govern("setReserveBorrowing", bench.aave.weth, False)
    assert bench.most(-WAD) == 0
    with refuses("BorrowingNotEnabled"):
        bench.trade(-WAD)
    bench.trade(-bench.position())


def test_what_is_not_there_is_not_lent(bench: Bench) -> None:
    """Lenders have left: a short cannot grow, and comes home."""
    bench.fund(100_000)
    bench.trade(-2 * WAD)
    aave = bench.aave
    leave(aave, True, WAD)
    assert 9 * WAD // 10 < bench.most(-5 * WAD) <= WAD
    bench.trade(-bench.most(-5 * WAD))
    assert bench.most(-5 * WAD) < WAD // 100
    with pytest.raises(Reverted):
        bench.trade(-5 * WAD)
    bench.trade(-bench.position())


def test_the_sentinel_stops_borrowing_while_the_sequencer_is_down(bench: Bench) -> None:
    """A short cannot grow while it is shut, and comes home."""
    bench.fund(15_000)
    bench.trade(-2 * WAD)
    aave = bench.aave
    uptime = shut(aave)
    assert bench.most(-WAD) == 0
    with refuses("PriceOracleSentinelCheckFailed"):
        bench.trade(-WAD)
    assert bench.most(WAD) == WAD
    bench.trade(-bench.position())
    uptime.send("push", 0, sender=aave.owner)
    bench.engine.advance(HOUR + 60)
    bench.trade(-WAD)


def test_a_lowered_threshold_is_in_the_margin_and_in_what_fills(bench: Bench) -> None:
    bench.fund(15_000)
    bench.trade(-10 * WAD)
    before = bench.venue.call("bounds", -1)
    said = bench.most(-10 * WAD)
    bench.govern("configureReserveAsCollateral", bench.aave.usdc, 7_000, 7_200, 10_500)
    assert all(now > then for now, then in zip(bench.venue.call("bounds", -1), before, strict=True))
    assert bench.most(-10 * WAD) < said


@pytest.mark.proves("LM-4")
def test_a_strangers_token_that_is_worth_nothing_any_more(bench: Bench) -> None:
    """A stranger's dust of a token whose loan to value is later set to nothing blocks what is taken back
    (measured). The adapter says so, and anybody ends it."""
    bench.fund(15_000)
    bench.trade(-3 * WAD)
    aave = bench.aave
    aave.supply_for(bench.stranger, bench.venue, 10**9, aave.weth)  # of our own: no harm
    third = list_token(bench.aave)
    aave.supply_for(bench.stranger, bench.venue, 10**9, third)
    assert bench.most(WAD) == WAD
    bench.govern("configureReserveAsCollateral", third, 0, 5_000, 10_500)
    with refuses("LtvValidationFailed"):
        bench.trade(WAD)
    assert bench.most(WAD) < bench.idle() * 10**12 * WAD // PRICE < WAD // 3
    assert bench.venue.call("free_collateral") == bench.idle()
    bench.venue.send("settle_collateral", third, sender=bench.stranger)
    assert bench.most(WAD) == WAD
    bench.trade(-bench.position())


@pytest.mark.proves("LM-4")
def test_what_was_lent_while_it_counted_for_nothing_counts_again(bench: Bench) -> None:
    """First lent at a loan to value of nothing it carries no debts, until anybody says so."""
    bench.govern("configureReserveAsCollateral", bench.aave.usdc, 0, 7_800, 10_500)
    bench.fund(15_000)
    bench.govern("configureReserveAsCollateral", bench.aave.usdc, 7_500, 7_800, 10_500)
    assert bench.most(-WAD) == 0
    with refuses("LtvValidationFailed"):
        bench.trade(-WAD)
    bench.venue.send("settle_collateral", bench.aave.usdc, sender=bench.stranger)
    bench.trade(-WAD)


@pytest.mark.proves("LM-3", "LM-4")
@pytest.mark.parametrize("held", [0, 1, 5])
def test_what_carries_no_debt_is_paid_with_and_sold_all_the_same(bench: Bench, held: int) -> None:
    """Found by the machine: a freeze set both loans to value to nothing, dollars were lent meanwhile, and
    an order for more than was there was told to be none at all. The market asks nothing where nothing is
    owed."""
    for token in (bench.aave.usdc, bench.aave.weth):
        bench.govern("configureReserveAsCollateral", token, 0, 7_800, 10_500)
    bench.fund(60_000)
    if held:
        bench.trade(held * WAD)
    for size, worst, there in (
        (10**27, PRICE * 101 // 100, (20 - held) * WAD),
        (-(10**27), 0, held * WAD),
        (-held * WAD - 1, 0, held * WAD),
    ):
        fits = bench.venue.call("max_order", size, worst)
        assert there * 97 // 100 <= fits <= there
        sign = 1 if size > 0 else -1
        with bench.undone():
            if fits:
                bench.trade(sign * fits)
        with refuses("LtvValidationFailed"):
            bench.trade(sign * (there + WAD))


@pytest.mark.proves("LM-3")
def test_dust_is_not_free(bench: Bench) -> None:
    """Units that the market would round away are not taken back but borrowed, which they do not carry: so
    none of them is said to be free, and no sweep is refused for them."""
    bench.aave.usdc.send("mint", bench.venue, 30, sender=bench.aave.owner)
    bench.venue.send("deposit", 12, sender=bench.router)
    assert bench.venue.call("free_collateral") == bench.idle() < 9
    with refuses("HealthFactorLowerThanLiquidationThreshold"):
        bench.venue.send("withdraw", 10, bench.stranger, sender=bench.router)
    bench.venue.send("deposit", 18, sender=bench.router)
    free = bench.venue.call("free_collateral")
    assert free > 15
    bench.venue.send("withdraw", free, bench.stranger, sender=bench.router)
