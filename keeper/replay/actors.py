"""The people of a replay: traders, the keeper, an arbitrageur, a liquidator, two LPs.

Each acts as its live counterpart would: it reads the chain, decides, sends, and takes a revert
for an answer. What happened is read back from logs by the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from keeper.engine.base import Call, Receipt
from keeper.errors import Reverted
from keeper.feeds.flow import Kind, TradeIntent
from keeper.feeds.surface import ListedSlice, SurfaceSource
from keeper.model import svi
from keeper.policy import create
from keeper.policy.types import Policy
from keeper.replay.ledger import Ledger
from keeper.replay.settings import ReplaySettings
from keeper.replay.stage import Stage
from keeper.snapshot import Snapshot, market_state, read_snapshot

WAD = 10**18
USD = 10**6
UNIT = 10**6
MAINTENANCE = 0.0625
SLIPPAGE = 1.02
HOUR = 3_600
STEPS = 3
STEP_SECONDS = 15
"""The venue lets one window of 15 seconds move its pool by about 10 %."""
POST_GAP = 61
"""Seconds that a slice is left in place: the worse-of window."""


@dataclass(slots=True)
class Traders:
    """They quote, bound their price, and send."""

    stage: Stage
    ledger: Ledger

    def account(self, index: int) -> str:
        people = self.stage.engine.accounts
        return (people[1], people[5])[index % 2]

    def act(self, intent: TradeIntent, slices: dict[int, ListedSlice], spot: float) -> None:
        """One intent: a mint, or the close of an open position."""
        if intent.kind is Kind.OPEN:
            self._open(intent, slices, spot)
        else:
            self._close(intent)

    def _open(self, intent: TradeIntent, slices: dict[int, ListedSlice], spot: float) -> None:
        now = self.stage.engine.now()
        level = self._level(intent, slices, now)
        wish = intent.strike(spot, level, intent.tenor_days / 365.0)
        series = self.stage.calendar.choose(now, intent.tenor_days, intent.is_put, wish, spot)
        if series is None:
            self.ledger.reverted["no listed series fits"] += 1
            return
        units = round(intent.size * UNIT)
        who = self.account(intent.trader)
        what = f"open {intent.size:g} {series}"
        tandem = self.stage.tandem
        try:
            deal = tandem.quote(series, units)
            most = round((deal[1] + deal[2] + deal[3]) * SLIPPAGE + abs(deal[5]) * spot / 1e14)
            receipt = tandem.mint(series, units, max_premium=most, trader=who)
        except Reverted as error:
            self.ledger.refuse(now, what, error.reason)
            return
        self.ledger.read(receipt, "open")
        self._check_band()
        paid = receipt.returned / USD
        self.ledger.note(now, "open", f"{what} for {paid:,.2f} USD", paid, receipt.gas_used)

    def _level(self, intent: TradeIntent, slices: dict[int, ListedSlice], now: int) -> float:
        """Volatility at the money of the expiry nearest to the wish."""
        if not slices:
            return 0.6
        target = now + intent.tenor_days * 86_400
        nearest = min(slices.values(), key=lambda s: abs(s.expiry - target))
        return float(nearest.vol(0.0))

    def _check_band(self) -> None:
        residual, hard = self.ledger.last_hedge or (0.0, 1.0)
        self.ledger.open_over_band = max(self.ledger.open_over_band, residual / hard)

    def _close(self, intent: TradeIntent) -> None:
        now = self.stage.engine.now()
        open_now = self.ledger.positions(now + 120)
        if not open_now:
            return
        series, who = open_now[intent.choose(len(open_now))]
        units = min(self.ledger.holdings[series, who], round(intent.size * UNIT))
        what = f"close {units / UNIT:g} {series}"
        try:
            receipt = self.stage.tandem.close(series, units, trader=who)
        except Reverted as error:
            self.ledger.refuse(now, what, error.reason)
            return
        self.ledger.read(receipt, "close")
        got = receipt.returned[1] / USD
        self.ledger.note(now, "close", f"{what} for {got:,.2f} USD", got, receipt.gas_used)

    def redeem(self, expiry: int, price: float) -> None:
        """Everybody redeems what an expiry pays."""
        tandem = self.stage.tandem
        held = [
            (series, who, tandem.balance_of(series, who))
            for series, who in sorted(self.ledger.holdings, key=lambda k: (k[0].id, k[1]))
            if series.expiry == expiry
        ]
        for series, who, units in held:
            if not units:
                continue
            receipt = tandem.redeem(series, units, who)
            self.ledger.gas.setdefault("redeem", []).append(receipt.gas_used)
            if receipt.returned:
                text = f"redeem {units / UNIT:g} {series} at {price:,.2f}"
                now, paid = self.stage.engine.now(), receipt.returned / USD
                self.ledger.note(now, "redeem", f"{text}: {paid:,.2f} USD", paid, receipt.gas_used)


@dataclass(slots=True)
class Keeper:
    """Margin first, then the residual; settles what is due; signs surfaces."""

    stage: Stage
    ledger: Ledger
    settings: ReplaySettings
    source: SurfaceSource
    policy: Policy = field(init=False)
    most: int = field(init=False)
    posted_at: int = 0
    slices: dict[int, ListedSlice] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chosen = self.settings.policy
        known = {"risk_aversion": self.settings.risk_aversion} if chosen == "threshold" else {}
        self.policy = create(chosen, **known)
        self.most = int(self.stage.tandem.router.call("MOST"))

    def read(self) -> Snapshot:
        return read_snapshot(self.stage.tandem.lens)

    def surface_calls(self, time: int, vol: float, wanted: bool) -> list[Call]:
        """Posts that are due at `time`, signed: where somebody trades, and each hour anyway."""
        age = time - self.posted_at
        if age < (POST_GAP if wanted else HOUR):
            return []
        ahead = [e for e in self.stage.calendar.ladders if e > time + 60]
        chosen = self.source.slices(time, vol, ahead)
        self.posted_at = time
        self.slices = {s.expiry: s for s in chosen}
        tandem = self.stage.tandem
        return [tandem.post_call(s.expiry, svi.pack(s), time, time) for s in chosen]

    def move_margin(self, snap: Snapshot) -> bool:
        """Top up what is due, sweep what is too much."""
        account, router = snap.account, self.stage.tandem.router
        if account.top_up:
            return self._send("top_up", router, "top_up")
        if account.usable > account.need * self.most // WAD and snap.timestamp % 3_600 < 900:
            return self._send("sweep", router, "sweep")
        return False

    def _send(self, kind: str, contract: object, fn: str) -> bool:
        tandem = self.stage.tandem
        now = self.stage.engine.now()
        try:
            receipt: Receipt = contract.send(fn, sender=tandem.keeper)  # type: ignore[attr-defined]
        except Reverted as error:
            self.ledger.refuse(now, kind, error.reason)
            return False
        self.ledger.read(receipt, kind)
        moved = receipt.returned / USD
        text = {"top_up": "margin topped up by", "sweep": "margin swept home:"}[kind]
        self.ledger.note(now, kind, f"{text} {moved:,.0f} USD", moved, receipt.gas_used)
        return True

    def hedge(self, snap: Snapshot, vol: float) -> bool:
        """Rebalance when the policy says so; the contract refuses inside the trigger."""
        if abs(snap.stance.residual) < snap.stance.trigger:
            return False
        state = market_state(snap, realised_vol=vol)
        decision = self.policy.decide(state)
        if decision.target_residual is None:
            return False
        now, tandem = self.stage.engine.now(), self.stage.tandem
        try:
            receipt = tandem.rebalance(round(decision.target_residual * WAD))
        except Reverted as error:
            self.ledger.refuse(now, "rebalance", error.reason)
            return False
        self.ledger.read(receipt, "rebalance")
        order = receipt.returned / WAD
        after = (self.ledger.last_hedge or (0.0, 0.0))[0]
        text = f"{'buy' if order > 0 else 'sell'} {abs(order):.3f} ETH: residual "
        text += f"{state.residual:+.3f} to {after:.3f}, band {state.hard_band:.3f}"
        self.ledger.note(now, "rebalance", text, order, receipt.gas_used)
        return True

    def settle(self, expiry: int) -> float | None:
        """Settle an expiry at the feed's latest round, which is the first at or after it."""
        tandem, now = self.stage.tandem, self.stage.engine.now()
        round_id = self.stage.curie.feed.call("latestRoundData")[0]
        try:
            receipt = tandem.settle(expiry, round_id)
        except Reverted as error:
            self.ledger.refuse(now, f"settle {expiry}", error.reason)
            return None
        self.ledger.read(receipt, "settle")
        price = receipt.returned / WAD
        paid = self.ledger.flows.settled.get(expiry, 0.0)
        units = receipt.events("Settled")[0]["units"] / UNIT
        text = f"{units:g} options settle at {price:,.2f}, {paid:,.2f} USD set aside"
        self.ledger.note(now, "settle", text, paid, receipt.gas_used)
        return price


