"""What a process leaves beside its journal is found by the next one, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from keeper.beside import leave, recalled


def test_what_is_left_is_recalled_and_nothing_where_nothing_was_left(tmp_path: Path) -> None:
    file = tmp_path / "a.told"
    assert recalled(file, float) == {}
    leave(file, {"a": 1.5, "b": 2.0})
    assert recalled(file, float) == {"a": 1.5, "b": 2.0}
    leave(file, {"usdc": "0x11"})
    assert recalled(file, str) == {"usdc": "0x11"}
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "text", ["", "[1]", '{"a": "b"}', "{", "[" * 100_000, '{"a": 1%s}' % ("0" * 400), '{"a": null}']
)
def test_what_cannot_be_read_whole_is_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.told").write_text(text)
    assert recalled(tmp_path / "a.told", float) == {}


def test_what_cannot_be_kept_ends_nobody(tmp_path: Path) -> None:
    (tmp_path / "no folder").write_text("")
    file = tmp_path / "no folder" / "a.told"
    leave(file, {"a": 1.0})
    assert recalled(file, float) == {}
