"""A node that mines when told to, and an account that sends on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from keeper.execution import carrier
from keeper.execution.fees import FeeSettings
from keeper.execution.relay import Relay
from keeper.execution.sender import Sender
from keeper.journal import Journal
from keeper.logs import QUIET, Log
from keeper.tables import FeeTable
from tandem.engine.anvil import AnvilEngine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract, Tx
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import from_key

# Account 0 of anvil's public mnemonic: everybody knows this key, it guards nothing.
KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
CHAIN = 31_337


@pytest.fixture(scope="module")
def node() -> Iterator[AnvilEngine]:
    with AnvilEngine(prune_history=False) as started:
        yield started


@pytest.fixture
def engine(node: AnvilEngine) -> Iterator[RemoteEngine]:
    """Mining is off: a transaction waits until a test mines it."""
    remote = RemoteEngine(Node(node.url).request)
    remote.request("evm_setAutomine", [False])
    mark = remote.request("evm_snapshot", [])
    yield remote
    remote.request("evm_revert", [mark])
    remote.request("anvil_dropAllTransactions", [])


@pytest.fixture
def token(engine: RemoteEngine) -> Contract:
    """A token whose balance counts effects."""
    engine.request("evm_setAutomine", [True])
    deployed = engine.deploy(compile_vyper("USDC"))
    engine.request("evm_setAutomine", [False])
    return deployed


@pytest.fixture
def mint(token: Contract) -> Tx:
    """One effect: five more tokens for account 1."""
    function = token.abi.function("mint", 2)
    data = function.encode((token.engine.accounts[1], 5))
    return Tx(token.engine.accounts[0], token.address, data, 200_000)


@pytest.fixture
def effects(token: Contract) -> Callable[[], float]:
    """How often the mint has happened."""
    return lambda: token.call("balanceOf", token.engine.accounts[1]) / 5


@pytest.fixture
def journal_path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite"


@pytest.fixture
def start(engine: RemoteEngine, journal_path: Path) -> Iterator[Callable[..., Sender]]:
    """A sender as a process starts it; the one before it lets go of the journal."""
    running: list[Sender] = []

    def begin(
        chain_id: int = CHAIN,
        log: Log = QUIET,
        ours: Mapping[str, str] | None = None,
        relay: Relay | None = None,
        **fees: float,
    ) -> Sender:
        if running:
            running.pop().journal.close()
        signer = from_key(KEY)
        journal = Journal(journal_path, CHAIN, signer.address)
        patience = replace(FeeSettings.from_table(FeeTable()), **({"wait_seconds": 0.1} | fees))  # pyright: ignore
        running.append(
            Sender(engine, signer, journal, chain_id, patience, log=log, ours=ours, relay=relay)
        )
        return running[0]

    yield begin
    for sender in running:
        sender.journal.close()


@dataclass
class Later:
    """Both clocks by which the age of what is sent is told, and what a test has let pass."""

    passed: float = 0.0

    def time(self) -> float:
        return time.time() + self.passed

    def monotonic(self) -> float:
        return time.monotonic() + self.passed


@pytest.fixture
def let_pass(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Seconds that nobody has to wait for, so that no slow machine makes them more."""
    later = Later()
    monkeypatch.setattr(carrier, "time", later)

    def some(seconds: float) -> None:
        later.passed += seconds

    return some
