"""The keeper of a replay and the strangers around the venue: arbitrageur, liquidator, second LP.

Each acts as its live counterpart would: it reads the chain, decides, sends, and takes a revert
for an answer. What happened is read back from logs by the ledger.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from keeper.engine.base import Call, Contract
from keeper.errors import Reverted
from keeper.feeds.surface import ListedSlice, SurfaceSource
from keeper.model import svi
from keeper.policy import create
from keeper.policy.types import Policy
from keeper.replay.ledger import Ledger
from keeper.replay.settings import ReplaySettings
from keeper.replay.stage import Stage
from keeper.snapshot import Snapshot, market_state

WAD = 10**18
USD = 10**6
UNIT = 10**6
MAINTENANCE = 0.0625
HOUR = 3_600
STEPS = 3
STEP_SECONDS = 15
"""The venue lets one window of 15 seconds move its pool by about 10 %."""
GAP = 0.01
"""A pool this far from the index is not left to a hedger who comes later: selling into it would be
a windfall that no live venue hands out."""
RETRY = HOUR // 4
"""Seconds that a refused margin move waits; a live keeper tries again with the next block."""
POST_GAP = 61
"""Seconds that a slice is left in place: the worse-of window."""
POST_MOVE = 0.005
"""Half a vol point: a smaller move is not worth a transaction per expiry."""
POST_LATEST = 4 * HOUR
GAS_UNITS = 1.1e6
"""What a rebalance takes."""
GAS_PRICE = 0.05e-9
"""ETH per unit of gas on a roll-up, so that an order costs some 15 cents."""


@dataclass(slots=True)
class Keeper:
    """Margin first, then the residual; settles what is due; signs surfaces."""

    stage: Stage
    ledger: Ledger
    settings: ReplaySettings
    source: SurfaceSource
    policy: Policy = field(init=False)
    most: int = field(init=False)
    pending_funding: float = 0.0
    """USD that the venue would charge our account now; as of the last read."""
    posted_at: int = 0
    _looked_at: int = 0
    waits: bool = False
    """Whether the venue's price refused the last order."""
    slices: dict[int, ListedSlice] = field(default_factory=dict)
    _rounds: dict[int, int] = field(default_factory=dict)
    _not_before: dict[str, int] = field(default_factory=dict)
    """When to try again what was refused."""

    def __post_init__(self) -> None:
        chosen = self.settings.policy
        known = {"risk_aversion": self.settings.risk_aversion} if chosen == "threshold" else {}
        self.policy = create(chosen, **known)
        self.most = int(self.stage.tandem.router.call("MOST"))

    def read(self) -> Snapshot:
        """The whole state, and what the venue has not yet charged; one round trip."""
        tandem, curie = self.stage.tandem, self.stage.curie
        asked = (tandem.venue.address, curie.base.address)
        raw, pending = self.stage.engine.call_many(
            [
                Call(tandem.lens, "snapshot", (), tandem.keeper),
                Call(curie.exchange, "getPendingFundingPayment", asked, tandem.keeper),
            ]
        )
        self.pending_funding = pending / WAD
        return Snapshot.decode(raw)

    def surface_calls(self, time: int, vol: float, wanted: bool) -> list[Call]:
        """Posts that are due at `time`, signed: all where somebody trades; else, looked at each
        hour, those of what is open when one has moved, or every few hours."""
        if time - self._looked_at < (POST_GAP if wanted else HOUR):
            return []
        self._looked_at = time
        ahead = [e for e in self.stage.calendar.ladders if e > time + 60]
        chosen = self.source.slices(time, vol, ahead)
        if not wanted:
            if time - self.posted_at < POST_LATEST and not self._moved(chosen):
                return []
            sold = set(self.ledger.book()[1].expiries)
            chosen = tuple(s for s in chosen if s.expiry in sold)
        self.posted_at = time
        self.slices.update({s.expiry: s for s in chosen})
        tandem = self.stage.tandem
        return [tandem.post_call(s.expiry, svi.pack(s), time, time) for s in chosen]

    def _moved(self, chosen: Sequence[ListedSlice]) -> bool:
        """Whether volatility at the money is elsewhere than where it was posted."""
        return any(
            abs(float(new.vol(0.0)) - float(old.vol(0.0))) > POST_MOVE
            for new in chosen
            if (old := self.slices.get(new.expiry)) is not None
        )

    def move_margin(self, snap: Snapshot) -> bool:
        """Top up what is due, sweep what is too much."""
        account, router = snap.account, self.stage.tandem.router
        if account.top_up:
            return self._send("top_up", router, "top_up")
        if account.usable > account.need * self.most // WAD and snap.timestamp % HOUR < 900:
            return self._send("sweep", router, "sweep")
        return False

    def retry(self) -> None:
        """The account is another one now: what was refused may pass."""
        self._not_before.clear()

    def _send(self, kind: str, contract: Contract, fn: str) -> bool:
        now = self.stage.engine.now()
        if now < self._not_before.get(kind, 0):
            return False
        try:
            receipt = contract.send(fn, sender=self.stage.tandem.keeper)
        except Reverted as error:
            self._not_before[kind] = now + RETRY
            self.ledger.refuse(now, f"keeper {kind}", error.reason)
            return False
        self.ledger.read(receipt, kind)
        moved = receipt.returned / USD
        text = {"top_up": "margin topped up by", "sweep": "margin swept home:"}[kind]
        self.ledger.note(now, kind, f"{text} {moved:,.0f} USD", moved, receipt.gas_used)
        return True

    def hedge(self, snap: Snapshot, vol: float) -> bool:
        """Rebalance when the policy says so; the contract refuses inside the trigger."""
        self.waits = False
        if abs(snap.stance.residual) < snap.stance.trigger:
            return False
        gas = GAS_UNITS * GAS_PRICE * snap.spot / WAD
        state = market_state(snap, realised_vol=vol, gas_cost=gas)
        decision = self.policy.decide(state)
        if decision.target_residual is None:
            return False
        now, tandem = self.stage.engine.now(), self.stage.tandem
        try:
            receipt = tandem.rebalance(round(decision.target_residual * WAD))
        except Reverted as error:
            self.waits = True
            self.ledger.refuse(now, "keeper rebalance", error.reason)
            return False
        self.ledger.read(receipt, "rebalance")
        order = receipt.returned / WAD
        after = (self.ledger.last_hedge or (0.0, 0.0))[0]
        text = f"{'buy' if order > 0 else 'sell'} {abs(order):.3f} ETH: residual "
        text += f"{state.residual:+.3f} to {math.copysign(after, state.residual):+.3f}, "
        text += f"hard band {state.hard_band:.3f}"
        self.ledger.note(now, "rebalance", text, order, receipt.gas_used)
        return True

    def settle(self, expiry: int) -> float | None:
        """Settle an expiry by the first round at or after it: the one that was the latest when the
        expiry was first seen to be past."""
        tandem, now = self.stage.tandem, self.stage.engine.now()
        if expiry not in self._rounds:
            self._rounds[expiry] = self.stage.curie.feed.call("latestRoundData")[0]
        try:
            receipt = tandem.settle(expiry, self._rounds[expiry])
        except Reverted as error:
            self.ledger.refuse(now, f"settle {expiry}", error.reason)
            return None
        self.ledger.read(receipt, "settle")
        price = receipt.returned / WAD
        paid = self.ledger.flows.settled.get(expiry, 0.0)
        units = receipt.events("Settled")[0]["units"] / UNIT
        text = f"{units:g} ETH of options settle at {price:,.2f}; {paid:,.2f} USD set aside"
        self.ledger.note(now, "settle", text, paid, receipt.gas_used)
        return price


