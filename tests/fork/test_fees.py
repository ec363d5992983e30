"""What a transaction's data costs, as each chain's own contracts tell it, is by the formula known here.

It is asked of the upstream: a fork has no node of Arbitrum behind these addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import rlp
from chains import ARB_GAS_INFO, GAS_PRICE_ORACLE, NODE_INTERFACE, Chain
from eth_utils.crypto import keccak
from upstream import Upstream

from keeper.prices import prices_of
from tandem.engine.abi import Abi
from tandem.engine.ape_chain import engine_of
from tandem.engine.base import Tx
from tandem.engine.node import Node
from tandem.engine.relay import Far
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import from_key
from tandem.protocol.bindings.data_fees import DataFees
from tandem.protocol.tandem import LOCAL_KEEPER_KEY

Fork = Callable[[], AbstractContextManager[Any]]
ABI = Abi.spelled(
    "function l1BaseFee() view returns (uint256)",
    "function blobBaseFee() view returns (uint256)",
    "function baseFeeScalar() view returns (uint32)",
    "function blobBaseFeeScalar() view returns (uint32)",
    "function getL1FeeUpperBound(uint256) view returns (uint256)",
    "function getL1Fee(bytes) view returns (uint256)",
    "function getL1BaseFeeEstimate() view returns (uint256)",
    "function getPricesInWei() view returns (uint256,uint256,uint256,uint256,uint256,uint256)",
    "function gasEstimateL1Component(address,bool,bytes) view returns (uint64,uint256,uint256)",
)
SIZE = 2_048
NOISE = b"".join(keccak(n.to_bytes(32, "big")) for n in range(SIZE // 32))
"""Which nothing compresses."""


@pytest.fixture
def ask(upstream: Upstream) -> Callable[..., Any]:
    """A view of the upstream, at the block that is forked."""

    def answer(where: str, fn: str, *args: Any) -> Any:
        function = ABI.function(fn, len(args))
        call = {"to": where, "data": "0x" + function.encode(args).hex()}
        found = Far(upstream.url)({"method": "eth_call", "params": [call, hex(upstream.block)]})
        assert "result" in found, found
        return function.decode(bytes.fromhex(found["result"][2:]))

    return answer


def optimism(ask: Callable[..., Any], compressed: int) -> int:
    """By the specification of the Fjord upgrade, wei. compressed: bytes, a signature among them."""
    price = 16 * ask(GAS_PRICE_ORACLE, "baseFeeScalar") * ask(GAS_PRICE_ORACLE, "l1BaseFee")
    price += ask(GAS_PRICE_ORACLE, "blobBaseFeeScalar") * ask(GAS_PRICE_ORACLE, "blobBaseFee")
    return max(836_500 * compressed - 42_585_600, 100_000_000) * price // 10**12


def test_what_data_costs_is_what_the_chain_says(chain: Chain, ask: Callable[..., Any]) -> None:
    """Within 5 %, for data that compression takes nothing from: how well each chain compresses is its own."""
    if chain.optimistic:
        for size in (0, 200, 1_000):
            signed = size + 68
            most = optimism(ask, signed + signed // 255 + 16)
            assert ask(GAS_PRICE_ORACLE, "getL1FeeUpperBound", size) == most > 0
        fee = ask(GAS_PRICE_ORACLE, "getL1Fee", NOISE)
        assert fee == pytest.approx(optimism(ask, SIZE + 68), rel=0.05)
        return
    price = ask(ARB_GAS_INFO, "getL1BaseFeeEstimate")
    assert ask(ARB_GAS_INFO, "getPricesInWei")[1] == 16 * price > 0
    told = ask(NODE_INTERFACE, "gasEstimateL1Component", chain.factory, False, NOISE)
    gas, gas_price, unit = told
    wei = price * (16 * (SIZE + 130) + 256) * 1.01 * 1.1
    assert unit == price
    assert gas * gas_price == pytest.approx(wei, rel=0.05)


@pytest.fixture
def engine(upstream: Upstream) -> RemoteEngine:
    """The upstream as a keeper's node, at the block that is forked."""
    node, at = Node(upstream.url), hex(upstream.block)

    def request(method: str, params: list[Any]) -> Any:
        return node.request(method, [at if each == "latest" else each for each in params])

    return RemoteEngine(request, is_development=False, shared=True)


@pytest.mark.parametrize("size", [36, 420, SIZE])
def test_what_a_keeper_reckons_for_data_is_what_the_chain_asks(
    chain: Chain, engine: RemoteEngine, ask: Callable[..., Any], size: int
) -> None:
    """Within 5 %, of the bytes that are then signed."""
    account = from_key(LOCAL_KEEPER_KEY)
    tx = Tx(account.address, chain.factory, NOISE[:size], 900_000)
    data = prices_of(engine, 10**6).data
    assert data is not None
    if chain.optimistic:
        fields = {"to": tx.to, "data": tx.data, "value": 0, "gas": tx.gas, "nonce": 40}
        fields |= {"chainId": chain.id, "maxFeePerGas": 10**8, "maxPriorityFeePerGas": 10**6}
        signed = rlp.decode(account.sign(fields)[1:])  # pyright: ignore[reportUnknownMemberType]
        told = ask(GAS_PRICE_ORACLE, "getL1Fee", b"\x02" + rlp.encode(signed[:-3]))  # pyright: ignore
    else:
        gas, base_fee, _ = ask(NODE_INTERFACE, "gasEstimateL1Component", tx.to, False, tx.data)
        told = gas * base_fee
    assert data(tx) == pytest.approx(told, rel=0.05)
    assert told > 0


def test_a_bounty_is_told_of_the_oracle_that_the_file_names(
    chain: Chain, fork: Fork, ask: Callable[..., Any]
) -> None:
    named = chain.named["settings"].get("data_fees")
    assert named == (GAS_PRICE_ORACLE if chain.optimistic else None)
    if named:
        with fork() as provider:
            oracle = DataFees(engine_of(provider), named)
            told = oracle.getL1FeeUpperBound(200)
            assert told == ask(named, "getL1FeeUpperBound", 200)
