"""Markets that one key keeps on one chain: one node, one journal, and a turn for each.

At each block all of them are looked at in as many trips as one takes; then those act that have something
due, what is urgent first and the others in turns. One transaction of a key is on its way at a time, and while
others wait a turn is one transaction. What one market does not let pass is its own: it is told by its name,
rests for longer each time, and is looked at after the others; what another attempt does not mend ends that
market and no other. A market alone is looked at where it acts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from functools import partial

from keeper.cycle import MOST_STEPS, Done, Keeper
from keeper.journal import State
from keeper.logs import Log
from keeper.metrics import Meter
from keeper.planner import Intent
from keeper.runner import Runner
from tandem.engine.base import Call
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError, Reverted, TandemError
from tandem.protocol.waits import AccountUnknownError

SHARED_SECONDS = 5.0
"""For what all markets are asked at once."""
LEAST_SECONDS, LOOK_SECONDS = 1.0, 5.0
"""That one market has for what is asked of it alone, however many there are, and however few."""
FIRST_REST, LONGEST_REST = 1.0, 60.0
"""Seconds for which a market is left alone that could not be read, and after many times."""
MOST_FAILURES = 3
"""In a row, of what nobody foresaw, before a market is given up."""
AWAY = 3
"""Markets in a row that cannot be read: it is the node."""


@dataclass(slots=True)
class Seat:
    """One market's."""

    name: str
    keeper: Keeper
    meter: Meter
    runner: Runner
    log: Log
    block: int = -1
    """That it was looked at last."""
    due: Sequence[Intent] = ()
    must_act: bool = False
    """Where only a cycle tells what is due."""
    failures: int = 0
    """In a row."""
    unforeseen: int = 0
    rests_until: float = 0.0
    halted: TandemError | None = None

    @property
    def is_urgent(self) -> bool:
        """Whether something is due that waits for nothing else."""
        return any(intent.urgent for intent in self.due)

    def look(self) -> bool:
        """What is due, into `due`; whether it could be read."""

        def look() -> bool:
            self.due, self.must_act = (), False
            try:
                self.due = self.meter.look(self.keeper)
            except AccountUnknownError:
                self.must_act = True
            return True

        return bool(self.guarded(look))

    def guarded(self, act: Callable[[], object]) -> object:
        """What an act gives, None where it failed. What does not pass by itself halts this market."""
        found = None
        try:
            found = self.runner.once(act)
        except TandemError as error:
            self.halt(error)
        except Exception as error:
            self.log.exception("cycle failed")
            self.unforeseen += 1
            if self.unforeseen > MOST_FAILURES:
                why = f"too many cycles failed in a row: {error!r}"
                self.halt(TandemError(why, "look at the log; a restart begins anew"))
        if found is None:
            self.failures += 1
            rest = min(FIRST_REST * 2 ** (self.failures - 1), LONGEST_REST)
            self.rests_until = time.monotonic() + rest
        else:
            self.failures = self.unforeseen = 0
        return found

    def halt(self, error: TandemError) -> None:
        """It is kept no more; the others are."""
        self.halted, self.meter.halted = error, error.message
        self.log.error("market halted", error=error.message, hint=error.hint)


