"""In a browser: an LP comes in, sees what can be lost, asks to leave, is processed, and claims."""

from __future__ import annotations

import json
from typing import Any

import pytest
from browsing import LP, Window

from tandem.client import Client, gate, liquidity
from tandem.client.amounts import SHARES
from tandem.protocol.waits import snapshot_of
from tandem.units import decimal

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def said(window: Window) -> str:
    """What the scenario says of itself: once in each process, whichever of the tests it has."""
    return window.scenario("earn")


def test_an_lp_comes_in_and_leaves_in_a_real_browser(said: str) -> None:
    assert "fail 0" in said


@pytest.mark.usefixtures("said")
def test_the_stake_of_the_page_is_the_library_s(window: Window) -> None:
    account = window.engine.accounts[LP]
    client = Client.connect(window.rpc, window.up.file, account)
    client.request_exit("500")
    said: dict[str, Any] = json.loads(
        window.node("tests/accounts.ts", window.rpc, str(window.up.file), account)
    )
    told, session = said["stake"], client.session
    with session.engine.pinned(said["block"]):
        ours, snapshot = liquidity.stake(session), snapshot_of(session.on)
    assert decimal(int(told["shares"]), SHARES) == ours.shares > 0
    assert decimal(int(told["pending"]), SHARES) == ours.pending > 0
    assert sum(int(each["waiting"]) for each in told["tickets"]) == int(told["pending"])
    assert decimal(int(told["worth"])) == ours.worth
    assert decimal(int(told["claimable"])) == ours.claimable
    put, taken = decimal(int(told["put"])), decimal(int(told["taken"]))
    assert put == 50_000, "two deposits of the scenario"
    assert taken == pytest.approx(10_000, rel=0.01), "one claim of it"
    earned = ours.worth + decimal(int(told["pendingWorth"])) + ours.claimable + taken - put
    assert decimal(int(told["earned"])) == earned
    assert {round(each["move"] * 100): each["all"] for each in said["jumps"]} == pytest.approx(
        gate.hedged(snapshot), abs=0.005
    )
