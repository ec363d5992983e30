"""Who prices by our views has to in the middle of our acts, from inside a venue or a token whose code is an
enemy's: each says what it said before, or says after, or nothing; what prices a share says nothing new."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from eth_utils.crypto import keccak
from harnesses import harness
from issuers import adapters, markets, quote_of
from several import splitter
from under_way import HELD, Act, lacking, nothing, overfunded, risen, settled_in, under_way
from upgraded import LEFT, PLACES, part_of, swap
from worlds import ETH, MAX, USD, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol.series import Series
from tandem.units import WAD

GAS = 20_000_000_000
NOTHING = keccak(bytes(32))
KINDS = ("aave", "curie", "morpho", "curie+aave")
PRICES = ("lens.", "vault.")
"""What a share or an option is priced by; but for the account, of which what margin has left is told."""
ACCOUNT = {"cash", "funds", "venue_losses"}
SAYS_NONE = {"maxDeposit", "maxMint"}
"""0 wherever a deposit reverts, as it does there."""
OWED_ALREADY = {"would_lend"}
"""An open has its maximum in by then and its premium not: less than before and after."""
UNKNOWN = ("venue_lens.", "splitter.")
"""They tell what each venue answers: one that is at work answers nothing."""
Stage = tuple[World, Contract, list[str]]
Play = tuple[Act, Contract, str, tuple[Any, ...]]


@cache
def stage(kind: str) -> Stage:
    """All under way; the venues' addresses and the quote token are the enemy's. An onlooker holds shares and
    options."""
    w, _ = under_way.__wrapped__(kind)
    one = w.engine.deploy(harness("unit/attacks/Onlooker.vy"))
    parts = [quote_of(w)]
    for market, venue in zip(markets(w), kind.split("+"), strict=True):
        parts += [part_of(market, name) for name in PLACES[venue]]
    for part in parts:
        for method in (m for several in part.abi.functions.values() for m in several):
            if not method.view:
                one.send("hear", method.selector, sender=w.stranger)
        swap(w, part, one)
    t, me, put = w.tandem, one.address, w.put(2_400, far=True).id
    w.donate(one, 10**12)
    _does(w, one, "fire", quote_of(w), "approve", t.vault, MAX)
    _does(w, one, "fire", t.vault, "deposit", 50_000 * USD, me)
    _does(w, one, "fire", t.market, "mint", put, 4 * ETH, MAX, MAX, me)
    t.option.send("transfer", me, w.call(2_500).id, HELD - LEFT, sender=t.trader)
    t.vault.send("setOperator", me, True, sender=t.lp)
    settled_in(w)
    names = []
    for name, target, data in _views(w, me):
        one.send("watch", target, data, sender=w.stranger)
        names.append(name)
    return w, one, names


def _does(w: World, one: Contract, how: str, target: Contract, fn: str, *args: Any) -> None:
    data = target.abi.function(fn, len(args)).encode(args)
    one.send(how, target, data, sender=w.stranger, gas=GAS)


def _views(w: World, me: str) -> Iterator[tuple[str, Contract, bytes]]:
    """Every view of our contracts with plain arguments, but for what never changes."""
    t = w.tandem
    ours = {
        "venue": t.venue,
        "lens": t.lens,
        "market": t.market,
        "vault": t.vault,
        "router": t.router,
    }
    ours |= {"desk": t.desk, "option": t.option, "surface": t.surface, "stress": t.stress}
    ours |= {"bounty": t.bounty, "breaker": t.breaker, "venue_lens": t.venue_lens}
    if len(adapters(w)) > 1:
        ours |= {f"adapter {n}": each for n, each in enumerate(adapters(w))}
        ours["splitter"] = splitter(w)
    for who, contract in ours.items():
        for fn, several in contract.abi.functions.items():
            for method in several:
                if not method.view or fn.isupper():
                    continue
                for args in _asked(w, me, fn, method.inputs):
                    yield f"{who}.{fn}", contract, method.encode(args)


def _asked(w: World, me: str, fn: str, inputs: tuple[str, ...]) -> list[tuple[Any, ...]]:
    series, people = w.put(2_400, far=True).id, (me, w.tandem.lp, adapters(w)[0].address)
    known: dict[tuple[str, int], list[tuple[Any, ...]]] = {
        ("quote", 3): [(series, ETH, False), (series, ETH, True)],
        ("max_close", 2): [(series, ETH)],
        ("open_book", 1): [(0,), (w.far,)],
        ("settlement", 1): [(w.near,)],
        ("slot_of", 1): [(w.far,)],
        ("carry", 1): [(10**6,)],
        ("mark_for", 2): [(10**12, 0), (10**12, 21_600)],
        ("account", 2): [(w.spot, 0)],
        ("max_order", 2): [(WAD, MAX), (-WAD, 0)],
        ("epoch", 1): [(w.tandem.vault.call("queue")[0],)],
        ("pendingRedeemRequest", 2): [(0, each) for each in people],
        ("claimableRedeemRequest", 2): [(0, each) for each in people],
        ("balanceOf", 2): [(me, series)],
        ("totalSupply", 1): [(series,)],
    }
    if (fn, len(inputs)) in known:
        return known[fn, len(inputs)]
    plain: dict[str, Any] = {"uint256": WAD, "int256": WAD, "bool": False}
    if not set(inputs) <= {"address", *plain}:
        return []
    asked = {tuple(plain.get(kind, each) for kind in inputs) for each in people}
    return sorted(asked)


def _plays(w: World, me: str) -> dict[str, Play]:
    t, put = w.tandem, Series(w.far, True, 2_600, 0).id
    call, held, first = w.call(2_500, far=True).id, w.put(2_400, far=True).id, adapters(w)[0]
    return {
        "sells": (nothing, t.market, "mint", (put, ETH, MAX, MAX, me)),
        "buys": (nothing, t.market, "mint", (call, ETH, MAX, MAX, me)),
        "closes": (nothing, t.market, "close", (held, 4 * ETH, 0, 0, MAX, me)),
        "redeems": (nothing, t.market, "redeem", (w.call(2_500).id, LEFT, me, me)),
        "rebalances": (risen, t.market, "rebalance", (0,)),
        "tops up": (lacking, t.desk, "top_up", ()),
        "sweeps": (overfunded, t.desk, "sweep", ()),
        "deposits": (nothing, t.vault, "deposit", (USD, me)),
        "claims": (nothing, t.vault, "redeem", (10**15, me, t.lp)),
        "accepts": (_lends, first, "accept" if "accept" in first.abi.functions else "refresh", ()),
    }


def _lends(w: World) -> None:
    """A stranger lends in our name."""
    for market, one in zip(markets(w), adapters(w), strict=True):
        if hasattr(market, "weth"):
            market.supply_for(w.stranger, one, WAD // 100, market.weth)


def _said(one: Contract, at: int) -> list[bytes]:
    """What a view said inside, and not before."""
    said: list[bytes] = []
    while True:
        try:
            said.append(one.call("between", at, len(said)))
        except Reverted:
            return said


@pytest.mark.proves("MP-10", "SH-5", "VS-8")
@pytest.mark.parametrize(
    "kind", [pytest.param(k, marks=[] if k == "aave" else pytest.mark.long) for k in KINDS]
)
def test_no_view_shows_what_is_half_done(kind: str) -> None:
    w, one, names = stage(kind)
    looked: set[str] = set()
    for play, (before, target, fn, args) in _plays(w, one.address).items():
        with w.undone():
            before(w)
            _does(w, one, "play", target, fn, *args)
            if one.call("callbacks"):
                looked.add(play)
            for at, name in enumerate(names):
                view = name.split(".")[1]
                new = set(_said(one, at)) - ({NOTHING} if view in SAYS_NONE else set())
                if name.startswith(PRICES) and view not in ACCOUNT | OWED_ALREADY:
                    assert not new, (play, name)
                elif view not in OWED_ALREADY and not name.startswith(UNKNOWN):
                    assert new <= {one.call("after", at)}, (play, name)
    assert len(names) > 100
    assert looked >= set(_plays(w, one.address)) - {"accepts"}
