"""One schedule of faults against `tandem run` behind two proxies.

The market lives meanwhile: time passes, its price walks, a trader trades. When all is healed the keeper is
left until nothing is due, and then journal and chain must be the same (`faults.soak_ledger`).
"""

from __future__ import annotations

import signal
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from lived_in import Market

from faults.ledgers import GWEI
from faults.parties import Faulty, Process
from faults.proxy import between
from faults.schedules import BOTH, NODE, PROCESS, SPAN, Fault
from keeper.assembly import build
from keeper.settings import load_settings
from tandem.connection import connect
from tandem.errors import Reverted, TandemError
from tandem.units import WAD

STEP = 0.3
HEALING = 150.0
"""Seconds, at most, until a healed keeper has nothing more to do: it may have to be started once more."""
RICH = 1_000 * WAD
POOR = 10**13
ENDS = 5.0
"""Seconds in which a keeper that is told to end does (FAULTS 30)."""


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
        # Nothing may be mined meanwhile: anvil would put its block onto one that it unwinds, and the chain
        # would lack that number.
        engine = self.market.engine
        engine.request("evm_setAutomine", [False])
        self.mine()
        depth = min(1 + int(5 * fault.size), engine.block() - self.first)
        if depth > 0:
            engine.request("anvil_reorg", [depth, []])
        engine.request("evm_setAutomine", [True])
        self.mine()

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
            due = self.process.open()
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
            if not self.process.open():
                return
        raise AssertionError(f"still open: {self.process.open()}")


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
