"""The replay: real contracts on a real venue through a path of prices.

At each visited price: the feed is pushed (first transaction of its own block), surfaces are
posted, strangers act before or after our orders, expiries settle, traders trade, the keeper moves
margin and hedges. Then the state is recorded. Nothing is skipped when a step reverts: the revert
is an outcome, counted by its name.
"""

from __future__ import annotations

import signal
import threading
import time as clock
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from keeper.engine.base import Call, Receipt
from keeper.errors import Reverted
from keeper.feeds.flow import TradeIntent, arrivals, by_visit, standing_book
from keeper.feeds.realised import RealisedVol
from keeper.feeds.surface import ListedSlice, SurfaceSource
from keeper.replay.actors import Crowd, Keeper, SecondLp
from keeper.replay.ledger import Ledger
from keeper.replay.pnl import liability, step
from keeper.replay.settings import ReplaySettings
from keeper.replay.stage import LEAD, Stage, set_stage, to_wad
from keeper.replay.summary import Extremes, summarise
from keeper.replay.traders import Traders
from keeper.replay.types import Event, PnlState, PnlTerms, StepRow
from keeper.replay.valuation import Nodes
from keeper.snapshot import Snapshot

WAD = 10**18
USD = 10**6
HOUR = 3_600
DAY = 86_400
ROUNDS = 3
POKE_EVERY = 4 * HOUR
AT_ONCE = 3

Watch = Callable[[int, int, Sequence[Event]], None]
"""Called after each visit with the visits done, all visits, and the new events."""


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """What a run leaves behind. `complete` is False for one that was cancelled."""

    summary: dict[str, Any]
    rows: list[StepRow]
    events: list[Event]
    complete: bool


