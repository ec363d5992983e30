"""A journal of an account's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from keeping_a_journal import ACCOUNT

from keeper.journal import Journal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keeper" / "journal.sqlite"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    held = Journal(path, 31_337, ACCOUNT)
    yield held
    held.close()
