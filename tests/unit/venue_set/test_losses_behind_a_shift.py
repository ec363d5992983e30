"""What a venue takes behind a part of the hedge that was moved counts as if none had been moved."""

from __future__ import annotations

import pytest
from several import members, splitter
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.units import HOUR, USD, WAD

LOT = WAD // 1_000
TAKEN = 5_000 * WAD


def _move(world: World, liar: Contract, price: int) -> None:
    world.move(price)
    liar.send("tell", price * WAD, 10**5 * WAD, 0, 0, sender=world.stranger)
    world.rest()


@pytest.mark.proves("HG-13", "VS-6")
@pytest.mark.parametrize("moves", [False, True])
def test_a_lot_that_is_moved_in_a_fall_hides_nothing_that_is_taken_after_it(
    beside_a_liar: World, liar: Contract, moves: bool
) -> None:
    """HG-13: "What a venue account lost and no move of the price explains counts before margin follows it".
    Two thirds of a hedge went home before the price fell, and what they would have lost was taken for lost at
    the moment in which anybody moved the least part of the rest, that its venue called dear."""
    world, desk = beside_a_liar, beside_a_liar.tandem.desk
    curie, say = members(world)[0], liar.send
    say("set_rate", WAD // 100, sender=world.stranger)
    for _ in range(3):
        world.mint(world.call(2_500), 30 * ETH)
    held = liar.call("position")
    say("set_equity", 2_500 * WAD, sender=world.stranger)
    desk.top_up(liar).send(world.stranger)
    equity = desk.seen(liar).equity
    say("set_equity", equity, sender=world.stranger)
    world.close(world.call(2_500), 60 * ETH)
    left = liar.call("position")
    assert held - left > 30 * WAD
    for _ in range(2):
        splitter(world).send("note", members(world), sender=world.stranger)
        world.engine.advance(HOUR)
        world.push_wad(world.spot)
    _move(world, liar, 2_250)
    say("set_equity", equity - left * 250, sender=world.stranger)
    assert desk.unseen(world.spot).lost == 0
    if moves:
        assert desk.shift(liar, curie, LOT).send(world.stranger).returned == LOT
    _move(world, liar, 2_500)
    say("set_equity", equity - TAKEN, sender=world.stranger)
    assert desk.unseen(world.spot).lost == pytest.approx(TAKEN // 10**12, abs=USD)
