"""HG-5, HG-17: who orders blocks, and lets no arbitrage in for as long as he likes, moves the pool around the
hedge of the LPs. The market's averages arrive where he holds it; the band around the oracle does not.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from predators import left_over, lps, purse
from worlds import USD, World

from tandem.errors import Reverted
from tandem.units import WAD

MINUTES = 20
FILL_BAND = 50  # 1e-4


@pytest.fixture(scope="module")
def settled() -> World:
    """126 ETH to bring home at 2M of depth, of 10M."""
    return left_over()


def held(w: World, push: int) -> tuple[int, int, int]:
    """What the predator and LPs gain where nobody else trades in between; and the residual that is left."""
    before = purse(w), lps(w)
    if push:
        w.curie.open(w.trader, push * WAD)
    for minute in range(MINUTES):
        w.engine.advance(60)
        w.push_wad(w.spot)
        if minute % 10 == 0:
            w.post()
        with suppress(Reverted):
            w.tandem.rebalance(sender=w.stranger)
    if push:
        w.curie.open(w.trader, -push * WAD)
    return purse(w) - before[0], lps(w) - before[1], w.tandem.snapshot().stance.residual


@pytest.mark.proves("HG-5", "HG-17")
@pytest.mark.parametrize(("push", "most"), [(40, 120), (75, 215), (150, 0)])
def test_r27_a_pool_that_nobody_takes_back_costs_no_more_than_the_band(
    settled: World, push: int, most: int
) -> None:
    """111, 207 and -282 USD to him; LPs pay 1,121, 1,395 and 697 where they pay 807 if nobody pushes and no
    arbitrage comes. Farther than the fill band nothing goes: behind 75 ETH he gains the most."""
    w = settled
    bound = -w.tandem.snapshot().stance.residual * w.spot // WAD * FILL_BAND // 10**4 // 10**12
    with w.undone():
        _, fair, left = held(w, 0)
        assert left == 0
    with w.undone():
        gained, lost, _ = held(w, push)
        assert gained < most * USD
        assert fair - lost < 600 * USD
        assert -lost < bound
