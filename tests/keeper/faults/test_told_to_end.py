"""SIGTERM ends `tandem run` in under five seconds wherever it is, and what it had begun is done once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from faults.conftest import Told
from faults.proxy import Proxy
from keeper.cli.run import RUNNER
from keeper.journal import State, read_actions
from tandem.engine.artifacts import ROOT

pytestmark = pytest.mark.usefixtures("as_before")

Run = Callable[..., Result]
SECONDS = 5.0
PATIENCE = 60.0


OURS = (sys.executable, "-m", "tandem", "run", "--log", "json")
SILVERBACKS = (
    str(Path(sys.executable).parent / "silverback"), "run", "keeper.bot:bot",
    *RUNNER, "--network", "ethereum:local:foundry", "--account", "TEST::3",
)  # fmt: skip


@contextmanager
def running(
    url: str, said: Path, command: tuple[str, ...] = OURS, **more: str
) -> Iterator[subprocess.Popen[bytes]]:
    own = {"TANDEM_POLL_SECONDS": "0.2", "TANDEM_LOG": "json", "TANDEM_RPC": url}
    with said.open("wb") as stream:
        process = subprocess.Popen(
            command, env=os.environ | own | more, cwd=ROOT, stdout=stream, stderr=stream,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # nohup has it ignored
        )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(
    holds: Callable[[], bool],
    process: subprocess.Popen[bytes],
    said: Path,
    meanwhile: Callable[[], object] = lambda: None,
) -> None:
    limit = time.monotonic() + PATIENCE
    while not holds():
        assert process.poll() is None, said.read_text()
        assert time.monotonic() < limit, said.read_text()
        meanwhile()
        time.sleep(0.1)


def told_to_end(
    process: subprocess.Popen[bytes], said: Path, number: signal.Signals = signal.SIGTERM
) -> None:
    began = time.monotonic()
    process.send_signal(number)
    assert process.wait(PATIENCE) == 0, said.read_text()
    assert time.monotonic() - began < SECONDS
    assert "Traceback" not in said.read_text()
    assert '"keeper stopped"' in said.read_text()


@pytest.mark.long
@pytest.mark.parametrize("where", ["backing off", "between blocks"])
def test_a_keeper_that_has_sent_nothing_ends(
    tandem: Run, market: Any, proxy: Proxy, settings: Path, where: str
) -> None:
    """FAULTS 30: "SIGTERM … clean exit < 5 s". While a node says nothing: `test_two_nodes.py`."""
    said = settings / "said"
    with running(proxy.url, said) as process:
        until(lambda: '"heartbeat"' in said.read_text(), process, said)
        if where == "backing off":
            proxy.answer = lambda asked, _: {"id": asked["id"]}
            market.engine.request("evm_mine", [])
            asked = len(proxy.asked)
            until(lambda: len(proxy.asked) > asked + 3, process, said)
        told_to_end(process, said)
    assert read_actions(settings / "journal.sqlite", 5) == []


@pytest.mark.sampled
@pytest.mark.parametrize(
    "where",
    ["handing it over", "waiting for a block", pytest.param("handed over", marks=pytest.mark.long)],
)
def test_what_was_signed_when_it_ends_is_done_once(
    tandem: Run, market: Any, proxy: Proxy, settings: Path, where: str
) -> None:
    """FAULTS 14 to 16 and 30: signed and journalled but with no node; with a node that has not said so; and
    while its block is waited for."""
    said, before = settings / "said", market.nonce()
    waits = threading.Event()
    ask, handed = proxy.ask, list[bool]()

    def hold(body: bytes) -> bytes:
        if b"eth_sendRawTransaction" in body:
            handed.append(True)
            answer = b"" if where == "handing it over" else ask(body)
            if where != "waiting for a block":
                waits.set()
                time.sleep(PATIENCE)
            return answer
        if b"eth_getTransactionReceipt" in body and handed:
            waits.set()
        return ask(body)

    proxy.ask = hold
    if where == "waiting for a block":
        market.engine.request("evm_setAutomine", [False])
    with running(proxy.url, said) as process:
        until(lambda: '"keeper started"' in said.read_text(), process, said)
        market.engine.request("evm_increaseTime", [700])
        market.engine.request("evm_mine", [])  # a post is due
        until(waits.is_set, process, said)
        time.sleep(0.3)
        told_to_end(process, said)
    (action,) = read_actions(settings / "journal.sqlite", 5)
    assert action.state in (State.PLANNED, State.SENT)
    assert market.nonce() - before == (1 if where == "handed over" else 0)
    market.engine.request("evm_setAutomine", [True])
    assert tandem("run", "--once").exit_code == 0
    market.engine.request("evm_mine", [])
    assert tandem("run", "--once").exit_code == 0
    acts = read_actions(settings / "journal.sqlite", 5)
    assert [each.state for each in acts if each.id == action.id] == [State.MINED]
    assert market.nonce() - before == len(acts)


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_under_silverback_it_ends_while_its_node_says_nothing(
    tandem: Run, market: Any, proxy: Proxy, settings: Path, number: signal.Signals
) -> None:
    """FAULTS 30: it waited for the blocks that it had begun, twenty seconds of a node's silence each. A
    terminal that was closed killed it."""
    said, host = settings / "said", {"APE_FOUNDRY_HOST": market.url}
    with running(proxy.url, said, SILVERBACKS, **host) as process:
        until(lambda: '"heartbeat"' in said.read_text(), process, said, lambda: mine(market))
        proxy.delay = PATIENCE
        for _ in range(3):
            mine(market)
            time.sleep(1.0)
        told_to_end(process, said, number)


@pytest.mark.long
def test_under_silverback_a_halt_is_told_of_and_ends_with_an_error(
    tandem: Run, market: Any, settings: Path, told: Told
) -> None:
    """Issue: "two faces of one loop with the same … exit codes (nonzero on a halt)"; FAULTS 27."""
    said, host = settings / "said", {"APE_FOUNDRY_HOST": market.url}
    with running(market.url, said, SILVERBACKS, **host) as process:
        until(lambda: '"heartbeat"' in said.read_text(), process, said, lambda: mine(market))
        desk = market.deployment.address("MarginDesk")
        code = market.engine.request("eth_getCode", [desk, "latest"])
        market.engine.request("anvil_setCode", [desk, code + "00"])
        market.engine.request("evm_increaseTime", [700])
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            mine(market)
            time.sleep(0.5)
        market.engine.request("anvil_setCode", [desk, code])
        assert process.wait(1) == 2, said.read_text()
    assert told.says("TandemKeeperGone", "other code stands at MarginDesk")


def mine(market: Any) -> None:
    market.engine.request("evm_mine", [])
