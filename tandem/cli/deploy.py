"""`tandem deploy`: plan, apply and verify a deployment."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import rich_click as click

from tandem.client.accounts import address_of
from tandem.connection import connect, signer_of
from tandem.engine.artifacts import ROOT
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError
from tandem.protocol import plan as plans
from tandem.protocol.access import accesses
from tandem.protocol.deployment import FOLDER, check_record
from tandem.protocol.rehearsal import check_arguments
from tandem.settings import Connection, load
from tandem.terminal.common import EXIT_FAULT, chain_options, emit, json_option, progress
from tandem.terminal.group import Group
from tandem.terminal.record import record

WHO = "deployer"
LOCAL_DEPLOYER = 6
"""Not one of the accounts that `tandem up` sends from: the addresses follow from its nonce."""
RECIPE = click.argument(
    "recipe", type=click.Path(path_type=Path), default=FOLDER / "local.toml", required=False
)


@click.group(cls=Group)
def deploy() -> None:
    """Deploy the whole system from deployments/<chain>.toml.

    \b
    Examples:
      tandem deploy plan
      tandem deploy apply deployments/local.toml
      tandem deploy verify
    """


def _engine(settings: Connection, deployer: str = "") -> tuple[RemoteEngine, str]:
    """The node, and who deploys: `deployer`, who need not have a key here where nothing is sent; else
    TANDEM_KEY's account, on a chain of one's own a test account."""
    if deployer:
        node = Node(settings.nodes, settings.rpc_timeout)
        return RemoteEngine(node.request, shared=True), address_of(deployer)
    signer = signer_of(settings)
    signers = {signer.address: signer.sign} if signer else {}
    engine = RemoteEngine(
        Node(settings.nodes, settings.rpc_timeout).request, signers=signers, shared=True
    )
    if signer is None and not engine.is_development:
        raise ConfigError(
            "there is no key to deploy with",
            "set TANDEM_KEY, or `ape run deploy --account ALIAS`; `plan` takes --deployer",
        )
    return engine, signer.address if signer else engine.accounts[LOCAL_DEPLOYER]


@deploy.command()
@RECIPE
@click.option("--rpc", help="A node of the chain.")
@click.option("--deployer", default="", help="Who will deploy: needs no key, for nothing is sent.")
@json_option
def plan(recipe: Path, rpc: str | None, deployer: str, as_json: bool) -> None:
    """Print the addresses and arguments that `apply` would give, and who may do what then. Sends nothing.

    Each address that the file names is asked what it is. Every constructor is run in a call first, so
    that arguments which one of them refuses are named here and not after minutes of transactions.

    \b
    Examples:
      tandem deploy plan
      tandem deploy plan deployments/arbitrum.toml --deployer 0x… --rpc http://127.0.0.1:8545
    """
    wanted = plans.load_recipe(recipe)
    engine, sender = _engine(load(Connection, rpc=rpc), deployer)
    items = plans.plan(engine, wanted, sender)
    check_arguments(engine, wanted, sender)
    access = list(accesses(engine, wanted, sender))
    lines = [f"deployer {sender} on chain {engine.chain_id}"]
    for item in items:
        lines += [f"{item.name:14} {item.address}", f"    {_args(item.args)}"]
    lines += ["", *(f"{a.role:10} {a.who} {a.kind:10} {a.may}" for a in access)]
    data = {
        "deployer": sender,
        "chain_id": engine.chain_id,
        "contracts": [asdict(item) for item in items],
        "access": [asdict(each) for each in access],
    }
    emit(as_json, data, lines)


def _args(args: tuple[Any, ...]) -> str:
    return ", ".join(str(a) for a in args) or "(no arguments)"


@deploy.command()
@RECIPE
@click.option("--rpc", help="A node of the chain.")
@click.option("--out", type=click.Path(path_type=Path), help="Instead of deployments/<name>.json.")
@click.option("--yes", is_flag=True, help="Deploy on a chain that is not your own.")
@click.option("--force", is_flag=True, help="Replace the file; what it said is kept beside it.")
@json_option
def apply(
    recipe: Path, rpc: str | None, out: Path | None, yes: bool, force: bool, as_json: bool
) -> None:
    """Deploy, and write down what stands where.

    \b
    Examples:
      tandem deploy apply
      TANDEM_KEY=0x… tandem deploy apply deployments/arbitrum.toml --yes
    """
    wanted = plans.load_recipe(recipe)
    engine, deployer = _engine(load(Connection, rpc=rpc))
    if not (engine.is_development or yes):
        raise ConfigError(
            f"chain {engine.chain_id} is not your own: this costs gas and is for good",
            "look at `tandem deploy plan` first, then pass --yes",
        )
    path = out or FOLDER / f"{wanted.name}.json"
    check_record(path, replace=force)
    check_arguments(engine, wanted, deployer)
    found = plans.apply(engine, wanted, deployer, progress)
    record(found, path)
    lines = [f"{name:14} {part.address}" for name, part in found.contracts.items()]
    emit(as_json, asdict(found), [*lines, f"written to {_relative(path)}"])


def _relative(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


@deploy.command()
@chain_options
def verify(rpc: str | None, deployment: Path | None, as_json: bool) -> None:
    """Check that every contract is what the sources and the written arguments give.

    Each is constructed again in a call that nobody sends; the code that this leaves must be the
    code at its address, immutables included. Then what the system rests on: its feeds must answer,
    the sequencer's among them on a rollup, and the venue's pool must remember as far back as the
    venue's average. Exits with 1 where one of these is not so.

    \b
    Examples:
      tandem deploy verify
      tandem deploy verify --deployment deployments/arbitrum.json --json
    """
    engine, found = connect(load(Connection, rpc=rpc, deployment=deployment))
    findings = plans.verify(engine, found) + plans.look_outside(engine, found)
    lines = [f"{'FAIL' if f.fault else 'ok':4} {f.name:14} {f.address} {f.fault}" for f in findings]
    emit(as_json, [asdict(f) for f in findings], lines)
    if any(f.fault for f in findings):
        raise SystemExit(EXIT_FAULT)
