"""The page's History, and that it reads what `tandem index` keeps."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browsing import NODE, ROOT, Window
from earning import patiently

from keeper.index.reading import Reader
from keeper.index.store import stores
from tandem.client import Client
from tandem.protocol.deployment import Deployment
from tandem.protocol.happenings import by_place

TRADER, LP = 1, 6


@contextmanager
def indexing(window: Window, folder: Path) -> Iterator[str]:
    """The address of an index of the window's market."""
    command = [sys.executable, "-m", "tandem", "index", "--port", "0", "--json"]
    where = ["--db", str(folder / "index.sqlite"), "--origin", window.page, "--rpc", window.rpc]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
    with subprocess.Popen(
        [*command, *where, "--deployment", str(window.up.file)], cwd=ROOT, env=clean, text=True,
        stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        lines = "".join(iter(process.stdout.readline, "}\n")) + "}"
        try:
            yield json.loads(lines)["index"]
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def lived(window: Window) -> Window:
    """Somebody bought, sold a part of it back, and bought again."""
    accounts = window.engine.accounts
    trader = Client.connect(window.rpc, window.up.file, accounts[TRADER])
    patiently(trader.mint, "ATM-21D-C", "1")  # who used the market before may have moved its time
    trader.close("ATM-21D-C", "0.4")
    for size in ("0.3", "0.2", "0.7"):
        time.sleep(1.2)
        trader.mint("ATM-14D-P", size)
    lp = Client.connect(window.rpc, window.up.file, accounts[LP])
    lp.deposit("500")
    return window


@pytest.mark.long
def test_what_happened_is_told_from_logs_and_out_of_an_index(lived: Window, tmp_path: Path) -> None:
    with indexing(lived, tmp_path) as address:
        assert "fail 0" in lived.scenario("history", index=address)


@pytest.mark.long
def test_the_page_reads_what_the_index_keeps(lived: Window, tmp_path: Path) -> None:
    said = json.loads(lived.node("tests/past.ts", lived.rpc, str(lived.up.file)))
    record = Deployment.load(lived.up.file)
    store, _ = stores(str(tmp_path / "index.sqlite"), "compared")
    store.prepare()
    reader = Reader(lived.engine, store, by_place(record), record.block)
    assert reader.follow().tip.number >= said["block"]
    assert said["low"] <= record.block
    ours = store.ask(
        "SELECT e.block, e.log_index, b.hash, b.time, e.tx, e.address, e.topics, e.data, e.kind"
        " FROM tandem_index_events e JOIN tandem_index_blocks b ON b.number = e.block"
        " WHERE e.block <= ? ORDER BY e.block, e.log_index",
        (said["block"],),
    )
    theirs = [_row(each, said["kinds"]) for each in said["rows"]]
    assert theirs == [tuple(row) for row in ours]
    assert len(ours) > 10
    people = dict[str, set[str]]()
    for block, index, who in store.ask("SELECT block, log_index, account FROM tandem_index_people"):
        people.setdefault(f"{block}-{index}", set()).add(who)
    for place, named in said["people"].items():
        assert set(named) == people.get(place, set())


@pytest.mark.parametrize("scenario", ["words", pytest.param("omissions", marks=pytest.mark.live)])
def test_every_event_is_told_in_words_and_one_that_is_left_out_is_found(scenario: str) -> None:
    done = subprocess.run(
        [NODE, "--test", f"tests/{scenario}.ts"], cwd=ROOT / "app", text=True, capture_output=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def _row(row: dict[str, Any], kinds: dict[str, str]) -> tuple[Any, ...]:
    return (
        row["block"], row["index"], row["hash"], row["time"], row["tx"], row["address"],
        ",".join(row["topics"]), row["data"], kinds[f"{row['block']}-{row['index']}"],
    )  # fmt: skip
