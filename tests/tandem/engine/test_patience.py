"""A receipt is waited for by short looks first, and by few of them later."""

from __future__ import annotations

from itertools import islice

import pytest

from tandem.engine.base import Tx
from tandem.engine.patience import pauses
from tandem.engine.remote import RemoteEngine

SENDER, HASH = "0x" + "11" * 20, "0x" + "22" * 32
BLOCK = {"number": "0x1", "timestamp": "0x1", "hash": "0x1", "baseFeePerGas": "0x1"}
RECEIPT = {
    "status": "0x1", "blockNumber": "0x1", "gasUsed": "0x1", "logs": [], "contractAddress": None,
}  # fmt: skip


def test_the_first_looks_are_close_and_later_ones_a_quarter_of_a_second_apart() -> None:
    found = list(islice(pauses(), 40))
    assert found[0] <= 0.02
    assert found == sorted(found)
    assert sum(found[:3]) < 0.1
    assert set(found[10:]) == {0.25}


@pytest.mark.parametrize(("late", "most"), [(1, 0.02), (3, 0.1)])
def test_what_is_mined_a_moment_later_is_seen_a_moment_later(
    late: int, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, slept = 0, 0.0

    def request(method: str, _params: list[object]) -> object:
        nonlocal looks
        if method == "eth_getTransactionReceipt":
            looks += 1
            return RECEIPT if looks > late else None
        said = {
            "eth_chainId": "0x7a69",
            "web3_clientVersion": "anvil/1",
            "eth_sendTransaction": HASH,
            "eth_getTransactionCount": "0x0",
        }
        return said.get(method, BLOCK)

    def sleep(seconds: float) -> None:
        nonlocal slept
        slept += seconds

    monkeypatch.setattr("tandem.engine.remote.time.sleep", sleep)
    engine = RemoteEngine(request, shared=True)
    engine.transact(Tx(SENDER, SENDER, b"", 21_000))
    assert looks == late + 1
    assert slept <= most
