"""Setting the stage: a venue, a deployment, capital, margin, and a calendar of listed series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from keeper.replay.settings import ReplaySettings
from tandem import venues
from tandem.engine import open_engine
from tandem.engine.backend import BaseEngine
from tandem.protocol.deploy import DeploySettings, deploy_tandem
from tandem.protocol.series import EXPIRY_HOUR, MAX_EXPIRIES, MAX_NODES, Series
from tandem.protocol.tandem import Tandem
from tandem.protocol.terms import FIELDS
from tandem.protocol.wish import cap_of
from tandem.units import DAY, USD
from tandem.venues import Depth, Exchange, Opening

SETUP_SECONDS = 3 * 3_600
"""Time before the first trade in which everything is deployed."""
LEAD = 7 * DAY
"""The book that the window inherits is sold this long before it, at its first price: an option must
live a week when it is sold, so that otherwise nothing would expire in a window of days."""
INSIDE = 3
"""Expiries of the inherited book that lie inside the window, besides Fridays."""
WEEK = 7 * DAY
FRIDAY = DAY + EXPIRY_HOUR
"""1970-01-02 was a Friday; expiries are at 08:00 UTC."""
LONGEST = 45 * DAY
SHORTEST = 7 * DAY

MONEYNESS = (0.76, 0.84, 0.90, 0.95, 1.0, 1.05, 1.10, 1.16, 1.24)
CAPS = (1.70, 1.90, 2.15)
"""Caps as a multiple of spot; a call takes the farthest within twice its strike."""
FAR = 0.05
"""Spot this far from the nearest strike lists a new one, while nodes last."""


@dataclass(slots=True)
class Calendar:
    """Which expiries and strikes are listed; lists more as time and price move on."""

    tandem: Tandem
    count: int
    ladders: dict[int, list[int]] = field(default_factory=dict)

    def fridays(self, now: int) -> list[int]:
        """The next weekly expiries that may be opened."""
        soonest = now + SHORTEST + 3_600
        friday = -(-(soonest - FRIDAY) // WEEK) * WEEK + FRIDAY
        return [e for i in range(self.count) if (e := friday + WEEK * i) <= now + LONGEST]

    def inherited(self, start: int, end: int) -> list[int]:
        """A few daily expiries inside the window, evenly spread over its first two weeks."""
        first, last = start + 2 * 3_600, min(end - 3_600, start + 14 * DAY)
        daily = range(-(-(first - EXPIRY_HOUR) // DAY) * DAY + EXPIRY_HOUR, last, DAY)
        fridays = self.fridays(start - LEAD)
        free = [e for e in daily if e not in fridays]
        count = min(INSIDE, len(free), MAX_EXPIRIES - 1 - len(fridays))
        return [free[(i + 1) * len(free) // count - 1] for i in range(count)]

    def keep(self, now: int, spot: float, also: Sequence[int] = ()) -> None:
        """List what is missing: Fridays, `also`, and strikes near a spot that has moved."""
        for expiry in (*also, *self.fridays(now)):
            if expiry not in self.ladders and len(self.ladders) < MAX_EXPIRIES:
                self.ladders[expiry] = _ladder(spot)
                self.tandem.list_expiry(expiry, self.ladders[expiry])
        for expiry, rungs in self.ladders.items():
            if expiry <= now + SHORTEST or len(rungs) >= MAX_NODES:
                continue
            if not any(abs(rung / spot - 1.0) <= FAR for rung in rungs):
                rung = _round(spot)
                self.tandem.list_expiry(expiry, [rung])
                rungs.append(rung)

    def forget(self, expiry: int) -> None:
        """The expiry is settled."""
        self.ladders.pop(expiry, None)

    def choose(
        self, now: int, tenor: float, is_put: bool, strike: float, spot: float
    ) -> Series | None:
        """The listed series nearest to a wish, or None where nothing near is listed."""
        usable = [e for e in self.ladders if now + SHORTEST + 120 <= e <= now + LONGEST]
        if not usable:
            return None
        expiry = min(usable, key=lambda e: abs(e - now - tenor * DAY))
        rungs = [k for k in self.ladders[expiry] if 0.62 * spot <= k <= 1.55 * spot]
        if not rungs:
            return None
        near = min(rungs, key=lambda k: abs(k - strike))
        if is_put:
            return Series(expiry, True, near)
        cap = cap_of(near, self.ladders[expiry], FIELDS["call_cap"].default)
        return None if cap is None else Series(expiry, False, near, cap)


def _round(price: float) -> int:
    step = 25 if price > 1_000 else 5
    return max(step, round(price / step) * step)


def _ladder(spot: float) -> list[int]:
    """Strikes around spot and caps far above it; whole USD, rising."""
    return sorted({_round(spot * m) for m in (*MONEYNESS, *CAPS)})


@dataclass(slots=True)
class Stage:
    """Everything a run acts on."""

    engine: BaseEngine
    exchange: Exchange
    tandem: Tandem
    calendar: Calendar


def set_stage(settings: ReplaySettings) -> Stage:
    """Deploy, fund, list, and top up margin, just before the inherited book is sold."""
    visits = settings.visits
    opens, spot = int(visits.time[0]) - LEAD, float(visits.price[0])
    engine = open_engine(settings.engine, timestamp=opens - SETUP_SECONDS)
    try:
        return _furnish(engine, settings, opens, spot, int(visits.time[-1]))
    except BaseException:
        engine.close()
        raise


def _furnish(
    engine: BaseEngine, settings: ReplaySettings, opens: int, spot: float, end: int
) -> Stage:
    opening = Opening(
        depth=Depth(usd=settings.depth, within=0.02, tail=1.0),
        fee=None if settings.fee_bps is None else settings.fee,  # of several each has its own
        insurance=round(settings.insurance),
    )
    exchange = venues.recipe(settings.venue).open(engine, to_wad(spot), opening)
    tandem = deploy_tandem(engine, exchange, DeploySettings(terms=settings.terms))
    exchange.set_index(to_wad(spot))
    for account in (*engine.accounts[1:3], *engine.accounts[5:7]):
        tandem.give(account, 10**9 * USD)
    tandem.vault.deposit(round(settings.nav * USD), tandem.lp).send(tandem.lp)
    calendar = Calendar(tandem, settings.expiries)
    engine.set_time(opens - 600)
    calendar.keep(opens, spot, calendar.inherited(opens + LEAD, end))
    exchange.set_index(to_wad(spot))
    tandem.desk.top_up().send(tandem.keeper)
    return Stage(engine, exchange, tandem, calendar)


def to_wad(price: float) -> int:
    """A price in USD to WAD, at the feed's eight decimals."""
    return int(np.round(price * 1e8)) * 10**10
