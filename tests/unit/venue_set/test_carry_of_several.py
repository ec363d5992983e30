"""What holding costs: asked by time alone, a part of where an order goes, and a reason to move the hedge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from several import build_set, fund, legs, members, splitter
from worlds import ETH, World

from tandem.errors import Reverted
from tandem.units import HOUR, USD, WAD

HOURS = 200
MOST = 2**255


def note(world: World) -> None:
    """Both venues are asked what holding cost, by anybody."""
    splitter(world).send("note", members(world), sender=world.stranger)


def pass_hours(world: World, hours: int) -> None:
    world.engine.advance(hours * HOUR)
    world.push_wad(world.spot)


@pytest.fixture(scope="module")
def both_once() -> World:
    """Long at two lenders alike."""
    world = build_set("aave+morpho")
    for _ in range(2):
        world.mint(world.call(2_500), 40 * ETH)
        fund(world)
    world.set_terms(carry=HOURS, max_trade=200)
    world.curie.converge()
    world.rest()
    for venue in members(world):  # what is left is under the notional: longs owe
        world.tandem.desk.sweep(venue).send(world.stranger)
    assert all(venue.call("position") > 20 * WAD for venue in members(world))
    note(world)
    pass_hours(world, 1)
    note(world)
    return world


@pytest.fixture
def both(both_once: World) -> Iterator[World]:
    with both_once.undone():
        yield both_once


@pytest.fixture
def dear(both: World) -> World:
    """The lenders of one have left but for a little: what is owed there costs more by the day."""
    world = both
    morpho = world.curie.members[1]
    morpho.drain(morpho.long, 60_000 * USD)
    pass_hours(world, 72)
    note(world)
    pass_hours(world, 1)
    note(world)
    world.freshen()
    fund(world)
    world.rest()
    return world


def lend(world: World, amount: int) -> None:
    """Somebody lends so much on what longs pledge at the second venue, token units."""
    morpho = world.curie.members[1]
    who = morpho.spot.maker
    world.curie.usdc.send("mint", who, amount, sender=world.curie.owner)
    world.curie.usdc.send("approve", morpho.lender, amount, sender=who)
    morpho.lender.send("supply", morpho.long.params, amount, 0, who, b"", sender=who)


def rates(world: World) -> list[tuple[int, int]]:
    """What a long and a short pay a day at each, as it was asked last."""
    return [tuple(splitter(world).call("rates", venue)[:2]) for venue in members(world)]


@pytest.mark.proves("VS-9")
def test_what_was_paid_is_asked_once_an_hour_and_is_the_markets_own_index(both: World) -> None:
    """Whoever asks; a second question within the hour changes nothing; after it, what was paid since."""
    asks = splitter(both)
    before = [asks.call("rates", venue) for venue in members(both)]
    assert all(time for _, _, time in before)
    pass_hours(both, 0)
    note(both)
    assert [asks.call("rates", venue) for venue in members(both)] == before
    pass_hours(both, 1)
    note(both)
    for venue, (_, _, time) in zip(members(both), before, strict=True):
        long, short, again = asks.call("rates", venue)
        assert again >= time + HOUR
        now = venue.call("funding")
        # nobody came or went: the hour cost what its rate said, to what interest on interest makes
        assert long == pytest.approx(now[0], rel=1e-3, abs=10**9)
        assert short == pytest.approx(now[1], rel=1e-3, abs=10**9)


@pytest.mark.proves("VS-9")
def test_a_rate_that_was_made_for_a_moment_is_no_part_of_it(both: World) -> None:
    """Somebody empties a market, has it asked, and puts everything back: for a second of an hour."""
    morpho = both.curie.members[1]
    venue = members(both)[1]
    calm = splitter(both).call("rates", venue)
    pass_hours(both, 1)
    morpho.drain(morpho.long, 10**6)
    assert venue.call("funding")[0] > 3 * calm[0]
    note(both)
    long, short, time = splitter(both).call("rates", venue)
    assert time > calm[2]
    assert long == pytest.approx(calm[0], rel=0.01)
    assert short == pytest.approx(calm[1], rel=0.01)


@pytest.mark.proves("VS-9")
def test_a_venue_that_was_never_asked_twice_is_not_known(both: World) -> None:
    asks = splitter(both)
    nobody = both.engine.accounts[9]
    asks.send("note", [nobody], sender=both.stranger)
    pass_hours(both, 1)
    asks.send("note", [nobody], sender=both.stranger)
    assert asks.call("rates", nobody) == (0, 0, 0)


@pytest.mark.proves("VS-2", "VS-9")
def test_an_order_goes_where_it_costs_less_to_hold(dear: World) -> None:
    """Longs go to the cheap one, and come home first from the dear one; by price alone both had a part."""
    aave, morpho = members(dear)
    (_, cheap), (_, expensive) = (
        (v, r[0]) for v, r in zip((aave, morpho), rates(dear), strict=True)
    )
    assert (expensive - cheap) * HOURS // 24 > WAD // 1_000
    with dear.undone():
        dear.set_terms(carry=0)
        assert len(legs(dear.mint(dear.call(2_500), 4 * ETH))) == 2
    bought = legs(dear.mint(dear.call(2_500), 4 * ETH))
    assert set(bought) == {aave.address}
    sold = legs(dear.close(dear.call(2_500), 8 * ETH))
    assert set(sold) == {morpho.address}


@pytest.mark.proves("HG-15")
def test_an_open_pays_for_its_own_sign_where_it_costs_most(dear: World) -> None:
    """A long's rate is the dear one's, a short's is what a short costs: neither is the other's."""
    life = 24 * HOUR
    world, router = dear, dear.tandem.router
    pass_hours(world, 1)
    told = [venue.call("funding") for venue in members(world)]
    long, short = router.call("carry", life)
    noise = WAD // 10_000
    for paid, each in ((long, [t[0] for t in told]), (short, [t[1] for t in told])):
        worst = max(each)
        charged = worst - min(max(worst, -noise), noise)
        assert paid == pytest.approx(charged, abs=2 * 10**12)
    assert long > 5 * short > 0


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
    assert long_at_aave != 0
    assert morpho.call("funding")[0] > WAD // 2_000
    world.freshen()
    with pytest.raises(Reverted, match="margin: moving costs more"):
        world.tandem.desk.shift(morpho, aave, WAD).send(world.stranger)
