"""lent_account: what others do to the account moves the position and never raises what it is worth.

A lending market lets anybody lend in another's name and repay another's debt, and liquidators take
collateral for debt that they repay. One rule tells them apart: the account is worth the lesser of what our
last act left and of what is there, less the gifts that were booked before.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from aave_bench import PRICE, Bench
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from refusals import refuses

from tandem.errors import Reverted
from tandem.units import USD, WAD

UNIT = 10**12
"""A token unit, WAD."""
SIDES = pytest.mark.parametrize("side", [1, -1], ids=["long", "short"])
Gift = Callable[[Bench], object]


def lend_dollars(bench: Bench) -> object:
    return bench.aave.supply_for(bench.stranger, bench.venue, 700 * USD)


def lend_ether(bench: Bench) -> object:
    return bench.aave.supply_for(bench.stranger, bench.venue, WAD // 2, bench.aave.weth)


def repay(bench: Bench) -> object:
    """Whatever is owed, some of it."""
    aave, short = bench.aave, bench.position() < 0
    token, amount = (aave.weth, WAD // 2) if short else (aave.usdc, 700 * USD)
    return aave.repay_for(bench.stranger, bench.venue, amount, token)


def send_tokens(bench: Bench) -> object:
    """Plain transfers to the adapter."""
    aave = bench.aave
    aave.weth.send("mint", bench.venue, WAD, sender=aave.owner)
    return aave.usdc.send("mint", bench.venue, 700 * USD, sender=aave.owner)


GIFTS = pytest.mark.parametrize("gift", [lend_dollars, lend_ether, repay, send_tokens])


def opened(bench: Bench, side: int) -> None:
    bench.fund(15_000)
    bench.trade(side * 10 * WAD)


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
@GIFTS
def test_ether_that_was_lent_is_no_position_and_gains_are_those_of_what_is_there(
    bench: Bench, side: int, gift: Gift
) -> None:
    """What repays our debt moves the position; ether beyond that does not, and is taken out before any act of
    ours. Then the account gains with the price what the position says and nothing else."""
    opened(bench, side)
    held, is_theirs = bench.position(), gift is lend_ether
    gift(bench)
    there = bench.aave.position(bench.venue)
    assert (abs(there - held) > WAD // 4) >= is_theirs
    assert bench.position() == pytest.approx(held if is_theirs else there, abs=10**10)
    bench.venue.send("accept", sender=bench.stranger)
    assert bench.position() == pytest.approx(bench.aave.position(bench.venue), abs=10**10)
    move = 60 * WAD
    gained = bench.equity(PRICE + move) - bench.equity(PRICE)
    assert gained == pytest.approx(bench.position() * move // WAD, abs=UNIT)


@pytest.mark.proves("LM-2", "FL-8")
@pytest.mark.parametrize("left", [-2, 2, 999_999], ids=["owed", "lent", "the most"])
def test_what_is_no_position_is_worth_the_same_with_a_gift_and_without(
    bench: Bench, left: int
) -> None:
    """A millionth of a millionth of ether that a close has left: to the last digit, not to a token's unit."""
    opened(bench, 1)
    bench.trade(left - bench.position())
    assert bench.position() == 0
    assert bench.aave.position(bench.venue) == left
    with bench.undone():  # the same blocks, and nothing for us
        bench.aave.supply_for(bench.stranger, bench.stranger, 700 * USD)
        plain = bench.account(PRICE)
    lend_dollars(bench)
    assert bench.account(PRICE) == plain


@pytest.mark.proves("LM-2")
@pytest.mark.parametrize("side", [1, 0, -1], ids=["long", "none", "short"])
def test_nobody_makes_us_owe(bench: Bench, side: int) -> None:
    """So an act asks for no debt that the last one did not leave."""
    aave, stranger = bench.aave, bench.stranger
    bench.fund(15_000)
    if side != 0:
        bench.trade(side * 10 * WAD)
    aave.supply_for(stranger, stranger, 50_000 * USD)
    for token, amount in ((aave.weth, WAD), (aave.usdc, 100 * USD)):
        with pytest.raises(Reverted):
            aave.lending_pool.send("borrow", token, amount, 2, 0, bench.venue, sender=stranger)
        aave.lending_pool.send("borrow", token, amount, 2, 0, stranger, sender=stranger)


