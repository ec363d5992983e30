"""What a forecaster is told while the past is still being read: nothing yet, and then all in order. What it
fails with waits, as a policy's: margin, settlements and exits are none of its business.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import ClassVar

from keeper.agreement import DisagreeError
from keeper.forecast import Forecaster, remember, tell
from keeper.past import Past
from tandem.errors import TandemError
from tandem.plugins import PlugInBrokenError

SECONDS = 1.0
"""Of one look."""
REST_SECONDS = 60.0
"""After a node that did not tell it."""
PATIENCE = 600
"""Seconds of the chain after which what was read by then is enough."""


@dataclass(slots=True)
class Before:
    """Until the past is known the forecaster says what it starts from."""

    free_at: ClassVar[float] = 0.0
    """From when on any market of this process may read: together they take half of the time at most."""
    _past: Past | None = None
    _waiting: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])
    _again: float = 0.0
    _said: float | None = None
    _fault: PlugInBrokenError | None = None

    def begin(self, past: Past) -> None:
        """It is to be known first."""
        self._past = past

    def tell(self, forecaster: Forecaster, now: int, price: float) -> float:
        """What is seen now, USD at seconds UTC; the volatility by it, 1/sqrt(year), or what was said
        before where the forecaster fails, which `check` raises. Raises DisagreeError."""
        self._waiting.append((now, price))
        late = now > self._waiting[0][0] + PATIENCE
        if self._past is not None and (
            late or time.monotonic() >= max(self._again, Before.free_at)
        ):
            self._read(self._past, forecaster, late=late)
        if self._past is not None:
            return forecaster.start
        told, self._waiting = self._waiting, []
        try:
            self._said = [tell(forecaster, *each) for each in told][-1]
        except PlugInBrokenError as error:
            self._fault = error
        return forecaster.start if self._said is None else self._said

    def check(self) -> None:
        """Raises what the forecaster failed with since the last time."""
        fault, self._fault = self._fault, None
        if fault is not None:
            raise fault

    def _read(self, past: Past, forecaster: Forecaster, *, late: bool) -> None:
        began = time.monotonic()
        try:
            past.read(SECONDS)
        except DisagreeError:
            raise
        except TandemError:
            self._again = time.monotonic() + REST_SECONDS
        ended = time.monotonic()
        Before.free_at = ended + (ended - began)
        if past.is_whole or late:
            self._past = None
            try:
                remember(forecaster, past.prices(self._waiting[0][0]))
            except PlugInBrokenError as error:
                self._fault = error
