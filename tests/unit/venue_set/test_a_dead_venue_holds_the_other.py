"""VS-5: a member that was down for three days is written off, what it held with what lies there: the others
hold what the book needs, and what they held against it comes home."""

from __future__ import annotations

from contextlib import suppress

import pytest
from several import REVERTS, fund, members, tell
from worlds import ETH, World
from written_off import CURIE, WAIT, brought_back, take_down, until

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import DAY, HOUR, WAD


@pytest.fixture
def crossed(sold: World) -> tuple[World, int]:
    """The lending market is down with a short while all puts are sold back: the exchange is long against it,
    and together they hold nothing. And since when it is down."""
    world = sold
    down = take_down(world)
    for _ in range(6):
        world.close(world.put(2_500), 10 * ETH)
        world.rest()
        fund(world)
    world.bring_home()
    assert world.tandem.market.call("liabilities")[0] == 0
    assert abs(world.tandem.router.call("position")) < WAD // 100
    assert members(world)[0].call("position") > 20 * WAD
    return world, down


@pytest.mark.proves("VS-5")
def test_what_another_holds_against_a_dead_venue_comes_home(crossed: tuple[World, int]) -> None:
    """VS-5: "from then on its position counts for nothing either". Nothing is open, and all shares leave:
    24 ETH and 9,340 USD stayed with the last LPs for good."""
    world, down = crossed
    t, curie, who = world.tandem, members(world)[0], world.stranger
    vault, lp = t.vault, t.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    until(world, down + WAIT - HOUR)
    with pytest.raises(Reverted, match="hedge: inside trigger"):
        t.rebalance(sender=who)
    until(world, down + WAIT)
    assert t.router.call("position") == curie.call("position")
    world.bring_home()
    assert curie.call("position") == 0
    vault.send("process", 5, sender=who)
    with suppress(Reverted):
        while True:
            t.desk.sweep(curie).send(who)
    world.engine.advance(HOUR)
    world.freshen()
    vault.send("process", 5, sender=who)
    assert vault.call("totalSupply") == 0
    assert curie.call("account", world.spot)[1] < WAD


@pytest.mark.proves("VS-5")
def test_margin_and_position_of_a_dead_venue_end_in_the_same_second(sold: World) -> None:
    """VS-5: "LPs leave from three days later on ... from then on its position counts for nothing either": no
    NAV is told in which one of the two counts."""
    world, t = sold, sold.tandem
    curie, aave = members(world)
    vault, lp, held = t.vault, t.lp, aave.call("position")
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 10, lp, lp, sender=lp)
    down = take_down(world)
    until(world, down + WAIT - 1)
    whole = curie.call("position") + held
    assert t.router.call("position") == pytest.approx(whole, abs=10**6)
    with pytest.raises(Reverted, match="lens: venue down"):
        t.lens.call("mark_for", vault.call("totalAssets"), 6 * HOUR)
    world.engine.set_time(down + WAIT)
    left = t.router.call("position")
    assert left == t.venue.call("account", world.spot)[0] == curie.call("position")
    mark = t.lens.call("mark_for", vault.call("totalAssets"), 6 * HOUR)
    worse, better = sorted(curie.call("account", world.spot)[1:3])
    assert mark[4:6] == (worse, better)
    assert mark[7] > abs(held) * world.spot // WAD // 100  # what it costs to make that hedge anew


@pytest.mark.proves("VS-5", "HG-9")
def test_the_hedge_of_a_dead_venue_is_made_anew_at_the_others(sold: World) -> None:
    """And what opens need is asked of those alone."""
    world, t = sold, sold.tandem
    curie, aave = members(world)
    whole = t.router.call("position")
    assert aave.call("position") < -5 * WAD
    until(world, take_down(world) + WAIT)
    world.bring_home()
    fund(world)
    assert curie.call("position") == pytest.approx(whole, rel=0.1)
    t.stress.send("remark", sender=world.stranger)
    world.mint(world.put(2_500), ETH)


