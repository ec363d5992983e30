"""What a journal says of its transactions, and what blocks cost: for tests that compare it with the chain."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

GWEI = 10**9


def costs(market: Any, wei: int) -> None:
    """Gas, from the next block on."""
    market.engine.request("anvil_setNextBlockBaseFeePerGas", [hex(wei)])
    market.engine.request("evm_mine", [])


def blocks(market: Any, count: int) -> None:
    for _ in range(count):
        market.engine.request("evm_mine", [])


def left_out(settings: Path) -> None:
    """As if a block had come since that had nothing of what was signed: this node puts all in that it has."""
    with sqlite3.connect(settings / "journal.sqlite") as db:
        db.execute("UPDATE transactions SET after = 'an earlier one'")


def later(settings: Path, seconds: int) -> None:
    """As if so much time had passed since everything was signed."""
    with sqlite3.connect(settings / "journal.sqlite") as db:
        db.execute("UPDATE transactions SET signed_at = signed_at - ?", (seconds,))


def written(settings: Path) -> list[tuple[str, str, str, int | None]]:
    """Kind, hash, state and block of every transaction, by its nonce."""
    with sqlite3.connect(settings / "journal.sqlite") as db:
        return db.execute(
            "SELECT kind, hash, t.state, t.block FROM transactions t JOIN actions a ON a.id = action"
            " ORDER BY nonce, signed_at"
        ).fetchall()
