"""The fork is the upstream's chain, holds its state, and leaves it alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

import ape
import pytest

from tandem.engine.artifacts import compile_vyper
from tandem.engine.rpc import Rpc

DEPLOYER = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"  # anvil's first public test account


def test_the_fork_has_the_chain_id_of_arbitrum(
    fork: Callable[[], AbstractContextManager[Any]],
) -> None:
    with fork() as provider:
        assert provider.name == "foundry"
        assert int(provider.make_request("eth_chainId", []), 16) == 42_161


def test_the_fork_holds_the_upstream_state_and_never_writes_to_it(
    upstream: Any, fork: Callable[[], AbstractContextManager[Any]], accounts: Any
) -> None:
    if upstream.is_real:
        pytest.skip("nothing is deployed on a real upstream")
    place = urlsplit(upstream.url)
    rpc = Rpc(str(place.hostname), int(place.port or 0))
    code = "0x" + compile_vyper("USDC").bytecode.hex()
    sent = rpc.call("eth_sendTransaction", {"from": DEPLOYER, "data": code, "gas": hex(5_000_000)})
    rpc.call("evm_mine")
    address = rpc.call("eth_getTransactionReceipt", sent)["contractAddress"]
    with fork():
        token = ape.project.get_contract("USDC").at(ape.convert(address, ape.types.AddressType))
        owner = accounts[0]
        assert owner.address == DEPLOYER
        token.mint(owner, 5, sender=owner)
        assert token.balanceOf(owner) == 5
    balance_of = "0x70a08231" + DEPLOYER[2:].lower().rjust(64, "0")
    assert int(rpc.call("eth_call", {"to": address, "data": balance_of}, "latest"), 16) == 0
    rpc.close()
