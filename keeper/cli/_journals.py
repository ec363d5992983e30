"""Which journal a command is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from keeper import lease
from keeper.cli._nodes import FAIL, OK, WARN, Line
from keeper.journal import JournalError, glance
from keeper.journal_lock import holder
from keeper.pauses import Pauses, path_beside
from keeper.settings import JOURNALS, Settings
from tandem.connection import record, signer_of
from tandem.errors import TandemError
from tandem.files import check_file
from tandem.protocol.deployment import Deployment

OWN = "give each account and chain its own journal (TANDEM_JOURNAL)"


def choose(
    settings: Settings, account: str | None = None, *, own: bool = False, option: str = "--file"
) -> Path:
    """The journal of this deployment and account. own: its own place, though its key keeps several markets by
    one; option: by which a command takes one. Raises JournalError where that is not one file."""
    if settings.journal is not None:
        return settings.journal
    if account is None:
        signer = signer_of(settings)
        account = signer.address if signer else None
    found = _deployment(settings)
    name = found.name if found else None
    if found is not None and account is not None:
        shared = journal_of(settings, found, account)
        return settings.journal_path(found.name, account) if own else shared
    everyone = sorted(JOURNALS.glob("*.sqlite"))
    of_it = [file for file in everyone if name is not None and file.name.startswith(f"{name}-0x")]
    if len(of_it) == 1:
        return of_it[0]
    if not everyone:
        raise JournalError(f"there is no journal in {JOURNALS}", "`tandem run` writes one")
    listed = ", ".join(str(file) for file in of_it or everyone)
    raise JournalError(
        f"{len(of_it)} journals are of this deployment ({name or 'there is none'})",
        f"name one with {option}, or its keeper with --account; there are {listed}",
    )


def journal_of(settings: Settings, deployment: Deployment, account: str) -> Path:
    """Of a deployment's keeper: its own, or where there is none that of a key that keeps several markets."""
    own = settings.journal_path(deployment.name, account)
    shared = settings.shared_journal(deployment.chain_id, account)
    return shared if shared.exists() and not own.exists() else own


def _deployment(settings: Settings) -> Deployment | None:
    """None where there is none."""
    try:
        return Deployment.load(record(settings))
    except TandemError:
        return None


def journal_line(path: Path, chain_id: int, account: str) -> Line:
    """The journal that this key's keeper would hold, or holds."""
    try:
        lease.check()
        check_file(path.with_suffix(".lock"))
        if not path.exists():
            return Line(OK, "journal", f"{path} is begun by the first `tandem run`")
        seen = glance(path)
        if (seen.chain_id, seen.account) != (chain_id, account):
            raise JournalError(
                f"{path} belongs to account {seen.account} on chain {seen.chain_id}",
                OWN,
            )
    except TandemError as error:
        return Line(FAIL, "journal", error.message, error.hint)
    process = holder(path)
    held = f"held by process {process}" if process else "held by nobody"
    return Line(OK, "journal", f"{path}: {held}, {seen.open} transaction(s) open")


def set_line(settings: Settings) -> Line:
    """The journal that is set, before anything is asked: whether it can be written, and is this market's."""
    path = settings.journal
    deployment, account = _deployment(settings), None
    with suppress(TandemError):
        signer = signer_of(settings)
        account = signer.address if signer else None
    try:
        lease.check()
        if path is None:
            return Line(OK, "journal", f"in {JOURNALS}, one for each market and account")
        check_file(path)
        check_file(path.with_suffix(".lock"))
        if not path.exists():
            return Line(OK, "journal", f"{path} can be written")
        seen = glance(path)
    except TandemError as error:
        return Line(FAIL, "journal", error.message, error.hint)
    of = f"account {seen.account} on chain {seen.chain_id}"
    is_other = (deployment is not None and seen.chain_id != deployment.chain_id) or (
        account is not None and seen.account != account
    )
    if is_other:
        return Line(FAIL, "journal", f"{path} belongs to {of}", OWN)
    return Line(OK, "journal", f"{path}, of {of}")


def pause_line(journal: Path) -> Iterator[Line]:
    """What the operator stopped."""
    pauses = Pauses(path_beside(journal))
    if pauses.look() is None:
        return
    if pauses.fault:
        yield Line(FAIL, "pause", pauses.fault)
    else:
        yield Line(WARN, "pause", str(pauses.now), "`tandem pause --end` lets the keeper act again")
