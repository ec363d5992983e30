"""VS-8: an honest member is believed through all that honest markets and strangers' gifts do to it."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from lent import borrow
from several import believed, build_set, fund, legs, lender, members
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import DAY, HOUR, WAD

LENDERS = pytest.mark.parametrize("name", ["curie+aave", "curie+morpho"])


def is_believed(world: World, venue: Contract) -> bool:
    """Whether what it reports is all taken for ours."""
    return bool(believed(world, venue) == venue.call("position"))


def rest(world: World, rng: random.Random, step: int) -> None:
    """Seconds to minutes, and each twelfth time up to an hour."""
    world.engine.advance(rng.choice([1, 13, 60, 120, 250]))
    world.push_wad(world.spot)
    if step % 12 == 0:
        world.engine.advance(rng.choice([600, HOUR]))
        world.freshen()


def life(world: World, seed: int, steps: int, gift: int) -> int:
    """Acts by chance, seconds to an hour apart, and one gift of ether to the lender. How often its position
    moved."""
    t, rng, owned, moves = world.tandem, random.Random(seed), dict[str, int](), 0
    market, venue = lender(world)
    for step in range(steps):
        held = venue.call("position")
        if gift and abs(held) > WAD // 5:
            market.supply_for(world.stranger, venue, gift, market.weth)
            gift = 0
        series = world.call(2_500) if rng.random() < 0.4 else world.put(2_500)
        key, kind = str(series), rng.choice("mmccccsntrh")
        with suppress(Reverted):
            if kind == "m":
                size = rng.choice([ETH // 10, ETH, 20 * ETH])
                world.mint(series, size)
                owned[key] = owned.get(key, 0) + size
            elif kind == "c" and owned.get(key):
                size = (
                    owned[key]
                    if rng.random() < 0.5
                    else max(owned[key] * rng.randint(1, 9) // 10, 1)
                )
                world.close(series, size)
                owned[key] -= size
            elif kind == "s":
                t.desk.shift(*rng.sample(members(world), 2), rng.choice([WAD, 20 * WAD])).send(
                    world.stranger
                )
            elif kind == "n":
                t.venue.send("note", sender=world.stranger)
            elif kind == "t":
                fund(world)
            elif kind == "r":
                t.rebalance(sender=world.stranger)
            elif kind == "h":
                venue.send("accept", sender=world.stranger)
        rest(world, rng, step)
        moves += held != venue.call("position")
        assert is_believed(world, venue), f"step {step}, {kind}"
    return moves


@pytest.mark.proves("VS-8", "LM-2")
@LENDERS
@pytest.mark.parametrize("gift", [0, WAD // 50])
@pytest.mark.parametrize(
    "seed", [5, *(pytest.param(n, marks=pytest.mark.long) for n in range(20) if n != 5)]
)
def test_orders_minutes_apart_and_a_gift_leave_it_believed(name: str, seed: int, gift: int) -> None:
    """An order that closes nearly all, within five minutes of the last: interest of these was taken for a
    stranger's, and the lender had no part in any order again."""
    assert life(build_set(name), seed, 250, gift) > 20


@pytest.mark.proves("VS-8")
def test_two_dear_weeks_and_then_a_rest(sold: World) -> None:
    """82 % a year for fourteen days, an order a day; then the hedge goes home but for a rest."""
    market, venue = lender(sold)
    back = borrow(market, True, sold.engine.accounts[7], left=40 * WAD)
    sold.engine.advance(DAY)
    sold.rest()
    for _ in range(14):
        sold.engine.advance(DAY - HOUR)
        sold.rest()
        fund(sold)
        sold.close(sold.put(2_500), ETH // 4)
    back()
    for _ in range(40):
        size = 2 * ETH if venue.call("position") < -4 * WAD else ETH
        with suppress(Reverted):
            sold.close(sold.put(2_500), size)
        sold.rest()
        assert is_believed(sold, venue)
    assert venue.call("position") > -2 * WAD


@pytest.mark.proves("VS-8")
def test_without_an_order_until_interest_is_an_eighth(sold: World) -> None:
    venue = lender(sold)[1]
    borrow(lender(sold)[0], True, sold.engine.accounts[7], left=150 * WAD)
    first = venue.call("position")
    while venue.call("position") * 8 > first * 9:
        sold.engine.advance(7 * DAY)
    sold.push_wad(sold.spot)
    assert is_believed(sold, venue)


@pytest.mark.proves("VS-8", "LM-2")
@LENDERS
def test_a_gift_and_an_order_make_no_position(name: str) -> None:
    """12 % of a long, lent or pledged in our name, and closes: the adapter alone kept the gift as ours, and
    26 ETH and 83,600 USD of margin were stuck for 7,770 USD."""
    world = build_set(name)
    market, venue = lender(world)
    for _ in range(4):
        world.mint(world.call(2_500), 15 * ETH)
        fund(world)
    held = venue.call("position")
    market.supply_for(world.stranger, venue, held * 12 // 100, market.weth)
    assert venue.call("position") == pytest.approx(held, rel=1e-6)
    assert venue.address in legs(world.close(world.call(2_500), ETH // 2))
    for _ in range(12):
        with suppress(Reverted):
            world.close(world.call(2_500), 5 * ETH)
        world.rest()
        venue.send("accept", sender=world.stranger)
        assert is_believed(world, venue)
    assert venue.call("position") < held // 4


@pytest.mark.proves("VS-8", "LM-2")
def test_a_gift_that_is_noted_and_put_aside_leaves_the_last_lp_nothing_short(sold: World) -> None:
    """A ninth of a short, lent in our name, noted by anybody and taken out: what was noted as gone was there
    again."""
    market, venue = lender(sold)
    held = venue.call("position")
    market.supply_for(sold.stranger, venue, -held * 113 // 1_000, market.weth)
    sold.tandem.venue.send("note", sender=sold.stranger)
    venue.send("accept", sender=sold.stranger)
    assert is_believed(sold, venue)
    sold.rest()
    for _ in range(8):
        with suppress(Reverted):
            sold.close(sold.put(2_500), 15 * ETH)
        sold.rest()
    assert is_believed(sold, venue)
    assert abs(sold.tandem.snapshot().stance.residual) < WAD
