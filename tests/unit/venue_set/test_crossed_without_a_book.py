"""With nothing open and what is long here short elsewhere, accounts are worth what they are."""

from __future__ import annotations

import pytest
from several import fund, members
from worlds import ETH, World

from tandem.errors import Reverted
from tandem.units import DAY, HOUR, WAD

VIRTUAL = 10**12
"""Shares that nobody has, and what lay at the stand-in before the first deposit is theirs in part."""


@pytest.fixture
def crossed(beside_a_liar: World) -> World:
    """A venue at which nothing accrues is down with a short while puts are sold back: the exchange is long
    against it. It is brought back; the rest expires, and anybody brings the position to nothing."""
    world, guardian = beside_a_liar, beside_a_liar.tandem.guardian
    for _ in range(4):
        world.mint(world.put(2_500), 15 * ETH)
        fund(world)
    guardian.take_down_one(1).send(world.tandem.roles.guardian)
    for _ in range(5):
        world.close(world.put(2_500), 10 * ETH)
        world.rest()
        fund(world)
    guardian.bring_back_one(1).send(world.tandem.roles.deployer)
    world.engine.advance(2 * DAY)
    world.freshen()
    guardian.apply(0).send(world.tandem.roles.deployer)
    world.settle(world.near, 2_500)
    world.rest()
    world.bring_home()
    assert world.tandem.market.call("liabilities")[0] == 0
    assert world.tandem.router.call("position") == 0
    curie, other = members(world)
    assert curie.call("position") == -other.call("position") > 20 * WAD
    return world


@pytest.mark.proves("VS-4", "SH-2")
def test_who_leaves_has_his_part_of_what_the_other_venue_holds(crossed: World) -> None:
    """SH-2: "Low NAV: ... venue equity at its worse valuation": of each as it stands, and not at a price of
    nothing, which is what all of them together would be asked at."""
    world, tandem = crossed, crossed.tandem
    vault, lp, (curie, other) = tandem.vault, tandem.lp, members(world)
    half = vault.call("balanceOf", lp) // 2
    vault.send("requestRedeem", half, lp, lp, sender=lp)
    world.engine.advance(DAY + HOUR)
    world.freshen()
    worse, better = sorted(curie.call("account", world.spot)[1:3])
    assert worse > 10_000 * WAD
    mark = tandem.lens.call("mark_for", vault.call("totalAssets"), 6 * HOUR)
    there = other.call("equity")
    assert mark[4:6] == (worse + there, better + there)
    assert not mark[11]  # bankrupt
    vault.send("poke", sender=world.stranger)
    nav = vault.call("cash") + (worse + there) // 10**12
    world.engine.advance(6 * HOUR + 1)  # had it not been calm, they would leave now
    world.freshen()
    part = nav * half // (vault.call("totalSupply") + VIRTUAL)
    paid = vault.send("process", 1, sender=world.stranger).returned
    assert abs(paid - part) < nav // 10_000


@pytest.mark.proves("FL-5")
def test_what_the_other_venue_lacks_of_its_margin_is_not_paid_out(crossed: World) -> None:
    """FL-5: "Exits are paid at most floor − max(reserve after the exit, what the next margin top-up
    lacks)"."""
    world, tandem = crossed, crossed.tandem
    world.move(1_800)
    world.freshen()
    lacks = tandem.router.account(world.spot, 0).top_up
    assert lacks > 0
    assert tandem.lens.call("mark_for", tandem.vault.call("totalAssets"), 6 * HOUR)[10] == lacks


@pytest.mark.proves("SH-8")
def test_no_moment_is_calm_while_an_account_that_holds_a_position_is_under_water(
    crossed: World,
) -> None:
    """SH-8: "they are priced in a calm moment, with the residual inside the band h, no account under
    water"."""
    world, tandem = crossed, crossed.tandem
    vault, lp, curie = tandem.vault, tandem.lp, members(world)[0]
    half = vault.call("balanceOf", lp) // 2
    vault.send("requestRedeem", half, lp, lp, sender=lp)
    world.engine.advance(DAY + HOUR)
    world.move(1_550)
    world.freshen()
    assert curie.call("account", world.spot)[1] < 0 < curie.call("position")
    assert tandem.router.account(world.spot, 0).bankrupt
    with pytest.raises(Reverted, match="vault: not calm"):
        vault.send("process", 1, sender=world.stranger)
