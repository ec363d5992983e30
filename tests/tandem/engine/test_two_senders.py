"""Several processes send from one of a development node's accounts: none is refused for the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import pytest

import keeper.local.market as local
from tandem.cli.deploy import LOCAL_DEPLOYER
from tandem.engine.anvil import AnvilEngine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import GENESIS
from tandem.engine.node import Node
from tandem.engine.remote import NONCE_TRIES, RemoteEngine
from tandem.engine.rpc import RpcError

SENDERS, EACH = 4, 40


def test_two_who_send_at_once_for_the_same_account_are_both_heard() -> None:
    with AnvilEngine(GENESIS) as node:
        first = RemoteEngine(Node(node.url).request, shared=True)
        first.request("evm_setAutomine", [True])
        owner = first.accounts[0]
        token = first.deploy(compile_vyper("USDC"))

        def send(_place: int) -> None:
            engine = RemoteEngine(Node(node.url).request, shared=True)
            mine = engine.at(compile_vyper("USDC"), token.address)
            for _ in range(EACH):
                mine.send("mint", owner, 1, sender=owner)

        with ThreadPoolExecutor(SENDERS) as pool:
            list(pool.map(send, range(SENDERS)))
        assert token.call("balanceOf", owner) == SENDERS * EACH


def test_whose_transaction_was_let_go_for_anothers_sends_again() -> None:
    """A block has the other's, with the same number."""
    with AnvilEngine(GENESIS) as node, ThreadPoolExecutor(1) as pool:
        request = Node(node.url).request
        first = RemoteEngine(request, shared=True)
        first.request("evm_setAutomine", [True])
        owner, minted = first.accounts[0], compile_vyper("USDC")
        token = first.deploy(minted)
        first.request("evm_setAutomine", [False])
        mine = RemoteEngine(Node(node.url).request, shared=True).at(minted, token.address)
        sent = pool.submit(mine.send, "mint", owner, 1, sender=owner)
        while not (waiting := request("txpool_content", [])["pending"]):
            sleep(0.01)
        (waits,) = waiting[owner.lower()].values()
        theirs = {"from": owner, "to": owner, "nonce": waits["nonce"], "gasPrice": hex(10**12)}
        other = request("eth_sendTransaction", [theirs])  # in its place, at once
        first.request("evm_mine", [])
        assert first.receipt(other)
        assert first.receipt(waits["hash"]) is None
        while not sent.done():
            sleep(0.01)
            first.request("evm_mine", [])
        assert token.call("balanceOf", owner) == 1


def test_two_that_are_the_same_in_all_have_a_hash_each() -> None:
    """Else whose transaction a node let go would take the other's receipt for its own."""
    heard: list[str] = []
    with AnvilEngine(GENESIS) as node:
        shared = Node(node.url).request

        def request(method: str, params: list[Any]) -> Any:
            heard.extend(str(each) for each in params if method == "eth_sendTransaction")
            return shared(method, params)

        engine = RemoteEngine(request, shared=True)
        engine.request("evm_setAutomine", [True])
        token = engine.deploy(compile_vyper("USDC"))
        for _ in range(2):
            before = request("evm_snapshot", [])
            token.send("mint", engine.accounts[0], 1, sender=engine.accounts[0])
            request("evm_revert", [before])
    _, one, other = heard
    assert one != other


@pytest.mark.parametrize(
    ("said", "asked"), [("replacement transaction underpriced", NONCE_TRIES), ("no funds", 1)]
)
def test_what_is_refused_for_good_ends(
    said: str, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    def request(method: str, _params: list[object]) -> object:
        heard.append(method)
        if method == "eth_sendTransaction":
            raise RpcError(method, {"message": said})
        block = {"number": "0x1", "timestamp": "0x1", "hash": "0x1", "baseFeePerGas": "0x1"}
        told = {
            "eth_chainId": "0x7a69",
            "web3_clientVersion": "anvil/1",
            "eth_getTransactionCount": "0x0",
        }
        return told.get(method, block)

    monkeypatch.setattr("tandem.engine.remote.POLL_SECONDS", 0.0)
    engine = RemoteEngine(request, shared=True)
    with pytest.raises(RpcError, match=said):
        engine.deploy(compile_vyper("USDC"))
    assert heard.count("eth_sendTransaction") == asked


def test_whoever_deploys_beside_a_local_market_is_none_of_its_senders() -> None:
    venue = {0, 7, 8, 9}
    assert LOCAL_DEPLOYER not in venue | {local.DEPLOYER, local.KEEPER, local.SIGNER}
