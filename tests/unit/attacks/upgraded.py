"""A venue some of whose addresses have an enemy's code since a moment ago: it passes on to what stood there,
until who leads it says otherwise (Enemy.vy, Leader.vy). Markets with all under way, as of `under_way`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyrevm
from harnesses import harness
from issuers import adapters, lenders, markets, pools
from several import splitter
from under_way import HELD, settled_in, under_way
from worlds import ETH, MAX, USD, World

from tandem.engine.base import NOBODY, Contract
from tandem.units import WAD

PASSES, REFUSES, BURNS, ANSWERS, SHORT, LONG, CALLS, LIES, TURNS, PULLS = range(10)
GAS = 4_000_000_000
LEFT = ETH
"""Of what was settled and is the trader's to redeem."""
SET = "curie+aave+morpho"
PLACES = {
    "aave": ("lending_pool", "a_usdc", "a_weth", "d_usdc", "d_weth", "oracle"),
    "curie": ("clearing_house", "vault", "account_balance", "exchange"),
    "morpho": ("irm", "short_oracle", "long_oracle"),
}
"""Which addresses of a venue are the enemy's: proxies, but of Morpho what a market names for good."""


@dataclass(slots=True)
class Upgraded:
    """A market, who leads, the venue whose code is his, and our adapter there."""

    world: World
    mid: int
    leader: Contract
    venue: str
    market: Any
    adapter: Contract

    def part(self, name: str) -> Contract:
        return part_of(self.market, name)

    def tell(
        self,
        name: str,
        function: str,
        kind: int,
        data: bytes = b"",
        *,
        anybody: bool = False,
        token: Any = NOBODY,
    ) -> None:
        """One function of one of his addresses, to our adapter alone or to anybody."""
        part, caller = self.part(name), NOBODY if anybody else self.adapter
        for method in part.abi.functions[function]:
            told = (part, caller, method.selector, kind, token, data)
            self.leader.send("tell", *told, sender=self.world.stranger)

    def number(self, name: str, function: str, value: int, kind: int = ANSWERS) -> None:
        """What our adapter is answered in place of the truth."""
        self.tell(name, function, kind, (value % 2**256).to_bytes(32))

    def tell_all(self, kind: int, *, views: bool, anybody: bool = False) -> None:
        """Every function of his that moves something, or every view."""
        for name in PLACES[self.venue]:
            for function, methods in self.part(name).abi.functions.items():
                if all(method.view == views for method in methods):
                    self.tell(name, function, kind, anybody=anybody)

    def arm(self, probes: Mapping[str, tuple[Contract, bytes]]) -> None:
        """From inside of whatever calls, these are called."""
        told = [(target.address, data) for target, data in probes.values()]
        self.leader.send("arm", told, sender=self.world.stranger)

    def through(self, probes: Iterable[str]) -> set[str]:
        """Which of them were not refused."""
        return {name for n, name in enumerate(probes) if int(self.leader.call("through", n))}

    def fire(self, target: Contract, fn: str, *args: Any) -> None:
        data = target.abi.function(fn, len(args)).encode(args)
        self.leader.send("fire", target, data, sender=self.world.stranger, gas=GAS)


def part_of(market: Any, name: str) -> Contract:
    return market.parts[name] if hasattr(market, "parts") else getattr(market, name)


@cache
def upgraded(kind: str, venue: str) -> Upgraded:
    """The code is swapped once: what is told of it goes with the chain's own state."""
    w, mid = under_way.__wrapped__(kind)
    place = kind.split("+").index(venue)
    leader = w.engine.deploy(harness("unit/attacks/Leader.vy"))
    u = Upgraded(w, mid, leader, venue, markets(w)[place], adapters(w)[place])
    for name in PLACES[venue]:
        swap(w, u.part(name), leader)
    _has_a_stake(u)
    return u


def swap(w: World, part: Contract, leader: Contract) -> None:
    """What stood there is kept elsewhere, and called on the storage that is there."""
    evm = w.engine._evm  # pyright: ignore[reportAttributeAccessIssue]
    kept = "0x" + (int(part.address, 16) ^ (1 << 159)).to_bytes(20).hex()
    evm.insert_account_info(kept, pyrevm.AccountInfo(nonce=1, code=w.engine.code(part)))
    enemy = w.engine.deploy(harness("unit/attacks/Enemy.vy"), leader, kept)
    evm.insert_account_info(part.address, pyrevm.AccountInfo(nonce=1, code=w.engine.code(enemy)))


def _has_a_stake(u: Upgraded) -> None:
    """Who leads is an LP and a holder himself, and what another LP has to claim is his to claim."""
    w, t, me = u.world, u.world.tandem, u.leader.address
    w.donate(u.leader, 10**12)
    u.fire(w.curie.usdc, "approve", t.vault, MAX)
    u.fire(t.vault, "deposit", 50_000 * USD, me)
    u.fire(t.market, "mint", w.call(2_500, far=True).id, ETH, MAX, MAX, me)
    t.option.send("transfer", me, w.call(2_500).id, HELD - LEFT, sender=t.trader)
    t.vault.send("setOperator", me, True, sender=t.lp)
    settled_in(w)


