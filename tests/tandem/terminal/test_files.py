"""Files are tried before the work, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tandem.errors import ConfigError
from tandem.files import check_file, check_folder, read_text, readable, write_file


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_can_be_written_is_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "er" / "file.txt"
    check_file(path)
    assert names(path.parent) == set()
    assert write_file(path, "word\n") == path
    assert path.read_text() == "word\n"
    assert names(path.parent) == {"file.txt"}


def test_two_that_write_one_file_at_once_both_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one number, as the first processes of two containers are, or two threads: the second was told that
    "File exists", and took what the first was writing away from it."""
    path, others = tmp_path / "file.txt", ["other"]

    def meanwhile(_: int) -> None:
        if others:
            assert write_file(path, others.pop()) == path
            check_file(path)

    monkeypatch.setattr(os, "fsync", meanwhile)
    assert write_file(path, "mine") == path
    assert path.read_text() == "mine"
    assert names(tmp_path) == {"file.txt"}


def test_looking_does_not_touch_what_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    check_file(path)
    assert path.read_text() == "old"
    assert names(tmp_path) == {"file.txt"}


@pytest.mark.parametrize("make", [check_file, lambda path: write_file(path, "x")])
def test_a_folder_is_no_file(tmp_path: Path, make: object) -> None:
    with pytest.raises(ConfigError, match="it is a folder"):
        make(tmp_path)  # type: ignore[operator]


@pytest.mark.parametrize("make", [check_file, check_folder, lambda path: write_file(path, "x")])
def test_nothing_lies_below_a_file(tmp_path: Path, make: object) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError) as caught:
        make(tmp_path / "file" / "below")  # type: ignore[operator]
    assert caught.value.hint


def test_who_named_a_file_for_a_folder_is_told_to_name_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="it is no folder") as caught:
        check_folder(tmp_path / "file")
    assert caught.value.hint.startswith("name a folder")


def test_a_folder_that_cannot_be_written_is_named_as_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", denied)
    with pytest.raises(ConfigError) as caught:
        check_folder(tmp_path)
    assert caught.value.message == f"cannot write {tmp_path}: Permission denied"
    assert caught.value.hint.startswith("name a folder")


def test_a_disk_that_fills_up_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old and whole")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left on device"):
        write_file(path, "new")
    assert path.read_text() == "old and whole"
    assert names(tmp_path) == {"file.txt"}


def test_a_full_device_is_named_and_stays_one(full_disk: Path) -> None:
    check_file(full_disk)  # it can be opened: only writing tells
    with pytest.raises(ConfigError, match="No space left on device"):
        write_file(full_disk, "x")
    assert full_disk.is_char_device()


def test_a_link_stays_one_and_its_target_is_written(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to(target)
    write_file(link, b"\x00")
    assert link.is_symlink()
    assert target.read_bytes() == b"\x00"


@pytest.mark.parametrize("read", [readable, read_text])
def test_a_folder_that_is_read_is_named_without_an_error_number(
    tmp_path: Path, read: object
) -> None:
    with pytest.raises(IsADirectoryError, match=r"^it is a folder$"):
        read(tmp_path)  # type: ignore[operator]
