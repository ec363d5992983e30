"""From settings to a keeper: the only place that knows how the parts fit together."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

from keeper import forecast
from keeper.acts import SELECTORS
from keeper.behind import Behind
from keeper.codes import Codes
from keeper.cycle import Keeper
from keeper.execution.fees import FeeSettings
from keeper.execution.proofs import secrets_of
from keeper.execution.regained import target_of
from keeper.execution.relay import Relay
from keeper.execution.sender import Sender
from keeper.execution.signers import Signers
from keeper.execution.surface_desk import SurfaceDesk
from keeper.frozen import Frozen
from keeper.journal import Journal
from keeper.journal_file import take_over
from keeper.lease import take
from keeper.logs import QUIET, Log
from keeper.observer import Observer
from keeper.past import Past
from keeper.pauses import Pauses, path_beside
from keeper.planner import PlannerSettings
from keeper.policy import create
from keeper.prices import prices_of
from keeper.settings import Settings
from keeper.tables import ForecastTable, Otherwise, SurfaceKind, SurfaceTable
from tandem.connection import signer_of
from tandem.engine.endpoint import split
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import Signer, from_key
from tandem.errors import EngineError, TandemError
from tandem.feeds.candles import load
from tandem.feeds.surface import Kind, Modelled, Surfaces, SurfaceSpec, shapes_of
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.deployment import Deployment, handles
from tandem.protocol.surface_signing import SurfaceDomain
from tandem.terminal.common import eth
from tandem.units import DAY, WAD


def build(
    settings: Settings,
    engine: RemoteEngine,
    deployment: Deployment,
    signer: Signer | None = None,
    log: Log = QUIET,
    sender: Sender | None = None,
) -> Keeper:
    """A keeper; with a signer it holds the journal until its sender's journal is closed. sender: of several
    markets."""
    fees = FeeSettings.from_table(settings.fees)
    h = handles(engine, deployment)
    forecaster, learnt = forecaster_of(settings, engine)
    observer = Observer(
        engine=engine,
        handles=h,
        settings=PlannerSettings(**settings.jobs.model_dump()),
        prices=prices_of(engine, fees.tip),
        desk=_desk(settings, deployment, engine),
        forecaster=forecaster,
        past=_past(settings.forecast, h.feed, engine, learnt),
        follow_realised=settings.surface.follow_realised,
    )
    policy = create(settings.policy.name, **settings.policy.settings)
    keeper = Keeper(observer, policy, log=log, before=Codes(engine, deployment).check)
    keeper.utc = None if engine.is_development else time.time
    keeper.pauses = _pauses(settings, deployment, signer, log)
    account = sender.account if sender else signer.address if signer else ""
    if account:
        path = settings.journal_path(deployment.name, account).with_suffix(".code")
        looks = Behind(engine, deployment, path, log).look, Frozen(h, log).look
        keeper.before = _each(keeper.before, *looks)
    if sender is not None:
        keeper.sender, keeper.name = sender, deployment.name
    elif signer is not None:
        path = settings.journal_path(deployment.name, signer.address)
        keeper.sender = sender_of(settings, engine, signer, path, log, [deployment])
    if isinstance(keeper.sender, Sender):
        for each in (observer.patience, observer.marks):
            each.remember(engine, keeper.sender.journal.path, keeper.name)
    return keeper


def sender_of(
    settings: Settings,
    engine: RemoteEngine,
    signer: Signer,
    path: Path,
    log: Log,
    kept: Sequence[Deployment],
) -> Sender:
    """Who sends with a key on a chain, and holds both until its journal is closed. path: the journal's; kept:
    what it sends to."""
    lease = take(engine, signer.address)
    try:
        journal = _journal(settings, engine.chain_id, signer.address, path, log, kept)
    except BaseException:
        lease.close()
        raise
    ours = {
        part.address: each.name if len(kept) > 1 else ""
        for each in kept
        for part in each.contracts.values()
    }
    if len(kept) > 1:
        journal.name_markets(lambda raw: ours.get(target_of(raw), ""))
    fees = FeeSettings.from_table(settings.fees)
    _weigh(engine, signer.address, fees.action_most, log)
    return Sender(
        engine, signer, journal, engine.chain_id, fees, log=log, lease=lease, ours=ours,
        acts=SELECTORS,
        relay=relay_of(settings, log),
    )  # fmt: skip


def _weigh(engine: RemoteEngine, account: str, most: int, log: Log) -> None:
    """Say before anything is due that an account holds less than one transaction may cost. It goes on: many
    cost less, and who is sent ether meanwhile pays with it."""
    with suppress(EngineError):  # `tandem_account_balance_eth` is asked for again
        if (balance := engine.balance(account)) < most:
            log.warning(
                "the account holds less than one transaction may cost",
                account=account, holds=eth(balance / WAD), may_cost=eth(most / WAD),
                hint="send it ether, `tandem doctor` says how much; the keeper goes on meanwhile",
            )  # fmt: skip


def _journal(
    settings: Settings,
    chain_id: int,
    account: str,
    path: Path,
    log: Log,
    kept: Sequence[Deployment],
) -> Journal:
    """Of a key's one market, or of all it keeps: then what it had for one goes on as that of all."""
    if len(kept) > 1:
        listed = [settings.journal_path(each.name, account) for each in kept]
        former = take_over(listed, path, chain_id, account)
        if former is not None:
            log.info(
                "the journal of one market goes on as its key's", former=str(former), now=str(path)
            )
    return Journal(path, chain_id, account)


