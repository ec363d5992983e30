"""`tandem journal`: what the keeper meant to do, and what came of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import rich_click as click

from keeper.cli.common import emit, json_option, table
from keeper.engine.artifacts import ROOT
from keeper.journal import Action, JournalError, read_actions
from keeper.settings import load_settings


@click.command()
@click.option("--file", "path", type=click.Path(path_type=Path), help="Instead of the newest one.")
@click.option("--last", default=20, show_default=True, help="How many actions.")
@json_option
def journal(path: Path | None, last: int, as_json: bool) -> None:
    """Show the keeper's latest actions, newest first. Works while a keeper runs."""
    actions = read_actions(path or load_settings().journal or _newest(), last)
    emit(as_json, [asdict(a) for a in actions], table([HEAD, *map(_row, actions)]))


HEAD = ["action", "when", "state", "block", "why"]


def _row(a: Action) -> list[str]:
    time = datetime.fromtimestamp(a.created_at, UTC).strftime("%m-%d %H:%M:%S")
    note = f" ({a.note})" if a.note else ""
    return [f"{a.id} {a.kind}", time, a.state, str(a.block), a.reason + note]


def _newest() -> Path:
    folder = ROOT / "out" / "keeper"
    found = sorted(folder.glob("*.sqlite"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise JournalError(f"there is no journal in {folder}", "`tandem run` writes one")
    return found[-1]
