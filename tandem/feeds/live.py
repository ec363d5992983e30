"""Surfaces as an exchange quotes them now, fetched in the background: nobody waits for it.

Whoever asks has what came last, while that is young. A fetch that takes too long is given up, and whatever
it still brings is not heard.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tandem.errors import TandemError
from tandem.feeds.chain import Chain, smiles
from tandem.feeds.errors import QuotesError
from tandem.feeds.exchange import OLDEST_SECONDS
from tandem.feeds.recorded import RecordedSurfaces, Recording
from tandem.feeds.surface import ListedSlice, Surfaces, SurfaceSpec

EVERY_SECONDS = 60.0
DEADLINE_SECONDS = 30.0
"""For all requests of a fetch together, the first one's longer loading included."""
LEAST_EXPIRIES = 2
"""Expiries with a smile: one says nothing of the term."""
MOST_LOST = 3
"""Fetches given up that may still run; then no more begin."""
SLOWEST = 4
"""Times the usual pause, after failures."""


@dataclass(frozen=True, slots=True)
class _Found:
    """received: by the monotonic clock; age: seconds that quotes were old then."""

    surfaces: RecordedSurfaces
    received: float
    age: float


@dataclass(slots=True)
class LiveSurfaces:
    """fetch: one look at the exchange, which may take any time and raise anything. otherwise: who says what
    is posted while there are no quotes; None for nobody."""

    fetch: Callable[[], Chain]
    spec: SurfaceSpec
    otherwise: Surfaces | None = None
    every: float = EVERY_SECONDS
    oldest: float = OLDEST_SECONDS
    deadline: float = DEADLINE_SECONDS
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _end: threading.Event = field(default_factory=threading.Event, init=False)
    _turn: int = field(default=0, init=False)
    """Which fetcher is heard."""
    _asking: float | None = field(default=None, init=False)
    """Since when it asks."""
    _threads: list[threading.Thread] = field(default_factory=list[threading.Thread], init=False)
    _found: _Found | None = field(default=None, init=False)
    _fault: str = field(default="", init=False)

    def slices(
        self, time: int, realised_vol: float, expiries: Sequence[int]
    ) -> tuple[ListedSlice, ...]:
        """As quoted; else as modelled; else none, as before the first answer."""
        self._keep_asking()
        if found := self._young():
            return found.surfaces.slices(time, realised_vol, expiries)
        if self.otherwise is None or self._is_first():
            return ()
        return self.otherwise.slices(time, realised_vol, expiries)

    def note(self) -> str:
        """Why surfaces are not as quoted, "" where they are."""
        self._keep_asking()
        if self._young() or self._is_first():
            return ""
        done = "what is posted is modelled" if self.otherwise else "no surface is posted"
        return f"no quotes of options: {self._why()}; meanwhile {done}"

    def close(self) -> None:
        """Ask no more."""
        self._end.set()

    # ---- what is known
    def _young(self) -> _Found | None:
        found = self._found
        if found and self.clock() - found.received + found.age <= self.oldest:
            return found
        return None

    def _is_first(self) -> bool:
        """Whether the first answer is still waited for."""
        return self._found is None and not self._fault

    def _why(self) -> str:
        return self._fault or "the last ones are too old"

    # ---- the background
    def _keep_asking(self) -> None:
        """A fetcher that began too long ago is given up for another."""
        with self._lock:
            late = self._asking is not None and self.clock() - self._asking > self.deadline
            if late:
                self._fault = f"the exchange did not answer within {self.deadline:.0f} s"
            self._threads = [thread for thread in self._threads if thread.is_alive()]
            if (
                self._end.is_set()
                or len(self._threads) >= MOST_LOST
                or (self._threads and not late)
            ):
                return
            self._turn += 1
            self._asking = self.clock()
            thread = threading.Thread(
                target=self._ask, args=(self._turn,), name="option-quotes", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _ask(self, turn: int) -> None:
        """Again and again, with pauses that grow and differ after failures."""
        failures = 0
        while not self._end.is_set():
            found, fault = self._looked()
            with self._lock:
                if turn != self._turn:
                    return
                self._asking = None
                self._found, self._fault = found or self._found, fault
            failures = failures + 1 if fault else 0
            pause = self.every * min(2**failures, SLOWEST) * random.uniform(0.9, 1.1)
            if self._end.wait(pause):
                return
            with self._lock:
                if turn != self._turn:
                    return
                self._asking = self.clock()

    def _looked(self) -> tuple[_Found | None, str]:
        try:
            chain = self.fetch()
            fitted = smiles(chain)
            if len(fitted.expiry) < LEAST_EXPIRIES:
                raise QuotesError("a single expiry has quotes enough for a smile")
        except TandemError as error:
            return None, error.message
        except (
            Exception
        ) as error:  # a thread that ends would leave its last quotes to grow old in silence
            return None, f"{type(error).__name__}: {error}"
        recording = Recording.of(fitted, chain.source)
        made = int(chain.timestamp[0])
        surfaces = RecordedSurfaces(recording, self.spec, opens=made)
        return _Found(surfaces, self.clock(), max(self.wall() - made, 0.0)), ""
