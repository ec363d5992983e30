"""The whole system deployed and lived in through Ape, on anvil with the venue's own bytecode."""

from __future__ import annotations

from typing import Any

import ape
import pytest
from market_life import World, live

from tandem.engine.ape_chain import engine_of
from tandem.protocol.applying import apply
from tandem.protocol.deployment import FOLDER, Deployment
from tandem.protocol.recipe import load_recipe
from tandem.protocol.verifying import verify

DEPLOYER = 5


@pytest.fixture(scope="session")
def deployed() -> tuple[Any, Deployment]:
    """Deployed once with an Ape account that signs; each test leaves the chain as it was."""
    account = ape.accounts.test_accounts[DEPLOYER]
    engine = engine_of(ape.networks.provider, account)
    return engine, apply(engine, load_recipe(FOLDER / "local.toml"), account.address)


def test_what_is_deployed_is_what_the_sources_give(deployed: tuple[Any, Deployment]) -> None:
    engine, deployment = deployed
    assert [f.name for f in verify(engine, deployment) if f.fault] == []
    assert len(deployment.contracts) == 16


def test_a_market_lives_from_the_first_deposit_to_the_last_redemption(
    deployed: tuple[Any, Deployment],
) -> None:
    live(World.of(*deployed))
