"""A feed that fails without ending: the keeper notes it, and that it answers again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from keeper.cycle import Keeper
from keeper.feed_watch import NOTE_SECONDS
from keeper.observer import Observer
from keeper.planner import Kind, PlannerSettings
from keeper.policy import create
from keeper.replay.outbox import LocalOutbox
from tandem import venues
from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import BaseEngine
from tandem.engine.base import Contract
from tandem.protocol.deploy import DeploySettings, deploy_tandem
from tandem.protocol.handles import handles_of
from tandem.protocol.tandem import Tandem
from tandem.units import HOUR, WAD
from tandem.venues import Opening

NOWHERE = (1 << 64) + 999
"""A round that was never written: a feed that shows it shows nothing that can be believed."""


@pytest.fixture
def tandem() -> Iterator[Tandem]:
    with open_engine("pyrevm") as engine:
        exchange = venues.recipe().open(engine, 2_500 * WAD, Opening())
        found = deploy_tandem(engine, exchange)
        exchange.set_index(2_500 * WAD)
        yield found


def feed_of(engine: BaseEngine, answer: int, decimals: int = 0) -> Contract:
    feed = engine.deploy(compile_vyper("PriceFeed"), decimals, "feed", sender=engine.accounts[0])
    feed.send("push", answer, sender=engine.accounts[0])
    return feed


def keeper_of(t: Tandem) -> Keeper:
    handles = handles_of(t)
    observer = Observer(t.engine, handles, PlannerSettings())
    return Keeper(observer, create("threshold"), LocalOutbox(t.engine, t.keeper, lambda *_: None))


def noted(keeper: Keeper) -> list[str]:
    return [done.intent.reason for done in keeper.cycle() if done.intent.kind is Kind.WATCH]


@pytest.mark.proves("AV-2")
def test_notes_of_a_feed_that_fails_are_never_too_far_apart_and_void_when_it_answers(
    tandem: Tandem,
) -> None:
    """AV-2: "three days of notes count, none further apart than six hours". A keeper notes the first
    block in which the feed fails and every two hours after it, so that after three days the next
    source answers; when the feed answers again he voids them, once. A keeper that begins anew knows
    of no note and looks."""
    spot, engine = tandem.spot, tandem.engine
    keeper = keeper_of(tandem)
    assert noted(keeper) == []
    feed = tandem.exchange.feed
    good = feed.call("latest_id")
    feed.send("set_latest", NOWHERE, sender=engine.accounts[0])
    since = 0
    for hour in range(3 * 24):
        due = hour % (NOTE_SECONDS // HOUR) == 0
        assert noted(keeper) == (["a feed fails"] if due else [])
        since = since or spot.failing_since()
        assert noted(keeper) == []
        engine.advance(HOUR + 1)
    assert spot.failing_since() == since > 0
    feed.send("set_latest", good, sender=engine.accounts[0])
    tandem.exchange.set_index(2_500 * WAD)
    assert noted(keeper_of(tandem)) == ["the feeds answer again"]
    assert (spot.failing_since(), noted(keeper)) == (0, [])


@pytest.mark.proves("AV-2")
@pytest.mark.parametrize("which", ["price", "uptime"])
def test_notes_go_on_at_their_pace_once_they_are_believed(which: str) -> None:
    """AV-2: "three days of notes": from then on the second feed answers, or the uptime feed is passed over,
    for as long as notes go on. A keeper that noted in every cycle once spot was fresh paid for 180 notes of
    the price feed instead of 60; of the uptime feed it made none, which stops the market."""
    with open_engine("pyrevm") as engine:
        exchange = venues.recipe().open(engine, 2_500 * WAD, Opening())
        second, uptime = feed_of(engine, 2_500 * 10**8, 8), feed_of(engine, 0)
        settings = DeploySettings(second_feed=second.address, sequencer_feed=uptime.address)
        t = deploy_tandem(engine, exchange, settings)
        engine.advance(2 * HOUR)
        exchange.set_index(2_500 * WAD)
        keeper = keeper_of(t)
        assert noted(keeper) == []
        failing = exchange.feed if which == "price" else uptime
        failing.send("set_latest", NOWHERE, sender=engine.accounts[0])
        notes = 0
        for hour in range(5 * 24):
            if which == "price":
                second.send("push", 2_500 * 10**8, sender=engine.accounts[0])
            else:
                exchange.set_index(2_500 * WAD)
            for _ in range(3):
                notes += len(noted(keeper))
                engine.advance(60)
            assert t.snapshot().spot_fresh is (hour >= 3 * 24), hour
            engine.advance(HOUR - 180)
        assert notes == 5 * 12
