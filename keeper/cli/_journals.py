"""Which journal a command is about."""

from __future__ import annotations

from pathlib import Path

from keeper.journal import JournalError
from keeper.settings import JOURNALS, Settings
from tandem.connection import record, signer_of
from tandem.errors import TandemError
from tandem.protocol.deployment import Deployment


def choose(settings: Settings, account: str | None = None) -> Path:
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
