"""Legs of a bundle are quoted in their order, and cost what was shown."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from browsing import APP, NODE, TRADER, Window

from tandem.client import Client
from tandem.engine.node import Node
from tandem.protocol.series import Series

SIZE = Decimal("0.4")
MOVES = 2e-4
"""What a price moves in the seconds between two blocks in which nobody trades, as a fraction."""


@contextmanager
def standing(window: Window) -> Iterator[None]:
    """Nobody moves the price and nobody hedges meanwhile; what is traded is taken back at the end."""
    pids = [window.up.process.pid, *(p for p in window.up.children() if _is_ours(p))]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    node = Node(window.rpc)
    snapshot = node.request("evm_snapshot", [])
    try:
        yield
    finally:
        node.request("evm_revert", [snapshot])
        for pid in reversed(pids):
            os.kill(pid, signal.SIGCONT)


def _is_ours(pid: int) -> bool:
    """Whether it is the keeper, and not the node."""
    return b"run" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def strangle(client: Client) -> list[Series]:
    """A put and a call of one expiry, near the money, both of which can be bought."""
    offered = [option.series for option in client.chain(SIZE, room=False).options if option.ask]
    expiry = offered[len(offered) // 2].expiry
    here = [series for series in offered if series.expiry == expiry]
    puts = [series for series in here if series.is_put]
    return [puts[-1], next(series for series in here if not series.is_put)]


def told(window: Window, legs: list[Series], account: str) -> dict[str, Any]:
    ids = json.dumps([str(series.id) for series in legs])
    units = str(int(SIZE.scaleb(6)))
    said = window.node("tests/bundles.ts", window.rpc, str(window.up.file), account, units, ids)
    found: dict[str, Any] = json.loads(said)
    return found


@pytest.mark.sampled
@pytest.mark.parametrize("who", ["an account", "nobody"])
def test_a_later_leg_costs_what_it_was_quoted_at_after_the_earlier_one(
    window: Window, who: str
) -> None:
    account = window.engine.accounts[TRADER]
    client = Client.connect(window.rpc, window.up.file, account)
    legs = strangle(client)
    with standing(window):
        said = told(window, legs, account if who == "an account" else "")
        assert not said["why"]
        paid = [int(client.mint(series, SIZE).after.paid.scaleb(6)) for series in legs]
    in_turn, alone = ([int(each["total"]) for each in said[kind]] for kind in ("inTurn", "alone"))
    assert in_turn[0] == alone[0]
    assert abs(alone[1] / paid[1] - 1) > 10 * MOVES, "the order does not matter to these legs"
    assert paid == pytest.approx(in_turn, rel=MOVES)


def test_a_node_is_asked_sparingly_for_what_comes_after_a_trade() -> None:
    done = subprocess.run(
        [NODE, "--test", "tests/simulating.ts"], cwd=APP, text=True, capture_output=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
