"""R27: "leaves a predator who knows everything with a loss on average"; he may not know the dice.

He sees the hedge fall due, pushes the pool the way that makes it dearer, and unwinds right after the keeper's
transaction. What he does not know is for how many seconds arbitrage works against him before it comes.
"""

from __future__ import annotations

from contextlib import suppress
from random import Random
from statistics import mean

import pytest
from predators import left_over, purse
from worlds import USD, World

from keeper.dice import Dice
from keeper.planner import Intent, Kind
from tandem.errors import Reverted
from tandem.units import WAD

HEDGE = Intent(Kind.REBALANCE, (0,), "due")
DRAWS = 6


@pytest.fixture(scope="module")
def settled() -> World:
    return left_over()


def gained(w: World, push: int, dice: Dice) -> float:
    """USD, by one push that is held until the keeper has hedged. The pool is arbitraged each second to within
    its fee, as it would be."""
    with w.undone():
        before, began = purse(w), w.engine.now()
        w.curie.open(w.trader, push * WAD)
        while HEDGE not in dice.let([HEDGE], w.engine.now()):
            w.engine.advance(1)
            w.curie.arbitrage(2_502 * WAD)
        with suppress(Reverted):
            w.tandem.rebalance(sender=w.stranger)
        w.curie.open(w.trader, -push * WAD)
        assert w.engine.now() - began < 30
        return (purse(w) - before) / USD


@pytest.mark.parametrize("push", [20, 60, 110])
def test_r27_who_knows_the_code_loses_with_dice_and_without(settled: World, push: int) -> None:
    """By a push of 20 ETH 90 USD without, and 75 with. What keeps him away is the pool's average (HG-17);
    dice only take the moment from him."""
    random = Random(push)
    assert gained(settled, push, Dice(0.0)) < -50
    thrown = [gained(settled, push, Dice(5.0, random.uniform)) for _ in range(DRAWS)]
    assert mean(thrown) < -50
    assert max(thrown) < 0
