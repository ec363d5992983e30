"""`tandem run` that is asked how it is, by HTTP, while it keeps a market."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from faults.proxy import Proxy, between

from keeper.journal import State, read_entries
from keeper.journal_rows import Wanted
from keeper.metrics import Meter
from keeper.server import Server
from keeper.tables import MetricsTable
from metrics.asking import figure, free_port, get

Run = Callable[..., Result]


@pytest.fixture
def port(tandem: Run, monkeypatch: pytest.MonkeyPatch) -> int:
    found = free_port()
    monkeypatch.setenv("TANDEM_METRICS__PORT", str(found))
    return found


@pytest.fixture
def proxy(market: Any) -> Iterator[Proxy]:
    with between(market.url) as made:
        yield made


@contextmanager
def running(url: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tandem", "run", "--rpc", url],
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(port: int, path: str, holds: Callable[[int, str], bool]) -> str:
    """What is said once it is so."""
    limit = time.monotonic() + 60
    said: tuple[int, str] = 0, "nothing"
    while time.monotonic() < limit:
        try:
            said = get(port, path)
        except OSError:
            said = 0, "nobody listens"
        if holds(*said):
            return said[1]
        time.sleep(0.2)
    raise AssertionError(f"{path} still says {said}")


def check(text: str, journal: Path, node: str) -> None:
    """What is counted is what the journal holds."""
    entries = read_entries(journal, Wanted())
    mined = [entry for entry in entries if entry.action.state is State.MINED]
    assert {entry.action.kind for entry in mined} == {"post"}
    assert figure(text, "tandem_actions_total", kind="post", state="mined") == len(mined)
    paid = sum(entry.attempt.paid or 0 for entry in mined if entry.attempt)
    assert figure(text, "tandem_paid_wei_total", kind="post") == pytest.approx(paid) != 0
    assert figure(text, "tandem_node_up", node=node) == 1
    assert figure(text, "tandem_open_transactions") == 0
    assert figure(text, "tandem_cycle_seconds_count") >= 1


def _pause(tandem: Run, market: Any, port: int) -> None:
    """Another process stops it, and lets it act again."""
    assert tandem("pause", "--reason", "an upgrade").exit_code == 0
    market.engine.request("evm_mine", [])
    until(port, "/ready", lambda status, said: status == 503 and "an upgrade" in said)
    assert tandem("pause", "--end").exit_code == 0
    market.engine.request("evm_mine", [])
    until(port, "/ready", lambda status, _: status == 200)


@pytest.mark.live
def test_a_keeper_says_how_it_is_from_start_to_end(
    market: Any, tandem: Run, port: int, proxy: Proxy, settings: Path
) -> None:
    """Issue: "Prometheus metrics …, `/health` and `/ready`". It posts, is paused by another process, goes on,
    its node falls silent, and it ends."""
    market.engine.advance(700)
    with running(proxy.url) as keeper:
        until(port, "/ready", lambda status, _: status == 200)
        assert get(port, "/health") == (200, "ok\n")
        text = get(port, "/metrics")[1]
        check(text, settings / "journal.sqlite", proxy.url)

        _pause(tandem, market, port)
        proxy.answer = lambda asked, _: {"id": asked["id"]}  # which is no answer
        text = until(port, "/metrics", lambda _, t: figure(t, "tandem_node_up") == 0)
        text = until(port, "/metrics", lambda _, t: figure(t, "tandem_cycles_failed_total") >= 1)
        assert figure(text, "tandem_since_success_seconds") > 0
        assert get(port, "/ready") == (503, "no node answers\n")
        assert get(port, "/health") == (200, "ok\n"), "the loop goes on"

        proxy.delay = 60.0
        time.sleep(3.0)  # it waits for an answer by now
        asked = len(proxy.asked)
        time.sleep(2.0)
        assert len(proxy.asked) == asked
        began = time.monotonic()
        assert get(port, "/metrics")[0] == get(port, "/health")[0] == 200
        assert time.monotonic() - began < 1, "nobody who asks waits for a node"

        began = time.monotonic()
        keeper.send_signal(signal.SIGTERM)
        assert keeper.wait(10) == 0
        assert time.monotonic() - began < 5
        with pytest.raises(ConnectionRefusedError):
            get(port, "/health")
        assert keeper.stderr is not None
        assert b"Traceback" not in keeper.stderr.read()


def test_one_that_began_without_a_node_says_for_how_long(port: int) -> None:
    """It said nothing at all, so that no rule of Prometheus held: only whom it told by itself heard of it."""
    with running("http://127.0.0.1:9"):
        text = until(port, "/metrics", lambda *said: (said[0], bool(said[1])) == (200, True))
        first = figure(text, "tandem_since_success_seconds")
        assert first is not None
        until(
            port,
            "/metrics",
            lambda _, now: (figure(now, "tandem_since_success_seconds") or 0.0) > first + 1.0,
        )
        assert get(port, "/ready") == (503, "no cycle has succeeded yet\n")


def test_a_port_that_is_taken_ends_it_before_it_asks_anybody(
    market: Any, tandem: Run, port: int, proxy: Proxy, settings: Path
) -> None:
    server = Server(MetricsTable(port=port), Meter())
    try:
        said = tandem("run", "--rpc", proxy.url)
        assert said.exit_code == 2
        assert f"metrics cannot be served at 127.0.0.1 port {port}" in said.stderr
        assert "TANDEM_METRICS__PORT" in said.stderr
        assert proxy.asked == []
        assert not (settings / "journal.sqlite").exists()
        # who only looks beside a keeper that runs is in nobody's way
        assert tandem("run", "--dry-run", "--once", "--rpc", proxy.url).exit_code == 0
        assert tandem("run", "--once", "--rpc", proxy.url).exit_code == 0
    finally:
        server.close()
