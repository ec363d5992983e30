"""Whoever acts from inside of others' money, or of others' locks, ends where he ends outside, or is refused.

That is a pool of v3 that is flashed whole, a manager of v4 that stands open, and a lender all of whose money
is lent for a moment: what is half done there moves nothing here."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from harnesses import harness
from issuers import markets
from test_many_acts_at_once import GAS, Act, acts, begun, outcome, told
from under_way import lacking, nothing, overfunded, risen
from worlds import World

from tandem.engine.base import Call, Contract
from tandem.errors import Reverted
from tandem.units import WAD

KINDS = ("aave", "morpho4", pytest.param("morpho", marks=pytest.mark.long))
ALL_DOLLARS = "all of Aave's dollars"
IN_PART = {"close", "sweep", "remark"}
"""What goes otherwise while a lender's dollars are away: without an order, with what lies idle alone, by a
purse that is empty."""
ORDERS = {"mint", "close", "rebalance"}
TAKES = {"sweep", "borrow"}
"""What these take is away."""
Way = tuple[str, tuple[Any, ...]]


@cache
def staged(kind: str) -> tuple[World, Contract, Contract]:
    """As for many acts at once, and who borrows everything. Aave's governance lets it lend so."""
    w, one = begun.__wrapped__(kind)
    flasher = w.engine.deploy(harness("unit/attacks/Flasher.vy"))
    w.donate(flasher, 10**13)
    for market in markets(w):
        market.weth.send("mint", flasher, 1_000 * WAD, sender=w.curie.owner)
        if hasattr(market, "lending_pool"):
            for token in (market.usdc, market.weth):
                market.configurator.send("setReserveFlashLoaning", token, True, sender=market.owner)
    return w, one, flasher


def ways(w: World, one: Contract) -> dict[str, Way]:
    found: dict[str, Way] = {}
    for market in markets(w):
        tokens, pool = market.spot._tokens(), market.spot.pool
        there = [int(token.call("balanceOf", pool)) for token in tokens]
        named = [token.address for token in tokens]
        found["a pool"] = "in_pool", (one.address, pool.address, named, there)
        if hasattr(market, "v4"):
            found["a manager"] = "in_manager", (one.address, market.v4.manager.address)
        for name, token in (("dollars", market.usdc), ("ether", market.weth)):
            if hasattr(market, "lender"):
                all_ = int(token.call("balanceOf", market.lender))
                args = one.address, market.lender.address, token.address, all_
                found[f"all of Morpho's {name}"] = "in_morpho", args
            else:
                lent = market.parts["a_usdc" if token is market.usdc else "a_weth"]
                all_ = int(token.call("balanceOf", lent))
                args = one.address, market.lending_pool.address, token.address, all_
                found[f"all of Aave's {name}"] = "in_aave", args
    return found


def ours(w: World) -> dict[str, Any]:
    """All that is ours or our people's: what strangers and markets have is theirs."""
    strangers = {f"{token} of {n}" for token in ("quote", "base") for n in range(4, 32)}
    return {key: word for key, word in outcome(w).items() if key not in strangers}


def worth(found: dict[str, Any]) -> int:
    """What LPs have in cash and at venues, WAD."""
    accounts = (word for key, word in found.items() if key.startswith("account "))
    return int(found["cash"]) * 10**12 + sum(int(word[1]) for word in accounts)


def end_of(w: World, one: Contract, call: Call) -> tuple[bool, dict[str, Any]]:
    with w.undone():
        (done,) = w.engine.send_many([call], w.engine.now() + 1)
        assert not isinstance(done, Reverted), done.reason
        return one.call("through", 0) == 1, ours(w)


def differs(w: World, way: str, act: Act, outside: Any, inside: Any) -> str:
    """What of an act that went through outside is otherwise inside, and may not be; "" for nothing."""
    (went, there), (goes, here) = outside, inside
    if went != goes:
        is_away = act[1] in TAKES and way.startswith("all")
        return "" if went and (act[1] in ORDERS or is_away) else f"{way}: {act[1]} is refused"
    if there == here:
        return ""
    if way == ALL_DOLLARS and act[1] in IN_PART and worth(here) >= worth(there) - WAD:
        return ""
    return f"{way}: {act[1]} moves {[key for key in there if there[key] != here[key]]}"


@pytest.mark.proves("MP-10", "LM-3", "LM-9")
@pytest.mark.parametrize("before", [nothing, risen, overfunded, lacking])
@pytest.mark.parametrize("kind", KINDS)
def test_inside_of_others_money_an_act_ends_as_outside(
    kind: str, before: Callable[[World], None]
) -> None:
    """Trades, deposits, requests, exits, marks, margin and gifts in our name: orders are refused where the
    pool is locked or the lender is empty, and nothing else is, but what takes from there."""
    w, one, flasher = staged(kind)
    with w.undone():
        before(w)
        for act in acts(w, one.address):
            with w.undone():
                one.send("arm", [told(act)], sender=w.stranger)
                outside = end_of(w, one, Call(one, "act", (), w.stranger, GAS))
                for way, (fn, args) in ways(w, one).items():
                    inside = end_of(w, one, Call(flasher, fn, args, w.stranger, GAS))
                    assert not differs(w, way, act, outside, inside)
