"""A development node that mines answers for a moment from the new block's state at the old block's time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tandem.engine.base import Tx
from tandem.engine.remote import MINED_TRIES, RemoteEngine
from tandem.engine.rpc import RpcError

EARLY = RpcError("eth_call", {"message": "execution reverted", "data": "0x"})
ADDRESS = "0x" + "11" * 20


class Mining:
    """A node with a block every `calls` calls, that refuses as many calls after the first one."""

    def __init__(self, refused: int, calls: int = 1) -> None:
        self.refused, self.calls, self.asked, self.blocks = refused, calls, 0, 0

    def __call__(self, method: str, params: Sequence[Any]) -> Any:
        if method == "eth_chainId":
            return "0x7a69"
        if method == "eth_getBlockByNumber":
            number = self.asked // self.calls
            return {"number": hex(number), "timestamp": hex(10**9), "hash": hex(number)}
        self.asked += 1
        if self.asked <= self.refused:
            raise EARLY
        return "0x" + "00" * 31 + "07"


@pytest.mark.parametrize("many", [False, True])
def test_what_is_refused_while_a_block_comes_is_asked_again(many: bool) -> None:
    engine = RemoteEngine(Mining(refused=2), is_development=True)
    tx = Tx(ADDRESS, ADDRESS, b"", 100_000)
    outcome = engine.simulate_many([tx])[0] if many else engine.simulate(tx)
    assert outcome.ok
    assert outcome.output[-1] == 7


def test_a_refusal_that_stays_is_believed_once_no_block_came_meanwhile() -> None:
    node = Mining(refused=10**6, calls=10**6)
    assert not RemoteEngine(node, is_development=True).simulate(Tx(ADDRESS, ADDRESS, b"", 1)).ok
    assert node.asked == 2
    node = Mining(refused=10**6)
    assert not RemoteEngine(node, is_development=True).simulate(Tx(ADDRESS, ADDRESS, b"", 1)).ok
    assert node.asked == MINED_TRIES + 1


def test_a_real_node_is_asked_once() -> None:
    node = Mining(refused=1)
    assert not RemoteEngine(node, is_development=False).simulate(Tx(ADDRESS, ADDRESS, b"", 1)).ok
    assert node.asked == 1