def relay_of(settings: Settings, log: Log = QUIET) -> Relay | None:
    """Who is asked before the nodes, if anybody. Raises ConfigError where it is no address."""
    url, seconds = settings.relay.url, settings.relay.seconds
    if url is None:
        return None
    split(url.get_secret_value(), "TANDEM_RELAY__URL is no address of a relay")
    return Relay(url.get_secret_value(), seconds, log, settings.relay.urgent_seconds)


def _each(*acts: Callable[[], None]) -> Callable[[], None]:
    def all_of_them() -> None:
        for act in acts:
            act()

    return all_of_them


def forecaster_of(settings: Settings, engine: RemoteEngine) -> tuple[forecast.Forecaster, int]:
    """With what is recorded, and when that ends, seconds UTC; 0 for nothing. Raises a FeedError where the
    file is none."""
    table = settings.forecast
    made = forecast.create(table.name, start=settings.surface.vol, **table.settings)
    past = past_of(table.history, engine.now()) if table.history is not None else []
    forecast.remember(made, past)
    return made, past[-1][0] if past else 0


def since_of(table: ForecastTable, engine: RemoteEngine, learnt: int) -> int:
    """From when on rounds of the price feed are read, seconds UTC, by the latest block that is known."""
    return max(engine.time - round(table.rounds_days * DAY), learnt + 1)


def _past(
    table: ForecastTable, feed: PriceFeed, engine: RemoteEngine, learnt: int
) -> Callable[[], Past] | None:
    """What the price feed said, to be read once a block is known; None where nobody wants to know."""
    if not table.rounds_days:
        return None
    return lambda: Past(feed, since_of(table, engine, learnt))


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
    """What this key's keeper is told to leave alone; a dry run shows it where a key or a journal says whose
    it is."""
    who = signer
    if who is None:
        with suppress(TandemError):
            who = signer_of(settings)
    journal = (
        settings.journal if who is None else settings.journal_path(deployment.name, who.address)
    )
    return None if journal is None else Pauses(path_beside(journal), log.warning)


def _desk(settings: Settings, deployment: Deployment, engine: RemoteEngine) -> SurfaceDesk | None:
    table = settings.surface
    if not (settings.surface_keys or table.signers):
        return None
    for key in settings.surface_keys:
        from_key(key, "TANDEM_SURFACE__KEYS")
    desk = SurfaceDesk(
        domain_of(deployment), settings.surface_keys, surfaces_of(table, deployment.asset),
        table.refresh_seconds, table.least_seconds,
    )  # fmt: skip
    if table.signers:
        secrets = check_signers(table)
        h = handles(engine, deployment)
        desk.signers = Signers(
            table.signers,
            cache(h.surface.THRESHOLD),
            h.guardian.is_signer,
            table.signer_seconds,
            secrets=secrets,
        )
    if table.kind is SurfaceKind.EXCHANGE:
        _follow(desk)
    return desk


def _follow(desk: SurfaceDesk) -> None:
    """Say what a live source has to say, and end with it."""
    from tandem.feeds.live import LiveSurfaces

    if isinstance(desk.source, LiveSurfaces):
        desk.note, desk.end = desk.source.note, desk.source.close


def check_signers(table: SurfaceTable) -> tuple[str, ...]:
    """The secret that is shared with each. Raises ConfigError where one that is to be asked has no address
    or no secret."""
    for url in table.signers:
        split(url, "one of TANDEM_SURFACE__SIGNERS is no address of a signer")
    if not table.signers:
        return ()
    secrets = table.signer_secrets
    return tuple(secrets_of(secrets.get_secret_value() if secrets else "", len(table.signers)))


def domain_of(deployment: Deployment) -> SurfaceDomain:
    """Where a signature over a slice counts."""
    surface, market = (deployment.address(name) for name in ("VolSurface", "Market"))
    return SurfaceDomain(deployment.chain_id, surface, market)


def surfaces_of(table: SurfaceTable, asset: str) -> Surfaces:
    """Who says what is posted. Raises a FeedError where a file that it needs is none."""
    if table.kind is not SurfaceKind.EXCHANGE:
        return Modelled(_spec(table, Kind(table.kind)))
    from tandem.feeds.exchange import Quotes  # who asks none needs none of its libraries
    from tandem.feeds.live import LiveSurfaces

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
