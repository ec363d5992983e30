"""One of two nodes on a fork of its own, longer than the chain: what is told, and what is left of it."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from faults.ledgers import written

from tandem.engine.anvil import find_anvil, free_port
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError

Run = Callable[..., Result]
AS_OURS = [
    "--hardfork",
    "cancun",
    "--base-fee",
    "0",
    "--gas-price",
    "0",
    "--gas-limit",
    "2000000000",
]
QUIET = ["--silent", "--no-storage-caching", "--no-rate-limit"]


@pytest.fixture
def fork(market: Any) -> Iterator[str]:
    """A node that goes on from the market's latest block by itself, six blocks ahead."""
    market.engine.advance(700)
    port, chain = free_port(), str(market.engine.chain_id)
    of = ["--port", str(port), "--fork-url", market.url, "--chain-id", chain]
    node = subprocess.Popen([str(find_anvil()), *QUIET, *AS_OURS, *of])
    try:
        url = f"http://127.0.0.1:{port}"
        engine, now = _answering(url), market.engine.now()
        for block in range(1, 7):
            engine.request("evm_setNextBlockTimestamp", [now + 12 * block])
            engine.request("evm_mine", [])
        yield url
    finally:
        node.kill()
        node.wait()


def _answering(url: str) -> RemoteEngine:
    until = time.monotonic() + 20
    while True:
        try:
            return RemoteEngine(Node(url).request)
        except EngineError:
            assert time.monotonic() < until
            time.sleep(0.1)


@pytest.mark.live
def test_what_was_sent_on_a_fork_is_the_chains_once_that_node_is_left_out(
    tandem: Run, market: Any, fork: str, settings: Path
) -> None:
    """The longer one is followed (weaknesses.md), and the chain's node is "behind": `doctor` said to leave
    that one out, and nothing of the blocks that both have."""
    m, both = market, f"{market.url},{fork}"
    before = m.nonce()
    assert "mined" in tandem("run", "--once", "--rpc", both).stderr
    ((_, _, state, _),) = written(settings)
    assert (state, m.nonce()) == ("mined", before)
    m.engine.request("evm_mine", [])
    lines = {
        each["name"]: each for each in json.loads(tandem("doctor", "--json", "--rpc", both).stdout)
    }
    assert lines["nodes"]["state"] == "fail"
    assert "disagree" in lines["nodes"]["found"]
    assert "once `nodes` below says" in lines[f"node {market.url}"]["todo"]
    for _ in range(3):
        m.engine.advance(12)
        assert tandem("run", "--once").exit_code == 0
    rows = written(settings)
    assert len(rows) == m.nonce() - before
    for _, hash_, state, block in rows:
        receipt = m.engine.request("eth_getTransactionReceipt", [hash_])
        assert int(receipt["blockNumber"], 16) == block
        assert {"0x1": "mined", "0x0": "reverted"}[receipt["status"]] == state
    assert m.tandem.snapshot().surface_fresh
