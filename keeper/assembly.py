"""From settings to a keeper: the only place that knows how the parts fit together."""

from __future__ import annotations

import math
from contextlib import suppress
from functools import cache
from pathlib import Path

from keeper import forecast
from keeper.codes import Codes
from keeper.cycle import Keeper
from keeper.execution.fees import ETHER, GWEI, FeeSettings
from keeper.execution.sender import Sender
from keeper.execution.signers import Signers
from keeper.execution.surface_desk import SurfaceDesk
from keeper.journal import Journal
from keeper.lease import take
from keeper.logs import QUIET, Log
from keeper.observer import Observer
from keeper.pauses import Pauses, path_beside
from keeper.planner import PlannerSettings
from keeper.policy import create
from keeper.prices import prices_of
from keeper.settings import Otherwise, Settings, SurfaceKind, SurfaceTable
from tandem.connection import signer_of
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import Signer
from tandem.errors import TandemError
from tandem.feeds.candles import load
from tandem.feeds.chain import shapes_of
from tandem.feeds.exchange import Quotes
from tandem.feeds.live import LiveSurfaces
from tandem.feeds.surface import Kind, Modelled, Surfaces, SurfaceSpec
from tandem.protocol.deployment import Deployment, handles
from tandem.protocol.surface_signing import SurfaceDomain


def build(
    settings: Settings,
    engine: RemoteEngine,
    deployment: Deployment,
    signer: Signer | None = None,
    log: Log = QUIET,
) -> Keeper:
    """A keeper; with a signer it holds the journal until its sender's journal is closed."""
    fees = _fees(settings)
    observer = Observer(
        engine=engine,
        handles=handles(engine, deployment),
        settings=PlannerSettings(**settings.jobs.model_dump()),
        prices=prices_of(engine, fees.tip),
        desk=_desk(settings, deployment, engine),
        forecaster=_forecaster(settings, engine),
        follow_realised=settings.surface.follow_realised,
    )
    policy = create(settings.policy.name, **settings.policy.settings)
    keeper = Keeper(observer, policy, log=log, before=Codes(engine, deployment).check)
    keeper.pauses = _pauses(settings, deployment, signer, log)
    if signer is not None:
        lease = take(engine, signer.address)
        try:
            path = settings.journal_path(deployment.name, signer.address)
            journal = Journal(path, deployment.chain_id, signer.address)
        except BaseException:
            lease.close()
            raise
        chain_id = deployment.chain_id
        keeper.sender = Sender(engine, signer, journal, chain_id, fees, log=log, lease=lease)
    return keeper


def _forecaster(settings: Settings, engine: RemoteEngine) -> forecast.Forecaster:
    """With what it knew before. Raises a FeedError where the file is none."""
    table = settings.forecast
    made = forecast.create(table.name, start=settings.surface.vol, **table.settings)
    if table.history is not None:
        forecast.remember(made, past_of(table.history, engine.now()))
    return made


def past_of(file: Path, now: float = math.inf) -> list[tuple[int, float]]:
    """Closes, each at the moment at which its candle ended; none of them after now, seconds UTC. Raises a
    FeedError."""
    found = load(file)
    ends = (found.timestamps + found.lengths()).tolist()
    closes = zip(ends, found.close.tolist(), strict=True)
    return [(end, close) for end, close in closes if end <= now]


def _pauses(
    settings: Settings, deployment: Deployment, signer: Signer | None, log: Log
) -> Pauses | None:
    """What this key's keeper is told to leave alone; a dry run shows it where a key says whose it is."""
    who = signer
    if who is None:
        with suppress(TandemError):
            who = signer_of(settings)
    if who is None:
        return None
    return Pauses(path_beside(settings.journal_path(deployment.name, who.address)), log.warning)


def _desk(settings: Settings, deployment: Deployment, engine: RemoteEngine) -> SurfaceDesk | None:
    table = settings.surface
    if not (settings.surface_keys or table.signers):
        return None
    source = surfaces_of(table, deployment.asset)
    desk = SurfaceDesk(
        domain_of(deployment), settings.surface_keys, source, table.refresh_seconds,
        table.least_seconds,
    )  # fmt: skip
    if table.signers:
        h = handles(engine, deployment)
        desk.signers = Signers(
            table.signers, cache(h.surface.THRESHOLD), h.guardian.is_signer, table.signer_seconds
        )
    if isinstance(source, LiveSurfaces):
        desk.note = source.note
    return desk


def domain_of(deployment: Deployment) -> SurfaceDomain:
    """Where a signature over a slice counts."""
    surface, market = (deployment.address(name) for name in ("VolSurface", "Market"))
    return SurfaceDomain(deployment.chain_id, surface, market)


def surfaces_of(table: SurfaceTable, asset: str) -> Surfaces:
    """Who says what is posted. Raises a FeedError where a file that it needs is none."""
    if table.kind is not SurfaceKind.EXCHANGE:
        return Modelled(_spec(table, Kind(table.kind)))
    quotes = Quotes(table.exchange, asset, table.exchange_url, table.quotes_oldest_seconds)
    spec, otherwise = _spec(table, Kind.FLAT), None
    if table.otherwise is not Otherwise.NOTHING:
        otherwise = Modelled(_spec(table, Kind(table.otherwise)))
    return LiveSurfaces(
        quotes.chain, spec, otherwise, table.quotes_every_seconds, table.quotes_oldest_seconds
    )


def _spec(table: SurfaceTable, kind: Kind) -> SurfaceSpec:
    """Levels and shapes where they are modelled."""
    return SurfaceSpec(
        shapes=shapes_of(kind, table.chain_file),
        premium=1.0,
        long_vol=table.vol,
        basis=table.basis,
    )


def _fees(settings: Settings) -> FeeSettings:
    f = settings.fees
    most, tip = round(f.most_gwei * GWEI), round(f.tip_gwei * GWEI)
    return FeeSettings(
        most,
        tip,
        f.bump,
        f.stuck_seconds,
        f.wait_seconds,
        urgent_most=round(f.urgent_gwei * GWEI),
        action_most=round(f.action_eth * ETHER),
        day_most=round(f.day_eth * ETHER),
        urgent_day_most=round(f.urgent_day_eth * ETHER),
    )
