"""A transaction that is stuck, replaced, dropped, too dear or refused in its block has a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from tandem.client import Bounds, Client
from tandem.client.errors import (
    AllowanceError,
    ClientError,
    DroppedError,
    GasError,
    NotMinedError,
    ReplacedError,
)
from tandem.client.sending import Sent
from tandem.engine.artifacts import compile_vyper
from tandem.engine.data_fees import OP_ORACLE
from tandem.engine.signers import Signer

Connect = Callable[..., Client]
GWEI = 10**9
A_BYTE = 10**15


@pytest.fixture
def hasty(connect: Connect, trader: Client, signer: Signer, market: Any) -> Iterator[Client]:
    """Waits a second for its blocks, on a node that mines none."""
    market.engine.request("evm_setAutomine", [False])
    yield connect(signer, Bounds(wait=1.0))
    market.engine.request("evm_setAutomine", [True])


@pytest.fixture
def dear(market: Any) -> Iterator[None]:
    """Gas costs something."""
    market.engine.request("anvil_setNextBlockBaseFeePerGas", [hex(GWEI)])
    market.engine.advance(1)
    yield
    market.engine.request("anvil_setNextBlockBaseFeePerGas", ["0x0"])


def test_gas_that_cannot_be_paid(trader: Client, market: Any, dear: None) -> None:
    market.engine.fund(trader.address, 10**12)
    with pytest.raises(GasError, match=r"has 0\.000001 ETH") as error:
        trader.mint(market.series, 1)
    assert "ETH" in error.value.hint
    assert market.tandem.exchange.usdc.call("nonces", trader.address) == 0


@pytest.fixture
def data(market: Any) -> Iterator[None]:
    """Data costs a milliether a byte, beside the gas, as a rollup's fee contract has it."""
    engine = market.engine
    fees = engine.deploy(compile_vyper("DataFees"), sender=engine.accounts[0])
    engine.request("anvil_setCode", [OP_ORACLE, "0x" + engine.code(fees.address).hex()])
    engine.request("anvil_setStorageAt", [OP_ORACLE, "0x1", f"0x{A_BYTE:064x}"])
    yield
    engine.request("anvil_setCode", [OP_ORACLE, "0x"])


def test_data_that_costs_more_than_gas_may_is_not_sent(
    connect: Connect, trader: Client, signer: Signer, market: Any, data: None
) -> None:
    """What a rollup takes for data is in what `--gas` bounds, and in what the account needs."""
    with pytest.raises(
        GasError, match=r"up to (0\.\d+) ETH, \1 of it for its data, more than 0\.05"
    ):
        trader.mint(market.series, 1)
    market.engine.fund(trader.address, 10**17)
    with pytest.raises(GasError, match=r"has 0\.1 ETH, the gas may take up to 0\.\d+"):
        connect(signer, Bounds(gas=Decimal(1))).mint(market.series, 1)
    assert market.tandem.exchange.usdc.call("nonces", trader.address) == 0


def test_no_allowance_where_none_may_be_given(trader: Client, market: Any) -> None:
    with pytest.raises(AllowanceError) as error:
        trader.mint(market.series, 1, approve=False)
    assert market.tandem.vault.address in error.value.hint


def test_what_is_signed_here_is_known_by_its_own_bytes(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that named another transaction was believed, and its receipt told as what was done."""
    ask, sent = trader.session.engine.request, list[str]()

    def lying(method: str, params: list[Any]) -> Any:
        found = ask(method, params)
        if method == "eth_sendRawTransaction":
            sent.append(found)
            return sent[0]
        return found

    monkeypatch.setattr(trader.session.engine, "request", lying)
    done = trader.mint(market.series, 1)
    assert [each.hash for each in done.sent] == sent


@pytest.mark.parametrize(
    ("told", "fee"),
    [
        ({"effectiveGasPrice": hex(GWEI), "l1Fee": hex(7 * 10**12)}, "0.000052000"),
        ({"effectiveGasPrice": hex(GWEI)}, "0.000045000"),
        ({"effectiveGasPrice": None, "l1Fee": "none"}, "0"),
    ],
)
def test_a_fee_is_all_that_was_paid(told: dict[str, Any], fee: str) -> None:
    """On a rollup of the OP Stack posting the data is paid beside the gas, and was left out; a price that was
    null ended the command after its trade."""
    receipt = {"blockNumber": "0x1", "gasUsed": hex(45_000), "transactionHash": "0x1", "logs": []}
    assert Sent.of("mint", receipt | told).fee == Decimal(fee)


def test_a_transaction_that_no_block_takes(hasty: Client, market: Any) -> None:
    with pytest.raises(NotMinedError) as error:
        hasty.deposit(100)
    assert type(error.value) is NotMinedError
    assert error.value.hash in str(error.value)
    assert "--wait" in error.value.hint
    market.engine.request("evm_mine", [])
    receipt = market.engine.request("eth_getTransactionReceipt", [error.value.hash])
    assert receipt["status"] == "0x1"


def test_a_transaction_that_the_node_forgot(
    hasty: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = hasty.session.engine.request

    def forgetful(method: str, params: list[Any]) -> Any:
        answer = ask(method, params)
        if method == "eth_sendRawTransaction":
            market.engine.request("anvil_dropTransaction", [answer])
        return answer

    monkeypatch.setattr(hasty.session.engine, "request", forgetful)
    with pytest.raises(DroppedError) as error:
        hasty.deposit(100)
    assert "try again" in error.value.hint


def test_a_transaction_whose_nonce_another_one_took(
    hasty: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = hasty.session.engine.request

    def overtaken(method: str, params: list[Any]) -> Any:
        answer = ask(method, params)
        if method == "eth_sendRawTransaction":
            market.engine.request("anvil_dropTransaction", [answer])
            other = {"from": hasty.address, "to": hasty.address, "value": "0x0", "gas": hex(21_000)}
            market.engine.request("eth_sendTransaction", [other])
            market.engine.request("evm_mine", [])
        return answer

    monkeypatch.setattr(hasty.session.engine, "request", overtaken)
    with pytest.raises(ReplacedError, match="replaced"):
        hasty.deposit(100)


def test_a_transaction_that_fails_in_its_block_says_why(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, tandem = trader.session.engine.request, market.tandem
    tandem.exchange.usdc.send("approve", tandem.vault, 10**12, sender=trader.address)

    def paused(method: str, params: list[Any]) -> Any:
        if method == "eth_sendRawTransaction":
            tandem.guardian.send("pause", sender=tandem.keeper)
        return ask(method, params)

    monkeypatch.setattr(trader.session.engine, "request", paused)
    with pytest.raises(ClientError, match=r"failed in block .* paused"):
        trader.mint(market.series, 1)


def test_a_node_without_simulated_sequences_serves_all_the_same(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tandem.engine.rpc import RpcError

    ask = trader.session.engine.request

    def plain(method: str, params: list[Any]) -> Any:
        if method == "eth_simulateV1":
            raise RpcError(method, {"code": -32601, "message": "method not found"})
        return ask(method, params)

    monkeypatch.setattr(trader.session.engine, "request", plain)
    prepared = trader.prepare_mint(market.series, 1)
    assert len(prepared.outcomes) == 1
    assert prepared.send().after.holding == 1
