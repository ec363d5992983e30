"""The replay: real contracts on a real venue through a path of prices.

At each visited price: the feed is pushed (first transaction of its own block), the arbitrageur
follows with his lag, a liquidator comes before or after our orders, an LP comes or goes, traders
trade. After each of them the keeper runs a cycle, the same that runs live: it settles, moves margin,
hedges, processes exits, posts surfaces. Then the state is recorded. Nothing is skipped when a step
reverts: the revert is an outcome, counted by its name. Longer than most: it is one story, told in order.
"""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from keeper.execution.surface_desk import Demand
from keeper.journal import State
from keeper.planner import Kind
from keeper.replay.actors import Crowd, SecondLp
from keeper.replay.aftermath import Aftermath
from keeper.replay.arbitrage import Arbitrageur
from keeper.replay.keeping import Kept, LocalKeeper, Strangers
from keeper.replay.ledger import Ledger
from keeper.replay.pnl import liability, step
from keeper.replay.scribe import Scribe
from keeper.replay.settings import ReplaySettings
from keeper.replay.stage import LEAD, Stage, set_stage, to_wad
from keeper.replay.stopping import stoppable
from keeper.replay.summary import Extremes, summarise
from keeper.replay.traders import Traders
from keeper.replay.types import Event, PnlState, PnlTerms, StepRow
from keeper.replay.valuation import Nodes
from tandem.client import gate
from tandem.engine.base import Call, Receipt
from tandem.feeds.flow import TradeIntent, arrivals, by_visit, standing_book, with_knowledge
from tandem.feeds.realised import RealisedVol
from tandem.feeds.surface import Surfaces
from tandem.protocol.bindings.structs import Snapshot
from tandem.units import DAY, MINUTE, USD, WAD

CYCLES = 8
"""A keeper that mines something in each of so many cycles at one price is left until the next."""
AT_ONCE = 3
REST = 13
"""Seconds after which the pool rests from a move: the router asks for twelve (HG-17)."""
PATIENCE = 15
"""Minutes at one price in which no order went, after which none will: the longest wait is ten."""

