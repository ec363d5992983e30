"""A chain of others with a venue, and a file for it: a node that is no development node to us, accounts
that sign, a sequencer's feed, an owner with code, and what a rollup takes for data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tandem import venues
from tandem.engine.anvil import AnvilEngine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import ACCOUNTS
from tandem.engine.data_fees import OP_ORACLE
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import from_key
from tandem.protocol.recipe import Recipe, load_recipe
from tandem.protocol.tandem import LOCAL_KEEPER_KEY
from tandem.units import DAY, WAD
from tandem.venues import Exchange, Opening

OPTIMISM = 10
FEE = 3 * 10**9
"""Wei a byte of data."""
FILE = """
name = "there"
chain_id = {chain}
[roles]
owner = "{owner}"
guardian = "{people[1]}"
lister = "{people[2]}"
signers = ["{people[3]}", "{people[4]}"]
[venue]
kind = "{kind}"
{venue}
[settings]
signatures = 2
sequencer_feed = "{uptime}"
data_fees = "{fees}"
max_age = 90_000
"""

SAFE = bytes.fromhex("6760025f5260205ff35f5260086018f3")
"""Sent to create a contract that answers 2, whatever it is asked: as a Safe that two signatures move."""

Request = Callable[[str, list[Any]], Any]


def token_code(symbol: str, decimals: int) -> bytes:
    """Code of a token that says its decimals and, to anything else, its symbol."""
    text = symbol.encode()
    asked = "5f3560e01c63313ce56714"  # the call's first four bytes are those of decimals()
    spell = f"60205f5260{len(text):02x}6020527f{text.ljust(32, bytes(1)).hex()}60405260605ff3"
    size = len(bytes.fromhex(asked)) + 3 + len(bytes.fromhex(spell))
    runtime = bytes.fromhex(f"{asked}60{size:02x}57{spell}5b60{decimals:02x}5f5260205ff3")
    return bytes.fromhex(f"60{len(runtime):02x}600a5f3960{len(runtime):02x}5ff3") + runtime


@dataclass(slots=True)
class Chain:
    """The node, what stands on it, and who deploys."""

    node: AnvilEngine
    exchange: Exchange
    file: Path
    recipe: Recipe
    uptime: str

    @property
    def deployer(self) -> str:
        return from_key(LOCAL_KEEPER_KEY).address

    def engine(self, between: Callable[[Request], Request] = lambda ask: ask) -> RemoteEngine:
        """A connection of the deployer's. between: what stands in its way."""
        signer = from_key(LOCAL_KEEPER_KEY)
        return RemoteEngine(
            between(Node(self.node.url).request),
            signers={signer.address: signer.sign},
            is_development=False,
            shared=True,
        )

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever happens inside is taken back; whatever gas took before, a block takes nothing for it."""
        self.node.rpc("anvil_setNextBlockBaseFeePerGas", "0x0")  # nothing takes a price back
        self.node.rpc("evm_mine")
        mark = self.node.rpc("evm_snapshot")
        try:
            yield
        finally:
            self.node.rpc("evm_revert", mark)


@contextmanager
def standing_on(kind: str, folder: Path) -> Iterator[Chain]:
    """A chain on which there is that venue, or that set of them, and a file for it in a folder."""
    with AnvilEngine(chain_id=OPTIMISM) as node:
        exchange = venues.recipe(kind).open(node, 2_500 * WAD, Opening())
        exchange.set_index(2_500 * WAD)
        uptime = node.deploy(compile_vyper("PriceFeed"), 0, "L2 Sequencer Uptime Status Feed")
        uptime.send("push", 0, sender=node.accounts[0])
        now, latest = node.now(), uptime.call("latest_id")
        up_since = (latest, 0, now - DAY, now, latest)
        uptime.send("set_round", *up_since, sender=node.accounts[0])
        fees = node.deploy(compile_vyper("DataFees"), sender=node.accounts[0])
        node.rpc("anvil_setCode", OP_ORACLE, "0x" + node.code(fees.address).hex())
        node.rpc("anvil_setStorageAt", OP_ORACLE, "0x1", f"0x{FEE:064x}")
        file = folder / "there.toml"
        there = exchange.addresses()
        numbers = exchange.recipe.numbers
        told = {k: there[k] if k in numbers else f'"{there[k]}"' for k in exchange.recipe.needed}
        parts = "\n".join(f"{key} = {value}" for key, value in told.items())
        people = [*ACCOUNTS[:3], *ACCOUNTS[4:6]]
        text = FILE.format(
            chain=OPTIMISM,
            owner=node.create(SAFE, node.accounts[0]),
            people=people,
            kind=kind,
            venue=parts,
            uptime=uptime.address,
            fees=OP_ORACLE,
        )
        file.write_text(text)
        node.rpc("evm_setAutomine", True)
        yield Chain(node, exchange, file, load_recipe(file), uptime.address)


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    with standing_on("aave", tmp_path_factory.mktemp("there")) as found:
        yield found


@pytest.fixture
def chain(standing: Chain, tmp_path: Path) -> Iterator[Chain]:
    """As it was, whatever the tests before did."""
    file = tmp_path / standing.file.name
    file.write_text(standing.file.read_text())
    with standing.undone():
        yield replace(standing, file=file)
