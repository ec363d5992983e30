"""A block that is replaced while an attestation is made of it."""

from __future__ import annotations

from typing import Any

import pytest
from lived_in import Market

from tandem.client.attest import LOOKS, MovedError, look
from tandem.engine.remote import RemoteEngine


class Restless:
    """A node whose latest block is replaced, by one of another second, each time that it was looked at."""

    def __init__(self, market: Market, times: int) -> None:
        self.real, self.left, self.shift = market.engine, times, 0
        self.mark = self.real.request("evm_snapshot", [])
        self.block = self._mined()
        self.engine = RemoteEngine(self._asked, signers={}, is_development=False)

    def _mined(self) -> int:
        self.shift += 7
        self.real.advance(30 + self.shift)
        return self.real.block()

    def _asked(self, method: str, params: list[Any]) -> Any:
        if method == "eth_getCode" and self.left:
            self.left -= 1
            self.real.request("evm_revert", [self.mark])
            self.mark = self.real.request("evm_snapshot", [])
            assert self._mined() == self.block
        return self.real.request(method, params)

    def hash(self) -> str:
        return self.real.request("eth_getBlockByNumber", [hex(self.block), False])["hash"]


@pytest.mark.parametrize("times", [1, LOOKS - 1])
def test_a_block_that_is_replaced_meanwhile_is_looked_at_again(market: Market, times: int) -> None:
    node = Restless(market, times)
    view = look(node.engine, market.deployment, node.block)
    assert node.left == 0
    assert view.block_hash == node.hash()


def test_one_that_is_replaced_again_and_again_is_named(market: Market) -> None:
    node = Restless(market, LOOKS)
    with pytest.raises(MovedError, match=f"block {node.block} was replaced {LOOKS} times"):
        look(node.engine, market.deployment, node.block)
