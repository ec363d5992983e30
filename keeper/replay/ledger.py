"""The replay's own account of what happened, kept from events: book, flows, figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median

from keeper.replay.carry import Carry
from keeper.replay.types import Event, Leg, PnlFlows
from keeper.replay.valuation import Nodes
from tandem.engine.base import Event as Log
from tandem.engine.base import Receipt
from tandem.feeds.surface import ListedSlice
from tandem.model import svi
from tandem.protocol.series import Series
from tandem.units import USD, WAD
from tandem.venues import Exchange, Taken


@lru_cache(maxsize=4096)
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
    pool_lag: float = 0.0
    lp_flows: float = 0.0
    settled: dict[int, float] = field(default_factory=dict)

    def take(self, funding: float = 0.0) -> PnlFlows:
        """The flows so far, starting over. funding: what came from venues in that time, USD."""
        taken = PnlFlows(
            premium=self.premium,
            fees=self.fees,
            hedge_cost=self.hedge_cost,
            pool_lag=self.pool_lag,
            funding=funding,
            lp_flows=self.lp_flows,
            settled=dict(self.settled),
        )
        self.premium = self.fees = self.hedge_cost = self.pool_lag = self.lp_flows = 0.0
        self.settled = {}
        return taken


@dataclass(slots=True)
class Hedging:
    """What orders cost against the index, by where the pool stood when they were sent."""

    eth: dict[bool, float] = field(default_factory=lambda: {True: 0.0, False: 0.0})
    cost: dict[bool, float] = field(default_factory=lambda: {True: 0.0, False: 0.0})

    def add(self, at_index: bool, order: float, cost: float) -> None:
        self.eth[at_index] += abs(order)
        self.cost[at_index] += cost

    def per_eth(self, at_index: bool | None = None) -> float | None:
        """USD per ETH, above 0 for a cost; None where nothing was traded."""
        which = (True, False) if at_index is None else (at_index,)
        eth = sum(self.eth[w] for w in which)
        return round(sum(self.cost[w] for w in which) / eth, 4) if eth else None


def vaults_lag(
    order: float, own: float, cost: float, borne: float, *, gap: float, imputed: float
) -> float:
    """What a pool `gap` USD above the index cost the Vault in an order, below 0 for a gift. USD.

    The gap cost order x gap. Of that the trader has what he bore beyond what he would have borne with
    the pool at the index: his share of the order then, and the `imputed` USD per ETH of the part of
    his `own` delta that needed no order. A gift ends for him where his fee is returned.
    """
    if not gap or not order:
        return 0.0
    covered = min(abs(own), abs(order)) if own * order > 0.0 else 0.0
    at_index = (cost - order * gap) * covered / abs(order) + (abs(own) - covered) * imputed
    return order * gap - (borne - at_index)


@dataclass(slots=True)
class Ledger:
    """Positions, flows and counts. Reads logs, never the contracts' own sums."""

    venue: str
    exchange: Exchange
    imputed: float
    """What a trader bears of delta that needed no order, a share of its notional."""
    spot: float = 0.0
    """USD index of the price that is being visited."""
    at_index: bool = True
    """Whether the arbitrageur has been at this price."""
    pool_gap: float = 0.0
    """USD by which the pool was above the index when the price came; 0 once it has followed."""
    holdings: dict[tuple[Series, str], int] = field(default_factory=dict)
    surface: Mapping[int, ListedSlice] = field(default_factory=dict)
    """The last slice posted, by expiry; a new object after a post."""
    flows: Flows = field(default_factory=Flows)
    carry: Carry = field(init=False)
    events: list[Event] = field(default_factory=list)
    reverted: Counter[str] = field(default_factory=Counter)
    """Traders' opens and closes that reverted, by reason."""
    refused: Counter[str] = field(default_factory=Counter)
    """Everybody else's transactions that reverted, by who and reason."""
    unlisted: int = 0
    """Wishes for which no listed series was near enough."""
    gas: dict[str, list[int]] = field(default_factory=dict)
    posts: int = 0
    """Slices sent to the surface, those refused among them."""
    mended: Counter[str] = field(default_factory=Counter[str])
    """Posts whose smile was cut to what the contract takes, by what it would have said."""
    held_back: Counter[str] = field(default_factory=Counter[str])
    """Slices that were not posted, because no cut would have made them good."""
    trades: int = 0
    hedges: int = 0
    liquidations: int = 0
    hedging: Hedging = field(default_factory=Hedging)
    settled_units: int = 0
    payouts: int = 0
    owed: int = 0
    paid: int = 0
    """What holders of settled series are due by their terms, and what they got for it, token units."""
    unpaid: int = 0
    """Holdings that got less, or nothing."""
    open_over_band: float = 0.0
    last_hedge: tuple[float, float] | None = None
    """Residual and hard band after the last of our transactions since the last visit."""
    step_hedged: float = 0.0
    _shortfall: float = 0.0
    _book: dict[Leg, float] | None = None
    _nodes: Nodes | None = None

    def __post_init__(self) -> None:
        self.carry = Carry(self.exchange, self.venue)

    def book(self) -> tuple[Mapping[Leg, float], Nodes]:
        """ETH sold per series, and the same as options; new objects only after a trade."""
        if self._book is None or self._nodes is None:
            sold: dict[Leg, float] = {}
            for (series, _), units in self.holdings.items():
                if units:
                    leg = leg_of(series)
                    sold[leg] = sold.get(leg, 0.0) + units / USD
            self._book, self._nodes = sold, Nodes.of(sold)
        return self._book, self._nodes

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

    def refuse_trade(self, time: int, what: str, reason: str) -> None:
        """Record a trader's transaction that reverted whole."""
        self.reverted[reason] += 1
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
            match log.name:
                case "OptionMinted":
                    self._minted(log)
                case "OptionClosed":
                    self._closed(log)
                case "Hedged":
                    self._hedged(log)
                case "Delevered":
                    self._delevered(log)
                case "Shifted":  # the position stays: what it brings is what it costs
                    self.flows.hedge_cost -= log["received"] / WAD
                case "Settled":
                    self._settled(log)
                case "SlicePosted":
                    self._posted(int(log["expiry"]), int(log["slice_word"]))
                case "EpochProcessed":
                    self.flows.lp_flows -= log["assets"] / USD
                case _:
                    pass
        self.carry.book(receipt)

    def _posted(self, expiry: int, word: int) -> None:
        smile = svi.unpack(word)
        shape = {name: getattr(smile, name) for name in svi.Slice.__slots__}
        self.surface = {**self.surface, expiry: ListedSlice(expiry=expiry, **shape)}

    def _traded(self, log: Log, units: int) -> None:
        key = (Series.from_id(log["series"]), str(log["owner"]))
        self.holdings[key] = self.holdings.get(key, 0) + units
        self._book = None
        self.trades += 1

    def _minted(self, log: Log) -> None:
        self._traded(log, int(log["units"]))
        self.flows.premium += log["premium"] / USD
        self.flows.fees += (log["fee"] + log["capital_charge"]) / USD

    def _closed(self, log: Log) -> None:
        self._traded(log, -int(log["units"]))
        trader_cost = log["hedge_cost"] / WAD
        self.flows.premium -= log["payout"] / USD + log["fee"] / USD + trader_cost
        self.flows.fees += log["fee"] / USD

    def _hedged(self, log: Log) -> None:
        order, cost, borne = log["order"] / WAD, log["cost"] / WAD, log["trader_cost"] / WAD
        own = (log["residual_before"] - log["residual_after"]) / WAD + order
        imputed = self.imputed * log["oracle_price"] / WAD
        lag = vaults_lag(order, own, cost, borne, gap=self.pool_gap, imputed=imputed)
        self.flows.pool_lag -= lag
        self.flows.hedge_cost += cost - borne - lag
        self.last_hedge = (abs(log["residual_after"]) / WAD, log["hard_band"] / WAD)
        if log["order"]:
            self.hedges += 1
            self.hedging.add(self.at_index, order, cost)
            self.step_hedged += order

    def _delevered(self, log: Log) -> None:
        """An order that the Vault bears alone. Its price is the notional's over the position's."""
        order, held = log["order"] / WAD, (log["position"] - log["order"]) / WAD
        spot = log["need"] / WAD / abs(held)
        cost = -order * spot - log["received"] / WAD
        lag = vaults_lag(order, 0.0, cost, 0.0, gap=self.pool_gap, imputed=self.imputed * spot)
        self.flows.pool_lag -= lag
        self.flows.hedge_cost += cost - lag
        self.hedges += 1
        self.hedging.add(self.at_index, order, cost)
        self.step_hedged += order

    def _settled(self, log: Log) -> None:
        self.flows.settled[int(log["expiry"])] = log["payouts"] / USD
        self.settled_units += int(log["units"])
        self.payouts += int(log["payouts"])
        for key in self.holdings:
            if key[0].expiry == log["expiry"]:
                self.holdings[key] = 0
        self._book = None

    def own_equity(self, equity: float) -> float:
        """What the venue account is worth to the Vault: below 0 it is left to the venue, whose loss
        it then is. USD."""
        shortfall = max(-equity, 0.0)
        self.flows.hedge_cost -= shortfall - self._shortfall
        self._shortfall = shortfall
        return equity + shortfall

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

    # ---- figures
    def gas_figures(self) -> dict[str, int | None]:
        """Gas units of whole transactions; None where there was none."""
        mints, rebalances = self.gas.get("open", []), self.gas.get("rebalance", [])
        return {
            "mint_p50": round(median(mints)) if mints else None,
            "mint_max": max(mints, default=None),
            "rebalance_p50": round(median(rebalances)) if rebalances else None,
        }
