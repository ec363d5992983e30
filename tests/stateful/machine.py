"""Everybody does anything: LPs, traders, the keeper, the oracle, the venue's people, and rogues.

Every rule tells the ledger what should happen and compares; every step ends with the laws.
A rule counts when its action went through on chain, not when it was refused.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import suppress
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from laws import LOT, check_books, check_hedge, check_money
from ledger import Ledger
from worlds import LADDER, MAX, USD, World, build

from keeper.engine.base import Call, Receipt
from keeper.errors import Reverted
from keeper.protocol.deploy import DeploySettings
from keeper.protocol.series import DAY, Series, next_expiry
from keeper.venues.curie import WAD

TALLY: Counter[str] = Counter()
REFUSED: Counter[str] = Counter()
FRESH = 600
# Wide limits, so that a few trades reach floor, reserve and margin.
TERMS = {"max_trade": 1_000, "vega_cap": 1_000, "gamma_cap": 2_000, "reserve": 500}

UNITS = st.integers(10_000, 40_000_000)
PARTS = st.sampled_from([1, 2, 3])
PEOPLE = st.sampled_from([0, 1])
OUT = st.integers(0, 3)
LEVEL = st.sampled_from([2, 2, 2, 1, 1, 0])


class Machine(RuleBasedStateMachine):
    """One market, from its first deposit to the last LP's exit."""

    base: World | None = None

    def __init__(self) -> None:
        super().__init__()
        if Machine.base is None:
            Machine.base = build(settings=DeploySettings(terms=TERMS))
        self.w = Machine.base
        self.mark = self.w.engine.snapshot()
        self.slices = dict(self.w.slices)
        t = self.w.tandem
        self.lps = (t.lp, self.w.engine.accounts[6])
        self.traders = (t.trader, self.w.stranger)
        self.rogue = self.w.engine.accounts[0]
        self.posted = {e: self.w.engine.now() for e in self.slices}
        self.book = Ledger(cash=int(t.vault.call("cash")))
        self.book.shares[t.lp] = int(t.vault.call("totalSupply"))

    # ---- doing
    def attempt(self, name: str, call: Any, *args: Any, **more: Any) -> Receipt | None:
        """The receipt, counted, or None where the chain refused."""
        try:
            receipt = call(*args, **more)
        except Reverted as refused:
            REFUSED[f"{name}: {refused.reason}"] += 1
            return None
        TALLY[name] += 1
        return receipt

    def freshen(self) -> None:
        """The keeper's part: prices and surfaces that a trade accepts."""
        w, now = self.w, self.w.engine.now()
        stale = [e for e, at in self.posted.items() if e > now + 1 and now - at > FRESH]
        if stale:
            w.push_wad(w.spot)
        for expiry in stale:
            self.post(expiry, self.w.slices[expiry])
        if stale:
            w.engine.advance(61)

    def post(self, expiry: int, slice_: Any) -> bool:
        now = self.w.engine.now()
        call = self.w.tandem.post_call(expiry, slice_, now, now)
        send = self.w.engine.send
        done = self.attempt("post", send, call.contract, call.fn, *call.args, sender=call.sender)
        if done is not None:
            self.posted[expiry] = now
            self.w.slices[expiry] = slice_
        return done is not None

    def hedged(self, receipt: Receipt, opens: bool) -> None:
        """R1 and R28: the position is the venue's, the residual is the model's, inside its bound."""
        (event,) = receipt.events("Hedged")
        before = self.book.position
        self.book.position += event["order"]
        check_hedge(self.w, self.book, event, before, receipt.timestamp, opens=opens)

    # ---- LPs
    @rule(lp=st.sampled_from([0, 1]), amount=st.integers(USD, 400_000 * USD))
    def deposit(self, lp: int, amount: int) -> None:
        self.freshen()
        who = self.lps[lp]
        done = self.attempt("deposit", self.w.tandem.deposit, amount, lp=who)
        if done is not None:
            self.book.enter(who, amount, done.returned)

    @rule(lp=st.sampled_from([0, 1]), part=st.sampled_from([10, 3, 1]))
    def request_exit(self, lp: int, part: int) -> None:
        who, vault = self.lps[lp], self.w.tandem.vault
        amount = self.book.shares[who] // part
        done = self.attempt(
            "request_exit", vault.send, "requestRedeem", amount, who, who, sender=who
        )
        if done is not None:
            self.book.request(who, amount, done.timestamp, DAY)

    @rule(count=st.integers(1, 4), wait=st.booleans())
    def process(self, count: int, wait: bool) -> None:
        w = self.w
        if wait and not self.book.due(w.engine.now()) and self.book.queued():
            w.engine.advance(25 * 3_600)
        self.freshen()
        due = self.book.due(w.engine.now() + 1)
        try:
            done = w.tandem.vault.send("process", count, sender=self.rogue)
        except Reverted as refused:
            REFUSED[f"process: {refused.reason}"] += 1
            return
        (marked,) = done.events("Marked")
        filled = [(e["epoch"], e["burned"], e["assets"]) for e in done.events("EpochProcessed")]
        TALLY["process"] += bool(filled)
        assert due or not filled
        low = marked["nav_low"] + sum(assets for _, _, assets in filled)
        self.book.process(filled, low, done.timestamp)
        assert self.book.floor() >= 0

    @rule(lp=st.sampled_from([0, 1]))
    def claim(self, lp: int) -> None:
        who, vault = self.lps[lp], self.w.tandem.vault
        shares, assets = self.book.claimable(who)
        assert (vault.call("maxRedeem", who), vault.call("maxWithdraw", who)) == (shares, assets)
        if shares == 0:
            return
        before = self.w.usdc(who)
        done = self.attempt("claim", vault.send, "redeem", shares, who, who, sender=who)
        assert done is not None, "a claim is always paid"
        assert self.book.claim(who) == (shares, assets)
        assert self.w.usdc(who) - before == done.returned == assets

    # ---- the keeper and the market around
    @rule(days=st.integers(8, 40))
    def list_expiry(self, days: int) -> None:
        expiry = next_expiry(self.w.engine.now(), days)
        if expiry in self.posted or expiry in self.book.settled:
            return
        done = self.attempt("list_expiry", self.w.tandem.list_expiry, expiry, LADDER)
        if done is not None:
            self.post(expiry, self.w.slices[max(self.w.slices)])

    @rule(pick=st.integers(0, 7), variance=st.floats(-0.006, 0.006))
    def move_surface(self, pick: int, variance: float) -> None:
        ahead = [e for e in self.posted if e > self.w.engine.now() + 3_600]
        if not ahead:
            return
        expiry = ahead[pick % len(ahead)]
        self.w.engine.advance(600)
        old = self.w.slices[expiry]
        if self.post(expiry, type(old)(**_fields(old) | {"a": old.a + variance})):
            TALLY["move_surface"] += 1

    @rule(percent=st.floats(-3, 3), follow=st.booleans())
    def move_oracle(self, percent: float, follow: bool) -> None:
        self.step(percent)
        TALLY["move_oracle"] += 1
        if follow:
            self.arbitrage()

    @rule(percent=st.sampled_from([-20, -15, -8, 8, 15, 20]), follow=st.booleans())
    def jump(self, percent: int, follow: bool) -> None:
        self.step(percent)
        TALLY["jump"] += 1
        if follow:
            self.arbitrage()

    def step(self, percent: float) -> None:
        price = int(self.w.spot * (1 + percent / 100)) // 10**10 * 10**10
        self.w.push_wad(min(max(price, 1_200 * WAD), 6_000 * WAD))

    @rule()
    def arbitrage(self) -> None:
        with suppress(Reverted):  # at most a tenth in 15 seconds
            TALLY["arbitrage"] += self.w.curie.converge() > 0

    @rule(percent=st.sampled_from([-2.0, -0.4, 0.4, 2.0]))
    def skew_pool(self, percent: float) -> None:
        """Somebody pushes the pool away from the oracle."""
        target = int(self.w.spot * (1 + percent / 100))
        with suppress(Reverted):
            TALLY["skew_pool"] += self.w.curie.arbitrage(target) is not None

    @rule(seconds=st.sampled_from([30, 900, 4_000, DAY // 2, 3 * DAY]))
    def pass_time(self, seconds: int) -> None:
        self.w.engine.advance(seconds)
        self.w.curie.base.send("cacheTwap", 900, sender=self.rogue)
        TALLY["pass_time"] += 1

    # ---- traders
    def series(self, far: int, put: bool, out: int, wing: bool) -> Series | None:
        """The option that lies `out` rungs out of the money; a narrow spread with `wing`."""
        ahead = sorted(e for e in self.posted if e > self.w.engine.now() + 7 * DAY)
        spot = self.w.spot // WAD
        side = [k for k in LADDER if (k <= spot if put else k >= spot)]
        side = side[::-1] if put else side
        if not ahead or len(side) <= out:
            return None
        expiry, strike = ahead[far % len(ahead)], side[out]
        below = [k for k in LADDER if k < strike]
        above = [k for k in LADDER if strike < k <= 2 * strike]
        if put:
            return Series(expiry, True, strike, below[-1] if wing and below else 0)
        return Series(expiry, False, strike, above[0 if wing else -1]) if above else None

    def attend(self, level: int) -> None:
        """The keeper's work before a trade: none, prices only, or all of it."""
        if level > 0:
            self.freshen()
        if level > 1:
            self.arbitrage()
            self.top_up()

    @rule(
        who=PEOPLE, far=st.integers(0, 3), out=OUT, units=UNITS, level=LEVEL,
        kind=st.sampled_from(["call", "put", "call spread", "put spread"]),
    )  # fmt: skip
    def mint(self, who: int, far: int, out: int, units: int, level: int, kind: str) -> None:
        self.attend(level)
        series = self.series(far, "put" in kind, out, "spread" in kind)
        if series is None:
            return
        nav = self.w.tandem.vault.call("totalAssets")
        units = max(min(units, nav // 11 * WAD // self.w.spot), 10_000)
        trader = self.traders[who]
        before = self.w.usdc(trader)
        done = self.attempt("mint", self.w.mint, series, units, trader=trader)
        if done is None:
            return
        assert before - self.w.usdc(trader) == done.returned
        self.book.trade(trader, series, units, done.returned)
        self.hedged(done, opens=True)

    @rule(who=PEOPLE, out=OUT, units=UNITS, put=st.booleans())
    def mint_attended(self, who: int, out: int, units: int, put: bool) -> None:
        """The everyday trade, so that books fill up."""
        self.mint(who, out + units, out, units, 2, "put" if put else "call")

    @initialize(trades=st.lists(st.tuples(PEOPLE, OUT, UNITS, st.booleans()), max_size=4))
    def begin(self, trades: list[tuple[int, int, int, bool]]) -> None:
        """Most markets are met with something on their books."""
        for who, out, units, put in trades:
            self.mint_attended(who, out, units, put)

    @precondition(lambda self: self.open_holdings())
    @rule(pick=st.integers(0, 99), part=PARTS, level=LEVEL)
    def close(self, pick: int, part: int, level: int) -> None:
        self.attend(level)
        trader, series, held = self.open_holdings()[pick % len(self.open_holdings())]
        units = max(held // part, 1)
        before = self.w.usdc(trader)
        done = self.attempt("close", self.w.close, series, units, trader=trader)
        if done is None:
            return
        filled, payout = done.returned
        assert 0 < filled <= units
        assert self.w.usdc(trader) - before == payout
        TALLY["close in part"] += filled < units
        self.book.trade(trader, series, -filled, -payout)
        self.hedged(done, opens=False)

    @precondition(lambda self: self.open_holdings())
    @rule(pick=st.integers(0, 99), part=PARTS)
    def close_attended(self, pick: int, part: int) -> None:
        self.close(pick, part, 2)

    @rule(up=st.booleans(), units=st.integers(10_000_000, 40_000_000))
    def squeeze(self, up: bool, units: int) -> None:
        """Options on both sides, every LP leaves as far as he may, the price runs, holders want
        out: the floor has little left, and a close fills in part."""
        for put in (False, True):
            self.mint_attended(0, 0, units, put)
        for lp in range(len(self.lps)):
            self.request_exit(lp, 1)
        self.process(4, True)
        for _ in range(2):
            self.step(20 if up else -17)
            self.arbitrage()
        self.w.engine.advance(FRESH + 1)
        for pick, (_, series, _) in enumerate(self.open_holdings()):
            if series.is_put != up:
                self.close(pick, 1, 2)
                break

    def open_holdings(self) -> list[tuple[str, Series, int]]:
        return [
            (who, s, n)
            for who in self.traders
            for s, n in self.book.held[who].items()
            if n and s.expiry not in self.book.settled
        ]

    @rule(put=st.booleans(), outs=st.lists(OUT, min_size=1, max_size=3), seed=st.integers(0, 999))
    def round_trip(self, put: bool, outs: list[int], seed: int) -> None:
        """At one price and one time: buy several, sell them again in parts. Nobody gains."""
        self.attend(2)
        trader, market = self.traders[seed % 2], self.w.tandem.market
        before = self.w.usdc(trader)
        with self.w.undone():
            calls, bought = [], set()
            for turn, out in enumerate(outs):
                series = self.series(seed + turn, put, out, seed >> turn & 1 == 1)
                if series is None:
                    continue
                units = 50_000 + seed * 3_701
                bought.add(series)
                calls.append(Call(market, "mint", (series.id, units, MAX, MAX, trader), trader))
                if seed >> (turn + 4) & 1:
                    part = (series.id, units // 3, 0, 0, MAX, trader)
                    calls.append(Call(market, "close", part, trader))
            done = self.w.engine.send_many(calls)
            rest = []
            for series in bought:
                more = self.w.tandem.balance_of(series, trader) - self.book.held[trader][series]
                if more > 0:
                    rest.append(Call(market, "close", (series.id, more, 0, 0, MAX, trader), trader))
            if rest:  # a second later, when the options are worth a second less
                done += self.w.engine.send_many(rest)
            held = self.book.held[trader]
            whole = all(self.w.tandem.balance_of(s, trader) == held[s] for s in bought)
            if whole and any(not isinstance(r, Reverted) for r in done):
                TALLY["round_trip"] += 1
                assert self.w.usdc(trader) < before

    @rule(keep=st.sampled_from([0, 0, 2, 4]))
    def rebalance(self, keep: int) -> None:
        """Anybody; to zero, or to a part of the residual."""
        stance = self.w.tandem.snapshot()[7]
        target = int(stance[3]) // keep if keep else 0
        done = self.attempt("rebalance", self.w.tandem.rebalance, target, sender=self.rogue)
        if done is None:
            return
        (event,) = done.events("Hedged")
        assert abs(event["residual_after"]) < abs(event["residual_before"])
        self.hedged(done, opens=False)

    # ---- margin
    @rule(up=st.booleans())
    def margin(self, up: bool) -> None:
        self.top_up() if up else self.sweep()

    def top_up(self) -> None:
        send = self.w.tandem.router.send
        done = self.attempt("top_up", send, "top_up", sender=self.rogue)
        if done is not None:
            self.book.cash -= done.returned

    def sweep(self) -> None:
        send = self.w.tandem.router.send
        done = self.attempt("sweep", send, "sweep", sender=self.rogue)
        if done is not None:
            self.book.cash += done.returned

    # ---- expiry
    @rule(push=st.sampled_from([True, True, False]))
    def expire(self, push: bool) -> None:
        """Time runs to the nearest expiry with options, and its price comes."""
        ahead = sorted({s.expiry for s in self.book.sold()})
        if not ahead:
            return
        if self.w.engine.now() < ahead[0]:
            self.w.engine.set_time(ahead[0])
        if push:
            self.w.push_wad(self.w.spot)
            self.settle(False)
        TALLY["expire"] += 1

    @rule(late=st.booleans())
    def settle(self, late: bool) -> None:
        now = self.w.engine.now()
        past = sorted({s.expiry for s in self.book.sold() if s.expiry <= now})
        if not past:
            return
        expiry = past[0]
        round_id = self.first_round(expiry)
        if round_id is None:
            if not late:
                return
            self.w.push_wad(self.w.spot)
            round_id = self.first_round(expiry)
        price = self.w.curie.feed.call("getRoundData", round_id)[1] * 10**10
        done = self.attempt("settle", self.w.tandem.settle, expiry, round_id)
        assert done is not None, "settlement with its round always goes through"
        owed = self.book.settle(expiry, Fraction(price, WAD))
        (event,) = done.events("Settled")
        assert (event["price"], event["payouts"]) == (price, owed)
        assert self.attempt("settle twice", self.w.tandem.settle, expiry, round_id) is None

    def first_round(self, expiry: int) -> int | None:
        latest = self.w.round_id()
        feed = self.w.curie.feed
        found = None
        for round_id in range(latest, latest - 200, -1):
            if feed.call("getRoundData", round_id)[3] < expiry:
                break
            found = round_id
        return found

    @rule(pick=st.integers(0, 99), part=PARTS)
    def redeem(self, pick: int, part: int) -> None:
        payable = self.payable()
        if payable:
            holder, series, held = payable[pick % len(payable)]
            self.pay(holder, series, max(held // part, 1))

    def payable(self) -> list[tuple[str, Series, int]]:
        return [
            (who, s, n)
            for who in self.traders
            for s, n in self.book.held[who].items()
            if n and s.expiry in self.book.settled
        ]

    def pay(self, holder: str, series: Series, units: int) -> None:
        before = self.w.usdc(holder)
        done = self.attempt("redeem", self.w.tandem.redeem, series, units, owner=holder)
        assert done is not None, "a holder is always paid"
        paid = self.book.redeem(holder, series, units)
        assert self.w.usdc(holder) - before == done.returned == paid

    # ---- rogues
    @rule(name=st.sampled_from(["vault", "market", "router", "venue", "option", "lens"]))
    def donate(self, name: str) -> None:
        target = getattr(self.w.tandem, name)
        before = self.visible()
        self.w.donate(target, 12_345_678_901)
        self.book.gifts[target.address] += 12_345_678_901
        assert self.visible() == before
        TALLY["donate"] += 1

    @rule()
    def deposit_for_venue(self) -> None:
        before = self.visible()
        with self.w.undone():  # the same blocks, and nothing for us
            self.w.deposit_for_venue(500 * USD, sender=self.rogue, account=self.rogue)
            plain = self.account()
        self.w.deposit_for_venue(500 * USD, sender=self.rogue)
        assert (self.visible(), self.account()) == (before, plain)
        TALLY["deposit_for_venue"] += 1

    def account(self) -> tuple[Any, ...]:
        return self.w.tandem.router.call("account", self.w.spot, 0)

    def visible(self) -> tuple[Any, ...]:
        t = self.w.tandem
        return (
            t.vault.call("funds"), t.market.call("floor"), t.market.call("liabilities"),
            t.market.call("snapshot"), self.w.position(),
        )  # fmt: skip

    @rule(steps=st.integers(0, 4))
    def liquidate(self, steps: int) -> None:
        """The one drift that has a name: the price runs, nobody tops up, the venue sells us off."""
        if self.book.position == 0:
            return
        curie, venue = self.w.curie, self.w.tandem.venue
        for _ in range(steps):
            self.step(-18 if self.book.position > 0 else 22)
            self.arbitrage()
            self.w.engine.advance(1_800)
            self.step(0)
        with suppress(Reverted):
            if curie.liquidatable(venue):
                curie.liquidate(venue)
                TALLY["liquidate"] += 1
                assert abs(self.w.position()) < abs(self.book.position)
                self.book.position = self.w.position()

    @rule(pick=st.integers(0, 99))
    def intrude(self, pick: int) -> None:
        t, me = self.w.tandem, self.traders[1]
        calls = [
            (t.vault, "pay", (me, USD)), (t.vault, "collect", (t.lp, USD)),
            (t.vault, "lend", (me, USD)), (t.vault, "restore", (USD,)),
            (t.router, "trade", (WAD, 2**200)), (t.venue, "trade", (WAD, 2**200)),
            (t.venue, "withdraw", (USD, me)), (t.option, "mint", (me, 1, USD)),
            (t.option, "burn", (t.trader, 1, USD)), (t.market, "list_expiry", (0, [1])),
            (t.guardian, "pause", ()), (t.guardian, "set_term", (3, 30)),
        ]  # fmt: skip
        contract, fn, args = calls[pick % len(calls)]
        try:
            contract.send(fn, *args, sender=me)
        except Reverted:
            TALLY["intrude"] += 1
        else:
            raise AssertionError(f"{fn} let a stranger in")

    # ---- laws
    @invariant()
    def the_laws_hold(self) -> None:
        check_books(self.w, self.book)
        check_money(self.w, self.book, self.lps)

    # ---- the end
    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.everybody_leaves()
        finally:
            self.w.engine.revert(self.mark)
            self.w.slices = self.slices

    def everybody_leaves(self) -> None:
        """Every state has an exit: settle, redeem, flatten, sweep, and the last LP is out."""
        w = self.w
        for expiry in sorted({s.expiry for s in self.book.sold()}):
            w.engine.set_time(max(expiry, w.engine.now()))
            self.settle(True)
        for holder, series, units in self.payable():
            self.pay(holder, series, units)
        assert not self.payable()
        assert (
            0 <= self.book.claims <= len(self.book.settled) * 20
        )  # what roundings left, token units
        self.flatten()
        for lp in self.lps:
            if self.book.shares[lp]:
                amount = self.book.shares[lp]
                w.tandem.vault.send("requestRedeem", amount, lp, lp, sender=lp)
                self.book.request(lp, amount, w.engine.now(), DAY)
        for _ in range(12):
            w.engine.advance(DAY + 3_600)
            w.push_wad(w.spot)
            self.sweep()
            self.process(4, False)
            if w.tandem.vault.call("funds")[2] < (USD if self.book.position else 10):
                break
        self.sweep()
        for lp in range(len(self.lps)):
            self.claim(lp)
        self.the_laws_hold()
        # A hedge under the lot is not traded and keeps its margin, some cents; roundings stay.
        assert w.tandem.vault.call("funds")[2] < USD, f"the last LP cannot leave: {self.describe()}"
        if self.book.position == 0:
            assert w.tandem.vault.call("funds")[2] < 10  # millionths of a dollar
        assert self.book.exits <= len(self.book.epochs)  # roundings of unfinished epochs
        assert self.book.cash - self.book.claims < 2 * USD
        TALLY["everybody left"] += 1

    def describe(self) -> dict[str, Any]:
        t = self.w.tandem
        self.step(0)
        return {
            "funds": t.vault.call("funds"), "floor": t.market.call("floor"),
            "liabilities": t.market.call("liabilities"), "position": self.w.position(),
            "mark": t.lens.call("mark"), "lendable": t.vault.call("lendable"),
            "orders": [t.router.call("max_order", sign * 10**27) for sign in (-1, 1)],
            "pool": self.w.curie.pool_price() / WAD, "spot": self.w.spot / WAD, "queued": self.book.queued(),
        }  # fmt: skip

    def flatten(self) -> None:
        """Nothing is sold any more, so the hedge goes to nothing, a day's budget at a time."""
        for _ in range(12):
            if abs(self.book.position) < LOT:
                return
            self.w.push_wad(self.w.spot)
            self.arbitrage()
            self.w.engine.advance(1_800)
            self.w.push_wad(self.w.spot)
            self.liquidate(0)  # an account under water is the venue's to close
            self.top_up()
            self.rebalance(0)
            self.w.engine.advance(DAY)
        raise AssertionError(f"the hedge of an empty book cannot be closed: {self.describe()}")


def _fields(slice_: Any) -> dict[str, float]:
    return {name: getattr(slice_, name) for name in slice_.__slots__}
