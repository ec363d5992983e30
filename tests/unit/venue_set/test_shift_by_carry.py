"""What holding costs as a reason to move the hedge: both ends of it, and what is none."""

from __future__ import annotations

import pytest
from carrying import HOURS, both, both_once, dear, lend, note, pass_hours, rates
from several import build_set, fund, legs, members, splitter
from worlds import ETH, World

from tandem.errors import Reverted
from tandem.units import HOUR, USD, WAD

__all__ = ["both", "both_once", "dear"]


@pytest.mark.proves("VS-10")
def test_a_hedge_moves_where_that_saves_more_than_it_costs_and_the_position_stays(
    dear: World,
) -> None:
    """Chunk by chunk, and as long as a chunk pays: what both legs took is less than what the time of a hedge
    costs more at the one than at the other."""
    world, desk = dear, dear.tandem.desk
    aave, morpho = members(world)
    whole = world.position()
    (cheap, _), (expensive, _) = rates(world)
    most = (expensive - cheap) * HOURS // 24
    moved = 0
    for _ in range(4):
        held = morpho.call("position")
        receipt = desk.shift(morpho, aave, 2 * WAD).send(world.stranger)
        (event,) = receipt.events("Shifted")
        found = legs(receipt)
        assert found[morpho.address]["order"] == -event["size"]
        assert found[aave.address]["order"] == event["size"]
        cost = -sum(leg["quote_delta"] - leg["fee"] for leg in found.values())
        assert event["received"] == -cost
        assert cost * WAD <= event["size"] * world.spot // WAD * most * 1.01
        assert morpho.call("position") == pytest.approx(held - event["size"], abs=10**12)
        moved += event["size"]
        fund(world)
        pass_hours(world, 0)
        world.engine.advance(60)
        world.push_wad(world.spot)
    assert moved > 4 * WAD
    assert world.position() == pytest.approx(whole, abs=10**13)


@pytest.mark.proves("VS-10")
def test_what_is_cheap_to_hold_does_not_go_where_it_is_dear(dear: World) -> None:
    aave, morpho = members(dear)
    with pytest.raises(Reverted, match="margin: moving costs more"):
        dear.tandem.desk.shift(aave, morpho, WAD).send(dear.stranger)


@pytest.mark.proves("VS-10")
def test_two_that_are_alike_keep_what_they_hold(both: World) -> None:
    aave, morpho = members(both)
    for source, target in ((aave, morpho), (morpho, aave)):
        with pytest.raises(Reverted, match="margin: moving costs more"):
            both.tandem.desk.shift(source, target, WAD).send(both.stranger)


@pytest.mark.proves("VS-10")
def test_a_rate_of_a_moment_moves_nothing(both: World) -> None:
    """Not at once, and not an hour later: each question is put to a market that was emptied for it."""
    world, morpho = both, both.curie.members[1]
    aave, venue = members(world)
    for _ in range(3):
        before = morpho.long.there()
        morpho.drain(morpho.long, 10**6)
        note(world)
        assert venue.call("funding")[0] * HOURS // 24 > WAD // 400
        with pytest.raises(Reverted, match="margin: moving costs more"):
            world.tandem.desk.shift(venue, aave, WAD).send(world.stranger)
        lend(world, before - 10**6)
        pass_hours(world, 1)


@pytest.mark.proves("VS-10")
def test_a_rate_that_has_ended_moves_nothing(dear: World) -> None:
    """What was paid says yes; the lenders are back, and what is paid now says no."""
    aave, morpho = members(dear)
    with dear.undone():
        dear.tandem.desk.shift(morpho, aave, WAD).send(dear.stranger)
    lend(dear, 10**7 * USD)
    with pytest.raises(Reverted, match="margin: moving costs more"):
        dear.tandem.desk.shift(morpho, aave, WAD).send(dear.stranger)


@pytest.mark.proves("VS-10")
def test_where_nobody_asked_for_a_day_the_first_to_move_asks(dear: World) -> None:
    """And nothing moves on what nobody knows: a venue that was asked once, and never again."""
    world = dear
    aave, morpho = members(world)
    pass_hours(world, 24)
    _, _, before = splitter(world).call("rates", morpho)
    assert world.tandem.desk.shift(morpho, aave, WAD).send(world.stranger).returned == WAD
    assert splitter(world).call("rates", morpho)[2] > before + 23 * HOUR


@pytest.mark.proves("VS-9", "VS-10")
def test_a_long_that_owes_nothing_pays_nothing_and_does_not_move(both: World) -> None:
    """Margin that is more than the notional has paid for it: whatever the market asks of others."""
    world, market = both, both.curie.members[1]
    aave, morpho = members(world)
    world.set_terms(max_trade=1_000)
    fund(world)
    market.drain(market.long, 60_000 * USD)
    pass_hours(world, 72)
    for _ in range(2):
        note(world)
        pass_hours(world, 1)
    note(world)
    (long_at_aave, _), (long, short) = rates(world)
    assert long == 0 < short
    # the other gives up what it would earn by lending, which is less than what borrowing costs
    assert long_at_aave < aave.call("funding")[0] * 9 // 10
    assert morpho.call("funding")[0] > WAD // 2_000
    world.freshen()
    with pytest.raises(Reverted, match="margin: moving costs more"):
        world.tandem.desk.shift(morpho, aave, WAD).send(world.stranger)


@pytest.mark.proves("VS-10")
def test_nothing_moves_on_what_nobody_knows() -> None:
    """Two adapters that were never asked twice; what the rates of now say is no reason."""
    world = build_set("aave+morpho")
    world.mint(world.call(2_500), 40 * ETH)
    world.curie.converge()
    world.rest()
    aave, morpho = members(world)
    with pytest.raises(Reverted, match="margin: carry unknown"):
        world.tandem.desk.shift(morpho, aave, WAD).send(world.stranger)


@pytest.mark.proves("VS-10", "HG-13")
def test_what_moved_is_no_loss_that_nobody_explains(dear: World) -> None:
    """At a price that has moved since margin was, and at the next one: each account is seen with what it
    holds after both legs."""
    world, desk = dear, dear.tandem.desk
    aave, morpho = members(world)
    world.move(2_480)
    world.rest()
    held = {venue: venue.call("position") for venue in (aave, morpho)}
    before = desk.unseen(world.spot).lost
    (event,) = desk.shift(morpho, aave, 2 * WAD).send(world.stranger).events("Shifted")
    cost = -event["received"] // 10**12
    for venue, moved in ((aave, event["size"]), (morpho, -event["size"])):
        seen, left = desk.seen(venue), held[venue] + moved
        assert seen.spot == world.spot
        assert seen.position == pytest.approx(left, abs=10**13)
        assert seen.position == pytest.approx(venue.call("position"), abs=10**13)
    assert desk.unseen(world.spot).lost <= before + cost + USD
    for price in (2_350, 2_650):
        with world.undone():
            world.move(price)
            assert desk.unseen(world.spot).lost <= before + cost + USD
