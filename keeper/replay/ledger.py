"""The replay's own account of what happened, kept from events: book, flows, figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from keeper.engine.base import Event as Log
from keeper.engine.base import Receipt
from keeper.protocol.series import Series
from keeper.replay.types import Event, Leg, PnlFlows

WAD = 10**18
USD = 10**6


def leg_of(series: Series) -> Leg:
    """The series as the attribution knows it."""
    if series.is_put:
        return Leg(series.expiry, float(series.strike), True)
    return Leg(series.expiry, float(series.strike), False, float(series.other))


@dataclass(slots=True)
class Flows:
    """What was paid since the last state; becomes a `PnlFlows`."""

    premium: float = 0.0
    fees: float = 0.0
    hedge_cost: float = 0.0
    funding: float = 0.0
    lp_flows: float = 0.0
    settled: dict[int, float] = field(default_factory=dict)

    def take(self) -> PnlFlows:
        """The flows so far, starting over."""
        taken = PnlFlows(
            premium=self.premium,
            fees=self.fees,
            hedge_cost=self.hedge_cost,
            funding=self.funding,
            lp_flows=self.lp_flows,
            settled=dict(self.settled),
        )
        self.premium = self.fees = self.hedge_cost = self.funding = self.lp_flows = 0.0
        self.settled = {}
        return taken


@dataclass(slots=True)
class Ledger:
    """Positions, flows and counts. Reads logs, never the contracts' own sums."""

    venue: str
    holdings: dict[tuple[Series, str], int] = field(default_factory=dict)
    flows: Flows = field(default_factory=Flows)
    events: list[Event] = field(default_factory=list)
    reverted: Counter[str] = field(default_factory=Counter)
    gas: dict[str, list[int]] = field(default_factory=dict)
    trades: int = 0
    hedges: int = 0
    hedged_eth: float = 0.0
    venue_cost: float = 0.0
    settled_units: int = 0
    payouts: int = 0
    open_over_band: float = 0.0
    last_hedge: tuple[float, float] | None = None
    """Residual and hard band after the last of our transactions since the last visit."""
    step_hedged: float = 0.0

    def book(self) -> dict[Leg, float]:
        """ETH sold per series."""
        sold: dict[Leg, float] = {}
        for (series, _), units in self.holdings.items():
            if units:
                leg = leg_of(series)
                sold[leg] = sold.get(leg, 0.0) + units / USD
        return sold

    def positions(self, now: int) -> list[tuple[Series, str]]:
        """Open positions that have not expired, in a stable order."""
        alive = [key for key, units in self.holdings.items() if units and key[0].expiry > now]
        return sorted(alive, key=lambda key: (key[0].id, key[1]))

    def note(
        self, time: int, kind: str, text: str, amount: float | None = None, gas: int | None = None
    ) -> Event:
        """Record an event."""
        event = Event(time, kind, text, amount, gas)
        self.events.append(event)
        return event

    def refuse(self, time: int, what: str, reason: str) -> Event:
        """Record a transaction that reverted whole."""
        self.reverted[reason] += 1
        return self.note(time, "revert", f"{what} reverted whole: {reason}")

    # ---- reading receipts
    def read(self, receipt: Receipt, kind: str = "") -> None:
        """Take in the logs of one receipt."""
        if kind:
            self.gas.setdefault(kind, []).append(receipt.gas_used)
        for log in receipt.events():
            handler = _HANDLERS.get(log.name)
            if handler is not None:
                handler(self, log)

    def _minted(self, log: Log) -> None:
        key = (Series.from_id(log["series"]), str(log["owner"]))
        self.holdings[key] = self.holdings.get(key, 0) + int(log["units"])
        self.flows.premium += log["premium"] / USD
        self.flows.fees += (log["fee"] + log["capital_charge"]) / USD
        self.trades += 1

    def _closed(self, log: Log) -> None:
        key = (Series.from_id(log["series"]), str(log["owner"]))
        self.holdings[key] -= int(log["units"])
        trader_cost = log["hedge_cost"] / WAD
        self.flows.premium -= log["payout"] / USD + log["fee"] / USD + trader_cost
        self.flows.fees += log["fee"] / USD
        self.trades += 1

    def _hedged(self, log: Log) -> None:
        cost, borne = log["cost"] / WAD, log["trader_cost"] / WAD
        self.flows.hedge_cost += cost - borne
        self.venue_cost += cost
        self.last_hedge = (abs(log["residual_after"]) / WAD, log["hard_band"] / WAD)
        if log["order"]:
            self.hedges += 1
            self.hedged_eth += abs(log["order"]) / WAD
            self.step_hedged += log["order"] / WAD

    def _settled(self, log: Log) -> None:
        self.flows.settled[int(log["expiry"])] = log["payouts"] / USD
        self.settled_units += int(log["units"])
        self.payouts += int(log["payouts"])
        for key in self.holdings:
            if key[0].expiry == log["expiry"]:
                self.holdings[key] = 0

    def _funding(self, log: Log) -> None:
        if str(log["trader"]) == self.venue:
            self.flows.funding -= log["fundingPayment"] / WAD

    def _processed(self, log: Log) -> None:
        self.flows.lp_flows -= log["assets"] / USD

    # ---- figures
    def gas_figures(self) -> dict[str, int | None]:
        """Gas units of whole transactions; None where there was none."""
        mints, rebalances = self.gas.get("open", []), self.gas.get("rebalance", [])
        return {
            "mint_p50": round(median(mints)) if mints else None,
            "mint_max": max(mints, default=None),
            "rebalance_p50": round(median(rebalances)) if rebalances else None,
        }


_HANDLERS: Mapping[str, Any] = {
    "OptionMinted": Ledger._minted,  # pyright: ignore[reportPrivateUsage]
    "OptionClosed": Ledger._closed,  # pyright: ignore[reportPrivateUsage]
    "Hedged": Ledger._hedged,  # pyright: ignore[reportPrivateUsage]
    "Settled": Ledger._settled,  # pyright: ignore[reportPrivateUsage]
    "EpochProcessed": Ledger._processed,  # pyright: ignore[reportPrivateUsage]
    "FundingPaymentSettled": Ledger._funding,  # pyright: ignore[reportPrivateUsage]
}
