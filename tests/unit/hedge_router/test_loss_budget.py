"""HG-13: margin follows the hedge; what stops it is a venue's loss that no price explains."""

from __future__ import annotations

from contextlib import suppress

import pytest
from distress import SHORT, delever, falls, squeeze
from robbery import held, steal
from worlds import ETH, USD, WIDE, World, build

from tandem.errors import Reverted
from tandem.protocol.bindings.structs import HedgeAccount
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, WAD

TERMS = WIDE | {"reserve": 500}


@pytest.fixture(scope="module")
def wide_once() -> World:
    """Limits so wide that margin is what binds."""
    return build(settings=DeploySettings(terms=TERMS))


@pytest.fixture(scope="module")
def tight_once() -> World:
    """The same, and a cap under what lies at the venue."""
    return build(settings=DeploySettings(terms=TERMS, loss_cap=WAD // 100))


def hedge_moves(world: World) -> int:
    """Margin for a book that somebody buys and sells back all day, USD."""
    lent = 0
    for _ in range(8):
        world.mint(world.call(2_500), 20 * ETH)
        world.curie.converge()
        if world.tandem.snapshot().account.top_up:
            lent += world.top_up()
    for _ in range(8):
        world.close(world.call(2_500), 20 * ETH)
        world.curie.converge()
    return lent // USD


@pytest.mark.proves("HG-13")
def test_a_round_trip_leaves_margin_for_the_hedge_of_a_rally(wide_once: World) -> None:
    """Bought and sold back the same day, options use up no cap: a day's margin was 5 % of NAV once, sent
    or not, and 53 to 81 ETH stayed unhedged on a rally of 8 to 12 %. Hedged is what lies inside the band h:
    HG-9 lets nobody bring less than it home."""
    world = wide_once
    with world.undone():
        world.engine.set_time((world.engine.now() // DAY + 1) * DAY)
        world.rest()
        day = world.engine.now() // DAY
        hedge_moves(world)
        for _ in range(10):
            world.freshen()
            world.mint(world.call(2_500), 20 * ETH)
            world.curie.converge()
            if world.tandem.snapshot().account.top_up:
                world.top_up()
        for price in (2_600, 2_700, 2_800):
            world.move(price)
            world.freshen()
            if world.tandem.snapshot().account.top_up:
                world.top_up()
            world.rest()  # HG-17: near the pool's own average, a chunk a minute
            for _ in range(20):
                stance = world.tandem.snapshot().stance
                if abs(stance.residual) < max(stance.width, stance.trigger):
                    break
                world.tandem.rebalance()
                if world.tandem.snapshot().account.top_up:
                    world.top_up()
                world.engine.advance(60)
                world.push_wad(world.spot)
        assert world.engine.now() // DAY == day
        stance = world.tandem.snapshot().stance
        assert abs(stance.residual) < max(stance.width, stance.trigger)
        assert world.tandem.vault.call("would_lend", world.tandem.venue) > 0


@pytest.mark.proves("HG-13")
@pytest.mark.parametrize("price", [2_200, 2_800])
def test_what_a_price_explains_is_no_loss(wide_once: World, price: int) -> None:
    world = wide_once
    with world.undone():
        while not world.tandem.snapshot().account.top_up:
            world.mint(world.put(2_400), 20 * ETH)
            world.curie.converge()
        world.top_up()
        before = world.tandem.desk.call("seen", world.tandem.venue)
        world.move(price)
        world.freshen()
        after = world.tandem.venue.call("account", world.spot)
        explained = before[1] * (world.spot - before[2]) // WAD
        assert after[1] - before[0] == pytest.approx(explained, abs=2 * WAD)


@pytest.mark.proves("HG-13")
def test_what_a_sweep_brings_home_is_no_loss(world: World) -> None:
    world.overfund()
    equity, position, spot = world.tandem.desk.call("seen", world.tandem.venue)
    swept = world.tandem.desk.send("sweep", sender=world.stranger).returned
    assert swept > 0
    assert world.tandem.desk.call("seen", world.tandem.venue) == (
        equity - swept * 10**12,
        position,
        spot,
    )


def robbed_world(world: World) -> tuple[int, int]:
    """NAV, and what lies at the venue once a book is hedged: token units."""
    for _ in range(7):
        world.mint(world.call(2_500), 20 * ETH)
        world.curie.converge()
        if world.tandem.snapshot().account.top_up:
            world.top_up()
    nav = world.tandem.vault.call("funds")[3]
    return nav, world.curie.vault.call("getFreeCollateralByToken", *held(world))


def top_up(world: World) -> int:
    return int(world.tandem.desk.send("top_up", sender=world.stranger).returned)


@pytest.mark.proves("HG-13")
def test_a_venue_that_takes_all_gets_nothing_more(tight_once: World) -> None:
    """HG-13: "counts before margin follows it": a venue that takes more than the cap has had what lay
    there, and no more. What was sent after the first loss was lost as well, each day and each week."""
    world = tight_once
    with world.undone():
        nav, lies = robbed_world(world)
        assert lies > nav // 100
        known = world.tandem.vault.call("venue_losses", world.tandem.venue)[0]
        taken = steal(world)
        assert taken == pytest.approx(lies, abs=USD)
        assert top_up(world) == 0
        lost, cap = world.tandem.vault.call("venue_losses", world.tandem.venue)
        assert cap == nav // 100
        assert lost - known == pytest.approx(taken, rel=0.005)
        with world.refuses("margin: floor or budget"):
            top_up(world)
        world.engine.advance(21 * DAY * (lost - cap) // cap + 60)
        world.freshen()
        assert world.tandem.vault.call("would_lend", world.tandem.venue) > 0


@pytest.mark.proves("HG-13")
def test_a_venue_that_takes_a_part_each_time_takes_the_cap_and_that_part_once_more(
    wide_once: World,
) -> None:
    """HG-13: "the cap, and what lay there last" """
    world = wide_once
    with world.undone():
        nav, lies = robbed_world(world)
        taken, part = 0, lies // 5
        while world.tandem.vault.call("would_lend", world.tandem.venue):
            taken += steal(world, part)
            with suppress(Reverted):  # not yet under its least
                top_up(world)
        assert nav * 3 // 100 < taken <= nav * 3 // 100 + lies


def test_a_loss_that_no_margin_follows_is_told(tight_once: World) -> None:
    """The event says what was lost, also where nothing follows it."""
    world = tight_once
    with world.undone():
        robbed_world(world)
        known = world.tandem.vault.call("venue_losses", world.tandem.venue)[0]
        taken = steal(world)
        (event,) = world.tandem.desk.send("top_up", sender=world.stranger).events("MarginToppedUp")
        assert event["amount"] == 0
        assert event["lost"] == pytest.approx(taken, rel=0.005)
        assert known + event["lost"] == pytest.approx(
            world.tandem.vault.call("venue_losses", world.tandem.venue)[0], abs=USD
        )


@pytest.mark.proves("HG-13", "HG-20")
def test_a_crash_that_nobody_hedged_is_no_reason_for_more_margin() -> None:
    """HG-13: its cost is a tenth of what the few LPs have who stayed. A top-up counts it and sends nothing,
    and the hedge is lowered to what lies there."""
    world = squeeze(build())
    falls(world, SHORT)
    world.tandem.deposit(1_000 * USD, lp=world.engine.accounts[6])
    assert world.tandem.vault.call("would_lend", world.tandem.venue) > 0
    assert top_up(world) == 0
    assert world.tandem.vault.call("would_lend", world.tandem.venue) == 0
    assert all(order < 0 for order in delever(world))
    assert not under_least(world)


def under_least(world: World) -> bool:
    account = HedgeAccount(*world.tandem.router.call("account", world.spot, 0))
    return account.usable * WAD < account.need * int(world.tandem.venue.call("bounds", 0)[0])
