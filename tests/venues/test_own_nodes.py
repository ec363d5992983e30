"""The node of our own: it ends with what started it, and hashes no state that nobody asks for."""

from __future__ import annotations

import atexit
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tandem.engine.anvil import AnvilEngine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import GENESIS
from tandem.errors import EngineError


def test_the_node_ends_with_its_engine() -> None:
    before = _children()
    with AnvilEngine() as node:
        pids = _children() - before
        assert node.pid in pids
        assert len(pids) == 2  # its own, and the one that it forks
    assert not _children() & pids


def _children() -> set[int]:
    """Processes that this one has started."""
    text = Path(f"/proc/self/task/{os.getpid()}/children").read_text()
    return {int(pid) for pid in text.split()}


@pytest.mark.parametrize("started", [1, 2])
def test_a_node_that_was_stopped_while_it_started_is_ended_too(
    monkeypatch: pytest.MonkeyPatch, started: int
) -> None:
    """A signal may come before the node, or the one that it forks, listens; what ends them then is
    the hook of the exit."""
    begun: list[int] = []
    hooks: list[Callable[[], None]] = []
    listens = AnvilEngine.listens

    def stopped(process: subprocess.Popen[bytes], port: int) -> bool:
        begun.append(process.pid)
        if len(begun) == started:
            raise KeyboardInterrupt
        return listens(process, port)

    monkeypatch.setattr(AnvilEngine, "listens", staticmethod(stopped))
    monkeypatch.setattr(atexit, "register", hooks.append)
    with pytest.raises(KeyboardInterrupt):
        AnvilEngine()
    assert len(begun) == started
    assert all(Path(f"/proc/{pid}").exists() for pid in begun)
    hooks[0]()
    assert not any(Path(f"/proc/{pid}").exists() for pid in begun)


@pytest.mark.parametrize("prune_history", [True, False])
def test_only_a_node_that_keeps_history_hashes_its_state(prune_history: bool) -> None:
    with AnvilEngine(prune_history=prune_history) as engine:
        engine.deploy(compile_vyper("USDC"))
        root = int(engine.rpc("eth_getBlockByNumber", "latest", False)["stateRoot"], 16)
        assert (root == 0) is prune_history


def test_two_nodes_run_side_by_side_on_their_own_chains() -> None:
    with AnvilEngine(chain_id=42_161) as one, AnvilEngine(timestamp=GENESIS + 9) as other:
        assert one.url != other.url
        one.deploy(compile_vyper("USDC"))
        assert (one.block(), other.block()) == (1, 0)
        assert other.now() == GENESIS + 9


def test_a_node_used_by_somebody_else_is_noticed_and_caught_up_with() -> None:
    with AnvilEngine() as node:
        token = node.deploy(compile_vyper("USDC"))
        node._rpc.call("evm_mine", {"timestamp": GENESIS + 70})
        with pytest.raises(EngineError, match="sync"):
            node.send(token, "mint", token, 1, sender=node.accounts[0], timestamp=GENESIS + 80)
        node.sync()
        assert node.now() >= GENESIS + 80
        token.send("mint", token, 2, sender=node.accounts[0])
        assert token.call("balanceOf", token) == 3


def test_a_port_that_somebody_took_meanwhile_is_not_our_node() -> None:
    """Two that start on one port at once both find it free. The second took the first's node for its own, and
    deployed into its market."""
    with AnvilEngine(prune_history=False) as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(EngineError, match=f"port {port} .* is taken"):
            AnvilEngine(port=port, prune_history=False)
        assert first.rpc("eth_blockNumber") == "0x0"
