"""HG-17: who makes the pool takes it away for seconds and lends it for one: no hedge goes home for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from predators import left_over, lps
from worlds import USD, World

from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues import Depth

FOREVER = 2**255


@pytest.fixture(scope="module")
def settled_once() -> World:
    """10M, 2M of depth by one maker, a hedge of 126 ETH of which nothing is owed any more."""
    w = left_over()
    w.curie.deposit(w.curie.maker, 500_000_000 * USD)
    return w


@pytest.fixture
def settled(settled_once: World) -> Iterator[World]:
    with settled_once.undone():
        yield settled_once


def flicker(w: World) -> None:
    """All of the liquidity is away for a second, and the average of three minutes' with it."""
    w.curie.remove_liquidity()
    w.engine.advance(1)
    w.curie.add_liquidity(Depth())
    assert w.tandem.venue.call("average", 180)[2] < WAD
    w.push_wad(w.spot)


def to_relief(w: World) -> None:
    """A wait that began because nothing was steady, and lasted because nothing became so."""
    flicker(w)
    began = w.tandem.rebalance(sender=w.stranger).timestamp
    while w.engine.now() < began + 480:
        w.engine.advance(110)
        flicker(w)
        with w.refuses("router: off the average"):
            w.tandem.rebalance(sender=w.stranger)
    w.engine.set_time(began + 601)
    w.push_wad(w.spot)


def lend(w: World, times: float) -> tuple[int, int, int]:
    """As many times the pool's liquidity, where the next order goes."""
    here = w.curie.pool_price() / WAD
    before = {(order.lower, order.upper) for order in w.curie.orders()}
    w.curie._place(Depth().liquidity(here) * times, here * 0.9995, here * 1.004)
    (lent,) = (o for o in w.curie.orders() if (o.lower, o.upper) not in before)
    return lent.lower, lent.upper, lent.liquidity


def sandwich(w: World, push: int, times: float) -> tuple[int, int]:
    """Push, lend, rebalance, take back, unwind, in as many seconds: the order, and what LPs lost."""
    before, c = lps(w), w.curie
    if push:
        c.open(w.trader, push * WAD)
    lent = lend(w, times) if times else None
    order = 0
    with suppress(Reverted):
        order = int(w.tandem.rebalance(sender=w.stranger).returned[0])
    if lent:
        c.clearing_house.send("removeLiquidity", (c.base, *lent, 0, 0, FOREVER), sender=c.maker)
    if push:
        c.open(w.trader, -push * WAD)
    return order, before - lps(w)


SANDWICHES = [(150, 20), (170, 200), (200, 1_000)]


@pytest.mark.proves("HG-17")
@pytest.mark.parametrize(("push", "times"), SANDWICHES)
def test_r27_lent_liquidity_brings_no_more_home_in_a_relief(
    settled: World, push: int, times: float
) -> None:
    """HG-17: "in such a relief depth is what is there now, and no more than was steady when something last
    went home, or is". Before, all that was left, 118 ETH, went at once where the first two push."""
    w = settled
    chunk = int(w.tandem.rebalance(sender=w.stranger).returned[0])
    w.engine.advance(60)
    to_relief(w)
    with w.undone():
        assert sandwich(w, 0, 0)[0] == pytest.approx(chunk, rel=0.01)
    order, lost = sandwich(w, push, times)
    assert order <= chunk * 101 // 100
    assert lost < 2 * push * 2_500 * USD // 10_000 + 60 * USD


@pytest.mark.proves("HG-17")
@pytest.mark.parametrize(("push", "times"), SANDWICHES)
def test_r27_nor_where_nothing_ever_went_home(settled: World, push: int, times: float) -> None:
    """HG-17. Before, all 126 ETH went at once, 0.4 to 0.5 % dear: 1,516, 1,652 and 1,887 USD of the LPs', for
    75 to 100 of the maker's, whose other fees come back."""
    w = settled
    to_relief(w)
    assert sandwich(w, push, times)[1] < USD
