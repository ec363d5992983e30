"""Another contract trades and redeems by the Market's interface alone, as a person does by its ABI."""

from __future__ import annotations

from harnesses import harness
from worlds import ETH, World

from tandem.protocol.bindings.usdc import USDC
from tandem.units import WAD

MOST = 10**12


def test_a_contract_buys_sells_and_redeems_by_the_interface(world: World) -> None:
    """It said what others may look at, and nothing of what they may do."""
    t, series = world.tandem, world.call()
    token, who = t.exchange.usdc, world.stranger
    market, vault = t.market.address, t.vault.address
    other = world.engine.deploy(harness("unit/market/Integrator.vy"), market, token.address, vault)
    USDC.of(token).mint(other.address, MOST).send(t.exchange.owner)
    before = world.usdc(other.address)
    paid = other.send("buy", series.id, 2 * ETH, MOST, sender=who).returned
    assert before - world.usdc(other.address) == paid > 0
    assert t.option.balanceOf(other.address, series.id) == 2 * ETH
    filled, payout = other.send("sell", series.id, ETH, sender=who).returned
    assert filled == ETH
    assert payout > 0
    world.engine.set_time(series.expiry)
    world.push(2_700)
    last = world.round_id()
    owed = other.send("finish", series.id, ETH, series.expiry, last, sender=who).returned
    assert owed == series.paid(ETH, 2_700 * WAD)
    assert before - world.usdc(other.address) == paid - payout - owed
