"""R27, HG-17: a purse that moves the pool around the Vault's own orders loses.

DESIGN, section 8: rebalances go in chunks by depth and time, inside a band around the pool's time
average and the oracle. The book here is what an expiry of 360 ETH leaves to unwind at 2M of depth.
Before, with 126 ETH of residual, pushes of 20, 60 and 110 ETH earned 57, 170 and 312 USD and made the
order of the LPs dearer by 157, 471 and 865.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from predators import left_over, lps, purse
from worlds import USD, World

from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues import Depth

PUSHES = (20, 60, 110, 150)


@pytest.fixture(scope="module")
def settled() -> World:
    return left_over()


def sandwich(w: World, push: int) -> tuple[int, int, int]:
    """Push, rebalance, unwind in one second: what the predator and LPs gained, and the order."""
    before = purse(w), lps(w)
    order = 0
    if push:
        w.curie.open(w.trader, push * WAD)
    with suppress(Reverted):
        order = int(w.tandem.rebalance(sender=w.stranger).returned[0])
    if push:
        w.curie.open(w.trader, -push * WAD)
    return purse(w) - before[0], lps(w) - before[1], order


@pytest.mark.proves("HG-17")
@pytest.mark.parametrize("push", PUSHES)
def test_r27_a_sandwich_of_a_rebalance_loses(settled: World, push: int) -> None:
    with settled.undone():
        gained, lost, _ = sandwich(settled, push)
        assert gained < -50 * USD
        assert lost > -100 * USD


@pytest.mark.proves("HG-17")
@pytest.mark.parametrize("push", PUSHES)
def test_r27_who_makes_the_pool_himself_gains_nothing_by_pushing(settled: World, push: int) -> None:
    """He gets his fees back, all but what the venue's insurance keeps of them, a tenth."""
    with settled.undone():
        _, fair, _ = sandwich(settled, 0)
    with settled.undone():
        _, lost, _ = sandwich(settled, push)
    fees = 2 * push * 2_500 * USD // 1_000
    assert fair - lost < fees // 10 + USD


@pytest.mark.proves("HG-17")
def test_r27_a_push_that_is_held_for_many_chunks_loses_too(settled: World) -> None:
    """Arbitrage takes the pool back to its fee's edge between chunks, as it does."""
    with settled.undone():
        before = purse(settled)
        settled.curie.open(settled.trader, 60 * WAD)
        for _ in range(5):
            settled.curie.arbitrage(2_502 * WAD)
            with suppress(Reverted):
                settled.tandem.rebalance(sender=settled.stranger)
            settled.engine.advance(60)
            settled.push_wad(settled.spot)
        settled.curie.open(settled.trader, -60 * WAD)
        assert purse(settled) < before


@pytest.mark.proves("HG-17")
def test_r27_the_minute_is_a_budget_of_eth_and_not_of_calls(settled: World) -> None:
    """However often it is called inside a minute, no more than a chunk goes home."""
    with settled.undone():
        residual = settled.tandem.snapshot().stance.residual
        chunk = int(settled.tandem.rebalance(residual * 99 // 100).returned[0])
        assert chunk == pytest.approx(-residual // 100, rel=1e-3)
        depth = settled.tandem.venue.call("average", 180)[2]
        chunk += int(settled.tandem.rebalance().returned[0])
        assert (
            chunk <= depth // 10_000 * 102 // 100
        )  # a second later a sixtieth of the first is back
        for _ in range(3):  # each a second later
            assert int(settled.tandem.rebalance().returned[0]) <= depth // 10_000 // 58
        settled.engine.advance(60)
        assert int(settled.tandem.rebalance().returned[0]) == pytest.approx(
            depth // 10_000, rel=1e-3
        )


@pytest.mark.proves("HG-17")
def test_r27_liquidity_that_is_lent_for_a_moment_buys_no_larger_chunk(settled: World) -> None:
    with settled.undone():
        before = settled.tandem.venue.call("average", 180)
        settled.curie.add_liquidity(Depth(usd=10_000_000.0))
        after = settled.tandem.venue.call("average", 180)
        assert after[1] > 5 * before[1]
        assert after[2] <= before[2] * 101 // 100
