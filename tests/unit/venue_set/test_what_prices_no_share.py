"""SH-2, HG-13: no share is sold or burnt at a NAV that rests on what venues say."""

from __future__ import annotations

from contextlib import suppress

import pytest
from several import ALL, PAIR, REPLACED, build_beside_two_faces, build_set, fund, members, tell
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import HOUR, USD, WAD


def leaver(world: World, part: int = 10) -> tuple[int, int]:
    """An LP asks for a part of what he has; what a mark of before says that it is worth, and of all."""
    vault, lp = world.tandem.vault, world.tandem.lp
    supply, asked = vault.call("totalSupply"), vault.call("balanceOf", lp) // part
    vault.send("requestRedeem", asked, lp, lp, sender=lp)
    world.engine.advance(25 * HOUR)
    world.freshen()
    own = vault.call("totalAssets")
    return own * asked // supply, own


@pytest.mark.proves("SH-2")
@pytest.mark.parametrize("times", [1.1, 1.5, 2.5, 10, 1_000, 10**6])
def test_who_leaves_at_such_a_mark_takes_a_quarter_more_at_the_most(
    faced: World, face: Contract, times: float
) -> None:
    """SH-2: an accomplice with a tenth of the shares took all that the floor gives. What is past our own
    account and a quarter prices nobody, however long somebody waits."""
    vault = faced.tandem.vault
    faced.bring_home()
    part, own = leaver(faced)
    face.send("set_equity", int(own * (times - 1)) * 10**12, sender=faced.stranger)
    faced.rest()
    vault.send("poke", sender=faced.stranger)
    faced.engine.advance(7 * HOUR)
    faced.freshen()
    if times > 1.3:
        with pytest.raises(Reverted, match="vault: low over account"):
            vault.send("process", 5, sender=faced.stranger)
        return
    vault.send("process", 5, sender=faced.stranger)
    assert part < vault.call("maxWithdraw", faced.tandem.lp) <= part * 5 // 4


