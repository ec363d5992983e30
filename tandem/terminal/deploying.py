"""A deployment from a file to a record, however often it is interrupted: for `tandem deploy apply` and for
`ape run deploy`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import rich_click as click

from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError
from tandem.protocol.applying import apply, check_begun
from tandem.protocol.costs import check_money, costs
from tandem.protocol.deploy_journal import Begun, Head, journal_of, read
from tandem.protocol.deployment import Deployment, check_record
from tandem.protocol.drill import Drill, Drilled, DrillError, for_a_drill
from tandem.protocol.outside import check_chain, check_outside
from tandem.protocol.recipe import Recipe
from tandem.protocol.rehearsal import rehearse
from tandem.protocol.verifying import verify
from tandem.terminal.common import progress
from tandem.terminal.record import record
from tandem.units import WAD


def carry_out(
    engine: RemoteEngine,
    recipe: Recipe,
    deployer: str,
    path: Path,
    *,
    replace: bool,
    said: Callable[[str], None],
) -> Deployment:
    """Check everything, deploy what does not stand yet, write the record to `path`, and let go of the
    journal. replace: a record that is there."""
    journal = journal_of(path, recipe.name)
    begun = read(journal)
    if begun is not None and _is_recorded(begun.head, path):
        journal.unlink()  # it had been carried out, and the process ended before this line
        begun = None
    check_record(path, replace=replace)
    check_chain(engine, recipe)
    check_outside(engine, recipe)
    _check_all(engine, recipe, deployer, begun)
    found = apply(engine, recipe, deployer, said, journal)
    record(found, path)
    journal.unlink(missing_ok=True)
    return found


def drilled(
    fork: RemoteEngine, recipe: Recipe, deployer: str, *, quiet: bool = False
) -> list[Drilled]:
    """Deploy on a fork with signers of ours, read it back, and use it. Raises ConfigError, DrillError."""
    wanted = for_a_drill(fork, recipe)
    fork.request("anvil_setBalance", [deployer, hex(1_000 * WAD)])
    fork.request("anvil_impersonateAccount", [deployer])
    found = apply(fork, wanted, deployer, (lambda _: None) if quiet else progress)
    faults = [f"{f.name}: {f.fault}" for f in verify(fork, found, wanted) if f.fault]
    if faults:
        raise DrillError(
            f"what was deployed is not as it must be: {'; '.join(faults)}", "report it"
        )
    if not quiet:
        click.echo(f"deployed and read back: {len(found.contracts)} contracts")
    return Drill(fork, found, (lambda _: None) if quiet else _say).run()


def _say(act: Drilled) -> None:
    click.echo(f"{act.act:10} {act.gas:>10,} gas  {act.said}")


def _is_recorded(begun: Head, path: Path) -> bool:
    """Whether the deployment of a journal is the one that the record describes."""
    if not path.is_file():
        return False
    try:
        was = Deployment.load(path)
    except ConfigError:
        return False
    return (was.chain_id, was.deployer, was.first) == (begun.chain_id, begun.deployer, begun.first)


def _check_all(engine: RemoteEngine, recipe: Recipe, deployer: str, begun: Begun | None) -> None:
    """Every constructor of what is not yet sent, and the deployer's money for it."""
    if begun is None:
        left = rehearse(engine, recipe, deployer)
    elif begun.head.deployer == deployer:
        check_begun(engine, recipe, begun)
        left = rehearse(engine, recipe, deployer, begun.head.first, begun.head.venue)
    else:
        return  # whose journal it is stops it in `apply`, by name
    check_money(engine, deployer, costs(engine, recipe, deployer, left))
