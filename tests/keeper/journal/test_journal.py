"""The journal outlives the process that writes it, and belongs to one."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from keeping_a_journal import ACCOUNT, came, signed

from keeper.journal import Journal, JournalError, Regained, State, read_actions
from keeper.journal_place import JournalAwayError


def test_an_action_is_read_back_as_it_was_planned(path: Path) -> None:
    held = Journal(path, 31_337, ACCOUNT)
    number = held.plan("settle", (2**200, -7), "why", 42)
    held.close()
    again = Journal(path, 31_337, ACCOUNT)
    (action,) = again.recent()
    assert (action.id, action.kind, action.args) == (number, "settle", (2**200, -7))
    assert (action.reason, action.block, action.state) == ("why", 42, State.PLANNED)
    assert [a.id for a in again.unsigned_actions()] == [number]
    again.close()


def test_states_follow_what_happened_to_the_transaction(journal: Journal) -> None:
    number = signed(journal, 3, "0xa")
    assert [a.hash for a in journal.open_attempts()] == ["0xa"]
    assert journal.unsigned_actions() == []
    journal.sent("0xa")
    assert journal.action(number).state is State.SENT
    journal.finished("0xa", came(True, 21_000))
    assert journal.action(number).state is State.MINED
    assert journal.open_attempts() == []
    (attempt,) = journal.attempts(number)
    assert (attempt.block, attempt.gas_used, attempt.raw) == (9, 21_000, b"raw")


def test_a_replacement_that_is_mined_replaces_the_original(journal: Journal) -> None:
    number = signed(journal, 3, "0xa")
    signed(journal, 3, "0xb", number)
    other = signed(journal, 4, "0xc")
    journal.finished("0xb", came(False, 1), "hedge: inside trigger")
    states = {a.hash: a.state for a in journal.attempts(number)}
    assert states == {"0xa": State.REPLACED, "0xb": State.REVERTED}
    assert journal.action(number).state is State.REVERTED
    assert journal.action(number).note == "hedge: inside trigger"
    assert journal.action(other).state is State.PLANNED


def test_a_dropped_attempt_does_not_drop_an_action_that_another_carries(journal: Journal) -> None:
    number = signed(journal, 3, "0xa")
    journal.sent("0xa")
    signed(journal, 3, "0xb", number)
    journal.dropped("0xb", "underpriced")
    assert journal.action(number).state is State.SENT
    journal.dropped("0xa", "nonce used")
    assert journal.action(number).state is State.DROPPED


def test_a_block_that_goes_away_opens_all_of_its_nonce(journal: Journal) -> None:
    number = signed(journal, 3, "0xa")
    signed(journal, 3, "0xb", number)
    journal.finished("0xa", came(True, 1))
    assert [a.hash for a in journal.recent_attempts(5, 4)] == ["0xa"]
    assert journal.recent_attempts(10, 4) == []
    assert [a.hash for a in journal.recent_attempts(10, 3)] == ["0xa"]
    journal.finished("0xa", replace(came(True, 1), seen=10))
    assert [a.hash for a in journal.recent_attempts(10, 4)] == ["0xa"]
    assert journal.recent_attempts(11, 4) == []
    journal.reopen("0xa")
    assert {a.hash for a in journal.open_attempts()} == {"0xa", "0xb"}
    assert journal.action(number).state is State.SENT


def test_what_is_found_on_the_chain_is_looked_at_again_like_all_else(journal: Journal) -> None:
    """A node that makes a receipt up says that its block is old: what counts is when it was found."""
    receipt = {"status": "0x1", "gasUsed": "0x5208", "blockNumber": "0x1", "blockHash": "0xb"}
    found = Regained("0xa", 3, b"raw", 2, 1, 0.0, receipt)
    journal.regain(found, "the chain has it", seen=10)
    assert [a.hash for a in journal.recent_attempts(10, 4)] == ["0xa"]
    assert journal.recent_attempts(11, 4) == []


def test_nonces_go_on_after_everything_that_may_have_an_effect(journal: Journal) -> None:
    assert journal.next_nonce() == 0
    signed(journal, 7, "0xa")
    assert journal.next_nonce() == 8
    journal.dropped("0xa", "refused")
    assert journal.next_nonce() == 0


def test_one_process_holds_a_journal(journal: Journal, path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from keeper.journal import Journal\n"
        f"Journal(Path(sys.argv[1]), 31337, {ACCOUNT!r})"
    )
    second = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False
    )
    assert second.returncode != 0
    assert f"another process ({os.getpid()}) holds the journal" in second.stderr


def test_a_journal_belongs_to_one_account_on_one_chain(path: Path) -> None:
    Journal(path, 31_337, ACCOUNT).close()
    for chain, account in ((42_161, ACCOUNT), (31_337, "0x" + "11" * 20)):
        with pytest.raises(JournalError, match="belongs to account"):
            Journal(path, chain, account)
    Journal(path, 31_337, ACCOUNT).close()


def test_reading_works_beside_a_keeper_that_writes(journal: Journal, path: Path) -> None:
    for place in range(5):
        journal.plan("post", (place,), "test", place)
    assert [a.args for a in read_actions(path, 2)] == [(4,), (3,)]


def test_a_damaged_file_is_named_and_nothing_else(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(JournalError, match="is no journal") as caught:
        Journal(path, 31_337, ACCOUNT)
    assert str(path) in caught.value.message
    assert "name another" in caught.value.hint
    with pytest.raises(JournalError, match="there is no journal"):
        read_actions(path.with_name("other.sqlite"), 1)


def test_a_folder_and_a_device_are_no_file(path: Path) -> None:
    for there in (path.parent.parent, Path("/dev/null")):
        with pytest.raises(JournalError, match="is no file") as caught:
            read_actions(there, 1)
        assert "name another" in caught.value.hint
    with pytest.raises(JournalError, match="is no file"):
        Journal(path.parent.parent, 31_337, ACCOUNT)


def test_a_locked_database_stops_the_writer_by_name(journal: Journal, path: Path) -> None:
    journal._db.execute("PRAGMA busy_timeout = 50")
    intruder = sqlite3.connect(path, isolation_level=None)
    intruder.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalAwayError, match="locked"):
        journal.plan("post", (), "test", 1)
    intruder.execute("ROLLBACK")
    intruder.close()
    assert journal.plan("post", (), "test", 1) == 1


def test_what_a_full_disk_took_no_room_for_is_written_once_there_is_some(
    journal: Journal, path: Path
) -> None:
    """Wherever in a change it is full, nothing of that is left, and the next one is whole."""
    db = vars(journal)["_db"]
    number = signed(journal, 0, "0xa")
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages}")
    held = journal.open_attempts()
    with pytest.raises(JournalAwayError, match="full"):
        journal.plan("settle", tuple(range(5_000)), "why", 1)
    db.execute("PRAGMA max_page_count = 100000")
    assert journal.plan("settle", tuple(range(5_000)), "why", 1) == number + 1
    assert journal.open_attempts() == held
    assert [a.args for a in read_actions(path, 1)] == [tuple(range(5_000))]


OLD = """
CREATE TABLE meta (version INTEGER, chain_id INTEGER, account TEXT);
CREATE TABLE actions (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, args TEXT NOT NULL, reason TEXT NOT NULL,
    block INTEGER NOT NULL, created_at REAL NOT NULL, state TEXT NOT NULL, note TEXT NOT NULL DEFAULT '');
