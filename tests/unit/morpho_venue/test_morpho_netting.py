"""What others pledge in the market of the other sign carries nothing there, and repays what is owed."""

from __future__ import annotations

import pytest
from morpho_bench import PRICE, Bench
from morpho_gifts import SIDES, UNIT, opened, pledge_dollars, pledge_ether

from tandem.units import USD, WAD


@pytest.mark.proves("LM-6")
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


@pytest.mark.proves("LM-6")
@SIDES
def test_more_than_is_owed_repays_it_whole_and_the_rest_is_held(bench: Bench, side: int) -> None:
    opened(bench, side)
    amount, token = (20 * WAD, bench.morpho.weth) if side < 0 else (40_000 * USD, bench.morpho.usdc)
    bench.morpho.supply_for(bench.stranger, bench.venue, amount, token)
    held, worth = bench.position(), bench.account(PRICE)[1:]
    assert bench.most(WAD) == bench.most(-WAD) == WAD
    bench.venue.send("accept", sender=bench.stranger)
    short, long = bench.morpho.short, bench.morpho.long
    assert (short.debt(bench.venue), long.debt(bench.venue)) == (0, 0)
    assert bench.position() == pytest.approx(held, abs=2)
    assert bench.account(PRICE)[1:] == pytest.approx(worth, abs=3 * UNIT)


@pytest.mark.proves("LM-3")
@SIDES
def test_beside_a_gift_what_it_says_fills(bench: Bench, side: int) -> None:
    """An account that should be liquidated, and a gift in the market of the other sign: the answer is that of
    the account as an order finds it, with the gift repaid."""
    opened(bench, side)
    bench.morpho.set_index(1_700 * WAD if side > 0 else 4_000 * WAD)
    bench.morpho.arbitrage()
    (pledge_ether if side < 0 else pledge_dollars)(bench)
    orders = (side * WAD // 4, side * WAD, -side * WAD // 10, -side * 8 * WAD)
    said = [bench.most(size) for size in orders]
    assert said[-1] == 8 * WAD
    for size, most in zip(orders, said, strict=True):
        with bench.undone():
            if most:
                bench.trade(most if size > 0 else -most)
