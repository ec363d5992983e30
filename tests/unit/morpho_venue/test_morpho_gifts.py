"""lent_account: what others do to the account moves the position and never raises what it is worth.

The lender lets anybody pledge in another's name and repay another's debt, and liquidators take collateral
for debt that they repay. One rule tells them apart: the account is worth the lesser of what our
last act left and of what is there, less the gifts that were booked before.
"""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from morpho_bench import PRICE, Bench
from morpho_gifts import (
    GIFTS,
    SIDES,
    UNIT,
    Gift,
    opened,
    pledge_dollars,
    pledge_ether,
    repay,
)
from refusals import refuses

from tandem.units import USD, WAD


@pytest.mark.proves("LM-2", "FL-8")
@SIDES
@GIFTS
def test_a_gift_is_worth_nothing_to_us_before_and_after_it_is_booked(
    bench: Bench, side: int, gift: Gift
) -> None:
    opened(bench, side)
    before = bench.account(PRICE)[1:]
    gift(bench)
    for book in (False, True):
        if book:
            bench.venue.send("accept", sender=bench.stranger)
        assert bench.account(PRICE)[1:] == pytest.approx(before, abs=3 * UNIT)
    booked = bench.venue.call("gifts") * UNIT
    assert booked == pytest.approx(bench.there() - bench.equity(PRICE), abs=3 * UNIT)


