"""What no trader brings goes home over several venues in one call: what was said to fit, or a wait begins."""

from __future__ import annotations

import pytest
from several import fund, legs, members
from worlds import ETH, LOT, World

from tandem.errors import Reverted
from tandem.units import WAD


def owing(world: World) -> World:
    """Both venues hold a part of the hedge, and the price has risen since: the Vault has to buy."""
    for _ in range(3):
        fund(world)
        world.mint(world.call(2_500), 30 * ETH)
    world.move(2_600)
    assert world.tandem.snapshot().stance.residual < -WAD
    return world


@pytest.mark.proves("HG-4", "VS-2")
def test_what_goes_home_is_what_was_said_to_fit(pair: World) -> None:
    """The router says how much (`pace`): the rebalance fills so much, its legs sum to it, and each is at or
    inside the bound of what no trader brings."""
    world = owing(pair)
    world.rest()
    router, spot = world.tandem.router, world.tandem.snapshot().spot
    said = router.pace(-world.tandem.snapshot().stance.residual, 0, spot)
    worst = spot * (10_000 + world.terms()["fill_band"]) // 10_000
    average = world.tandem.venue.call("average", 180)[0]
    near = average * (10_000 + world.terms()["average_band"]) // 10_000
    receipt = world.tandem.rebalance(sender=world.stranger)
    (hedged,) = receipt.events("Hedged")
    found = legs(receipt)
    assert len(found) == 2
    assert hedged["order"] == pytest.approx(said, rel=1e-3)
    assert sum(leg["order"] for leg in found.values()) == hedged["order"]
    for leg in found.values():
        assert -leg["quote_delta"] * WAD // leg["order"] <= min(worst, near) * 10_001 // 10_000
    assert router.ledger().spent == hedged["order"]
    left = hedged["residual_before"] + hedged["order"]
    assert hedged["residual_after"] == pytest.approx(left, abs=10**6)


@pytest.mark.proves("HG-17")
def test_where_nothing_fits_nothing_is_filled_and_a_wait_begins(pair: World) -> None:
    world = owing(pair)  # both markets have just arrived where their averages are not
    before = [venue.call("position") for venue in members(world)]
    assert world.tandem.router.pace(50 * WAD, 0, world.spot) < LOT
    receipt = world.tandem.rebalance(sender=world.stranger)
    assert [e["order"] > 0 for e in receipt.events("HedgeWaits")] == [True]
    (hedged,) = receipt.events("Hedged")
    assert hedged["order"] == hedged["quote_delta"] == hedged["venue_fee"] == 0
    assert hedged["position_after"] == pytest.approx(sum(before), abs=10**12)
    assert not receipt.events("LegFilled")
    assert [venue.call("position") for venue in members(world)] == pytest.approx(before, abs=10**12)
    ledger = world.tandem.router.ledger()
    assert ledger.since == receipt.timestamp
    assert ledger.spent == 0
    with pytest.raises(Reverted, match="router: off the average"):
        world.tandem.rebalance(sender=world.stranger)
