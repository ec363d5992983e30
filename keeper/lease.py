"""One process sends with a key: two would take each other's nonces, whatever journals they have."""

from __future__ import annotations

from typing import IO

from keeper.journal_lock import ELSEWHERE, hold
from keeper.journal_place import JournalError
from keeper.settings import LEASES
from tandem.engine.remote import RemoteEngine
from tandem.errors import ConfigError, EngineError
from tandem.files import check_folder


def take(engine: RemoteEngine, account: str) -> IO[str]:
    """The lease of an account on a chain, until the file is closed. Raises JournalError where another process
    of this user has it."""
    name = "-".join(filter(None, (str(engine.chain_id), _instance(engine), account.lower())))
    return hold(LEASES / f"{name}.lease", f"the key of {account} on chain {engine.chain_id}")


def check() -> None:
    """Raises JournalError where no lease could be taken, whoever asks."""
    try:
        check_folder(LEASES)
    except ConfigError as error:
        raise JournalError(error.message, ELSEWHERE) from error


def _instance(engine: RemoteEngine) -> str:
    """Which of the chains of one's own it is, which share their number: anvil's name of it."""
    if not engine.is_development:
        return ""
    try:
        return str(engine.request("anvil_metadata", []).get("instanceId", ""))[2:18]
    except (EngineError, AttributeError):
        return ""