Watch = Callable[[int, int, Sequence[Event]], None]
"""Called after each visit with the visits done, all visits, and the new events."""


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What a run leaves behind. `complete` is False for one that was cancelled."""

    summary: dict[str, Any]
    rows: list[StepRow]
    events: list[Event]
    complete: bool


def _is_outside(snap: Snapshot) -> bool:
    """Whether more is left uncovered than an open may leave."""
    return abs(snap.stance.residual) > snap.stance.hard


def _local(run: Replay) -> Kept:
    return LocalKeeper(run.stage, run.settings, run.scribe, run.arbitrageur.in_turn)


@dataclass(slots=True)
class Replay:
    """One run in progress. hire: who keeps the market."""

    settings: ReplaySettings
    stage: Stage
    hire: Callable[[Replay], Kept] = _local
    ledger: Ledger = field(init=False)
    traders: Traders = field(init=False)
    scribe: Scribe = field(init=False)
    keeper: Kept = field(init=False)
    crowd: Crowd = field(init=False)
    arbitrageur: Arbitrageur = field(init=False)
    second_lp: SecondLp = field(init=False)
    aftermath: Aftermath = field(init=False)
    realised: RealisedVol = field(default_factory=RealisedVol)
    extremes: Extremes = field(default_factory=Extremes)
    rows: list[StepRow] = field(default_factory=list)
    earned: PnlTerms = field(default_factory=PnlTerms)
    lp_flows: float = 0.0
    _state: PnlState | None = None
    _nodes: Nodes | None = None
    _before: float = 0.0
    _surfaces: Surfaces = field(init=False)

    def __post_init__(self) -> None:
        stage, s = self.stage, self.settings
        imputed = stage.tandem.market.IMPUTED() / WAD
        self.ledger = Ledger(imputed, venue=stage.tandem.venue.address, exchange=stage.exchange)
        self.traders = Traders(stage, self.ledger)
        self.scribe = Scribe(self.ledger)
        self.crowd = Crowd(stage, self.ledger, np.random.default_rng([s.seed, 3]))
        self.arbitrageur = Arbitrageur(stage, self.ledger, s.arbitrage_lag)
        self.aftermath = Aftermath(s, self.ledger, stage.exchange, stage.tandem.venue.address)
        self._surfaces = s.surfaces()
        self.keeper = self.hire(self)
        visits = s.visits
        start, end = int(visits.time[0]), int(visits.time[-1])
        amount = round(0.1 * s.nav) * USD if s.lp_flows else 0
        comes, leaves = start + (end - start) // 4, start + (end - start) // 2
        never = end + DAY
        self.second_lp = SecondLp(
            stage, self.ledger, amount,
            comes if s.lp_flows else never, leaves if s.lp_flows else never,
        )  # fmt: skip

    # ---- one visited price
    def inherit(self, time: int, price: float, intents: Sequence[TradeIntent]) -> None:
        """Sell the book that the window begins with, a few positions at a time so that margin keeps
        up. Nothing is recorded yet. The days until the window say nothing of volatility, so another
        keeper takes over."""
        for i in range(0, len(intents), AT_ONCE):
            self._act(time + 60 * i, price, intents[i : i + AT_ONCE])
        self.keeper, self.realised = self.hire(self), RealisedVol()

    def visit(
        self, time: int, price: float, intents: Sequence[TradeIntent], until: int = 0
    ) -> None:
        """Everything that happens at one price, which stands `until` the next one comes."""
        self._act(time, price, intents)
        snap = self.keeper.look()
        self.extremes.after(snap)
        home = self._go_home(snap, until)
        if self.aftermath.robber is not None:
            self.aftermath.rob()
            home = self.keeper.look()
        self._record(home, price)
        self.aftermath.saw(home)
        if self.aftermath.begins(time, until, self.rows[-1], home):
            self._end(home)

    def _end(self, snap: Snapshot) -> None:
        """The moment after which nobody keeps the market, or nothing lies at the venue."""
        if self.aftermath.is_dead:
            self.keeper = Strangers(self.stage, self.scribe, self.arbitrageur.in_turn)
        self.aftermath.rob()
        text = "the keeper is dead from here on" if self.aftermath.is_dead else ""
        wiped = "the venue's owner empties the account" if self.aftermath.robber else ""
        self.ledger.note(snap.timestamp, "end", "; ".join(filter(None, (text, wiped))))
        left = self.keeper.look()
        self._mark(left, self.ledger.spot, self.rows[-1].realised_vol)
        self.aftermath.saw(left)

    def pay_out(self) -> None:
        """After the window of a run in which something ended: the last price stands until every option is
        past, so that it shows whether each is paid."""
        price, self.aftermath.is_over = self.rows[-1].spot, True
        for expiry in sorted({s.expiry for (s, _), units in self.ledger.holdings.items() if units}):
            for time in (expiry - MINUTE, expiry + MINUTE):
                if time > self.stage.engine.now():
                    self._open_block(time, to_wad(price))
            self.ledger.spot = price
            self._keep()
            self.aftermath.rob()
            self.aftermath.saw(self.keeper.look())
        self.aftermath.left_open = sum(self.ledger.holdings.values())

    def _go_home(self, snap: Snapshot, until: int) -> Snapshot:
        """A hedge outside its hard band goes home a chunk a minute (HG-17), and the keeper is there at
        each of these minutes, as a live one is at each block; and once the pool rests from the move that
        made a hedge due. What nobody can bring home is left outside until the next price. Gives the state
        after the last. Where nobody keeps the market it is left at once."""
        snap = snap if self.aftermath.is_dead else self._rest(snap, until)
        idle = 0
        patience = 0 if self.aftermath.is_dead else PATIENCE
        last = until - (
            MINUTE if self.aftermath.robber is None else 2 * MINUTE
        )  # he comes after us
        while _is_outside(snap) and snap.timestamp < last and idle < patience:
            before = snap
            self.stage.engine.set_time(before.timestamp + MINUTE)
            self._keep()
            snap = self.keeper.look()
            self.extremes.outside += snap.timestamp - before.timestamp
            idle = 0 if abs(snap.stance.residual) < abs(before.stance.residual) else idle + 1
        if _is_outside(snap):
            self.extremes.outside += max(until - snap.timestamp, 0)
        return snap

    def _rest(self, snap: Snapshot, until: int) -> Snapshot:
        """What a hedge that is due waits for where the price has just moved the pool against it."""
        residual = snap.stance.residual
        if abs(residual) < snap.stance.trigger or snap.timestamp + REST >= until:
            return snap
        if not self.stage.tandem.router.is_jolted(residual < 0):
            return snap
        self.stage.engine.set_time(snap.timestamp + REST)
        if not self.ledger.step_hedged:
            self._before = self.keeper.look().stance.residual / WAD
        self._keep()
        return self.keeper.look()

    def _act(self, time: int, price: float, intents: Sequence[TradeIntent]) -> None:
        """The price and who comes at it. The keeper's cycle follows each act of somebody else. What came at
        the price before may have taken longer than that stood: then this one comes in the next block."""
        ledger, time = self.ledger, max(time, self.stage.engine.now() + 1)
        strangers_first = self.crowd.comes_first()
        ledger.spot = price
        ledger.last_hedge, ledger.step_hedged = None, 0.0
        wanted = bool(intents) or self.second_lp.is_due(time)
        self.keeper.ask(Demand.TRADE if wanted else Demand.NOBODY)
        self.stage.calendar.keep(time, price)
        self._open_block(time, to_wad(price))
        snap = self.keeper.look()
        if self.rows:
            self.extremes.between(snap)
        if strangers_first and self.crowd.liquidate(snap):
            snap = self.keeper.look()
        self._before = snap.stance.residual / WAD
        self._keep()
        if self.second_lp.act(self.stage.engine.now()):
            self._keep()
        for intent in intents:
            self.arbitrageur.in_turn()
            self.traders.act(intent, ledger.surface, price)
            self._keep()
        if self.arbitrageur.arrive():
            self._keep()
        if not strangers_first and self.crowd.liquidate(self.keeper.look()):
            self._keep()

    def _open_block(self, time: int, index: int) -> None:
        """Feed and, where he needs no time, the arbitrageur in one block; then whoever is first in
        the next."""
        feed: list[Call] = self.stage.exchange.set_index_calls(index)
        step = self.arbitrageur.with_price(index)
        calls = [*feed, *([step] if step else [])]
        results = self.stage.engine.send_many(calls, timestamp=time)
        for place, result in enumerate(results):
            if not isinstance(result, Receipt):
                who = "feed" if place < len(feed) else "arbitrage"
                self.ledger.refused[f"{who}: {result.reason}"] += 1
        self.arbitrageur.price_came(step)

    def _keep(self) -> None:
        """The keeper's cycle on the latest block, and on those that it mines itself."""
        for _ in range(CYCLES):
            done = self.keeper.cycle()
            for each in done:
                if each.intent.kind is Kind.SETTLE and each.result.state is State.MINED:
                    self._redeem(each.intent.args[0])
            if not any(each.result.state is not State.DROPPED for each in done):
                break

    def _redeem(self, expiry: int) -> None:
        self.stage.calendar.forget(expiry)
        self.traders.redeem(expiry, self.stage.tandem.market.settlement(expiry))

    # ---- recording
    def _record(self, snap: Snapshot, price: float) -> None:
        """State, flows and figures after the last transaction of this visit."""
        now, vol = snap.timestamp, self.realised.update(snap.timestamp, price)
        state = self._mark(snap, price, vol)
        surface, nav = self.ledger.surface, state.nav
        stance = snap.stance
        worst, limit = gate.published(snap)
        nearest = min(
            (s for s in surface.values() if s.expiry > now),
            key=lambda s: s.expiry,
            default=None,
        )
        self.rows.append(
            StepRow(
                time=now,
                spot=price,
                book_delta=-stance.delta / WAD,
                hedge=state.hedge,
                residual=stance.residual / WAD,
                residual_before=self._before,
                trigger=stance.trigger / WAD,
                hard_band=stance.hard / WAD,
                floor=snap.floor / USD,
                nav=nav,
                pnl=self.earned,
                hedged=self.ledger.step_hedged,
                realised_vol=vol,
                implied_vol=float(nearest.vol(0.0)) if nearest else 0.0,
                worst_jump=worst,
                jump_limit=limit,
            )
        )

    def _mark(self, snap: Snapshot, price: float, vol: float) -> PnlState:
        """What the Vault is worth, and by cause what it earned since it was marked last. Once surfaces
        have ended, the book is worth what the next one would have said."""
        book, nodes = self.ledger.book()
        now = snap.timestamp
        if self.aftermath.is_dead:
            alive = sorted({leg.expiry for leg in book if leg.expiry > now})
            said = {s.expiry: s for s in self._surfaces.slices(now, vol, alive)}
            self.ledger.surface = {**self.ledger.surface, **said}
        surface = self.ledger.surface
        bare = PnlState(now, price, 0.0, snap.position / WAD, book, surface)
        cash = (snap.funds.cash - snap.funds.exits - snap.claims) / USD
        nav = cash + self.ledger.own_equity(snap.account.equity / WAD) - liability(bare, nodes)
        state = PnlState(now, price, nav, bare.hedge, book, surface)
        self._attribute(state, nodes)
        return state

    def _attribute(self, state: PnlState, nodes: Nodes) -> None:
        """What the Vault earned since the last state, by cause."""
        counts = self._state is not None
        funding = self.ledger.carry.take(held=bool(state.hedge), counts=counts)
        flows = self.ledger.flows.take(funding)
        if self._state is not None:
            self.lp_flows += flows.lp_flows
            self.earned = self.earned + step(self._state, state, flows, self._nodes)
        self._state, self._nodes = state, nodes

    def finish(self, wall: float, complete: bool) -> ReplayResult:
        """The summary of what there is so far."""
        summary = summarise(
            self.settings, self.ledger, self.extremes, self.rows, self.lp_flows, self.earned,
            blocks=self.stage.engine.block(), complete=complete, wall=wall,
        )  # fmt: skip
        if self.aftermath.is_asked:
            summary["aftermath"] = self.aftermath.figures(self.rows)
        return ReplayResult(summary, self.rows, self.ledger.events, complete)


