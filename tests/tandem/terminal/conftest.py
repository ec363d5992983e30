"""A folder, a market and a warm process for whatever is typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tandem.engine.anvil import AnvilEngine
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.applying import apply
from tandem.protocol.deployment import FOLDER
from tandem.protocol.recipe import load_recipe
from tandem.protocol.tandem import LOCAL_KEEPER_KEY

from .surface import workplace
from .warm import Warm, warm

DEPLOYER = 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return workplace(tmp_path)


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Settings of a market on a node of its own, so that cases get past the connection."""
    with AnvilEngine(prune_history=False) as node:
        engine = RemoteEngine(Node(node.url).request)
        engine.request("evm_setAutomine", [True])
        file = tmp_path_factory.mktemp("market") / "local.json"
        apply(engine, load_recipe(FOLDER / "local.toml"), engine.accounts[DEPLOYER]).save(file)
        yield {
            "TANDEM_RPC": node.url,
            "TANDEM_DEPLOYMENT": str(file),
            "TANDEM_KEY": LOCAL_KEEPER_KEY,
        }


@pytest.fixture(scope="module")
def loaded() -> Iterator[Warm]:
    with warm() as found:
        yield found
