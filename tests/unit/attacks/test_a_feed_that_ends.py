"""ST-5 to ST-8, AV-2: a feed that fails for good keeps nobody in, whichever sources are left."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from worlds import ETH, LOT, USD, World, build

from tandem.errors import Reverted
from tandem.protocol.rounds import PROPOSAL, SECOND_FEED
from tandem.units import DAY, WAD


@pytest.fixture(scope="module")
def two_feeds_once() -> World:
    """The market with a second feed."""
    return build(second=True)


@pytest.fixture
def two_feeds(two_feeds_once: World) -> Iterator[World]:
    with two_feeds_once.undone():
        yield two_feeds_once


def ends(w: World) -> None:
    """Nothing comes after what the feed said before the expiry."""


def answers_nonsense(w: World) -> None:
    """Nine rounds before the expiry that do not count hide the last one that does."""
    w.engine.set_time(w.near - 60)
    for _ in range(9):
        w.curie.feed.send("push", 99 * 10**8, sender=w.curie.owner)
    w.engine.set_time(w.near)
    w.push(2_500)
    with w.refuses("spot: gap too wide"):
        w.tandem.settle(w.near, w.round_id())


LOCKED = pytest.mark.parametrize("locked", [ends, answers_nonsense])


@pytest.mark.proves("ST-5", "ST-6")
@LOCKED
def test_an_expiry_that_the_feed_locked_is_settled_by_the_second_feed(
    two_feeds: World, locked: Callable[[World], None]
) -> None:
    w = two_feeds
    w.mint(w.call(2_500), ETH)
    w.engine.set_time(w.near - 120)
    w.push_second(2_590)
    locked(w)
    w.engine.set_time(w.near + 60)
    w.push_second(2_600)
    round_id = SECOND_FEED | w.second_round()
    w.engine.set_time(w.near + 3 * DAY - 60)
    with w.refuses("spot: source not open"):
        w.tandem.settle(w.near, round_id)
    w.engine.set_time(w.near + 3 * DAY)
    assert w.tandem.settle(w.near, round_id).returned == 2_600 * WAD
    assert w.tandem.redeem(w.call(2_500), ETH).returned == 100 * USD


def propose(w: World, price: int) -> None:
    owner = w.tandem.roles.deployer
    w.tandem.guardian.send("propose_price", w.near, price * WAD, sender=owner)


@pytest.mark.proves("ST-5", "ST-7")
@LOCKED
def test_an_expiry_that_the_feed_locked_is_settled_by_the_owners_price_after_its_delay(
    world: World, locked: Callable[[World], None]
) -> None:
    w = world
    w.mint(w.call(2_500), ETH)
    locked(w)
    w.engine.set_time(w.near + 2 * DAY)
    propose(w, 2_600)
    w.engine.set_time(w.near + 3 * DAY)
    with w.refuses("guardian: too early"):
        w.tandem.settle(w.near, PROPOSAL)
    w.engine.set_time(w.near + 4 * DAY)
    w.tandem.market.send("settle", w.near, PROPOSAL, sender=w.stranger)
    assert w.tandem.market.call("settlement", w.near) == 2_600 * WAD
    assert w.tandem.redeem(w.call(2_500), ETH).returned == 100 * USD


@pytest.mark.proves("ST-8")
def test_an_honest_round_beats_a_lying_owner_while_his_price_waits(world: World) -> None:
    w = world
    w.mint(w.call(2_500), ETH)
    w.engine.set_time(w.near)
    propose(w, 100)
    w.engine.set_time(w.near + 3 * DAY - 60)
    w.push(2_600)
    with w.refuses("spot: source not open"):
        w.tandem.settle(w.near, PROPOSAL)
    w.tandem.market.send("settle", w.near, w.round_id(), sender=w.stranger)
    w.engine.advance(DAY)
    with w.refuses("book: expiry not listed"):
        w.tandem.settle(w.near, PROPOSAL)
    assert w.tandem.market.call("settlement", w.near) == 2_600 * WAD


@pytest.mark.proves("ST-8", "FL-6")
def test_no_source_settles_what_another_has_settled(two_feeds: World) -> None:
    w = two_feeds
    w.mint(w.call(2_500), ETH)
    w.engine.set_time(w.near)
    propose(w, 2_600)
    w.push_second(2_700)
    w.push(2_800)
    w.engine.set_time(w.near + 4 * DAY)
    ways = (w.round_id(), SECOND_FEED | w.second_round(), PROPOSAL)
    for first in ways:
        with w.undone():
            price = w.tandem.settle(w.near, first).returned
            for other in ways:
                with w.refuses("book: expiry not listed"):
                    w.tandem.settle(w.near, other)
            assert w.tandem.market.call("settlement", w.near) == price


@pytest.mark.proves("AV-2")
def test_where_a_second_feed_goes_on_the_last_lp_leaves_though_the_first_ended(
    two_feeds: World,
) -> None:
    """The first never answers again: the hedge is closed, and its margin comes home."""
    w, t, vault, lp = two_feeds, two_feeds.tandem, two_feeds.tandem.vault, two_feeds.tandem.lp
    w.mint(w.call(2_500), ETH)
    w.engine.set_time(w.near + 60)
    w.push_second(2_600)
    w.engine.set_time(w.near + 3 * DAY)
    t.settle(w.near, SECOND_FEED | w.second_round())
    t.redeem(w.call(2_500), ETH)
    assert abs(w.position()) > LOT
    w.push_second(2_500)
    t.rebalance(sender=w.stranger)
    assert abs(w.position()) < LOT
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    w.engine.advance(25 * 3_600)
    w.push_second(2_500)
    t.desk.send("sweep", sender=w.stranger)
    vault.send("process", 1, sender=w.stranger)
    assert vault.call("maxWithdraw", lp) > vault.call("cash") - USD


@pytest.mark.proves("ST-5", "AV-2")
def test_lps_leave_though_the_only_feed_ended(world: World) -> None:
    w, vault, lp = world, world.tandem.vault, world.tandem.lp
    w.mint(w.call(2_500), ETH)
    w.engine.set_time(w.near)
    propose(w, 2_600)
    w.engine.set_time(w.near + 3 * DAY)
    w.tandem.settle(w.near, PROPOSAL)
    w.tandem.redeem(w.call(2_500), ETH)
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    w.engine.advance(25 * 3_600)
    w.tandem.rebalance(sender=w.stranger)
    assert abs(w.position()) < LOT
    assert vault.send("process", 1, sender=w.stranger).returned > 0


# ---------------------------------------------------------------- feeds that fail without ending


def reverts(w: World) -> None:
    """A new phase without a round: the question for the latest round goes down."""
    assert w.own is not None
    w.own.send("next_phase", sender=w.curie.owner)


def raves(w: World) -> None:
    """Rounds in time, out of every bound."""
    assert w.own is not None
    w.own.send("push", 99 * 10**8, sender=w.curie.owner)


@pytest.fixture(scope="module")
def apart_once() -> World:
    """Our feed is not the venue's, and there is no second one."""
    return build(apart=True)


