"""`tandem journal`: what was done, what it cost, and the part of it that is asked for."""

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

from keeper.journal import Journal

Run = Callable[..., Result]


@pytest.fixture
def acts(tandem: Run, kept: None) -> list[dict[str, Any]]:
    """The same, as `--json` says it."""
    found = json.loads(tandem("journal", "--json").stdout)
    assert {"rebalance", "post"} <= {act["kind"] for act in found}
    return found


def test_each_act_has_its_transaction_and_what_that_cost(
    acts: list[dict[str, Any]], market: Any
) -> None:
    """Issue: "hash, nonce, gas, cost": as the chain has them."""
    for act in acts:
        receipt = market.engine.request("eth_getTransactionReceipt", [act["hash"]])
        sent = market.engine.request("eth_getTransactionByHash", [act["hash"]])
        gas, price = (int(receipt[name], 16) for name in ("gasUsed", "effectiveGasPrice"))
        assert (act["gas_used"], act["paid"]) == (gas, gas * price)
        assert act["nonce"] == int(sent["nonce"], 16)
        assert act["block"] == int(receipt["blockNumber"], 16) >= act["planned_block"] > 0
    assert sum(act["paid"] for act in acts) > 0


def test_what_is_asked_for_is_shown_and_no_more(tandem: Run, acts: list[dict[str, Any]]) -> None:
    def kinds(*flags: str) -> list[str]:
        return [act["kind"] for act in json.loads(tandem("journal", "--json", *flags).stdout)]

    everything = [act["kind"] for act in acts]
    assert kinds("--kind", "rebalance") == [k for k in everything if k == "rebalance"]
    assert kinds("--kind", "rebalance", "--kind", "post") == [
        k for k in everything if k in ("rebalance", "post")
    ]
    assert kinds("--state", "mined") == everything
    assert kinds("--state", "reverted") == []
    assert kinds("--since", "2000-01-01") == everything
    assert kinds("--since", "2999-01-01T12:00") == []
    assert kinds("--since", "24h") == everything
    assert kinds("--last", "1") == everything[:1]
    assert tandem("journal", "--kind", "juggle").exit_code == 2
    assert tandem("journal", "--csv", "--json").exit_code == 2


def test_a_table_of_ones_own(tandem: Run, acts: list[dict[str, Any]]) -> None:
    rows = list(csv.DictReader(io.StringIO(tandem("journal", "--csv").stdout)))
    assert [row["kind"] for row in rows] == [act["kind"] for act in acts]
    assert [int(row["paid"]) for row in rows] == [act["paid"] for act in acts]
    assert [row["args"].split() for row in rows] == [list(map(str, act["args"])) for act in acts]


def test_for_people_it_says_what_all_of_it_cost(tandem: Run, acts: list[dict[str, Any]]) -> None:
    said = tandem("journal").stdout
    head = " ".join(said.split())  # its lines are as wide as the terminal
    cost = re.search(r"these cost [\d.]+ ETH of gas\b", head)
    assert cost is not None
    assert cost.start() < min(head.index(act["hash"][:10]) for act in acts)
    for act in acts:
        assert act["hash"][:10] in said


def test_an_act_of_another_year_is_shown_as_one(
    tandem: Run, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A journal is kept for years: days of two of them looked alike."""
    monkeypatch.setattr(time, "time", lambda: 1_709_208_000.0)
    with closing(Journal(settings / "journal.sqlite", 31_337, "0x" + "ab" * 20)) as held:
        held.plan("settle", (), "due", 1)
    assert "2024-02-29 12:00:00" in " ".join(tandem("journal").stdout.split())


@pytest.mark.parametrize("asked", [("journal",), ("journal", "--csv"), ("run", "--once")])
def test_a_journal_of_a_later_release_is_refused_by_name(
    tandem: Run, settings: Path, asked: tuple[str, ...]
) -> None:
    """Half of what it says was told as all of it, and `tandem run` called it another account's, of which a
    new one is begun."""
    path = settings / "journal.sqlite"
    Journal(path, 31_337, "0x" + "ab" * 20).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE meta SET version = version + 1")
        db.commit()
    before = path.read_bytes()
    result = tandem(*asked)
    assert result.exit_code == 2
    assert "a later release writes" in " ".join(result.stderr.split())
    assert path.read_bytes() == before


def test_a_journal_of_the_version_before_says_what_to_do(tandem: Run, settings: Path) -> None:
    with closing(sqlite3.connect(settings / "journal.sqlite")) as old:
        old.execute("CREATE TABLE meta (version INTEGER, chain_id INTEGER, account TEXT)")
        old.execute("INSERT INTO meta VALUES (1, 31337, '0x')")
        old.commit()
    result = tandem("journal")
    assert result.exit_code == 2
    assert "of version 1" in result.stderr
    assert "`tandem run` brings it up to date" in result.stderr
