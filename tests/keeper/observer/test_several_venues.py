"""A keeper over several venues: what two hold against each other goes home, margin goes where it is taken."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from several import (
    BURNS,
    IS_SILENT,
    REPLACED,
    REVERTS,
    build_beside_two_faces,
    build_pair,
    build_set,
    fund,
    members,
    splitter,
    tell,
)
from test_distress import keeper_of
from worlds import ETH, USD, World

from keeper.cycle import Done
from keeper.journal import State
from keeper.planner import Facts, Kind
from keeper.several import address_of
from keeper.standing import of_market
from tandem.protocol.shifts import Why
from tandem.units import DAY, HOUR, WAD


@pytest.fixture(scope="module")
def once() -> World:
    return build_pair()


@pytest.fixture
def pair(once: World) -> Iterator[World]:
    with once.undone():
        yield once


@pytest.mark.proves("VS-6")
def test_it_brings_home_what_two_venues_hold_against_each_other(pair: World) -> None:
    """The lending market was down while its long was sold back; once it is up the keeper nets both, a chunk a
    minute, and nothing that it sends is refused."""
    guardian, owner = pair.tandem.guardian, pair.tandem.roles.deployer
    for _ in range(2):
        pair.mint(pair.call(2_500), 15 * ETH)
    guardian.take_down_one(1).send(pair.tandem.roles.guardian)
    pair.close(pair.call(2_500), 20 * ETH)
    guardian.bring_back_one(1).send(owner)
    pair.engine.advance(2 * DAY)
    guardian.apply(0).send(owner)
    pair.rest()
    curie, aave = members(pair)
    assert curie.call("position") < -WAD
    keeper, done = keeper_of(pair), []
    for _ in range(30):
        done += keeper.cycle()
        if curie.call("position") > -(10**15):
            break
        pair.engine.advance(61)
        pair.push_wad(pair.spot)
    assert curie.call("position") > -(10**15)
    shifts = [d for d in done if d.intent.kind is Kind.SHIFT]
    assert shifts
    assert {d.result.state for d in shifts} == {State.MINED}
    assert {address_of(place) for d in shifts for place in d.intent.args[:2]} == {
        curie.address,
        aave.address,
    }


@pytest.mark.proves("VS-6")
def test_where_the_first_that_lacks_margin_takes_none_the_next_one_gets_it(pair: World) -> None:
    """Curie is paused and lacks margin: the keeper names the other."""
    curie, aave = members(pair)
    exchange = pair.curie.members[0]
    for _ in range(4):
        pair.mint(pair.call(2_500), 30 * ETH)
    pair.move(2_250)
    pair.rest()
    pair.move(2_020)
    pair.rest()
    exchange.vault.send("pause", sender=exchange.owner)
    keeper = keeper_of(pair)
    first = next(d for d in keeper.cycle() if d.intent.kind is Kind.TOP_UP)
    assert first.result.state is State.MINED
    assert first.intent.args == (int(aave.address, 16),)
    assert curie.call("position") > 0


@pytest.mark.proves("VS-5")
def test_a_market_whose_venues_are_all_down_one_by_one_is_still_looked_at(pair: World) -> None:
    """With the last of them all are down; a keeper has nothing to net there, and goes on."""
    for place in range(2):
        pair.tandem.guardian.take_down_one(place).send(pair.tandem.roles.guardian)
    pair.push_wad(pair.spot)
    snapshot, plan = keeper_of(pair).plan()
    assert snapshot.is_venue_down
    assert Kind.SHIFT not in {intent.kind for intent in plan.intents}


@pytest.mark.proves("VS-10")
def test_it_moves_what_is_cheaper_to_hold_elsewhere_for_as_long_as_that_pays() -> None:
    """The lenders of one left: what is owed there costs more by the day. Once that has lasted the keeper
    moves chunk after chunk, and once little is left to save nothing; nothing that it sends is refused."""
    world = build_set("aave+morpho")
    for _ in range(2):
        world.mint(world.call(2_500), 40 * ETH)
        fund(world)
    world.set_terms(carry=200, max_trade=200)
    world.curie.converge()
    world.rest()
    for venue in members(world):  # what is left is under the notional: longs owe
        world.tandem.desk.sweep(venue).send(world.stranger)
    _, dear = members(world)
    market = world.curie.members[1]
    asks = splitter(world)
    asks.send("note", members(world), sender=world.stranger)
    market.drain(market.long, 60_000 * USD)
    world.engine.advance(3 * DAY)
    world.push_wad(world.spot)
    asks.send("note", members(world), sender=world.stranger)
    world.engine.advance(HOUR)
    world.freshen()
    fund(world)
    world.rest()
    held, keeper, done = dear.call("position"), keeper_of(world), list[Done]()
    assert not [d for d in keeper.cycle() if d.intent.kind is Kind.SHIFT]
    for _ in range(60):
        world.engine.advance(61 if done else 50 * 60)
        world.freshen()
        done += [d for d in keeper.cycle() if d.intent.kind is Kind.SHIFT]
    assert len(done) > 2
    assert {d.result.state for d in done} == {State.MINED}
    assert all(Why.CARRY in d.intent.reason for d in done)
    assert dear.call("position") < held - WAD


@pytest.mark.proves("VS-8")
def test_what_a_stranger_lends_in_our_name_is_no_position_that_a_keeper_waits_for(
    pair: World,
) -> None:
    """A millionth of a dollar of ether at a member where nothing is held: that member had no part in orders
    until its adapter was told. It is nobody's position, and the market is kept meanwhile."""
    lender, venue = pair.curie.members[1], members(pair)[1]
    keeper = keeper_of(pair)
    for _ in range(30):
        lender.supply_for(pair.stranger, venue, 10**9, lender.weth)
        keeper.cycle()
        assert pair.tandem.venue.call("account_at", venue, pair.spot)[0] == 0
        pair.engine.advance(60)
        pair.push_wad(pair.spot)
    assert venue.call("position") == 0
    venue.send("accept", sender=pair.stranger)
    assert lender.weth.call("balanceOf", venue) >= 29 * 10**9


