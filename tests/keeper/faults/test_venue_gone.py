"""A hedge venue that answers nothing, before and after a guardian says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from faults.conftest import Told
from keeper.journal import State, read_actions
from tandem.engine.artifacts import ROOT

Run = Callable[..., Result]
PARTS = ("clearing_house", "account_balance", "vault", "exchange")
PATIENCE = 240.0
"""Seconds until a test that waits is called stuck: a busy machine takes a tenth of it."""


def codes(market: Any) -> dict[str, str]:
    parts = (getattr(market.tandem.exchange, name).address for name in PARTS)
    return {where: market.engine.request("eth_getCode", [where, "latest"]) for where in parts}


def put(market: Any, found: dict[str, str]) -> None:
    for where, code in found.items():
        market.engine.request("anvil_setCode", [where, code])


def done(journal: Path) -> list[tuple[str, State]]:
    return [(a.kind, a.state) for a in read_actions(journal, 9)] if journal.exists() else []


def until(
    true: Callable[[], bool], market: Any, process: subprocess.Popen[str], errors: Path
) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert process.poll() is None, errors.read_text()
        assert time.monotonic() < deadline, errors.read_text()
        market.engine.request("evm_mine", [])
        time.sleep(0.2)


def test_a_keeper_outlives_a_venue_that_answers_nothing(
    tandem: Run, market: Any, settings: Path, told: Told
) -> None:
    """FAULTS 28: "the process alive, or stopped loudly"; HG-19. `tandem run` ended with "reverted without a
    reason", and so ended the posts and settlements for which no venue is needed once a guardian spoke."""
    sound = codes(market)
    errors, journal = settings / "errors", settings / "journal.sqlite"
    put(market, dict.fromkeys(sound, "0xfe"))
    market.engine.advance(900)  # a post is due
    with errors.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "tandem", "run"], cwd=ROOT, text=True, stderr=stream,
            stdout=subprocess.PIPE, env=os.environ | {"TANDEM_POLL_SECONDS": "0.1"},
        )  # fmt: skip
    try:
        until(lambda: "does not answer" in errors.read_text(), market, process, errors)
        for _ in range(5):
            market.engine.request("evm_mine", [])
            time.sleep(0.2)
        assert errors.read_text().count("does not answer") == 1
        assert told.says("TandemWarning", "does not answer")
        market.tandem.guardian.send("take_down", sender=market.tandem.roles.guardian)
        posted = ("post", State.MINED)
        until(lambda: posted in done(journal), market, process, errors)
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
    finally:
        process.kill()
        process.wait(10)
    assert set(done(journal)) == {posted}


def test_every_look_says_that_the_venue_does_not_answer(tandem: Run, market: Any) -> None:
    """The doctor printed nothing at all, of what it had found before neither; others named no contract."""
    put(market, dict.fromkeys(codes(market), "0xfe"))
    doctor = tandem("doctor")
    assert doctor.exit_code == 1
    assert "ok    owner" in doctor.stdout
    assert "fail  market: the hedge venue does not answer" in doctor.stdout
    for command in (("status",), ("risk",), ("chain",), ("mint", "ATM-21D-C", "1", "--dry-run")):
        result = tandem(*command)
        assert result.exit_code == 2
        assert "the hedge venue does not answer" in result.stderr
        assert "take-down" in result.stderr


def test_a_venue_that_was_taken_down_is_said_beside_opens_and_margin(
    tandem: Run, market: Any
) -> None:
    """HG-19. `status` said "opens allowed" and "margin 0.00 USD"."""
    put(market, dict.fromkeys(codes(market), "0xfe"))
    market.tandem.guardian.send("take_down", sender=market.tandem.roles.guardian)
    shown = tandem("status").stdout
    assert "refused: a guardian took the hedge venue down" in shown
    assert "counts for nothing" in shown