@pytest.mark.proves("LM-2")
@SIDES
def test_ether_of_others_is_put_aside_by_margin_that_moves(bench: Bench, side: int) -> None:
    """It lies in the adapter and moves no position."""
    opened(bench, side)
    held = bench.position()
    pledge_ether(bench)
    bench.fund(100)
    repaid = WAD // 2 if side < 0 else 0
    assert bench.position() == pytest.approx(held + repaid, abs=10**10)
    lies = bench.morpho.weth.call("balanceOf", bench.venue)
    assert lies == pytest.approx(WAD // 2 - repaid, abs=10**10)
    bench.trade(-bench.position())


@pytest.mark.proves("LM-2")
@SIDES
@GIFTS
def test_ether_that_was_lent_is_no_position_and_gains_are_those_of_what_is_there(
    bench: Bench, side: int, gift: Gift
) -> None:
    """What repays our debt moves the position; ether beyond that does not, and is taken out before any act of
    ours. Then the account gains with the price what the position says and nothing else."""
    opened(bench, side)
    held, is_theirs = bench.position(), gift is pledge_ether and side > 0
    gift(bench)
    there = bench.morpho.position(bench.venue)
    assert (abs(there - held) > WAD // 4) >= is_theirs
    assert bench.position() == pytest.approx(held if is_theirs else there, abs=10**10)
    bench.venue.send("accept", sender=bench.stranger)
    assert bench.position() == pytest.approx(bench.morpho.position(bench.venue), abs=10**10)
    move = 60 * WAD
    gained = bench.equity(PRICE + move) - bench.equity(PRICE)
    assert gained == pytest.approx(bench.position() * move // WAD, abs=UNIT)


@pytest.mark.proves("LM-2", "FL-8")
def test_ether_that_the_lender_does_not_let_go_is_no_position_meanwhile(bench: Bench) -> None:
    """A long under its threshold is let nothing go: what was pledged stays there, counts for nothing, in no
    order either, and is taken out by the first act after the price came back."""
    opened(bench, 1)
    held, price, gift = bench.position(), PRICE, WAD // 100
    while not bench.morpho.liquidatable(bench.venue):
        price -= 10 * WAD
        bench.morpho.set_index(price)
    worth = bench.equity()
    bench.morpho.supply_for(bench.stranger, bench.venue, gift, bench.morpho.weth)
    with bench.undone():  # what is ours comes home beside it
        bench.trade(-held)
        assert bench.position() == 0
    lies = [0, gift]
    for there in (price, PRICE):
        bench.morpho.set_index(there)
        bench.venue.send("accept", sender=bench.stranger)
        assert bench.position() == held
        assert bench.morpho.weth.call("balanceOf", bench.venue) == lies.pop(0)
        assert bench.equity(price) == pytest.approx(worth, abs=2 * UNIT)


@pytest.mark.proves("LM-2", "FL-8")
@SIDES
@GIFTS
def test_a_gift_that_is_not_booked_yet_never_gains(bench: Bench, side: int, gift: Gift) -> None:
    """Whatever the price does until somebody books it: the lesser of both, at every price."""
    opened(bench, side)
    without = {price: bench.equity(price * WAD) for price in (1_500, 2_900, 3_100, 6_000)}
    gift(bench)
    for price, equity in without.items():
        assert bench.equity(price * WAD) <= equity + UNIT


@pytest.mark.proves("FL-8")
@SIDES
@GIFTS
def test_what_others_gave_does_not_leave(bench: Bench, side: int, gift: Gift) -> None:
    """What may be withdrawn is what is ours beyond the collateral that the position needs, which a repaid
    debt makes smaller; and past what is ours the account refuses."""
    opened(bench, side)
    gift(bench)
    held = bench.morpho.position(bench.venue) * PRICE // WAD
    needed = held - held * 86 // 100
    if side < 0:
        owed = bench.morpho.short.debt(bench.venue) * PRICE // WAD
        needed = owed * 100 // 86 + held  # what was given in the other market carries nothing here
    free = bench.venue.call("free_collateral")
    assert free * UNIT <= bench.equity() - abs(needed)
    assert free * UNIT > (bench.equity() - abs(needed)) * 99 // 100
    if gift in (pledge_dollars, pledge_ether, repay):
        bench.trade(-bench.position())
        home = bench.equity() // UNIT
        bench.morpho.supply_for(bench.stranger, bench.venue, 700 * USD)
        with refuses("morpho: not ours"):
            bench.venue.send("withdraw", home + 100, bench.stranger, sender=bench.router)
        bench.venue.send("withdraw", home - 100, bench.stranger, sender=bench.router)


@pytest.mark.proves("LM-2")
@SIDES
def test_a_liquidation_costs_what_it_takes_and_nothing_is_booked(bench: Bench, side: int) -> None:
    """In part or whole: the position is what is left, the account is worth what is left, and it goes on."""
    opened(bench, side)
    price = 1_700 * WAD if side > 0 else 4_000 * WAD
    bench.morpho.set_index(price)
    before, held = bench.equity(), bench.position()
    assert bench.morpho.liquidatable(bench.venue)
    receipt = bench.morpho.liquidate(bench.venue)
    done = bench.morpho.liquidation(receipt, str(bench.venue.address), price / WAD)
    assert done.order * side < 0
    assert (bench.position() - held) / WAD == pytest.approx(done.order, abs=1e-6)
    lost = before - bench.equity()
    assert lost / WAD == pytest.approx(done.cost, abs=0.01)
    bench.venue.send("accept", sender=bench.stranger)
    assert bench.venue.call("gifts") == 0
    assert before - bench.equity() == pytest.approx(lost, abs=UNIT)
    bench.fund(60_000)
    bench.trade(side * WAD)


@pytest.mark.proves("LM-2")
@SIDES
@pytest.mark.parametrize("first", [True, False])
def test_a_gift_beside_a_liquidation_pays_for_it_and_for_no_more(
    bench: Bench, side: int, first: bool
) -> None:
    """In either order, unbooked between: what was given bears what was taken, and nothing is gained."""
    opened(bench, side)
    price = 1_700 * WAD if side > 0 else 4_000 * WAD
    bench.morpho.set_index(price)
    before = bench.equity()
    acts = [
        partial(bench.morpho.liquidate, bench.venue),
        partial(bench.morpho.supply_for, bench.stranger, bench.venue, 5_000 * USD),
    ]
    for act in acts if first else acts[::-1]:
        if act is not acts[0] or bench.morpho.liquidatable(bench.venue):
            act()
    assert bench.equity() <= before + UNIT
    bench.venue.send("accept", sender=bench.stranger)
    assert bench.equity() <= before + 2 * UNIT
    whole = bench.there() - bench.venue.call("gifts") * UNIT
    assert bench.equity() == pytest.approx(whole, abs=3 * UNIT)


@pytest.mark.proves("LM-2")
@SIDES
def test_what_the_lenders_bear_is_not_ours_to_have(bench: Bench, side: int) -> None:
    """A jump past all collateral: whoever liquidates takes it, the market's lenders bear the rest. The
    position is nothing, and so is the account: what the lenders bore is neither ours to have nor to owe."""
    opened(bench, side)
    price = 1_000 * WAD if side > 0 else 6_000 * WAD
    bench.morpho.set_index(price)
    assert bench.equity() < 0
    receipt = bench.morpho.liquidate(bench.venue)
    done = bench.morpho.liquidation(receipt, str(bench.venue.address), price / WAD)
    assert done.covered > 0
    assert bench.position() == 0
    assert bench.there() == 0
    assert bench.equity() == 0
    bench.venue.send("accept", sender=bench.stranger)
    assert (bench.equity(), bench.venue.call("gifts")) == (0, 0)


@pytest.mark.proves("LM-2", "LM-7")
@SIDES
def test_what_lenders_bear_of_others_debts_touches_nothing_that_is_pledged(
    busy: Bench, side: int
) -> None:
    """Another borrower of our market goes under: its lenders bear it; what we pledged and owe stays."""
    opened(busy, side)
    morpho = busy.morpho
    price = 100 * WAD if side > 0 else 40_000 * WAD
    worth = busy.account(PRICE)[1:2]
    morpho.set_index(price)
    receipt = morpho.liquidate(morpho.spot.arbitrageur)
    assert sum(event["badDebtAssets"] for event in receipt.events("Liquidate")) > 0
    morpho.set_index(PRICE)
    assert busy.account(PRICE)[1:2] == pytest.approx(worth, abs=WAD // 100)
    busy.venue.send("accept", sender=busy.stranger)
    assert busy.venue.call("gifts") == 0


@SIDES
def test_interest_is_ours(busy: Bench, side: int) -> None:
    """What is paid on what is owed, for a year: the account's own, and no gift nor liquidation."""
    opened(busy, side)
    before = busy.there()
    busy.engine.advance(365 * 86_400)
    busy.morpho.set_index(PRICE)
    assert before - busy.there() > 100 * WAD
    assert busy.equity() == pytest.approx(busy.there(), abs=2 * UNIT)
    busy.venue.send("accept", sender=busy.stranger)
    assert busy.venue.call("gifts") == 0


@SIDES
def test_dust_that_a_stranger_gives_is_no_position(bench: Bench, side: int) -> None:
    """Of a flat account: a wei of ether, pledged, makes no position, and no order is sent for it."""
    opened(bench, side)
    bench.trade(-bench.position())
    bench.morpho.supply_for(bench.stranger, bench.venue, 10**6 - 1, bench.morpho.weth)
    assert bench.position() == 0
    assert bench.account()[0] == 0
    assert bench.morpho.position(bench.venue) == 10**6 - 1


ACTS = st.sampled_from(
    ["pledge dollars", "pledge ether", "repay", "accept", "buy", "sell", "later"]
)


@pytest.mark.proves("FL-8")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(ACTS, min_size=1, max_size=10), side=st.sampled_from([1, -1]))
def test_nothing_that_others_do_is_ever_ours(bench: Bench, acts: list[str], side: int) -> None:
    """Any order of gifts, bookings and orders at one price: the account is worth what our own orders and
    interest made of it, and the rest of what is there is booked as given."""
    gifts = {"pledge dollars": pledge_dollars, "pledge ether": pledge_ether, "repay": repay}
    with bench.undone():
        opened(bench, side)
        own = bench.equity(PRICE)
        for act in acts:
            if act in gifts:
                owed = bench.morpho.short.debt(bench.venue)
                if act != "repay" or side < 0 < owed:
                    gifts[act](bench)
            elif act == "accept":
                bench.venue.send("accept", sender=bench.stranger)
            elif act == "later":
                bench.engine.advance(60)
            else:
                receipt = bench.trade(WAD if act == "buy" else -WAD)
                _, quote, fee = receipt.returned
                own += quote - fee + (PRICE if act == "buy" else -PRICE)
            assert bench.equity(PRICE) == pytest.approx(own, abs=WAD // 100)
        bench.venue.send("accept", sender=bench.stranger)
        given_away = bench.venue.call("gifts") * UNIT
        assert bench.there() - given_away == pytest.approx(bench.equity(PRICE), abs=10 * UNIT)
