"""On Arbitrum a transaction's data is paid as gas: one that may use less than that is taken by no node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes

from keeper.execution.sender import Sender
from keeper.journal import State
from tandem.engine import data_fees
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Tx
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.units import GWEI

A_GAS, CALM, DEAR = GWEI // 10, GWEI // 10, 60 * GWEI
"""Of gas, and of a unit of data: 16 of them are a byte."""


@pytest.fixture
def nitro(
    engine: RemoteEngine, mint: Tx, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RemoteEngine]:
    """The node of an effect counts data as gas, as its own NodeInterface says."""
    engine.request("evm_setAutomine", [True])
    fees = engine.deploy(compile_vyper("ArbitrumFees"))
    engine.request("anvil_setCode", [data_fees.NITRO_NODE, "0x" + engine.code(fees).hex()])
    there = engine.at(compile_vyper("ArbitrumFees"), data_fees.NITRO_NODE)
    there.send("say", CALM, A_GAS, sender=engine.accounts[1])
    monkeypatch.setattr(data_fees, "NITRO_CHAINS", frozenset({engine.chain_id}))
    real = engine.request

    def data_of(to: str, data: bytes) -> int:
        return there.call("gasEstimateL1Component", to, False, data)[0]

    def asked(method: str, params: list[Any]) -> Any:
        if method == "web3_clientVersion":
            return "nitro/v3.6.0"
        if method == "eth_estimateGas":
            more = data_of(params[0]["to"], bytes.fromhex(params[0]["data"][2:]))
            return hex(int(real(method, params), 16) + more)
        if method == "eth_sendRawTransaction":
            tx = TypedTransaction.from_bytes(HexBytes(params[0])).as_dict()
            if tx["gas"] < 21_000 + data_of("0x" + tx["to"].hex(), tx["data"]):
                raise RpcError(method, {"code": -32000, "message": "intrinsic gas too low"})
        return real(method, params)

    monkeypatch.setattr(engine, "request", asked)
    yield engine
    engine.request("evm_setAutomine", [False])


def test_a_number_that_nobody_used_is_taken(
    nitro: RemoteEngine, mint: Tx, start: Callable[..., Sender], monkeypatch: pytest.MonkeyPatch,
    effects: Callable[[], float],
) -> None:  # fmt: skip
    """With 21,000 gas nothing is sent there: what waited behind it waited for good."""
    sender, used = start(), nitro.nonce(mint.sender)
    with monkeypatch.context() as erring:
        erring.setattr(sender.chain, "nonce", lambda known: used + 1)
        assert sender.send("mint", (), "due", mint).state is State.SENT
    for _ in range(3):
        sender.reconcile()
    assert (nitro.nonce(mint.sender), effects()) == (used + 2, 1)


def test_data_that_is_dearer_than_what_is_done_has_its_gas(
    nitro: RemoteEngine, mint: Tx, start: Callable[..., Sender], effects: Callable[[], float]
) -> None:
    """It had four times what the act is known to need, all of it less than its data."""
    there = nitro.at(compile_vyper("ArbitrumFees"), data_fees.NITRO_NODE)
    there.send("say", DEAR, A_GAS, sender=nitro.accounts[1])
    assert data_fees.gas_of_data(nitro, mint) > 4 * mint.gas
    assert start(wait_seconds=5).send("mint", (), "due", mint).state is State.MINED
    assert effects() == 1
