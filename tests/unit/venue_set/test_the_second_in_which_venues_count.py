"""SH-8, VS-5: in the second in which a member is written off, or returns, nobody gains by who comes, leaves
or has others leave; and what is told goes by what counts then."""

from __future__ import annotations

import pytest
from several import fund, members
from worlds import ETH, World
from written_off import AAVE, WAIT, brought_back, take_down, until

from tandem.client import gate
from tandem.errors import Reverted
from tandem.units import DAY, HOUR, USD, WAD


@pytest.mark.proves("VS-5", "SH-8")
def test_nobody_gains_by_the_moment_in_which_a_venue_returns(sold: World) -> None:
    """Its margin and its position count from the same second on: who leaves waits until the hedge that is
    there twice is home (SH-8), and who comes in that second pays for what was found again."""
    world, t = sold, sold.tandem
    vault, lp, comer = t.vault, t.lp, world.engine.accounts[7]
    until(world, take_down(world) + WAIT)
    world.bring_home()
    fund(world)
    low = vault.call("totalAssets")
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 10, lp, lp, sender=lp)
    brought_back(world)
    t.deposit(100_000 * USD, lp=comer)
    assert vault.call("totalAssets") > low + 100_000 * USD  # with what lies there
    with pytest.raises(Reverted, match="vault: not calm"):
        vault.send("process", 5, sender=world.stranger)
    world.bring_home()
    shares = vault.call("balanceOf", comer)
    vault.send("requestRedeem", shares, comer, comer, sender=comer)
    world.engine.advance(DAY + HOUR)
    world.freshen()
    vault.send("process", 9, sender=world.stranger)
    assert 0 < vault.call("maxWithdraw", comer) < 100_000 * USD


@pytest.mark.proves("SH-8", "VS-5")
@pytest.mark.parametrize("at", ["written off", "back"])
def test_an_unrest_of_before_prices_nobody_in_the_second_in_which_other_venues_count(
    sold: World, at: str
) -> None:
    """SH-8: "What lasted before other venues counted ... is no such wait": leavers, who had waited their
    longest before, paid in that second for a hedge that was to be made anew, or was there twice, 295 USD of a
    million. Hedged, they leave."""
    world, t, vault, lp = sold, sold.tandem, sold.tandem.vault, sold.tandem.lp
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 10, lp, lp, sender=lp)
    if at == "back":
        until(world, take_down(world) + WAIT)
        world.bring_home()
        fund(world)
        t.guardian.bring_back_one(AAVE).send(t.roles.deployer)
    world.engine.advance(2 * DAY)
    world.move(2_600)
    world.freshen()
    assert not t.lens.mark_for(vault.call("totalAssets"), 6 * HOUR).calm
    vault.send("poke", sender=world.stranger)
    if at == "back":
        world.engine.advance(7 * HOUR)
        world.freshen()
        t.guardian.apply(0).send(t.roles.deployer)
    else:
        until(world, take_down(world) + WAIT)
    since = t.guardian.call("counts_since")
    assert abs(t.snapshot().stance.residual) > 5 * WAD
    with pytest.raises(Reverted, match="vault: not calm"):
        vault.send("process", 5, sender=world.stranger)
    with world.undone():
        world.bring_home()
        fund(world)
        world.rest()
        vault.send("process", 5, sender=world.stranger)
        assert vault.call("maxRedeem", lp) > 0
    until(world, since + 6 * HOUR - 10)
    with pytest.raises(Reverted, match="vault: not calm"):
        vault.send("process", 5, sender=world.stranger)
    world.engine.set_time(since + 6 * HOUR)
    vault.send("process", 5, sender=world.stranger)
    assert vault.call("maxRedeem", lp) > 0


@pytest.mark.proves("SH-8", "SH-10", "VS-5")
def test_a_slice_that_nobody_renews_lifts_it_for_nobody(sold: World) -> None:
    """A hundredth of an option, whose signers said nothing for seven hours: who was due was priced in that
    second, 67 USD a tenth of a million."""
    world, t, vault, lp = sold, sold.tandem, sold.tandem.vault, sold.tandem.lp
    world.mint(world.put(2_500, far=True), ETH // 100)
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 10, lp, lp, sender=lp)
    world.bring_home()
    fund(world)
    end = take_down(world) + WAIT
    until(world, end - 7 * HOUR)
    world.slices.pop(world.far)
    world.engine.set_time(end - 600)
    world.push_wad(world.spot)
    world.post()
    world.engine.set_time(end)
    mark = t.lens.mark_for(vault.call("totalAssets"), 6 * HOUR)
    assert mark.stale
    assert not mark.calm
    with pytest.raises(Reverted, match="vault: not calm"):
        vault.send("process", 5, sender=world.stranger)


@pytest.mark.proves("VS-5", "PW-2")
@pytest.mark.parametrize("price", [2_250, 2_500, 2_750])
def test_a_hedge_that_a_captured_guardian_doubles_costs_no_more_than_what_lies_there(
    sold: World, price: int
) -> None:
    """He takes a venue down that is well, and is not stopped for five days: the others hold the hedge too. It
    costs the way there and back inside the fill band (151 USD of 60,544 where the price stays), with what the
    account there loses, or less what it gains."""
    world, t = sold, sold.tandem
    curie, aave = members(world)
    lay, held = aave.call("account", world.spot)[1], aave.call("position")

    def lived(acts: bool) -> float:
        """What is LPs' in the end, book apart, USD."""
        with world.undone():
            down = take_down(world) if acts else world.engine.now()
            until(world, down + WAIT)
            if acts:
                world.bring_home()
            fund(world)
            world.move(price)
            if acts:
                brought_back(world)
            world.engine.set_time(down + 6 * DAY)
            world.freshen()
            world.bring_home()
            fund(world)
            there = sum(one.call("account", world.spot)[1] for one in (curie, aave))
            return t.vault.call("cash") / USD + there / WAD

    cost = lived(False) - lived(True)
    moved = abs(held) / WAD * (price - 2_500)
    band = world.terms()["fill_band"] / 1e4
    assert 0 < cost - moved < 2 * band * abs(held) / WAD * max(price, 2_500)
    assert cost < lay / WAD


@pytest.mark.proves("GT-1", "VS-5")
def test_what_is_told_of_the_gate_goes_by_the_position_that_opens_go_by(sold: World) -> None:
    """A venue that is written off, or returns, moves it without an order: the worst jump was told of the
    position before, 32,375 USD where an open was held against 23,856."""
    world = sold
    until(world, take_down(world) + WAIT)
    world.bring_home()
    fund(world)
    world.tandem.guardian.bring_back_one(AAVE).send(world.tandem.roles.deployer)
    world.engine.advance(2 * DAY)
    world.freshen()
    world.tandem.stress.send("remark", sender=world.stranger)
    before = world.tandem.snapshot().gate.worst
    world.tandem.guardian.apply(0).send(world.tandem.roles.deployer)
    s = world.tandem.snapshot()
    assert s.gate.worst / WAD == pytest.approx(max(gate.hedged(s).values()), abs=2)
    assert s.gate.worst < before - 5_000 * WAD
