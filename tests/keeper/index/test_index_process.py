"""`tandem index` as a process: it answers many at once, ends soon when told, and goes on where it was."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lived_in import Market

from index.conftest import Index
from keeper.sharing import connector

ROOT = Path(__file__).resolve().parents[3]
READERS = 100


@contextmanager
def indexing(market: Market, db: str, *options: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The process, and the port that it answers at."""
    command = [sys.executable, "-m", "tandem", "index", "--port", "0", "--json", "--db", db]
    where = ["--rpc", market.url, "--deployment", str(market.file)]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
    with subprocess.Popen(
        [*command, *where, *options], cwd=ROOT, env=clean, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        lines = "".join(iter(process.stdout.readline, "}\n")) + "}"
        try:
            address = urlsplit(json.loads(lines)["index"])
            assert address.port is not None
            yield process, address.port
        finally:
            process.kill()


def asked(port: int, path: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def waited(port: int, block: int) -> dict[str, Any]:
    """Until it is as far as this block."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        status, said = asked(port, "/health")
        if status == 200 and said["block"] >= block:
            return said
        time.sleep(0.05)
    raise AssertionError(f"it is not at {block}: {said}")


def test_a_hundred_readers_at_once_are_told_the_same(index: Index) -> None:
    with indexing(index.market, index.where) as (_, port):
        waited(port, index.market.engine.block())
        found, faults = list[Any](), list[BaseException]()

        def read(place: int) -> None:
            try:
                for turn in range(5):
                    kind = ("", "&kind=surface", "&kind=trade")[(place + turn) % 3]
                    found.append((kind, asked(port, f"/events?limit=50{kind}")))
            except (OSError, ValueError) as error:
                faults.append(error)

        threads = [threading.Thread(target=read, args=(n,)) for n in range(READERS)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert not faults
        assert len(found) == 5 * READERS
        for kind in ("", "&kind=surface", "&kind=trade"):
            said = [json.dumps(answer) for k, answer in found if k == kind]
            assert len(set(said)) == 1
            assert json.loads(said[0])[0] == 200


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_soon_while_somebody_reads(index: Index, told: signal.Signals) -> None:
    with indexing(index.market, index.where) as (process, port):
        waited(port, index.market.engine.block())
        open_still = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        open_still.request("GET", "/events")
        open_still.getresponse().read()
        began = time.monotonic()
        process.send_signal(told)
        assert process.wait(10) == 0
        assert time.monotonic() - began < 5
        open_still.close()


def test_a_process_that_is_killed_at_any_moment_goes_on_where_it_was(
    index: Index, life: Callable[[], None]
) -> None:
    life()
    for delay in (0.0, 0.1):
        with indexing(index.market, index.where) as (process, _):
            time.sleep(delay)
            process.kill()
            process.wait(10)
        with sqlite3.connect(index.where) as db:
            (reach,) = db.execute("SELECT max(block) FROM tandem_index_markets").fetchone()
            (last,) = db.execute(
                "SELECT coalesce(max(block), 0) FROM tandem_index_events"
            ).fetchone()
        assert reach is None or last <= reach
    index.reader().follow()
    assert index.rows() == index.fresh()


@pytest.mark.long
def test_two_that_are_killed_again_and_again_while_the_chain_forks_leave_what_the_chain_says(
    index: Index, life: Callable[[], None]
) -> None:
    life()
    engine, moments = index.market.engine, random.Random(7)
    for turn in range(5):
        with (
            indexing(index.market, index.where) as (one, _),
            indexing(index.market, index.where) as (other, _),
        ):
            time.sleep(moments.uniform(0.0, 0.4))
            index.another()
            if turn % 2:
                engine.request("anvil_reorg", [moments.randint(1, 4), []])
                engine.sync()
            time.sleep(moments.uniform(0.0, 1.2))
            for each in (one, other):
                each.kill()
                each.wait(10)
    index.reader().follow()
    assert index.rows() == index.fresh()
    with sqlite3.connect(index.where) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_postgres_that_is_away_for_a_while_is_found_again(
    index: Index, database: str, life: Callable[[], None]
) -> None:
    with indexing(index.market, database) as (process, port):
        waited(port, index.market.engine.block())
        with connector(database)() as db:
            for _ in range(3):
                db.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
                index.another()
                time.sleep(0.3)
        life()
        waited(port, index.market.engine.block())
        assert asked(port, "/events?limit=1")[0] == 200
        assert process.poll() is None
    there = Index(index.market, database, index.made)
    assert there.rows() == index.fresh()


def test_new_blocks_and_reorgs_are_followed_while_it_runs(index: Index) -> None:
    engine = index.market.engine
    with indexing(index.market, index.where) as (process, port):
        waited(port, engine.block())
        mark = engine.request("evm_snapshot", [])
        index.another()
        waited(port, engine.block())
        gone = asked(port, "/events?limit=1")[1]["events"][0]
        engine.request("evm_revert", [mark])
        engine.sync()
        engine.advance(5)
        for _ in range(3):
            index.another()
        waited(port, engine.block())
        said = asked(port, "/events?limit=20")[1]["events"]
        assert gone["hash"] not in {row["hash"] for row in said}
        process.terminate()
        assert "taken back" in process.communicate(timeout=10)[1]


def test_once_reads_to_the_end_and_says_how_much(index: Index, ask: Callable[..., Any]) -> None:
    said = ask("index", "--once", "--db", index.where)
    assert said["block"] == said["head"] == index.market.engine.block()
    assert said["events"] == len(index.rows()) > 5
    again = ask("index", "--once", "--db", index.where)
    assert again["events"] == said["events"]


def test_what_was_read_is_told_although_nobody_looks_at_the_bar(index: Index) -> None:
    """`tandem index --once 2>&1 >it | head`: whoever read the bar has gone."""
    reads, writes = os.pipe()
    os.close(reads)
    command = [sys.executable, "-m", "tandem", "index", "--once", "--db", index.where]
    where = ["--rpc", index.market.url, "--deployment", str(index.market.file)]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
    done = subprocess.run(
        [*command, *where], cwd=ROOT, env=clean, text=True, stdout=subprocess.PIPE, stderr=writes,
        check=False, timeout=60,
    )  # fmt: skip
    os.close(writes)
    assert done.returncode == 0
    assert "events of blocks" in done.stdout


def test_an_address_of_six_is_shown_as_one_that_can_be_asked(index: Index) -> None:
    with indexing(index.market, index.where, "--host", "::1") as (_, port):
        connection = http.client.HTTPConnection("::1", port, timeout=20)
        connection.request("GET", "/health")
        assert connection.getresponse().status in (200, 503)
        connection.close()


def test_what_it_cannot_do_is_said(tandem: Callable[..., Any], index: Index) -> None:
    cases = {
        ("--origin", "http://page.example/path"): "is no origin",
        ("--host", "203.0.113.7", "--port", "0"): "cannot be served",
        ("--host", "", "--port", "0"): "--host names no address",
        ("--db", "/proc/nothing/index.sqlite"): "cannot write",
        ("--db", "postgresql://127.0.0.1:1/nowhere"): "database fails",
        ("--from", "99999999", "--once", "--db", index.where): "no block 99999999",
    }
    for options, said in cases.items():
        done = tandem("index", *options)
        assert done.exit_code == 2, options
        assert said in done.stderr, (options, done.stderr)
        assert "what to do next" in done.stderr
