"""HG-13, SH-2: what a venue says for a moment of what its account is worth or needs takes no floor."""

from __future__ import annotations

from typing import Any

import pytest
from barred import lie
from several import ALL, REPLACED, members, tell
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import WAD

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


def topped_up(world: World, venue: Contract) -> int:
    try:
        return int(world.tandem.desk.top_up(venue).send(world.stranger).returned)
    except Reverted:
        return 0


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
    assert whole < t.vault.call("totalAssets") < whole * 202 // 100
    assert topped_up(faced, members(faced)[place]) < least // 20


@pytest.mark.proves("HG-12", "VS-8")
@pytest.mark.parametrize("told", NEEDS.values(), ids=NEEDS)
def test_nobody_needs_more_than_it_carries(
    faced: World, face: Contract, told: tuple[Any, ...]
) -> None:
    """As much as its hedge and the largest trade, and not the floor (936,590 USD)."""
    t = faced.tandem
    faced.bring_home()
    tell(faced, face, told)
    carried = abs(face.call("position")) * faced.spot // WAD
    largest = t.vault.call("totalAssets") * faced.terms()["max_trade"] // 10_000 * 10**12
    sent = t.desk.top_up(face).send(faced.stranger).returned
    assert sent * 10**12 <= carried + largest + 10**12


@pytest.mark.proves("SH-2")
def test_who_leaves_at_such_a_mark_takes_twice_his_part_at_the_most(
    faced: World, face: Contract
) -> None:
    """SH-2: an accomplice with a tenth of the shares took all that the floor gives."""
    t, vault, lp = faced.tandem, faced.tandem.vault, faced.tandem.lp
    faced.bring_home()
    supply, asked = vault.call("totalSupply"), vault.call("balanceOf", lp) // 10
    vault.send("requestRedeem", asked, lp, lp, sender=lp)
    faced.engine.advance(25 * 3_600)
    faced.freshen()
    own = vault.call("totalAssets")
    face.send("set_equity", 10**7 * WAD, sender=faced.stranger)  # at more, nobody leaves
    faced.rest()
    t.vault.send("poke", sender=faced.stranger)
    faced.engine.advance(7 * 3_600)
    faced.freshen()
    vault.send("process", 5, sender=faced.stranger)
    paid = vault.call("maxWithdraw", lp)
    assert 0 < paid <= own * asked // supply * 21 // 10


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
