"""Deploy Tandem through Ape: `ape run deploy --network arbitrum:mainnet:node --account ALIAS`.

Reads deployments/<chain>.toml and writes deployments/<chain>.json, or a record of each of its markets;
`tandem deploy verify` checks the result against the sources. On a local network nothing need be given.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from ape.cli import ConnectedProviderCommand, network_option
from ape.utils import ManagerAccessMixin

from tandem.engine.ape_chain import engine_of
from tandem.engine.artifacts import ROOT
from tandem.errors import ConfigError
from tandem.protocol.recipe import load_wanted
from tandem.terminal.deploying import carry_out_all, gas_option, place_of
from tandem.terminal.ending import orderly
from tandem.terminal.planning import planned_all

LOCAL_DEPLOYER = 5  # not the account that deploys a local venue, so that addresses are known before


@click.command(cls=ConnectedProviderCommand)
@network_option()
@click.option("--chain", default="local", help="deployments/<chain>.toml")
@click.option("--market", default="", help="Of a file with several, this one alone")
@click.option("--account", "alias", help="Ape account that deploys; a test account on local chains")
@click.option("--out", type=click.Path(path_type=Path), help="Instead of deployments/<chain>.json")
@click.option("--force", is_flag=True, help="Replace the file; what it said is kept beside it")
@gas_option
@click.option("--dry-run", is_flag=True, help="Print every transaction with its cost, send nothing")
@orderly(last=False)
def cli(
    provider: Any,
    chain: str,
    market: str,
    alias: str | None,
    out: Path | None,
    force: bool,
    most: Decimal,
    dry_run: bool,
) -> None:
    """Deploy the whole system and write down what stands where."""
    file = ROOT / "deployments" / f"{chain}.toml"
    recipes = load_wanted(file, market)
    known: Any = ManagerAccessMixin.account_manager  # pyright: ignore[reportFunctionMemberAccess]
    try:
        account: Any = known.load(alias) if alias else known.test_accounts[LOCAL_DEPLOYER]
    except KeyError as error:
        hint = "`ape accounts list` shows those it knows"
        raise ConfigError(f"Ape knows no account {alias!r}", hint) from error
    engine = engine_of(provider, account)
    if dry_run:
        click.echo("\n".join(planned_all(engine, recipes, account.address).lines))
        return
    asked = [(each, place_of(each, out)) for each in recipes]
    done = carry_out_all(engine, asked, account.address, replace=force, said=click.echo, most=most)
    for found, (_, path) in zip(done, asked, strict=True):
        for name, part in found.contracts.items():
            click.echo(f"{name:14} {part.address}")
        click.echo(f"written to {path}")
