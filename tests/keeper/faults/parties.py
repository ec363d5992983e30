"""Who takes part in a schedule of faults: nodes that misbehave when told to, and who looks after a keeper."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults.proxy import Proxy, honest
from faults.schedules import Fault
from tandem.engine.artifacts import ROOT

LOOKS = 0.2
"""Seconds between a keeper's looks for a block."""


@dataclass
class Faulty(Proxy):
    """A node that does one thing instead of answering, until told otherwise."""

    mode: str = ""
    size: float = 0.0
    behind: int = 0
    count: int = 0
    raw: list[bytes] = field(default_factory=list)
    """Transactions that were handed over."""

    def ask(self, body: bytes) -> bytes:
        question = json.loads(body)
        for each in question if isinstance(question, list) else [question]:
            if each["method"] == "eth_sendRawTransaction":
                self.raw.append(bytes.fromhex(each["params"][0][2:]))
        self.count += 1
        match self.mode:
            case "refuse":
                raise OSError("refused")
            case "html":
                return b"<html><body>504</body></html>"
            case "half":
                return super().ask(body)[:-9]
            case "null":
                return b"null"
            case "some bad" if self.count * 7 % 10 < 3:
                return b'{"id": 1}'
            case "lag":
                return self._late(body)
            case _:
                return super().ask(body)

    def _late(self, body: bytes) -> bytes:
        """What it said a few blocks ago."""
        asked = {"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []}
        self.answer = honest
        head = int(json.loads(super().ask(json.dumps(asked).encode()))["result"], 16)
        old = hex(max(head - self.behind, 0))
        self.answer = lambda asked, answer: (
            answer | {"result": old} if asked["method"] == "eth_blockNumber" else answer
        )
        return super().ask(body.replace(b'"latest"', f'"{old}"'.encode()))

    def turn(self, fault: Fault | None) -> None:
        """Another fault, or none."""
        self.mode, self.size = (fault.kind, fault.size) if fault else ("", 0.0)
        self.behind = 1 + int(4 * self.size)
        self.status = {"busy": 503, "limit": 429}.get(self.mode, 200)
        self.delay = 60.0 if self.mode == "hang" else 0.0
        self.drip = 0.2 if self.mode == "drip" else 0.0
        self.answer = _other_chain if self.mode == "other chain" else honest


def _other_chain(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"result": "0x1"} if asked["method"] == "eth_chainId" else answer


@dataclass
class Process:
    """`tandem run` as whoever looks after processes has it: started again whenever it ended."""

    nodes: list[Faulty]
    folder: Path
    said: Path
    starts: int = 0
    codes: list[int] = field(default_factory=list)
    """How it ended when nobody had told it to."""
    running: subprocess.Popen[bytes] | None = None

    def look_after(self) -> None:
        if self.running is not None:
            code = self.running.poll()
            if code is None:
                return
            self.codes.append(code)
        self.starts += 1
        quick = {
            "TANDEM_POLL_SECONDS": str(LOOKS), "TANDEM_RPC_TIMEOUT": "1.5", "TANDEM_CYCLE_SECONDS": "8",
            "TANDEM_FEES__STUCK_SECONDS": "2", "TANDEM_FEES__WAIT_SECONDS": "2",
            "TANDEM_RPC": ",".join(node.url for node in self.nodes),
        }  # fmt: skip
        with self.said.open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-m", "tandem", "run", "--json"],
                cwd=ROOT, env=os.environ | quick, stdout=log, stderr=log,
            )  # fmt: skip

    def settle(self) -> None:
        """What the process left open when it was told to end is looked after by the next one."""
        once = [sys.executable, "-m", "tandem", "run", "--once"]
        with self.said.open("ab") as log:
            subprocess.run(once, cwd=ROOT, stdout=log, stderr=log, timeout=60, check=True)

    def tell(self, number: int) -> None:
        if self.running is not None and self.running.poll() is None:
            self.running.send_signal(number)

    def end(self, number: int) -> float:
        """Seconds until it was gone."""
        began = time.monotonic()
        if self.running is not None:
            self.tell(signal.SIGCONT)
            self.tell(number)
            try:
                self.running.wait(30)
            finally:
                self.running.kill()
                self.running.wait()
            self.running = None
        return time.monotonic() - began

    def rows(self) -> list[dict[str, Any]]:
        """Every transaction of its journal."""
        journal = (self.folder / "journal.sqlite").as_uri()
        with closing(sqlite3.connect(f"{journal}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            found = db.execute(
                "SELECT action, kind, hash, nonce, t.state AS state, t.block AS block, block_hash, gas_used,"
                " paid FROM transactions t JOIN actions a ON a.id = action"
            ).fetchall()
        return [dict(row) for row in found]

    def open(self) -> list[str]:
        """What its journal waits for."""
        try:
            return [row["kind"] for row in self.rows() if row["state"] in ("planned", "sent")]
        except sqlite3.OperationalError as error:  # no file, or none that is ready
            return [str(error)]
