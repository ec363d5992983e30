"""`tandem run` as the keeper of a replay on anvil: a process that sees the chain through RPC alone.

The replay mines; the process sleeps (SIGSTOP) but for the cycle that the replay asks it for, so that
it looks at the blocks that the replay's own keeper would look at, each once.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from keeper.cycle import Done
from keeper.execution.outbox import Result
from keeper.execution.surface_desk import Demand
from keeper.journal import State
from keeper.planner import Intent, Kind
from keeper.replay.run import Replay
from tandem.engine.anvil import AnvilEngine
from tandem.engine.base import RawLog, Receipt, address_of
from tandem.protocol.bindings.structs import Snapshot
from tandem.protocol.deployment import VENUE, Deployed, Deployment
from tandem.protocol.steps import hash_of
from tandem.protocol.tandem import LOCAL_SIGNER_KEY

ROOT = Path(__file__).resolve().parents[3]
# Account 3 of anvil's public mnemonic: everybody knows the key, it guards nothing.
KEEPER_KEY = "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6"
WITHOUT_A_PAST = {"TANDEM_FORECAST__ROUNDS_DAYS": "0"}
"""As a replay's keeper begins."""
PATIENCE = 60.0
POLL_SECONDS = "0.1"
"""Between the process's looks: time enough to put it to sleep after each, mostly."""


class LiveKeeper:
    """The keeper of `run`, in a process of its own."""

    def __init__(self, run: Replay, folder: Path, **settings: str) -> None:
        engine = run.stage.engine
        assert isinstance(engine, AnvilEngine)
        self.engine, self.run, self.folder = engine, run, folder
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._seen = -1

    # ---- what a replay asks for
    def look(self) -> Snapshot:
        return self.run.stage.tandem.lens.snapshot()

    def ask(self, demand: Demand) -> None:
        """A live keeper is told nothing, and posts at all times."""

    def cycle(self) -> list[Done]:
        block = self.engine.block()
        if block == self._seen:
            return []
        self._wake()
        told = self._hear()
        while told["block"] != block:  # it looked once more before it slept
            assert told["actions"] == []
            told = self._hear()
        os.kill(self._pid, signal.SIGSTOP)
        self._seen = block
        return [self._done(each) for each in told["actions"]]

    # ---- the process
    @property
    def _pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _wake(self) -> None:
        if self._process is not None:
            os.kill(self._pid, signal.SIGCONT)
            return
        file = self.folder / "deployment.json"
        deployment_of(self.run).save(file)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("TANDEM_")}
        ours = {
            "TANDEM_RPC": self.engine.url,
            "TANDEM_DEPLOYMENT": str(file),
            "TANDEM_JOURNAL": str(self.folder / "journal.sqlite"),
            "TANDEM_KEY": KEEPER_KEY,
            "TANDEM_SURFACE__KEYS": LOCAL_SIGNER_KEY,
            "TANDEM_POLL_SECONDS": POLL_SECONDS,
        }
        program = str(Path(sys.executable).parent / "tandem")
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [program, "run", "--json"],
                cwd=ROOT,
                env=kept | ours | WITHOUT_A_PAST | self._settings,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        for line in process.stdout:
            self._lines.put(line)

    def _hear(self) -> dict[str, Any]:
        """The next cycle, mining what the process sends meanwhile."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                return json.loads(self._lines.get(timeout=0.01))
            except queue.Empty:
                self._mine()
        raise AssertionError((self.folder / "log").read_text() or "the keeper is silent")

    def _mine(self) -> None:
        if int(self.engine.rpc("txpool_status")["pending"], 16):
            self.engine.advance(1)
            self.engine.sync()

    def _done(self, told: dict[str, Any]) -> Done:
        result = Result(State(told["state"]), told["note"], hash=told["hash"])
        if result.state is State.MINED:
            self.run.scribe.took(self.engine.now(), told["kind"], self._receipt(result.hash))
        return Done(
            Intent(Kind(told["kind"]), tuple(map(int, told["args"])), told["reason"]), result
        )

    def _receipt(self, hash_: str) -> Receipt:
        raw = self.engine.rpc("eth_getTransactionReceipt", hash_)
        logs = tuple(
            RawLog(
                address_of(log["address"]),
                tuple(bytes.fromhex(topic[2:]) for topic in log["topics"]),
                bytes.fromhex(log["data"][2:]),
            )
            for log in raw["logs"]
        )
        number, gas = int(raw["blockNumber"], 16), int(raw["gasUsed"], 16)
        return Receipt(gas, self.engine.now(), number, logs, b"", self.engine)

    def close(self) -> None:
        """It ends cleanly at SIGTERM."""
        if self._process is None:
            return
        os.kill(self._pid, signal.SIGCONT)
        self._process.send_signal(signal.SIGTERM)
        try:
            assert self._process.wait(20) == 0, (self.folder / "log").read_text()
        finally:
            self._process.kill()
            self._process.wait(10)


def deployment_of(run: Replay) -> Deployment:
    """The file that `tandem deploy apply` would have written, without hashes."""
    tandem, exchange = run.stage.tandem, run.stage.exchange
    return Deployment(
        name="replay",
        chain_id=tandem.chain_id,
        block=0,
        deployer=run.stage.engine.accounts[0],
        first=0,
        contracts={
            n: Deployed(c.address, (), "", hash_of(c.engine.code(c.address)))
            for n, c in tandem.contracts.items()
        },
        venue={VENUE: exchange.recipe.name, **exchange.addresses()},
        roles={},
        settings={},
    )
