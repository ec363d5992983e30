"""What people do in ten years of a market, told to the ledger that says what the sums must be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from laws import check, of_books, of_money
from ledger import Ledger
from rounds import Rounds
from venue_marks import members
from worlds import World

from tandem.engine.base import Receipt
from tandem.errors import Reverted
from tandem.protocol.series import Series
from tandem.units import DAY, HOUR, WAD

LAYS = (0.55, 0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.35, 1.6, 2.0)
"""Strikes by the price."""


@dataclass
class People:
    """Two traders, three LPs, and whoever calls what anybody may."""

    w: World
    book: Ledger = field(default_factory=Ledger)
    gas: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    out: int = 0  # margin that went and is not home, token units
    unsettled: list[int] = field(default_factory=list)
    nets: bool = True  # whether anybody brings home what lies against itself

    def __post_init__(self) -> None:
        w, t = self.w, self.w.tandem
        self.rounds = Rounds(w)
        self.lps = (t.lp, *w.engine.accounts[6:8])
        self.traders = (t.trader, w.stranger)
        self.began = w.engine.now()
        self.book.cash = int(t.vault.call("cash"))
        self.book.shares[t.lp] = int(t.vault.call("totalSupply"))
        self.book.position = w.position()

    # ---- one act
    def act(self, name: str, call: Any, *args: Any, **more: Any) -> Receipt | None:
        """The receipt, its gas put down; None where it was refused, which is counted."""
        try:
            done: Receipt = call(*args, **more)
        except Reverted as refused:
            self.refused[f"{name}: {refused.reason}"] += 1
            return None
        self.gas[name].append(done.gas_used)
        return done

    def followed(self, done: Receipt) -> None:
        """Where interest moves it, as the last hedge says."""
        for hedged in done.events("Hedged"):
            self.book.position += hedged["order"]
            if self.w.drift:
                self.book.position = hedged["position_after"]

    def top_up(self) -> None:
        for _ in members(self.w):
            done = self.act("top_up", self.w.tandem.desk.send, "top_up", sender=self.w.stranger)
            if done:
                self.book.cash -= done.returned
                self.out += done.returned

    def sweep(self) -> None:
        done = self.act("sweep", self.w.tandem.desk.send, "sweep", sender=self.w.stranger)
        if done:
            self.book.cash += done.returned
            self.out -= min(self.out, done.returned)

    # ---- people
    def trade(self, expiry: int) -> None:
        """Calls and puts, some of which are sold back."""
        w, spot = self.w, self.w.spot // WAD
        strikes = self.ladder()
        near = min(range(len(strikes)), key=lambda i: abs(strikes[i] - spot))
        units = int(w.tandem.vault.call("totalAssets")) // 60 * WAD // w.spot
        offers = [
            (0, Series(expiry, False, strikes[near], strikes[-1])),
            (1, Series(expiry, True, strikes[near], 0)),
            (0, Series(expiry, False, strikes[near + 1], strikes[near + 3])),
            (1, Series(expiry, True, strikes[near], strikes[near - 2])),
        ]
        for who, series in offers:
            trader = self.traders[who]
            done = self.act("mint", w.mint, series, units, trader=trader)
            if done:
                self.book.trade(trader, series, units, done.returned)
                self.followed(done)
            w.curie.converge()
            self.top_up()
        w.engine.advance(HOUR)
        w.freshen()
        for who, series in offers[:2]:
            trader = self.traders[who]
            has = self.book.held[trader][series]
            if has:
                done = self.act("close", w.close, series, has // 3, trader=trader)
                if done:
                    filled, payout = done.returned
                    self.book.trade(trader, series, -filled, -payout)
                    self.followed(done)

    def ladder(self) -> list[int]:
        spot = self.w.spot // WAD
        return sorted({max(int(spot * lay), 1) for lay in LAYS})

    def bring_home(self) -> None:
        for _ in range(40):
            done = self.act("rebalance", self.w.tandem.rebalance, sender=self.w.stranger)
            if done is None:
                break
            self.followed(done)
            self.w.engine.advance(61)
            self.w.push_wad(self.w.spot)
        self.net()

    def net(self) -> None:
        """What one of two venues is long and the other short comes home at both."""
        there = [who for _, who in members(self.w)]
        while self.nets and len(there) == 2:
            send = self.w.tandem.desk.send
            if not self.act("shift", send, "shift", *there, 2**96, sender=self.w.stranger):
                break
            self.w.engine.advance(61)
            self.w.push_wad(self.w.spot)

    def settle(self, expiry: int) -> None:
        round_id = self.rounds.since(expiry)
        assert round_id is not None
        price = self.rounds.of(round_id).answer * 10**10
        with self.rounds.shown(round_id):
            done = self.act("settle", self.w.tandem.settle, expiry, round_id)
        assert done is not None
        assert done.events("Settled")[0]["payouts"] == self.book.settle(
            expiry, Fraction(price, WAD)
        )

    def redeem(self, some: int) -> None:
        """Each holder some of what he has; the rest is forgotten."""
        for trader in self.traders:
            for series, has in list(self.book.held[trader].items()):
                if has and series.expiry in self.book.settled and has > some:
                    done = self.act(
                        "redeem", self.w.tandem.redeem, series, has - some, owner=trader
                    )
                    assert done is not None
                    assert done.returned == self.book.redeem(trader, series, has - some)

    def deposit(self, lp: int, amount: int) -> None:
        done = self.act("deposit", self.w.tandem.deposit, amount, lp=self.lps[lp])
        if done:
            self.book.enter(self.lps[lp], amount, done.returned)

    def request(self, lp: int, part: int) -> None:
        who, vault = self.lps[lp], self.w.tandem.vault
        amount = self.book.shares[who] // part
        done = self.act("request", vault.send, "requestRedeem", amount, who, who, sender=who)
        if done:
            self.book.request(who, amount, done.timestamp, DAY)

    def process(self) -> None:
        w = self.w
        w.freshen()
        done = self.act("process", w.tandem.vault.send, "process", 8, sender=w.stranger)
        if done:
            (marked,) = done.events("Marked")
            filled = [(e["epoch"], e["burned"], e["assets"]) for e in done.events("EpochProcessed")]
            low = marked["nav_low"] + sum(assets for _, _, assets in filled)
            self.book.process(filled, low, done.timestamp)

    def claim(self, lp: int) -> None:
        who, vault = self.lps[lp], self.w.tandem.vault
        shares, assets = self.book.claimable(who)
        assert vault.call("maxRedeem", who) == shares
        if shares:
            done = self.act("claim", vault.send, "redeem", shares, who, who, sender=who)
            assert done is not None
            assert done.returned == assets
            assert self.book.claim(who) == (shares, assets)

    def check(self) -> None:
        check([*of_books(self.w, self.book), *of_money(self.w, self.book, self.lps)])
