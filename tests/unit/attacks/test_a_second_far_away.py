"""HG-5, HG-17: an average of seconds is moved by one of them that is far enough away.

Who makes nearly the whole pool takes nearly all of it out, pushes what is left far off for a block's last
second, brings it back to the edge of the fill band in the next, and makes the pool again: over twelve
seconds it was dear already, so that no jolt is seen. What bounds him is the oracle's band, and whoever else
comes in that second.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from makers import InPool, predator
from predators import left_over, lps
from worlds import USD, World

from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues import Depth
from tandem.venues.aave import AaveRecipe

FAR, NEAR, INSIDE = 1.055, 1.0048, 1.0009
LEFT = 0.02
"""Of the pool, while it is away."""
BAND, FEE = 50, 5  # 1e-4


@pytest.fixture(scope="module")
def settled_once() -> World:
    """126 ETH to bring home, of 10M, at 2M of depth in a pool of ether that one maker makes."""
    return left_over(venue=AaveRecipe())


@pytest.fixture
def settled(settled_once: World) -> Iterator[World]:
    with settled_once.undone():
        settled_once.push_wad(settled_once.spot)
        yield settled_once


def brought(w: World) -> tuple[float, float]:
    """A chunk, ETH, and what LPs lose by each of it, USD."""
    before = lps(w)
    order = int(w.tandem.rebalance(sender=w.stranger).returned[0]) / WAD
    return order, (before - lps(w)) / USD / order


def away(w: World, he: InPool) -> None:
    """All but a little of the pool is out, and what is left far off."""
    spot, here = he.spot, he.price()
    before = spot.positions()
    spot.add_liquidity(Depth(usd=Depth().usd * LEFT, tail=1.0))
    for position in before:
        spot.take_back(position)
    he.to(here * FAR)


def back(w: World, he: InPool) -> None:
    """At the edge of the band, and as deep as it was."""
    he.to(w.spot / WAD * NEAR)
    he.spot.add_liquidity(Depth(usd=Depth().usd * (1 - LEFT)))
    w.push_wad(w.spot)


@pytest.mark.proves("HG-5")
def test_who_makes_the_pool_hides_a_jolt_and_stays_inside_the_band(settled: World) -> None:
    """LPs lose 13.3 USD an ETH, where a chunk costs 1.5 and one behind a push inside ten points 3.8.
    Behind his three seconds away a chunk is a third as large, behind one it would be four fifths."""
    w, he = settled, predator(settled)
    with w.undone():
        assert brought(w) == (pytest.approx(8.04, rel=0.01), pytest.approx(1.5, abs=0.01))
    with w.undone():
        he.to(w.spot / WAD * INSIDE)
        assert brought(w)[1] == pytest.approx(3.75, abs=0.05)
    with w.undone():
        he.to(w.spot / WAD * NEAR)
        with pytest.raises(Reverted, match="router: come again"):
            w.tandem.rebalance(sender=w.stranger)
    away(w, he)
    back(w, he)
    order, lost = brought(w)
    assert 2 < order < 8.04
    assert 13 < lost < (w.spot / WAD) * (BAND + FEE) / 10_000


def test_whoever_comes_in_that_second_takes_more_than_chunks_give(settled: World) -> None:
    """2,828 USD: as much as forty chunks bring him."""
    w, he = settled, predator(settled)
    away(w, he)
    before = he.worth()
    he.to(w.spot / WAD)
    assert he.worth() - before > 2_800 * USD