CREATE TABLE transactions (hash TEXT PRIMARY KEY, action INTEGER NOT NULL, nonce INTEGER NOT NULL,
    raw BLOB NOT NULL, max_fee INTEGER NOT NULL, tip INTEGER NOT NULL, signed_at REAL NOT NULL,
    state TEXT NOT NULL, block INTEGER, gas_used INTEGER);
INSERT INTO actions VALUES (1, 'stamp', '[]', 'why', 7, 1.0, 'mined', '');
INSERT INTO transactions VALUES ('0xa', 1, 4, x'00', 5, 1, 1.0, 'mined', 7, 9);
"""


def test_a_journal_of_the_version_before_goes_on(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as old:
        old.executescript(OLD)
        old.execute("INSERT INTO meta VALUES (1, 31337, ?)", (ACCOUNT,))
        old.commit()
    with closing(Journal(path, 31_337, ACCOUNT)) as held:
        assert held.next_nonce() == 5
        assert [a.kind for a in held.recent()] == ["stamp"]
        (attempt,) = held.attempts(1)
        assert replace(came(True, 9, block=7), block_hash="0xff").is_of(
            attempt
        )  # nobody knew its hash
        assert held.genesis("0x01") == "0x01"
        assert not held.is_proved
    with closing(Journal(path, 31_337, ACCOUNT)) as again:
        assert again.genesis("0x02") == "0x01"
        assert again.genesis("0x01") == "0x01"
        assert again.is_proved


def test_what_a_start_was_told_of_the_chain_binds_nobody_before_something_is_signed(
    path: Path,
) -> None:
    """A node that shows another first block at the first start ended every later one."""
    with closing(Journal(path, 31_337, ACCOUNT)) as held:
        assert held.genesis("0x01") == "0x01"
    with closing(Journal(path, 31_337, ACCOUNT)) as held:
        assert held.genesis("0x02") == "0x02"
        assert held.is_proved
        signed(held, 0, "0xa")
        assert held.genesis("0x01") == "0x02"
        assert not held.is_proved


@pytest.mark.parametrize("harm", ["middle", "short"])
def test_a_file_that_cannot_be_read_is_kept_beside_a_new_one(path: Path, harm: str) -> None:
    """FAULTS 24: "corrupt"; nothing of it is lost, and nothing of it is believed."""
    with closing(Journal(path, 31_337, ACCOUNT)) as held:
        for nonce in range(400):
            signed(held, nonce, f"0x{nonce:064x}")
    whole = bytearray(path.read_bytes())
    if harm == "middle":
        whole[4_096:40_960] = b"\xff" * 36_864
    path.write_bytes(whole[:5_000] if harm == "short" else whole)
    before = path.read_bytes()
    with closing(Journal(path, 31_337, ACCOUNT)) as anew:
        assert anew.damaged is not None
        assert anew.damaged.read_bytes() == before
        assert anew.recent() == []
        assert anew.next_nonce() == 0
        signed(anew, 0, "0xa")
    with closing(Journal(path, 31_337, ACCOUNT)) as again:
        assert again.damaged is None
        assert len(again.open_attempts()) == 1
