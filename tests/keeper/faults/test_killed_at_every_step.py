"""kill -9 around each act of `tandem run`: before a node has it, after, and while its receipt is awaited."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from faults.ledgers import GWEI, costs
from faults.proxy import Proxy, between
from keeper.journal import State
from tandem.engine.artifacts import ROOT
from tandem.units import HOUR, WAD

pytestmark = pytest.mark.usefixtures("as_before")

PATIENCE = 120.0
NOWHERE = (1 << 64) + 999
"""A round that was never written."""
ACTS = {
    "watch", "top_up", "rebalance", "bounty", "poke", "post", "remark", "stamp",
}  # fmt: skip


class Killer(Proxy):
    """Ends the keeper at the first transaction that was not seen before, once before a node has it, once
    after, once while its receipt is asked for, and so on by turns."""

    def __init__(self, node: str) -> None:
        super().__init__(node)
        self.process: subprocess.Popen[str] | None = None
        self.seen: set[str] = set()
        self.ways = cycle(("before", "after", "receipt"))
        self.way = ""

    def ask(self, body: bytes) -> bytes:
        if b"eth_sendRawTransaction" not in body:
            if b"eth_getTransactionReceipt" in body and self.way == "receipt":
                self.kill()
            return super().ask(body)
        if body[body.index(b"params") :] in self.seen:
            return super().ask(body)
        self.seen.add(body[body.index(b"params") :])
        self.way = next(self.ways)
        if self.way == "before":
            self.kill()
            return b""
        answer = super().ask(body)
        if self.way == "after":
            self.kill()
        return answer

    def kill(self) -> None:
        self.way = ""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)


def kept(proxy: Killer) -> None:
    """Start a keeper again and again, until one ends by itself with nothing in flight."""
    for _ in range(30):
        proxy.process = subprocess.Popen(
            [sys.executable, "-m", "tandem", "run", "--once", "--rpc", proxy.url],
            cwd=ROOT, env=dict(os.environ), text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        said, _ = proxy.process.communicate(timeout=PATIENCE)
        if proxy.process.returncode != -signal.SIGKILL:
            assert proxy.process.returncode == 0, said
            if "waiting for" not in said:
                return
    raise AssertionError("it is not done")


@pytest.mark.long
def test_a_keeper_killed_at_every_act_has_done_each_once(
    tandem: Any, market: Any, settings: Path
) -> None:
    """FAULTS 14 to 16: "exactly one effect after restart", of each of the keeper's acts."""
    t, engine = market.tandem, market.engine
    before = sent_by(market)
    with between(market.url, Killer) as proxy:
        t.deposit(10**12)  # a larger book asks for more margin
        engine.advance(4 * HOUR)
        market.move(2_650)
        t.exchange.feed.send("set_latest", NOWHERE, sender=t.exchange.owner)
        kept(proxy)
        t.exchange.set_index(2_650 * WAD)
        costs(market, GWEI)
        kept(proxy)
        engine.advance(600)
        t.exchange.set_index(2_650 * WAD)
        costs(market, GWEI)
        kept(proxy)
    with sqlite3.connect(settings / "journal.sqlite") as db:
        found = db.execute(
            "SELECT kind, a.state, t.state, hash FROM actions a JOIN transactions t ON action = a.id"
        ).fetchall()
    assert {kind for kind, *_ in found} == ACTS
    assert {(of_action, of_its_own) for _, of_action, of_its_own, _ in found} == {
        (State.MINED, State.MINED)
    }
    receipts = [engine.request("eth_getTransactionReceipt", [h]) for *_, h in found]
    assert {receipt["status"] for receipt in receipts} == {"0x1"}
    assert sent_by(market) == before + len(found)
    kinds = [kind for kind, *_ in found]
    assert kinds.count("stamp") == kinds.count("bounty") == kinds.count("top_up") == 1
    assert kinds.count("watch") == 2  # that the feed fails, and that it answers again


def sent_by(market: Any) -> int:
    keeper = market.tandem.keeper
    return int(market.engine.request("eth_getTransactionCount", [keeper, "latest"]), 16)
