"""Rules of several venues of which a part could be left out, and no test noticed."""

from __future__ import annotations

import pytest
from several import REPLACED, REVERTS, legs, members, tell
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.units import HOUR, WAD

ENDLESS = 10**7 * WAD
"""More than any market fills."""


def alone(world: World, face: Contract) -> None:
    """Only the other venue takes part in orders."""
    tell(world, face, ("curve", REVERTS, 0, 0))


@pytest.mark.proves("VS-3")
@pytest.mark.parametrize("sign", [1, -1])
def test_a_leg_keeps_back_a_hundredth_of_what_margin_bears(
    faced: World, face: Contract, sign: int
) -> None:
    """What it fills at is another price than that of now."""
    world = faced
    tell(world, face, ("max_order", REPLACED, 0, ENDLESS))
    world.engine.advance(3 * HOUR + 1)  # its account is asked again
    held, price = face.call("position"), face.call("curve", sign * WAD)[0]
    account, bounds = face.call("account", price), face.call("bounds", 0)
    usable = min(account[1], account[3])
    borne = usable * WAD // bounds[0] * WAD // price
    room = borne * 990 // 1_000 - sign * held
    worst = 2**255 if sign > 0 else 0
    found = sign * world.tandem.venue.call("legs", sign * ENDLESS, worst)[1]
    assert found == pytest.approx(room, rel=1e-3)


@pytest.mark.proves("HG-17")
@pytest.mark.parametrize("buys", [True, False])
def test_depth_in_one_place_makes_no_chunk_of_one_of_several(
    faced: World, face: Contract, buys: bool
) -> None:
    """HG-17: "at most what the market fills ... at each of several by itself"."""
    venue = faced.tandem.venue
    whole = venue.call("chunk_left", face, buys, False)
    thin = whole // 100
    tell(faced, face, ("curve", REPLACED, 6, thin))  # how far its first stretch reaches
    assert venue.call("chunk_left", face, buys, False) == thin < whole


@pytest.mark.proves("VS-5")
def test_a_close_keeps_what_a_venue_without_a_leg_reports(faced: World, face: Contract) -> None:
    """Nothing else looks there: a close proves no account."""
    world, venue = faced, faced.tandem.venue
    curie = members(world)[0]
    left = face.call("position") // 2
    for view in ("position", "account"):
        tell(world, face, (view, REPLACED, 0, left))
    alone(world, face)
    assert set(legs(world.close(world.call(2_500), 5 * ETH))) == {curie.address}
    world.tandem.guardian.take_down_one(1).send(world.tandem.roles.guardian)
    assert venue.call("position") == pytest.approx(curie.call("position") + left, abs=10**6)


@pytest.mark.proves("HG-17")
def test_what_a_trader_brings_is_not_spent_of_a_markets_minute(
    faced: World, face: Contract
) -> None:
    """Of an open that brings home a part of the residual besides: that part alone."""
    world, venue = faced, faced.tandem.venue
    alone(world, face)
    curie, residual = members(world)[0], world.tandem.snapshot().stance.residual
    series = world.put(2_500) if residual > 0 else world.call(2_500)
    buys = residual < 0
    before = venue.call("chunk_left", curie, buys, False)
    assert world.tandem.router.ledger().spent == 0 < before
    receipt = world.mint(series, 12 * ETH)
    (hedged,) = receipt.events("Hedged")
    order = abs(hedged["order"])
    home = abs(hedged["residual_before"]) - abs(hedged["residual_after"])
    assert 0 < home < order * 9 // 10
    spent = before - venue.call("chunk_left", curie, buys, False)
    assert spent == pytest.approx(home, rel=0.05)
    assert world.tandem.router.ledger().spent == pytest.approx(home, rel=0.05)


@pytest.mark.proves("VS-4")
def test_a_price_of_several_is_weighed_by_depth(faced: World, face: Contract) -> None:
    curie = members(faced)[0]
    price, depth = curie.call("price"), curie.call("average", 180)[1]
    tell(faced, face, ("price", REPLACED, 0, price * 102 // 100))
    tell(faced, face, ("average", REPLACED, 1, 3 * depth))
    wanted = (price + 3 * (price * 102 // 100)) // 4
    assert faced.tandem.venue.call("price") == pytest.approx(wanted, rel=1e-9)


@pytest.mark.proves("VS-4")
def test_a_history_of_several_is_that_of_the_one_that_lacks_most(
    faced: World, face: Contract
) -> None:
    """Whichever stands first."""
    venue, curie = faced.tandem.venue, members(faced)[0]
    there = face.call("history")[0]
    for needed in (there + 10**6, 1):
        tell(faced, face, ("history", REPLACED, 1, needed))
        lacks = min(curie.call("history"), face.call("history"), key=lambda h: h[0] - h[1])
        found = venue.call("history")
        assert found[1] == lacks[1]
        assert abs(found[0] - lacks[0]) < 5
