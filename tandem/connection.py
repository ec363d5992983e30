"""From settings to a node and the deployment on its chain."""

from __future__ import annotations

from pathlib import Path

from tandem.engine.node import Node, WrongChainError
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import Signer, from_key
from tandem.errors import ConfigError
from tandem.protocol.deployment import (
    MARKET,
    Deployment,
    NotDeployedError,
    markets_beside,
    record_of,
)
from tandem.settings import Connection


def record(settings: Connection) -> Path:
    """Where the deployment's record is: the file, or that of its market. Raises ConfigError for a name that
    is none, NotDeployedError where there is no such market."""
    if not settings.market:
        return settings.deployment
    if not MARKET.fullmatch(settings.market):
        raise ConfigError(
            f"{settings.market!r} is no market", "small letters and digits, as in `--market btc`"
        )
    found = record_of(settings.deployment, settings.market)
    if not found.is_file():
        named = markets_beside(settings.deployment)
        if named:
            there = f"there are {', '.join(named)}"
        elif settings.deployment.exists():
            there = "it has one alone: name no market"
        else:
            there = f"there is none beside {found}"
        raise NotDeployedError(
            f"there is no market {settings.market} of {settings.deployment}",
            f"{there}; `tandem deploy apply` writes a record of each",
        )
    return found


def records(settings: Connection) -> tuple[Path, ...]:
    """The same; of a deployment whose records are its markets' alone, all of them where none is named."""
    if settings.market or settings.deployment.exists():
        return (record(settings),)
    named = markets_beside(settings.deployment)
    found = tuple(record_of(settings.deployment, each) for each in named)
    return found or (settings.deployment,)


def connect(settings: Connection, place: Path | None = None) -> tuple[RemoteEngine, Deployment]:
    """A node and the deployment on its chain. place: its record, where it is not what the settings name.
    Raises where the two do not belong together."""
    deployment = Deployment.load(place or record(settings))
    node = Node(settings.nodes, settings.rpc_timeout, deployment.chain_id)
    engine = RemoteEngine.over(node)
    check_chain(engine, deployment)
    return engine, deployment


def check_chain(engine: RemoteEngine, deployment: Deployment) -> None:
    """Raises WrongChainError or NotDeployedError unless the deployment is on this chain."""
    if engine.chain_id != deployment.chain_id:
        raise WrongChainError(
            f"the node is of chain {engine.chain_id}, the deployment is on {deployment.chain_id}: "
            f"{deployment.name}",
            "pass the right node with --rpc, or the right file with --deployment",
        )
    if not engine.code(deployment.address("Market")):
        raise NotDeployedError(
            f"there is no Market at {deployment.address('Market')} on this chain",
            "a local chain forgets when it ends: deploy again, or name another file",
        )


def signer_of(settings: Connection) -> Signer | None:
    """The settings' own key, None where there is none. Raises ConfigError where it is no key."""
    return from_key(settings.key.get_secret_value()) if settings.key else None
