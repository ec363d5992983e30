"""VS-5, AV-1: what goes on once a guardian took one of several venues down, or the last of them."""

from __future__ import annotations

import pytest
from several import fund
from worlds import ETH, World
from written_off import AAVE, CURIE, brought_back, take_down, until

from tandem.errors import Reverted
from tandem.units import DAY, HOUR, USD


def full(world: World) -> None:
    """45 calls, hedged on both, and a gate of a tenth."""
    world.set_terms(gate=1_000)
    for _ in range(3):
        world.mint(world.call(2_500), 15 * ETH)
        fund(world)
    world.bring_home()
    fund(world)
    world.freshen()
    world.tandem.stress.send("remark", sender=world.stranger)


@pytest.mark.proves("BR-1", "FL-5")
def test_a_vault_that_most_have_left_lends_little_and_where_nothing_lacks_that_is_no_distress(
    pair: World,
) -> None:
    """What margin lacks is worked out at spot, for a trade: with one for the other it were 131,000 USD."""
    world, t, vault, lp = pair, pair.tandem, pair.tandem.vault, pair.tandem.lp
    full(world)
    vault.send("requestRedeem", vault.call("balanceOf", lp) * 9 // 10, lp, lp, sender=lp)
    world.engine.advance(DAY + HOUR)
    world.freshen()
    vault.send("process", 9, sender=world.stranger)
    assert 0 < t.desk.unseen(world.spot).lendable < 25_000 * USD
    t.stress.send("remark", sender=world.stranger)
    assert t.breaker.state().reasons == 0


@pytest.mark.proves("VS-5", "GT-4")
def test_nothing_opens_by_a_mark_that_has_the_one_that_went_down_pay(pair: World) -> None:
    """A gate of 100,000 USD let in a worst jump of 262,367: by the mark of before one paid that was down."""
    world, t = pair, pair.tandem
    full(world)
    take_down(world, AAVE)
    with pytest.raises(Reverted, match="market: paused"):
        world.mint(world.call(2_500), ETH)
    t.stress.send("remark", sender=world.stranger)
    reason, sizes = "", iter([2 * ETH] * 30)
    while not reason:
        try:
            world.mint(world.call(2_500), next(sizes))
        except Reverted as refused:
            reason = refused.reason
    assert reason == "gate: worst jump"
    gate = t.snapshot().gate
    assert gate.worst <= gate.limit


@pytest.mark.proves("VS-5")
def test_what_is_open_closes_meanwhile_and_a_mark_ends_it(pair: World) -> None:
    world, t = pair, pair.tandem
    world.mint(world.call(2_500), 10 * ETH)
    fund(world)
    take_down(world, AAVE)
    assert t.snapshot().is_distressed
    assert world.close(world.call(2_500), ETH).returned[0] == ETH
    t.stress.send("remark", sender=world.stranger)
    assert not t.snapshot().is_distressed
    world.mint(world.put(2_500), ETH)
    brought_back(world, AAVE)
    assert t.snapshot().is_distressed
    t.stress.send("remark", sender=world.stranger)
    assert not t.snapshot().is_distressed


@pytest.mark.proves("AV-1", "SH-6")
@pytest.mark.parametrize("by", ["bits", "the word for all"])
def test_who_leaves_where_all_are_down_and_no_feed_is_left(sold: World, by: str) -> None:
    """As at the only venue, by a price that one of them goes by: exits reverted "venues: all down"."""
    world, t, vault, lp = sold, sold.tandem, sold.tandem.vault, sold.tandem.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 10, lp, lp, sender=lp)
    if by == "bits":
        take_down(world, CURIE)
        take_down(world, AAVE)
    else:
        t.guardian.take_down().send(t.roles.guardian)
    world.engine.advance(11 * DAY)
    vault.send("process", 5, sender=world.stranger)
    assert vault.call("maxRedeem", lp) > 0


def test_all_down_by_their_bits_are_seen_without_spot(sold: World) -> None:
    take_down(sold, CURIE)
    until(sold, take_down(sold, AAVE) + 2 * DAY)
    sold.engine.advance(2 * DAY)
    assert not sold.tandem.snapshot().spot_fresh


@pytest.mark.proves("VS-5", "AV-1")
def test_the_last_that_goes_down_says_that_all_are(sold: World) -> None:
    """Status and keeper said that opens were let in, and a mint was refused for want of a venue."""
    t = sold.tandem
    take_down(sold, CURIE)
    assert not t.snapshot().is_venue_down
    take_down(sold, AAVE)
    assert t.snapshot().is_venue_down
    assert (t.snapshot().places_down, t.venue.call("venues_up")) == ((CURIE, AAVE), ())
    with pytest.raises(Reverted, match=r"hedge: venue down|market: paused"):
        sold.mint(sold.call(2_500), ETH)
    assert sold.close(sold.put(2_500), ETH).returned[0] == ETH


@pytest.mark.proves("VS-5", "HG-19")
@pytest.mark.parametrize("place", [CURIE, AAVE])
def test_one_comes_back_alone_where_each_was_taken_down(sold: World, place: int) -> None:
    t = sold.tandem
    take_down(sold, CURIE)
    take_down(sold, AAVE)
    brought_back(sold, place)
    assert not t.snapshot().is_venue_down
    assert t.snapshot().places_down == (1 - place,)
    t.stress.send("remark", sender=sold.stranger)
    sold.bring_home()


@pytest.mark.proves("HG-19")
def test_the_word_for_all_is_not_taken_back_by_one(sold: World) -> None:
    t = sold.tandem
    take_down(sold, CURIE)
    t.guardian.take_down().send(t.roles.guardian)
    brought_back(sold, CURIE)
    assert t.snapshot().is_venue_down
