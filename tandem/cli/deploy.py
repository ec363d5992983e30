"""`tandem deploy`: plan, apply and verify a deployment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import rich_click as click

from tandem.client.accounts import address_of
from tandem.connection import connect, record, records, signer_of
from tandem.engine.artifacts import ROOT
from tandem.engine.base import ACCOUNTS
from tandem.engine.fork import forked
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError
from tandem.protocol import verifying
from tandem.protocol.deployment import FOLDER, Deployment
from tandem.protocol.finding import Finding
from tandem.protocol.outside import check_chain, check_outside
from tandem.protocol.recipe import Recipe, load_recipe, load_wanted
from tandem.protocol.reviewing import reviewed
from tandem.protocol.sources import write_sources
from tandem.settings import Connection, load
from tandem.terminal.common import Place, chain_options, emit, json_option, pairs, progress
from tandem.terminal.deploying import carry_out_all, drilled, gas_option, place_of
from tandem.terminal.ending import EXIT_FAULT
from tandem.terminal.group import Group
from tandem.terminal.migrating import lead
from tandem.terminal.planning import planned_all
from tandem.terminal.verbs import How, writing

F = TypeVar("F", bound=Callable[..., Any])

WHO = "deployer"
LOCAL_DEPLOYER = 6
"""Not one of the accounts that `tandem up` sends from: the addresses follow from its nonce."""
LOCAL_WHO = ACCOUNTS[LOCAL_DEPLOYER]
RECIPE = click.argument("recipe", type=Place(), default=FOLDER / "local.toml", required=False)
ONE_MARKET = click.option("--market", help="Of a file with several, this one alone.")


def looking(function: F) -> F:
    """The options of what sends nothing: the file, one of its markets, a node, who will deploy, --json."""
    for option in (
        json_option,
        click.option(
            "--deployer", default="", help="Who will deploy: needs no key, for nothing is sent."
        ),
        click.option("--rpc", help="A node of the chain."),
        ONE_MARKET,
        RECIPE,
    ):
        function = option(function)
    return function


@click.group(cls=Group)
def deploy() -> None:
    """Deploy the whole system from deployments/<chain>.toml.

    \b
    Examples:
      tandem deploy plan
      tandem deploy apply deployments/local.toml
      tandem deploy verify
    """


def _engine(settings: Connection, wanted: Recipe, deployer: str = "") -> tuple[RemoteEngine, str]:
    """A node of the file's chain, and who deploys: `deployer`, who need not have a key here where nothing is
    sent; else TANDEM_KEY's account, on a chain of one's own a test account. Raises ConfigError."""
    node = _node(settings, wanted)
    if deployer:
        return RemoteEngine(node.request, shared=True), address_of(deployer)
    signer = signer_of(settings)
    signers = {signer.address: signer.sign} if signer else {}
    engine = RemoteEngine(node.request, signers=signers, shared=True)
    if signer is None and not engine.is_development:
        raise ConfigError(
            "there is no key to deploy with",
            "set TANDEM_KEY, or `ape run deploy --account ALIAS`; `plan` takes --deployer",
        )
    return engine, signer.address if signer else engine.accounts[LOCAL_DEPLOYER]


def _node(settings: Connection, wanted: Recipe) -> Node:
    """Nodes of the file's chain: one of another chain never serves, whichever dies. Raises ConfigError where
    the first that answers is one."""
    first = Node(settings.nodes, settings.rpc_timeout)
    check_chain(RemoteEngine(first.request, shared=True), wanted)
    first.close()
    return Node(settings.nodes, settings.rpc_timeout, wanted.chain_id)


@deploy.command()
@looking
def plan(recipe: Path, market: str | None, rpc: str | None, deployer: str, as_json: bool) -> None:
    """Print every transaction of `apply` with what it costs, and who may do what then. Sends nothing.

    Each address that the file names is asked what it is. Every constructor is run in a call first, so
    that arguments which one of them refuses are named here and not after minutes of transactions. What
    a rollup takes for data is asked of its own fee contract. Of a file with several markets each begins
    with the number after the last one's.

    \b
    Examples:
      tandem deploy plan
      tandem deploy plan deployments/arbitrum.toml --deployer 0x… --rpc http://127.0.0.1:8545
      tandem deploy plan deployments/arbitrum.toml --market eth --deployer 0x…
    """
    wanted = load_wanted(recipe, market or "")
    engine, sender = _engine(load(Connection, rpc=rpc), wanted[0], deployer)
    found = planned_all(engine, wanted, sender)
    emit(as_json, found.data, found.lines)


@deploy.command()
@RECIPE
@ONE_MARKET
@click.option("--rpc", help="A node of the chain.")
@click.option("--out", type=Place(), help="Instead of deployments/<name>.json.")
@click.option("--yes", is_flag=True, help="Deploy on a chain that is not your own.")
@click.option("--force", is_flag=True, help="Replace the file; what it said is kept beside it.")
@gas_option
@json_option
def apply(
    recipe: Path,
    market: str | None,
    rpc: str | None,
    out: Path | None,
    yes: bool,
    force: bool,
    most: Decimal,
    as_json: bool,
) -> None:
    """Deploy, and write down what stands where.

    What is about to be sent is written to a journal first, beside the file. If the process ends in
    between, the same command goes on where it stopped: nothing is sent twice, and the addresses stay. It
    stops where the deployer sent anything else meanwhile. Of a file with several markets each has its record
    and its journal, deployments/<name>-<market>.json; what stands already is left as it is while another
    does not.

    \b
    Examples:
      tandem deploy apply
      TANDEM_KEY=0x… tandem deploy apply deployments/arbitrum.toml --yes
    """
    wanted = load_wanted(recipe, market or "")
    engine, deployer = _engine(load(Connection, rpc=rpc), wanted[0])
    if not (engine.is_development or yes):
        raise ConfigError(
            f"chain {engine.chain_id} is not your own: this costs gas and is for good",
            "look at `tandem deploy plan` first, then pass --yes",
        )
    asked = [(each, place_of(each, out)) for each in wanted]
    done = carry_out_all(engine, asked, deployer, replace=force, said=progress, most=most)
    lines: list[str] = []
    for found, (_, path) in zip(done, asked, strict=True):
        lines += [f"{name:14} {part.address}" for name, part in found.contracts.items()]
        lines.append(f"written to {_relative(path)}")
    markets = {each.market: asdict(found) for each, found in zip(wanted, done, strict=True)}
    emit(as_json, asdict(done[0]) if len(done) == 1 else {"markets": markets}, lines)


def _relative(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


@deploy.command()
@chain_options
@click.option("--recipe", type=Place(), help="The reviewed file that it must fit.")
def verify(
    rpc: str | None,
    deployment: Path | None,
    market: str | None,
    recipe: Path | None,
    as_json: bool,
) -> None:
    """Read a deployment back, all of it at one block.

    Each contract is constructed again in a call that nobody sends; the code that this leaves must be the
    code at its address, immutables included. The parameters, what is queued of them, every role's members
    and offers, the feeds, the venue's addresses and its pool's memory are read from the chain. All of it
    is held to the file that was reviewed: --recipe, or the one of the deployment's name beside it on a chain
    of others, where that there is none is a fault; on your own without one to what `apply` wrote down. Of
    several markets all are read, or the one of --market. Exits with 1 where anything differs.

    \b
    Examples:
      tandem deploy verify
      tandem deploy verify --deployment deployments/arbitrum.json --recipe deployments/arbitrum.toml
    """
    settings = load(Connection, rpc=rpc, deployment=deployment, market=market)
    places = records(settings)
    findings: dict[str, list[Finding]] = {}
    lines: list[str] = []
    for place in places:
        engine, found = connect(settings, place)
        findings[found.name] = verifying.verify(engine, found, reviewed(recipe, place, found))
        lines += [f"[{found.name}]"] if len(places) > 1 else []
        lines += pairs(
            (f"{_word(f):4} {f.name}", f"{f.address} {f.fault or f.note}".strip())
            for f in findings[found.name]
        )
    data = {name: [asdict(f) for f in each] for name, each in findings.items()}
    emit(as_json, data if len(places) > 1 else next(iter(data.values())), lines)
    if any(f.fault for each in findings.values() for f in each):
        raise SystemExit(EXIT_FAULT)


def _word(found: Finding) -> str:
    return "FAIL" if found.fault else "warn" if found.note else "ok"


@deploy.command()
@chain_options
@click.option(
    "--out",
    type=Place(),
    default=Path("out/sources"),
    help="A folder for the files.",
)
def sources(
    rpc: str | None, deployment: Path | None, market: str | None, out: Path, as_json: bool
) -> None:
    """Write what a block explorer takes to verify each contract: standard JSON, and its arguments.

    Each file is compiled again as it was written, and must give what was deployed: some minutes in all. Asks
    no node.

    \b
    Examples:
      tandem deploy sources --deployment deployments/arbitrum.json --market eth --out sources
    """
    settings = load(Connection, rpc=rpc, deployment=deployment, market=market)
    found = Deployment.load(record(settings))
    written = write_sources(found, out, progress)
    lines = [
        f"{s.address} {s.contract} (vyper {s.compiler})\n    {s.input}\n    {s.arguments or '(no arguments)'}"
        for s in written
    ]
    emit(as_json, [asdict(s) for s in written], lines)


@deploy.command()
@looking
def rehearse(
    recipe: Path, market: str | None, rpc: str | None, deployer: str, as_json: bool
) -> None:
    """Deploy on a fork of the chain, read it back, and use it: deposit, mint, rebalance, close.

    The fork is on this machine, and nothing reaches the chain. The venue, its pool, the quote token, owner,
    guardian and lister are the chain's; the signers, the people and, once the real one was read, the feed
    are the rehearsal's own. Of a file with several markets it is the one of --market. Exits with 2 at the
    first act that is refused, and says why.

    \b
    Examples:
      tandem deploy rehearse
      tandem deploy rehearse deployments/base.toml --market btc --rpc https://…
    """
    wanted, settings = load_recipe(recipe, market or ""), load(Connection, rpc=rpc)
    engine, who = _engine(settings, wanted, deployer or LOCAL_WHO)
    check_outside(engine, wanted, who)
    with forked(settings.nodes, settings.rpc_timeout, wanted.chain_id) as fork:
        done = drilled(fork, wanted, who, quiet=as_json)
    emit(as_json, [asdict(each) for each in done], ["nothing was sent to the chain"])


@deploy.command()
@click.option(
    "--to",
    "new",
    type=Place(),
    required=True,
    help="The next deployment's file.",
)
@writing
def migrate(new: Path, how: How) -> None:
    """Lead an account from a deployment (--deployment) to the next one (--to).

    A lister lists there what is listed here; then a guardian stops opens and deposits here; an LP asks to
    leave here, claims when his epoch was processed, and deposits there what he claimed, to the token unit.
    Options stay where they are until they are closed or redeemed, and the keeper keeps their hedge: let it
    keep both, and signers sign for both. What is due now is shown and sent with --yes, and what follows it;
    run it again when the rest is due. Nothing is done twice: what is sent is written beside the new one's
    file first, or among your own data where that folder cannot be written, into a journal that stays there.

    \b
    Examples:
      tandem deploy migrate --deployment deployments/old.json --to deployments/new.json
      tandem deploy migrate --deployment old.json --to new.json --account lp --yes
    """
    lead(how, new)