@dataclass(slots=True)
class Crowd:
    """Strangers around the venue: who trades the pool to the index, who liquidates."""

    stage: Stage
    ledger: Ledger
    rng: np.random.Generator

    def goes_first(self) -> bool:
        """Whether the arbitrageur comes before our orders at this price: half the time."""
        return bool(self.rng.random() < 0.5)

    def arbitrage(self, index: int) -> None:
        """The pool to the index, in as many steps as the venue's limit on ticks asks for."""
        curie = self.stage.curie
        try:
            for _ in range(STEPS):
                if curie.arbitrage(index) is None:
                    return
                self.stage.engine.advance(STEP_SECONDS)
        except Reverted as error:
            self.ledger.reverted[f"arbitrage: {error.reason}"] += 1

    def liquidate(self, snap: Snapshot, spot: float) -> bool:
        """Liquidate our hedge when the venue lets anybody do so."""
        notional = abs(snap.position) / WAD * spot
        if not notional or snap.account.equity_low / WAD > 1.2 * MAINTENANCE * notional:
            return False
        venue = self.stage.tandem.venue.address
        if not self.stage.curie.liquidatable(venue):
            return False
        now = self.stage.engine.now()
        receipt = self.stage.curie.liquidate(venue)
        self.ledger.read(receipt)
        self.ledger.note(now, "liquidation", "the venue account was liquidated in part")
        return True


@dataclass(slots=True)
class SecondLp:
    """Deposits after a quarter of the window, asks to leave at half, claims when processed."""

    stage: Stage
    ledger: Ledger
    amount: int
    deposit_at: int
    leave_at: int
    shares: int = 0
    left: bool = False

    def act(self, now: int) -> None:
        who = self.stage.engine.accounts[6]
        vault = self.stage.tandem.vault
        try:
            if now >= self.deposit_at and not self.shares and not self.left:
                receipt = vault.send("deposit", self.amount, who, sender=who)
                self.shares = receipt.returned
                self.ledger.flows.lp_flows += self.amount / USD
                text = f"a second LP deposits {self.amount / USD:,.0f} USD"
                self.ledger.note(now, "deposit", text, self.amount / USD, receipt.gas_used)
            elif now >= self.leave_at and self.shares:
                receipt = vault.send("requestRedeem", self.shares, who, who, sender=who)
                self.shares, self.left = 0, True
                self.ledger.note(now, "exit", "the second LP asks to leave", None, receipt.gas_used)
        except Reverted as error:
            self.ledger.refuse(now, "LP", error.reason)


