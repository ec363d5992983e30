"""Fills are read from the chain's logs, venues in one call, while a keeper keeps."""

from __future__ import annotations

import math
from typing import Any

import pytest

from keeper.before import Before
from keeper.cycle import Keeper
from keeper.execution.signers import Report, Signers
from keeper.metrics import Meter
from keeper.monitors import SECONDS, Monitors
from metrics.asking import figure
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.units import UNIT, USD


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def cycle(meter: Meter, keeper: Keeper, clock: Clock) -> str:
    """One after a minute, and what is said then."""
    clock.now += SECONDS
    keeper.observer.engine.block()
    meter.cycle(keeper)
    meter.monitors.look(keeper)
    return meter.text().decode()


@pytest.fixture
def watched(keeper: Keeper, market: Any) -> tuple[Meter, Clock]:
    clock = Clock()
    meter = Meter(clock=clock)
    meter.watch(keeper, None)
    return meter, clock


def test_a_fill_is_marked_out_after_five_minutes(
    keeper: Keeper, market: Any, watched: tuple[Meter, Clock]
) -> None:
    """Nothing has moved: LPs are left with what the trader paid over the middle, less five minutes."""
    meter, clock = watched
    text = cycle(meter, keeper, clock)
    assert figure(text, "tandem_markout_fills", side="open", horizon="5m") == 0
    market.engine.advance(60)
    deal = market.tandem.quote(market.series, UNIT)
    market.tandem.mint(market.series, UNIT)
    market.engine.advance(12)
    cycle(meter, keeper, clock)
    market.engine.advance(300)
    text = cycle(meter, keeper, clock)
    assert figure(text, "tandem_markout_fills", side="open", horizon="5m") == 1
    assert figure(text, "tandem_markout_fills", side="close", horizon="5m") == 0
    left = figure(text, "tandem_markout_usd", side="open", horizon="5m")
    assert left == pytest.approx((deal.premium - deal.mark) / USD, rel=0.1)


def test_venues_are_told_as_they_are(
    keeper: Keeper, market: Any, watched: tuple[Meter, Clock]
) -> None:
    text = cycle(*watched[:1], keeper, watched[1])
    venue = market.tandem.venue.address
    (view,) = keeper.observer.handles.venue_lens.venues()
    assert figure(text, "tandem_venue_basis", venue=venue) == pytest.approx(
        view.price / keeper.observer.handles.lens.snapshot().spot - 1
    )
    assert figure(text, "tandem_venue_depth_usd", venue=venue) > 0
    assert figure(text, "tandem_half_spread") == figure(text, "tandem_half_spread_advised") == 0.015


def test_a_node_that_knows_no_logs_leaves_figures_as_they_were(
    keeper: Keeper, market: Any, watched: tuple[Meter, Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what it did not say is asked for the next time."""
    meter, clock = watched
    cycle(meter, keeper, clock)
    market.tandem.mint(market.series, UNIT)
    engine = keeper.observer.engine
    assert isinstance(engine, RemoteEngine)
    plain = engine.request

    def refuses(method: str, params: list[Any]) -> Any:
        if method == "eth_getLogs":
            raise RpcError(method, {"message": "no"})
        return plain(method, params)

    monkeypatch.setattr(engine, "request", refuses)
    cycle(meter, keeper, clock)
    monkeypatch.setattr(engine, "request", plain)
    market.engine.advance(60)
    cycle(meter, keeper, clock)
    market.engine.advance(300)
    assert (
        figure(cycle(meter, keeper, clock), "tandem_markout_fills", side="open", horizon="5m") == 1
    )


def test_a_signer_is_away_until_it_signs(
    keeper: Keeper, market: Any, watched: tuple[Meter, Clock]
) -> None:
    meter, clock = watched
    url = "http://127.0.0.1:9"
    desk = keeper.observer.desk
    assert desk
    desk.signers = Signers((url,), lambda: 1, lambda _: True, 0.5)
    meter.watch(keeper, None)
    market.engine.advance(700)
    text = cycle(meter, keeper, clock)
    assert figure(text, "tandem_signer_up", signer=url) == 0
    assert figure(text, "tandem_signer_age_seconds", signer=url) == float("inf")


def test_after_a_look_of_one_of_several_they_are_read_too(
    keeper: Keeper, market: Any, watched: tuple[Meter, Clock]
) -> None:
    """Which is all that there is of a market that has nothing due: its fills were read where it acted."""
    meter, clock = watched

    def look() -> str:
        clock.now += SECONDS
        keeper.observer.engine.block()
        meter.look(keeper)
        meter.monitors.look(keeper)
        return meter.text().decode()

    for _ in range(2):
        look()
    market.engine.advance(60)
    market.tandem.mint(market.series, UNIT)
    look()
    market.engine.advance(330)
    assert figure(look(), "tandem_markout_fills", side="open", horizon="5m") == 1


def test_who_was_held_by_others_that_read_goes_on_before_the_next_minute(
    keeper: Keeper, market: Any, watched: tuple[Meter, Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a hundred markets that are looked at in one round one read, and the others waited a minute for
    another such round."""
    meter, clock = watched
    cycle(meter, keeper, clock)
    monkeypatch.setattr(Before, "free_at", math.inf)
    cycle(meter, keeper, clock)
    earlier = meter.monitors.fills._earlier
    assert earlier is not None
    assert earlier.is_held
    monkeypatch.setattr(Before, "free_at", 0.0)
    meter.monitors.look(keeper)
    assert not earlier.is_held


def test_two_signers_of_one_host_are_two() -> None:
    """The one that is well stood in for the other, whose alert never came."""
    monitors = Monitors()
    monitors._reports = lambda: [Report("https://h", "dead", None), Report("https://h", "", 5.0)]
    found = {
        (each.name, each.labels["place"]): each.value
        for family in monitors.collect()
        for each in family.samples
        if each.name.startswith("tandem_signer")
    }
    assert found == {
        ("tandem_signer_up", "1"): 0, ("tandem_signer_age_seconds", "1"): math.inf,
        ("tandem_signer_up", "2"): 1, ("tandem_signer_age_seconds", "2"): 5.0,
    }  # fmt: skip
