"""What a keeper writes: surfaces of no moment to come, no fee past its caps, no word into a journal that is
gone, and a log that may find no reader."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result
from eth_account.typed_transactions.typed_transaction import TypedTransaction
from hexbytes import HexBytes

import keeper.assembly
from keeper import observer
from keeper.execution import regained
from keeper.journal import Journal, JournalError

from .ledgers import GWEI, blocks, costs, later, written
from .proxy import Proxy
from .test_journal_is_the_chain import happened

Run = Callable[..., Result]
pytestmark = pytest.mark.usefixtures("as_before")
QUICK = {
    "TANDEM_POLL_SECONDS": "0.2", "TANDEM_CYCLE_SECONDS": "8", "TANDEM_RPC_TIMEOUT": "3",
    "TANDEM_FEES__WAIT_SECONDS": "2",
}  # fmt: skip
SOON = 5.0
"""Seconds in which a process that is told to end ends (FAULTS 30)."""


def test_no_surface_is_signed_for_a_moment_to_come(
    tandem: Run, market: Any, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that is two hours ahead was shown the signature, and a stranger posted it two hours later."""
    market.engine.advance(700)
    clock = SimpleNamespace(time=lambda: float(market.engine.now() - 7_200))
    monkeypatch.setattr(keeper.assembly, "time", clock)
    proxy.answer = lambda q, a: (
        a | {"result": "Geth/v1.16.7"} if q["method"] == "web3_clientVersion" else a
    )
    before = market.nonce()
    said = tandem("run", "--once", "--rpc", proxy.url).stderr
    assert "no surface is signed for then" in said
    assert market.nonce() == before


def test_what_is_raised_stays_under_what_a_transaction_may_cost(
    tandem: Run, market: Any, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = market.engine
    monkeypatch.setenv("TANDEM_FEES__WAIT_SECONDS", "0.1")
    engine.advance(700)
    costs(market, 1 * GWEI)
    for name, value in {"MOST_GWEI": "100", "ACTION_ETH": "0.004", "DAY_ETH": "0.005"}.items():
        monkeypatch.setenv(f"TANDEM_FEES__{name}", value)
    engine.request("evm_setAutomine", [False])
    tandem("run", "--once")
    costs(market, 90 * GWEI)  # dear, and under MOST_GWEI
    for _ in range(3):
        later(settings, 40)
        tandem("run", "--once")
    with sqlite3.connect(settings / "journal.sqlite") as db:
        rows = db.execute("SELECT max_fee, raw FROM transactions").fetchall()
    assert rows
    for fee, raw in rows:
        gas = int(TypedTransaction.from_bytes(HexBytes(raw)).as_dict()["gas"])
        assert fee * gas <= 0.004e18


def test_a_journal_that_was_removed_or_replaced_is_written_no_more(tmp_path: Path) -> None:
    """Its transactions were in no file on the disk."""
    path = tmp_path / "journal.sqlite"
    journal = Journal(path, 31_337, "0x" + "11" * 20)
    journal.plan("post", (1,), "first", 1)
    path.rename(tmp_path / "aside")
    with pytest.raises(JournalError, match="is gone"):
        journal.plan("post", (2,), "second", 2)
    path.write_bytes((tmp_path / "aside").read_bytes())
    with pytest.raises(JournalError, match="another file"):
        journal.plan("post", (3,), "third", 3)
    journal.close()


def test_what_an_older_copy_lacks_is_found_on_the_chain(
    tandem: Run, market: Any, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup put back: what was sent since counts against what a day may cost."""
    monkeypatch.setattr(regained, "DAY", 10**9)  # the node's clock is its own
    engine, file = market.engine, settings / "journal.sqlite"
    engine.advance(700)
    tandem("run", "--once")
    copy = file.read_bytes()
    for _ in range(3):
        engine.advance(700)
        tandem("run", "--once")
    whole = [row[1:] for row in written(settings)]
    for beside in settings.glob("journal.sqlite*"):
        beside.unlink()
    file.write_bytes(copy)
    said = tandem("run", "--once").stderr
    assert said.count("sent, and the journal lacks it") == 3
    assert [row[1:] for row in written(settings)][: len(whole)] == whole
    blocks(market, 1)
    assert [r[1:] for r in written(settings)] == [r[1:] for r in happened(market, settings)]


def test_a_block_that_is_told_of_as_at_another_time_is_looked_at_again(
    tandem: Run, market: Any, settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By anvil, while it mines the next one: a slice of a moment ago was taken for one of then, and none was
    posted in its place once it was old."""
    market.engine.advance(700)
    true = observer.snapshot_of

    def early(on: Any) -> Any:
        seen = true(on)
        return replace(seen, timestamp=seen.timestamp + 700)

    monkeypatch.setattr(observer, "snapshot_of", early)
    said = tandem("run", "--once")
    assert said.exit_code == 2
    assert "and its time is" in said.stderr
    assert written(settings) == []
    monkeypatch.setattr(observer, "snapshot_of", true)
    assert tandem("run", "--once").exit_code == 0
    assert len(written(settings)) == 1


@pytest.mark.sampled
@pytest.mark.parametrize("reader", ["is gone", "reads nothing", "is a full disk"])
def test_a_log_without_a_reader_stops_no_hedge(
    market: Any, settings: Path, tandem: Run, reader: str
) -> None:
    """It ended with exit 0 and told nobody, or hung past SIGTERM with nothing sent."""
    read, write = os.pipe()
    fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, 4_096)
    full = os.open("/dev/full", os.O_WRONLY)
    begins = market.nonce()
    run = subprocess.Popen(
        [sys.executable, "-m", "tandem", "run", "--log-level", "debug"],
        env=os.environ | QUICK,
        stdout=subprocess.DEVNULL,
        stderr=full if reader == "is a full disk" else write,
    )
    try:
        os.close(write)
        if reader == "is gone":
            os.read(read, 100)  # it has begun
            os.close(read)
        for nth in (1, 2, 3):
            market.engine.advance(700)
            until = time.monotonic() + 40
            while market.nonce() < begins + nth and time.monotonic() < until:
                time.sleep(0.2)
            assert run.poll() is None
            assert market.nonce() >= begins + nth, "it posts"
        run.send_signal(signal.SIGTERM)
        began = time.monotonic()
        run.wait(20)
        assert time.monotonic() - began < SOON
    finally:
        run.kill()
        run.wait()
        os.close(full)
