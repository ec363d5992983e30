"""The page in a real browser beside a market that lives: what it weighs, how soon it is useful, what a quote
takes, and what a hundred viewers cost who serves it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from http import HTTPStatus
from statistics import median
from typing import Any
from urllib.request import urlopen

import numpy as np

from bench.registry import ROOT, Row, benchmark
from bench.viewers import ANSWERED, EVERY, VIEWERS, serving, spent
from tandem.engine.anvil import free_port
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.window.bundle import FOLDER, page_files

NODE = ROOT / ".venv" / "bin" / "node"
SECONDS = 20.0
"""For which a server is weighed."""
NEVER = 10_000.0
"""Milliseconds after which what is waited for is waited for no more (app/tests/speed.ts)."""


@contextmanager
def living() -> Generator[dict[str, Any]]:
    """`tandem up` as a process; what it says of itself."""
    command = [
        sys.executable,
        "-m",
        "tandem",
        "up",
        "--json",
        "--port",
        str(free_port()),
        "--vol",
        "0.2",
    ]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
    with subprocess.Popen(
        command, cwd=ROOT, env=clean, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(30)


def _row(name: str, values: Sequence[float], goal: str, **details: float) -> Row:
    """The median, between the least and the most. Raises RuntimeError where something never came."""
    if not np.isfinite(values).all() or max(values) >= NEVER:
        raise RuntimeError(f"{name}: one of {len(values)} runs never came to its end")
    return Row(
        name, round(median(values), 1), "ms", goal, details=details,
        low=round(min(values), 1), high=round(max(values), 1),
    )  # fmt: skip


@benchmark("page")
def weight() -> Iterable[Row]:
    """Bytes that a browser fetches, as gzip packs them."""
    packed = {name: len(gzip.compress(content)) for name, content in page_files(FOLDER).items()}
    yield Row("the page, compressed", round(sum(packed.values()) / 1_000, 1), "kB", "≤ 180",
              details={name.partition("-")[0]: float(size) for name, size in packed.items()})  # fmt: skip


@benchmark("page")
def speed() -> Iterable[Row]:
    """From a click on the address to something useful, and from a keystroke to its quote."""
    with living() as facts:
        trader = RemoteEngine(Node(facts["rpc"]).request).accounts[1]
        told = json.dumps({"page": facts["page"], "rpc": facts["rpc"], "trader": trader})
        done = subprocess.run(
            [NODE, "tests/speed.ts"], cwd=ROOT / "app", env=os.environ | {"WINDOW": told}, text=True,
            capture_output=True, check=True,
        )  # fmt: skip
    said = json.loads(done.stdout)
    yield _row("first paint of the page, localhost", said["paints"], "≤ 1,000")
    yield _row("first price that can be bought, localhost", said["prices"], "≤ 1,000")
    yield _row("from a size that is typed to its quote", said["waits"], "≤ 300")


@benchmark("page")
def viewers() -> Iterable[Row]:
    """The processor's share of one core that serving takes: `tandem ui` beside a keeper."""
    with living() as facts:
        where = ["--rpc", facts["rpc"], "--deployment", facts["deployment"]]
        with serving("ui", "--keeper", facts["metrics"], *where) as (pid, port):
            share, answers = _served(f"http://127.0.0.1:{port}", pid)
    yield Row("`tandem ui --keeper` with 100 who operate", round(100 * share, 1), "% of a core", "≤ 5",
              "Streamlit 64 %", "measured for the goals", details={"answers": float(answers)})  # fmt: skip


def _served(page: str, pid: int) -> tuple[float, int]:
    """(share of a core, answers) of a server while all viewers look: each loads the page once, and asks for a
    keeper's figures as often as the operator's view does. Raises RuntimeError where it did not answer."""
    ended, good = threading.Event(), list[bool]()

    def get(name: str) -> None:
        with suppress(OSError), urlopen(f"{page}/{name}", timeout=10) as answer:  # noqa: S310 - http of this machine
            answer.read()
            good.append(answer.status == HTTPStatus.OK)

    def view(place: int) -> None:
        time.sleep(EVERY * place / VIEWERS)
        for name in (*page_files(), "market.json"):
            get(name)
        while not ended.wait(EVERY):
            get("keeper.json")

    threads = [threading.Thread(target=view, args=(i,), daemon=True) for i in range(VIEWERS)]
    for thread in threads:
        thread.start()
    time.sleep(2 * EVERY)
    began, used, counted = time.monotonic(), spent(pid), sum(good)
    time.sleep(SECONDS)
    share = (spent(pid) - used) / (time.monotonic() - began)
    seen = sum(good) - counted
    ended.set()
    for thread in threads:
        thread.join()
    if seen < ANSWERED * VIEWERS * SECONDS / EVERY:
        raise RuntimeError(
            f"only {seen} questions were answered: what a server refuses costs it nothing"
        )
    return share, seen
