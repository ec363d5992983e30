"""`tandem report` as it is typed: on a market that stands, with the keeper's journal beside it."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from keeper.report import kept as kept_logs
from tandem.engine.remote import RemoteEngine

Run = Callable[..., Result]
FIRST = "2000-01-01"


@pytest.mark.usefixtures("kept")
def test_causes_hedges_and_this_keepers_gas(tandem: Run) -> None:
    said = json.loads(tandem("report", "--since", FIRST, "--json").stdout)
    change = said["nav_end_usd"] - said["nav_start_usd"] - said["lp_flows_usd"]
    assert sum(said["pnl"].values()) == pytest.approx(change, abs=1e-6)
    assert said["nav_end_usd"] > 0
    assert (said["by"], said["complete"], said["trades"]) == ("states", True, 1)
    assert said["hedges"]["orders"] >= 1
    acts = json.loads(tandem("journal", "--json").stdout)
    spent = {each["kind"]: each["paid"] for each in said["gas"]}
    assert spent["rebalance"] == sum(a["paid"] for a in acts if a["kind"] == "rebalance") > 0
    assert sum(spent.values()) == sum(act["paid"] for act in acts)


@pytest.mark.usefixtures("kept")
def test_gas_is_that_of_this_market_though_its_key_keeps_others(
    tandem: Run, settings: Path, tmp_path: Path
) -> None:
    """One journal of a key, in which what it posted was for another market."""
    (journal,) = settings.rglob("*.sqlite")
    copy = tmp_path / "key.sqlite"
    with closing(sqlite3.connect(journal)) as db, closing(sqlite3.connect(copy)) as other:
        db.backup(other)
        moved = other.execute("UPDATE actions SET market = 'other' WHERE kind != 'rebalance'")
        other.commit()
        assert moved.rowcount > 0
    said = tandem("report", "--since", FIRST, "--journal", str(copy), "--json")
    assert [each["kind"] for each in json.loads(said.stdout)["gas"]] == ["rebalance"]


@pytest.mark.usefixtures("kept")
def test_a_line_for_each_day_and_a_page(tandem: Run, settings: Path) -> None:
    page = settings / "report.html"
    result = tandem("report", "--since", FIRST, "--csv", "--html", str(page))
    assert result.exit_code == 0
    (row, *_) = csv.DictReader(io.StringIO(result.stdout))
    assert {"day", "gamma", "residual", "borne_by_lps_usd"} <= row.keys()
    assert "What LPs of options on ETH earned" in page.read_text()
    said = tandem("report", "--since", FIRST).stdout
    assert "profit by cause" in said
    assert "gas of this keeper" in said


def test_a_page_that_cannot_be_written_loses_no_report(tandem: Run) -> None:
    """A disk that is full once minutes of reading are over."""
    result = tandem("report", "--since", FIRST, "--html", "/dev/full")
    assert result.exit_code == 2
    assert "cannot write /dev/full" in result.stderr
    assert "profit by cause" in result.stdout


def test_a_span_without_blocks_is_told_by_the_chains_own_clock_in_words(tandem: Run) -> None:
    result = tandem("report", "--since", "2999-01-01")
    assert re.search(r"the chain is at \d{4}-\d\d-\d\d \d\d:\d\d", result.stderr)


def test_without_a_journal_the_rest_is_told(
    tandem: Run, monkeypatch: pytest.MonkeyPatch, settings: Path
) -> None:
    monkeypatch.setenv("TANDEM_JOURNAL", str(settings / "none.sqlite"))
    said = tandem("report", "--since", FIRST)
    assert said.exit_code == 0
    assert "no journal is at hand" in said.stdout


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.write_bytes(b"Dear friend\n" * 99)])
def test_what_is_set_as_a_journal_and_is_none_is_named(
    tandem: Run, monkeypatch: pytest.MonkeyPatch, settings: Path, make: Callable[[Path], Any]
) -> None:
    """Of a folder it said that no journal is at hand, and to name one: it was named."""
    make(settings / "taken")
    monkeypatch.setenv("TANDEM_JOURNAL", str(settings / "taken"))
    for command in (
        ("report", "--since", FIRST),
        ("pause",),
        ("pause", "--for", "1h"),
        ("journal",),
    ):
        said = tandem(*command)
        assert said.exit_code == 2
        assert f"{settings / 'taken'} is no " in said.stderr
    assert not list(settings.rglob("*.pause"))


def test_how_long_ago_counts_from_the_chain_s_clock(
    tandem: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chain of a test, or one that is far behind, has another hour than this machine."""
    before = json.loads(tandem("report", "--since", "30m", "--json").stdout)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 10 * 86_400)
    after = json.loads(tandem("report", "--since", "30m", "--json").stdout)
    assert (after["since"], after["until"]) == (before["since"], before["until"])


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        (("--since", "soon"), "cannot read the time"),
        (("--since", "2999-01-01"), "no block of this market is in that span"),
        (("--since", "2026-01-02", "--until", "2026-01-01"), "the span ends before it begins"),
        (("--since", "1h", "--until", "2000-01-01"), "the span ends before it begins"),
        (("--csv", "--json"), "exclude each other"),
        (("--html", "/proc/none/x.html"), "/proc/none"),
        (("--since", FIRST, "--journal", "none.sqlite"), "there is no journal at none.sqlite"),
    ],
)
def test_what_cannot_be_is_named_before_anything_is_read(
    tandem: Run, flags: tuple[str, ...], word: str
) -> None:
    result = tandem("report", *flags)
    assert result.exit_code == 2
    assert word in result.stderr.replace("\n", " ")


@pytest.mark.usefixtures("kept")
def test_logs_are_kept_of_a_chain_that_lasts(
    tandem: Run, market: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a file of the chain's number and the market's address; of a node of one's own nothing is."""
    folder = tmp_path / "reports"
    monkeypatch.setattr(kept_logs, "FOLDER", folder)
    market.engine.request("anvil_mine", [hex(100)])
    said = tandem("report", "--since", FIRST, "--json").stdout
    assert not folder.exists()
    monkeypatch.setattr(RemoteEngine, "_is_by", lambda *_: False)
    for more in ((), (), ("--anew",)):
        assert tandem("report", "--since", FIRST, "--json", *more).stdout == said
    (file,) = folder.iterdir()
    assert file.name == f"31337-{market.tandem.market.address.lower()}.sqlite"
