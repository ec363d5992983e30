"""AV-1, AV-2: a sequencer's uptime feed that fails for good keeps nobody in; a right one is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from worlds import ETH, LOT, USD, World, build

from tandem.errors import Reverted
from tandem.units import DAY, HOUR

GRACE = HOUR
WAIT, APART = 3 * DAY, 6 * HOUR


@pytest.fixture(scope="module")
def rollup_once() -> World:
    """The market on a chain with a sequencer, and an option sold in it."""
    w = build(uptime=True)
    w.mint(w.call(2_500, far=True), 5 * ETH)
    return w


@pytest.fixture
def rollup(rollup_once: World) -> Iterator[World]:
    with rollup_once.undone():
        yield rollup_once


def is_gone(w: World) -> None:
    """Its call reverts: a phase without a round."""
    assert w.uptime is not None
    w.uptime.send("next_phase", sender=w.curie.owner)


def is_blank(w: World) -> None:
    """It answers zeros."""
    assert w.uptime is not None
    w.uptime.send("answer_zeros", True, sender=w.curie.owner)
    is_gone(w)


def is_stuck(w: World) -> None:
    """It says that the sequencer is down, and whoever would say otherwise is not there any more."""
    assert w.uptime is not None
    w.uptime.send("push", 1, sender=w.curie.owner)


def lives(w: World, seconds: int, *, prices: bool = True) -> None:
    """Time in which somebody notes what he sees, and the price feed goes on."""
    end = w.engine.now() + seconds
    while w.engine.now() < end:
        if prices:
            w.push_wad(w.spot)
        w.tandem.spot.send("watch", sender=w.stranger)
        w.engine.advance(min(APART - 600, end - w.engine.now() + 1))
    if prices:
        w.push_wad(w.spot)
    w.post()


def everybody_leaves(w: World) -> None:
    """The holder sells back, the last LP is paid, and the hedge is closed."""
    t, vault, lp = w.tandem, w.tandem.vault, w.tandem.lp
    assert w.close(w.call(2_500, far=True), 5 * ETH).returned[0] == 5 * ETH
    t.rebalance(sender=w.stranger)
    assert abs(w.position()) < LOT
    t.desk.send("sweep", sender=w.stranger)
    assert vault.send("process", 1, sender=w.stranger).returned > 0
    assert vault.call("maxWithdraw", lp) > vault.call("cash") - USD


@pytest.mark.proves("AV-1", "AV-2")
@pytest.mark.parametrize(
    ("fails", "reason"),
    [
        (is_gone, "spot: sequencer unknown"),
        (is_blank, "spot: sequencer unknown"),
        (is_stuck, "spot: sequencer down"),
    ],
)
def test_holders_and_lps_leave_though_the_uptime_feed_fails_for_good(
    rollup: World, fails: Callable[[World], None], reason: str
) -> None:
    """AV-2: "An uptime feed that was noted for three days to show no status, or to say that the sequencer is
    down while a round came after the first note, is passed over". Before, whoever held stayed to his expiry,
    and LPs stayed in for good."""
    w, vault, lp = rollup, rollup.tandem.vault, rollup.tandem.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    fails(w)
    lives(w, WAIT - HOUR)
    for act in (
        lambda: w.close(w.call(2_500, far=True), ETH),
        lambda: w.tandem.rebalance(sender=w.stranger),
        lambda: vault.send("process", 1, sender=w.stranger),
    ):
        with w.refuses(reason):
            act()
    assert w.tandem.snapshot().spot_fresh is False
    lives(w, HOUR)
    assert w.tandem.snapshot().spot_fresh is True
    everybody_leaves(w)


@pytest.mark.proves("AV-2")
def test_a_sequencer_that_is_down_for_days_is_believed(rollup: World) -> None:
    """No round came after the first note: what could be forced in meanwhile, notes of anybody among it, lets
    nobody leave at a price of before, nor at an index as old once the feed has been silent for four days."""
    w, spot, vault, lp = rollup, rollup.tandem.spot, rollup.tandem.vault, rollup.tandem.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    w.push_wad(w.spot)
    w.engine.advance(1)
    is_stuck(w)
    for _ in range(2):
        lives(w, WAIT - HOUR, prices=False)
        with w.refuses("spot: sequencer down"):
            vault.send("process", 1, sender=w.stranger)
        with pytest.raises(Reverted, match="spot: sequencer down"):
            spot.call("closing_spot")
    w.uptime.send("push", 0, sender=w.curie.owner)  # type: ignore[union-attr]
    spot.send("watch", sender=w.stranger)
    w.push_wad(w.spot)
    with pytest.raises(Reverted, match="spot: grace period"):
        spot.call("spot")


@pytest.mark.proves("AV-2")
@pytest.mark.parametrize("fails", [is_gone, is_stuck])
def test_an_uptime_feed_that_answers_again_counts_again_with_its_grace(
    rollup: World, fails: Callable[[World], None]
) -> None:
    """AV-2: "until it says that the sequencer is up; then its grace begins", noted or not."""
    w, spot, uptime = rollup, rollup.tandem.spot, rollup.uptime
    assert uptime is not None
    fails(w)
    lives(w, WAIT + HOUR)
    assert spot.call("spot") == spot.call("peek")[0] == w.spot
    uptime.send("push", 0, sender=w.curie.owner)
    for _ in range(2):
        with pytest.raises(Reverted, match="spot: grace period"):
            spot.call("spot")
        assert spot.call("peek")[2] is False
        assert spot.send("watch", sender=w.stranger).returned is False
    assert spot.call("status_failing_since") == spot.call("status_failing_last") == 0
    w.engine.advance(GRACE + 1)
    w.push_wad(w.spot)
    assert spot.call("spot") == w.spot
    fails(w)
    spot.send("watch", sender=w.stranger)
    with pytest.raises(Reverted, match="spot: sequencer"):
        spot.call("spot")


@pytest.mark.proves("AV-2")
@pytest.mark.parametrize("fails", [is_gone, is_stuck])
def test_notes_of_the_uptime_feed_that_are_too_far_apart_begin_anew(
    rollup: World, fails: Callable[[World], None]
) -> None:
    """AV-2: "none further apart than six hours", to the second; and three days are passed, not reached."""
    w, spot = rollup, rollup.tandem.spot
    fails(w)
    began = w.engine.now()
    lives(w, 2 * DAY)
    assert began <= spot.call("status_failing_since") <= began + 60
    w.engine.set_time(spot.call("status_failing_last") + APART + 1)
    spot.send("watch", sender=w.stranger)
    since = spot.call("status_failing_since")
    assert since > began + 2 * DAY
    lives(w, WAIT - 2 * HOUR)
    spot.send("watch", sender=w.stranger)
    assert spot.call("status_failing_since") == since
    w.engine.set_time(since + WAIT - 60)
    w.push_wad(w.spot)
    for after in (0, 1):
        w.engine.set_time(since + WAIT + after)
        assert spot.call("peek")[2] is bool(after)
    w.engine.set_time(spot.call("status_failing_last") + APART + 1)
    w.push_wad(w.spot)
    with pytest.raises(Reverted, match="spot: sequencer"):
        spot.call("spot")


@pytest.mark.proves("AV-2")
def test_notes_of_one_feed_are_none_of_the_other(rollup: World) -> None:
    """AV-2: the price feed is noted by the same call and by a count of its own."""
    w, spot = rollup, rollup.tandem.spot
    is_gone(w)
    sent = spot.send("watch", sender=w.stranger)
    assert sent.returned is True
    (feed,), (status,) = sent.events("FeedWatched"), sent.events("StatusWatched")
    assert (feed["fails"], feed["since"]) == (False, 0)
    assert (status["fails"], status["since"]) == (True, spot.call("status_failing_since"))
    assert spot.call("failing_since") == spot.call("failing_last") == 0
