"""R11: a debt is gone once there is no position, whoever paid it, and not before."""

from __future__ import annotations

import pytest
from curie_bench import PRICE, Bench
from gift_bench import (
    MICRO,
    Giver,
    add_token,
    liquidate,
    owed_pnl,
    pledge,
    sell_pledge,
    under_water,
    venue_balance,
)
from harnesses import harness

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.units import USD, WAD


def _bankruptcy(bench: Bench, giver: Giver) -> None:
    """Everything is lost and more; what lacks is paid; a new start."""
    under_water(bench)
    giver.at("under water")
    liquidate(bench)
    giver.at("paid")
    giver.done.append(bench.venue.call("free_collateral"))
    bench.fund(5_000)
    giver.at("refilled")
    giver.done.append(bench.trade(WAD).returned)
    giver.at("open")
    giver.done.append(bench.trade(-WAD).returned)
    bench.venue.send("withdraw", 4_900 * USD, bench.router, sender=bench.router)
    giver.at("withdrew")


@pytest.mark.proves("FL-8")
@pytest.mark.parametrize("moment", ["under water", "paid", "refilled", "open"])
@pytest.mark.parametrize("amount", [1, 1_000 * USD, 2_000 * USD])
def test_r11_a_new_start_after_a_debt_is_the_same_with_a_gift(
    bench: Bench, moment: str, amount: int
) -> None:
    """Whether the insurance fund paid all of the debt, or a stranger a part of it or more."""
    with bench.undone():
        plain = Giver(bench, "never", amount, "quote")
        _bankruptcy(bench, plain)
    given = Giver(bench, moment, amount, "quote")
    _bankruptcy(bench, given)
    assert moment in given.seen
    assert (given.seen, given.done) == (plain.seen, plain.done)
    assert 0 <= plain.seen["refilled"][1] - 5_000 * WAD < MICRO


@pytest.mark.proves("FL-8")
def test_r11_with_a_position_open_a_gift_repays_no_debt(bench: Bench) -> None:
    hole = under_water(bench)
    assert hole > 1_000 * WAD
    lacking = bench.account(PRICE)[2]
    bench.give(3 * hole // MICRO)
    assert bench.value() > hole
    assert abs(bench.account(PRICE)[2] - lacking) < WAD // 100
    assert bench.venue.call("free_collateral") == 0
    bench.fund(1_000)
    assert abs(bench.account(PRICE)[2] - lacking - 1_000 * WAD) < WAD // 100


@pytest.mark.proves("FL-8")
def test_r11_a_loss_that_a_gift_carried_counts_until_the_position_is_closed(bench: Bench) -> None:
    """Realised piece by piece it stays a debt; without a position it is the giver's."""
    hole = under_water(bench)
    bench.give(2 * hole // MICRO + 5_000 * USD)
    price = bench.curie.index()
    before, fees_and_slip = bench.account(price)[1], 60 * WAD
    bench.trade(-8 * WAD)
    assert bench.venue.call("own_balance") * MICRO + owed_pnl(bench) < 0
    assert abs(bench.account(price)[1] - before) < fees_and_slip
    bench.trade(-2 * WAD)
    assert 0 <= bench.account(price)[1] < MICRO


def test_r11_a_paid_debt_does_not_come_back_with_a_position_that_a_gift_carries(
    bench: Bench,
) -> None:
    """Else five dollars and the smallest order would keep the account bankrupt."""
    under_water(bench)
    liquidate(bench)
    bench.give(100 * USD)
    bench.trade(WAD // 10)
    fee_and_slip = WAD
    assert 0 <= -bench.account(PRICE * 85 // 100)[1] < fee_and_slip
    bench.fund(5_000)
    assert abs(bench.account(PRICE * 85 // 100)[1] - 5_000 * WAD) < fee_and_slip


def test_a_debt_that_no_one_paid_counts_until_the_pledge_is_sold(bench: Bench) -> None:
    """The insurance fund pays for no account with a pledge; anybody may buy that."""
    token = add_token(bench)
    under_water(bench)
    pledge(bench, token, 1)
    liquidate(bench)
    debt = bench.account(PRICE)[1]
    assert debt < -1_000 * WAD
    bench.curie.vault.send("settleBadDebt", bench.venue, sender=bench.stranger)
    assert bench.account(PRICE)[1] == debt
    bench.give(100 * USD)
    assert bench.account(PRICE)[1] == debt + 100 * WAD
    sell_pledge(bench, token, 1)
    assert 0 <= bench.account(PRICE)[1] < MICRO
    assert bench.account(PRICE)[1] == bench.account(PRICE)[3]


def test_r11_a_pledge_that_is_sold_repays_no_debt_of_an_open_position(bench: Bench) -> None:
    token = add_token(bench)
    under_water(bench)
    pledge(bench, token, 800 * USD)
    with bench.undone():
        bench.give(USD, bench.trader)
        bench.give(USD, bench.trader)
        plain = bench.account(PRICE)
    before = venue_balance(bench)
    sell_pledge(bench, token, 400 * USD)
    assert venue_balance(bench) - before > 300 * USD
    assert abs(bench.account(PRICE)[1] - plain[1]) < WAD // 100
    assert bench.position() == plain[0]


@pytest.mark.proves("FL-8", "UN-3")
@pytest.mark.parametrize(
    ("held", "debt", "own"),
    [(5, 0, 0), (5, 1, 1), (5, MICRO, 1), (5, MICRO + 1, 2), (5, 5 * MICRO, 5), (5, 9 * MICRO, 5)],
)
def test_a_debt_that_a_gift_paid_is_rounded_up_to_the_unit_that_the_venue_settles_by(
    held: int, debt: int, own: int
) -> None:
    """UN-3: "What is owed is rounded up": and what a gift paid is never more than what it was."""
    engine = open_engine("pyrevm")
    router, stranger = engine.accounts[1], engine.accounts[2]
    stand_in = engine.deploy(harness("unit/curie_venue/IndebtedCurie.vy"))
    venue = engine.deploy(compile_vyper("CurieVenue"), router, stand_in, stand_in, 1, 2, 3)
    stand_in.send("tell", held, -debt, sender=stranger)
    venue.send("trade", WAD, 2**256 - 1, sender=router)
    assert venue.call("own_balance") == own
