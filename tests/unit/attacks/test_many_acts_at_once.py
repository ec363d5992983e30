"""What a contract does in one transaction comes to what it comes to in as many of one second: nothing of ours
is remembered for a transaction alone, but what its order asked for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from harnesses import harness
from issuers import adapters, markets
from under_way import HELD, nothing, overfunded, risen, settled_in, under_way
from upgraded import GAS, LEFT, SET, sums
from worlds import ETH, MAX, USD, World

from tandem.engine.base import Call, Contract
from tandem.errors import Reverted
from tandem.units import WAD

KINDS = ("aave", "morpho", "curie", SET)
LENGTH = 16
DICE = 12
NOT_DUE = {"delever", "shift", "stamp", "top_up", "sweep", "process"}
"""Which nothing here makes due, or not everywhere."""
Act = tuple[Contract, str, tuple[Any, ...]]


@cache
def begun(kind: str) -> tuple[World, Contract]:
    """A contract that is an LP and a holder, has both tokens, and may act for another LP."""
    w, _ = under_way.__wrapped__(kind)
    one = w.engine.deploy(harness("unit/attacks/Leader.vy"))
    t, me = w.tandem, one.address
    w.donate(one, 10**12)
    fires(w, one, (w.curie.usdc, "approve", (t.vault.address, MAX)))
    for market in markets(w):
        if hasattr(market, "weth"):
            market.weth.send("mint", one, 10 * WAD, sender=w.curie.owner)
            taker = market.lending_pool if hasattr(market, "lending_pool") else market.lender
            for token in (market.usdc, market.weth):
                fires(w, one, (token, "approve", (taker.address, MAX)))
        if hasattr(market, "lending_pool"):
            lent = 3 * 10**13
            w.donate(one, lent)
            fires(w, one, (market.lending_pool, "supply", (market.usdc.address, lent, me, 0)))
    fires(w, one, (t.vault, "deposit", (50_000 * USD, me)))
    fires(w, one, (t.market, "mint", (w.put(2_400, far=True).id, 4 * ETH, MAX, MAX, me)))
    t.option.send("transfer", me, w.call(2_500).id, HELD - LEFT, sender=t.trader)
    t.vault.send("setOperator", me, True, sender=t.lp)
    settled_in(w)
    return w, one


def told(act: Act) -> tuple[str, bytes]:
    contract, fn, args = act
    return contract.address, contract.abi.function(fn, len(args)).encode(args)


def fires(w: World, one: Contract, act: Act) -> None:
    one.send("fire", *told(act), sender=w.stranger, gas=GAS)


def acts(w: World, me: str) -> list[Act]:
    """Whatever anybody may do, some of it more than once."""
    t, put, call = w.tandem, w.put(2_400, far=True).id, w.call(2_500, far=True).id
    found: list[Act] = [
        (t.market, "mint", (put, ETH, MAX, MAX, me)),
        (t.market, "mint", (call, ETH, MAX, MAX, me)),
        (t.market, "mint", (put, ETH // 10, MAX, MAX, me)),
        (t.market, "close", (put, 2 * ETH, 0, 0, MAX, me)),
        (t.market, "close", (put, 3 * ETH, 0, 0, MAX, me)),
        (t.market, "close", (call, ETH, 0, 0, MAX, me)),
        (t.market, "redeem", (w.call(2_500).id, LEFT // 3, me, me)),
        (t.market, "rebalance", (0,)),
        (t.option, "transfer", (t.trader, put, ETH // 2)),
        (t.vault, "deposit", (1_000 * USD, me)),
        (t.vault, "requestRedeem", (10**19, me, me)),
        (t.vault, "process", (1,)),
        (t.vault, "poke", ()),
        (t.vault, "redeem", (10**15, me, t.lp)),
        (t.vault, "transfer", (t.lp, 10**18)),
        (t.desk, "top_up", ()),
        (t.desk, "sweep", ()),
        (t.desk, "delever", ()),
        (t.stress, "remark", ()),
        (t.bounty, "stamp", ()),
        (t.bounty, "rebalance", (0, me, 0)),
    ]
    return found + list(_of_venues(w, me))


def _of_venues(w: World, me: str) -> Iterator[Act]:
    """Gifts in our name among them."""
    for market, adapter in zip(markets(w), adapters(w), strict=True):
        who = adapter.address
        for fn in ("accept", "refresh"):
            if fn in adapter.abi.functions:
                yield adapter, fn, ()
        if hasattr(market, "lending_pool"):
            pool, weth, usdc = market.lending_pool, market.weth.address, market.usdc.address
            yield pool, "supply", (weth, WAD // 50, who, 0)
            yield pool, "supply", (usdc, 20 * USD, who, 0)
            yield pool, "repay", (weth, WAD // 50, 2, who)
            there = int(market.weth.call("balanceOf", market.parts["a_weth"]))
            yield pool, "borrow", (weth, there - WAD // 1_000, 2, 0, me)
            yield pool, "repay", (weth, MAX, 2, me)
        elif hasattr(market, "lender"):
            short, long = market.short.params, market.long.params
            yield market.lender, "supplyCollateral", (long, WAD // 50, who, b"")
            yield market.lender, "supplyCollateral", (short, 20 * USD, who, b"")
            yield market.lender, "repay", (short, WAD // 50, 0, who, b"")
    if len(adapters(w)) > 1:
        yield w.tandem.venue, "note", ()
        first, second = adapters(w)[:2]
        yield w.tandem.desk, "shift", (first.address, second.address, WAD)


def outcome(w: World) -> dict[str, Any]:
    t = w.tandem
    found: dict[str, Any] = dict(sums(w))
    found["book"] = t.market.call("snapshot")
    found["owed"] = t.market.call("liabilities")
    found["gate"] = t.router.call("gate_words")
    found["ledger"] = t.router.call("ledger")
    found["last"] = t.router.call("last_position")
    found["mark"] = t.vault.call("last_mark")
    found["queue"] = t.vault.call("queue")
    for n, each in enumerate(adapters(w)):
        found[f"account {n}"] = each.call("account", w.spot)
    return found


def at_once(w: World, one: Contract, chosen: list[Act]) -> tuple[list[bool], dict[str, Any]]:
    with w.undone():
        one.send("arm", [told(act) for act in chosen], sender=w.stranger)
        when = w.engine.now() + 1
        w.engine.send_many([Call(one, "act", (), w.stranger, GAS)], when)
        return [one.call("through", n) == 1 for n in range(len(chosen))], outcome(w)


def one_by_one(w: World, one: Contract, chosen: list[Act]) -> tuple[list[bool], dict[str, Any]]:
    with w.undone():
        one.send("arm", [], sender=w.stranger)
        when = w.engine.now() + 1
        calls = [Call(one, "fire", told(act), w.stranger, GAS) for act in chosen]
        done = w.engine.send_many(calls, when)
        return [not isinstance(each, Reverted) for each in done], outcome(w)


@pytest.mark.proves("MP-2", "MP-10", "LM-2", "FL-1")
@pytest.mark.parametrize("kind", KINDS)
def test_one_transaction_is_as_many(kind: str) -> None:
    """Trades, deposits, requests, exits, marks, margin and gifts in our name in any order, twelve each at
    rest, behind a rise, and where margin is to be swept: the same go through, and all sums are the same."""
    w, one = begun(kind)
    due: set[str] = set()
    for before in (nothing, risen, overfunded):
        with w.undone():
            before(w)
            for seed in range(DICE):
                chosen = random.Random(f"{kind} {seed}").choices(acts(w, one.address), k=LENGTH)
                went, there = at_once(w, one, chosen)
                assert (went, there) == one_by_one(w, one, chosen), seed
                due |= {act[1] for act, good in zip(chosen, went, strict=True) if good}
                assert w.floor() >= 0
    assert {act[1] for act in acts(w, one.address)} - due <= NOT_DUE
