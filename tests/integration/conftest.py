"""A local chain that outlives the commands run against it, with everything deployed by Ape."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tandem.engine.anvil import find_anvil, free_port
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError
from tandem.protocol.deployment import Deployment, tandem_of
from tandem.protocol.series import next_expiry
from tandem.protocol.tandem import Tandem
from tandem.units import WAD

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Chain:
    """A node and what stands on it."""

    url: str
    engine: RemoteEngine
    deployment: Deployment
    file: Path

    def environment(self, **more: str) -> dict[str, str]:
        """For commands: this node, this deployment, and no settings of the person who tests."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
        ours = {
            "APE_FOUNDRY_HOST": self.url,
            "TANDEM_RPC": self.url,
            "TANDEM_DEPLOYMENT": str(self.file),
        }
        return kept | ours | more


@pytest.fixture(scope="session")
def deployed_chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """`ape run deploy` against an anvil of our own."""
    folder = tmp_path_factory.mktemp("chain")
    url = f"http://127.0.0.1:{free_port()}"
    command = [str(find_anvil()), "--port", url.rsplit(":", 1)[1], "--hardfork", "cancun"]
    process = subprocess.Popen([*command, "--silent"], stdout=subprocess.DEVNULL)
    try:
        engine = _connect(url, process)
        file = folder / "local.json"
        deploy = [_program("ape"), "run", "deploy", "--out", str(file)]
        ran = subprocess.run(
            [*deploy, "--network", "ethereum:local:foundry"],
            cwd=ROOT,
            env=os.environ | {"APE_FOUNDRY_HOST": url},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        yield Chain(url, engine, Deployment.load(file), file)
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def chain(deployed_chain: Chain) -> Iterator[Chain]:
    """The same, put back afterwards."""
    engine = deployed_chain.engine
    mark = engine.request("evm_snapshot", [])
    yield deployed_chain
    engine.shared = False
    engine.request("evm_revert", [mark])


@pytest.fixture
def tandem(chain: Chain) -> Tandem:
    """LPs are in and an expiry is listed; margin and surface are the keeper's to bring."""
    found = tandem_of(chain.engine, chain.deployment)
    found.exchange.set_index(2_500 * WAD)
    found.deposit(10**12)
    found.list_expiry(next_expiry(chain.engine.now(), 20), [2_500, 5_000])
    found.give(found.trader, 10**10)
    return found


def _connect(url: str, process: subprocess.Popen[bytes]) -> RemoteEngine:
    deadline = time.monotonic() + 15
    while True:
        try:
            return RemoteEngine(Node(url).request)
        except EngineError:
            assert process.poll() is None, "anvil ended"
            assert time.monotonic() < deadline, "anvil did not start"
            time.sleep(0.05)


def _program(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is not on PATH: run `make test`"
    return found


@pytest.fixture
def program() -> Callable[[str], str]:
    """Where a command of the virtual environment is."""
    return _program
