"""The change of NAV by cause, step by step: the same attribution as a replay's (`keeper.replay.pnl`), over
states that the chain remembers instead of prices that were visited.

What holding the hedge brought is not read from venues, each of which logs it in its own words: it is what
the account at the venue gained, less what its position, its orders and its margin explain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from keeper.replay import pnl
from keeper.replay.books import Books, order_of
from keeper.replay.types import PNL_NAMES, PnlState, PnlTerms
from keeper.replay.valuation import Nodes
from keeper.report.hedges import Hedges
from keeper.report.reading import Found, State
from tandem.units import DAY, USD, WAD, YEAR

DUST = 1e-6
"""Of the asset: a position that differs by less from what orders left was not changed by anybody."""
MOST_INTEREST = 5.0
"""A year, of a position: on a lending market it grows by interest and nobody's order, on the dearest at some
300 %. What changed by more, a stranger changed."""


@dataclass(slots=True)
class Orders:
    """What went to the venue since the last state: orders, and money. USD and ETH."""

    size: float = 0.0
    at_oracle: float = 0.0
    cost: float = 0.0
    lent: float = 0.0

    def take(self, found: Found) -> None:
        """Take in one event."""
        log = found.event
        if (made := order_of(log)) is not None:
            self.size += made.size
            self.at_oracle += made.size * made.price
            self.cost += made.cost
        elif log.name in ("Lent", "Restored"):
            self.lent += log["amount"] / USD * (1 if log.name == "Lent" else -1)


@dataclass(frozen=True, slots=True)
class Mark:
    """The Vault at the end of a block, on which a step ends and the next one begins."""

    block: int
    state: PnlState
    nodes: Nodes
    equity: float
    supply: float

    @property
    def share(self) -> float:
        """NAV of one share, USD; 0 where there is none."""
        return self.state.nav / self.supply if self.supply else 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """From the last mark to `end`, by cause. USD; is_robbed: whether a stranger changed the position."""

    end: Mark
    terms: PnlTerms = field(default_factory=PnlTerms)
    lp_flows: float = 0.0
    is_robbed: bool = False


@dataclass(slots=True)
class Day:
    """What happened within a day, or a span. USD; `shares`: the same causes by share."""

    start: Mark
    end: Mark
    terms: PnlTerms = field(default_factory=PnlTerms)
    shares: PnlTerms = field(default_factory=PnlTerms)
    entries: float = 0.0
    """By share: what LPs who came or left at another price than NAV gave those who stayed."""
    lp_flows: float = 0.0
    trades: int = 0
    liquidations: int = 0
    hedges: Hedges = field(default_factory=Hedges)

    def add(self, step: Step) -> None:
        """One step."""
        before, mark, terms = self.end, step.end, step.terms
        self.end, self.terms = mark, self.terms + terms
        self.lp_flows += step.lp_flows
        self.liquidations += step.is_robbed
        if not mark.supply:
            return
        each = PnlTerms(*(getattr(terms, name) / mark.supply for name in PNL_NAMES))
        self.shares = self.shares + each
        self.entries += mark.share - before.share - each.total


@dataclass(slots=True)
class Account:
    """A market's account, kept from its events and its states. decimals: of a share."""

    books: Books
    decimals: int
    whole: Day | None = None
    days: dict[int, Day] = field(default_factory=dict)
    """By the day's number since 1970, UTC."""
    _orders: Orders = field(default_factory=Orders)
    _since: list[Found] = field(default_factory=list)

    def take(self, events: Sequence[Found]) -> None:
        """What was logged since the last mark; before the first one, the trades alone."""
        for found in events:
            self.books.take(found.event)
            if found.event.name == "Deposit":
                self.books.flows.lp_flows += found.event["assets"] / USD
            self._orders.take(found)
        self._since += events if self.whole else []

    @property
    def places(self) -> set[tuple[int, int]]:
        """Of the events since the last mark."""
        return {found.place for found in self._since}

    def step_to(self, state: State) -> Step:
        """What a step that ends here comes to. Nothing is closed yet; what is taken in later changes it."""
        mark = self._marked(state)
        return Step(mark) if self.whole is None else self._step(self.whole.end, mark)

    def close(self, step: Step) -> None:
        """End the step as it was worked out."""
        if self.whole is None:
            self.whole = Day(step.end, step.end)
        else:
            number = step.end.state.time // DAY
            day = self.days.setdefault(number, Day(self.whole.end, self.whole.end))
            for each in (self.whole, day):
                each.add(step)
                for found in self._since:
                    each.hedges.take(found)
                    each.trades += found.event.name in ("OptionMinted", "OptionClosed")
        self.books.flows.take()
        self.books.holdings = {key: units for key, units in self.books.holdings.items() if units}
        self._orders, self._since = Orders(), []

    def _marked(self, seen: State) -> Mark:
        """As a replay marks it: the book at mid, the hedge at spot, less what is set aside."""
        book, nodes = self.books.book()
        snapshot, known = seen.snapshot, self.whole.end.state.surface if self.whole else {}
        surface = {**{e: known[e] for e in nodes.expiries if e in known}, **seen.surface}
        spot, now = snapshot.spot / WAD, snapshot.timestamp
        bare = PnlState(now, spot, 0.0, snapshot.position / WAD, book, surface)
        cash = (snapshot.funds.cash - snapshot.funds.exits - snapshot.claims) / USD
        equity = snapshot.account.equity / WAD
        nav = cash + self.books.own_equity(equity) - pnl.liability(bare, nodes)
        state = PnlState(now, spot, nav, bare.hedge, book, surface)
        return Mark(seen.block, state, nodes, equity, seen.supply / 10**self.decimals)

    def _step(self, before: Mark, mark: Mark) -> Step:
        after, orders = mark.state, self._orders
        move = after.spot - before.state.spot
        explained = (
            orders.lent + before.state.hedge * move
            + orders.size * after.spot - orders.at_oracle - orders.cost
        )  # fmt: skip
        rest = mark.equity - before.equity - explained
        strange = after.hedge - before.state.hedge - orders.size
        years = (after.time - before.state.time) / YEAR
        grown = MOST_INTEREST * years * max(abs(before.state.hedge), abs(after.hedge))
        is_robbed = abs(strange) > DUST + grown
        flows = self.books.flows.so_far(0.0 if is_robbed else rest)
        terms = pnl.step(before.state, after, flows, before.nodes)
        if is_robbed:  # who liquidates takes it out of the account: a cost of hedging there
            terms = terms + PnlTerms(hedge_cost=rest, residual=-rest)
        return Step(mark, terms, flows.lp_flows, is_robbed)