@pytest.mark.proves("LM-2")
@SIDES
def test_ether_of_others_is_put_aside_by_margin_that_moves(bench: Bench, side: int) -> None:
    """It lies in the adapter and moves no position."""
    opened(bench, side)
    held = bench.position()
    lend_ether(bench)
    bench.fund(100)
    assert bench.position() == pytest.approx(held, abs=10**10)
    lies = bench.aave.weth.call("balanceOf", bench.venue)
    assert lies == pytest.approx(WAD // 2, abs=10**10)
    bench.trade(-bench.position())


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
    held = bench.aave.position(bench.venue) * PRICE // WAD
    needed = held * 100 // 78 - held if held < 0 else held - held * 80 // 100
    free = bench.venue.call("free_collateral")
    assert free * UNIT <= bench.equity() - abs(needed)
    assert free * UNIT > (bench.equity() - abs(needed)) * 99 // 100
    if side > 0 or gift is not send_tokens:
        bench.trade(-bench.position())
        home = bench.equity() // UNIT
        bench.aave.supply_for(bench.stranger, bench.venue, 700 * USD)
        with refuses("aave: not ours"):
            bench.venue.send("withdraw", home + 100, bench.stranger, sender=bench.router)
        bench.venue.send("withdraw", home - 100, bench.stranger, sender=bench.router)


@pytest.mark.proves("LM-2")
@SIDES
def test_a_liquidation_costs_what_it_takes_and_nothing_is_booked(bench: Bench, side: int) -> None:
    """In part or whole: the position is what is left, the account is worth what is left, and it goes on."""
    opened(bench, side)
    price = 1_700 * WAD if side > 0 else 4_000 * WAD
    bench.aave.set_index(price)
    before, held = bench.equity(), bench.position()
    assert bench.aave.liquidatable(bench.venue)
    receipt = bench.aave.liquidate(bench.venue)
    done = bench.aave.liquidation(receipt, str(bench.venue.address), price / WAD)
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
    bench.aave.set_index(price)
    before = bench.equity()
    acts = [
        partial(bench.aave.liquidate, bench.venue),
        partial(bench.aave.supply_for, bench.stranger, bench.venue, 5_000 * USD),
    ]
    for act in acts if first else acts[::-1]:
        if act is not acts[0] or bench.aave.liquidatable(bench.venue):
            act()
    assert bench.equity() <= before + UNIT
    bench.venue.send("accept", sender=bench.stranger)
    assert bench.equity() <= before + 2 * UNIT
    whole = bench.there() - bench.venue.call("gifts") * UNIT
    assert bench.equity() == pytest.approx(whole, abs=3 * UNIT)


@SIDES
def test_interest_is_ours_both_ways(bench: Bench, side: int) -> None:
    """What is earned on what is lent and paid on what is owed, for a year: the account's own, and no gift
    nor liquidation."""
    opened(bench, side)
    before = bench.there()
    bench.engine.advance(365 * 86_400)
    bench.aave.set_index(PRICE)
    moved = bench.there() - before
    assert abs(moved) > WAD // 10
    assert bench.equity() == pytest.approx(bench.there(), abs=2 * UNIT)
    bench.venue.send("accept", sender=bench.stranger)
    assert bench.venue.call("gifts") == 0


ACTS = st.sampled_from(["lend dollars", "lend ether", "repay", "accept", "buy", "sell", "later"])


@pytest.mark.proves("FL-8")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=st.lists(ACTS, min_size=1, max_size=10), side=st.sampled_from([1, -1]))
def test_nothing_that_others_do_is_ever_ours(bench: Bench, acts: list[str], side: int) -> None:
    """Any order of gifts, bookings and orders at one price: the account is worth what our own orders and
    interest made of it, and the rest of what is there is booked as given."""
    gifts = {"lend dollars": lend_dollars, "lend ether": lend_ether, "repay": repay}
    with bench.undone():
        opened(bench, side)
        own = bench.equity(PRICE)
        for act in acts:
            if act in gifts:
                owed = bench.aave.parts["d_weth"].call("balanceOf", bench.venue)
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
