"""Two local markets whose record goes to one file: who ends takes his own away, and not the other's."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from keeper.local import market as local
from keeper.local.market import LocalSettings, open_market
from keeper.local.prices import Walk
from tandem.files import write_file


@pytest.fixture
def _alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a chain: what two local markets write down is the same, to the letter."""
    record = SimpleNamespace(save=lambda path: write_file(path, "a market\n"))
    monkeypatch.setattr(local, "AnvilEngine", lambda *_, **__: nullcontext())
    monkeypatch.setattr(local, "_furnish", lambda *_: SimpleNamespace(deployment=record))


@pytest.mark.usefixtures("_alike")
def test_the_first_to_end_leaves_the_other_s_record(tmp_path: Path) -> None:
    """It took it: the other's keeper, started again, found no deployment."""
    file = tmp_path / "local.json"
    first: Any = open_market(LocalSettings(8_545, file), Walk(seed=1))
    second: Any = open_market(LocalSettings(9_545, file), Walk(seed=1))
    with second:
        pass
    assert not file.exists()
    first.__enter__()
    with open_market(LocalSettings(9_545, file), Walk(seed=1)):
        first.__exit__(None, None, None)
        assert file.exists()
    assert not file.exists()


@pytest.mark.usefixtures("_alike")
def test_a_record_that_somebody_removed_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "local.json"
    with open_market(LocalSettings(8_545, file), Walk(seed=1)):
        file.unlink()