@pytest.mark.proves("SH-2")
@pytest.mark.parametrize(("beyond", "pays"), [(90, True), (110, False)])
def test_a_hundred_dollars_past_it_are_no_venues_word(beyond: int, pays: bool) -> None:
    """USD past our own account and a quarter: of what a hedge gained as much may lie under legs that nobody
    trades. The last who left had no price beside 1.36 USD of it, for good."""
    world = build_beside_two_faces("AaveVenue")
    vault, lp, face = world.tandem.vault, world.tandem.lp, members(world)[1]
    face.send("set_equity", 0, sender=world.stranger)
    vault.send("poke", sender=world.stranger)
    own = vault.call("totalAssets")
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    face.send("set_equity", (own // 4 + beyond * USD) * 10**12, sender=world.stranger)
    world.engine.advance(25 * HOUR)
    world.rest()
    if pays:
        vault.send("process", 5, sender=world.stranger)
        assert vault.call("maxWithdraw", lp) > 0
        return
    with pytest.raises(Reverted, match="vault: low over account"):
        vault.send("process", 5, sender=world.stranger)


@pytest.mark.proves("SH-2")
def test_what_who_left_has_not_claimed_is_no_lps(faced: World, face: Contract) -> None:
    """Four fifths left and did not claim: twice of cash with theirs was 6.7 times what the others had."""
    vault = faced.tandem.vault
    faced.bring_home()
    leaver(faced, 1)
    vault.send("process", 5, sender=faced.stranger)
    own = vault.call("totalAssets")
    assert vault.call("exits_unpaid") > own
    face.send("set_equity", 10**7 * WAD, sender=faced.stranger)
    faced.rest()
    vault.send("poke", sender=faced.stranger)
    assert vault.call("totalAssets") <= own * 13 // 10


@pytest.mark.proves("SH-2")
def test_who_comes_to_leave_takes_a_quarter_of_what_he_brought(
    faced: World, face: Contract
) -> None:
    """An accomplice chooses his part: with as much as all others have he took 1,888,090 of 2,000,000 USD by a
    word for the length of one `process`."""
    t, vault, who = faced.tandem, faced.tandem.vault, faced.engine.accounts[7]
    faced.bring_home()
    face.send("set_equity", 0, sender=faced.stranger)
    faced.freshen()
    t.deposit(10**6 * USD, lp=who)
    vault.send("requestRedeem", vault.call("balanceOf", who), who, who, sender=who)
    faced.engine.advance(25 * HOUR)
    faced.freshen()
    faced.rest()
    vault.send("poke", sender=faced.stranger)
    best = 0
    for more in range(0, 2_000_000, 50_000):
        with faced.undone(), suppress(Reverted):
            face.send("set_equity", more * WAD, sender=faced.stranger)
            vault.send("process", 5, sender=faced.stranger)
            best = max(best, vault.call("maxWithdraw", who))
    assert 10**6 * USD <= best <= 1_260_000 * USD


@pytest.mark.proves("SH-2")
def test_what_holders_have_not_fetched_is_no_lps(faced: World, face: Contract) -> None:
    """By a lie a tenth was paid 102,210 of 22,210 USD before holders had redeemed, and refused after."""
    t, vault, series = faced.tandem, faced.tandem.vault, faced.call(2_500)
    faced.bring_home()
    faced.engine.set_time(faced.near - 900)
    faced.freshen()
    faced.move(5_000)
    faced.freshen()
    faced.settle(faced.near, 5_000)
    face.send("set_equity", 10**7 * WAD, sender=faced.stranger)
    vault.send("poke", sender=faced.stranger)
    told = vault.call("totalAssets")
    t.redeem(series, t.balance_of(series))
    vault.send("poke", sender=faced.stranger)
    assert vault.call("totalAssets") == told


@pytest.mark.proves("SH-2")
@pytest.mark.parametrize("said", [10**12, 10**9, 10**7, 5 * 10**5, 10**5])
@pytest.mark.parametrize("place", [1, 2, ALL])
def test_who_comes_pays_for_a_quarter_more_than_is_there_at_the_most(
    faced: World, face: Contract, said: int, place: int
) -> None:
    """SH-2: by one word, in either valuation, 100,000 USD bought shares of 0.12 USD. `maxDeposit` knows."""
    vault, who = faced.tandem.vault, faced.engine.accounts[7]
    faced.bring_home()
    faced.freshen()
    if place == ALL:
        was = face.call("equity")
        face.send("set_equity", said * WAD, sender=faced.stranger)
    else:
        tell(faced, face, ("account", REPLACED, place, said * WAD))
    if said > 3 * 10**5:
        assert vault.call("maxDeposit", who) == vault.call("maxMint", who) == 0
        with pytest.raises(Reverted, match="vault: high over account"):
            faced.tandem.deposit(100_000 * USD, lp=who)
        return
    assert vault.call("maxDeposit", who) > 100_000 * USD
    faced.tandem.deposit(100_000 * USD, lp=who)
    if place == ALL:
        face.send("set_equity", was, sender=faced.stranger)
    else:
        tell(faced, face, ("account", 0, 0, 0))
    vault.send("poke", sender=faced.stranger)
    assert vault.call("convertToAssets", vault.call("balanceOf", who)) > 78_000 * USD


def sweep(world: World) -> None:
    """All that the venues let go."""
    for _ in range(4):
        with suppress(Reverted):
            world.tandem.desk.send("sweep", sender=world.stranger)


def tidy(world: World) -> None:
    """Margin, then the hedge, then what is left over, as far as anybody may bring it."""
    for _ in range(4):
        with suppress(Reverted):
            world.tandem.desk.send("top_up", sender=world.stranger)
    with suppress(Reverted):
        world.bring_home()
    sweep(world)
    world.freshen()


@pytest.mark.proves("SH-2")
@pytest.mark.parametrize("kind", ["curie", PAIR])
def test_nobody_leaves_at_less_for_a_gain_that_is_not_home_yet(kind: str) -> None:
    """Nobody lies: holders were paid out of cash, and the hedge that pays for them has gained more than all
    of cash and margin and is still open at the venue, which lets none of that go. Who left then was paid 0
    of 92,209 USD at the only venue, 58,845 of 89,539 over two. He waits until it is home, and has his part.
    Longer than a function should be: it is one life, from the first mint to the leaver's part."""
    world = build_set(kind)
    vault, lp, series = world.tandem.vault, world.tandem.lp, world.call(2_500)
    world.set_terms(gate=4_000)
    for n in range(30):
        world.mint(series, 10 * ETH)
        fund(world)
        world.freshen()
        if n % 3 == 2:
            tidy(world)
    for price in (2_800, 3_100, 3_400):
        world.move(price)
        world.rest()
        tidy(world)
    world.engine.set_time(world.near - 26 * HOUR)
    world.freshen()
    vault.send("requestRedeem", vault.call("totalSupply") // 10, lp, lp, sender=lp)
    world.engine.set_time(world.near - 900)
    world.freshen()
    world.move(5_000)
    world.freshen()
    world.settle(world.near, 5_000)
    world.tandem.redeem(series, world.tandem.balance_of(series))
    sweep(world)
    vault.send("poke", sender=world.stranger)
    world.go_on(7 * HOUR)
    world.freshen()
    funds, mark = vault.funds(), world.tandem.lens.mark_for(vault.call("totalAssets"), 6 * HOUR)
    own = (funds.cash - funds.exits - mark.claims) * 10**12
    whole = (own + mark.equity_low - mark.liability_high - mark.rehedge_cost) // 10**12
    assert vault.call("low_nav") < whole * 9 // 10
    with pytest.raises(Reverted, match="vault: low over account"):
        vault.send("process", 5, sender=world.stranger)
    for _ in range(20):
        world.move(5_000)
        world.rest()
        tidy(world)
        with suppress(Reverted):
            vault.send("process", 5, sender=world.stranger)
        if vault.call("maxWithdraw", lp):
            break
    assert vault.call("maxWithdraw", lp) >= whole // 10 * 97 // 100
