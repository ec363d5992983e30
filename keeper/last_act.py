"""When a key last did something in a market, by its journal: who begins knows of nothing before."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from keeper.journal_rows import State, Wanted, read_entries
from tandem.engine.log_pages import time_of
from tandem.engine.remote import RemoteEngine
from tandem.errors import EngineError


def last_act(engine: RemoteEngine, journal: Path, market: str, kind: str) -> int:
    """The time of the block on which the latest act of that kind was decided; 0 for none, or where the node
    keeps no such block."""
    wanted = Wanted(1, (kind,), (State.MINED, State.SENT), market=market)
    with suppress(EngineError):
        for each in read_entries(journal, wanted):
            return time_of(engine, each.action.block)
    return 0
