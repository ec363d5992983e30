"""A jump past all that a lending market holds of ours is the market's loss, and no end of the protocol."""

from __future__ import annotations

import pytest
from several import wiped_out
from worlds import World

from tandem.engine.base import Contract
from tandem.units import USD, WAD


@pytest.fixture(params=["aave", "morpho"])
def wiped(request: pytest.FixtureRequest) -> World:
    return wiped_out(request.param)


def _idle(venue: Contract) -> int:
    """What lies there beside the lender, which is ours, WAD."""
    return venue.call("idle") * 10**12 if "idle" in venue.abi.functions else 0


@pytest.mark.proves("FL-8", "LM-2")
def test_what_lenders_bore_is_gone_with_the_position(wiped: World) -> None:
    """FL-8: "A debt that somebody pays is gone once there is no position, and not before": margin comes again
    and is ours, and so do LPs. It stopped both for good, and what lay idle there was never seen again."""
    world, tandem, venue = wiped, wiped.tandem, wiped.tandem.venue
    assert tandem.router.account(world.spot, 0).bankrupt
    venue.send("accept", sender=world.stranger)
    account = tandem.router.account(world.spot, 0)
    assert account.equity_low == _idle(venue)
    assert not account.bankrupt
    world.move(7_000)
    world.rest()
    sent, idle = world.top_up(), account.equity_low
    assert sent > 1_000 * USD
    there = venue.call("account", world.spot)[1]
    assert there == pytest.approx(idle + sent * 10**12, abs=WAD // 100)
    tandem.deposit(1_000 * USD)


@pytest.mark.proves("FL-8")
def test_what_a_stranger_put_there_meanwhile_stays_his(wiped: World) -> None:
    """FL-8: "Margin that others give to the hedge account ... counts in no equity, top-up or sweep"."""
    world, venue = wiped, wiped.tandem.venue
    world.deposit_for_venue(5_000 * USD)
    venue.send("accept", sender=world.stranger)
    assert venue.call("account", world.spot)[1] == pytest.approx(_idle(venue), abs=WAD // 100)
    assert venue.call("gifts") == pytest.approx(5_000 * USD, abs=USD // 100)
