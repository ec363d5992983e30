"""The level of a signer's modelled surfaces: what is set, or realised volatility by the price feed's rounds,
as its own node tells them, read before it listens and when a slice is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field

from keeper.assembly import forecaster_of, since_of
from keeper.execution.asking import AHEAD_SECONDS
from keeper.forecast import Forecaster, remember, tell
from keeper.past import Past
from keeper.settings import Settings
from keeper.tables import Otherwise, SurfaceKind
from tandem.connection import connect
from tandem.errors import EngineError
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.deployment import handles

FIRST_SECONDS = 60.0
"""That its start has for what was before it; the rest is read as it is asked."""
SECONDS = 1.5
"""That a question has: whoever asks waits three."""


@dataclass(slots=True)
class Followed:
    """forecaster: with what it was told before; learnt: until when, seconds UTC."""

    feed: PriceFeed
    forecaster: Forecaster
    learnt: int
    clock: Callable[[], float]
    _past: Past | None = field(default=None, init=False)

    def begin(self) -> None:
        """Read what was before, as far as the node tells it."""
        with suppress(EngineError):
            self._read(FIRST_SECONDS)

    def __call__(self) -> float:
        """Annual volatility, 1/sqrt(year); what the forecaster starts from where there is no round. Raises
        EngineError, or PlugInBrokenError."""
        price = self._read(SECONDS)
        if not price:
            return self.forecaster.start
        # a round that is seen later may be older than now: who is told of now is another
        return tell(deepcopy(self.forecaster), int(self.clock()), price)

    def _read(self, seconds: float) -> float:
        """Learn what is new, and give the latest price."""
        past = self._past = self._past or Past(self.feed, self.learnt + 1)
        past.read(seconds)
        if not past.is_whole:
            raise EngineError("the price feed's past is not read yet")
        self._past = None
        if new := past.prices(int(self.clock()) + AHEAD_SECONDS):
            remember(self.forecaster, new)
            self.learnt = new[-1][0]
        return past.price


def level_of(settings: Settings) -> Callable[[], float]:
    """What a signer takes for the level of modelled surfaces. Raises where it needs a node and that does not
    answer, or is not of the deployment's chain."""
    surface, level = settings.surface, settings.surface.vol
    is_modelled = (
        surface.kind is not SurfaceKind.EXCHANGE or surface.otherwise is not Otherwise.NOTHING
    )
    if not (surface.follow_realised and is_modelled):
        return lambda: level
    engine, deployment = connect(settings)
    engine.sync()
    forecaster, learnt = forecaster_of(settings, engine)
    since = since_of(settings.forecast, engine, learnt)
    found = Followed(handles(engine, deployment).feed, forecaster, since - 1, time.time)
    found.begin()
    return found
