"""FL-10, HG-20: where margin is short and nothing may be lent, the hedge is lowered to what margin carries.

Each state is made by prices and by what strangers call: see distress.py."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from distress import SHORT, TOP, account, delever, falls, ratio, squeezed, worth
from worlds import ETH, USD, World

from tandem.errors import Reverted
from tandem.units import WAD

LEAST, TARGET = 12 * WAD // 100, 15 * WAD // 100


@pytest.fixture(scope="module")
def squeezed_once() -> World:
    return squeezed()


@pytest.fixture
def calm(squeezed_once: World) -> Iterator[World]:
    """At its target, and nothing to lend."""
    with squeezed_once.undone():
        yield squeezed_once


@pytest.fixture
def short(calm: World) -> World:
    """Under its least, over the venue's."""
    falls(calm, SHORT)
    assert 0.07 < ratio(calm) < 0.12
    assert calm.tandem.vault.call("would_lend", calm.tandem.venue) == calm.floor() == 0
    return calm


def send(w: World, fn: str = "delever") -> int:
    return int(w.tandem.desk.send(fn, sender=w.stranger).returned)


# ---------------------------------------------------------------- what it does


@pytest.mark.proves("FL-10", "HG-20")
def test_r23_it_lowers_the_position_to_what_its_margin_carries(short: World) -> None:
    """HG-20: "down to usable equity over its target"; HG-17's chunk goes first, the rest a minute later."""
    held, residual = short.position(), short.tandem.snapshot().stance.residual
    a = account(short)
    chunk = short.tandem.venue.call("average", 180)[2] // 10_000
    wanted = held - a.usable * WAD // TARGET * WAD // short.spot
    receipt = short.tandem.desk.send("delever", sender=short.stranger)
    (event,) = receipt.events("Delevered")
    assert receipt.returned == event["order"]
    assert 0 <= min(wanted, chunk) + event["order"] < 10
    assert event["position"] == short.position() == held + event["order"]
    assert short.tandem.router.call("ledger")[2] == -event["order"]  # spent of the minute
    # the venue's mark is an average: it moves with every second
    assert event["usable"] == pytest.approx(a.usable, rel=1e-3)
    assert event["need"] == held * short.spot // WAD
    # the one door that may: the book asks for more hedge than is left
    assert residual < 0
    assert short.tandem.snapshot().stance.residual < residual
    assert short.tandem.router.call("last_position") // 10**6 == short.position() // 10**6


@pytest.mark.proves("HG-20")
def test_it_stops_where_margin_carries_the_rest(short: World) -> None:
    assert delever(short)
    assert 0.12 <= ratio(short) <= 0.1501
    with short.refuses("margin: no delever due"):
        send(short)


@pytest.mark.proves("FL-10", "FL-1")
def test_r23_neither_floor_nor_cash_moves_and_holders_are_paid(short: World) -> None:
    """FL-10: "the floor wins": what holders were promised is there whatever became of the hedge."""
    cash, floor = short.tandem.vault.call("cash"), short.floor()
    delever(short)
    assert (short.tandem.vault.call("cash"), short.floor()) == (cash, floor)
    series = short.call(TOP)
    owned = short.tandem.balance_of(series)
    short.settle(short.near, 5_200)  # past the cap: the most that it can pay
    assert short.floor() >= 0
    assert short.tandem.redeem(series, owned).returned == owned * TOP
    assert owned == 40 * ETH


@pytest.mark.proves("FL-10")
def test_r23_the_venue_liquidates_where_nobody_delevers(calm: World) -> None:
    """A fall of 12 % with nobody else about. Without `delever` the venue took 5.7 and 2.9 ETH and 468 USD for
    it; with it, nothing, and LPs keep some 900 USD more of 100k."""

    def fall(helped: bool) -> tuple[float, float]:
        taken = 0.0
        with calm.undone():
            for price in range(SHORT, 2_140, -50):
                falls(calm, price)
                if helped:
                    delever(calm)
                if calm.curie.liquidatable(calm.tandem.venue):
                    before = calm.position()
                    calm.curie.liquidate(calm.tandem.venue)
                    taken += (before - calm.position()) / WAD
            return taken, worth(calm)

    (taken, left), (spared, kept) = fall(False), fall(True)
    assert taken > 8
    assert spared == 0
    assert kept > left + 700


@pytest.mark.proves("HG-20")
def test_an_order_costs_a_fortieth_of_a_liquidation(short: World) -> None:
    """Why it is inside the pace: a liquidation takes 2.5 %, and waiting risks that only past a move of what
    lies between our least equity and the venue's, in minutes; a fill at the oracle's band takes 0.5 %
    of everything, for whoever arranges it."""
    with short.undone():
        receipt = short.tandem.desk.send("delever", sender=short.stranger)
        (event,) = receipt.events("Delevered")
        moved = -event["order"] * short.spot // WAD
        paid = (moved - event["received"]) / moved
    with short.undone():
        falls(short, 2_200)
        taken = short.curie.liquidate(short.tandem.venue)
        loss = short.curie.liquidation(taken, str(short.tandem.venue.address), 2_200)
        share = loss.cost / (-loss.order * 2_200)
    assert share > 0.024
    assert paid * WAD > short.tandem.router.quotation(False).fee
    assert paid < share / 10


