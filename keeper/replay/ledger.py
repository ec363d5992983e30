"""The replay's own account of what happened, kept from events: book, flows, figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from keeper.replay.books import Books
from keeper.replay.carry import Carry
from keeper.replay.types import Event
from tandem.engine.base import Receipt
from tandem.feeds.flow import Kind
from tandem.protocol.series import Series
from tandem.venues import Exchange, Taken


@dataclass(slots=True)
class Ledger(Books):
    """Positions, flows and counts. Reads logs, never the contracts' own sums."""

    venue: str = field(kw_only=True)
    exchange: Exchange = field(kw_only=True)
    spot: float = 0.0
    """USD index of the price that is being visited."""
    carry: Carry = field(init=False)
    events: list[Event] = field(default_factory=list)
    opens: int = 0
    opens_reverted: Counter[str] = field(default_factory=Counter[str])
    closes_reverted: Counter[str] = field(default_factory=Counter[str])
    """Opens that were made, and what traders sent that reverted whole, by reason."""
    refused: Counter[str] = field(default_factory=Counter)
    """Everybody else's transactions that reverted, by who and reason."""
    unlisted: int = 0
    """Wishes for which no listed series was near enough."""
    too_dear: int = 0
    """Opens that a trader left alone, because they cost more above the mark than he pays."""
    gas: dict[str, list[int]] = field(default_factory=dict)
    posts: int = 0
    """Slices sent to the surface, those refused among them."""
    mended: Counter[str] = field(default_factory=Counter[str])
    """Posts whose smile was cut to what the contract takes, by what it would have said."""
    held_back: Counter[str] = field(default_factory=Counter[str])
    """Slices that were not posted, because no cut would have made them good."""
    liquidations: int = 0
    owed: int = 0
    paid: int = 0
    """What holders of settled series are due by their terms, and what they got for it, token units."""
    unpaid: int = 0
    """Holdings that got less, or nothing."""
    open_over_band: float = 0.0
    marks: int = 0
    above_mark: int = 0
    """What opens bought was worth by the model at mid volatility, and what was paid beyond it: spread, fee,
    charge and the hedge; token units."""

    def __post_init__(self) -> None:
        self.carry = Carry(self.exchange, self.venue)

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

    def refuse_trade(self, time: int, kind: Kind, what: str, reason: str) -> None:
        """Record a trader's transaction that reverted whole."""
        reverted = self.opens_reverted if kind is Kind.OPEN else self.closes_reverted
        reverted[reason] += 1
        self.note(time, "revert", f"{what}: {reason}")

    def refuse(self, time: int, who: str, reason: str) -> None:
        """Record a transaction of anybody else that reverted whole."""
        self.refused[f"{who}: {reason}"] += 1
        self.note(time, "refused", f"{who}: {reason}")

    # ---- reading receipts
    def read(self, receipt: Receipt, kind: str = "") -> None:
        """Take in the logs of one receipt."""
        if kind:
            self.gas.setdefault(kind, []).append(receipt.gas_used)
        for log in receipt.events():
            self.take(log)
        self.carry.book(receipt)

    def read_liquidation(self, receipt: Receipt) -> float:
        """A stranger's liquidation of our hedge; its cost against the index, USD."""
        self.read(receipt)
        found = self.exchange.liquidation(receipt, self.venue, self.spot)
        lag = found.order * self.pool_gap
        self.flows.pool_lag -= lag
        self.flows.hedge_cost += found.cost - lag - found.covered
        self.liquidations += 1
        return found.cost

    def robbed(self, found: Taken) -> None:
        """What the venue's owner took: closed positions, and money; a cost of hedging there."""
        for receipt in found.receipts:
            self.read(receipt)
            closed = self.exchange.liquidation(receipt, self.venue, self.spot)
            lag = closed.order * self.pool_gap
            self.flows.pool_lag -= lag
            self.flows.hedge_cost += closed.cost - lag - closed.covered
        self.flows.hedge_cost += found.amount

    def bought(self, mark: int, paid: int) -> None:
        """An open of options worth `mark`, for which all of `paid` left the trader; token units."""
        self.opens += 1
        self.marks += mark
        self.above_mark += paid - mark

    # ---- figures
    def open_cost(self) -> float | None:
        """What opens cost above their mark, as a share of it; None where nothing was bought."""
        return round(self.above_mark / self.marks, 6) if self.marks else None

    def gas_figures(self) -> dict[str, int | None]:
        """Gas units of whole transactions; None where there was none."""
        mints, rebalances = self.gas.get("open", []), self.gas.get("rebalance", [])
        return {
            "mint_p50": round(median(mints)) if mints else None,
            "mint_max": max(mints, default=None),
            "rebalance_p50": round(median(rebalances)) if rebalances else None,
        }
