"""The user's folder for data, in which a process notes that it uses a key, cannot be written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from keeper import lease
from keeper.journal_lock import ELSEWHERE


def test_it_is_found_before_anything_starts_and_named(
    tandem: Callable[..., Result], market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keeper ended and said to place its journal elsewhere, which changes nothing; validate and doctor
    found nothing at all."""
    monkeypatch.setattr(lease, "LEASES", Path("/dev/null/tandem/leases"))
    ended = tandem("run", "--once")
    assert ended.exit_code == 2
    assert "XDG_DATA_HOME" in ended.stderr
    assert "TANDEM_JOURNAL" not in ended.stderr

    def found(*words: str) -> tuple[str, str]:
        lines = {line["name"]: line for line in json.loads(tandem(*words, "--json").stdout)}
        return lines["journal"]["state"], lines["journal"]["todo"]

    assert found("config", "validate") == ("fail", ELSEWHERE)
    assert found("doctor") == ("fail", ELSEWHERE)
    monkeypatch.delenv("TANDEM_JOURNAL")
    assert found("config", "validate") == ("fail", ELSEWHERE)
