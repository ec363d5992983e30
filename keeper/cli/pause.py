"""`tandem pause`: stop a keeper from acting, without ending it."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import rich_click as click

from keeper import pauses
from keeper.cli._journals import choose
from keeper.cli._times import Length
from keeper.journal import JournalError
from keeper.journal_lock import holder
from keeper.journal_place import check_place, is_journal
from keeper.pauses import MOST_REASON, Pause, PauseError
from keeper.settings import load_settings
from tandem.errors import ConfigError
from tandem.terminal.common import Place, emit, json_option, told

WHO = "operator"


@click.command()
@click.option(
    "--for", "seconds", type=Length(), help="So long, as 30m or 2h.  [default: until --end]"
)
@click.option("--only", metavar="KIND,...", help="These kinds of acts alone, as rebalance,post.")
@click.option("--all", "everything", is_flag=True, help="Settling and margin too.")
@click.option("--reason", default="", help="Why; whoever looks is told.")
@click.option("--end", "ends", is_flag=True, help="Let it act again.")
@click.option("--journal", "path", type=Place(), help="Of the keeper with this one.")
@click.option("--account", help="The keeper's address, where several kept this deployment.")
@click.option("--deployment", type=Place(), help="What `tandem deploy apply` wrote.")
@click.option("--market", help="Which one, of a deployment that has several.")
@json_option
def pause(
    seconds: float | None,
    only: str | None,
    everything: bool,
    reason: str,
    ends: bool,
    path: Path | None,
    account: str | None,
    deployment: Path | None,
    market: str | None,
    as_json: bool,
) -> None:
    """Stop a keeper from acting while it runs on, wholly or by kind; without an option, show what holds.

    It is written beside the journal: a keeper that runs sees it in its next cycle, one that is started
    again finds it. Settling, margin top-ups and lowering a hedge that lacks margin go on unless --all or
    --only names them: holders wait for the first, and for want of the others the venue liquidates. What
    was sent is looked after whatever is paused. --only rebalance stops bounties too.

    \b
    Examples:
      tandem pause --for 2h --reason upgrade
      tandem pause --only rebalance,post
      tandem pause --end
    """
    begins = seconds is not None or only is not None or everything or bool(reason)
    if ends and begins:
        raise ConfigError(
            "--end goes with no other option of a pause", "end it, then begin another"
        )
    if only is not None and everything:
        raise ConfigError("--only and --all exclude each other", "give one of the two")
    if len(reason) > MOST_REASON or not reason.isprintable():
        raise ConfigError("the reason is no short line", f"write up to {MOST_REASON} characters")
    settings = load_settings(deployment=deployment, market=market)
    journal = path or choose(settings, account, own=True, option="--journal")
    check_place(journal)
    file = pauses.path_beside(journal)
    if path or account:
        _check_kept(path or choose(settings, account), journal, file)
    if ends:
        pauses.end(file)
    elif begins:
        named = [each.strip() for each in (only or "").split(",") if each.strip()]
        if only is not None and not named:
            raise PauseError("--only names nothing", "write --only rebalance,post")
        now = time.time()
        until = None if seconds is None else now + seconds
        kinds = pauses.chosen(named, everything=everything)
        pauses.begin(file, Pause(kinds, now, until, reason))
    _show(file, journal, as_json=as_json)


def _check_kept(found: Path, own: Path, file: Path) -> None:
    """Whoever misspells a journal or an account must not believe that a keeper is paused, or that none is.
    file: that a pause is written to, which may outlive its journal."""
    if not (is_journal(found) or is_journal(own) or file.is_file()):
        raise JournalError(
            f"there is no journal at {found}: no keeper is paused by it, or goes on",
            "name that of a keeper with --journal or --account; `tandem run` writes one",
        )


def _show(file: Path, journal: Path, *, as_json: bool) -> None:
    """What holds now."""
    found = pauses.read(file)
    held = found is not None and not found.is_over(time.time())
    process = holder(journal)
    who = f"process {process} keeps it" if process else "nobody keeps it now"
    data: dict[str, Any] = {"paused": held, "keeper": process, "file": str(file)}
    data |= asdict(found) if found and held else {}
    state = told("", str(found)) if held else ["nothing is paused"]
    emit(as_json, data, [*state, *told("", f"{journal}: {who}")])
