"""The keeper: one snapshot, one plan, one act, and again until nothing is due.

`Keeper.cycle` is the whole of it, and everything that keeps a market calls it: the Silverback bot,
`tandem run`, a replay and the demo on recorded prices; a dry run stops after the plan. Engines differ
in who signs and in when a block comes, nothing else: the outbox is a journal with a key live, an
unlocked account in a replay. So recorded prices show what would have run.

A cycle is run once for every block. Inside it the first intent of a plan is sent (posts of one plan
together: they touch nothing else), and the next plan is made on the state that it left; an intent
that was tried is not tried again until the next block. The policy is asked once about each state
that is seen, the same block twice being the same state. An acting answer may come to nothing (margin
comes first, or the chain refuses the order): a policy that keeps state sees it by the hedge, which
has not moved.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from keeper.acts import ACTS, limit_of
from keeper.agreement import confirm
from keeper.dice import Dice
from keeper.execution.asking import AHEAD_SECONDS
from keeper.execution.outbox import Outbox, Result
from keeper.execution.reverts import Reverts
from keeper.execution.signers import SignersError
from keeper.journal import State
from keeper.journal_rows import OPEN
from keeper.logs import QUIET, Log
from keeper.observer import Observer
from keeper.pauses import Pauses
from keeper.planner import Facts, Intent, Kind, Plan, plan, post_of, slices_of
from keeper.policy.once import Once
from keeper.policy.types import Policy
from keeper.standing import Standing, of_market
from tandem.engine.base import Tx
from tandem.engine.bound import Prepared
from tandem.errors import TandemError
from tandem.protocol.bindings.structs import SignedSlice, Snapshot
from tandem.protocol.handles import Handles

MOST_STEPS = 16


@dataclass(frozen=True, slots=True)
class Done:
    """An intent and what came of it."""

    intent: Intent
    result: Result


@dataclass(slots=True)
class Keeper:
    """One market, one account or none. Without an outbox it can look and plan, not act."""

    observer: Observer
    policy: Policy
    sender: Outbox | None = None
    log: Log = QUIET
    before: Callable[[], None] = lambda: None
    """Called before anything is sent; raises where nothing may be."""
    saw: Callable[[int, Snapshot, Facts, Plan], None] = lambda *_: None
    """Told of each block that was looked at, and of what is due by it."""
    pauses: Pauses | None = None
    """What its operator stopped; None where nobody could."""
    dice: Dice = field(default_factory=Dice)
    """By which trades at the venue come when nobody expects them."""
    utc: Callable[[], float] | None = None
    """The machine's clock; None where the chain has its own time."""
    name: str = ""
    """Of several markets that one outbox sends for; "" for the only one."""
    _refused: dict[str, str] = field(default_factory=dict)
    _reverted: Reverts = field(default_factory=Reverts)
    _under_way: dict[int, Kind] = field(default_factory=dict[int, Kind])
    """What was sent and not seen to its end, by its number in the journal."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _standing: Standing = field(init=False)
    _once: Once = field(init=False)

    def __post_init__(self) -> None:
        self.policy = self._once = Once(self.policy)
        self._standing = Standing(self.log)

    @property
    def account(self) -> str:
        """Who sends; without a key, whoever has none to lose."""
        return self.sender.account if self.sender else self.observer.engine.accounts[0]

    def plan(self) -> tuple[Snapshot, Plan]:
        """What is due now. Sends nothing."""
        snapshot, facts = self.observer.observe(self.account)
        found = plan(snapshot, facts, self.policy, self.observer.settings)
        if self.pauses is not None and (pause := self.pauses.look()) is not None:
            kept = tuple(each for each in found.intents if not pause.stops(each.kind))
            found = Plan(kept, (*found.notes, str(pause)))
        self.saw(self.observer.block, snapshot, facts, found)
        if self.sender is not None:
            utc = self.utc() if self.utc else None
            self._standing.look(of_market(snapshot, facts, utc))
        return snapshot, found

    def cycle(self, most: int = MOST_STEPS) -> list[Done]:
        """Everything that is due, up to so many acts. A cycle that finds another running does nothing. Raises
        what the policy or the forecaster failed with, once all that they have no say in was tried."""
        if self.sender is None:
            raise TandemError("there is no key to act with", "set TANDEM_KEY, or use --dry-run")
        if not self._lock.acquire(blocking=False):
            return []
        try:
            done = self._cycle(self.sender, most)
        finally:
            self._lock.release()
        self.check()
        return done

    def check(self) -> None:
        """Raises what the policy or the forecaster failed with since the last time."""
        self._once.check()
        self.observer.check()

    def close(self) -> None:
        """Stop waiting for blocks, let a running cycle end, and let go of the outbox."""
        self.stop_asking()
        if self.sender is None:
            return
        self.sender.stopping.set()
        with self._lock:
            self.sender.close()

    def stop_asking(self) -> None:
        """It is kept no more: nothing is asked for it in the background."""
        if (desk := self.observer.desk) is not None:
            desk.end()

    def due(self) -> Sequence[Intent]:
        """What would be tried now. Sends nothing."""
        snapshot, found = self.plan()
        return self._allowed(snapshot, found.intents)

    def _cycle(self, sender: Outbox, most: int) -> list[Done]:
        waiting = sender.reconcile()
        if waiting:
            self.log.info("waiting for transactions to be mined", count=len(waiting))
            if not sender.may_overtake():
                return []
        done: list[Done] = []
        tried: set[str] = set()
        while len(done) < MOST_STEPS and not sender.stopping.is_set():
            snapshot, plan = self.plan()
            self.observer.marks.begins(snapshot)
            intents = plan.intents
            if waiting:
                intents = tuple(intent for intent in intents if intent.urgent)
            following = _next(self._allowed(snapshot, intents), tried)
            if following:
                self.before()
                confirm(self.observer.handles, snapshot, self.observer.block)
            for intent in following:
                tried.add(intent.key)
                done.append(Done(intent, self._act(sender, snapshot, intent)))
                if done[-1].result.state is State.SENT or _sent(done) >= most:
                    return done
            if not following or waiting:
                break
        return done

    def _allowed(self, snapshot: Snapshot, intents: Sequence[Intent]) -> Sequence[Intent]:
        """Without what the chain reverted again and again."""
        now = snapshot.timestamp
        self._look_back(now)
        free = [
            each
            for each in intents
            if not self._reverted.is_held(each.kind, now, urgent=each.urgent)
        ]
        return self.dice.let(free, now)

    def _look_back(self, now: int) -> None:
        """What came of what an earlier cycle sent and did not see the end of."""
        for action, kind in list(self._under_way.items()):
            state = self.sender.state_of(action) if self.sender else State.DROPPED
            if state not in OPEN:
                del self._under_way[action]
                self._learn(kind, state, now)

    def _learn(self, kind: Kind, state: State, now: int) -> None:
        held = self._reverted.after(kind, state, now)
        if held:
            self.log.warning(
                "reverted again and again: not tried for now",
                intent=kind, times=held[0], seconds=held[1],
            )  # fmt: skip

    def _act(self, sender: Outbox, snapshot: Snapshot, intent: Intent) -> Result:
        try:
            tx = self._tx(snapshot, intent)
        except SignersError as error:  # which holds up nothing else
            result = Result(State.DROPPED, error.message)
        else:
            result = sender.send(
                intent.kind,
                intent.args,
                intent.reason,
                tx,
                urgent=intent.urgent,
                market=self.name,
            )
        self._learn(intent.kind, result.state, snapshot.timestamp)
        if intent.kind is Kind.REMARK and result.state is not State.DROPPED:
            self.observer.marks.made(snapshot.timestamp)
        if result.state is State.SENT:
            self._under_way[result.action] = intent.kind
        if result.state is not State.DROPPED or self._refused.get(intent.kind) != result.note:
            self._tell(intent, result)
        self._refused[intent.kind] = result.note if result.state is State.DROPPED else ""
        return result

    def _tell(self, intent: Intent, result: Result) -> None:
        """What came of an intent, by its state."""
        good = result.state in (State.MINED, State.SENT)
        (self.log.info if good else self.log.warning)(
            str(result.state), block=self.observer.block, hash=result.hash, intent=intent.kind,
            reason=intent.reason, note=result.note, action=result.action or None,
        )  # fmt: skip

    def _tx(self, snapshot: Snapshot, intent: Intent) -> Tx:
        call = ACTS[intent.kind].call(_Now(self, snapshot), intent.args)
        return call.tx(self.account, limit_of(intent.kind, snapshot))


@dataclass(frozen=True, slots=True)
class _Now:
    """A keeper at one block, as its acts need it."""

    keeper: Keeper
    snapshot: Snapshot

    @property
    def account(self) -> str:
        return self.keeper.account

    @property
    def handles(self) -> Handles:
        return self.keeper.observer.handles

    def stray(self, venue: str, token: str) -> Prepared[Any]:
        return self.keeper.observer.collateral.call(venue, token)

    def signed(self, slices: Mapping[int, int]) -> list[SignedSlice]:
        desk, utc, now = self.keeper.observer.desk, self.keeper.utc, self.snapshot.timestamp
        if desk is None:
            raise TandemError("there is no surface key", "set TANDEM_SURFACE__KEYS")
        ahead = now - utc() if utc else 0
        if ahead > AHEAD_SECONDS:
            raise SignersError(
                f"the chain's clock is {ahead:.0f} s before this machine's: no surface is signed for then",
                "whoever had it could post it when that moment is there; see `tandem doctor`",
            )
        return [desk.signed(expiry, word, now) for expiry, word in slices.items()]


def _sent(done: Sequence[Done]) -> int:
    """How many of them left."""
    return sum(each.result.state is not State.DROPPED for each in done)


def _next(intents: Sequence[Intent], tried: set[str]) -> list[Intent]:
    """The first intent that was not tried. Where it was and is several slices, each by itself: one that is
    refused holds up no other."""
    for intent in intents:
        if intent.key not in tried:
            return [intent]
        if intent.kind is Kind.POST and len(slices := slices_of(intent.args)) > 1:
            apart = [post_of({expiry: word}) for expiry, word in slices.items()]
            if left := [each for each in apart if each.key not in tried]:
                return left
    return []
