"""One loop with two faces: what `tandem run` and Silverback do with each block of a market."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TypeVar

from keeper.metrics import Meter
from tandem.engine.node import Node
from tandem.errors import EngineError, Reverted, TandemError

T = TypeVar("T")
END_SECONDS = 1.5
"""That an answer is waited for once the process was told to end."""


@dataclass(slots=True)
class Runner:
    """Each cycle within its time. What passes by itself (a node that is away, a market that cannot be read)
    is said once, and how often it was when it ends or turns into something else; what does not is raised."""

    node: Node | None
    seconds: float
    say: Callable[[str], None]
    meter: Meter = field(default_factory=Meter)
    """Told when a cycle begins, ends and fails."""
    _said: str = ""
    _times: int = 0

    def once(self, act: Callable[[], T]) -> T | None:
        """What a cycle gives, None where it failed for now. Raises every other TandemError."""
        self.meter.began()
        try:
            with self.node.within(self.seconds) if self.node else nullcontext():
                found = act()
        except (EngineError, Reverted) as error:
            self.meter.failed()
            self._note(error)
            return None
        except Exception:
            self.meter.failed()
            raise
        finally:
            self.meter.ended()
        self._over()
        return found

    def _note(self, error: TandemError) -> None:
        said = f"{error.message}; {error.hint}"
        if said != self._said:
            self._over()
            self.say(said)
        self._said, self._times = said, self._times + 1

    def _over(self) -> None:
        if self._times > 1:
            self.say(f"that was so for {self._times} cycles")
        self._said, self._times = "", 0
