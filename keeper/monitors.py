"""What an operator watches beside the keeper's own work: fills that cost LPs, venues, signers.

Looked at after a cycle, once a minute: the market's trades since the last look by its logs, and the venues in
one call. Nothing is decided by it, and a node that does not say leaves figures as they were.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from keeper.cycle import Keeper
from keeper.execution.signers import Report
from keeper.fills import Fills
from tandem.client.venues import NEVER
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError, Reverted
from tandem.protocol import terms
from tandem.protocol.bindings.structs import Snapshot, VenueView
from tandem.units import WAD

SECONDS = 60.0
"""Between two looks."""
TERM = "half_spread"


@dataclass(slots=True)
class Monitors:
    """Of one keeper's market."""

    clock: Callable[[], float] = time.monotonic
    fills: Fills = field(default_factory=Fills)
    _looked: float = field(default=-SECONDS, init=False)
    _seen: Snapshot | None = field(default=None, init=False)
    _venues: tuple[VenueView, ...] = field(default=(), init=False)
    _reports: Callable[[], list[Report]] = field(default=list, init=False)

    def watch(self, keeper: Keeper) -> None:
        """Whose they are."""
        self.fills.watch(keeper)
        desk = keeper.observer.desk
        if desk and desk.signers:
            self._reports = desk.signers.reports

    def saw(self, snapshot: Snapshot) -> None:
        """Told of each block that is looked at."""
        self._seen = snapshot
        self.fills.saw(snapshot)

    def look(self, keeper: Keeper) -> None:
        """Now and then, after a cycle."""
        seen = self._seen
        if seen is None or not isinstance(engine := keeper.observer.engine, RemoteEngine):
            return
        if self.clock() - self._looked < SECONDS:
            with suppress(EngineError, Reverted):
                self.fills.go_on(seen.timestamp)
            return
        self._looked = self.clock()
        with suppress(EngineError, Reverted):
            self.fills.read(engine, keeper, seen)
        with suppress(EngineError, Reverted):
            self._venues = tuple(keeper.observer.handles.venue_lens.venues())

    @property
    def half_spreads(self) -> tuple[float, float]:
        """What holds and what is advised, in volatility."""
        if self._seen is None:
            return math.nan, math.nan
        bounds, now = terms.FIELDS[TERM], self._seen.parameters[TERM] / 10_000
        return now, self.fills.outs.advice(now, bounds.low / 10_000, bounds.high / 10_000)

    # ---- asked
    def collect(self) -> Iterator[Metric]:
        """As Prometheus reads it."""
        yield from self._of_fills()
        if self._seen is not None:
            now, advised = self.half_spreads
            yield GaugeMetricFamily(
                "tandem_half_spread", "Half-spread of the terms, in volatility.", now
            )
            yield GaugeMetricFamily(
                "tandem_half_spread_advised",
                "The one that the last fills speak for; nobody but the owner sets it.", advised,
            )  # fmt: skip
            yield from _of_venues(self._venues, self._seen.spot / WAD)
        yield from _of_signers(self._reports())

    def _of_fills(self) -> Iterator[Metric]:
        labels = ["side", "horizon"]
        mean, error, fills = (
            GaugeMetricFamily(name, text, None, labels)
            for name, text in (
                ("tandem_markout_usd", "What LPs are left with of a fill after so long, mean."),
                ("tandem_markout_error_usd", "Its standard error."),
                ("tandem_markout_fills", "Fills that it is the mean of."),
            )
        )
        for (side, horizon), found in self.fills.outs.usd().items():
            mean.add_metric([side, horizon], found.mean)
            error.add_metric([side, horizon], found.error)
            fills.add_metric([side, horizon], found.fills)
        yield from (mean, error, fills)
        yield GaugeMetricFamily(
            "tandem_flow_toxicity",
            "Standard errors by which LPs lose per vega, an hour later; 0 while fills are few.",
            self.fills.outs.toxicity,
        )


def _of_venues(views: tuple[VenueView, ...], spot: float) -> Iterator[Metric]:
    """Each that answers, by its place in the set."""
    names = (
        ("tandem_venue_basis", "Its price over the index, less one."),
        ("tandem_venue_funding_day", "What our position pays it in a day, of its notional."),
        ("tandem_venue_depth_usd", "The less of what may be bought and sold there at any price."),
        ("tandem_venue_move_to_least", "Move of the price that brings its margin to the least."),
    )
    basis, funding, depth, move = (
        GaugeMetricFamily(name, text, None, ["venue"]) for name, text in names
    )
    for view in views:
        if not view.answers or view.is_down:
            continue
        held, label = view.account.position, [view.venue]
        pays = view.long if held > 0 else view.short if held < 0 else 0
        basis.add_metric(label, view.price / WAD / spot - 1.0)
        funding.add_metric(label, pays / WAD)
        depth.add_metric(label, min(view.buys, view.sells) / WAD * spot)
        move.add_metric(label, math.inf if view.move == NEVER else view.move / WAD)
    yield from (basis, funding, depth, move)


def _of_signers(reports: list[Report]) -> Iterator[Metric]:
    """Each that is asked, as it was when it was asked last, by its place: two may have one host."""
    labels = ["signer", "place"]
    up = GaugeMetricFamily("tandem_signer_up", "Whether it signs what it is asked.", None, labels)
    age = GaugeMetricFamily(
        "tandem_signer_age_seconds", "Seconds since it signed last.", None, labels
    )
    for place, report in enumerate(reports, 1):
        named = [report.signer, str(place)]
        up.add_metric(named, not report.fault)
        age.add_metric(named, math.inf if report.age is None else report.age)
    yield from (up, age)
