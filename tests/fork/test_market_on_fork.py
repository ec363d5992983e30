"""The same life of a market on a fork of Arbitrum, or of what stands in for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from market_life import World, live

from tandem.engine.ape_chain import engine_of
from tandem.engine.artifacts import compile_vyper
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.applying import apply
from tandem.protocol.deployment import FOLDER, Deployment
from tandem.protocol.recipe import load_recipe
from tandem.protocol.tandem import LOCAL_KEEPER_KEY, LOCAL_SIGNER_KEY
from tandem.protocol.verifying import verify
from tandem.units import HOUR

ARBITRUM = 42_161
DEPLOYER = 5


def deploy(engine: RemoteEngine) -> Deployment:
    """With two signers and a sequencer's feed, because there it is refused without."""
    local = load_recipe(FOLDER / "local.toml")
    people = {**local.roles, "signers": [engine.accounts[4], engine.accounts[3]]}
    settings = replace(local.settings, signatures=2, sequencer_feed=_sequencer(engine))
    recipe = replace(local, name="fork", chain_id=ARBITRUM, roles=people, settings=settings)
    return apply(engine, recipe, engine.accounts[DEPLOYER])


def _sequencer(engine: RemoteEngine) -> str:
    """A feed that has said for longer than the grace hour that the sequencer is up."""
    feed = engine.deploy(
        compile_vyper("PriceFeed"), 0, "sequencer", sender=engine.accounts[DEPLOYER]
    )
    feed.send("push", 0, sender=engine.accounts[DEPLOYER])
    engine.advance(2 * HOUR)
    return feed.address


def world_of(engine: RemoteEngine, deployment: Deployment) -> World:
    world = World.of(engine, deployment)
    world.tandem.signer_keys = (LOCAL_SIGNER_KEY, LOCAL_KEEPER_KEY)
    return world


def test_a_market_lives_on_a_fork_and_leaves_the_upstream_alone(
    upstream: Any, fork: Callable[[], AbstractContextManager[Any]]
) -> None:
    """Where the upstream is ours the system is deployed on it and found on the fork; a real one
    is not written to: there the fork gets its own venue."""
    if upstream.is_real:
        with fork() as provider:
            engine = engine_of(provider)
            live(world_of(engine, deploy(engine)))
        return
    original = RemoteEngine(Node(upstream.url).request, is_development=True)
    deployment = deploy(original)
    block = original.block()
    with fork() as provider:
        engine = engine_of(provider)
        assert engine.chain_id == ARBITRUM
        assert [f.name for f in verify(engine, deployment) if f.fault] == []
        live(world_of(engine, deployment))
    assert original.block() == block
