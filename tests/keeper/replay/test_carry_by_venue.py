"""What each venue gave or took for holding the hedge: its own events, and what it has not booked yet."""

from __future__ import annotations

import pytest
from several import build_set, fund, members
from worlds import ETH

from keeper.replay.carry import Carry, cents_of
from tandem.units import DAY, WAD


def test_what_each_venue_took_is_what_its_account_lost_by_waiting() -> None:
    """Days at one price between orders: no fee, no move, nothing but carry is in the accounts."""
    world = build_set("aave+morpho")
    carry = Carry(world.curie, world.tandem.venue.address)
    for _ in range(2):
        carry.book(world.mint(world.call(2_500), 40 * ETH))
        fund(world)
    world.set_terms(max_trade=200)
    world.curie.converge()
    world.rest()
    for venue in members(world):  # what is left is under the notional: longs owe
        carry.book(world.tandem.desk.sweep(venue).send(world.stranger))
        assert venue.call("position") > WAD
    carry.take(held=True, counts=False)
    assert carry.total == {}
    spot, lost = world.spot, {"aave": 0.0, "morpho": 0.0}
    for days in (1, 3):
        before = [venue.call("account", spot)[1] for venue in members(world)]
        world.engine.advance(days * DAY)
        after = [venue.call("account", spot)[1] for venue in members(world)]
        for name, was, now in zip(lost, before, after, strict=True):
            lost[name] += (now - was) / WAD
        world.push_wad(spot)
        world.freshen()
        carry.book(world.mint(world.call(2_500), ETH))
        came = carry.take(held=True, counts=True)
    assert carry.total == pytest.approx(lost, abs=0.02)
    assert all(abs(paid) > 0.5 for paid in carry.total.values())
    assert came != 0


@pytest.mark.parametrize("whole", [-0.01, 0.0, 12.34])
def test_cents_add_up_and_the_largest_takes_the_rounding(whole: float) -> None:
    found = cents_of({"one": 0.004, "other": whole - 0.008, "third": 0.004}, whole)
    assert round(sum(found.values()) * 100) == round(whole * 100)
    assert found["one"] == found["third"] == 0
    assert cents_of({}, whole) == {}