def replay(
    settings: ReplaySettings,
    watch: Watch | None = None,
    hire: Callable[[Replay], Kept] = _local,
) -> ReplayResult:
    """Run a replay. Interrupting it (Ctrl-C) ends it early with what there is so far. hire: who keeps
    the market, asked at the beginning and where the window begins."""
    began = clock.perf_counter()
    stage = set_stage(settings)
    visits, flow = settings.visits, settings.flow
    times, prices = visits.time.tolist(), visits.price.tolist()
    start, end = int(times[0]), int(times[-1])
    intents = with_knowledge(by_visit(arrivals(flow, start, end), visits), visits, flow)
    with stage.engine, stoppable("what was replayed is told") as stop:
        run = Replay(settings, stage, hire)
        run.inherit(start - LEAD, float(prices[0]), standing_book(flow, start - LEAD, end))
        seen = 0
        for i, (time, price) in enumerate(zip(times, prices, strict=True)):
            if stop.is_set():
                break
            until = int(times[i + 1]) if i + 1 < len(times) else int(time)
            run.visit(int(time), float(price), intents[i], until)
            if watch is not None:
                watch(i + 1, len(times), run.ledger.events[seen:])
                seen = len(run.ledger.events)
        complete = len(run.rows) == len(times)
        if complete and run.aftermath.is_asked:
            run.pay_out()
        return run.finish(clock.perf_counter() - began, complete)
