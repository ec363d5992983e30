"""A journal to write in, and what is written in it: whatever a test wants of one."""

from __future__ import annotations

from keeper.journal import Journal, Outcome, State

ACCOUNT = "0x90F79bf6EB2c4f870365E785982E1f101E93b906"


def signed(journal: Journal, nonce: int, hash_: str, action: int | None = None) -> int:
    number = journal.plan("rebalance", (5,), "test", 1) if action is None else action
    journal.sign(number, hash_, nonce, b"raw", 100, 1)
    return number


def came(ok: bool, gas_used: int, block: int = 9) -> Outcome:
    """Of a receipt in that block."""
    return Outcome(
        State.MINED if ok else State.REVERTED, block, gas_used, f"0x{block:064x}", 7 * gas_used
    )
