"""The traders of a replay: they quote, bound their price, send, and redeem what is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from keeper.replay.ledger import Ledger
from keeper.replay.stage import Stage
from tandem.errors import Reverted
from tandem.feeds.flow import Kind, TradeIntent
from tandem.feeds.surface import ListedSlice
from tandem.protocol.tandem import MAX
from tandem.units import UNIT, USD, WAD

SLIPPAGE = 1.02


@dataclass(slots=True)
class Traders:
    """They quote, bound their price, and send."""

    stage: Stage
    ledger: Ledger

    def account(self, index: int) -> str:
        people = self.stage.engine.accounts
        return (people[1], people[5])[index % 2]

    def act(self, intent: TradeIntent, slices: Mapping[int, ListedSlice], spot: float) -> None:
        """One intent: a mint, or the close of an open position."""
        if intent.kind is Kind.OPEN:
            self._open(intent, slices, spot)
        else:
            self._close(intent)

    def _open(self, intent: TradeIntent, slices: Mapping[int, ListedSlice], spot: float) -> None:
        now = self.stage.engine.now()
        level = self._level(intent, slices, now)
        wish = intent.strike(spot, level, intent.tenor_days / 365.0)
        series = self.stage.calendar.choose(now, intent.tenor_days, intent.is_put, wish, spot)
        if series is None:
            self.ledger.unlisted += 1
            return
        units = round(intent.size * UNIT)
        who = self.account(intent.trader)
        what = f"open {intent.size:g} {series}"
        tandem = self.stage.tandem
        try:
            deal = tandem.quote(series, units)
            most = round(
                (deal.premium + deal.fee + deal.charge) * SLIPPAGE + abs(deal.own) * spot / 1e14
            )
            mint = tandem.market.mint(series.id, units, most, MAX, who)
            if isfinite(intent.most_above) and _is_dear(mint.simulate(who), deal.mark, intent):
                self.ledger.too_dear += 1
                return
            receipt = mint.send(who)
        except Reverted as error:
            self.ledger.refuse_trade(now, intent.kind, what, error.reason)
            return
        self.ledger.read(receipt, "open")
        self._check_band()
        self.ledger.bought(deal.mark, receipt.returned)
        paid = receipt.returned / USD
        self.ledger.note(now, "open", f"{what} for {paid:,.2f} USD", paid, receipt.gas_used)

    def _level(self, intent: TradeIntent, slices: Mapping[int, ListedSlice], now: int) -> float:
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
            self.ledger.refuse_trade(now, intent.kind, what, error.reason)
            return
        self.ledger.read(receipt, "close")
        got = receipt.returned[1] / USD
        self.ledger.note(now, "close", f"{what} for {got:,.2f} USD", got, receipt.gas_used)

    def redeem(self, expiry: int, settlement: int) -> None:
        """Everybody redeems what an expiry pays, and counts what the series' terms say. settlement: WAD."""
        tandem, price = self.stage.tandem, settlement / WAD
        held = [
            (series, who, tandem.balance_of(series, who))
            for series, who in sorted(self.ledger.holdings, key=lambda k: (k[0].id, k[1]))
            if series.expiry == expiry
        ]
        for series, who, units in held:
            if not units:
                continue
            owed = series.paid(units, settlement)
            self.ledger.owed += owed
            try:
                receipt = tandem.redeem(series, units, who)
            except Reverted as error:
                self.ledger.refuse(self.stage.engine.now(), "holder", error.reason)
                self.ledger.unpaid += 1
                continue
            self.ledger.paid += receipt.returned
            self.ledger.unpaid += receipt.returned < owed
            self.ledger.gas.setdefault("redeem", []).append(receipt.gas_used)
            if receipt.returned:
                text = f"redeem {units / UNIT:g} {series} at {price:,.2f}"
                now, paid = self.stage.engine.now(), receipt.returned / USD
                self.ledger.note(now, "redeem", f"{text}: {paid:,.2f} USD", paid, receipt.gas_used)


def _is_dear(cost: int, mark: int, intent: TradeIntent) -> bool:
    """Whether an open costs more above its mark than this trader pays."""
    return cost > mark * (1.0 + intent.most_above)
