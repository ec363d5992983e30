"""SH-8, ST-4: everything in the second of an expiry, in any order, in one block.

An expiry's second is the first of an epoch too: the round that settles it, a settlement, a mark, a deposit, a
rebalance and the processing of exits may stand in one block, and whoever orders it says how.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import permutations

import pytest
from filling import stocked
from test_whose_moment import LEAVER, THIEF, bring_home, filled, settle_down
from worlds import ETH, USD, World

from tandem.engine.base import Call
from tandem.errors import Reverted
from tandem.units import HOUR

PRICE = 2_512  # 1.2 % of a book's gamma away from where it was hedged
DEPOSIT = 500_000 * USD
MOST = 150 * USD  # of a million that leaves: what the hedge costs more by one way home than another


@pytest.fixture(scope="module")
def eve_once() -> World:
    """A million of 3.5M is due in the second in which 60 of 260 options expire; five seconds before it."""
    w = filled(1_500_000 * USD, 1_000_000 * USD, 200)
    vault, leaver, thief = w.tandem.vault, w.engine.accounts[LEAVER], w.engine.accounts[THIEF]
    for _ in range(3):
        stocked(w, w.call(2_500), 20 * ETH)
    w.tandem.give(thief, 10**13)
    w.tandem.deposit(1_000_000 * USD, lp=thief)
    w.engine.set_time(w.near - 25 * HOUR)
    settle_down(w)
    vault.send("requestRedeem", vault.call("balanceOf", leaver), leaver, leaver, sender=leaver)
    assert vault.call("queue")[0] * HOUR == w.near
    w.engine.set_time(w.near - 70)
    w.curie.converge()
    w.freshen()
    return w


@pytest.fixture
def eve(eve_once: World) -> Iterator[World]:
    with eve_once.undone():
        yield eve_once


def acts(w: World) -> list[Call]:
    """What anybody may do, once the round is there."""
    t, thief = w.tandem, w.engine.accounts[THIEF]
    return [
        Call(t.market, "settle", (w.near, w.round_id() + 1), w.stranger),
        Call(t.vault, "process", (8,), w.stranger),
        Call(t.vault, "deposit", (DEPOSIT, thief, 0), thief),
        Call(t.market, "rebalance", (0,), w.stranger),
        Call(t.vault, "poke", (), w.stranger),
    ]


def outcome(w: World) -> tuple[int, int, int]:
    """What who leaves, who came and who stays has, once keepers have done what was left to do."""
    t, thief = w.tandem, w.engine.accounts[THIEF]
    with suppress(Reverted):
        t.settle(w.near, w.round_id())
    w.curie.converge()
    bring_home(w)
    settle_down(w)
    with suppress(Reverted):
        t.vault.send("process", 8, sender=w.stranger)
    low, supply = t.vault.call("low_nav"), t.vault.call("totalSupply")
    came = t.vault.call("balanceOf", thief) * low // supply + w.usdc(thief)
    stayed = t.vault.call("balanceOf", t.lp) * low // supply
    return t.vault.call("maxWithdraw", w.engine.accounts[LEAVER]), came, stayed


@pytest.mark.proves("SH-8", "ST-4", "SH-2")
def test_r30_no_order_of_one_block_takes_from_who_leaves_or_gives_to_who_comes(eve: World) -> None:
    """Of 720 orders of six acts at 2,512 USD none moved a million that left by more than 121 USD, by what the
    hedge costs one way home or another. Who comes in that block has up to 203 less, and never 25 more."""
    w, found = eve, []
    push = Call(w.curie.feed, "push", (PRICE * 10**8,), w.curie.owner)
    for order in [(), *list(permutations(range(5)))[::7]]:
        with w.undone():
            block = acts(w)
            w.engine.send_many([push, *(block[each] for each in order)], timestamp=w.near)
            found.append(outcome(w))
    left, came, stayed = zip(*found, strict=True)
    assert max(left) - min(left) < MOST
    assert max(stayed) - min(stayed) < 3 * MOST // 2
    assert max(came) < came[0] + MOST // 3