@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("how", [REVERTS, IS_SILENT, BURNS])
def test_one_that_says_nothing_of_its_account_blinds_no_keeper(how: int) -> None:
    """The others hedge and are lent what they lack; what nobody may do (a mark) is not tried; who keeps it is
    told, and nothing that is sent is refused."""
    world = build_beside_two_faces("AaveVenue")
    face = members(world)[1]
    for _ in range(2):
        world.mint(world.call(2_500), 15 * ETH)
    world.tandem.deposit(10**6 * USD)  # more capital asks for more margin
    tell(world, face, ("account", how, 0, 0))
    world.move(2_250)
    world.rest()
    uncovered = world.tandem.snapshot().stance
    assert abs(uncovered.residual) > uncovered.hard
    keeper, done, notes = keeper_of(world), list[Done](), set[str]()
    for _ in range(12):
        snapshot, plan = keeper.plan()
        assert not snapshot.account_known
        notes |= set(plan.notes)
        done += keeper.cycle()
        world.engine.advance(61)
        world.push_wad(world.spot)
    kinds = {d.intent.kind for d in done}
    assert Kind.REBALANCE in kinds
    assert Kind.TOP_UP in kinds
    assert not kinds & {Kind.POKE, Kind.REMARK, Kind.SWEEP}
    assert {d.result.state for d in done} == {State.MINED}
    assert any("does not say what its account is worth" in note for note in notes)
    stance = world.tandem.snapshot().stance
    assert abs(stance.residual) < stance.hard
    concerns = {c.event for c in of_market(snapshot, Facts(), None)}
    assert "a venue does not say what its account is worth" in concerns


@pytest.mark.proves("VS-8")
@pytest.mark.parametrize("view", ["", "position", "free_collateral", "account", "bounds", "boasts"])
def test_what_one_answers_keeps_nothing_of_the_others_from_home(view: str) -> None:
    """It asked for a sweep that names nobody, where all together hold too much alone: 13,500 USD stayed."""
    world = build_beside_two_faces("AaveVenue")
    face = members(world)[1]
    world.mint(world.call(2_500), 3 * ETH)
    world.set_terms(max_trade=100)
    world.freshen()
    face.send("set_equity", (50_000 if view == "boasts" else 2_000) * WAD, sender=world.stranger)
    if view != "bounds":
        tell(world, face, ("bounds", REPLACED, 2, 22 * 10**16))
    if view == "boasts":
        tell(world, face, ("free_collateral", REPLACED, 0, 10**12))
    elif view not in ("", "bounds"):
        tell(world, face, (view, REVERTS, 0, 0))
    keeper, done = keeper_of(world), list[Done]()
    for _ in range(3):
        done += keeper.cycle()
        world.engine.advance(61)
        world.push_wad(world.spot)
    swept = [d for d in done if d.intent.kind is Kind.SWEEP]
    assert State.MINED in {d.result.state for d in swept}
