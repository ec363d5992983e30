"""GT-6 of several venues: each is remembered by itself, and what all can pay is shared out after that."""

from __future__ import annotations

import emptied
import pytest
from carrying import both, both_once, lend, pass_hours
from several import members
from worlds import World

from tandem.protocol.bindings.structs import GateMark
from tandem.units import HOUR, USD

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