# ---------------------------------------------------------------- when it is refused


@pytest.mark.proves("HG-20")
def test_nothing_is_due_while_margin_carries_the_position(calm: World, world: World) -> None:
    with calm.refuses("margin: no delever due"):
        send(calm)
    with world.refuses("margin: no delever due"):  # no position
        send(world)


@pytest.mark.proves("HG-20", "FL-10")
def test_what_may_be_lent_is_lent_instead(short: World) -> None:
    """As soon as it would lift the account over its least; the rest is a top-up's."""
    short.tandem.deposit(1_000 * USD, lp=short.engine.accounts[6])
    with short.refuses("margin: top up instead"):
        send(short)
    assert send(short, "top_up") == 1_000 * USD
    with short.refuses("margin: no delever due"):
        send(short)


@pytest.mark.proves("HG-20")
def test_r17_nobody_holds_it_up_with_a_coin(short: World) -> None:
    """What may be lent and does not do counts for what it carries, and no further."""
    short.tandem.deposit(USD, lp=short.engine.accounts[6])
    assert short.tandem.vault.call("would_lend", short.tandem.venue) == USD
    assert send(short) < 0


@pytest.mark.proves("HG-20", "HG-19")
def test_nothing_goes_to_a_venue_that_is_down(short: World) -> None:
    short.tandem.guardian.send("take_down", sender=short.tandem.roles.guardian)
    with short.refuses("margin: venue down"):
        send(short)


@pytest.mark.proves("HG-20", "HG-17")
def test_it_waits_for_the_average_as_a_rebalance_does(short: World) -> None:
    """A market that has just fallen: the average of three minutes is not there yet."""
    short.move(2_290)
    receipt = short.tandem.desk.send("delever", sender=short.stranger)
    assert receipt.returned == 0
    assert [e["order"] < 0 for e in receipt.events("HedgeWaits")] == [True]
    with short.refuses("router: off the average"):
        send(short)
    short.engine.advance(180)
    short.push(2_290)
    assert send(short) < 0


@pytest.mark.proves("HG-20", "HG-17")
def test_a_jolt_stops_it_for_the_moment(short: World) -> None:
    short.curie.deposit(short.stranger, 1_000_000 * USD)
    short.curie.open(short.stranger, -12 * WAD)
    with short.refuses("router: come again"):
        send(short)


@pytest.mark.proves("HG-20", "AV-3")
def test_it_works_while_spot_is_refused_and_while_opens_are_paused(short: World) -> None:
    """By the venue's own figures, as a top-up: its liquidators do not wait."""
    short.tandem.guardian.send("pause", sender=short.tandem.roles.guardian)
    short.engine.advance(4_001)
    with short.refuses("spot: stale"):
        short.tandem.rebalance()
    assert send(short) < 0


# ---------------------------------------------------------------- no way back


@pytest.mark.proves("HG-21")
def test_r27_a_strangers_rounds_move_the_hedge_once(short: World) -> None:
    """HG-21: whoever makes the pool would earn the fee of each round. Down, and never up again while the
    price stands."""
    held = [short.position()]
    for _ in range(6):
        for act in (short.tandem.rebalance, lambda: send(short), lambda: send(short, "top_up")):
            with suppress(Reverted):
                act()
            held.append(short.position())
        short.engine.advance(60)
        short.push_wad(short.spot)
    assert held == sorted(held, reverse=True)
    assert held[0] - held[-1] == pytest.approx(held[0] - held[3], abs=10**6)


@pytest.mark.proves("HG-21")
def test_a_rebalance_enlarges_the_hedge_only_as_far_as_margin_carries_it(short: World) -> None:
    with short.refuses("router: margin first"):
        short.tandem.rebalance()
    delever(short)
    with short.refuses("router: margin first"):
        short.tandem.rebalance()
    # fresh capital lends again
    short.tandem.deposit(50_000 * USD, lp=short.engine.accounts[6])
    assert short.tandem.rebalance().returned[0] > 0


@pytest.mark.proves("HG-21")
def test_what_lowers_the_hedge_needs_no_margin(short: World) -> None:
    falls(short, 2_250)
    assert short.tandem.snapshot().stance.residual > 0
    assert short.tandem.rebalance().returned[0] < 0


@pytest.mark.proves("FL-10", "FL-5")
def test_nobody_opens_and_nobody_leaves_meanwhile(short: World) -> None:
    """FL-10: "no opens, no LP exits"."""
    w, lp, vault = short, short.tandem.lp, short.tandem.vault
    with (
        w.undone(),
        pytest.raises(Reverted, match=r"floor: under reserve|router: under minimum|market: paused"),
    ):
        w.mint(w.call(TOP), ETH // 10)
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    w.engine.advance(25 * 3_600)
    w.freshen()
    vault.send("poke", sender=w.stranger)
    w.go_on(w.terms()["exit_wait"])
    w.freshen()
    assert account(w).top_up > 0
    assert vault.send("process", 4, sender=w.stranger).returned == 0
