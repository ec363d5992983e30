"""What a hundred viewers cost the servers beside a page: the index of a market's past, and the page's own."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from statistics import median

from bench.registry import ROOT, Row, benchmark
from tandem import venues
from tandem.engine.anvil import AnvilEngine
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.protocol.applying import apply
from tandem.protocol.deployment import FOLDER, tandem_of
from tandem.protocol.recipe import load_recipe
from tandem.protocol.tandem import Tandem
from tandem.units import USD

VIEWERS, EVERY = 100, 2.0
"""Each asks once in so many seconds, as often as a chain has blocks."""
WINDOWS, WINDOW_SECONDS, WARM_SECONDS = 5, 6.0, 6.0
DEPOSITS = 60
"""Events that there are before anybody looks."""
TICKS = os.sysconf("SC_CLK_TCK")
GOAL = "≤ 5"
ANSWERED = 0.8
"""Of what viewers ask, the least that is answered well: else nothing was measured."""


@contextmanager
def _market(folder: Path) -> Generator[tuple[Tandem, list[str]]]:
    """A market with a past, and what names it to a command."""
    with AnvilEngine() as node:
        engine = RemoteEngine(Node(node.url).request)
        engine.request("evm_setAutomine", [True])
        recipe = replace(load_recipe(FOLDER / "local.toml"), venue=venues.recipe("curie"))
        deployment = apply(engine, recipe, engine.accounts[5])
        file = folder / "deployment.json"
        deployment.save(file)
        tandem = tandem_of(engine, deployment)
        for _ in range(DEPOSITS):
            tandem.deposit(100 * USD)
        yield tandem, ["--rpc", node.url, "--deployment", str(file)]


@contextmanager
def serving(*arguments: str) -> Generator[tuple[int, int]]:
    """A command that serves, at a port of its own: its process's id, and that port."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
    with subprocess.Popen(
        [sys.executable, "-m", "tandem", *arguments, "--port", "0", "--json"], cwd=ROOT, env=clean,
        text=True, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            said = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")
            yield process.pid, int(next(iter(said.values())).rpartition(":")[2])
        finally:
            process.terminate()


def spent(pid: int) -> float:
    """Seconds of a processor, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _view(port: int, path: str, delay: float, ended: threading.Event, asked: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    ended.wait(delay)
    while not ended.is_set():
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            asked.append(answer.status)
        except (OSError, http.client.HTTPException):
            connection.close()
        ended.wait(EVERY)


def _shares(tandem: Tandem, pid: int, port: int, path: str, viewers: int) -> list[float]:
    """Per cent of a core in each window, while a block with an event comes every two seconds."""
    ended, asked = threading.Event(), list[int]()  # statuses
    threads = [
        threading.Thread(target=_view, args=(port, path, EVERY * n / VIEWERS, ended, asked))
        for n in range(viewers)
    ]
    for each in threads:
        each.start()
    shares = list[float]()
    try:
        _live(tandem, WARM_SECONDS)
        asked.clear()
        for _ in range(WINDOWS):
            begun, before = time.monotonic(), spent(pid)
            _live(tandem, WINDOW_SECONDS)
            shares.append(100 * (spent(pid) - before) / (time.monotonic() - begun))
    finally:
        ended.set()
        for each in threads:
            each.join()
    good = asked.count(HTTPStatus.OK)
    if good < ANSWERED * viewers * WINDOWS * WINDOW_SECONDS / EVERY:
        raise RuntimeError(
            f"only {good} questions were answered: what a server refuses costs it nothing"
        )
    return shares


def _live(tandem: Tandem, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        tandem.deposit(USD)
        time.sleep(max(min(EVERY, until - time.monotonic()), 0.0))


def _row(name: str, shares: Sequence[float], alone: Sequence[float]) -> Row:
    return Row(
        name, median(shares), "% of a core", GOAL, "", "", min(shares), max(shares),
        details={"without viewers": round(median(alone), 2), "windows": WINDOWS},
    )  # fmt: skip


@benchmark("viewers")
def servers() -> Iterable[Row]:
    """Each server by itself, on a market under way."""
    with tempfile.TemporaryDirectory() as name, _market(Path(name)) as (tandem, where):
        with serving("index", "--db", f"{name}/index.sqlite", *where) as (pid, port):
            alone = _shares(tandem, pid, port, "/health", 0)
            shares = _shares(tandem, pid, port, "/events?limit=50", VIEWERS)
            yield _row(f"{VIEWERS} viewers of an index, each every 2 s", shares, alone)
        with serving("ui", *where) as (pid, port):
            alone = _shares(tandem, pid, port, "/", 0)
            shares = _shares(tandem, pid, port, "/market.json", VIEWERS)
            yield _row(f"{VIEWERS} viewers of a page's server, each every 2 s", shares, alone)
