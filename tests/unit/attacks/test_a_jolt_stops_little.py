"""HG-17, R14: what a stranger stops by moving the pool 11 bp, for how long, and what it costs him.

The griefer's side of the twelve seconds: rebalances, and the inherited part of opens, stay at home while
the pool has just been moved against them. It costs two fees on what moves it, for each of the keeper's
transactions; who leaves it there meets arbitrage, and twelve seconds later stops nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from predators import purse
from worlds import ETH, USD, World, build

from tandem.engine.base import Receipt
from tandem.units import WAD

PUSH = 50 * WAD  # 12 bp of two millions of depth


@pytest.fixture(scope="module")
def owing_once() -> World:
    """Sixteen calls whose delta rose by more than the band: it has to buy, and nothing else is amiss."""
    w = build()
    for _ in range(2):
        w.mint(w.call(2_500), 8 * ETH)
    w.move(2_550)
    w.rest()
    w.curie.converge()
    w.curie.deposit(w.trader, 2_000_000 * USD)
    assert w.tandem.router.call("pace", 10 * WAD, 0, w.spot) > WAD // 2
    return w


@pytest.fixture
def owing(owing_once: World) -> Iterator[World]:
    with owing_once.undone():
        yield owing_once


def order(receipt: Receipt) -> int:
    return int(receipt.events("Hedged")[-1]["order"])


@pytest.mark.proves("HG-17")
def test_r14_a_push_around_each_rebalance_costs_220_dollars_each(owing: World) -> None:
    """HG-17: at two millions of depth; the keeper comes again a block later, and nothing waits for longer."""
    w = owing
    before = purse(w)
    w.curie.open(w.trader, PUSH)
    with w.refuses("router: come again"):
        w.tandem.rebalance(sender=w.stranger)
    w.curie.open(w.trader, -PUSH)
    assert before - purse(w) > 220 * USD
    w.push_wad(w.spot)
    assert order(w.tandem.rebalance(sender=w.stranger)) > WAD // 2


@pytest.mark.proves("HG-17")
def test_r14_a_push_that_stays_stops_for_some_seconds(owing: World) -> None:
    """HG-17: "worse than over the last twelve seconds": nobody took it back here, and still it goes."""
    w = owing
    w.curie.open(w.trader, PUSH)
    with w.refuses("router: come again"):
        w.tandem.rebalance(sender=w.stranger)
    w.engine.advance(12)
    w.push_wad(w.spot)
    assert order(w.tandem.rebalance(sender=w.stranger)) > WAD // 2


@pytest.mark.proves("HG-4", "HG-17", "AV-1")
def test_r14_trades_meet_none_of_it(owing: World) -> None:
    """HG-4: closes ask for no pace. HG-17: of an open the inherited part alone stays at home."""
    w = owing
    w.mint(w.put(2_400), 2 * ETH)
    w.curie.open(w.trader, PUSH)
    residual = w.tandem.snapshot().stance.residual
    w.close(w.call(2_500), 4 * ETH)
    assert w.tandem.balance_of(w.call(2_500)) == 12 * ETH
    assert 0 < order(w.mint(w.call(2_500), ETH // 2)) < ETH // 2 * 10**12
    assert residual < 0
    w.curie.open(w.trader, PUSH)
    assert w.close(w.call(2_500), 12 * ETH)
    assert w.tandem.balance_of(w.call(2_500)) == ETH // 2
