"""Where the journal of a migration stands: beside the record, or where its user may write."""

from __future__ import annotations

from pathlib import Path

import pytest

from tandem.client.migration_journal import ENDING, Head, place_of

HEAD = Head(8453, "0x" + "a" * 40, "0x" + "b" * 40, "0x" + "c" * 40)


def unwritable(tmp_path: Path) -> Path:
    """A record in a place where nobody, not even root, can make a file."""
    (tmp_path / "no-folder").write_text("")
    return tmp_path / "no-folder" / "new.json"


def test_beside_the_record_where_that_can_be_written(tmp_path: Path) -> None:
    place = place_of(tmp_path / "new.json", HEAD, tmp_path / "data")
    assert place.parent == tmp_path
    assert place.name.endswith(ENDING)
    assert list(tmp_path.iterdir()) == []  # it was tried, and nothing of it stays


def test_among_the_users_own_data_where_it_cannot(tmp_path: Path) -> None:
    place = place_of(unwritable(tmp_path), HEAD, tmp_path / "data")
    assert place.is_relative_to(tmp_path / "data")
    assert place.name.startswith("8453.0xcccccccc.")


def test_it_is_gone_on_with_where_it_was_begun(tmp_path: Path) -> None:
    """Whether or not the other place can be written meanwhile."""
    record, data = tmp_path / "there" / "new.json", tmp_path / "data"
    begun = place_of(unwritable(tmp_path), HEAD, data)
    begun.parent.mkdir(parents=True)
    begun.write_text("{}\n")
    assert place_of(record, HEAD, data) == begun
    begun.unlink()
    beside = place_of(record, HEAD, data)
    assert beside.parent == record.parent


@pytest.mark.parametrize(
    "other",
    [
        Head(10, HEAD.account, HEAD.old, HEAD.new),
        Head(HEAD.chain_id, HEAD.account, HEAD.old, "0x" + "d" * 40),
        Head(HEAD.chain_id, HEAD.account, "0x" + "d" * 40, HEAD.new),
        Head(HEAD.chain_id, "0x" + "d" * 40, HEAD.old, HEAD.new),
    ],
)
def test_each_migration_has_one_of_its_own_there(tmp_path: Path, other: Head) -> None:
    record, data = unwritable(tmp_path), tmp_path / "data"
    assert place_of(record, HEAD, data) != place_of(record, other, data)
