"""Forked tests run with or without the internet.

With ARBITRUM_RPC_URL set they fork that node. Without it they fork a local anvil that answers as
chain 42161, on which a test first deploys what it expects to find.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import ape
import pytest

from tandem.engine.rpc import Rpc
from tandem.errors import EngineError

ARBITRUM = 42_161
VARIABLE = "ARBITRUM_RPC_URL"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Upstream:
    """The chain that is forked."""

    url: str
    is_real: bool


@pytest.fixture(scope="session")
def upstream() -> Iterator[Upstream]:
    """The node of ARBITRUM_RPC_URL, else a local stand-in with its chain id."""
    if url := os.environ.get(VARIABLE):
        _probe(url)
        yield Upstream(url, is_real=True)
        return
    with _local_stand_in() as url:
        yield Upstream(url, is_real=False)


@pytest.fixture
def fork(upstream: Upstream) -> Callable[[], AbstractContextManager[Any]]:
    """Call it once the upstream holds what the test needs: `with fork() as provider: …`."""

    @contextmanager
    def enter() -> Iterator[Any]:
        node = {"arbitrum": {"mainnet": {"uri": upstream.url}}}
        with (
            ape.project.temp_config(node=node),
            ape.networks.arbitrum.mainnet_fork.use_provider(
                "foundry", disconnect_after=True
            ) as provider,
        ):
            yield provider

    return enter


def _probe(url: str) -> None:
    """Say at once, and without printing a key that the address may hold, that a node is wrong."""
    from web3 import HTTPProvider, Web3

    host = urlsplit(url).hostname
    try:
        chain = Web3(HTTPProvider(url, request_kwargs={"timeout": 3})).eth.chain_id
    except Exception as error:
        pytest.exit(f"{VARIABLE}: {host} does not answer ({type(error).__name__}); unset it", 1)
    if chain != ARBITRUM:
        pytest.exit(f"{VARIABLE}: {host} is chain {chain}, not {ARBITRUM}", 1)


@contextmanager
def _local_stand_in() -> Iterator[str]:
    anvil = shutil.which("anvil")
    assert anvil, "anvil is not on PATH: run `make test`, or put node_modules/.bin on PATH"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = ROOT / ".cache" / "fork-upstream.log"
    log.parent.mkdir(exist_ok=True)
    command = [anvil, "--chain-id", str(ARBITRUM), "--host", "127.0.0.1", "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--hardfork", "cancun"], stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _wait(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and process.poll() is None:
        rpc = Rpc("127.0.0.1", port, timeout=1)
        try:
            assert int(rpc.call("eth_chainId"), 16) == ARBITRUM
            return
        except EngineError:
            time.sleep(0.05)
        finally:
            rpc.close()
    pytest.exit(f"the local upstream did not start; see {log.relative_to(ROOT)}", 1)
