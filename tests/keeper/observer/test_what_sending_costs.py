"""A keeper's gas cost has what the rollup takes for data in it."""

from __future__ import annotations

import pytest
from chain_of_others import FEE, Chain, chain, standing

from keeper.observer import Observer
from keeper.planner import PlannerSettings
from keeper.prices import REBALANCE_GAS, Prices, prices_of
from tandem.engine.base import Tx
from tandem.engine.data_fees import OP_ORACLE
from tandem.engine.signers import from_key
from tandem.model.svi import Slice, pack
from tandem.protocol.applying import apply
from tandem.protocol.deployment import Deployment, handles
from tandem.protocol.surface_signing import SlicePost, SurfaceDomain, sign
from tandem.protocol.tandem import LOCAL_KEEPER_KEY
from tandem.units import WAD

__all__ = ["chain", "standing"]

TIP = 10**6


@pytest.fixture
def deployed(chain: Chain) -> Deployment:
    return apply(chain.engine(), chain.recipe, chain.deployer)


def test_it_is_within_a_twentieth_of_the_chains_own_fee_contract(
    chain: Chain, deployed: Deployment
) -> None:
    """Beside gas at the base fee and the tip; the bytes are those of the transaction that is then signed."""
    engine = chain.engine()
    h = handles(engine, deployed)
    observer = Observer(engine, h, PlannerSettings(), prices_of(engine, TIP))
    snapshot, facts = observer.observe(chain.deployer)
    tx = h.market.rebalance(-3 * WAD).tx(chain.deployer)
    fields = {"to": tx.to, "data": tx.data, "value": 0, "gas": 900_000, "nonce": 40, "chainId": 10}
    fields |= {"maxFeePerGas": 3 * 10**9, "maxPriorityFeePerGas": TIP}
    signed = from_key(LOCAL_KEEPER_KEY).sign(fields)
    gas = (engine.base_fee + TIP) * REBALANCE_GAS
    data = facts.gas_cost / (snapshot.spot / WAD) * WAD - gas
    assert data == pytest.approx(FEE * len(signed), rel=0.05)
    nothing = Observer(engine, h, PlannerSettings(), Prices(gas=lambda: engine.base_fee + TIP))
    assert nothing.observe(chain.deployer)[1].gas_cost * WAD == pytest.approx(
        gas * snapshot.spot / WAD
    )


def test_a_slices_cost_holds_its_signatures_bytes(chain: Chain, deployed: Deployment) -> None:
    """Within a twentieth of what is then signed and sent, most of which no compression makes shorter."""
    engine = chain.engine()
    h = handles(engine, deployed)
    found = prices_of(engine, TIP).data_of_post(h.surface, chain.deployer, 2)
    post = SlicePost(1_800_000_000, pack(Slice(0.3, 0.2, -0.3, 0.01, 0.2)), 1_799_000_000)
    domain = SurfaceDomain(10, h.surface.address, h.market.address)
    signed = sign(domain, post, ["0x" + "11" * 32, "0x" + "22" * 32])
    tx = h.surface.post(post.expiry, post.slice_word, post.valid_from, signed).tx(chain.deployer)
    fields = {"to": tx.to, "data": tx.data, "value": 0, "gas": 900_000, "nonce": 40, "chainId": 10}
    fields |= {"maxFeePerGas": 3 * 10**9, "maxPriorityFeePerGas": TIP}
    assert found == pytest.approx(FEE * len(from_key(LOCAL_KEEPER_KEY).sign(fields)), rel=0.05)


def test_a_fee_contract_that_falls_silent_keeps_its_last_word(chain: Chain) -> None:
    """A hedge does not wait for it."""
    prices = prices_of(chain.engine(), TIP)
    tx = Tx(chain.deployer, chain.node.accounts[1], b"\x01" * 100, 90_000)
    assert prices.data is not None
    said = prices.data(tx)
    assert said > 0
    chain.node.rpc("anvil_setCode", OP_ORACLE, "0x60006000fd")
    assert prices.data(tx) == said
