"""The port of a keeper: what it answers, and that it is one that can be had."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from keeper.contradictions import check
from keeper.journal_rows import Action, Entry, State
from keeper.logs import Lately, configure
from keeper.metrics import Meter
from keeper.server import Server, listen
from keeper.settings import load_settings
from keeper.tables import MetricsTable
from metrics.asking import figure, free_port, get
from tandem.errors import ConfigError

SILENT = 60.0


class Clock:
    """Seconds, as a test says."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def meter(clock: Clock) -> Meter:
    return Meter(SILENT, clock)


@pytest.fixture
def port(meter: Meter) -> Iterator[int]:
    port = free_port()
    server = Server(MetricsTable(port=port), meter)
    yield port
    server.close()


def test_health_is_that_the_loop_moves(port: int, meter: Meter, clock: Clock) -> None:
    assert get(port, "/health") == (503, "no cycle has begun yet\n")
    meter.began()
    assert get(port, "/health") == (200, "ok\n")
    clock.now += SILENT
    assert get(port, "/health") == (200, "ok\n")
    clock.now += 1
    assert get(port, "/health") == (
        503,
        "no cycle began or ended for 61 s, 60 s are allowed\n",
    )
    meter.ended()
    assert get(port, "/health") == (200, "ok\n")


def test_a_cycle_that_comes_while_another_hangs_is_no_sign_of_life(
    port: int, meter: Meter, clock: Clock
) -> None:
    """Silverback begins one with each block, whatever became of the one before."""
    meter.began()
    for _ in range(7):
        clock.now += SILENT / 6
        meter.began()
        meter.ended()
    assert get(port, "/health")[0] == 503
    meter.ended()
    assert get(port, "/health")[0] == 200


def test_a_keeper_that_has_nothing_yet_says_what_it_waits_for(port: int, clock: Clock) -> None:
    assert get(port, "/ready") == (
        503,
        "no node answers; the journal is not held; no cycle has succeeded yet\n",
    )
    clock.now += 5
    text = get(port, "/metrics")[1]
    assert figure(text, "tandem_since_success_seconds") == 5
    assert figure(text, "tandem_cycles_failed_total") == 0
    assert figure(text, "tandem_block_height") is None, "a figure that nobody has is not 0"


def test_other_paths_are_told_what_there_is(port: int) -> None:
    assert get(port, "/") == (404, "there are /metrics, /health, /ready, /journal and /warnings\n")
    assert get(port, "/metrics?name[]=x")[0] == 200
    assert get(port, "/health", "HEAD") == (503, "")
    assert get(port, "/health", "POST")[0] == 501


def test_who_asks_for_warnings_reads_the_last_ones_without_secrets(
    meter: Meter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANDEM_RPC", "http://127.0.0.1:8545/v2/a-key-that-is-paid-for")
    lately = Lately()
    log = configure(load_settings(), lately)
    log.info("all is well")
    log.warning("margin lacks", usd=12.5)
    log.error("no node answers", node="http://127.0.0.1:8545/v2/a-key-that-is-paid-for")
    port = free_port()
    server = Server(MetricsTable(port=port), meter, lately)
    try:
        said = json.loads(get(port, "/warnings")[1])
    finally:
        server.close()
    assert [each["event"] for each in said] == ["no node answers", "margin lacks"]
    assert said[1]["usd"] == 12.5
    assert "a-key" not in json.dumps(said)


def test_the_journal_that_is_asked_for_shows_nothing_that_is_still_to_be_mined(
    port: int, meter: Meter, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = Action(1, "post", (), "due", 5, 0.0, State.MINED, "", False)
    waiting = replace(action, id=2, state=State.SENT)
    entries = [Entry(waiting, None), Entry(action, None)]
    monkeypatch.setattr("keeper.metrics.read_entries", lambda *_: entries)
    monkeypatch.setattr("keeper.metrics.glance", lambda _: SimpleNamespace(open=1))
    monkeypatch.setattr(meter, "_journal", SimpleNamespace(changes=1, path=Path()))
    keeper: Any = SimpleNamespace(cycle=lambda _: [], sender=None)
    meter.cycle(keeper)
    assert [each["id"] for each in json.loads(get(port, "/journal")[1])] == [1]


def test_two_meters_count_apart(clock: Clock) -> None:
    one, other = Meter(SILENT, clock), Meter(SILENT, clock)
    one.failed()
    assert figure(one.text().decode(), "tandem_cycles_failed_total") == 1
    assert figure(other.text().decode(), "tandem_cycles_failed_total") == 0


def test_who_connects_and_says_nothing_holds_nobody_up(meter: Meter) -> None:
    port = free_port()
    server = Server(MetricsTable(port=port), meter)
    with socket.create_connection(("127.0.0.1", port)):
        time.sleep(0.2)
        assert get(port, "/health")[0] == 503
        began = time.monotonic()
        server.close()
        assert time.monotonic() - began < 1


def test_a_port_that_is_taken_is_named_and_one_that_is_given_back_can_be_had(meter: Meter) -> None:
    table = MetricsTable(port=free_port())
    server = Server(table, meter)
    with pytest.raises(
        ConfigError, match=f"at 127.0.0.1 port {table.port}: Address already in use"
    ):
        Server(table, meter)
    assert get(table.port, "/health")[0] == 503
    server.close()
    with pytest.raises(ConnectionRefusedError):
        get(table.port, "/health")
    Server(table, meter).close()


def test_a_host_that_is_none_is_named(meter: Meter) -> None:
    for host in ("203.0.113.1", "no host", "a" * 70, "::2"):
        with pytest.raises(ConfigError, match=f"at {host} port"):
            Server(MetricsTable(port=free_port(), host=host), meter)


def test_a_port_of_0_is_none_and_is_what_holds(settings: Path, meter: Meter) -> None:
    assert listen(load_settings(), meter) is None
    assert load_settings().metrics.host == "127.0.0.1"


def test_a_cycle_may_not_take_longer_than_health_waits_for_it(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANDEM_CYCLE_SECONDS", "300")
    check(load_settings())
    monkeypatch.setenv("TANDEM_METRICS__PORT", str(free_port()))
    with pytest.raises(ConfigError, match="after 300 s, and it may take 300 s"):
        check(load_settings())
    monkeypatch.setenv("TANDEM_METRICS__SILENT_SECONDS", "301")
    check(load_settings())


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none_is_a_setting_that_is_wrong(
    settings: Path, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("TANDEM_METRICS__PORT", port)
    with pytest.raises(ConfigError, match=r"metrics\.port") as told:
        load_settings()
    assert "TANDEM_METRICS__PORT" in told.value.hint