def says_that_it_holds(u: Upgraded, ether: int) -> None:
    """So much short, for no more and no less money than there is."""
    size, spot = ether * WAD, u.world.spot
    if u.venue == "curie":
        u.number("account_balance", "getTakerPositionSize", -size)
        u.number("account_balance", "getTakerOpenNotional", size * spot // WAD)
        return
    lent = u.part("a_usdc").call("scaledBalanceOf", u.adapter)
    u.number("d_weth", "scaledBalanceOf", size)
    u.number("a_usdc", "scaledBalanceOf", lent + size * spot // WAD // 10**12 * 11 // 10)


# ---------------------------------------------------------------- what he calls
def probes_of(u: Upgraded) -> dict[str, tuple[Contract, bytes]]:
    """Every door of ours that is open to anybody, by name."""
    w, t, me = u.world, u.world.tandem, u.leader.address
    held, lp = w.call(2_500, far=True).id, w.tandem.lp
    calls: dict[str, tuple[Contract, str, tuple[Any, ...]]] = {
        "mint": (t.market, "mint", (held, 20_000, MAX, MAX, me)),
        "close": (t.market, "close", (held, 20_000, 0, 0, MAX, me)),
        "rebalance": (t.market, "rebalance", (0,)),
        "redeem": (t.market, "redeem", (w.call(2_500).id, 1_000, me, me)),
        "deposit": (t.vault, "deposit", (USD, me)),
        "mint shares": (t.vault, "mint", (10**18, me)),
        "request": (t.vault, "requestRedeem", (2 * 10**18, me, me)),
        "process": (t.vault, "process", (1,)),
        "poke": (t.vault, "poke", ()),
        "claim shares": (t.vault, "redeem", (10**15, me, lp)),
        "claim assets": (t.vault, "withdraw", (1, me, lp)),
        "top up": (t.desk, "top_up", ()),
        "sweep": (t.desk, "sweep", ()),
        "delever": (t.desk, "delever", ()),
        "stamp": (t.bounty, "stamp", ()),
        "bounty": (t.bounty, "rebalance", (0, me, 0)),
        "remark": (t.stress, "remark", ()),
        "move option": (t.option, "transfer", (t.trader, held, 1)),
        "mark": (t.lens, "mark", ()),
        "low nav": (t.vault, "low_nav", ()),
        "account": (t.router, "account", (2_500 * WAD, 0)),
        "owed": (t.market, "liabilities", ()),
        "funds": (t.vault, "funds", ()),
        "book": (t.market, "snapshot", ()),
        "floor": (t.market, "floor", ()),
    }
    calls |= _of_adapters(u)
    return {name: (c, c.abi.function(fn, len(a)).encode(a)) for name, (c, fn, a) in calls.items()}


def _of_adapters(u: Upgraded) -> dict[str, tuple[Contract, str, tuple[Any, ...]]]:
    """What adapters let anybody do, a set, and who asks for it; and what they let nobody."""
    w, me = u.world, u.leader.address
    calls: dict[str, tuple[Contract, str, tuple[Any, ...]]] = {}
    for n, one in enumerate(adapters(w)):
        told: dict[str, tuple[Any, ...]] = {
            "accept": (),
            "refresh": (),
            "renew_approval": (),
            "settle_collateral": (w.curie.usdc,),
            "position": (),
            "trade": (WAD, MAX),
            "withdraw": (USD, me),
            "uniswapV3SwapCallback": (-(10**15), 10**6, b""),
        }
        for fn, args in told.items():
            if fn in one.abi.functions:
                calls[f"{fn} {n}"] = (one, fn, args)
    if len(adapters(w)) > 1:
        first, second = adapters(w)[:2]
        calls["note"] = (w.tandem.venue, "note", ())
        calls["note carry"] = (splitter(w), "note", ([one.address for one in adapters(w)],))
        calls["shift"] = (w.tandem.desk, "shift", (first, second, WAD))
        calls["back"] = (w.tandem.desk, "shift", (second, first, WAD))
    return calls


# ---------------------------------------------------------------- what everybody has
def sums(w: World) -> dict[str, int]:
    """Of a market: its cash, what it owes, and what lies at each venue by the venue's own word; every token
    of both kinds that lies with us, a pool or a lender."""
    t, book = w.tandem, w.tandem.market.snapshot()
    found = {
        "cash": int(t.vault.call("cash")),
        "exits": int(t.vault.call("exits_unpaid")),
        "shares": int(t.vault.call("totalSupply")),
        "totals": book.totals,
        "lp": w.usdc(t.lp),
        "trader": w.usdc(t.trader),
    }
    ours = [t.vault, t.router, t.desk, t.market, t.venue, *adapters(w), *pools(w), *lenders(w)]
    for n, one in enumerate(ours):
        found[f"quote of {n}"] = w.usdc(one)
        found |= {
            f"base of {n}": int(m.weth.call("balanceOf", one))
            for m in markets(w)
            if hasattr(m, "weth")
        }
    for n, (market, one) in enumerate(zip(markets(w), adapters(w), strict=True)):
        found[f"position {n}"] = market.position(one)
    return found
