"""One deployment on a local node that has sold one call, and `tandem` run against it in process."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from listening import Said

from keeper import before
from keeper.assembly import build
from keeper.cycle import Keeper
from keeper.settings import load_settings
from tandem import venues
from tandem.connection import connect, signer_of
from tandem.engine.anvil import AnvilEngine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.model.svi import Slice
from tandem.protocol.applying import apply
from tandem.protocol.deployment import FOLDER, Deployment, tandem_of
from tandem.protocol.recipe import Recipe, load_recipe
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.tandem import LOCAL_KEEPER_KEY, LOCAL_SIGNER_KEY, Tandem
from tandem.terminal.group import main
from tandem.units import WAD

KEEPER_KEY, SIGNER_KEY = LOCAL_KEEPER_KEY, LOCAL_SIGNER_KEY
DEPLOYER = 5


@dataclass
class Market:
    """A market that has sold one call."""

    engine: RemoteEngine
    tandem: Tandem
    deployment: Deployment
    file: Path
    url: str
    series: Series

    def nonce(self) -> int:
        """How many transactions of the keeper are in blocks."""
        return self.engine.nonce(self.tandem.keeper)

    def move(self, usd: int) -> None:
        """The price is another; the pool is there, its average is not yet."""
        self.tandem.exchange.set_index(usd * WAD)
        self.tandem.exchange.converge(usd * WAD)

    def rest(self) -> None:
        """Three minutes: the pool's average has arrived, near which a hedge goes home."""
        self.engine.advance(180)


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    with live(tmp_path_factory.mktemp("deployment") / "local.json") as market:
        yield market


@contextmanager
def live(file: Path, kind: str = "curie") -> Generator[Market]:
    """A market on this venue, or set of venues, described by that file."""
    with AnvilEngine(prune_history=False) as node:
        engine = RemoteEngine(Node(node.url).request)
        engine.request("evm_setAutomine", [True])
        recipe = replace(load_recipe(FOLDER / "local.toml"), venue=venues.recipe(kind))
        yield opened(engine, node.url, recipe, engine.accounts[DEPLOYER], file)


@contextmanager
def beside_a_feed(
    file: Path, term: str, decimals: int, what: str, answer: int, *, older: int = 0
) -> Generator[tuple[Market, Contract]]:
    """A market on the exchange, and another feed that its deployment names by that setting. older: seconds
    for which the feed has said its answer before."""
    with AnvilEngine(prune_history=False) as node:
        engine = RemoteEngine(Node(node.url).request)
        engine.request("evm_setAutomine", [True])
        feed = engine.deploy(compile_vyper("PriceFeed"), decimals, what)
        feed.send("push", answer, sender=engine.accounts[0])
        engine.advance(older)
        local = load_recipe(FOLDER / "local.toml")
        named = replace(local.settings, **{term: feed.address})
        recipe = replace(local, venue=venues.recipe("curie"), settings=named)
        yield opened(engine, node.url, recipe, engine.accounts[DEPLOYER], file), feed


def opened(engine: RemoteEngine, url: str, recipe: Recipe, deployer: str, file: Path) -> Market:
    """A market that has sold one call; its record is that file."""
    deployment = apply(engine, recipe, deployer)
    deployment.save(file)
    tandem = tandem_of(engine, deployment)
    tandem.deposit(10**12)
    for _ in recipe.venue.name.split("+"):
        tandem.desk.send("top_up", sender=tandem.keeper)
    expiry = next_expiry(engine.now(), 20)
    tandem.list_expiry(expiry, [2_250, 2_500, 2_750, 5_000])
    tandem.post({expiry: Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)})
    engine.advance(61)
    tandem.give(tandem.trader, 10**10)
    series = Series(expiry, False, 2_500, 5_000)
    tandem.mint(series, 2_000_000)
    return Market(engine, tandem, deployment, file, url, series)


@pytest.fixture
def market(lived_in: Market) -> Iterator[Market]:
    """As it was, whatever a test does to it: its clock too, which a node does not take back, and what a test
    sent and did not wait for, which a node would mine after it."""
    began, mark = lived_in.engine.now(), lived_in.engine.request("evm_snapshot", [])
    yield lived_in
    lived_in.engine.request("anvil_dropAllTransactions", [])
    lived_in.engine.request("evm_revert", [mark])
    lived_in.engine.request("evm_setTime", [began])


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No settings of the person who tests; an empty folder to work in."""
    for name in list(os.environ):
        if name.startswith("TANDEM_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def tandem(
    settings: Path, monkeypatch: pytest.MonkeyPatch, market: Market
) -> Callable[..., Result]:
    """`tandem …` with keys, against the market."""
    keyed(settings, monkeypatch, market)
    return typed


def keyed(settings: Path, monkeypatch: pytest.MonkeyPatch, market: Market) -> None:
    """What is typed has keys and is for that market; however busy this machine is, what was before is read in
    one look."""
    monkeypatch.setattr(before, "SECONDS", 60.0)
    monkeypatch.setattr(before.Before, "free_at", 0.0)
    monkeypatch.setenv("TANDEM_RPC", market.url)
    monkeypatch.setenv("TANDEM_DEPLOYMENT", str(market.file))
    monkeypatch.setenv("TANDEM_JOURNAL", str(settings / "journal.sqlite"))
    monkeypatch.setenv("TANDEM_KEY", KEEPER_KEY)
    monkeypatch.setenv("TANDEM_SURFACE__KEYS", SIGNER_KEY)


def typed(*arguments: str) -> Result:
    """What `tandem` does with these arguments."""
    return CliRunner(mix_stderr=False).invoke(main, list(arguments))


@pytest.fixture
def ask(tandem: Callable[..., Result]) -> Callable[..., Any]:
    """The JSON that a command prints; it must succeed."""

    def answer(*arguments: str) -> Any:
        result = tandem(*arguments, "--json")
        assert result.exit_code == 0, result.stderr + result.output
        return json.loads(result.stdout)

    return answer


@pytest.fixture
def heard() -> Said:
    """What the keeper says."""
    return Said()


@pytest.fixture
def keeper(tandem: Callable[..., Result], market: Any, heard: Said) -> Iterator[Keeper]:
    """With a key and a surface key, on the market, as `tandem run` builds it."""
    settings = load_settings()
    engine, deployment = connect(settings)
    made = build(settings, engine, deployment, signer_of(settings), heard)
    yield made
    made.close()
