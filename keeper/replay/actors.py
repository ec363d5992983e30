"""The strangers around a replay's keeper: liquidator and second LP.

Each acts as its live counterpart would: it reads the chain, decides, sends, and takes a revert
for an answer. What happened is read back from logs by the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keeper.replay.ledger import Ledger
from keeper.replay.stage import Stage
from tandem.errors import Reverted
from tandem.protocol.bindings.structs import Snapshot
from tandem.units import USD, WAD

MAINTENANCE = 0.0625


@dataclass(slots=True)
class Crowd:
    """Strangers around the venue: who liquidates, and whether they come before us."""

    stage: Stage
    ledger: Ledger
    rng: np.random.Generator

    def comes_first(self) -> bool:
        """Whether strangers come before our orders at this price: half the time."""
        return bool(self.rng.random() < 0.5)

    def liquidate(self, snap: Snapshot) -> bool:
        """Liquidate our hedge when the venue lets anybody do so."""
        notional = abs(snap.position) / WAD * self.ledger.spot
        if not notional or snap.account.equity_low / WAD > 1.2 * MAINTENANCE * notional:
            return False
        venue = self.stage.tandem.venue.address
        if not self.stage.exchange.liquidatable(venue):
            return False
        now = self.stage.engine.now()
        try:
            receipt = self.stage.exchange.liquidate(venue)
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

    def is_due(self, now: int) -> bool:
        """Whether there is a deposit or a request to make."""
        if self.shares:
            return now >= self.leave_at
        return now >= self.deposit_at and not self.left

    def act(self, now: int) -> bool:
        """A deposit or a request where one is due; whether there was one."""
        who = self.stage.engine.accounts[6]
        vault = self.stage.tandem.vault
        try:
            if now >= self.deposit_at and not self.shares and not self.left:
                receipt = vault.deposit(self.amount, who).send(who)
                self.shares = receipt.returned
                self.ledger.flows.lp_flows += self.amount / USD
                text = f"a second LP deposits {self.amount / USD:,.0f} USD"
                self.ledger.note(now, "deposit", text, self.amount / USD, receipt.gas_used)
            elif now >= self.leave_at and self.shares:
                receipt = vault.requestRedeem(self.shares, who, who).send(who)
                self.shares, self.left = 0, True
                self.ledger.note(now, "exit", "the second LP asks to leave", None, receipt.gas_used)
            else:
                return False
        except Reverted as error:
            self.ledger.refuse(now, "LP", error.reason)
        return True
