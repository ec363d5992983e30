"""What a journal says that acts have cost."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from keeping_a_journal import came, signed

from keeper.journal import Journal
from keeper.journal_costs import Spent, read_paid, read_spent
from keeper.journal_rows import MOST_PAID
from tandem.units import DAY, HOUR


def test_what_was_paid_is_added_up_by_when_it_was_signed(journal: Journal) -> None:
    """By block and hash, so that the same height on another fork is another block."""
    number = signed(journal, 3, "0xa")
    signed(journal, 4, "0xb")
    assert journal.paid_since(0) == 0
    journal.finished("0xa", came(True, 21_000))
    journal.finished("0xb", came(False, 1_000))
    assert journal.paid_since(0) == 7 * 22_000
    assert journal.paid_since(time.time() + 60) == 0
    (attempt,) = journal.attempts(number)
    assert came(True, 21_000).is_of(attempt)
    assert not came(True, 21_000, block=10).is_of(attempt)
    other = replace(came(True, 21_000), block_hash="0x" + "ff" * 32)
    assert not other.is_of(attempt)
    journal.reopen("0xa")
    assert journal.paid_since(0) == 7 * 1_000


def test_a_clock_that_was_a_year_ahead_spends_no_day_until_then(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was signed in that time counted as the last day's for a year, against its cap. An hour's or
    a day's step back hides nothing."""
    now = time.time()
    for nonce, ahead in enumerate((365 * DAY, HOUR, 0)):
        monkeypatch.setattr(time, "time", lambda ahead=ahead: now + ahead)
        signed(journal, nonce, f"0x{nonce}")
        journal.finished(f"0x{nonce}", came(True, 1_000))
    assert journal.paid_since(now - DAY) == 2 * 7 * 1_000
    monkeypatch.setattr(time, "time", lambda: now + 365 * DAY + HOUR)
    assert journal.paid_since(now + 364 * DAY) == 7 * 1_000


def test_what_was_paid_is_added_up_past_what_a_file_holds_in_one_number(
    journal: Journal, path: Path
) -> None:
    """9.22 ETH: a month's gas on a dear chain, and a day's by the word of a node that errs. It ended the
    keeper as often as it was started, and the report."""
    for nonce, hash_ in enumerate(("0xa", "0xb", "0xc")):
        signed(journal, nonce, hash_)
        journal.finished(hash_, replace(came(True, 21_000), paid=MOST_PAID - nonce))
    whole = 3 * MOST_PAID - 3
    assert journal.paid_since(0) == read_paid(path, 0) == whole
    assert read_spent(path, 0, 10, "") == [Spent("rebalance", 3, 63_000, whole)]
    assert read_paid(path, time.time() + 60) == 0


def test_what_acts_cost_is_told_by_kind_the_dearest_first(journal: Journal, path: Path) -> None:
    for nonce, (kind, gas) in enumerate((("post", 1), ("settle", 900), ("post", 2), ("sweep", 30))):
        number = journal.plan(kind, (), "test", 1)
        signed(journal, nonce, f"0x{nonce}", number)
        journal.finished(f"0x{nonce}", came(True, gas))
    assert read_spent(path, 0, 10, "") == [
        Spent("settle", 1, 900, 6_300), Spent("sweep", 1, 30, 210), Spent("post", 2, 3, 21),
    ]  # fmt: skip
