"""FAULTS 24: "corrupt: flip bytes", each by itself. Whatever a byte says, a journal is read, or it is named
and gives way to a new one; SQLite itself looks at how pages hang together, and not at what rows say."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from keeping_a_journal import ACCOUNT, came, signed

from keeper.cli.journal import journal as command
from keeper.journal import Journal, JournalError, read_entries
from keeper.journal_costs import read_paid, read_spent
from keeper.journal_file import DamagedError
from keeper.journal_rows import Wanted, glance, read_actions
from tandem.terminal.group import main

FLIPS = 120
READS: tuple[Callable[[Path], object], ...] = (
    glance,
    lambda path: read_entries(path, Wanted()),
    lambda path: read_actions(path, 9),
    lambda path: read_spent(path, 0, 99, "m"),
    lambda path: read_paid(path, 0.0),
    lambda path: CliRunner().invoke(command, ["--file", str(path)], catch_exceptions=False),
)


@pytest.fixture
def whole(path: Path) -> bytes:
    with closing(Journal(path, 31_337, ACCOUNT)) as held:
        for nonce in range(4):
            signed(held, nonce, f"0x{nonce:064x}")
        held.finished(f"0x{0:064x}", came(True, 21_000))
        held.genesis("0x01")
    return path.read_bytes()


def used(held: Journal) -> None:
    """As a keeper does in its first cycles."""
    held.genesis("0x01")
    held.unsigned_actions()
    held.given_up(0.0, 3, 0.0)
    for each in (*held.recent_attempts(0, 5), *held.open_attempts()):
        held.action(each.action)
        held.reopen(each.hash)
    held.paid_since(0.0)
    held.plan("post", (1,), "why", held.next_nonce())


@pytest.mark.parametrize("seed", range(3))
def test_no_byte_ends_a_reader_or_a_keeper_by_a_fault_without_a_name(
    path: Path, whole: bytes, seed: int
) -> None:
    """They were tracebacks, each start anew: a word that is no text, a state that is none, an index that
    knows no row."""
    random = Random(seed)
    places = [place for place, byte in enumerate(whole) if byte]
    for _ in range(FLIPS):
        place = random.choice(places)
        said = random.choice(
            (0, 0xFF, whole[place] ^ 1, whole[place] ^ 0x80, random.randrange(256))
        )
        for left in path.parent.iterdir():
            left.unlink()
        path.write_bytes(whole[:place] + bytes([said]) + whole[place + 1 :])
        for read in READS:
            with suppress(JournalError):
                read(path)
        with suppress(JournalError), closing(Journal(path, 31_337, ACCOUNT)) as held:
            used(held)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE transactions SET state = 'nined'",
        "UPDATE actions SET state = X'6d696e6564'",
        "UPDATE actions SET args = '[5'",
        "UPDATE actions SET args = '[[]]'",
        "UPDATE actions SET reason = CAST(X'ff' AS TEXT)",
        "UPDATE actions SET created_at = 'noon'",
        "UPDATE transactions SET raw = 'text'",
        "UPDATE transactions SET nonce = 'one'",
        "UPDATE transactions SET action = 99",
        "UPDATE meta SET version = 'six'",
    ],
)
def test_a_row_that_says_nonsense_is_a_damaged_journals(
    path: Path, whole: bytes, harm: str
) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(harm)
    before = path.read_bytes()
    with suppress(DamagedError):
        read_entries(path, Wanted())
    shown = CliRunner(mix_stderr=False).invoke(main, ["journal", "--file", str(path)])
    assert shown.exit_code in (0, 2)
    assert shown.exit_code == 0 or "moves it aside" in shown.stderr
    with closing(Journal(path, 31_337, ACCOUNT)) as anew:
        assert anew.damaged is not None
        assert anew.damaged.read_bytes() == before
        assert anew.recent() == []
        used(anew)
