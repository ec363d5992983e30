"""The replay: real contracts on a real venue through a path of prices.

At each visited price: the feed is pushed (first transaction of its own block), surfaces are
posted, the arbitrageur acts before or after our orders, expiries settle, traders trade, the keeper
moves margin and hedges. Then the state is recorded. Nothing is skipped when a step reverts: the
revert is an outcome, counted by its name.
"""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from keeper.engine.base import Call, Receipt
from keeper.errors import Reverted
from keeper.feeds.flow import TradeIntent, arrivals, by_visit, standing_book
from keeper.feeds.realised import RealisedVol
from keeper.feeds.surface import ListedSlice, SurfaceSource
from keeper.replay.actors import Crowd, Keeper, SecondLp, Traders
from keeper.replay.ledger import Ledger
from keeper.replay.pnl import attribute, cents, liability, running, total
from keeper.replay.settings import ReplaySettings
from keeper.replay.stage import Stage, set_stage, to_wad
from keeper.replay.types import Event, PnlFlows, PnlState, PnlTerms, StepRow
from keeper.snapshot import Snapshot

WAD = 10**18
USD = 10**6
HOUR = 3_600
DAY = 86_400
ROUNDS = 3

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
class _Extremes:
    """Largest figures seen, in the units of their names."""

    residual_eth: float = 0.0
    after_over_band: float = 0.0
    between_over_band: float = 0.0
    floor_usd: float = float("inf")
    floor_over_nav: float = float("inf")

    def between(self, snap: Snapshot) -> None:
        if snap.stance.hard:
            ratio = abs(snap.stance.residual) / snap.stance.hard
            self.between_over_band = max(self.between_over_band, ratio)

    def after(self, residual: float, hard: float) -> None:
        self.residual_eth = max(self.residual_eth, residual)
        if hard:
            self.after_over_band = max(self.after_over_band, residual / hard)

    def solvency(self, floor: float, nav: float) -> None:
        self.floor_usd = min(self.floor_usd, floor)
        self.floor_over_nav = min(self.floor_over_nav, floor / nav if nav > 0 else 0.0)


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
    extremes: _Extremes = field(default_factory=_Extremes)
    states: list[PnlState] = field(default_factory=list)
    flows: list[PnlFlows] = field(default_factory=list)
    rows: list[StepRow] = field(default_factory=list)
    past: dict[int, ListedSlice] = field(default_factory=dict)
    pending_funding: float = 0.0
    poked_at: int = 0

    def __post_init__(self) -> None:
        stage, s = self.stage, self.settings
        self.ledger = Ledger(stage.tandem.venue.address)
        self.traders = Traders(stage, self.ledger)
        self.keeper = Keeper(stage, self.ledger, s, SurfaceSource(s.surface))
        self.crowd = Crowd(stage, self.ledger, np.random.default_rng([s.seed, 3]))
        visits = s.candles.visits()
        start, end = int(visits.time[0]), int(visits.time[-1])
        amount = round(0.1 * s.nav) * USD if s.lp_flows else 0
        never = end + DAY
        self.second_lp = SecondLp(
            stage,
            self.ledger,
            amount,
            start + (end - start) // 4 if s.lp_flows else never,
            start + (end - start) // 2 if s.lp_flows else never,
        )

    # ---- one visited price
    def visit(self, time: int, price: float, intents: Sequence[TradeIntent]) -> None:
        """Everything that happens at one price."""
        index = to_wad(price)
        vol = self.realised.update(time, price)
        first = self.crowd.goes_first()
        self.stage.calendar.keep(time, price)
        snap = self._open_block(time, index, vol, bool(intents))
        self.ledger.last_hedge = None
        self.ledger.step_hedged = 0.0
        self.extremes.between(snap)
        if first:
            self.crowd.arbitrage(index)
        acted = self._settle(snap)
        self.second_lp.act(self.stage.engine.now())
        acted |= self._poke(snap)
        for intent in intents:
            self.traders.act(intent, self.keeper.slices, price)
            acted = True
        snap = self._hedge(self.keeper.read() if acted else snap, vol)
        if not first:
            self.crowd.arbitrage(index)
        if self.crowd.liquidate(snap, price):
            snap = self.keeper.read()
        self._record(snap, price, vol)

    def _open_block(self, time: int, index: int, vol: float, wanted: bool) -> Snapshot:
        """The feed and the signer in one block; the state after it."""
        calls: list[Call] = self.stage.curie.set_index_calls(index)
        posts = self.keeper.surface_calls(time, vol, wanted)
        calls.extend(posts)
        results = self.stage.engine.send_many(calls, timestamp=time)
        for call, result in zip(calls, results, strict=True):
            if isinstance(result, Receipt):
                continue
            if call in posts:
                self.ledger.refuse(time, "surface", result.reason)
            else:
                self.ledger.reverted[f"arbitrage: {result.reason}"] += 1
        return self.keeper.read()

    def _hedge(self, snap: Snapshot, vol: float) -> Snapshot:
        """Margin, then the residual; again while a larger hedge asks for more margin."""
        for _ in range(ROUNDS):
            moved = self.keeper.move_margin(snap)
            if moved:
                snap = self.keeper.read()
            hedged = self.keeper.hedge(snap, vol)
            if hedged:
                snap = self.keeper.read()
            if not hedged:
                break
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
        """Refresh the Vault's mark each hour; process exits when some wait."""
        now = self.stage.engine.now()
        if now - self.poked_at < 4 * HOUR or not snap.surface_fresh or snap.unsettled:
            return False
        self.poked_at = now
        vault, keeper = self.stage.tandem.vault, self.stage.tandem.keeper
        try:
            waits = snap.funds.queued > 0 and now > self.second_lp.leave_at + DAY
            fn, args = ("process", (2,)) if waits else ("poke", ())
            receipt = vault.send(fn, *args, sender=keeper)
        except Reverted as error:
            self.ledger.refuse(now, "vault", error.reason)
            return False
        if waits:
            self.ledger.read(receipt, "process")
            for log in receipt.events("EpochProcessed"):
                text = f"exits processed: {log['assets'] / USD:,.0f} USD set aside"
                self.ledger.note(now, "exit", text, log["assets"] / USD, receipt.gas_used)
        return waits

    def _record(self, snap: Snapshot, price: float, vol: float) -> None:
        """State, flows and figures after the last transaction of this visit."""
        book = self.ledger.book()
        self.past.update(self.keeper.slices)
        surface = dict(self.past)
        now = snap.timestamp
        bare = PnlState(now, price, 0.0, snap.position / WAD, book, surface)
        worth = liability(bare) if book else 0.0
        cash = (snap.funds.cash - snap.funds.exits - snap.claims) / USD
        nav = cash + snap.account.equity / WAD - worth
        self._fund()
        state = PnlState(now, price, nav, snap.position / WAD, book, surface)
        if self.states:
            self.flows.append(self.ledger.flows.take())
        else:
            self.ledger.flows.take()
        self.states.append(state)
        stance = snap.stance
        residual, hard = abs(stance.residual) / WAD, stance.hard / WAD
        self.extremes.after(residual, hard)
        self.extremes.solvency(snap.floor / USD, nav)
        nearest = min(self.keeper.slices.values(), key=lambda s: s.expiry, default=None)
        self.rows.append(
            StepRow(
                time=now,
                spot=price,
                book_delta=-stance.delta / WAD,
                hedge=snap.position / WAD,
                residual=stance.residual / WAD,
                trigger=stance.trigger / WAD,
                hard_band=hard,
                floor=snap.floor / USD,
                nav=nav,
                hedged=self.ledger.step_hedged,
                realised_vol=vol,
                implied_vol=float(nearest.vol(0.0)) if nearest else 0.0,
            )
        )

    def _fund(self) -> None:
        """Funding that accrued at the venue since the last visit and is not yet settled."""
        curie, venue = self.stage.curie, self.stage.tandem.venue
        pending = curie.exchange.call("getPendingFundingPayment", venue, curie.base) / WAD
        self.ledger.flows.funding -= pending - self.pending_funding
        self.pending_funding = pending

    # ---- the end
    def finish(self, wall: float, complete: bool) -> ReplayResult:
        """Attribution, summary, and the rows with their running P&L."""
        terms = attribute(self.states, self.flows) if len(self.states) > 1 else []
        sums = [PnlTerms(), *running(terms)]
        rows = [replace(row, pnl=pnl) for row, pnl in zip(self.rows, sums, strict=True)]
        ledger, most = self.ledger, self.extremes
        first, last = (self.states[0].nav, self.states[-1].nav) if self.states else (0.0, 0.0)
        flows = sum(flow.lp_flows for flow in self.flows)
        pnl = cents(total(terms))
        summary: dict[str, Any] = {
            "blocks": self.stage.engine.block(),
            "visits": len(self.rows),
            "complete": complete,
            "engine": self.settings.engine,
            "trades": ledger.trades,
            "trades_reverted": dict(sorted(ledger.reverted.items())),
            "hedges": ledger.hedges,
            "hedged_eth": round(ledger.hedged_eth, 3),
            "hedge_cost_per_eth_usd": round(ledger.venue_cost / ledger.hedged_eth, 4)
            if ledger.hedged_eth
            else None,
            "pool_depth_usd": self.settings.depth,
            "pool_fee_bps": self.settings.fee_bps,
            "max_abs_residual_delta_eth": round(most.residual_eth, 6),
            "max_residual_over_band": round(most.after_over_band, 6),
            "max_residual_over_band_between": round(most.between_over_band, 6),
            "max_open_residual_over_band": round(ledger.open_over_band, 6),
            "floor_min_usd": round(most.floor_usd, 2) if rows else None,
            "floor_min_over_nav": round(most.floor_over_nav, 6) if rows else None,
            "nav_start_usd": round(first, 2),
            "nav_end_usd": round(last, 2),
            "lp_flows_usd": round(flows, 2),
            "pnl": pnl,
            "options_settled": ledger.settled_units / USD,
            "payouts_usd": round(ledger.payouts / USD, 2),
            "gas": ledger.gas_figures(),
            "gas_is_real": self.settings.engine == "anvil",
            "wall_s": round(wall, 2),
        }
        return ReplayResult(summary, rows, ledger.events, complete)


def replay(settings: ReplaySettings, watch: Watch | None = None) -> ReplayResult:
    """Run a replay. Interrupting it (Ctrl-C) ends it early with what there is so far."""
    began = clock.perf_counter()
    stage = set_stage(settings)
    complete = True
    with stage.engine:
        run = Replay(settings, stage)
        visits = settings.candles.visits()
        times, prices = visits.time.tolist(), visits.price.tolist()
        start, end = int(times[0]), int(times[-1])
        flow = settings.flow
        intents = by_visit(arrivals(flow, start, end), visits)
        standing = standing_book(flow, start, end)
        try:
            for i, (time, price) in enumerate(zip(times, prices, strict=True)):
                seen = len(run.ledger.events)
                todo = (*standing, *intents[i]) if i == 0 else intents[i]
                run.visit(int(time), float(price), todo)
                if watch is not None:
                    watch(i + 1, len(times), run.ledger.events[seen:])
        except KeyboardInterrupt:
            complete = False
        return run.finish(clock.perf_counter() - began, complete)
