"""GT-6 of several venues: each is remembered by itself, and what all can pay is shared out after that."""

from __future__ import annotations

import random
from functools import cache

import emptied
import pytest
from carrying import both, both_once, lend, pass_hours
from harnesses import harness
from several import members
from worlds import World

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.protocol.bindings.structs import GateMark
from tandem.units import HOUR, USD, WAD

__all__ = ["both", "both_once"]


def remark(world: World) -> GateMark:
    """By anybody, at prices of now."""
    world.freshen()
    return emptied.remark(world)


def payable(world: World) -> int:
    """What both can pay on a gain of theirs beyond what lies there, token units: each is asked now."""
    there = [(venue.call("position"), venue.call("purse")) for venue in members(world)]
    net = sum(held for held, _ in there)
    return min(has * net // held for held, has in there)


@pytest.mark.proves("GT-6", "VS-4")
def test_a_mark_counts_what_both_can_pay_beyond_what_is_ours(both: World) -> None:
    mark = remark(both)
    assert mark.purse == pytest.approx(payable(both) - mark.equity, abs=2 * USD)
    assert mark.purse > 100_000 * USD


@pytest.mark.proves("GT-6", "VS-4")
def test_one_that_is_emptied_for_a_moment_is_emptied_for_one_mark(both: World) -> None:
    world, morpho = both, both.curie.members[1]
    before = remark(world)
    left = morpho.long.there() - 10**6
    morpho.drain(morpho.long, 10**6)
    empty = remark(world)
    lend(world, left)
    after = remark(world)
    assert empty.purse < before.purse // 10
    assert after.purse == pytest.approx(before.purse, rel=0.001)


@pytest.mark.proves("GT-6", "VS-4")
def test_what_is_lent_to_the_poorer_for_a_moment_makes_no_room(both: World) -> None:
    """All that both have would bear it: the richer one's money pays nothing of the other's part."""
    world, morpho = both, both.curie.members[1]
    left = morpho.long.there()
    morpho.drain(morpho.long, 60_000 * USD)
    for _ in range(24):
        pass_hours(world, 1)
        before = remark(world)
    lend(world, left)
    lent = remark(world)
    assert payable(world) > 2 * (before.purse + before.equity)
    assert lent.purse < before.purse * 101 // 100 + USD


@pytest.mark.proves("GT-6", "VS-1")
def test_what_is_down_pays_nothing_and_is_remembered(both: World) -> None:
    world, t = both, both.tandem
    before = remark(world)
    t.guardian.take_down_one(1).send(t.roles.guardian)
    world.engine.advance(HOUR)
    away = remark(world)
    assert away.purse == 0
    t.guardian.bring_back_one(1).send(t.roles.deployer)
    world.engine.advance(48 * HOUR)
    world.freshen()
    t.guardian.apply(0).send(t.roles.deployer)
    again = remark(world)
    assert again.purse == pytest.approx(before.purse, rel=0.01)


@cache
def library() -> Contract:
    engine = open_engine("pyrevm")
    path = "unit/venue_set/PursesHarness.vy"
    return engine.deploy(harness(path), sender=engine.accounts[0])


def shared(has: list[int], held: list[int]) -> int:
    return library().call("shared", has, held, sum(held))


@pytest.mark.proves("VS-4")
@pytest.mark.parametrize("sign", [1, -1])
def test_dust_at_one_that_pays_nothing_takes_nothing_from_what_the_others_have(sign: int) -> None:
    """VS-4: "of those that hold more than a thousandth of the position". A lender that is down kept 3.3e-12
    ETH of ours by its rounding, and no gain of the other's counted until it was written off: beside a hedge
    of 2.3 ETH the worst jump counted 3,287 USD more."""
    dust = 3_306_090
    held = [-sign * 13 * WAD // 10, sign * 36 * WAD // 10, sign * dust, 0]
    purse = 10**12
    assert shared([purse, purse, 0, 0], held) == purse * abs(sum(held)) // abs(held[1])
    held[2] = sum(held) // 900
    assert shared([purse, purse, 0, 0], held) == 0


@pytest.mark.proves("VS-4")
def test_what_they_could_pay_is_what_each_of_them_bears_but_for_a_thousandth() -> None:
    """On a gain of so much no venue pays more than it has, but for a thousandth of the gain."""
    rng = random.Random(4)
    for _ in range(2_000):
        held = [rng.choice((1, -1)) * rng.choice((0, 1, 10 ** rng.randrange(20))) for _ in range(4)]
        has = [rng.choice((0, rng.randrange(10**13))) for _ in range(4)]
        net, pays = sum(held), shared(has, held)
        borne = [
            pays * one // net if net else 0 for one in held
        ]  # of it by each, as far as it gains
        over = [part - there for part, there in zip(borne, has, strict=True) if part > 0]
        assert pays <= sum(has)
        assert max(over, default=0) <= pays // 1_000 + 1
