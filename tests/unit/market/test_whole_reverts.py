"""No option without its hedge: when the venue's own bytecode refuses, nothing at all has happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from worlds import ETH, USD, World, build

from tandem.venues.curie import Depth


@pytest.mark.proves("MP-10")
def test_r02_an_index_gap_over_a_tenth_reverts_the_whole_trade(world: World) -> None:
    """Widening the gap meets the venue's own band; narrowing it fills too well to be believed."""
    world.push(2_240)
    world.freshen()
    with world.refuses("EX_OPB"):
        world.mint(world.call(2_250, 4_500), ETH)
    with world.refuses("hedge: fill over band"):
        world.mint(world.put(2_250), ETH)
    world.curie.converge()
    world.mint(world.call(2_250, 4_500), ETH)


def test_r02_a_gap_inside_the_venues_band_is_still_outside_ours(world: World) -> None:
    world.push(2_400)
    world.freshen()
    with world.refuses("curie: bought above the bound"):
        world.mint(world.call(2_400, 4_500), ETH)


@pytest.mark.proves("MP-10")
@pytest.mark.parametrize("kind", ["call", "put"])
def test_r02_without_liquidity_nothing_trades(world: World, kind: str) -> None:
    series = world.call(2_500) if kind == "call" else world.put(2_500)
    world.curie.remove_liquidity()
    with world.refuses("CH_F0S", series):
        world.mint(series, ETH)


@pytest.fixture(scope="module")
def shallow_once() -> World:
    """A pool that holds a few ETH inside our band and none beyond."""
    return build(depth=Depth(usd=3_000.0, within=0.004, tail=0.0))


@pytest.mark.proves("MP-10")
def test_r02_an_order_past_the_last_liquidity_reverts_the_whole_trade(shallow_once: World) -> None:
    world = shallow_once
    with world.undone():
        world.deposit_for_venue(50_000 * USD)
        # A sale names its input, so the pool's price runs away before anything is missing.
        for series, reason in ((world.call(2_500), "UB_UOA"), (world.put(2_500), "EX_OPB")):
            with world.refuses(reason, series):
                world.mint(series, 8 * ETH)
            with world.undone():
                world.mint(series, 2 * ETH)


def _pause_market(world: World) -> None:
    world.curie.base.send("pause", sender=world.curie.owner)


def _stop_trading(world: World) -> None:
    exchange, base = world.curie.exchange, world.curie.base
    exchange.send("setMaxTickCrossedWithinBlock", base, 0, sender=world.curie.owner)


def _pause_venue(world: World) -> None:
    world.curie.clearing_house.send("pause", sender=world.curie.owner)


@pytest.mark.proves("MP-10", "HG-2")
@pytest.mark.parametrize(
    ("shut", "reason"),
    [(_pause_market, "CH_MNO"), (_stop_trading, "EX_MIP"), (_pause_venue, "Pausable: paused")],
)
def test_r02_a_shut_venue_reverts_the_whole_trade(
    world: World, shut: Callable[[World], None], reason: str
) -> None:
    held = world.call(2_500)
    world.mint(held, 8 * ETH)
    shut(world)
    for series in (world.call(2_500), world.put(2_250), world.call(2_750, far=True)):
        with world.refuses(reason, series, held):
            world.mint(series, ETH)
    with world.undone():  # inside the band a part needs no order (HG-4)
        assert 0 < world.close(held, 8 * ETH).returned[0] < 8 * ETH
    world.push(2_600)
    world.freshen()
    with world.refuses("router: nothing fits", held):
        world.tandem.rebalance()


@pytest.mark.proves("HG-4")
def test_r13_an_open_without_initial_margin_is_refused_by_the_venues_name(world: World) -> None:
    series = world.call(2_500)
    for _ in range(2):
        world.mint(series, 8 * ETH)
    with world.refuses("CH_NEFCI", series):
        world.mint(series, 8 * ETH)
    world.deposit_for_venue(5_000 * USD)
    with world.refuses("router: under minimum", series):  # a gift carries orders, and is no equity
        world.mint(series, 8 * ETH)
    world.top_up()
    world.mint(series, 8 * ETH)


def test_r13_below_maintenance_even_a_reducing_open_is_refused(world: World) -> None:
    """A put's hedge sells part of a long position that has lost its margin."""
    held = world.call(2_500)
    world.mint(held, 8 * ETH)
    for variance in (0.95, 1.5):
        world.shift(world.near, variance, after=6 * 3_600)  # volatility keeps the delta up
    world.move(1_840)
    world.engine.advance(1_800)
    world.push(1_840)
    world.tandem.post({world.near: world.slices[world.near]})
    world.engine.advance(61)
    series = world.put(1_750)
    with world.refuses("CH_NEFCM", held, series):
        world.mint(series, ETH // 10)
    world.top_up()
    world.mint(series, ETH // 10)


def test_a_refused_trade_can_be_made_once_the_reason_is_gone(world: World) -> None:
    series = world.call(2_500)
    _stop_trading(world)
    with world.refuses("EX_MIP", series):
        world.mint(series, ETH)
    exchange, base = world.curie.exchange, world.curie.base
    exchange.send("setMaxTickCrossedWithinBlock", base, 1_000, sender=world.curie.owner)
    world.mint(series, ETH)
    assert world.tandem.balance_of(series) == ETH