@pytest.mark.proves("VS-5")
def test_another_that_goes_down_later_brings_back_nothing_of_the_first(sold: World) -> None:
    """Each has three days of its own; who leaves waits for the last."""
    world, t = sold, sold.tandem
    curie = members(world)[CURIE]
    until(world, take_down(world) + WAIT)
    world.bring_home()
    anew = curie.call("position")
    assert t.router.call("position") == anew < -20 * WAD
    second = take_down(world, CURIE)
    until(world, second + 2 * WAIT)
    assert t.router.call("position") == pytest.approx(anew, abs=10**6)


@pytest.mark.proves("VS-5", "HG-19")
@pytest.mark.parametrize("by", ["a bit", "the word for all"])
def test_where_none_is_up_what_was_not_written_off_before_counts(sold: World, by: str) -> None:
    """HG-19: "The last known position counts then": nobody could hedge it anew, and who leaves would wait for
    a calm that cannot come."""
    world, t = sold, sold.tandem
    whole, vault, lp = t.router.call("position"), t.vault, t.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 10, lp, lp, sender=lp)
    take_down(world)
    world.engine.advance(DAY)
    if by == "a bit":
        take_down(world, CURIE)
    else:
        t.guardian.take_down().send(t.roles.guardian)
        take_down(world, CURIE)
    until(world, world.engine.now() + 2 * WAIT)
    assert t.router.call("last_position") == pytest.approx(whole, abs=10**6)
    if by == "a bit":
        t.guardian.bring_back_one(CURIE).send(t.roles.deployer)
        world.engine.advance(2 * DAY)
        world.freshen()
        t.guardian.apply(0).send(t.roles.deployer)
        assert t.router.call("position") == members(world)[CURIE].call("position")


@pytest.mark.proves("VS-5", "PW-2")
def test_an_owner_who_answers_within_a_day_keeps_what_a_guardian_took_down(sold: World) -> None:
    """Of a delay of two days: nothing was hedged twice."""
    world, t = sold, sold.tandem
    whole = t.router.call("position")
    take_down(world)
    world.engine.advance(DAY - HOUR)
    world.freshen()
    brought_back(world)
    assert t.router.call("position") == pytest.approx(whole, abs=10**16)


@pytest.mark.proves("VS-5", "VS-8")
def test_what_is_written_off_is_not_forgotten(faced: World, face: Contract) -> None:
    """VS-8: "its position counts as it was known": brought back, it counts, also where it says nothing;
    whoever noted or traded meanwhile wrote nothing down."""
    world, t = faced, faced.tandem
    curie, held = members(world)[0], face.call("position")
    until(world, take_down(world) + WAIT)
    t.venue.send("note", sender=world.stranger)
    world.bring_home()
    fund(world)
    world.mint(world.call(2_500), ETH)
    assert t.venue.call("position") == curie.call("position")
    tell(world, face, ("position", REVERTS, 0, 0))
    brought_back(world)
    assert t.venue.call("position") == pytest.approx(curie.call("position") + held, abs=10**6)


@pytest.mark.proves("VS-5", "HG-19")
def test_what_is_said_once_all_are_down_writes_nothing_off(sold: World) -> None:
    """VS-5: "while none is up, only what was written off when the last went down is": a guardian who says of
    all, days later, what he had said of each, wrote off both. A book of 28 ETH then had no hedge; half of a
    million that were due waited six hours more for a calm that could not come, and paid half of the 786 USD
    of a hedge that nobody could make."""
    world, t = sold, sold.tandem
    whole, vault, lp = t.router.call("position"), t.vault, t.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 2, lp, lp, sender=lp)
    take_down(world, CURIE)
    until(world, take_down(world) + WAIT)
    with pytest.raises(Reverted, match="guardian: venue is down"):  # the last bit says so
        t.guardian.take_down().send(t.roles.guardian)
    until(world, world.engine.now() + WAIT)
    assert t.router.call("last_position") == pytest.approx(whole, abs=10**6)
    assert vault.send("process", 5, sender=world.stranger).returned > 0
