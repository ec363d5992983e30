"""What others pledge in the market of the other sign carries nothing there, and repays what is owed."""

from __future__ import annotations

import pytest
from morpho_bench import PRICE, Bench
from morpho_gifts import SIDES, UNIT, opened, pledge_dollars, pledge_ether
from refusals import refuses

from tandem.units import USD, WAD


@pytest.mark.proves("LM-7")
@SIDES
def test_what_is_given_in_the_other_market_repays_what_is_owed(bench: Bench, side: int) -> None:
    """What carries nothing there repays here, once it is booked: so of each token something is pledged or
    owed, never both, and a position that comes home leaves nothing owed behind it."""
    opened(bench, side)
    short, long = bench.morpho.short, bench.morpho.long
    (pledge_ether if side < 0 else pledge_dollars)(bench)
    own, other = (long, short) if side > 0 else (short, long)
    given, owed = other.account(bench.venue).pledged, own.debt(bench.venue)
    assert given > 0
    before = bench.account(PRICE)
    bench.venue.send("accept", sender=bench.stranger)
    assert other.account(bench.venue).pledged == 0
    assert own.debt(bench.venue) == pytest.approx(owed - given, abs=2)
    assert bench.account(PRICE) == pytest.approx(before, abs=3 * UNIT)
    bench.trade(-bench.position())
    assert bench.position() == 0
    assert (short.debt(bench.venue), long.debt(bench.venue)) == (0, 0)
    assert long.account(bench.venue).pledged == 0


@pytest.mark.proves("LM-7")
@SIDES
def test_more_than_is_owed_repays_it_whole(bench: Bench, side: int) -> None:
    """Of dollars the rest is pledged; of ether it lies in the adapter, and makes no position."""
    opened(bench, side)
    amount, token = (20 * WAD, bench.morpho.weth) if side < 0 else (40_000 * USD, bench.morpho.usdc)
    bench.morpho.supply_for(bench.stranger, bench.venue, amount, token)
    held, worth = bench.position(), bench.account(PRICE)[1:]
    assert bench.most(WAD) == bench.most(-WAD) == WAD
    bench.venue.send("accept", sender=bench.stranger)
    short, long = bench.morpho.short, bench.morpho.long
    assert (short.debt(bench.venue), long.debt(bench.venue)) == (0, 0)
    assert bench.position() == pytest.approx(held if side > 0 else 0, abs=2)
    lies = bench.morpho.weth.call("balanceOf", bench.venue)
    assert lies == pytest.approx(0 if side > 0 else 10 * WAD, abs=2)
    assert bench.account(PRICE)[1:] == pytest.approx(worth, abs=3 * UNIT)


@pytest.mark.proves("LM-3")
@SIDES
def test_beside_a_gift_it_says_what_an_order_finds(bench: Bench, side: int) -> None:
    """An account that should be liquidated, and a gift that does not make it whole: what was given repays
    before the order, which then enlarges what is owed, and that the lender refuses."""
    opened(bench, side)
    bench.morpho.set_index(1_700 * WAD if side > 0 else 4_000 * WAD)
    bench.morpho.arbitrage()
    amount, token = (WAD // 10, bench.morpho.weth) if side < 0 else (100 * USD, bench.morpho.usdc)
    bench.morpho.supply_for(bench.stranger, bench.venue, amount, token)
    assert bench.morpho.liquidatable(bench.venue)
    order = side * WAD // 40
    assert bench.most(order) == 0
    with refuses("insufficient collateral"):
        bench.trade(order)
    assert bench.most(-side * 8 * WAD) == 8 * WAD
    bench.trade(-side * 8 * WAD)


@pytest.mark.proves("LM-2")
@SIDES
def test_what_was_netted_is_booked_once(busy: Bench, side: int) -> None:
    """A year after: the interest that what was given no longer costs is no second gift."""
    opened(busy, side)
    (pledge_ether if side < 0 else pledge_dollars)(busy)
    busy.venue.send("accept", sender=busy.stranger)
    given = busy.venue.call("gifts")
    busy.engine.advance(365 * 86_400)
    busy.venue.send("accept", sender=busy.stranger)
    assert busy.venue.call("gifts") == given
    assert busy.equity() == pytest.approx(busy.there() - given * UNIT, abs=3 * UNIT)
