"""A journal that a disk or a hand damaged is kept beside a new one; what never was one is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from keeper.journal import Journal, JournalError

ACCOUNT = "0x" + "22" * 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keeper" / "journal.sqlite"


@pytest.mark.parametrize("lost", [range(16), range(100), range(16, 60), range(49_152)])
@pytest.mark.parametrize("left", [0, 0xFF])
def test_a_journal_that_lost_its_first_bytes_is_kept_beside(
    path: Path, lost: range, left: int
) -> None:
    """It was refused for ever with "is no journal", as somebody's letters are: what it is stands in the bytes
    after those too. Of one that is all zeros nothing is lost."""
    Journal(path, 31_337, ACCOUNT).close()
    good = bytearray(path.read_bytes())
    for place in lost:
        good[place : place + 1] = bytes([left])
    path.write_bytes(good)
    if left and len(lost) == len(good):
        with pytest.raises(JournalError, match="is no journal"):
            Journal(path, 31_337, ACCOUNT)
        return
    begun = Journal(path, 31_337, ACCOUNT)
    assert begun.damaged is not None
    assert begun.damaged.read_bytes() == good
    begun.close()


def test_what_was_never_a_journal_stays_where_it_is(path: Path) -> None:
    path.parent.mkdir(parents=True)
    for letters in (
        b"Dear friend\n" * 9_000,
        bytes(70_000) + b"Dear friend",
        b"\0" * 10 + b"x" * 200,
    ):
        path.write_bytes(letters)
        with pytest.raises(JournalError, match="is no journal"):
            Journal(path, 31_337, ACCOUNT)
        assert path.read_bytes() == letters
