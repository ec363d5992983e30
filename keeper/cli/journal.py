"""`tandem journal`: what the keeper meant to do, and what came of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import rich_click as click

from keeper.journal import Action, JournalError, glance, read_actions
from keeper.settings import JOURNALS, Settings, load_settings
from tandem.connection import record, signer_of
from tandem.errors import TandemError
from tandem.protocol.deployment import Deployment
from tandem.terminal.common import emit, json_option, table

WHO = "operator"


@click.command()
@click.option("--file", "path", type=click.Path(path_type=Path), help="This journal and no other.")
@click.option("--account", help="The keeper's address, where several kept this deployment.")
@click.option(
    "--deployment", type=click.Path(path_type=Path), help="What `tandem deploy apply` wrote."
)
@click.option("--market", help="Which one, of a deployment that has several.")
@click.option(
    "--last", default=20, show_default=True, type=click.IntRange(1, 10**6), help="How many actions."
)
@json_option
def journal(
    path: Path | None,
    account: str | None,
    deployment: Path | None,
    market: str | None,
    last: int,
    as_json: bool,
) -> None:
    """Show a keeper's latest actions, newest first. Works while it runs.

    The journal is TANDEM_JOURNAL's, else that of the deployment and of the account (TANDEM_KEY's
    where none is given). Where several would do, they are listed and none is shown.

    \b
    Examples:
      tandem journal --last 5
      tandem journal --account 0x90F79bf6EB2c4f870365E785982E1f101E93b906 --json
    """
    chosen = path or _choose(load_settings(deployment=deployment, market=market), account)
    actions = read_actions(chosen, last)
    whose = f"{chosen}, kept by {glance(chosen).account}"
    emit(as_json, [asdict(a) for a in actions], [whose, *table([HEAD, *map(_row, actions)])])


HEAD = ["action", "when", "state", "block", "why"]


def _row(a: Action) -> list[str]:
    time = datetime.fromtimestamp(a.created_at, UTC).strftime("%m-%d %H:%M:%S")
    note = f" ({a.note})" if a.note else ""
    return [f"{a.id} {a.kind}", time, a.state, str(a.block), a.reason + note]


def _choose(settings: Settings, account: str | None) -> Path:
    """The journal of this deployment and account. Raises JournalError where that is not one file."""
    if settings.journal is not None:
        return settings.journal
    if account is None:
        signer = signer_of(settings)
        account = signer.address if signer else None
    name = _name(settings)
    if name is not None and account is not None:
        return settings.journal_path(name, account)
    everyone = sorted(JOURNALS.glob("*.sqlite"))
    found = [file for file in everyone if name is not None and file.name.startswith(f"{name}-0x")]
    if len(found) == 1:
        return found[0]
    if not everyone:
        raise JournalError(f"there is no journal in {JOURNALS}", "`tandem run` writes one")
    listed = ", ".join(str(file) for file in found or everyone)
    raise JournalError(
        f"{len(found)} journals are of this deployment ({name or 'there is none'})",
        f"name one with --file, or its keeper with --account; there are {listed}",
    )


def _name(settings: Settings) -> str | None:
    """The deployment's name, None where there is no deployment."""
    try:
        return Deployment.load(record(settings)).name
    except TandemError:
        return None
