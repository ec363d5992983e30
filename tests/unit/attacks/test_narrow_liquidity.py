"""R27, HG-17: liquidity in one place makes a chunk large and a push no dearer: nobody earns by that.

Anybody may lay much liquidity into two neighbouring stretches of the pool, for the three minutes after
which it counts as steady. In one transaction he takes the one away that stands before the price, pushes
the pool through what others left there, has all of the Vault's residual filled in the other, and unwinds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from math import floor, log, sqrt

import pytest
from predators import left_over, lps
from worlds import USD, World

from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues import Depth

FOREVER, SPACING, TIMES = 2**255, 60, 20


@pytest.fixture(scope="module")
def settled_once() -> World:
    """A hedge of 126 ETH of which nothing is owed any more at 2M of depth, and a predator with 20M."""
    return left_over()


@pytest.fixture
def settled(settled_once: World) -> Iterator[World]:
    with settled_once.undone():
        yield settled_once


def lay(w: World, lower: int) -> None:
    """Twenty times what others have, into one stretch."""
    c, here = w.curie, w.curie.pool_price() / WAD
    liquidity = Depth().liquidity(here) * TIMES
    bottom, top = 1.0001**lower, 1.0001 ** (lower + SPACING)
    at = sqrt(min(max(here, bottom), top))
    amounts = liquidity * (1 / at - 1 / sqrt(top)), liquidity * (at - sqrt(bottom))
    order = (c.base, *(int(x * WAD) for x in amounts), lower, lower + SPACING, 0, 0, False, FOREVER)
    c.clearing_house.send("addLiquidity", order, sender=w.trader)


def take(w: World, lower: int) -> None:
    """It is his again, with its fees."""
    c = w.curie
    for key in c.order_book.call("getOpenOrderIds", w.trader, c.base):
        info = c.order_book.call("getOpenOrderById", key)
        if info[1] == lower:
            ends = (c.base, lower, lower + SPACING, info[0], 0, 0, FOREVER)
            c.clearing_house.send("removeLiquidity", ends, sender=w.trader)


def worth(w: World) -> int:
    """What the predator has at the venue with his position at spot, token units."""
    c, who = w.curie, w.trader
    owed, _, fees = c.account_balance.call("getPnlAndPendingFee", who)
    size = c.account_balance.call("getTotalPositionSize", who, c.base)
    notional = c.account_balance.call("getTotalOpenNotional", who, c.base)
    held = c.vault.call("getBalance(address)", who)
    return int(held) + (owed + fees + notional + size * w.spot // WAD) // 10**12


def prey(w: World) -> tuple[int, int]:
    """What he gains, and what LPs lose. The engine's next transaction is a second later."""
    c, before = w.curie, (worth(w), lps(w))
    here = c.pool_price() / WAD
    lower = floor(log(here) / log(1.0001)) // SPACING * SPACING
    edge = lower + SPACING
    lay(w, lower)
    lay(w, edge)
    w.engine.advance(181)
    w.push_wad(w.spot)
    take(w, lower)
    path = Depth().liquidity(here) * (1 / sqrt(here) - 1.0001 ** (-edge / 2))
    push = int((path * 1.0005 + 0.5) * WAD)
    c.open(w.trader, push)
    with suppress(Reverted):
        w.tandem.rebalance(sender=w.stranger)
    c.open(w.trader, -push)
    take(w, edge)
    return worth(w) - before[0], before[1] - lps(w)


@pytest.mark.proves("HG-17")
@pytest.mark.parametrize("price", [2_493, 2_496, 2_504])
def test_r27_liquidity_that_is_taken_out_of_the_way_makes_no_push_pay(
    settled: World, price: int
) -> None:
    """HG-17: "Nor does anything of it go while the pool stands worse than over the last twelve seconds by
    more than 10 bp". Before, pushes of 0.24, 0.12 and 0.40 % earned 474, 445 and 523 USD, and LPs lost
    1,081, 704 and 1,591."""
    w = settled
    w.push(price)
    w.curie.converge()
    w.rest()
    gained, lost = prey(w)
    assert gained < 0
    assert lost < USD


@pytest.mark.proves("HG-17")
def test_r27_inside_those_ten_bp_all_of_it_costs_ten_bp_more_than_the_fee(settled: World) -> None:
    """HG-17: near the price at which arbitrage leaves the pool; 126 ETH go at once, for 616 USD. In chunks
    their fee and their own impact are 347."""
    w = settled
    w.push_wad(24_967 * WAD // 10)
    w.curie.converge()
    w.rest()
    assert 500 * USD < prey(w)[1] < (347 + 126 * 25 // 10) * USD


@pytest.mark.proves("HG-17")
def test_r27_a_push_of_this_second_starts_no_wait_and_the_next_minute_goes_on(
    settled: World,
) -> None:
    """HG-17: who moves the pool for a moment stops a rebalance for as long, by a name of its own."""
    w = settled
    chunk = w.tandem.router.call("pace", 126 * WAD, 0, w.spot)
    assert chunk > WAD
    w.curie.open(w.trader, 60 * WAD)
    assert w.tandem.router.call("pace", 126 * WAD, 0, w.spot) == 0
    with w.refuses("router: come again"):
        w.tandem.rebalance(sender=w.stranger)
    w.curie.open(w.trader, -60 * WAD)
    w.push_wad(w.spot)
    assert w.tandem.rebalance(sender=w.stranger).returned[0] == pytest.approx(chunk, rel=0.001)


@pytest.mark.proves("HG-17", "HG-5")
def test_r27_who_moves_it_to_the_better_side_stops_nothing(settled: World) -> None:
    w = settled
    w.curie.open(w.trader, -100 * WAD)
    assert w.tandem.rebalance(sender=w.stranger).returned[0] > WAD
