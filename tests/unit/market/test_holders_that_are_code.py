"""ST-3: a contract that holds options for others is paid when it asks, and not when a stranger likes."""

from __future__ import annotations

from typing import Any

import pytest
from harnesses import harness
from worlds import ETH, USD, World

from tandem.engine.base import Contract
from tandem.units import DAY

PAID = 600 * USD


def left_with(world: World) -> tuple[Contract, Any]:
    """Three options that a trader left with another's contract, settled at 200 USD each, long ago."""
    series, t = world.call(2_500), world.tandem
    world.mint(series, 3 * ETH)
    there = world.engine.deploy(harness("unit/market/Exchange.vy"), t.option, world.curie.usdc)
    t.option.send("setOperator", there, True, sender=world.trader)
    there.send("bring", series.id, 3 * ETH, sender=world.trader)
    world.settle(world.near, 2_700)
    world.engine.advance(30 * DAY)
    return there, series


@pytest.mark.proves("ST-3")
def test_nobody_turns_into_cash_what_a_contract_holds_for_others(world: World) -> None:
    """From the eighth day on anybody did, 600 USD of three options: what came was nobody's in the contract's
    books, so whoever asked it for what it had too much took it, and else it lay there for ever."""
    there, series = left_with(world)
    thief = world.stranger
    with world.refuses("market: not the owner", series):
        world.tandem.market.send("redeem", series.id, 3 * ETH, there, there, sender=thief)
    assert there.send("skim", thief, sender=thief).returned == 0
    there.send("take_back", series.id, 3 * ETH, sender=world.trader)
    assert world.tandem.redeem(series, 3 * ETH).returned == PAID


@pytest.mark.proves("ST-3")
def test_an_account_with_code_names_an_operator_who_redeems_for_it(world: World) -> None:
    """What can ask for nothing but what it was built for is paid by whom it made its operator."""
    series, t = world.call(2_500), world.tandem
    world.mint(series, ETH)
    leader = world.engine.deploy(harness("unit/attacks/Leader.vy"))
    t.option.send("transfer", leader, series.id, ETH, sender=world.trader)
    told = t.option.abi.function("setOperator", 2).encode((t.keeper, True))
    leader.send("fire", t.option, told, sender=world.trader)
    world.settle(world.near, 2_700)
    before = world.usdc(leader)
    paid = t.market.send("redeem", series.id, ETH, leader, leader, sender=t.keeper).returned
    assert paid == world.usdc(leader) - before == PAID // 3
