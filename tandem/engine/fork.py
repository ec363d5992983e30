"""A chain forked onto this machine: what happens there happens to nobody else."""

from __future__ import annotations

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from tandem.engine.abi import Function
from tandem.engine.anvil import HOST, AnvilEngine, find_anvil, free_port
from tandem.engine.artifacts import Artifact
from tandem.engine.base import GAS_LIMIT, Contract, Receipt, Tx, address_of
from tandem.engine.node import Node
from tandem.engine.orphans import die_with_parent
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError


@contextmanager
def forked(url: str) -> Generator[RemoteEngine]:
    """The chain of a node at its latest block, ours to command: a node of our own that ends with the block.
    Raises EngineError. While it runs, the node's address stands in this machine's list of processes."""
    upstream = RemoteEngine(Node(url).request, is_development=False)
    port = free_port()
    command = [str(find_anvil()), "--host", HOST, "--port", str(port), "--silent"]
    command += ["--fork-url", url, "--fork-block-number", str(upstream.block())]
    command += ["--no-storage-caching", "--no-rate-limit", "--hardfork", "cancun"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    try:
        if not AnvilEngine.listens(process, port):
            raise EngineError(
                "the fork did not start", "does the node keep the state of its blocks?"
            )
        yield RemoteEngine(Node(f"http://{HOST}:{port}").request, is_development=True)
    finally:
        process.terminate()
        process.wait(10)


def place(
    engine: RemoteEngine, where: str, artifact: Artifact, *args: Any, sender: Any = None
) -> Contract:
    """Construct a contract at an address of a development node: its own constructor runs there, so that
    what it stores and what it knows of itself are what they would be had it been created there."""
    who = address_of(sender or engine.accounts[0])
    data = artifact.bytecode + Function("", artifact.abi.constructor, (), False, b"").encode(args)
    fields = {"from": who, "to": where, "gas": hex(GAS_LIMIT)}
    engine.request("anvil_setCode", [where, "0x" + data.hex()])
    code = engine.request("eth_call", [fields, "latest"])
    outcome = engine.transact(Tx(who, where, b"", GAS_LIMIT))
    if not isinstance(outcome, Receipt):
        raise EngineError(f"{artifact.name} was not constructed at {where}: {outcome.reason}")
    engine.request("anvil_setCode", [where, code])
    engine.request("anvil_setNonce", [where, "0x1"])  # of a contract which has created nothing
    return engine.at(artifact, where)


def deal(engine: RemoteEngine, token: str, who: str, amount: int) -> None:
    """An account holds so much of a token from now on, token units, on a development node."""
    engine.request("anvil_dealERC20", [who, token, hex(amount)])
