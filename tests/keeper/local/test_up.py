"""`tandem up`, as a newcomer starts it: it says when it is ready, what to try works, and it ends whole."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from local_market import ROOT, Up, gone, started

from keeper.local.process import SOON
from tandem.engine.anvil import HOST, free_port

ONE = pytest.param(signal.SIGINT, marks=pytest.mark.live)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with started(tmp_path_factory.mktemp("up")) as market:
        yield market


@pytest.mark.live
def test_it_opens_with_margin_and_surfaces_and_what_it_prints_works(up: Up) -> None:
    """Each command as it is printed, in that order: what the third buys the sixth sells back."""
    shown = [shlex.split(command) for command in up.facts["commands"]]
    assert [words[1] for words in shown] == ["chain", "quote", "mint", "positions", "risk", "close"]
    said: dict[str, str] = {}
    for tandem, verb, *words in shown:
        done = up.tandem(verb, *words)
        assert (tandem, done.returncode) == ("tandem", 0), f"{verb} {words}: {done.stderr}"
        said[verb] = done.stdout
    series = shown[1][2]
    assert series in said["positions"]
    assert series not in up.tandem("positions").stdout
    assert json.loads(up.tandem("quote", series, "1", "--json").stdout)["total"] > 0
    assert up.tandem("status").returncode == 0


@pytest.mark.live
def test_the_price_moves_and_the_pool_follows(up: Up) -> None:
    def spot() -> float:
        return float(json.loads(up.tandem("status", "--json").stdout)["spot"])

    first, deadline = spot(), time.monotonic() + 30
    while spot() == first and time.monotonic() < deadline:
        time.sleep(0.5)
    assert spot() != first


@pytest.mark.live
def test_a_port_that_is_taken_is_named_and_nothing_starts(up: Up, tmp_path: Path) -> None:
    done = up.tandem("up", "--port", str(up.port), "--deployment", str(tmp_path / "d.json"))
    assert done.returncode == 2
    assert f"port {up.port}" in done.stderr
    assert "what to do next" in done.stderr
    assert not (tmp_path / "d.json").exists()


@pytest.mark.long
def test_a_market_over_several_venues_opens_and_is_traded_on(tmp_path: Path) -> None:
    """It gave up after 90 s: every quote of an order over several venues was a refusal."""
    with started(tmp_path, "--venue", "aave+morpho4") as market:
        asked = json.loads(market.tandem("quote", "ATM-21D-C", "0.1", "--json").stdout)
        assert asked["total"] > 0
        bought = market.tandem("mint", "ATM-21D-C", "0.1", "--yes")
        assert bought.returncode == 0, bought.stderr
        held = json.loads(market.tandem("venues", "--json").stdout)["venues"]
        assert {venue["name"] for venue in held} == {"aave", "morpho4"}
        assert sum(venue["position"] for venue in held) > 0.03


@pytest.mark.parametrize("told", [ONE, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_a_signal_ends_all_of_it_with_0_and_takes_its_file_away(
    tmp_path: Path, told: signal.Signals
) -> None:
    with started(tmp_path) as market:
        children = market.children()
        assert len(children) == 2
        assert market.file.exists()
        market.process.send_signal(told)
        assert market.process.wait(90) == 0, (tmp_path / "log").read_text()
        assert gone(children, 0.0)
        assert not market.file.exists()
        with socket.socket() as probe:
            assert probe.connect_ex((HOST, market.port)) != 0


@pytest.mark.parametrize("told", [ONE, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_a_signal_before_it_is_open_cuts_it_short_and_leaves_nothing(
    tmp_path: Path, told: signal.Signals
) -> None:
    """README: "129, 130 or 143 (a signal cut it short". It ended with 0, and no market had been open."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tandem", "up", "--port", str(port), "--deployment", str(tmp_path / "d.json")],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout
    assert "starting a chain" in process.stdout.readline()
    process.send_signal(told)
    assert process.wait(90) == 128 + told
    process.stdout.close()
    assert not (tmp_path / "d.json").exists()
    with socket.socket() as probe:
        assert probe.connect_ex((HOST, port)) != 0


@pytest.mark.live
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_kill_that_nobody_can_catch_leaves_no_orphan(tmp_path: Path) -> None:
    with started(tmp_path) as market:
        children = market.children()
        assert len(children) == 2
        market.process.kill()
        market.process.wait(10)
        assert gone(children)


def keeper_of(market: Up) -> int:
    """Its process."""
    called = (Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in market.children())
    return next(p for p, words in zip(market.children(), called, strict=True) if b"run" in words)


@pytest.mark.long
def test_a_keeper_that_somebody_kills_goes_on_from_its_journal(tmp_path: Path) -> None:
    """And one that ends as soon as it is started ends the whole, by name."""
    with started(tmp_path) as market:
        first = keeper_of(market)
        time.sleep(SOON)
        os.kill(first, signal.SIGKILL)
        until = time.monotonic() + 60
        log = tmp_path / "log"
        while "was started again" not in log.read_text() and time.monotonic() < until:
            time.sleep(0.2)
        children = market.children()
        os.kill(keeper_of(market), signal.SIGKILL)
        assert market.process.wait(90) == 2
        assert "the keeper ended with -9, and was started again" in log.read_text()
        assert gone([first, *children])
