"""Three markets on a local node, and the group that keeps them as `tandem run` builds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from faults.proxy import Proxy, between
from lived_in import KEEPER_KEY, SIGNER_KEY, settings
from structlog.testing import CapturingLogger

from keeper.group import Group
from keeper.markets import crews, with_records
from keeper.meters import Meters
from keeper.process import Process
from keeper.settings import load_settings
from keeper.sharing import connector
from scale.postgres import postgres
from scale.street import Street, street
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.terminal.group import main

__all__ = ["postgres", "settings"]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with street(tmp_path_factory.mktemp("street"), 3) as made:
        yield made


@pytest.fixture
def three(built: Street) -> Iterator[Street]:
    """As they were, whatever a test does to them."""
    began, mark = built.engine.now(), built.engine.request("evm_snapshot", [])
    yield built
    built.engine.request("anvil_dropAllTransactions", [])
    built.engine.request("evm_revert", [mark])
    built.engine.request("evm_setTime", [began])


@pytest.fixture
def keyed(three: Street, settings: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment of whoever keeps them: a key, the surface's, a journal in a folder of its own."""
    monkeypatch.setenv("TANDEM_RPC", three.url)
    monkeypatch.setenv("TANDEM_KEY", KEEPER_KEY)
    monkeypatch.setenv("TANDEM_SURFACE__KEYS", SIGNER_KEY)
    monkeypatch.setattr("keeper.settings.JOURNALS", settings / "journals")
    monkeypatch.setenv("XDG_DATA_HOME", str(settings / "data"))
    return settings


@pytest.fixture
def proxy(three: Street) -> Iterator[Proxy]:
    with between(three.url) as made:
        yield made


@pytest.fixture
def tandem(keyed: Path) -> Callable[..., Result]:
    return lambda *arguments: CliRunner(mix_stderr=False).invoke(main, list(arguments))


@pytest.fixture
def database(postgres: str) -> str:
    """Empty."""
    with connector(postgres)() as db:
        db.execute("DROP TABLE IF EXISTS tandem_leases, tandem_processes")
    return postgres


class Clock:
    """This machine's, as a test says."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Keeping:
    """A group, and what is said of it."""

    def __init__(self, three: Street, **given: Any) -> None:
        self.log, self.meters, self.done = CapturingLogger(), Meters(300.0), list[tuple[str, Any]]()
        listed = with_records(load_settings(**given), [each.file for each in three.markets])
        (crew,) = crews(listed)
        node = Node(crew.settings.nodes, crew.settings.rpc_timeout, crew.chain_id)
        engine = RemoteEngine.over(node, is_development=False)  # as a public one
        self.process = Process(
            listed, self.meters, self.log, lambda name, _, done: self.done.append((name, done)),
            lambda *_: None,
        )  # fmt: skip
        self.group: Group = self.process._seated(crew, engine, is_one=False)
        engine.looked_at_by(3)
        for seat in self.group.seats:
            seat.keeper.utc = None  # the chain has its own time

    def said(self, level: str) -> list[dict[str, Any]]:
        """Lines of a level: their event and fields."""
        return [
            {"event": call.args[0], **call.kwargs}
            for call in self.log.calls
            if call.method_name == level
        ]

    def failures(self) -> list[dict[str, Any]]:
        """Warnings but those of what stands at a market, which is so for a while."""
        return [line for line in self.said("warning") if "of" not in line]

    def figures(self) -> str:
        return self.meters.text().decode()


@pytest.fixture
def keeping(three: Street, keyed: Path) -> Iterator[Keeping]:
    made = Keeping(three)
    yield made
    for seat in made.group.seats:
        seat.keeper.close()


@pytest.fixture
def through(three: Street, keyed: Path, proxy: Proxy) -> Iterator[Keeping]:
    """The same, through a proxy."""
    made = Keeping(three, rpc=proxy.url)
    yield made
    for seat in made.group.seats:
        seat.keeper.close()
