"""HG-13, SH-2: what a venue says for a moment of what its account is worth or needs takes no floor."""

from __future__ import annotations

from typing import Any

import pytest
from barred import lie, needs, topped_up
from several import ALL, REPLACED, lender, members, tell
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.units import HOUR, USD, WAD

RICH = 10**12 * WAD
"""USD that no account ever had, and that are believed of one."""
NEEDS = {
    "bounds that are believed": ("bounds", REPLACED, ALL, 2**69),
    "bounds that are not": ("bounds", REPLACED, ALL, 2**80),
    "margin_equity": ("account", REPLACED, 3, 2**256 - 10**30),
}


def marked_rich(world: World, face: Contract) -> None:
    """One mark at which it says that it has all of that."""
    was = face.call("equity")
    face.send("set_equity", RICH, sender=world.stranger)
    world.tandem.vault.send("poke", sender=world.stranger)
    face.send("set_equity", was, sender=world.stranger)


@pytest.mark.proves("HG-13")
def test_who_is_past_its_cap_makes_none(faced: World, face: Contract) -> None:
    """The cap is a part of NAV, and its word was in that: 913,406 USD of a million were sent to it."""
    t = faced.tandem
    lie(faced, face)
    _, cap = t.vault.call("venue_losses", face)
    assert t.vault.call("would_lend", face) == 0
    marked_rich(faced, face)
    face.send("set_equity", 0, sender=faced.stranger)
    assert topped_up(faced, face) <= 2 * cap


@pytest.mark.proves("SH-2", "HG-12")
@pytest.mark.parametrize("place", [0, 1], ids=["the honest one", "the liar"])
def test_a_nav_of_a_moment_has_nobody_ask_for_the_floor(
    faced: World, face: Contract, place: int
) -> None:
    """The largest trade is a part of NAV, and margin is kept for it: 936,590 USD of a million."""
    t, least = faced.tandem, faced.tandem.vault.call("cash")
    whole = t.vault.call("totalAssets")
    marked_rich(faced, face)
    assert whole < t.vault.call("totalAssets") < whole * 127 // 100
    assert topped_up(faced, members(faced)[place]) < least // 20


def pumped(world: World, face: Contract, *, honest: bool) -> int:
    """What any number of top-ups in a row send it. honest: it says that what it got is there, as every venue
    does."""
    sent = 0
    for _ in range(40):
        one = topped_up(world, face)
        if not one:
            return sent
        sent += one
        if honest:
            face.send("set_equity", face.call("equity") + one * 10**12, sender=world.stranger)
    raise AssertionError("it does not end")


@pytest.mark.proves("HG-12", "HG-13", "VS-8")
@pytest.mark.parametrize("honest", [True, False])
@pytest.mark.parametrize("told", NEEDS.values(), ids=NEEDS)
def test_nobody_is_sent_more_than_margin_is_for_however_often(
    faced: World, face: Contract, told: tuple[Any, ...], honest: bool
) -> None:
    """As much as its hedge and the largest trade, and not the floor: 936,590 USD at once, and in nine top-ups
    938,090 while it said that it has all that it was sent."""
    faced.bring_home()
    most = needs(faced, face)
    tell(faced, face, told)
    sent = pumped(faced, face, honest=honest)
    assert sent * 10**12 <= most + 10**12


@pytest.mark.proves("HG-12")
@pytest.mark.parametrize("index", [10**5, 20, 1])
def test_while_spot_is_refused_its_index_is_believed_by_half_and_twice(
    faced: World, face: Contract, index: int
) -> None:
    """The venue liquidates by it, and it is the venue's word: at 100,000 times as much 938,090 USD went."""
    faced.bring_home()
    most = needs(faced, face)
    faced.engine.advance(2 * HOUR)
    assert not faced.tandem.snapshot().spot_fresh
    tell(faced, face, ("index", REPLACED, 0, faced.spot * index))
    sent = pumped(faced, face, honest=True)
    assert sent * 10**12 <= 2 * most + 10**12


@pytest.mark.proves("HG-13", "BR-1", "VS-8")
def test_a_loss_is_found_whatever_position_is_said(faced: World, face: Contract) -> None:
    """A position that nobody opened explained any loss by a hair of a move: neither cap nor breaker saw
    22,083 USD."""
    t = faced.tandem
    faced.bring_home()
    face.send("set_equity", 1_000 * WAD, sender=faced.stranger)
    t.desk.top_up(face).send(faced.stranger)
    faced.push(2_399)
    faced.freshen()
    face.send("set_equity", 0, sender=faced.stranger)
    found, _ = t.desk.call("unseen", faced.spot)
    assert found > 10_000 * USD
    for said in (10**6 * WAD, -(10**6) * WAD, 2**200):
        tell(faced, face, ("account", REPLACED, 0, said % 2**256))
        assert t.desk.call("unseen", faced.spot)[0] == pytest.approx(found, rel=0.02)
        with faced.undone():
            assert topped_up(faced, face) == 0
            assert t.vault.call("venue_losses", face)[0] >= found * 9 // 10


@pytest.mark.proves("LM-2", "VS-8")
def test_a_gift_of_nothing_makes_no_position_count_again(sold: World) -> None:
    """A short that was liquidated and noted: ether for 2.5e-6 USD, lent in our name, held 119,308 USD back
    from who leaves, for what came before the liquidation counted."""
    t = sold.tandem
    market, venue = lender(sold)
    sold.move(6_300)
    while market.liquidatable(venue):
        market.liquidate(venue)
    sold.rest()
    t.venue.send("note", sender=sold.stranger)
    before = t.router.account(sold.spot, 0)
    market.supply_for(sold.stranger, venue, 10**9, market.weth)
    after = t.router.account(sold.spot, 0)
    assert after.need == pytest.approx(before.need, rel=1e-6)
    assert after.top_up <= before.top_up + USD


@pytest.mark.proves("SH-2")
def test_what_an_honest_hedge_gained_is_in_nav_whole(pair: World) -> None:
    """The bound is none where nobody lies: a fifth up, the margin of a hedge of 50 ETH half gain."""
    t = pair.tandem
    for _ in range(3):
        pair.mint(pair.call(2_500), 30 * ETH)
        while t.snapshot().account.top_up:
            t.desk.send("top_up", sender=pair.stranger)
    pair.move(3_000)
    pair.rest()
    t.vault.send("poke", sender=pair.stranger)
    mark = t.lens.mark_for(t.vault.call("totalAssets"), 6 * 3_600)
    funds = t.vault.funds()
    own = (funds.cash - funds.exits - mark.claims) * 10**12
    low = (own + mark.equity_low - mark.liability_high - mark.rehedge_cost) // 10**12
    assert t.vault.call("totalAssets") == pytest.approx(low, rel=1e-3)
