"""HG-14 on a node: a bounty is paid by the base fee of the block that it is mined in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from worlds import ABRUPT, ETH, PRICE, World, furnish

from tandem.engine.anvil import AnvilEngine
from tandem.protocol.deploy import DeploySettings, deploy_tandem
from tandem.units import WAD
from tandem.venues.curie import deploy_curie

GWEI = 10**9
GAS = 1_000_000


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with AnvilEngine() as engine:
        curie = deploy_curie(engine, PRICE * WAD)
        settings = DeploySettings(terms=ABRUPT)
        w = furnish(World(engine, curie, deploy_tandem(engine, curie, settings), 0, 0))
        for _ in range(4):
            w.mint(w.call(2_500), 7 * ETH)
            w.mint(w.put(2_500), 7 * ETH)
        w.move(2_600)
        w.rest()
        w.tandem.bounty.stamp().send(w.stranger)
        engine.advance(600)
        w.push_wad(w.spot)
        yield w


@pytest.mark.proves("HG-14")
@pytest.mark.parametrize("gwei", [0, 1, 3])
def test_it_is_paid_by_the_base_fee_of_its_block(world: World, gwei: int) -> None:
    """One and a half times the gas, and more than the sender paid for it."""
    w, engine = world, world.engine
    assert isinstance(engine, AnvilEngine)
    bot = engine.accounts[6]
    call = w.tandem.bounty.rebalance(0, bot, 0).tx(bot)
    with w.undone():
        shown = w.tandem.bounty.due(gwei * GWEI).by_gas
        before = w.usdc(bot)
        engine.rpc("anvil_setNextBlockBaseFeePerGas", hex(gwei * GWEI))
        fields = {"from": bot, "to": call.to, "data": "0x" + call.data.hex(), "gas": hex(4 * 10**6)}
        sent = engine.rpc("eth_sendTransaction", fields | {"gasPrice": hex(gwei * GWEI)})
        engine.rpc("evm_mine")
        receipt = engine.rpc("eth_getTransactionReceipt", sent)
        assert int(receipt["status"], 16) == 1
        assert w.usdc(bot) - before == shown
        assert shown == gwei * GWEI * GAS * w.spot // WAD * 3 // 2 // 10**12
        spent = int(receipt["gasUsed"], 16) * gwei * w.spot // 10**21
        assert spent <= shown
        engine.rpc("anvil_setNextBlockBaseFeePerGas", "0x0")
        engine.rpc("evm_mine")
        engine.sync()
