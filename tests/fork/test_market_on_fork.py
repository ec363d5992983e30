"""The same life of a market on a fork of Arbitrum, or of what stands in for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from market_life import World, live

from tandem.engine.ape_chain import engine_of
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.deployment import FOLDER, Deployment
from tandem.protocol.plan import apply, load_recipe, verify

ARBITRUM = 42_161
DEPLOYER = 5


def deploy(engine: RemoteEngine) -> Deployment:
    recipe = replace(load_recipe(FOLDER / "local.toml"), name="fork", chain_id=ARBITRUM)
    return apply(engine, recipe, engine.accounts[DEPLOYER])


def test_a_market_lives_on_a_fork_and_leaves_the_upstream_alone(
    upstream: Any, fork: Callable[[], AbstractContextManager[Any]]
) -> None:
    """Where the upstream is ours the system is deployed on it and found on the fork; a real one
    is not written to: there the fork gets its own venue."""
    if upstream.is_real:
        with fork() as provider:
            engine = engine_of(provider)
            live(World.of(engine, deploy(engine)))
        return
    original = RemoteEngine(Node(upstream.url).request, is_development=True)
    deployment = deploy(original)
    block = original.block()
    with fork() as provider:
        engine = engine_of(provider)
        assert engine.chain_id == ARBITRUM
        assert [f.name for f in verify(engine, deployment) if f.fault] == []
        live(World.of(engine, deployment))
    assert original.block() == block
