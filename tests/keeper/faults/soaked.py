"""One schedule of faults against `tandem run` behind two proxies, and a ledger of what the chain says of it.

The market lives meanwhile: time passes, its price walks, a trader trades. When all is healed the keeper is
left until nothing is due, and then journal and chain must be the same.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from eth_utils.crypto import keccak
from lived_in import Market

from faults.ledgers import GWEI
from faults.proxy import Proxy, between
from faults.schedules import BOTH, NODE, PROCESS, SPAN, Fault
from keeper.assembly import build
from keeper.settings import load_settings
from tandem.connection import connect
from tandem.engine.artifacts import ROOT
from tandem.errors import Reverted, TandemError
from tandem.units import WAD

STEP = 0.3
HEALING = 150.0
"""Seconds, at most, until a healed keeper has nothing more to do: it may have to be started once more."""
RICH = 1_000 * WAD
POOR = 10**13
ENDS = 5.0
"""Seconds in which a keeper that is told to end does (FAULTS 30)."""
LOOKS = 0.2


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
                return self._late(question, body)
            case _:
                return super().ask(body)

    def _late(self, question: Any, body: bytes) -> bytes:
        """What it said a few blocks ago."""
        head = int(self._plain("eth_blockNumber", [])["result"], 16)
        old = hex(max(head - self.behind, 0))
        if isinstance(question, dict) and question["method"] == "eth_blockNumber":
            return json.dumps({"jsonrpc": "2.0", "id": question["id"], "result": old}).encode()
        return super().ask(body.replace(b'"latest"', f'"{old}"'.encode()))

    def _plain(self, method: str, params: list[Any]) -> dict[str, Any]:
        said = Proxy.ask(
            self,
            json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode(),
        )
        return json.loads(said)

    def turn(self, fault: Fault | None) -> None:
        """Another fault, or none."""
        self.mode, self.size = (fault.kind, fault.size) if fault else ("", 0.0)
        self.behind = 1 + int(4 * self.size)
        self.status = {"busy": 503, "limit": 429}.get(self.mode, 200)
        self.delay = 60.0 if self.mode == "hang" else 0.0
        self.drip = 0.2 if self.mode == "drip" else 0.0
        self.answer = _other_chain if self.mode == "other chain" else lambda _, answer: answer


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


@dataclass
class Soak:
    """A schedule at work."""

    market: Market
    nodes: list[Faulty]
    process: Process
    faults: tuple[Fault, ...]
    random: Random
    price: float = 2_500.0
    base_fee: int = 0
    is_mining: bool = True
    purse: list[tuple[int, int]] = field(default_factory=list)
    """(block, wei) at which the keeper's purse was set."""
    foreign: set[str] = field(default_factory=set)
    """What was sent with the keeper's key by somebody else."""
    first: int = 0
    """The first block of the schedule."""
    nonce: int = 0
    slowest_end: float = 0.0

    # ---- the world
    def begin(self) -> None:
        engine = self.market.engine
        self.first, self.nonce = engine.block() + 1, self.market.nonce()
        self.fill(RICH)

    def fill(self, wei: int) -> None:
        engine = self.market.engine
        engine.request("anvil_setBalance", [self.market.tandem.keeper, hex(wei)])
        self.purse.append((engine.block(), wei))
        self.mine()

    def mine(self) -> None:
        engine = self.market.engine
        engine.request("anvil_setNextBlockBaseFeePerGas", [hex(self.base_fee)])
        engine.request("evm_mine", [])

    def live(self) -> None:
        """Some seconds of the market's: the price walks, who trades trades."""
        engine, tandem = self.market.engine, self.market.tandem
        if not self.is_mining:
            return
        engine.request("evm_increaseTime", [self.random.choice((1, 5, 20, 60))])
        with suppress(Reverted, TandemError):
            if self.random.random() < 0.5:
                self.price *= 1 + self.random.gauss(0.0, 0.004)
            tandem.exchange.set_index(round(self.price) * WAD)
            tandem.exchange.converge(round(self.price) * WAD)
            if self.random.random() < 0.2:
                series, units = self.market.series, self.random.choice((200_000, 500_000))
                act = tandem.mint if self.random.random() < 0.6 else tandem.close
                act(series, units)
        self.mine()

    # ---- faults
    def start(self, fault: Fault) -> None:
        """What changes the chain does not while nobody mines."""
        if fault.kind in NODE:
            for node in self.struck(fault):
                node.turn(fault)
        elif self.is_mining or fault.kind in PROCESS:
            getattr(self, f"_{fault.kind}")(fault)

    def struck(self, fault: Fault) -> list[Faulty]:
        return self.nodes if fault.node == BOTH else [self.nodes[fault.node]]

    def _kill(self, _: Fault) -> None:
        self.process.end(signal.SIGKILL)

    def _term(self, _: Fault) -> None:
        self.slowest_end = max(self.slowest_end, self.process.end(signal.SIGTERM))

    def _stop(self, _: Fault) -> None:
        self.process.tell(signal.SIGSTOP)

    def _reorg(self, fault: Fault) -> None:
        engine = self.market.engine
        depth = min(1 + int(5 * fault.size), engine.block() - self.first)
        if depth > 0:
            engine.request("anvil_reorg", [depth, []])

    def _stuck(self, _: Fault) -> None:
        self.is_mining = False
        self.market.engine.request("evm_setAutomine", [False])

    def _dear(self, _: Fault) -> None:
        self.base_fee = 500 * GWEI

    def _rival(self, _: Fault) -> None:
        tandem = self.market.tandem
        with suppress(Reverted, TandemError):
            tandem.market.rebalance(0).send(tandem.trader)

    def _elsewhere(self, _: Fault) -> None:
        who = self.market.tandem.keeper
        sent = {"from": who, "to": who, "gas": "0x5208", "gasPrice": hex(600 * GWEI)}
        with suppress(TandemError):
            self.foreign.add(self.market.engine.request("eth_sendTransaction", [sent]))

    def _jump(self, fault: Fault) -> None:
        with suppress(TandemError):
            self.market.tandem.exchange.set_index(
                round(self.price * (1.3 if fault.size < 0.5 else 0.7)) * WAD
            )

    def _broke(self, _: Fault) -> None:
        self.fill(POOR)

    def heal(self, fault: Fault) -> None:
        match fault.kind:
            case kind if kind in NODE:
                for node in self.struck(fault):
                    node.turn(None)
            case "stop":
                self.process.tell(signal.SIGCONT)
            case "stuck":
                self.is_mining = True
                self.market.engine.request("evm_setAutomine", [True])
                self.mine()
            case "dear":
                self.base_fee = 0
            case "broke":
                self.fill(RICH)
            case _:
                pass

    def run(self) -> None:
        """The whole of it, and then the time to come to rest."""
        began, waiting, at_work = time.monotonic(), list(self.faults), list[Fault]()
        while (now := time.monotonic() - began) < SPAN or waiting or at_work:
            for fault in [fault for fault in at_work if fault.ends <= now]:
                at_work.remove(fault)
                self.heal(fault)
            while waiting and waiting[0].begins <= now:
                at_work.append(waiting.pop(0))
                self.start(at_work[-1])
            if not any(fault.kind in ("kill", "term") for fault in at_work):
                self.process.look_after()
            self.live()
            time.sleep(STEP)
        self.rest()

    def rest(self) -> None:
        """Until nothing is open and nothing is due."""
        self.base_fee, self.is_mining = 0, True
        for node in self.nodes:
            node.turn(None)
        engine, tandem = self.market.engine, self.market.tandem
        settings = load_settings(rpc=self.market.url)
        looking = build(settings, *connect(settings))
        due: Any = "it was never at rest"
        until = time.monotonic() + HEALING
        while time.monotonic() < until:
            self.process.look_after()
            engine.request("evm_increaseTime", [20])
            tandem.exchange.set_index(round(self.price) * WAD)
            tandem.exchange.converge(round(self.price) * WAD)
            self.mine()
            time.sleep(STEP)
            due = self.open()
            if not due:
                snapshot, plan = looking.plan()
                due = [intent for intent in plan.intents if intent.kind not in EVER]
                if not due and abs(snapshot.stance.residual) <= snapshot.stance.hard:
                    break
        else:
            raise AssertionError(f"not at rest: {due}")
        self.process.end(signal.SIGTERM)
        for _ in range(4):
            self.process.settle()
            if not self.open():
                return
        raise AssertionError(f"still open: {self.open()}")

    # ---- the ledger
    def rows(self) -> list[dict[str, Any]]:
        with sqlite3.connect(self.process.folder / "journal.sqlite") as db:
            db.row_factory = sqlite3.Row
            found = db.execute(
                "SELECT action, kind, a.state AS of_action, hash, nonce, t.state AS state, t.block AS block,"
                " block_hash, gas_used, paid FROM transactions t JOIN actions a ON a.id = action"
            ).fetchall()
        return [dict(row) for row in found]

    def open(self) -> list[str]:
        """What the journal waits for."""
        if not (self.process.folder / "journal.sqlite").exists():
            return ["no journal"]
        return [row["kind"] for row in self.rows() if row["state"] in ("planned", "sent")]

    def mined(self) -> dict[str, dict[str, Any]]:
        """The keeper's transactions on the chain as it is, by hash."""
        request, keeper = self.market.engine.request, self.market.tandem.keeper.lower()
        found: dict[str, dict[str, Any]] = {}
        for number in range(self.first, self.market.engine.block() + 1):
            for tx in request("eth_getBlockByNumber", [hex(number), True])["transactions"]:
                if tx["from"].lower() == keeper:
                    receipt = request("eth_getTransactionReceipt", [tx["hash"]])
                    found[tx["hash"]] = {
                        "nonce": int(tx["nonce"], 16),
                        "state": "mined" if receipt["status"] == "0x1" else "reverted",
                        "block": int(receipt["blockNumber"], 16),
                        "block_hash": receipt["blockHash"],
                        "gas_used": int(receipt["gasUsed"], 16),
                        "paid": int(receipt["gasUsed"], 16) * int(receipt["effectiveGasPrice"], 16),
                    }
        return found

    def check(self) -> None:
        """Journal and chain say the same, each act had one effect, and the purse is what it must be."""
        said = self.process.said.read_text(errors="replace")
        assert "Traceback" not in said, said[-3_000:]
        assert all(code == 2 for code in self.process.codes), (self.process.codes, said[-2_000:])
        assert self.slowest_end < ENDS
        chain, rows = self.mined(), self.rows()
        ours = {hash_: tx for hash_, tx in chain.items() if hash_ not in self.foreign}
        names = next(iter(ours.values()), {}).keys()
        written = {
            row["hash"]: {name: row[name] for name in names}
            for row in rows
            if row["state"] in ("mined", "reverted")
        }
        assert written == ours
        effects = [row["action"] for row in rows if row["state"] == "mined"]
        assert len(effects) == len(set(effects))
        known = {row["hash"] for row in rows}
        handed = {"0x" + keccak(raw).hex() for node in self.nodes for raw in node.raw}
        assert handed <= known
        assert sorted(tx["nonce"] for tx in chain.values()) == list(
            range(self.nonce, self.market.nonce())
        )
        block, purse = self.purse[-1]
        spent = sum(tx["paid"] for tx in chain.values() if tx["block"] > block)
        assert self.market.engine.balance(self.market.tandem.keeper) == purse - spent


EVER = ("post", "remark", "poke", "stamp")
"""What time alone makes due again."""


@contextmanager
def soaking(market: Market, folder: Path, faults: tuple[Fault, ...], seed: int) -> Generator[Soak]:
    """A keeper between two nodes that do what the schedule says; ended whatever happens."""
    with ExitStack() as left:
        nodes = [left.enter_context(between(market.url, Faulty)) for _ in range(2)]
        process = Process(nodes, folder, folder / "said")
        left.callback(process.end, signal.SIGKILL)
        soak = Soak(market, nodes, process, faults, Random(seed))
        soak.begin()
        yield soak
