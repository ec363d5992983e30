"""What a market's own events say of it: the book, and what was paid. A replay keeps its account by them,
and so does a report on a market that lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from keeper.replay.types import Leg, PnlFlows
from keeper.replay.valuation import Nodes
from tandem.engine.base import Event as Log
from tandem.feeds.surface import ListedSlice
from tandem.model import svi
from tandem.protocol.series import Series
from tandem.units import USD, WAD


@lru_cache(maxsize=4096)
def leg_of(series: Series) -> Leg:
    """The series as the attribution knows it."""
    end = float(series.other) if series.other else None
    return Leg(series.expiry, float(series.strike), series.is_put, end)


@dataclass(slots=True)
class Flows:
    """What was paid since the last state; becomes a `PnlFlows`."""

    premium: float = 0.0
    fees: float = 0.0
    hedge_cost: float = 0.0
    pool_lag: float = 0.0
    lp_flows: float = 0.0
    settled: dict[int, float] = field(default_factory=dict)

    def so_far(self, funding: float = 0.0) -> PnlFlows:
        """Since the last state. funding: what came from venues in that time, USD."""
        return PnlFlows(
            premium=self.premium,
            fees=self.fees,
            hedge_cost=self.hedge_cost,
            pool_lag=self.pool_lag,
            funding=funding,
            lp_flows=self.lp_flows,
            settled=dict(self.settled),
        )

    def take(self, funding: float = 0.0) -> PnlFlows:
        """The same, starting over."""
        taken = self.so_far(funding)
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


@dataclass(frozen=True, slots=True)
class Order:
    """What went to a venue. price: the oracle's; cost: against it, fees included; borne: of it, by a trader.
    ETH and USD."""

    size: float
    price: float
    cost: float
    borne: float = 0.0


def order_of(log: Log) -> Order | None:
    """The order that an event tells of; None for any other event."""
    match log.name:
        case "Hedged":
            price, cost, borne = log["oracle_price"], log["cost"], log["trader_cost"]
            return Order(log["order"] / WAD, price / WAD, cost / WAD, borne / WAD)
        case (
            "Delevered"
        ):  # the Vault bears it alone; its price is the notional's over the position's
            size, held = log["order"] / WAD, (log["position"] - log["order"]) / WAD
            price = log["need"] / WAD / abs(held)
            return Order(size, price, -size * price - log["received"] / WAD)
        case "Shifted":  # the position stays: what it brings is what it costs
            return Order(0.0, 0.0, -log["received"] / WAD)
        case _:
            return None


@dataclass(slots=True)
class Books:
    """Positions and flows of one market, by what its own contracts log; never the contracts' own sums."""

    imputed: float
    """What a trader bears of delta that needed no order, a share of its notional."""
    at_index: bool = True
    """Whether the arbitrageur has been at this price."""
    pool_gap: float = 0.0
    """USD by which the pool was above the index when the price came; 0 once it has followed."""
    holdings: dict[tuple[Series, str], int] = field(default_factory=dict)
    surface: Mapping[int, ListedSlice] = field(default_factory=dict)
    """The last slice posted, by expiry; a new object after a post."""
    flows: Flows = field(default_factory=Flows)
    trades: int = 0
    hedges: int = 0
    hedging: Hedging = field(default_factory=Hedging)
    settled_units: int = 0
    payouts: int = 0
    last_hedge: tuple[float, float] | None = None
    """Residual and hard band after the last of our transactions since the last visit."""
    step_hedged: float = 0.0
    _shortfall: float = 0.0
    _book: dict[Leg, float] | None = None
    _nodes: Nodes | None = None

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

    def take(self, log: Log) -> None:
        """Take in one event; one that is not known changes nothing."""
        if (made := order_of(log)) is not None:
            self._ordered(log, made)
        match log.name:
            case "OptionMinted":
                self._minted(log)
            case "OptionClosed":
                self._closed(log)
            case "BountyPaid":
                self.flows.hedge_cost += log["amount"] / USD
            case "Settled":
                self._settled(log)
            case "SlicePosted":
                self._posted(int(log["expiry"]), int(log["slice_word"]))
            case "EpochProcessed":
                self.flows.lp_flows -= log["assets"] / USD
            case _:
                pass

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

    def _ordered(self, log: Log, made: Order) -> None:
        own = 0.0
        if log.name == "Hedged":
            own = (log["residual_before"] - log["residual_after"]) / WAD + made.size
            self.last_hedge = (abs(log["residual_after"]) / WAD, log["hard_band"] / WAD)
        imputed = self.imputed * made.price
        lag = vaults_lag(made.size, own, made.cost, made.borne, gap=self.pool_gap, imputed=imputed)
        self.flows.pool_lag -= lag
        self.flows.hedge_cost += made.cost - made.borne - lag
        if made.size:
            self.hedges += 1
            self.hedging.add(self.at_index, made.size, made.cost)
            self.step_hedged += made.size

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
