"""From settings to a keeper: the only place that knows how the parts fit together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from keeper.cycle import Keeper
from keeper.engine.remote import RemoteEngine
from keeper.execution.node import Node, WrongChainError
from keeper.execution.sender import GWEI, FeeSettings, Sender
from keeper.execution.signers import Signer, from_key
from keeper.execution.surface_desk import SurfaceDesk
from keeper.execution.surface_signing import SurfaceDomain
from keeper.feeds.chain import shapes_of
from keeper.feeds.realised import RealisedVol
from keeper.feeds.surface import SurfaceSpec
from keeper.journal import Journal
from keeper.planner import PlannerSettings
from keeper.policy import create
from keeper.protocol.deployment import Deployment, NotDeployedError, handles
from keeper.settings import Settings


def connect(settings: Settings) -> tuple[RemoteEngine, Deployment]:
    """A node and the deployment on its chain. Raises where the two do not belong together."""
    deployment = Deployment.load(Path(settings.deployment))
    engine = RemoteEngine(Node(settings.nodes, settings.rpc_timeout).request)
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


def signer_of(settings: Settings) -> Signer | None:
    return from_key(settings.key.get_secret_value()) if settings.key else None


def build(
    settings: Settings,
    engine: RemoteEngine,
    deployment: Deployment,
    signer: Signer | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Keeper:
    """A keeper; with a signer it holds the journal until its sender's journal is closed."""
    jobs = settings.jobs
    keeper = Keeper(
        engine=engine,
        handles=handles(engine, deployment),
        policy=create(settings.policy.name, **settings.policy.settings),
        settings=PlannerSettings(
            jobs.lot, jobs.epochs, jobs.settle, jobs.rebalance, jobs.margin, jobs.exits
        ),
        desk=_desk(settings, deployment),
        realised=RealisedVol(start=settings.surface.vol),
        follow_realised=settings.surface.follow_realised,
        say=say,
    )
    if signer is not None:
        path = settings.journal_path(deployment.name, signer.address)
        journal = Journal(path, deployment.chain_id, signer.address)
        keeper.sender = Sender(engine, signer, journal, deployment.chain_id, _fees(settings))
    return keeper


def _desk(settings: Settings, deployment: Deployment) -> SurfaceDesk | None:
    if not settings.surface_keys:
        return None
    table = settings.surface
    domain = SurfaceDomain(
        deployment.chain_id, deployment.address("VolSurface"), deployment.address("Market")
    )
    spec = SurfaceSpec(
        shapes=shapes_of(table.kind, table.chain_file),
        premium=1.0,
        long_vol=table.vol,
        basis=table.basis,
    )
    return SurfaceDesk(domain, settings.surface_keys, spec, table.refresh_seconds)


def _fees(settings: Settings) -> FeeSettings:
    f = settings.fees
    most, tip = round(f.most_gwei * GWEI), round(f.tip_gwei * GWEI)
    return FeeSettings(most, tip, f.bump, f.stuck_seconds, f.wait_seconds)
