"""Several processes send from one of a development node's accounts: none is refused for the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

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
        return {"eth_chainId": "0x7a69", "web3_clientVersion": "anvil/1"}.get(method, block)

    monkeypatch.setattr("tandem.engine.remote.POLL_SECONDS", 0.0)
    engine = RemoteEngine(request, shared=True)
    with pytest.raises(RpcError, match=said):
        engine.deploy(compile_vyper("USDC"))
    assert heard.count("eth_sendTransaction") == asked


def test_whoever_deploys_beside_a_local_market_is_none_of_its_senders() -> None:
    venue = {0, 7, 8, 9}
    assert LOCAL_DEPLOYER not in venue | {local.DEPLOYER, local.KEEPER, local.SIGNER}
