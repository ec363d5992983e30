"""Everybody does anything: LPs, traders, the keeper, the oracle, the venue's people, and rogues.

Every rule tells the ledger what should happen and compares; every step ends with the laws.
"""

from __future__ import annotations

import sys
from typing import Any

import pytest
from bounties import Bounties
from gates import Gates
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from laws import LOT, check, of_books, of_money
from lps import LPs
from rogues import Rogues
from stage import REFUSED, TALLY
from surroundings import FRESH
from traders import OUT, PEOPLE, UNITS
from venue_marks import ADAPTER, members
from worlds import USD

from tandem.protocol.bindings.hedge_router import HedgeAccount
from tandem.units import DAY, WAD

UNLENT = "top_up: margin: floor or budget"
RE_HEDGE = 50
"""A part in so many of a hedge is more than who leaves last pays for bringing it home."""


class Machine(LPs, Gates, Rogues, Bounties):
    """One market, from its first deposit to the last LP's exit."""

    most_held = 0
    """What the hedge was worth at most, token units."""

    @initialize(trades=st.lists(st.tuples(PEOPLE, OUT, UNITS, st.booleans()), max_size=4))
    def begin(self, trades: list[tuple[int, int, int, bool]]) -> None:
        """Most markets are met with something on their books."""
        for who, out, units, put in trades:
            self.mint_attended(who, out, units, put)

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

    @pytest.mark.proves("FL-10", "HG-20")
    @rule(put=st.booleans(), steps=st.integers(0, 9))
    def delever(self, put: bool, steps: int) -> None:
        """Every LP leaves as far as he may; then the price runs against the hedge, strangers top up while
        they may, and lower it."""
        if steps:
            self.mint_attended(0, 0, 40_000_000, put)
            for _ in range(8):
                self.rebalance(0)
                self.w.engine.advance(60)
                self.step(0)
            for lp in range(len(self.lps)):
                self.request_exit(lp, 1)
            self.process(4, True)
        for _ in range(steps):
            self.step(-5 if self.book.position > 0 else 5)
            self.arbitrage()
            self.w.engine.advance(600)
            self.step(0)
            self.top_up()
            self.lower()
        self.lower()

    @pytest.mark.proves("FL-1", "FL-8", "BK-4")
    @invariant()
    def the_laws_hold(self) -> None:
        self.most_held = max(self.most_held, abs(self.book.position) * self.w.spot // WAD // 10**12)
        check([*of_books(self.w, self.book), *of_money(self.w, self.book, self.lps)])

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
        for place, lp in enumerate(self.lps):
            self.claim(place)  # who waits in eight epochs, and was paid for the first, has to
            if self.book.shares[lp]:
                amount = self.book.shares[lp]
                w.tandem.vault.send("requestRedeem", amount, lp, lp, sender=lp)
                self.book.request(lp, amount, w.engine.now(), DAY)
        for _ in range(12):
            self.goes_home()
            if w.tandem.vault.call("funds")[2] < (USD // 20 if self.book.position else 10):
                break
        self.sweep()
        if w.tandem.vault.call("funds")[2] >= 10:  # what that brought, or comes home bit by bit
            self.goes_home()
        for lp in range(len(self.lps)):
            self.claim(lp)
        self.the_laws_hold()
        self.check_rest()
        assert self.book.exits <= len(self.book.epochs)  # roundings of unfinished epochs
        self.check_spare(USD * (6 if w.drift else 2))
        TALLY["everybody left"] += 1

    def check_rest(self) -> None:
        """What the hedge gained stays, and roundings."""
        w = self.w
        left = w.tandem.vault.call("funds")[2] - self.gained()
        kept = sum(map(self.margin_kept, members(w)))
        assert left < kept + USD // 10, f"the last LP cannot leave: {self.describe()}"
        if (
            self.book.position == 0 and not w.drift
        ):  # what a lender keeps back of a debt of dust: cents
            assert w.tandem.vault.call("funds")[2] < 10  # millionths of a dollar

    def goes_home(self) -> None:
        """A day's sweep, and what it brings is paid to who leaves, an hour behind a silence or later."""
        for seconds in (DAY, 3_600):
            self.w.engine.advance(seconds)
            self.w.push_wad(self.w.spot)
        self.sweep()
        self.process(4, False)

    def check_spare(self, usual: int) -> None:
        """What is nobody's. Who left beside an account under water paid for a re-hedge that nobody makes, at
        most the fill band and the fee; an account that nobody liquidates gains again once nobody is there."""
        spare = self.book.cash - self.book.claims
        if spare >= usual:
            is_cost = spare * RE_HEDGE <= self.most_held
            TALLY["a re-hedge for nobody" if is_cost else "a gain for nobody"] += 1
            assert spare < self.most_held, f"{spare} of a hedge of {self.most_held}"

    def margin_kept(self, member: tuple[Any, str]) -> int:
        """What a hedge under the lot keeps at most, as nobody trades it; on lending markets a long may be
        paid whole. Over several venues legs against each other stay as well. Token units."""
        market, who = member
        held = market.position(who)
        most = self.w.engine.at(ADAPTER, who).call("bounds", held)[2]
        if self.w.drift:
            most = max(most, WAD)
        return abs(held) * self.w.spot // WAD * most // WAD // 10**12

    def gained(self) -> int:
        """What the hedge gained and no venue pays out while it is open, token units."""
        account = self.hedge_account()
        return max(account.equity - account.usable, 0) // 10**12

    def hedge_account(self) -> HedgeAccount:
        """At the spot of now."""
        return self.w.tandem.router.account(self.w.spot, 0)

    def describe(self) -> dict[str, Any]:
        t = self.w.tandem
        self.step(0)
        return {
            "funds": t.vault.call("funds"), "floor": t.market.call("floor"),
            "liabilities": t.market.call("liabilities"), "position": self.w.position(),
            "mark": t.lens.call("mark"), "lendable": t.vault.call("would_lend", t.venue),
            "orders": [t.router.call("max_order", sign * 10**27, 2**255 * (sign > 0)) for sign in (-1, 1)],
            "pool": self.w.curie.pool_price() / WAD, "spot": self.w.spot / WAD, "queued": self.book.queued(),
        }  # fmt: skip

    def flatten(self) -> None:
        """Nothing is sold any more, so the hedge goes to nothing, as far as margin goes each day.

        Two states need others, and are counted. The hedge has gained what its venue does not count as
        margin before it is paid out, LPs left before it was closed, and no cash is free to lend (R30, to
        come), or what that venue lost keeps margin from it for weeks (HG-13): somebody gives margin. Or what
        somebody gave holds off the liquidation of an account that has nothing left of ours: the price goes
        on until that is lost too.
        """
        before = REFUSED.copy()
        if self.closed(days=12):
            return
        if self.account()[3]:
            self.reach = (700, 9_000)
            self.liquidate(4)
            TALLY["a gift was lost"] += 1
            assert self.closed(days=2), f"no liquidation ends it: {self.describe()}"
            return
        met = REFUSED - before
        assert met[UNLENT]
        assert met["rebalance: router: nothing fits"] or met["shift: router: nothing to net"]
        needed = sum(map(self.to_close, members(self.w)))
        assert self.account()[0] > 0, f"the hedge cannot be closed: {self.describe()}"
        self.w.deposit_for_venue(needed, sender=self.rogue)
        TALLY["margin given to close"] += 1
        assert self.closed(days=2), (
            f"the hedge of an empty book cannot be closed: {self.describe()}"
        )

    def to_close(self, member: tuple[Any, str]) -> int:
        """The margin with which a hedge goes home there: a tenth of it, and what it lost before it gained,
        which counts until it is closed. Token units."""
        market, who = member
        carries = self.w.engine.at(ADAPTER, who).call("account", self.w.spot)[3]
        tenth = abs(market.position(who)) * self.w.spot // WAD // 10
        return (tenth + max(-carries, 0)) // 10**12

    def netted(self) -> None:
        """What several venues hold against each other goes home at each."""

    def closed(self, days: int) -> bool:
        """Whether the hedge is gone after so many tries, a day apart."""
        for _ in range(days):
            if self.is_flat():
                return True
            self.w.push_wad(self.w.spot)
            self.arbitrage()
            self.w.engine.advance(1_800)
            self.w.push_wad(self.w.spot)
            self.liquidate(0)  # an account under water is the venue's to close
            self.top_up()
            self.netted()
            for _ in range(10):  # chunk after chunk
                self.rebalance(0)
                if abs(self.book.position) < LOT:
                    break
                self.w.engine.advance(60)
            self.w.engine.advance(DAY)
        return self.is_flat()

    def is_flat(self) -> bool:
        """Whether nothing is left that could be traded."""
        return abs(self.book.position) < LOT
