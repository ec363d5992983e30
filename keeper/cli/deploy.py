"""`tandem deploy plan|apply|verify`: a system on a chain, from a file, checked against the sources."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import rich_click as click

from keeper.assembly import connect
from keeper.cli.common import EXIT_FAULT, chain_options, emit, json_option, settings_of
from keeper.engine.artifacts import ROOT
from keeper.engine.remote import RemoteEngine
from keeper.errors import ConfigError
from keeper.execution.node import Node
from keeper.execution.signers import Signer, from_key
from keeper.protocol import plan as plans
from keeper.protocol.deployment import FOLDER
from keeper.settings import Settings, load_settings

LOCAL_DEPLOYER = 5
RECIPE = click.argument(
    "recipe", type=click.Path(path_type=Path), default=FOLDER / "local.toml", required=False
)


@click.group()
def deploy() -> None:
    """Deploy the whole system from deployments/<chain>.toml."""


def _engine(settings: Settings) -> tuple[RemoteEngine, str]:
    """The node, and who deploys: TANDEM_KEY's account, on a chain of one's own a test account."""
    signer: Signer | None = from_key(settings.key.get_secret_value()) if settings.key else None
    signers = {signer.address: signer.sign} if signer else {}
    engine = RemoteEngine(Node(settings.nodes, settings.rpc_timeout).request, signers=signers)
    if signer is None and not engine.is_development:
        raise ConfigError(
            "there is no key to deploy with", "set TANDEM_KEY, or `ape run deploy --account ALIAS`"
        )
    return engine, signer.address if signer else engine.accounts[LOCAL_DEPLOYER]


@deploy.command()
@RECIPE
@click.option("--rpc", help="A node of the chain.")
@json_option
def plan(recipe: Path, rpc: str | None, as_json: bool) -> None:
    """Print the addresses and arguments that `apply` would give. Sends nothing."""
    engine, deployer = _engine(load_settings(rpc=rpc))
    items = plans.plan(engine, plans.load_recipe(recipe), deployer)
    lines = [f"deployer {deployer} on chain {engine.chain_id}"]
    for item in items:
        lines += [f"{item.name:14} {item.address}", f"    {_args(item.args)}"]
    emit(as_json, [asdict(item) for item in items], lines)


def _args(args: tuple[Any, ...]) -> str:
    return ", ".join(str(a) for a in args) or "(no arguments)"


@deploy.command()
@RECIPE
@click.option("--rpc", help="A node of the chain.")
@click.option("--out", type=click.Path(path_type=Path), help="Instead of deployments/<name>.json.")
@click.option("--yes", is_flag=True, help="Deploy on a chain that is not your own.")
@json_option
def apply(recipe: Path, rpc: str | None, out: Path | None, yes: bool, as_json: bool) -> None:
    """Deploy, and write down what stands where."""
    wanted = plans.load_recipe(recipe)
    engine, deployer = _engine(load_settings(rpc=rpc))
    if not (engine.is_development or yes):
        raise ConfigError(
            f"chain {engine.chain_id} is not your own: this costs gas and is for good",
            "look at `tandem deploy plan` first, then pass --yes",
        )
    path = out or FOLDER / f"{wanted.name}.json"
    found = plans.apply(engine, wanted, deployer, lambda text: click.echo(text, err=True))
    found.save(path)
    lines = [f"{name:14} {part.address}" for name, part in found.contracts.items()]
    emit(as_json, asdict(found), [*lines, f"written to {_relative(path)}"])


def _relative(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


@deploy.command()
@chain_options
def verify(rpc: str | None, deployment: Path | None, as_json: bool) -> None:
    """Check that every contract is what the sources and the written arguments give.

    Each is constructed again in a call that nobody sends; the code that this leaves must be the
    code at its address, immutables included. Exits with 1 where it is not.
    """
    engine, found = connect(settings_of(rpc, deployment))
    findings = plans.verify(engine, found)
    lines = [f"{'FAIL' if f.fault else 'ok':4} {f.name:14} {f.address} {f.fault}" for f in findings]
    emit(as_json, [asdict(f) for f in findings], lines)
    if any(f.fault for f in findings):
        raise SystemExit(EXIT_FAULT)
