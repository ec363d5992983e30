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
    least, target = (need * router.call(name) // WAD for name in ("LEAST", "TARGET"))
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
    say(liar, need * liar.tandem.router.call("MOST") // WAD + over)
    with liar.refuses("router: nothing is free" if over else "router: no sweep due"):
        liar.tandem.router.send("sweep", sender=liar.stranger)


@pytest.mark.proves("HG-12")
@pytest.mark.parametrize("size", [0, WAD, -2 * WAD])
def test_a_debt_is_paid_up_to_what_its_hedge_would_cost_again(liar: World, size: int) -> None:
    """HG-12: "refilled only where reopening its hedge would cost more than the gap": its notional, times the
    fill band."""
    liar.mint(liar.call(2_500), ETH)
    venue, router = liar.tandem.venue, liar.tandem.router
    venue.send("move", size - venue.call("position"), sender=liar.stranger)
    kept = abs(size) * liar.spot // WAD * liar.terms()["fill_band"] // 10_000
    say(liar, -kept - 1)
    with liar.refuses("router: bankrupt account"):
        router.send("top_up", sender=liar.stranger)
    say(liar, -kept)
    assert router.send("top_up", sender=liar.stranger).returned > 0
