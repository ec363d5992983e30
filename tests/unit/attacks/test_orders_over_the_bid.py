"""HG-10, MP-7: who sells back what is worth nothing, behind a pool that he moved, is paid by nobody.

A close pays its order's cost out of its bid, and a bid of nothing pays none: the rest was the LPs'. A minute
before its expiry an option at the money has half a delta for each ETH and is worth a dollar.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from predators import PURSE, lps, purse
from worlds import ETH, USD, World, build

from tandem.errors import Reverted
from tandem.units import HOUR, WAD

PREDATOR = 6


@pytest.fixture(scope="module")
def last_once() -> World:
    """200 calls at the money, hedged, a minute before they expire; two millions of depth."""
    w = build()
    while w.tandem.balance_of(w.call(2_500)) < 200 * ETH:
        w.mint(w.call(2_500), 8 * ETH)
        w.curie.converge()
        with suppress(Reverted):
            w.top_up()
        w.engine.advance(60)
        w.freshen()
    w.engine.set_time(w.near - HOUR // 2)
    w.rest()
    w.curie.converge()
    w.bring_home()
    w.engine.set_time(w.near - 60)
    w.push_wad(w.spot)
    w.post()
    w.curie.deposit(w.engine.accounts[PREDATOR], PURSE)
    return w


@pytest.fixture
def last(last_once: World) -> Iterator[World]:
    with last_once.undone():
        yield last_once


def sold(w: World, push: int) -> tuple[int, int]:
    """Push, sell back, unwind: what LPs and the predator gained by it, token units."""
    who = w.engine.accounts[PREDATOR]
    before = lps(w), purse(w, who)
    if push:
        w.curie.open(who, -push * WAD)
    with suppress(Reverted):
        w.close(w.call(2_500), 200 * ETH)
    if push:
        w.curie.open(who, push * WAD)
    return lps(w) - before[0], purse(w, who) - before[1]


@pytest.mark.proves("HG-10", "MP-7", "PR-4")
@pytest.mark.parametrize("push", [0, 12, 30, 60, 90, 150])
def test_r27_lps_pay_for_no_order_that_is_far_dearer_than_its_bid(last: World, push: int) -> None:
    """HG-10: "LPs bear the rest, up to 20 bp of what the order moves", 500 USD of 250,000, beside the bid of
    148. Before, they lost 561 without a push, 747 behind one of 30 ETH, and 1,489 behind 150, of which the
    predator kept 181; to hold the hedge past the expiry and bring it home a chunk a minute costs them 292."""
    left, won = sold(last, push)
    assert left >= -(148 + 502) * USD
    assert won <= 15 * USD
    assert (left < 0) is (push < 20)


@pytest.mark.proves("HG-10", "MP-10")
def test_it_is_refused_by_name_and_a_smaller_part_is_not(last: World) -> None:
    """Who holds it loses nothing by that: he was paid nothing for it."""
    w = last
    w.curie.open(w.engine.accounts[PREDATOR], -30 * WAD)
    with w.refuses("market: order over bid", w.call(2_500)):
        w.close(w.call(2_500), 200 * ETH)
    assert w.close(w.call(2_500), 40 * ETH).returned[0] == 40 * ETH


@pytest.mark.proves("HG-10")
def test_an_hour_earlier_it_is_worth_its_order(last_once: World) -> None:
    w = build()
    w.mint(w.call(2_500), 8 * ETH)
    w.engine.set_time(w.near - 2 * HOUR)
    w.rest()
    filled, payout = w.close(w.call(2_500), 8 * ETH).returned
    assert filled == 8 * ETH
    assert payout > 40 * USD
