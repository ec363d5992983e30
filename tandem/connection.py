"""From settings to a node and the deployment on its chain."""

from __future__ import annotations

from tandem.engine.node import Node, WrongChainError
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import Signer, from_key
from tandem.protocol.deployment import Deployment, NotDeployedError
from tandem.settings import Connection


def connect(settings: Connection) -> tuple[RemoteEngine, Deployment]:
    """A node and the deployment on its chain. Raises where the two do not belong together."""
    deployment = Deployment.load(settings.deployment)
    node = Node(settings.nodes, settings.rpc_timeout)
    engine = RemoteEngine(node.request, batch=node.batch)
    check_chain(engine, deployment)
    return engine, deployment


def check_chain(engine: RemoteEngine, deployment: Deployment) -> None:
    """Raises WrongChainError or NotDeployedError unless the deployment is on this chain."""
    if engine.chain_id != deployment.chain_id:
        raise WrongChainError(
            f"the node is of chain {engine.chain_id}, the deployment is on {deployment.chain_id}",
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