@dataclass(slots=True)
class Group:
    """All of them. runner: of what is asked for all; seconds: that a round may take; act: what a market does
    in its turn, by how many acts at the most; halted: told of each market that ends."""

    engine: RemoteEngine
    seats: Sequence[Seat]
    runner: Runner
    seconds: float
    act: Callable[[Seat, int, int], list[Done]]
    halted: Callable[[Seat], None] = lambda _: None
    is_dry: bool = False
    mine: Callable[[Seat], bool] | None = None
    """Which markets are this process's now, where several share them."""
    _told: set[str] = field(default_factory=set[str])
    _block: int = -1
    _next: int = 0
    """Whose turn comes first."""

    @property
    def alive(self) -> list[Seat]:
        """Those that did not end, in the order of their turns."""
        listed = [*self.seats[self._next :], *self.seats[: self._next]]
        if self.mine is not None:
            for seat in listed:
                seat.meter.is_elsewhere = not self.mine(seat)
        return [s for s in listed if s.halted is None and not s.meter.is_elsewhere]

    def loop(self, ended: threading.Event, pause: float) -> None:
        """A round for each block, until it is told to end. Raises what ended the last market."""
        self.engine.looked_at_by(len(self.seats))
        while not ended.is_set():
            self.turn()
            ended.wait(pause)

    def once(self) -> None:
        """A cycle of each. Raises what failed first, once all were tried."""
        block, failed = self.engine.block(), list[TandemError]()
        for seat in self.seats:
            try:
                self.act(seat, block, MOST_STEPS)
            except TandemError as error:
                failed.append(error)
        self.runner.look()
        for error in failed:
            raise error

    def turn(self) -> None:
        """One look for a block, and a round where there is one that a market has not seen."""
        if len(self.seats) == 1 and self.mine is None:
            self._alone(self.seats[0])
            return
        block = self.runner.once(self.engine.block)
        if block is None:
            return
        now = time.monotonic()
        fresh = [s for s in self.alive if s.block != block and now >= s.rests_until]
        if fresh or block != self._block:
            self._block = block
            with self._within(self.seconds):
                self._look(fresh, block)
                if not self.is_dry:
                    self._act([s for s in fresh if s.due or s.must_act], block)
        for seat in self.seats:
            if seat.halted is not None and seat.name not in self._told:
                self._told.add(seat.name)
                self.halted(seat)
        if all(seat.halted for seat in self.seats):
            raise next(seat.halted for seat in self.seats if seat.halted)

    def _alone(self, seat: Seat) -> None:
        """A cycle where there is a new block; in one, whatever fails."""

        def look() -> int:
            block = self.engine.block()
            if block != seat.block:
                self.act(seat, block, MOST_STEPS)
            return block

        seat.block = done if (done := seat.runner.once(look)) is not None else seat.block

    def _within(self, seconds: float) -> AbstractContextManager[None]:
        return self.engine.node.within(seconds) if self.engine.node else nullcontext()

    # ---- looking
    def _look(self, fresh: Sequence[Seat], block: int) -> None:
        """All at once, then each; those that could not be read before come last and alone."""
        well = [seat for seat in fresh if not seat.failures]
        with ExitStack() as look:
            with suppress(EngineError, Reverted), self._within(SHARED_SECONDS):
                calls = [call for seat in well for call in seat.keeper.observer.ahead()]
                look.enter_context(self.engine.looking(calls))
                self.engine.foresee(lambda: [call for s in well for call in _glance(s)])
            if not self._each(well, block):
                return
        self._each([seat for seat in fresh if seat not in well], block)

    def _each(self, seats: Sequence[Seat], block: int) -> bool:
        """One after the other, each within its time; whether the node is there."""
        share = min(max(self.seconds / len(self.seats), LEAST_SECONDS), LOOK_SECONDS)
        away = 0
        weigher = next((seat for seat in self.seats if seat.halted is None), None)
        for seat in seats:
            if self.runner.stopping.is_set():
                return False
            seat.meter.weighs = seat is weigher
            with self._within(share):
                is_read = (self.is_dry and self._show(seat, block)) or (
                    not self.is_dry and seat.look()
                )
            if is_read:
                seat.block, away = block, 0
            else:
                away += 1
                if away == AWAY:
                    return False
        return True

    def _show(self, seat: Seat, block: int) -> bool:
        return seat.guarded(partial(self.act, seat, block, 0)) is not None

    # ---- acting
    def _act(self, due: Sequence[Seat], block: int) -> None:
        """What was sent before comes first; while it waits, only what is urgent may take its place."""
        sender = self.seats[0].keeper.sender
        if sender is None:
            return
        waiting = self.runner.once(lambda: list(sender.reconcile()))
        if waiting is None or (waiting and not sender.may_overtake()):
            return
        turns = sorted(due, key=lambda seat: not seat.is_urgent)
        most = 1 if len(turns) > 1 else MOST_STEPS
        until = time.monotonic() + self.seconds
        for seat in turns:
            if sender.stopping.is_set() or time.monotonic() > until:
                return
            if waiting and not seat.is_urgent:
                return
            done = seat.guarded(partial(self.act, seat, block, most))
            if not isinstance(done, list):
                seat.block = -1  # it is looked at again, though no block comes
                continue
            if not seat.is_urgent:
                self._next = (self.seats.index(seat) + 1) % len(self.seats)
            if any(each.result.state is State.SENT for each in done):
                return


def _glance(seat: Seat) -> Sequence[Call]:
    """What one market will ask; nothing where it says nothing: it is told of in its own turn."""
    try:
        return seat.keeper.observer.glance(seat.keeper.account)
    except (EngineError, Reverted):
        return ()
