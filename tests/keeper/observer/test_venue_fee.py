"""What an order costs at the venue is asked of the venue, and the band follows it."""

from __future__ import annotations

import pytest
from several import build_pair
from test_what_can_be_due import observer_of
from worlds import World, build

from keeper.observer import Observer
from tandem.errors import Reverted
from tandem.protocol.bindings.hedge_venue import HedgeVenue
from tandem.protocol.bindings.structs import Quotation
from tandem.units import DAY, HOUR, WAD

CURIE, POOL = 0.001, 0.0005
"""What each takes in these markets."""


def fee(observer: Observer, w: World) -> float:
    """At a price of now."""
    w.curie.set_index(2_500 * WAD)
    return observer.observe(w.tandem.keeper)[1].venue_fee


@pytest.fixture(scope="module")
def alone() -> World:
    return build()


def test_it_is_what_the_exchange_takes_and_follows_its_owner_within_a_day(alone: World) -> None:
    with alone.undone():
        observer = observer_of(alone.tandem)
        assert fee(observer, alone) == CURIE
        registry = alone.curie.market_registry
        told = (alone.curie.base, 4_000)
        registry.send("setFeeRatio", *told, sender=alone.curie.owner)
        alone.engine.advance(DAY - 300)
        assert fee(observer, alone) == CURIE
        alone.engine.advance(300)
        assert fee(observer, alone) == 0.004


def test_what_was_said_last_stands_while_it_does_not_answer(
    alone: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it is asked again in an hour."""
    with alone.undone():
        observer = observer_of(alone.tandem)
        assert fee(observer, alone) == CURIE
        asked: list[int] = []

        def silent(_: HedgeVenue) -> Quotation:
            asked.append(alone.engine.now())
            raise Reverted("OLD")

        monkeypatch.setattr(HedgeVenue, "quotation", silent)
        for seconds, times in ((DAY, 1), (HOUR - 300, 1), (300, 2)):
            alone.engine.advance(seconds)
            assert fee(observer, alone) == CURIE
            assert len(asked) == times


def test_of_several_venues_it_is_the_least() -> None:
    w = build_pair()
    assert fee(observer_of(w.tandem), w) == POOL
