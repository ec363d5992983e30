"""A member's debt is its venue's: who leaves pays no part of it out of what another account holds."""

from __future__ import annotations

from typing import Any

import pytest
from several import fund, members
from worlds import ETH, World

from tandem.engine.artifacts import compile_vyper, load_npm
from tandem.units import DAY, HOUR, WAD


def _pledge(world: World, exchange: Any, account: Any) -> None:
    """A stranger gives a millionth of a dollar of another token: for no account with such a thing does the
    insurance fund pay."""
    engine, owner, who = world.engine, exchange.owner, world.stranger
    token = engine.deploy(compile_vyper("USDC"), sender=owner)
    feed = engine.deploy(compile_vyper("PriceFeed"), 8, "USD / USD", sender=owner)
    feed.send("push", 10**8, sender=owner)
    oracle = engine.deploy(
        load_npm("@perp/perp-oracle-contract", "ChainlinkPriceFeedV2"), feed, 900
    )
    terms = (oracle, 700_000, 100_000, 2**255)
    exchange.collateral_manager.send("addCollateral", token, terms, sender=owner)
    token.send("mint", who, 1, sender=owner)
    token.send("approve", exchange.vault, 1, sender=who)
    exchange.vault.send("depositFor(address,address,uint256)", account, token, 1, sender=who)


@pytest.fixture
def indebted(pair: World) -> World:
    """All of the hedge lay on the exchange in a crash that nobody answered: it is liquidated, the debt
    stands, and calls far out of the money are open still."""
    world, guardian = pair, pair.tandem.guardian
    exchange: Any = world.curie
    curie, aave = members(world)
    guardian.take_down_one(1).send(world.tandem.roles.guardian)
    world.tandem.stress.remark().send(world.stranger)
    for _ in range(5):
        world.mint(world.call(2_500), 10 * ETH)
        fund(world)
    guardian.bring_back_one(1).send(world.tandem.roles.deployer)
    world.engine.advance(2 * DAY)
    world.freshen()
    guardian.apply(0).send(world.tandem.roles.deployer)
    _pledge(world, exchange.members[0], curie)
    for price in (2_300, 2_100, 1_900, 1_700, 1_500, 1_300):
        world.move(price)
    exchange.members[0].liquidate(curie)
    world.rest()
    assert curie.call("position") == aave.call("position") == 0
    return world


@pytest.mark.proves("VS-4", "SH-2")
def test_who_leaves_pays_no_members_debt(indebted: World) -> None:
    """VS-4: "Accounts are clamped each by itself and then summed: one under water takes nothing from the
    others"; SH-2: "venue equity at its worse valuation and never under 0"."""
    world, tandem = indebted, indebted.tandem
    vault, lp, (curie, aave) = tandem.vault, tandem.lp, members(world)
    assert curie.call("account", world.spot)[1] < -5_000 * WAD
    half = vault.call("balanceOf", lp) // 2
    vault.send("requestRedeem", half, lp, lp, sender=lp)
    world.engine.advance(DAY + HOUR)
    world.freshen()
    there = min(aave.call("account", world.spot)[1:3])
    mark = tandem.lens.call("mark_for", vault.call("totalAssets"), 6 * HOUR)
    is_bankrupt, is_calm = mark[11:13]
    assert is_bankrupt
    assert is_calm
    before = vault.call("low_nav")
    paid = vault.send("process", 1, sender=world.stranger).returned
    assert mark[4] == there
    assert paid >= before // 2
