"""One loop with two faces: what `tandem run` and Silverback do with each block of a market."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from keeper.journal_place import JournalAwayError
from keeper.logs import Log
from keeper.metrics import Meter
from keeper.standing import Standing, of_nodes
from tandem.engine.node import Node
from tandem.errors import EngineError, Reverted, TandemError

T = TypeVar("T")
END_SECONDS = 1.5
"""That an answer is waited for once the process was told to end."""


class Told(Protocol):
    """Who counts cycles."""

    def began(self) -> None: ...
    def failed(self) -> None: ...
    def ended(self) -> None: ...


class Beats(Protocol):
    """Who says now and then how it stands."""

    def beat(self, *, is_well: bool) -> None: ...


@dataclass(slots=True)
class Runner:
    """Each cycle within its time. What passes by itself (a node that is away, a market that cannot be read,
    a full disk) is said once, and how often it was when it ends or turns into something else; what does not
    is raised."""

    node: Node | None
    seconds: float
    log: Log
    meter: Told = field(default_factory=Meter)
    """Told when a cycle begins, ends and fails."""
    heart: Beats | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    """Once it is set nothing is said or asked any more: who ends asks in vain."""
    tells_of_nodes: bool = True
    """Of several markets on the same nodes one does."""
    _nodes: Standing = field(init=False)
    _said: str = ""
    _times: int = 0

    def __post_init__(self) -> None:
        self._nodes = Standing(self.log)

    def once(self, act: Callable[[], T]) -> T | None:
        """What a cycle gives, None where it failed for now. Raises every other TandemError."""
        self.meter.began()
        try:
            with self.node.within(self.seconds) if self.node else nullcontext():
                found = act()
        except (EngineError, Reverted, JournalAwayError) as error:
            self.meter.failed()
            self._note(error)
            self._beat(is_well=False)
            return None
        except Exception:
            self.meter.failed()
            raise
        finally:
            self.meter.ended()
            self.look()
        self._over()
        self._beat(is_well=True)
        return found

    def _beat(self, *, is_well: bool) -> None:
        if self.heart and not self.stopping.is_set():
            self.heart.beat(is_well=is_well)

    def look(self) -> None:
        """At each node: one that is away is said as long as others answer, too."""
        if self.node and self.tells_of_nodes and not self.stopping.is_set():
            self._nodes.look(of_nodes(self.node.reports()))

    def _note(self, error: TandemError) -> None:
        said = f"{error.message}; {error.hint}"
        if self.stopping.is_set():
            return
        if said != self._said:
            self._over()
            self.log.warning(error.message, hint=error.hint)
        self._said, self._times = said, self._times + 1

    def _over(self) -> None:
        if self._times > 1:
            self.log.info("what was said last was so for some cycles", cycles=self._times)
        self._said, self._times = "", 0
