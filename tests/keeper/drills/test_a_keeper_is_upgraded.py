"""A journal of an earlier release, and one of a later: what may be done with each is what the page says."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from faults.ledgers import written

from keeper.execution import regained
from keeper.journal_file import INDICES, VERSION

Run = Callable[..., Result]


@pytest.fixture
def kept(tandem: Run, market: Any, settings: Path) -> Path:
    """The journal of a keeper that has sent something."""
    market.engine.advance(700)
    assert tandem("run", "--once").exit_code == 0
    return settings / "journal.sqlite"


def of(path: Path, version: int) -> None:
    """The file, as that release would have left it."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE meta SET version = ?", (version,))
        for line in INDICES.split(";") if version < VERSION else ():
            if line.strip():
                db.execute(f"DROP INDEX {line.split()[2]}")


def journal(tandem: Run, *command: str) -> dict[str, str]:
    found: dict[str, str] = next(
        each for each in json.loads(tandem(*command, "--json").stdout) if each["name"] == "journal"
    )
    return found


def test_before_an_upgrade_nothing_says_that_the_keeper_cannot_start(
    tandem: Run, kept: Path, settings: Path
) -> None:
    """ "whether a keeper can start with these": with a journal of the release before `config validate` and
    `doctor` ended with 1, and it could."""
    before = written(settings)
    of(kept, VERSION - 1)
    for command in (("config", "validate"), ("doctor",)):
        assert tandem(*command).exit_code == 0
        assert journal(tandem, *command)["state"] == "ok"
    assert tandem("run", "--once").exit_code == 0
    assert written(settings) == before
    assert tandem("journal").exit_code == 0


def test_who_has_to_go_back_is_told_how_and_counts_what_was_sent(
    tandem: Run, market: Any, kept: Path, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said that a new journal would not know what this one sent, and the chain does."""
    monkeypatch.setattr(regained, "DAY", 10**9)  # the node's clock is its own
    before = [row[1:] for row in written(settings)]
    of(kept, VERSION + 1)
    refused, nonce = tandem("run", "--once"), market.nonce()
    assert refused.exit_code == 2
    assert "which a later release writes" in refused.stderr
    assert "move the file away" in refused.stderr
    assert journal(tandem, "doctor")["state"] == "fail"
    for each in settings.glob("journal.sqlite*"):
        each.rename(settings / f"later-{each.name}")
    said = tandem("run", "--once")
    assert "sent before this journal began" in said.stderr
    assert [row[1:] for row in written(settings)] == before
    assert market.nonce() == nonce