@pytest.fixture
def apart(apart_once: World) -> Iterator[World]:
    with apart_once.undone():
        yield apart_once


def watched(w: World, fails: Callable[[World], None], days: int, every: int = 6 * 3_600) -> None:
    """The feed goes on failing, and somebody notes it a little oftener than he must."""
    for _ in range(days * DAY // every):
        fails(w)
        assert w.tandem.spot.send("watch", sender=w.stranger).returned is True
        w.engine.advance(every - 600)


@pytest.mark.proves("AV-2")
@pytest.mark.parametrize(
    ("fails", "reason"), [(reverts, "spot: incomplete round"), (raves, "spot: out of bounds")]
)
def test_r35_lps_leave_though_the_only_feed_fails_without_ending(
    apart: World, fails: Callable[[World], None], reason: str
) -> None:
    """AV-2: "three days of notes … the index by which the venue itself values the position". It closes
    the hedge and lets LPs go; who opens, sells back or deposits does not meet it. Longer than a test should
    be: it tells one course of events, and each step stands on the ones before it."""
    w, t, vault, lp = apart, apart.tandem, apart.tandem.vault, apart.tandem.lp
    w.mint(w.call(2_500), ETH)
    w.engine.set_time(w.near)
    fails(w)
    propose(w, 2_600)
    w.engine.set_time(w.near + 3 * DAY)
    fails(w)
    t.settle(w.near, PROPOSAL)
    t.redeem(w.call(2_500), ETH)
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    watched(w, fails, 3)
    fails(w)
    with w.refuses(reason):
        t.rebalance()
    with w.refuses(reason):
        vault.send("process", 1, sender=w.stranger)
    watched(w, fails, 1)
    w.curie.set_index(2_550 * WAD)
    w.curie.converge()
    fails(w)
    t.spot.send("watch", sender=w.stranger)
    with w.undone():  # nor is an index believed at any price
        w.curie.set_index(200_000 * WAD)
        with w.refuses("spot: index out of bounds"):
            t.spot.call("closing_spot")
    assert t.spot.call("closing_spot") == (2_550 * WAD, True)
    for enter in (lambda: w.mint(w.put(2_400, far=True), ETH), lambda: t.deposit(USD)):
        with pytest.raises(Reverted, match=reason):
            enter()
    t.rebalance(sender=w.stranger)
    assert abs(w.position()) < LOT
    t.desk.send("sweep", sender=w.stranger)
    vault.send("process", 1, sender=w.stranger)
    assert vault.call("maxWithdraw", lp) > vault.call("cash") - USD


@pytest.mark.proves("AV-2")
def test_r35_notes_of_a_feed_that_answered_in_between_count_for_nothing(apart: World) -> None:
    """AV-2: "three days of notes, none further apart than six hours"."""
    w, spot = apart, apart.tandem.spot
    watched(w, raves, 3)
    w.own.send("push", 2_500 * 10**8, sender=w.curie.owner)  # type: ignore[union-attr]
    assert spot.send("watch", sender=w.stranger).returned is False
    w.engine.advance(3_600)
    watched(w, raves, 2)
    for _ in range(2):  # a gap in the notes begins them anew
        raves(w)
        with pytest.raises(Reverted, match="spot: out of bounds"):
            spot.call("closing_spot")
        w.engine.advance(6 * 3_600 + 60)
        raves(w)
        watched(w, raves, 2)
    watched(w, raves, 2)
    raves(w)
    assert spot.call("closing_spot")[1] is True
    with pytest.raises(Reverted, match="spot: out of bounds"):
        spot.call("spot")
