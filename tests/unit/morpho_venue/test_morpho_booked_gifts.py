"""LM-2: what was given once it is booked: while anything is owed, to the unit, and in no order's way."""

from __future__ import annotations

import pytest
from morpho_bench import PRICE, Bench
from morpho_gifts import SIDES, UNIT, opened, pledge_dollars

from tandem.units import USD, WAD


@pytest.mark.proves("LM-2", "FL-8")
@SIDES
def test_while_anything_is_owed_all_that_was_given_is_others(bench: Bench, side: int) -> None:
    """LM-2: "once no debt is left", and not before: a gift that is worth more than all that lies there bears
    none of what the hedge lost, booked again or not."""
    opened(bench, side)
    pledge_dollars(bench)
    bench.venue.send("accept", sender=bench.stranger)
    given = bench.venue.call("gifts") * UNIT
    price = PRICE - side * PRICE // 2  # what was ours is nearly lost
    while bench.there() > given // 2:  # and now more, and not what they gave
        price -= side * PRICE // 1_000
        bench.morpho.set_index(price)
    assert 0 < bench.there() < given
    assert bench.equity() == pytest.approx(bench.there() - given, abs=3 * UNIT)
    pledge_dollars(bench)
    bench.venue.send("accept", sender=bench.stranger)
    assert bench.equity() == pytest.approx(bench.there() - given - 700 * USD * UNIT, abs=3 * UNIT)


@pytest.mark.proves("LM-2")
@pytest.mark.parametrize("amount", [WAD // 7, WAD // 11 + 1])
def test_what_was_given_is_booked_rounded_up(bench: Bench, amount: int) -> None:
    """A debt of ether that is repaid at an odd price: no unit of it is ours once it is booked."""
    opened(bench, -1)
    bench.morpho.set_index(PRICE + 123_456_789)
    bench.morpho.repay_for(bench.stranger, bench.venue, amount, bench.morpho.weth)
    before = bench.equity()
    bench.venue.send("accept", sender=bench.stranger)
    assert before - UNIT <= bench.equity() <= before


@pytest.mark.proves("LM-2")
@SIDES
def test_an_order_looks_at_no_gift_again(bench: Bench, side: int) -> None:
    """What was booked makes no order dearer."""
    opened(bench, side)
    with bench.undone():
        bench.venue.send("accept", sender=bench.stranger)
        calm = bench.trade(side * WAD).gas_used
    bench.morpho.supply_for(bench.stranger, bench.venue, 7)
    bench.venue.send("accept", sender=bench.stranger)
    assert bench.venue.call("gifts") == 7
    assert bench.trade(side * WAD).gas_used == pytest.approx(calm, abs=3_000)
