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
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass, field, replace
from functools import partial

from keeper.cycle import MOST_STEPS, Done
from keeper.execution.outbox import Outbox
from keeper.journal import State
from keeper.runner import Runner
from keeper.seat import MOST_FAILURES, Seat, gave_up
from keeper.sharing import Leases
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError, Reverted, TandemError

SHARED_SECONDS = 5.0
"""For what all markets are asked at once."""
REST_SECONDS = 1.0
"""Of a round, for figures that nobody waits for."""
LEAST_SECONDS, LOOK_SECONDS = 1.0, 5.0
"""That one market has for what is asked of it alone, however many there are, and however few."""
AWAY = 3
"""Markets in a row that cannot be read: it is the node."""


@dataclass(frozen=True, slots=True)
class AllSeats:
    """All markets of a group, for what is asked once for all."""

    seats: Sequence[Seat]

    def began(self) -> None:
        for seat in self.seats:
            seat.meter.began()

    def failed(self) -> None:
        for seat in self.seats:
            seat.meter.failed()

    def ended(self) -> None:
        for seat in self.seats:
            seat.meter.ended()

    def beat(self, *, is_well: bool) -> None:
        """Who is well is told of where it is looked at."""
        if not is_well:
            for seat in self.seats:
                if seat.runner.heart:
                    seat.runner.heart.beat(is_well=False)


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
    _leases: Leases | None = None
    _keys: Mapping[str, str] = field(default_factory=dict[str, str])
    _told: set[str] = field(default_factory=set[str])
    _block: int = -1
    _next: int = 0
    """Whose turn comes first."""
    _outgoing: Runner = field(init=False)
    """Of what was sent: what is said of that is not over once there is a block."""
    _unforeseen: int = 0
    """Times in a row that looking back failed by what nobody foresaw."""
    _is_mute: bool = False
    """Whether nothing can be sent, as what was sent before is not known."""

    def __post_init__(self) -> None:
        self._outgoing = replace(self.runner, tells_of_nodes=False)

    @property
    def alive(self) -> list[Seat]:
        """Those that did not end, in the order of their turns."""
        listed = [*self.seats[self._next :], *self.seats[: self._next]]
        return [s for s in listed if s.halted is None and not s.meter.is_elsewhere]

    def share(self, leases: Leases, keys: Mapping[str, str]) -> None:
        """With other processes. keys: what leases call each market, by its name."""
        self._leases, self._keys = leases, keys
        self.mine = lambda seat: leases.holds(keys[seat.name])
        for seat in self.seats:
            seat.meter.unkept = partial(leases.unkept, keys[seat.name])

    def _see_whose(self) -> None:
        """Who keeps each now; one that comes to this process is looked at afresh."""
        if self.mine is None:
            return
        for seat in self.seats:
            was, seat.meter.is_elsewhere = seat.meter.is_elsewhere, not self.mine(seat)
            if was and not seat.meter.is_elsewhere:
                seat.failures, seat.rests_until, seat.block = 0, 0.0, -1

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
        self._see_whose()
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
                    self._act([s for s in fresh if s.due], block)
            self._rest(fresh)
        if self._leases is not None:
            failing = [
                self._keys[s.name] for s in self.alive if s.failures or (s.due and self._is_mute)
            ]
            others = [key for key in self._keys.values() if key not in failing]
            self._leases.looked(others, failing)
        for seat in self.seats:
            if seat.halted is not None and seat.name not in self._told:
                self._told.add(seat.name)
                seat.log.error("market halted", error=seat.halted.message, hint=seat.halted.hint)
                self.halted(seat)
        if all(seat.halted for seat in self.seats):
            raise next(seat.halted for seat in self.seats if seat.halted)

    def has_told(self, error: TandemError) -> bool:
        """Whether this is what ended a market, by whose name it was told."""
        return any(seat.halted is error and seat.name in self._told for seat in self.seats)

    def _alone(self, seat: Seat) -> None:
        """A cycle where there is a new block; in one, whatever fails. Raises what ended the market."""

        def look() -> int:
            block = self.engine.block()
            if block != seat.block:
                self.act(seat, block, MOST_STEPS)
            return block

        if isinstance(block := seat.guarded(look), int):
            seat.block = block
        self._rest([seat])
        if seat.halted is not None:
            raise seat.halted

    def _within(self, seconds: float) -> AbstractContextManager[None]:
        return self.engine.node.within(seconds) if self.engine.node else nullcontext()

    # ---- looking
    def _look(self, fresh: Sequence[Seat], block: int) -> None:
        """All at once, then each; those that could not be read before come last and alone."""
        well = [seat for seat in fresh if not seat.failures]
        with ExitStack() as look:
            with suppress(EngineError, Reverted), self._within(SHARED_SECONDS):
                calls = [call for seat in well for call in seat.ahead()]
                look.enter_context(self.engine.looking(calls))
                self.engine.foresee(lambda: [call for s in well for call in s.glance()])
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
        waiting = self._look_back(sender)
        self._is_mute = waiting is None
        if waiting is None:
            return
        may_act = not waiting or sender.may_overtake()
        tried = self._turns(due, block, sender, is_waiting=bool(waiting)) if may_act else []
        for seat in due:
            if seat not in tried:  # its turn comes
                seat.meter.succeeded()

    def _look_back(self, sender: Outbox) -> list[object] | None:
        """What waits of what was sent, None where nobody says. What nobody foresaw is let pass as often as in
        a market; then it is raised as a TandemError."""
        try:
            waiting = self._outgoing.once(lambda: list(sender.reconcile()))
        except TandemError:
            raise
        except Exception as error:
            self._outgoing.log.exception("looking back failed")
            self._unforeseen += 1
            if self._unforeseen > MOST_FAILURES:
                raise gave_up(error) from error
            return None
        self._unforeseen = 0
        return waiting

    def _turns(
        self, due: Sequence[Seat], block: int, sender: Outbox, *, is_waiting: bool
    ) -> list[Seat]:
        """Those that had theirs."""
        tried: list[Seat] = []
        turns = sorted(due, key=lambda seat: not seat.is_urgent)
        most = 1 if len(turns) > 1 else MOST_STEPS
        until = time.monotonic() + self.seconds
        for seat in turns:
            if sender.stopping.is_set() or time.monotonic() > until:
                break
            if is_waiting and not seat.is_urgent:
                break
            tried.append(seat)
            done = seat.guarded(partial(self.act, seat, block, most))
            if not isinstance(done, list):
                seat.block = -1  # it is looked at again, though no block comes
                continue
            if not seat.is_urgent:
                self._next = (self.seats.index(seat) + 1) % len(self.seats)
            if any(each.result.state is State.SENT for each in done):
                break
        return tried

    # ---- afterwards
    def _rest(self, seats: Sequence[Seat]) -> None:
        """Figures of each, as far as there is time: who had none comes in the next round."""
        until = time.monotonic() + REST_SECONDS
        node = self.engine.node
        with node.within(REST_SECONDS, is_strict=False) if node else nullcontext():
            for seat in seats:
                if self.runner.stopping.is_set() or time.monotonic() > until:
                    return
                seat.rest()
