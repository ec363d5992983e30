"""One market's place in a process: its keeper, its figures and its loop, and what a failure comes to.

What passes by itself is said and looked at again; what nobody foresaw is let pass a few times; what another
attempt does not mend halts the market, under whichever loop it is kept.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from keeper.cycle import Keeper
from keeper.heartbeat import Heartbeat
from keeper.logs import Log
from keeper.metrics import Meter
from keeper.planner import Intent
from keeper.runner import Runner
from keeper.settings import Settings
from tandem.engine.base import Call
from tandem.engine.node import Node
from tandem.errors import TandemError, UnforeseenError
from tandem.plugins import PlugInBrokenError

FIRST_REST, LONGEST_REST = 1.0, 60.0
"""Seconds for which a market is left alone that could not be read, and after many times."""
MOST_FAILURES = 3
"""In a row, of what nobody foresaw, before a market is given up."""


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
    failures: int = 0
    """In a row."""
    unforeseen: int = 0
    rests_until: float = 0.0
    halted: TandemError | None = None

    @classmethod
    def of(
        cls, keeper: Keeper, meter: Meter, node: Node | None, settings: Settings, log: Log,
        stopping: threading.Event, *, tells_of_nodes: bool = True,
    ) -> Self:  # fmt: skip
        """Counted by this meter from now on. stopping: set once its process is told to end; tells_of_nodes:
        of several markets on the same nodes none does."""
        meter.watch(keeper, node)
        heart = Heartbeat(keeper, node, meter, log, settings.heartbeat_seconds)
        runner = Runner(
            node, settings.cycle_seconds, log, meter, heart, stopping, tells_of_nodes=tells_of_nodes
        )
        return cls(meter.name, keeper, meter, runner, log)

    @property
    def is_urgent(self) -> bool:
        """Whether something is due that waits for nothing else."""
        return any(intent.urgent for intent in self.due)

    def ahead(self) -> Sequence[Call]:
        """What it asks before a block is known; nothing where that fails, as below."""
        with suppress(Exception):
            return list(self.keeper.observer.ahead())
        return ()

    def glance(self) -> Sequence[Call]:
        """What it will ask; nothing where it says nothing, whatever the reason: that is told in its turn."""
        with suppress(Exception):
            return self.keeper.observer.glance(self.keeper.account)
        return ()

    def look(self) -> bool:
        """What is due, into `due`; whether it could be read."""

        def look() -> bool:
            self.due = ()
            self.due = self.meter.look(self.keeper)
            return True

        return bool(self.guarded(look))

    def rest(self) -> None:
        """What nobody waits for, once a round's acts are done: nothing is kept worse for what fails of it."""
        try:
            self.meter.monitors.look(self.keeper)
        except Exception:
            self.log.exception("figures failed")

    def guarded(self, act: Callable[[], object]) -> object:
        """What an act gives, None where it failed. What does not pass by itself halts this market."""
        found = None
        try:
            found = self.runner.once(act)
        except PlugInBrokenError as error:  # at one state; the next may be another
            self.log.exception("cycle failed")
            self._let_pass(error)
        except TandemError as error:
            self.halt(error)
        except Exception as error:
            self.log.exception("cycle failed")
            self._let_pass(gave_up(error))
        if found is None:
            self.failures += 1
            rest = min(FIRST_REST * 2 ** (self.failures - 1), LONGEST_REST)
            self.rests_until = time.monotonic() + rest
        else:
            self.failures = self.unforeseen = 0
        return found

    def _let_pass(self, error: TandemError) -> None:
        """A few times; then it is what the market halts by."""
        self.unforeseen += 1
        if self.unforeseen > MOST_FAILURES:
            self.halt(error)

    def halt(self, error: TandemError) -> None:
        """It is kept no more; the others are."""
        self.halted, self.meter.halted = error, error.message
        self.keeper.stop_asking()


def gave_up(error: Exception) -> TandemError:
    """After what nobody foresaw, again and again."""
    why = f"too many cycles failed in a row: {error!r}"
    return UnforeseenError(why, "look at the log; a restart begins anew")
