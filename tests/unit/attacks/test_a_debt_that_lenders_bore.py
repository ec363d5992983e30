"""A jump past all that a lending market holds of ours is the market's loss, and no end of the protocol."""

from __future__ import annotations

import pytest
from several import wiped_out
from worlds import World

from tandem.engine.base import Contract
from tandem.units import TO_WAD, USD, WAD


@pytest.fixture(params=["aave", "morpho"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def wiped(kind: str) -> World:
    return wiped_out(kind)


def _idle(venue: Contract) -> int:
    """What lies there beside the lender, which is ours, WAD."""
    return venue.call("idle") * 10**12 if "idle" in venue.abi.functions else 0


@pytest.mark.proves("FL-8", "LM-2")
def test_what_lenders_bore_is_owed_to_nobody(wiped: World) -> None:
    """LM-2: "who owes nothing owes nobody more than is lent": margin comes again and is ours, and so do LPs.
    It stopped both for good, and what lay idle there was never seen again."""
    world, tandem, venue = wiped, wiped.tandem, wiped.tandem.venue
    account = tandem.router.account(world.spot, 0)
    assert account.equity_low == _idle(venue)
    assert not account.bankrupt
    with world.undone():
        venue.send("accept", sender=world.stranger)
        assert tandem.router.account(world.spot, 0) == account
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


@pytest.mark.proves("LM-2", "FL-8")
@pytest.mark.parametrize("given", [WAD // 10**9, WAD // 2])
def test_what_is_lent_in_the_place_of_what_is_gone_ends_nothing(kind: str, given: int) -> None:
    """A long hedge is sold whole and its debt borne by lenders; before anybody has looked a stranger lends
    of its token, which is taken for what is left of ours. A billionth of an ether kept all of the debt that
    nobody was owed: no deposit, no margin and no open for as long as the price stood no higher than that."""
    world = wiped_out(kind, rises=False)
    tandem, venue, market = world.tandem, world.tandem.venue, world.curie
    market.supply_for(world.stranger, venue, given, market.weth)
    for usd in (300, 297, 294):  # and what lies there is worth less
        world.push(usd)
        account = tandem.router.account(world.spot, 0)
        assert not account.bankrupt
        assert account.equity_low == pytest.approx(_idle(venue), abs=TO_WAD)
        assert tandem.router.position() == pytest.approx(given, rel=1e-5)
        venue.send("accept", sender=world.stranger)
    idle, sent = _idle(venue), world.top_up()
    assert sent > 1_000 * USD
    there = venue.call("account", world.spot)[1]
    assert there == pytest.approx(idle + sent * TO_WAD, abs=WAD // 100)
