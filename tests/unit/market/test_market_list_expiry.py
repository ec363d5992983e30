"""Market.list_expiry: who may, what may be listed, and how slots come free."""

from __future__ import annotations

import pytest
from market_events import one
from reference import underwriting as ref
from worlds import ETH, LADDER, World

from tandem.protocol.series import Series, next_expiry
from tandem.units import DAY


def listed(world: World) -> dict[int, list[int]]:
    return {e[0]: list(e[6]) for e in world.tandem.lens.call("expiries")}


def test_a_lister_lists_strikes_in_any_order(world: World) -> None:
    expiry = next_expiry(world.engine.now(), 10)
    receipt = world.tandem.list_expiry(expiry, [3_000, 2_000, 2_500])
    assert listed(world)[expiry] == [2_000, 2_500, 3_000]
    event = one(receipt, "ExpiryListed")
    assert event["expiry"] == expiry
    assert list(event["strikes"]) == [3_000, 2_000, 2_500]


def test_strikes_are_added_to_a_book_that_is_open(world: World) -> None:
    series = world.put(2_400)
    world.mint(series, 3 * ETH)
    position = world.position()
    world.tandem.list_expiry(world.near, [2_450])
    assert listed(world)[world.near] == sorted((*LADDER, 2_450))
    assert world.tandem.market.call("liabilities") == (ref.maxima({series: 3 * ETH}), 0)
    world.mint(world.put(2_450), ETH)
    world.close(series, 3 * ETH)
    assert world.position() != position


def test_listing_again_changes_nothing(world: World) -> None:
    world.mint(world.put(2_400), ETH)
    before = world.tandem.market.call("snapshot")
    world.tandem.list_expiry(world.near, list(LADDER))
    assert world.tandem.market.call("snapshot") == before


def test_only_a_lister_lists(world: World) -> None:
    expiry = next_expiry(world.engine.now(), 10)
    for nobody in (world.trader, world.stranger, world.tandem.lp):
        with world.refuses("market: not a lister"):
            world.tandem.market.send("list_expiry", expiry, [2_500], sender=nobody)


@pytest.mark.proves("UN-2")
def test_an_expiry_is_ahead_and_at_eight(world: World) -> None:
    good = next_expiry(world.engine.now(), 10)
    for bad in (good + 1, good - 3_600, good - 11 * DAY, world.engine.now()):
        with world.refuses("market: bad expiry"):
            world.tandem.list_expiry(bad, [2_500])


@pytest.mark.proves("UN-2")
def test_nothing_is_listed_in_the_second_in_which_it_expires(world: World) -> None:
    """Settlement may be in the same block: what is listed is ahead."""
    expiry = next_expiry(world.engine.now(), 10)
    world.engine.set_time(expiry - 2)
    world.tandem.list_expiry(expiry, [2_500])
    assert world.engine.now() == expiry - 1
    with world.refuses("market: bad expiry"):
        world.tandem.list_expiry(expiry, [2_600])


def test_a_listing_is_at_most_ninety_days_ahead(world: World) -> None:
    """A slot is kept from others no longer: ninety days to the second, and none more."""
    expiry = next_expiry(world.engine.now(), 100)
    world.engine.set_time(expiry - 90 * DAY - 2)
    with world.refuses("market: too far ahead"):
        world.tandem.list_expiry(expiry, [2_500])
    world.engine.set_time(expiry - 90 * DAY - 1)
    world.tandem.list_expiry(expiry, [2_500])
    assert world.engine.now() == expiry - 90 * DAY


@pytest.mark.proves("BK-2")
def test_sixteen_strikes_to_an_expiry(world: World) -> None:
    world.tandem.list_expiry(world.near, [7_000])
    with world.refuses("book: no free node"):
        world.tandem.list_expiry(world.near, [7_500])
    world.tandem.list_expiry(world.near, [7_000])


@pytest.mark.proves("BK-2")
def test_a_strike_is_neither_zero_nor_beyond_the_range(world: World) -> None:
    expiry = next_expiry(world.engine.now(), 10)
    for bad in (0, 2**24):
        with world.refuses("book: strike range"):
            world.tandem.list_expiry(expiry, [bad])
    world.tandem.list_expiry(expiry, [1, 2**24 - 1])


@pytest.mark.proves("BK-2")
def test_eight_expiries_at_once(world: World) -> None:
    for days in range(8, 14):
        world.tandem.list_expiry(next_expiry(world.engine.now(), days), [2_500, 5_000])
    with world.refuses("book: no free slot"):
        world.tandem.list_expiry(next_expiry(world.engine.now(), 15), [2_500, 5_000])


@pytest.mark.proves("BK-2", "BK-5")
def test_r17_settlement_and_emptiness_free_a_slot(world: World) -> None:
    """An expiry past with options keeps its slot until it is settled; an empty one does not."""
    first = next_expiry(world.engine.now(), 8)
    for days in range(8, 14):
        world.tandem.list_expiry(next_expiry(world.engine.now(), days), [2_500, 5_000])
    world.mint(world.call(2_500), ETH)
    world.engine.set_time(world.far + 1)
    assert len(listed(world)) == 8
    assert first in listed(world)
    for days in range(8, 15):  # seven are past and empty
        world.tandem.list_expiry(next_expiry(world.engine.now(), days), [2_500, 5_000])
    assert world.near in listed(world)
    assert first not in listed(world)
    last = next_expiry(world.engine.now(), 20)
    with world.refuses("book: no free slot"):
        world.tandem.list_expiry(last, [2_500, 5_000])
    world.push(2_700)
    world.tandem.settle(world.near, world.round_id())
    world.tandem.list_expiry(last, [2_500, 5_000])
    assert world.near not in listed(world)


def test_a_reused_slot_starts_empty(world: World) -> None:
    """Words of the expiry that was there before must not shine through."""
    world.mint(world.put(2_400), 3 * ETH)
    world.mint(world.put(2_600, 2_250), 2 * ETH)
    world.settle(world.near, 2_500)
    expiry = next_expiry(world.engine.now(), 20)
    world.tandem.list_expiry(expiry, [2_600, 2_400, 2_500, 5_000, 2_250])
    world.post({expiry: world.slices[world.far]})
    world.engine.advance(61)
    entry = next(e for e in world.tandem.lens.call("expiries") if e[0] == expiry)
    assert entry[1:5] == (0, 0, 0, 0)
    assert list(entry[7]) == [0] * 5
    series = Series(expiry, False, 2_500, 5_000)
    world.push(2_500)
    world.mint(series, ETH)
    assert world.tandem.market.call("liabilities")[0] == ref.maxima({series: ETH})
