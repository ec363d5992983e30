"""account: against the venue's own account value."""

from __future__ import annotations

import pytest
from curie_bench import PRICE, Bench

from tandem.errors import Reverted
from tandem.protocol.reverts import explain
from tandem.units import USD, WAD

CENT = WAD // 100
MICRO = 10**12  # the venue reports account values in millionths of a dollar, rounded down


def _mark(bench: Bench) -> int:
    return bench.curie.account_balance.call("getMarkPrice", bench.curie.base)


def _agrees(bench: Bench) -> None:
    """Our formula at the venue's mark is the venue's own account value."""
    ours = bench.equity(_mark(bench))
    theirs = bench.value()
    assert 0 <= ours - theirs < MICRO
    assert 0 <= bench.account(PRICE)[2] - theirs < MICRO
    assert bench.account(PRICE)[0] == bench.position()


def test_an_account_without_a_position_is_worth_its_deposit(bench: Bench) -> None:
    bench.fund(1_000)
    assert bench.equity() == bench.equity(0) == bench.equity(10**24) == 1_000 * WAD


@pytest.mark.parametrize("sign", [1, -1])
def test_equity_at_the_mark_is_the_venues_account_value(bench: Bench, sign: int) -> None:
    bench.fund(100_000)
    for size in (10 * WAD + 3, 7 * WAD, -5 * WAD, -30 * WAD - 1, 18 * WAD - 2):
        bench.trade(sign * size)
        _agrees(bench)
    assert bench.position() == 0
    _agrees(bench)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("gap", [96, 104])
def test_funding_is_counted_with_the_venues_sign(bench: Bench, sign: int, gap: int) -> None:
    """The pool stays where it is and the index leaves: above the index, longs pay."""
    bench.fund(100_000)
    bench.trade(sign * 10 * WAD)
    bench.curie.set_index(PRICE * gap // 100)
    bench.engine.advance(1_800)
    spot = PRICE
    before = bench.equity(spot)
    bench.engine.advance(6 * 3_600)
    owed = bench.curie.exchange.call("getPendingFundingPayment", bench.venue, bench.curie.base)
    assert (owed > 0) == ((sign > 0) == (gap < 100))
    assert abs(owed) > 200 * WAD
    assert (bench.equity(spot) < before) == (owed > 0)
    _agrees(bench)
    held = bench.equity(spot)
    bench.trade(sign * 10**15)  # settles the funding
    fee_and_slip = 10 * CENT
    assert abs(bench.equity(spot) - held) < fee_and_slip
    _agrees(bench)


def test_an_uncached_price_breaks_the_venues_views_until_anybody_refreshes(bench: Bench) -> None:
    """The venue's oracle adapter extrapolates from the last price that it was told of."""
    curie = bench.curie
    bench.fund(100_000)
    bench.trade(10 * WAD)
    curie.feed.send("push", PRICE * 94 // 100 // 10**10, sender=curie.owner)
    bench.engine.advance(6 * 3_600)
    with pytest.raises(Reverted) as caught:
        bench.equity()
    assert explain(caught.value).todo.startswith("Call refresh()")
    with bench.undone():
        bench.trade(-WAD)
        _agrees(bench)
    bench.venue.send("refresh", sender=bench.stranger)
    _agrees(bench)


def test_equity_moves_with_spot_by_the_position(bench: Bench) -> None:
    bench.fund(100_000)
    bench.trade(-12 * WAD)
    here = bench.equity(PRICE)
    assert bench.equity(PRICE + 100 * WAD) == here - 1_200 * WAD
    assert bench.equity(0) == here + 12 * PRICE


def test_a_closed_account_is_worth_its_deposit_and_its_fills(bench: Bench) -> None:
    bench.fund(100_000)
    total = 100_000 * WAD
    for size, index in ((10 * WAD, 105), (-25 * WAD, 101), (15 * WAD, 100)):
        receipt = bench.trade(size)
        total += receipt.returned[1] - receipt.returned[2]
        total -= sum(e["fundingPayment"] for e in receipt.events("FundingPaymentSettled"))
        bench.curie.set_index(PRICE * index // 100)
        bench.curie.converge()
    assert bench.position() == 0
    assert bench.equity() == total
    _agrees(bench)


def test_an_account_under_water_has_negative_equity(bench: Bench) -> None:
    bench.fall(15)
    assert bench.equity() < 0
    assert bench.value() < 0
    assert bench.venue.call("free_collateral") == 0
    _agrees(bench)


def test_views_answer_while_the_market_is_paused_and_after_it_closed(bench: Bench) -> None:
    curie = bench.curie
    bench.fund(10_000)
    bench.trade(2 * WAD)
    curie.base.send("pause", sender=curie.owner)
    bench.engine.advance(3_600)
    for _ in range(2):
        assert bench.position() == 2 * WAD
        assert bench.equity() / WAD == pytest.approx(10_000, abs=10)
        assert bench.value() / WAD == pytest.approx(10_000, abs=10)
        assert bench.venue.call("max_order", 10**27, 2**255) == 0
        bench.venue.call("free_collateral")
        curie.base.send("close(uint256)", PRICE, sender=curie.owner) if _ == 0 else None
    curie.clearing_house.send("quitMarket", bench.venue, curie.base, sender=bench.stranger)
    assert bench.position() == 0
    free = bench.venue.call("free_collateral")
    assert free / USD == pytest.approx(10_000, abs=10)
    bench.venue.send("withdraw", free, bench.router, sender=bench.router)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("percent", [96, 104])
def test_margin_equity_counts_a_loss_at_once_and_a_profit_when_realised(
    bench: Bench, sign: int, percent: int
) -> None:
    """The venue's free collateral is the margin equity less the ratio of the debt."""
    curie = bench.curie
    bench.fund(100_000)
    bench.trade(sign * 20 * WAD)
    curie.set_index(PRICE * percent // 100)
    curie.converge()
    bench.engine.advance(1_800)
    equity = bench.account(PRICE)[3]
    value = bench.value()
    loses = (percent > 100) != (sign > 0)
    assert abs(value - equity) < MICRO if loses else equity < value - 1_000 * WAD
    debt = curie.account_balance.call("getTotalDebtValue", bench.venue)
    free = curie.vault.call("getFreeCollateralByRatio", bench.venue, 100_000)
    assert 0 <= equity - debt // 10 - free * MICRO <= MICRO
