"""The level of a signer's modelled surfaces: what is set, or realised volatility by the price feed's rounds,
as its own node tells them, read when a slice is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from keeper.agreement import agreed_past
from keeper.assembly import forecaster_of, since_of
from keeper.forecast import Forecaster, remember
from keeper.settings import Settings
from tandem.connection import connect
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.deployment import handles


@dataclass(slots=True)
class Followed:
    """forecaster: with what it was told before; learnt: until when, seconds UTC."""

    feed: PriceFeed
    forecaster: Forecaster
    learnt: int
    clock: Callable[[], float]
    _price: float = field(default=0.0, init=False)

    def __call__(self) -> float:
        """Annual volatility, 1/sqrt(year); what the forecaster starts from until a round is seen. Raises
        EngineError."""
        new = agreed_past(self.feed, self.learnt + 1)
        if new:
            remember(self.forecaster, new)
            self.learnt, self._price = new[-1]
        if not self._price:
            return self.forecaster.start
        # a round that is seen later may be older than now: who is told of now is another
        return deepcopy(self.forecaster).update(int(self.clock()), self._price)


def level_of(settings: Settings) -> Callable[[], float]:
    """What a signer takes for the level of modelled surfaces. Raises where it needs a node and that does not
    answer, or is not of the deployment's chain."""
    level = settings.surface.vol
    if not settings.surface.follow_realised:
        return lambda: level
    engine, deployment = connect(settings)
    forecaster, learnt = forecaster_of(settings, engine)
    since = since_of(settings.forecast, engine, learnt)
    return Followed(handles(engine, deployment).feed, forecaster, since - 1, time.time)