@dataclass(slots=True)
class Replay:
    """One run in progress."""

    settings: ReplaySettings
    stage: Stage
    ledger: Ledger = field(init=False)
    traders: Traders = field(init=False)
    keeper: Keeper = field(init=False)
    crowd: Crowd = field(init=False)
    second_lp: SecondLp = field(init=False)
    realised: RealisedVol = field(default_factory=RealisedVol)
    extremes: Extremes = field(default_factory=Extremes)
    rows: list[StepRow] = field(default_factory=list)
    earned: PnlTerms = field(default_factory=PnlTerms)
    lp_flows: float = 0.0
    _state: PnlState | None = None
    _nodes: Nodes | None = None
    _past: dict[int, ListedSlice] = field(default_factory=dict)
    _pending_funding: float = 0.0
    _poked_at: int = 0

    def __post_init__(self) -> None:
        stage, s = self.stage, self.settings
        self.ledger = Ledger(stage.tandem.venue.address)
        self.traders = Traders(stage, self.ledger)
        self.keeper = Keeper(stage, self.ledger, s, SurfaceSource(s.surface))
        self.crowd = Crowd(stage, self.ledger, np.random.default_rng([s.seed, 3]))
        visits = s.candles.visits()
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
        up. Nothing is recorded yet."""
        for i in range(0, len(intents), AT_ONCE):
            self._act(time + 60 * i, price, intents[i : i + AT_ONCE])

    def visit(self, time: int, price: float, intents: Sequence[TradeIntent]) -> None:
        """Everything that happens at one price."""
        snap, vol = self._act(time, price, intents)
        self._record(snap, price, vol)

    def _act(
        self, time: int, price: float, intents: Sequence[TradeIntent]
    ) -> tuple[Snapshot, float]:
        """The state after the last transaction at this price, and realised volatility."""
        index, ledger = to_wad(price), self.ledger
        vol = self.realised.update(time, price)
        strangers_first = self.crowd.comes_first()
        arbitrage_first = strangers_first or self.crowd.is_gap(ledger.spot or price, price)
        ledger.spot, ledger.at_index = price, False
        ledger.last_hedge, ledger.step_hedged = None, 0.0
        self.stage.calendar.keep(time, price)
        snap = self._open_block(time, index, vol, bool(intents), arbitrage_first)
        if self.rows:
            self.extremes.between(snap)
        acted = strangers_first and self.crowd.liquidate(snap)
        if acted:
            self.keeper.retry()
        acted |= self._settle(snap)
        if time - self.keeper.posted_at < HOUR // 4:  # the Vault's mark needs a fresh surface
            acted |= self.second_lp.act(self.stage.engine.now())
            acted |= self._poke(snap)
        for intent in intents:
            self.traders.act(intent, self.keeper.slices, price)
            acted = True
        snap = self._hedge(self.keeper.read() if acted else snap, vol)
        if not arbitrage_first:
            self.crowd.arbitrage(index)
        liquidated = not strangers_first and self.crowd.liquidate(snap)
        if liquidated:
            self.keeper.retry()
        if liquidated or (self.keeper.waits and not arbitrage_first):
            snap = self._hedge(self.keeper.read(), vol)
        return snap, vol

    def _open_block(
        self, time: int, index: int, vol: float, wanted: bool, arbitrage_first: bool
    ) -> Snapshot:
        """Feed, signer and, where he is first, the arbitrageur in one block; the state after it."""
        feed: list[Call] = self.stage.curie.set_index_calls(index)
        posts = self.keeper.surface_calls(time, vol, wanted)
        step = self.stage.curie.arbitrage_call(index) if arbitrage_first else None
        calls = [*feed, *posts, *([step] if step else [])]
        results = self.stage.engine.send_many(calls, timestamp=time)
        for place, result in enumerate(results):
            if isinstance(result, Receipt):
                continue
            if len(feed) <= place < len(feed) + len(posts):
                self.ledger.refuse(time, "surface", result.reason)
            else:
                who = "feed" if place < len(feed) else "arbitrage"
                self.ledger.refused[f"{who}: {result.reason}"] += 1
        if arbitrage_first:
            self.crowd.arrived(step, index)
        return self.keeper.read()

    def _hedge(self, snap: Snapshot, vol: float) -> Snapshot:
        """Margin, then the residual; again while a larger hedge asks for more margin."""
        for _ in range(ROUNDS):
            if self.keeper.move_margin(snap):
                snap = self.keeper.read()
            if not self.keeper.hedge(snap, vol):
                break
            snap = self.keeper.read()
        return snap

    def _settle(self, snap: Snapshot) -> bool:
        due = [e.expiry for e in snap.unsettled]
        for expiry in due:
            price = self.keeper.settle(expiry)
            if price is not None:
                self.stage.calendar.forget(expiry)
                self.traders.redeem(expiry, price)
        return bool(due)

    def _poke(self, snap: Snapshot) -> bool:
        """Refresh the Vault's mark every few hours; process exits when some wait."""
        now = self.stage.engine.now()
        if now - self._poked_at < POKE_EVERY or snap.unsettled:
            return False
        self._poked_at = now
        vault, keeper = self.stage.tandem.vault, self.stage.tandem.keeper
        waits = snap.funds.queued > 0 and now > self.second_lp.leave_at + DAY
        try:
            fn, args = ("process", (2,)) if waits else ("poke", ())
            receipt = vault.send(fn, *args, sender=keeper)
        except Reverted as error:
            self.ledger.refuse(now, "keeper poke", error.reason)
            return False
        if waits:
            self.ledger.read(receipt, "process")
            for log in receipt.events("EpochProcessed"):
                text = f"exits processed: {log['assets'] / USD:,.0f} USD set aside"
                self.ledger.note(now, "exit", text, log["assets"] / USD, receipt.gas_used)
        return waits

    # ---- recording
    def _record(self, snap: Snapshot, price: float, vol: float) -> None:
        """State, flows and figures after the last transaction of this visit."""
        book, nodes = self.ledger.book()
        self._past.update(self.keeper.slices)
        now = snap.timestamp
        bare = PnlState(now, price, 0.0, snap.position / WAD, book, dict(self._past))
        cash = (snap.funds.cash - snap.funds.exits - snap.claims) / USD
        nav = cash + self.ledger.own_equity(snap.account.equity / WAD) - liability(bare, nodes)
        self._attribute(PnlState(now, price, nav, bare.hedge, book, bare.surface), nodes)
        stance = snap.stance
        self.extremes.after(abs(stance.residual) / WAD, stance.hard / WAD)
        nearest = min(
            (s for s in self.keeper.slices.values() if s.expiry > now),
            key=lambda s: s.expiry,
            default=None,
        )
        self.rows.append(
            StepRow(
                time=now,
                spot=price,
                book_delta=-stance.delta / WAD,
                hedge=bare.hedge,
                residual=stance.residual / WAD,
                trigger=stance.trigger / WAD,
                hard_band=stance.hard / WAD,
                floor=snap.floor / USD,
                nav=nav,
                pnl=self.earned,
                hedged=self.ledger.step_hedged,
                realised_vol=vol,
                implied_vol=float(nearest.vol(0.0)) if nearest else 0.0,
            )
        )

    def _attribute(self, state: PnlState, nodes: Nodes) -> None:
        """What the Vault earned since the last state, by cause."""
        pending = self.keeper.pending_funding
        self.ledger.flows.funding -= pending - self._pending_funding
        self._pending_funding = pending
        flows = self.ledger.flows.take()
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
        return ReplayResult(summary, self.rows, self.ledger.events, complete)


@contextmanager
def stoppable() -> Generator[threading.Event]:
    """Ctrl-C sets the flag, so that the price in progress is finished; a second one interrupts."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = signal.getsignal(signal.SIGINT)

    def ask(_number: int, _frame: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def replay(settings: ReplaySettings, watch: Watch | None = None) -> ReplayResult:
    """Run a replay. Interrupting it (Ctrl-C) ends it early with what there is so far."""
    began = clock.perf_counter()
    stage = set_stage(settings)
    visits, flow = settings.candles.visits(), settings.flow
    times, prices = visits.time.tolist(), visits.price.tolist()
    start, end = int(times[0]), int(times[-1])
    intents = by_visit(arrivals(flow, start, end), visits)
    with stage.engine, stoppable() as stop:
        run = Replay(settings, stage)
        run.inherit(start - LEAD, float(prices[0]), standing_book(flow, start - LEAD, end))
        seen = 0
        for i, (time, price) in enumerate(zip(times, prices, strict=True)):
            if stop.is_set():
                break
            run.visit(int(time), float(price), intents[i])
            if watch is not None:
                watch(i + 1, len(times), run.ledger.events[seen:])
                seen = len(run.ledger.events)
        complete = len(run.rows) == len(times)
        return run.finish(clock.perf_counter() - began, complete)
