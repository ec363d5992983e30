"""The change of NAV by cause, step by step: the same attribution as a replay's (`keeper.replay.pnl`), over
states that the chain remembers instead of prices that were visited.

What holding the hedge brought is not read from venues, each of which logs it in its own words: it is what
the account at the venue gained, less what its position, its orders and its margin explain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from keeper.replay import pnl
from keeper.replay.books import Books
from keeper.replay.types import PNL_NAMES, PnlState, PnlTerms
from keeper.replay.valuation import Nodes
from keeper.report.hedges import Hedges
from keeper.report.legs import NOTHING, Leg, Orders, apart, split, together
from keeper.report.reading import Found, Held, State
from tandem.units import DAY, USD, WAD, YEAR


@dataclass(frozen=True, slots=True)
class Mark:
    """The Vault at the end of a block, on which a step ends and the next one begins. held: at the venue; of
    several at each, by its adapter. gone: those whose position counts for nothing."""

    block: int
    state: PnlState
    nodes: Nodes
    held: Mapping[str, Held]
    supply: float
    gone: frozenset[str] = frozenset()

    @property
    def share(self) -> float:
        """NAV of one share, USD; 0 where there is none."""
        return self.state.nav / self.supply if self.supply else 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """From the last mark to `end`, by cause. USD; legs: what each venue's account gained, as `Mark.held`."""

    end: Mark
    terms: PnlTerms = field(default_factory=PnlTerms)
    lp_flows: float = 0.0
    legs: Mapping[str, Leg] = field(default_factory=dict[str, Leg])


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
    legs: dict[str, Leg] = field(default_factory=dict[str, Leg])
    """By venue: what its account gained."""

    def add(self, step: Step) -> None:
        """One step."""
        before, mark, terms = self.end, step.end, step.terms
        self.end, self.terms = mark, self.terms + terms
        self.lp_flows += step.lp_flows
        for name, leg in step.legs.items():
            self.liquidations += leg.robbed
            self.legs[name] = self.legs.get(name, Leg()) + leg
        if not mark.supply:
            return
        each = PnlTerms(*(getattr(terms, name) / mark.supply for name in PNL_NAMES))
        self.shares = self.shares + each
        self.entries += mark.share - before.share - each.total


@dataclass(slots=True)
class Account:
    """A market's account, kept from its events and its states. decimals: of a share; venues: the names of
    several, by their adapters."""

    books: Books
    decimals: int
    venues: Mapping[str, str] = field(default_factory=dict[str, str])
    whole: Day | None = None
    days: dict[int, Day] = field(default_factory=dict)
    """By the day's number since 1970, UTC."""
    _since: list[Found] = field(default_factory=list)

    def take(self, events: Sequence[Found]) -> None:
        """What was logged since the last mark; before the first one, the trades alone."""
        for found in events:
            self.books.take(found.event)
            if found.event.name == "Deposit":
                self.books.flows.lp_flows += found.event["assets"] / USD
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
        self._since = []

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
        held = self._held(seen) or {"": Held(bare.hedge, equity)}
        return Mark(seen.block, state, nodes, held, seen.supply / 10**self.decimals, seen.gone)

    def _held(self, seen: State) -> dict[str, Held]:
        """At each of several venues; of one that is down the position as it was known last, as the contracts
        have it, and nothing that counts."""
        before = self.whole.end.held if self.whole else {}
        return {
            adapter: seen.legs.get(adapter, Held(before.get(adapter, NOTHING).position, 0.0))
            for adapter in self.venues
        }

    def _step(self, before: Mark, mark: Mark) -> Step:
        after = mark.state
        found = self._legs(before, mark)
        flows = self.books.flows.so_far(sum(leg.carry for leg in found.values()))
        terms = pnl.step(before.state, after, flows, before.nodes)
        if taken := sum(leg.liquidations for leg in found.values()):
            terms = terms + PnlTerms(hedge_cost=taken, residual=-taken)  # a cost of hedging there
        return Step(mark, terms, flows.lp_flows, found)

    def _legs(self, before: Mark, mark: Mark) -> dict[str, Leg]:
        """What each account's change is put down to. What is written off follows no price: it is in no NAV
        that the step begins with."""
        start, spot = before.state.spot, mark.state.spot
        years = (mark.state.time - before.state.time) / YEAR
        orders = apart(self._since, spot) if self.venues else {"": together(self._since)}
        found = dict[str, Leg]()
        for place, after in mark.held.items():
            move = (spot if place in before.gone else start), spot
            found[place] = split(
                before.held[place], after, orders.get(place, Orders()), move, years
            )
        return found
