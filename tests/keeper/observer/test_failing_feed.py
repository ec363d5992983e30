"""A feed that fails without ending: the keeper notes it, and that it answers again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from keeper.cycle import Keeper
from keeper.observer import NOTE_SECONDS, Observer
from keeper.planner import Kind, PlannerSettings
from keeper.policy import create
from keeper.replay.outbox import LocalOutbox
from tandem import venues
from tandem.engine import open_engine
from tandem.protocol.deploy import deploy_tandem
from tandem.protocol.deployment import Handles
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


def keeper_of(t: Tandem) -> Keeper:
    handles = Handles(
        t.market, t.lens, t.router, t.vault, t.surface, t.spot, t.guardian, t.venue, t.option,
        t.exchange.feed,
    )  # fmt: skip
    observer = Observer(t.engine, handles, PlannerSettings(), gas_price=lambda: 0)
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
        assert noted(keeper) == (["the price feed fails"] if due else [])
        since = since or spot.failing_since()
        assert noted(keeper) == []
        engine.advance(HOUR + 1)
    assert spot.failing_since() == since > 0
    feed.send("set_latest", good, sender=engine.accounts[0])
    tandem.exchange.set_index(2_500 * WAD)
    assert noted(keeper_of(tandem)) == ["the price feed answers again"]
    assert (spot.failing_since(), noted(keeper)) == (0, [])
