"""HedgeRouter: its three margins and a debt worth saving, met to the wei, on a venue that says any equity."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from liars import VENUE, build_with
from worlds import ETH, World

from tandem.units import WAD

TO_WAD = 10**12


@pytest.fixture(scope="module")
def liar_once() -> World:
    return build_with("CurieVenue", VENUE)


@pytest.fixture
def liar(liar_once: World) -> Iterator[World]:
    with liar_once.undone():
        yield liar_once


def say(world: World, equity: int) -> None:
    world.tandem.venue.send("set_equity", equity, sender=world.stranger)


@pytest.mark.proves("HG-12")
@pytest.mark.parametrize("size", [1, 3 * WAD, -7 * WAD - 1])
def test_a_top_up_is_due_under_the_least_and_not_at_it(liar: World, size: int) -> None:
    """HG-12: "topped up to its target when it falls under its minimum": a wei less lacks it all."""
    router = liar.tandem.router
    liar.tandem.venue.send("move", size, sender=liar.stranger)
    need = abs(size) * liar.spot // WAD + 10**21
    least, target = (need * share // WAD for share in liar.tandem.venue.call("bounds", 0)[:2])
    say(liar, least)
    account = router.account(liar.spot, 10**21)
    assert (account.need, account.top_up) == (need, 0)
    say(liar, least - 1)
    assert router.account(liar.spot, 10**21).top_up == -((least - 1 - target) // TO_WAD)


@pytest.mark.proves("HG-12")
@pytest.mark.parametrize("over", [0, 1])
def test_a_sweep_is_due_above_the_most_and_not_at_it(liar: World, over: int) -> None:
    """HG-12: "swept home above its maximum"; this venue then lets nothing go."""
    liar.mint(liar.call(2_500), ETH)
    terms, nav = liar.terms(), liar.tandem.vault.funds().nav
    headroom = nav * TO_WAD * terms["max_trade"] // 10_000
    need = liar.tandem.venue.call("position") * liar.spot // WAD + headroom
    say(liar, need * liar.tandem.venue.call("bounds", 0)[2] // WAD + over)
    with liar.refuses("margin: nothing is free" if over else "margin: no sweep due"):
        liar.tandem.desk.send("sweep", sender=liar.stranger)


@pytest.mark.proves("HG-12")
@pytest.mark.parametrize("size", [0, 5 * 10**14, -(5 * 10**14), WAD])
def test_nothing_is_held_back_for_a_debt_that_nobody_pays(liar: World, size: int) -> None:
    """HG-12: "for one that is not, nothing is held back from those who leave": exits leave what the next
    top-up lacks, and for a stub of a hedge under the lot that owed 900 dollars as much never left."""
    venue = liar.tandem.venue
    venue.send("move", size - venue.call("position"), sender=liar.stranger)
    kept = abs(size) * liar.spot // WAD * liar.terms()["fill_band"] // 10_000
    say(liar, -kept)
    assert liar.tandem.router.account(liar.spot, 0).top_up == 0 or size
    say(liar, -max(kept + 1, 900 * WAD))
    account = liar.tandem.router.account(liar.spot, 0)
    assert (account.top_up, account.bankrupt) == (0, True)


@pytest.mark.proves("HG-12")
@pytest.mark.parametrize("size", [0, WAD, -2 * WAD])
def test_a_debt_is_paid_up_to_what_its_hedge_would_cost_again(liar: World, size: int) -> None:
    """HG-12: "refilled only where reopening its hedge would cost more than the gap": its notional, times the
    fill band."""
    liar.mint(liar.call(2_500), ETH)
    venue = liar.tandem.venue
    venue.send("move", size - venue.call("position"), sender=liar.stranger)
    kept = abs(size) * liar.spot // WAD * liar.terms()["fill_band"] // 10_000
    say(liar, -kept - 1)
    with liar.refuses("margin: bankrupt account"):
        liar.tandem.desk.send("top_up", sender=liar.stranger)
    say(liar, -kept)
    assert liar.tandem.desk.send("top_up", sender=liar.stranger).returned > 0


# ---------------------------------------------------------------- delever


@pytest.fixture
def spent(liar: World) -> World:
    """Nothing may be lent: the venue took all that it was sent, until that was past its cap."""
    liar.mint(liar.call(2_500), ETH)
    say(liar, 0)
    while liar.tandem.vault.call("would_lend", liar.tandem.venue):
        liar.tandem.desk.send("top_up", sender=liar.stranger)
    liar.tandem.venue.send("move", -liar.tandem.venue.call("position"), sender=liar.stranger)
    return liar


def holds(world: World, size: int, equity: int) -> None:
    world.tandem.venue.send(
        "move", size - world.tandem.venue.call("position"), sender=world.stranger
    )
    say(world, equity)


@pytest.mark.proves("HG-20")
@pytest.mark.parametrize("size", [3 * WAD, -WAD - 1, 10**15])
def test_r23_a_delever_is_due_under_the_least_and_not_at_it(spent: World, size: int) -> None:
    """HG-20: for the position alone, to the wei; down to what the target carries, at least a lot of it."""
    venue = spent.tandem.venue
    need = abs(size) * spent.spot // WAD
    least = need * venue.call("bounds", 0)[0] // WAD
    holds(spent, size, least)
    with spent.refuses("margin: no delever due"):
        spent.tandem.desk.send("delever", sender=spent.stranger)
    holds(spent, size, least - 1)
    order = spent.tandem.desk.send("delever", sender=spent.stranger).returned
    kept = (least - 1) * WAD // venue.call("bounds", 0)[1] * WAD // spent.spot
    assert abs(order) == max(abs(size) - kept, 10**15)
    assert (order > 0) == (size < 0)
    assert venue.call("position") == size + order


@pytest.mark.proves("HG-20")
@pytest.mark.parametrize("equity", [0, -1, -(10**6) * WAD])
def test_without_equity_the_whole_position_goes(spent: World, equity: int) -> None:
    """Also where it would take no top-up: what may be lent counts only where it may be sent."""
    holds(spent, 2 * WAD, equity)
    assert spent.tandem.desk.send("delever", sender=spent.stranger).returned == -2 * WAD
    with spent.refuses("margin: no delever due"):
        spent.tandem.desk.send("delever", sender=spent.stranger)


@pytest.mark.proves("HG-20")
@pytest.mark.parametrize("over", [0, 1])
def test_what_may_be_lent_counts_to_the_unit(liar: World, over: int) -> None:
    """A unit less than lifts the account to its least, and what remains is what both together carry."""
    liar.mint(liar.call(2_500), ETH)
    venue = liar.tandem.venue
    lent = int(liar.tandem.vault.call("would_lend", venue)) * TO_WAD
    size = 10**4 * WAD
    least = size * liar.spot // WAD * venue.call("bounds", 0)[0] // WAD
    holds(liar, size, least - lent - over)
    if over == 0:
        with liar.refuses("margin: top up instead"):
            liar.tandem.desk.send("delever", sender=liar.stranger)
        return
    chunk = int(venue.call("average", 180)[2]) // 10_000
    kept = (least - 1) * WAD // venue.call("bounds", 0)[1] * WAD // liar.spot
    order = liar.tandem.desk.send("delever", sender=liar.stranger).returned
    assert -order == min(size - kept, chunk)


@pytest.mark.proves("HG-20")
def test_a_debt_that_takes_no_top_up_is_delevered_though_there_is_cash(liar: World) -> None:
    liar.mint(liar.call(2_500), ETH)
    holds(liar, WAD, -1_000 * WAD)
    with liar.refuses("margin: bankrupt account"):
        liar.tandem.desk.send("top_up", sender=liar.stranger)
    assert liar.tandem.desk.send("delever", sender=liar.stranger).returned == -WAD


@pytest.mark.proves("HG-20")
@pytest.mark.parametrize("size", [0, 10**15 - 1, 1 - 10**15])
def test_less_than_a_lot_is_left_alone(spent: World, size: int) -> None:
    holds(spent, size, -1)
    with spent.refuses("margin: no delever due"):
        spent.tandem.desk.send("delever", sender=spent.stranger)


@pytest.mark.proves("HG-20")
def test_a_venue_that_enlarges_the_position_is_refused(spent: World) -> None:
    """HG-20: "it only lowers |position|", as the venue reports it afterwards."""
    holds(spent, 2 * WAD, 0)
    spent.tandem.venue.send("set_lies", 0, 2 * WAD, sender=spent.stranger)
    with spent.refuses("margin: not lowered"):
        spent.tandem.desk.send("delever", sender=spent.stranger)
    spent.tandem.venue.send("set_lies", 0, 2 * WAD - 1, sender=spent.stranger)
    assert spent.tandem.desk.send("delever", sender=spent.stranger).returned == -2 * WAD


# ---------------------------------------------------------------- what margin carries


@pytest.mark.proves("HG-21")
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("held", "first", "order", "room"),
    [
        (4, 0, 9, 6),  # up to ten
        (4, 0, 6, 6),
        (4, 2, 9, 4),  # behind what a trader brings
        (4, 7, 9, 0),
        (12, 0, 1, 0),  # over it already
        (12, 0, -20, 20),  # no larger than it was, on the other side
        (12, 0, -25, 22),  # larger
        (12, -3, -10, 10),  # nearer to nothing
        (12, -3, -20, 20),  # no larger than before the trade
        (0, 0, 30, 10),
    ],
)
def test_what_nobody_brings_enlarges_the_hedge_up_to_its_target(
    spent: World, sign: int, held: int, first: int, order: int, room: int
) -> None:
    """HG-21: "usable equity, with what may be lent, is the target of what is held then", to the wei, on
    either side; at the price that is asked for."""
    router = spent.tandem.router
    equity = 10 * spent.spot * spent.tandem.venue.call("bounds", 0)[1] // WAD
    holds(spent, sign * held * WAD, equity)
    got = router.call("pace", sign * order * WAD, sign * first * WAD, spent.spot)
    assert got == room * WAD
    say(spent, equity - 10**10)
    less = router.call("pace", sign * order * WAD, sign * first * WAD, spent.spot)
    bound = room not in (abs(order), 0)
    assert (less < got) == (bound or (held, first, order) == (4, 0, 6))


@pytest.mark.proves("HG-21")
def test_what_may_be_lent_enlarges_it_too(liar: World) -> None:
    liar.mint(liar.call(2_500), ETH)
    lent = int(liar.tandem.vault.call("would_lend", liar.tandem.venue)) * TO_WAD
    target = liar.tandem.venue.call("bounds", 0)[1]
    most = lent * WAD // target * WAD // liar.spot
    holds(liar, most - WAD, 0)
    assert liar.tandem.router.call("pace", 2 * WAD, 0, liar.spot) == WAD
    say(liar, -(10**18))
    less = (lent - 10**18) * WAD // target * WAD // liar.spot - (most - WAD)
    assert liar.tandem.router.call("pace", 2 * WAD, 0, liar.spot) == less < WAD
