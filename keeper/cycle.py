"""One cycle of the keeper: reconcile, then snapshot, plan, act, journal until nothing is due.

The same code runs under Silverback, in `tandem run`, and in tests; who calls it and when is not
its business.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from keeper.engine.base import Contract, Tx
from keeper.engine.remote import RemoteEngine
from keeper.errors import TandemError
from keeper.execution.sender import Result, Sender
from keeper.execution.surface_desk import Posted, SurfaceDesk
from keeper.feeds.realised import RealisedVol
from keeper.journal import State
from keeper.planner import Facts, Intent, Kind, Plan, PlannerSettings, plan
from keeper.policy.types import Policy
from keeper.protocol.deployment import Handles
from keeper.protocol.rounds import settlement_round
from keeper.snapshot import WAD, Snapshot, read_snapshot

MOST_STEPS = 16
GAS: dict[Kind, int] = {
    Kind.SETTLE: 2_000_000,
    Kind.TOP_UP: 1_500_000,
    Kind.REBALANCE: 3_000_000,
    Kind.SWEEP: 1_500_000,
    Kind.PROCESS: 4_000_000,
    Kind.POST: 3_000_000,
}
"""Gas limits; what is used is less."""
REBALANCE_GAS = 1_000_000
"""What a rebalance uses, for its cost."""


@dataclass(frozen=True, slots=True)
class Done:
    """An intent and what came of it."""

    intent: Intent
    result: Result


@dataclass(slots=True)
class Keeper:
    """One market, one account or none. Without a sender it can look and plan, not act."""

    engine: RemoteEngine
    handles: Handles
    policy: Policy
    settings: PlannerSettings
    desk: SurfaceDesk | None = None
    sender: Sender | None = None
    realised: RealisedVol = field(default_factory=RealisedVol)
    follow_realised: bool = False
    """Whether surfaces follow realised volatility; else they keep the level that it starts from."""
    say: Callable[[str], None] = lambda _: None
    _refused: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # ---- looking
    def observe(self) -> tuple[Snapshot, Facts]:
        """Snapshot and facts, all at one block: the node's number of it, because on some chains a
        contract sees another chain's."""
        with self.engine.pinned(self.engine.block()):
            snapshot = read_snapshot(self.handles.lens)
            return snapshot, self._facts(snapshot)

    def _facts(self, snapshot: Snapshot) -> Facts:
        h = self.handles
        vol = self._volatility(snapshot)
        rounds = {e.expiry: self._round(e.expiry) for e in snapshot.unsettled}
        return Facts(
            rounds={expiry: found for expiry, found in rounds.items() if found is not None},
            top_up=self._would(h.router, "top_up") if snapshot.account.top_up else 0,
            sweep=self._would(h.router, "sweep"),
            exits=self._would(h.vault, "process", self.settings.epochs),
            slices=self._slices(snapshot, vol),
            realised_vol=vol,
            gas_cost=self._gas_cost(snapshot),
        )

    def _volatility(self, snapshot: Snapshot) -> float:
        """Realised volatility, with this snapshot's price taken in."""
        if not snapshot.spot:
            return self.realised.start
        return self.realised.update(snapshot.timestamp, snapshot.spot / WAD)

    def _round(self, expiry: int) -> int | None:
        return settlement_round(self.handles.feed, self.handles.spot, expiry)

    def _would(self, contract: Contract, fn: str, *args: int) -> int:
        """What a call would return now, 0 where it would be refused."""
        function = contract.abi.function(fn, len(args))
        outcome = self.engine.simulate(
            Tx(self.account, contract.address, function.encode(args), GAS[Kind.PROCESS])
        )
        return int(function.decode(outcome.output)) if outcome.ok else 0

    def _slices(self, snapshot: Snapshot, vol: float) -> dict[int, int]:
        if self.desk is None:
            return {}
        return self.desk.due(
            snapshot, self._posted(), vol if self.follow_realised else self.realised.start
        )

    def _posted(self) -> list[Posted]:
        return [Posted.decode(raw) for raw in self.handles.surface.call("slices")]

    def _gas_cost(self, snapshot: Snapshot) -> float:
        price = int(self.engine.request("eth_gasPrice", []), 16)
        return price / WAD * REBALANCE_GAS * snapshot.spot / WAD

    @property
    def account(self) -> str:
        """Who sends; without a key, whoever has none to lose."""
        return self.sender.signer.address if self.sender else self.engine.accounts[0]

    def plan(self) -> tuple[Snapshot, Plan]:
        """What is due now. Sends nothing."""
        snapshot, facts = self.observe()
        return snapshot, plan(snapshot, facts, self.policy, self.settings)

    # ---- acting
    def cycle(self) -> list[Done]:
        """Everything that is due, one transaction at a time, each planned on the state that the
        one before it left. A cycle that finds another running does nothing."""
        if self.sender is None:
            raise TandemError("there is no key to act with", "set TANDEM_KEY, or use --dry-run")
        if not self._lock.acquire(blocking=False):
            return []
        try:
            return self._cycle(self.sender)
        finally:
            self._lock.release()

    def close(self) -> None:
        """Stop waiting for blocks, let a running cycle end, and let go of the journal."""
        if self.sender is None:
            return
        self.sender.stopping.set()
        with self._lock:
            self.sender.journal.close()

    def _cycle(self, sender: Sender) -> list[Done]:
        waiting = sender.reconcile()
        if waiting:
            self.say(f"waiting for {len(waiting)} transaction(s) to be mined")
            return []
        done: list[Done] = []
        tried: set[str] = set()
        while len(done) < MOST_STEPS and not sender.stopping.is_set():
            snapshot, due = self.plan()
            following = next((i for i in due.intents if i.key not in tried), None)
            if following is None:
                break
            tried.add(following.key)
            result = self._act(sender, snapshot, following)
            done.append(Done(following, result))
            if result.state is State.SENT:
                break
        return done

    def _act(self, sender: Sender, snapshot: Snapshot, intent: Intent) -> Result:
        result = sender.send(intent.kind, intent.args, intent.reason, self._tx(snapshot, intent))
        if result.state is not State.DROPPED or self._refused.get(intent.kind) != result.note:
            note = f": {result.note}" if result.note else ""
            self.say(f"{intent.kind} ({intent.reason}): {result.state}{note}")
        self._refused[intent.kind] = result.note if result.state is State.DROPPED else ""
        return result

    def _tx(self, snapshot: Snapshot, intent: Intent) -> Tx:
        h, args = self.handles, intent.args
        match intent.kind:
            case Kind.SETTLE:
                contract, fn, call = h.market, "settle", args
            case Kind.REBALANCE:
                contract, fn, call = h.market, "rebalance", args
            case Kind.TOP_UP | Kind.SWEEP:
                contract, fn, call = h.router, intent.kind.value, args
            case Kind.PROCESS:
                contract, fn, call = h.vault, "process", args
            case Kind.POST:
                contract, fn, call = h.surface, "post", self._signed(snapshot, intent)
        data = contract.abi.function(fn, len(call)).encode(call)
        return Tx(self.account, contract.address, data, GAS[intent.kind])

    def _signed(self, snapshot: Snapshot, intent: Intent) -> tuple[object, ...]:
        if self.desk is None:
            raise TandemError("there is no surface key", "set TANDEM_SURFACE__KEYS")
        expiry, word = intent.args
        posted = {p.expiry: p for p in self._posted()}
        return self.desk.signed(expiry, word, snapshot.timestamp, posted)
