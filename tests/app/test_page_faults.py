"""What goes wrong around the page: words, no lost state, nothing sent twice."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from browsing import Window

from tandem.protocol.deployment import Deployment, handles


@pytest.mark.long
def test_a_surface_that_nobody_renews_is_said_to_be_old(window: Window) -> None:
    """The keeper stands still, and a surface is good for a quarter of an hour."""
    keeper = next(pid for pid in window.up.children() if b"run" in _typed(pid))
    os.kill(keeper, signal.SIGSTOP)
    try:
        assert "fail 0" in window.scenario("stale")
    finally:
        os.kill(keeper, signal.SIGCONT)


@pytest.mark.long
def test_whatever_goes_wrong_is_said_and_nothing_is_lost_or_sent_twice(window: Window) -> None:
    found = Deployment.load(window.up.file)
    guardian = handles(window.engine, found).guardian
    said = window.scenario(
        "faults",
        guardian=found.roles["guardian"],
        guardianContract=guardian.address,
        pause="0x" + guardian.pause().data.hex(),
        takeDown="0x" + guardian.take_down().data.hex(),
    )
    assert "fail 0" in said


def _typed(pid: int) -> list[bytes]:
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
