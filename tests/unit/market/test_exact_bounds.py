"""What stands exactly on a bound: one lot, one unit, one second."""

from __future__ import annotations

import pytest
from test_close_in_part import binding
from worlds import ETH, LOT, World

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Call, Receipt
from tandem.errors import Reverted
from tandem.units import WAD


@pytest.mark.proves("MP-11")
def test_a_part_of_exactly_the_least_units_fills(world: World) -> None:
    """MP-11: "below `min_units` it reverts": at it, it does not."""
    held, _ = binding(world)
    world.push(3_400)
    world.curie.converge()
    world.freshen()
    with world.undone():
        fits = world.close(held, 8 * ETH).returned[0]
    assert fits < 8 * ETH
    with world.refuses("floor: nothing fits", held):
        world.close(held, 8 * ETH, min_units=fits + 2)
    assert world.close(held, 8 * ETH, min_units=fits).returned[0] == fits


def residual_of(receipt: Receipt) -> int:
    (event,) = receipt.events("Hedged")
    return event["residual_before"]


@pytest.mark.proves("MP-5", "HG-9")
def test_an_order_of_exactly_one_lot_is_sent_and_a_smaller_one_is_not(world: World) -> None:
    """MP-5: "Below the lot there is no call." """
    world.mint(world.call(2_500), 4 * ETH)
    world.move(2_700)
    world.rest()
    with world.undone():
        before = residual_of(world.tandem.rebalance())  # in the next second, as below
    sign = 1 if before > 0 else -1
    with world.refuses("router: nothing fits"):
        world.tandem.rebalance(before - sign * (LOT - 1))
    with world.undone():
        before = residual_of(world.tandem.rebalance())
    receipt = world.tandem.rebalance(before - sign * LOT)
    assert receipt.returned[0] == -sign * LOT


@pytest.mark.proves("HG-17")
def test_an_order_of_exactly_one_lot_waits_and_a_smaller_one_does_not(world: World) -> None:
    """HG-17: a wait begins where the market's average stops an order that could be sent."""
    world.mint(world.call(2_500), 4 * ETH)
    world.move(2_700)
    world.freshen()
    with world.undone():
        before = residual_of(world.tandem.rebalance())
    with world.refuses("router: nothing fits"):
        world.tandem.rebalance(before + LOT - 1)
    with world.undone():
        before = residual_of(world.tandem.rebalance())
    (waits,) = world.tandem.rebalance(before + LOT).events("HedgeWaits")
    assert waits["order"] == LOT


@pytest.mark.proves("ST-1")
def test_an_expiry_settles_in_its_own_second_and_not_before(world: World) -> None:
    """ST-1: "The first round at or after expiry settles": at it, in one block with the settlement."""
    world.mint(world.call(2_500), ETH)
    engine, feed = world.engine, world.curie.feed
    engine.set_time(world.near - 5)
    world.push(2_600)
    with pytest.raises(Reverted, match="market: not expired"):
        world.tandem.settle(world.near, world.round_id())
    id = world.round_id() + 1
    settle = Call(world.tandem.market, "settle", (world.near, id), world.stranger)
    push = Call(feed, "push", (2_610 * 10**8,), world.curie.owner)
    pushed, settled = engine.send_many([push, settle], timestamp=world.near)
    assert not isinstance(pushed, Reverted)
    assert isinstance(settled, Receipt), settled
    assert (engine.now(), settled.returned) == (world.near, 2_610 * WAD)


@pytest.mark.proves("ST-1")
def test_a_round_in_the_expiry_s_own_second_leaves_no_other(world: World) -> None:
    """ST-1: "at most one round passes at any moment": not the one after a round at exactly the expiry."""
    world.mint(world.call(2_500), ETH)
    world.engine.set_time(world.near - 1)
    world.curie.feed.send("push", 2_060 * 10**8, sender=world.curie.owner)  # a block of its own
    assert world.engine.now() == world.near
    first = world.round_id()
    world.engine.advance(60)
    world.push(1_900)
    spot = world.tandem.spot
    with pytest.raises(Reverted, match="spot: not the first round"):
        spot.call("settlement_price", world.near, world.round_id())
    assert spot.call("settlement_price", world.near, first) == 2_060 * WAD


@pytest.mark.proves("FL-5", "HG-12")
def test_the_mark_says_what_the_next_top_up_lacks(world: World) -> None:
    """FL-5: exits leave "what the next margin top-up lacks": the mark must carry it."""
    world.mint(world.call(2_500), 4 * ETH)
    price = 2_500
    while not (lacking := world.tandem.router.call("account", world.spot, 0)[4]):
        price -= 100
        world.move(price)
        world.freshen()
    assert world.tandem.lens.mark().top_up == lacking > 0


@pytest.mark.proves("HG-10")
def test_the_imputed_cost_is_at_most_a_twentieth(world: World) -> None:
    """Fixed for ever at deployment: a twentieth is allowed, and nothing above it."""
    t = world.tandem
    parts = (t.underwriter, t.spot, t.surface, t.router, t.vault, t.option, t.guardian)
    market = compile_vyper("Market")
    world.engine.deploy(market, *parts, WAD // 20, t.bounty)
    with pytest.raises(Reverted, match="market: imputed cost"):
        world.engine.deploy(market, *parts, WAD // 20 + 1, t.bounty)


@pytest.mark.proves("SF-2")
@pytest.mark.parametrize("odd", [False, True])
@pytest.mark.parametrize("close", [False, True])
def test_a_slice_is_fresh_for_its_age_to_the_second(world: World, close: bool, odd: bool) -> None:
    """SF-2: from the second that it describes on, odd or even: at 900 s trades pass, at 901 none."""
    series, engine = world.call(2_500), world.engine
    world.mint(series, 2 * ETH)
    engine.advance(2 - (engine.now() + odd) % 2)
    since = engine.now()
    assert since % 2 == odd
    world.post()
    engine.set_time(since + world.terms()["surface_age"] - 3)
    world.push_wad(world.spot)  # two blocks
    trade = world.close if close else world.mint
    with world.undone():
        trade(series, ETH)
        assert engine.now() == since + 900
    engine.advance(1)
    with world.refuses("market: surface stale"):
        trade(series, ETH)