@dataclass(slots=True)
class Crowd:
    """Strangers around the venue: who trades the pool to the index, who liquidates."""

    stage: Stage
    ledger: Ledger
    rng: np.random.Generator

    def comes_first(self) -> bool:
        """Whether strangers come before our orders at this price: half the time."""
        return bool(self.rng.random() < 0.5)

    @staticmethod
    def is_gap(before: float, after: float) -> bool:
        """Whether spot moved so far that no arbitrageur would leave the gap to us."""
        return abs(after / before - 1.0) > GAP

    def arbitrage(self, index: int) -> None:
        """The pool to the index, in as many steps as the venue's limit on ticks asks for."""
        self.arrived(self._step(index), index)

    def arrived(self, step: Call | None, index: int) -> None:
        """Go on after a first step: to the index, if that step did not arrive there."""
        for _ in range(STEPS - 1):
            # the step's limit on the price tells whether it arrives
            if step is None or step.args[0][6] == math.isqrt(index * 2**192 // WAD):
                break
            self.stage.engine.advance(STEP_SECONDS)
            step = self._step(index)
        self.ledger.at_index = True

    def _step(self, index: int) -> Call | None:
        """One order of the arbitrageur, sent; None where the pool is at the index, or refuses."""
        call = self.stage.curie.arbitrage_call(index)
        if call is None:
            return None
        try:
            call.contract.send(call.fn, *call.args, sender=call.sender)
        except Reverted as error:
            self.ledger.refused[f"arbitrage: {error.reason}"] += 1
            return None
        return call

    def liquidate(self, snap: Snapshot) -> bool:
        """Liquidate our hedge when the venue lets anybody do so."""
        notional = abs(snap.position) / WAD * self.ledger.spot
        if not notional or snap.account.equity_low / WAD > 1.2 * MAINTENANCE * notional:
            return False
        venue = self.stage.tandem.venue.address
        if not self.stage.curie.liquidatable(venue):
            return False
        now = self.stage.engine.now()
        try:
            receipt = self.stage.curie.liquidate(venue)
        except Reverted as error:
            self.ledger.refuse(now, "liquidator", error.reason)
            return False
        cost = self.ledger.read_liquidation(receipt)
        text = f"the hedge was liquidated, which cost {cost:,.2f} USD against the index"
        self.ledger.note(now, "liquidation", text, cost, receipt.gas_used)
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

    def act(self, now: int) -> bool:
        """A deposit or a request where one is due; whether there was one."""
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
            else:
                return False
        except Reverted as error:
            self.ledger.refuse(now, "LP", error.reason)
        return True
