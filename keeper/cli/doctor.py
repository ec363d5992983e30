"""`tandem doctor`: is everything there that a keeper needs?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar

import rich_click as click

from keeper.assembly import build, surfaces_of
from keeper.cli import _signers
from keeper.cli._advice import advice
from keeper.cli._feeds import price_lines
from keeper.cli._journals import journal_line, journal_of, pause_line
from keeper.cli._nodes import FAIL, OK, WARN, Line, agreement, clock, others, shown
from keeper.cli._purse import purse_lines
from keeper.markets import kept, with_records
from keeper.settings import Settings, load_settings
from tandem.client import bounty, gate, several, venues
from tandem.client.breaker import DISTRESS, line
from tandem.client.lending import lendable
from tandem.client.margin import distress
from tandem.connection import check_chain, record, signer_of
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.errors import TandemError
from tandem.protocol.bindings.structs import Due, Snapshot
from tandem.protocol.deployment import Deployment, handles
from tandem.protocol.handles import Handles
from tandem.protocol.outside import HISTORY, look_outside
from tandem.protocol.verifying import check_code
from tandem.protocol.waits import CRUMBS, UnreadableError, snapshot_of, waits
from tandem.terminal.common import EXIT_FAULT, chain_options, emit, usd
from tandem.units import ETHER, USD, WAD

WHO = "operator"

T = TypeVar("T")
SETTLES = "a keeper sets one right a minute; by hand: `settle_collateral` of the adapter, once for each token"
BACK = "the owner brings it back (`tandem govern bring-back`)"
LOOKS = (
    "its first look an hour after the reason was last seen ends it, a keeper's or by `tandem remark`; what a "
    "venue lost, and what drained, is forgotten over a day"
)
LENT = "it ends with the look that finds margin lent, a keeper's or by `tandem remark`"
ANEW = (
    "of interest the owner says so (`tandem govern propose-growth`); else a guardian takes it down"
)


@click.command()
@chain_options
def doctor(rpc: str | None, deployment: Path | None, market: str | None, as_json: bool) -> None:
    """Check node, contracts, feeds, roles, oracle, surface, margin, key and journal.

    Exits with 1 when something fails; a warning is something to know before it fails. It only
    looks: a keeper at work is not disturbed.

    \b
    Examples:
      tandem doctor
      tandem doctor --rpc http://127.0.0.1:8545 --json
    """
    settings = load_settings(rpc=rpc, deployment=deployment, market=market)
    if deployment is not None:
        settings = with_records(settings, [deployment])
    lines = list(_of_all(settings))
    emit(as_json, [asdict(line) for line in lines], map(shown, lines))
    if any(line.state == FAIL for line in lines):
        raise SystemExit(EXIT_FAULT)


def _of_all(settings: Settings) -> Iterator[Line]:
    """Of one market, or of each that the settings name, under its name."""
    if not settings.markets:
        yield from examine(settings)
        return
    try:
        listed = kept(settings)
    except TandemError as error:
        yield Line(FAIL, "markets", error.message, error.hint)
        return
    for one in listed:
        yield from (
            replace(line, name=f"{one.name}: {line.name}") for line in examine(one.settings)
        )


def examine(settings: Settings) -> Iterator[Line]:
    """Every check, in an order in which the first failure explains those after it."""
    try:
        deployment = Deployment.load(record(settings))
        node = Node(settings.nodes, settings.rpc_timeout)
        began = time.monotonic()
        engine = RemoteEngine.over(node)
        took = (time.monotonic() - began) * 1_000
        yield Line(OK, "node", f"{node.shown} answers, {took:.0f} ms for three calls")
        yield from others(node, deployment.chain_id)
        check_chain(engine, deployment)
    except TandemError as error:
        yield Line(FAIL, "connection", error.message, error.hint)
        return
    yield Line(OK, "chain", f"{engine.chain_id}, as {deployment.name} is")
    yield clock(engine, settings)
    yield _code(engine, deployment)
    yield _outside(engine, deployment)
    bound = handles(engine, deployment)
    yield from agreement(node, bound)
    yield from _roles(settings, bound)
    yield _keeper(settings, engine, deployment)
    with engine.pinned():
        yield from _market(bound, deployment, engine.base_fee)
    yield from _account(settings, engine, deployment)
    yield from advice(settings.metrics, bound.market.address)


def _code(engine: RemoteEngine, deployment: Deployment) -> Line:
    findings = check_code(engine, deployment)
    faults = [f"{f.name} at {f.address}: {f.fault}" for f in findings if f.fault]
    if faults:
        todo = "run the sources of the release that was deployed, or name its own file"
        return Line(FAIL, "contracts", "; ".join(faults), todo)
    return Line(OK, "contracts", f"all {len(findings)} are what the sources here give")


def _outside(engine: RemoteEngine, deployment: Deployment) -> Line:
    findings = look_outside(engine, deployment)
    faults = [f"{f.name} {f.address}: {f.fault}" for f in findings if f.fault]
    if faults:
        todo = "margin goes by the venue; `watch` on ChainlinkSpot notes a feed that fails"
        if all(f.name == HISTORY for f in findings if f.fault):
            todo = "it comes back as seconds pass; a pool that keeps too few observations is given more"
        return Line(FAIL, "outside", "; ".join(faults), todo)
    return Line(OK, "outside", ", ".join(f.name for f in findings))


def _roles(settings: Settings, h: Handles) -> Iterator[Line]:
    owner = h.guardian.owner()
    yield Line(OK, "owner", f"{owner}; changes wait for the timelock")
    yield from _signers.lines(settings, h)


def _keeper(settings: Settings, engine: RemoteEngine, deployment: Deployment) -> Line:
    """Whether the policy, the forecaster and the surfaces' source that are named can be put together;
    surface keys have their own line."""
    table = settings.surface
    try:
        if table.keys is not None:
            surfaces_of(table, deployment.asset)
        keyless = {"surface": table.model_copy(update={"keys": None})}
        build(settings.model_copy(update=keyless), engine, deployment)
    except TandemError as error:
        return Line(FAIL, "keeper", error.message, error.hint)
    return Line(OK, "keeper", f"hedges by {settings.policy.name}")


def _venues(states: Sequence[venues.VenueState], asset: str) -> Iterator[Line]:
    """Tokens that carry a venue's debts and should not, or should and do not; and a venue that says more than
    our orders there come to (VS-8)."""
    for each in states:
        if said := venues.of_strays(each):
            yield Line(FAIL if each.blocking else WARN, "stray tokens", said, SETTLES)
        if said := venues.of_belief(each, asset):
            yield Line(WARN, "venue", said, ANEW)


def _market(h: Handles, deployment: Deployment, base_fee: int) -> Iterator[Line]:
    try:
        s = snapshot_of(h)
    except UnreadableError as error:
        yield Line(FAIL, "market", error.message, error.hint)
        return
    age = f"{usd(s.spot / WAD)}, {s.timestamp - s.spot_time} s old"
    if s.spot_fresh:
        yield Line(OK, "oracle", age)
        yield from price_lines(h, s)
    else:
        todo = "opens, closes and hedges wait for what is named below; settling and redeeming go on"
        yield Line(FAIL, "oracle", f"{age}: refused by the contracts", todo)
    if h.asset != ETHER and not h.ether_price(s.spot):
        todo = "bounties pay nothing until its feed answers; a keeper counts gas at its last price"
        yield Line(WARN, "ether", "what it costs is not known", todo)
    yield _surface(s)
    yield _gate(s)
    yield margin_line(s, lendable(h), h.asset)
    if s.is_venue_down:
        todo = f"{BACK}; LPs leave without its margin from three days on"
        yield Line(WARN, "hedge venue", "taken down by a guardian", todo)
    elif gone := several.down(deployment, s):
        todo = f"{BACK}, with its name; after three days LPs leave, and the others hold its hedge"
        yield Line(WARN, "hedge venue", f"{', '.join(gone)} taken down by a guardian", todo)
    yield from _venues(venues.states(deployment, h), h.asset)
    yield from _opens(s)
    yield from _bounty(bounty.offer(h, base_fee), s.timestamp, h.asset)
    for wait in waits(h, s):
        yield Line(WARN, wait.name, wait.found, wait.todo)
    good = s.floor >= 0
    yield Line(OK if good else FAIL, "floor", usd(s.floor / USD), "" if good else "report it")


def _opens(s: Snapshot) -> Iterator[Line]:
    """Where nobody comes in, what ends it."""
    if s.is_unmarked:
        todo = "a keeper marks the book, anybody may: `tandem remark`"
        yield Line(WARN, "opens", gate.UNMARKED, todo)
    elif s.is_tripped:
        todo = LENT if s.breaker.reasons == DISTRESS else LOOKS
        yield Line(WARN, "breaker", line(s.breaker, s.timestamp), todo)
    elif s.is_paused:
        todo = "the owner ends it: `tandem govern unpause`"
        yield Line(WARN, "opens", "paused by a guardian", todo)


def _bounty(due: Due | None, timestamp: int, asset: str) -> Iterator[Line]:
    """Where a bounty rises no more and the residual is still there, nobody hedges."""
    if due and due.time and timestamp >= due.time + bounty.RAMP_SECONDS:
        todo = "is a keeper running? Whoever rebalances through the bounty is paid"
        yield Line(WARN, "bounty", bounty.line(due, timestamp, asset), todo)


def _surface(s: Snapshot) -> Line:
    if not s.open_expiries:
        return Line(OK, "surface", "nothing is open that needs one")
    found = (
        f"the oldest slice is {s.surface_age} s old, {s.parameters['surface_age']} s are allowed"
    )
    todo = (
        "run a keeper with surface keys; until then nothing opens, and what is stale does not close for "
        "`exit_wait`"
    )
    return Line(OK, "surface", found) if s.surface_fresh else Line(FAIL, "surface", found, todo)


def _gate(s: Snapshot) -> Line:
    """GT-4: nothing opens without a mark of the last hour, near spot. Where nothing opens anyhow, none is
    needed."""
    if s.gate.is_fresh or s.is_paused or s.is_venue_down or not s.expiries:
        return Line(OK, "gate", gate.line(s))
    todo = "a keeper marks it while anything could be opened; is one running?"
    return Line(WARN, "gate", gate.line(s), todo)


def margin_line(s: Snapshot, lendable: int, asset: str) -> Line:
    """What the account has, and what becomes of what it lacks. lendable: token units, to any venue."""
    equity = usd(s.account.equity / WAD)
    if s.is_venue_down:
        return Line(OK, "margin", "counts for nothing while the venue is down")
    if not s.account_known:
        todo = "where that stays, a guardian takes the venue down that `tandem venues` shows"
        return Line(FAIL, "margin", "a venue does not say what its account is worth", todo)
    if s.account.bankrupt:
        todo = "a keeper tops up where the hedge is worth it; else the venue liquidates it"
        return Line(FAIL, "margin", f"{equity}: under water at the venue", todo)
    short = distress(s, lendable, asset)
    if short:
        todo = "a keeper lowers the hedge; anybody may: `tandem delever`"
        return Line(FAIL, "margin", f"{equity}: {short}", todo)
    if s.account.barred:
        todo = (
            "its losses keep margin from it (`tandem risk`): a keeper moves its hedge or lowers it"
        )
        lacks = usd(s.account.barred / USD)
        return Line(WARN, "margin", f"{equity}, of which one of several venues lacks {lacks}", todo)
    if s.account.top_up >= CRUMBS:
        todo = "a keeper tops up; anybody may: `tandem top-up`"
        return Line(WARN, "margin", f"{equity}, lacks {usd(s.account.top_up / USD)}", todo)
    return Line(OK, "margin", equity)


def _account(settings: Settings, engine: RemoteEngine, d: Deployment) -> Iterator[Line]:
    if settings.key is None:
        todo = "set TANDEM_KEY, or run under Silverback with an Ape account"
        yield Line(WARN, "key", "none: only a dry run is possible", todo)
        if settings.journal is not None:
            yield from pause_line(settings.journal)
        return
    signer = _attempt(lambda: signer_of(settings))
    if isinstance(signer, TandemError) or signer is None:
        yield Line(FAIL, "key", str(signer), "")
        return
    journal = journal_of(settings, d, signer.address)
    balance = engine.balance(signer.address)
    yield from purse_lines(settings.fees, signer.address, balance, journal, engine.base_fee)
    yield journal_line(journal, d.chain_id, signer.address)
    yield from pause_line(settings.journal_path(d.name, signer.address))


def _attempt(function: Callable[[], T]) -> T | TandemError:
    try:
        return function()
    except TandemError as error:
        return error
