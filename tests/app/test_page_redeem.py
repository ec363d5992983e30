"""What the page says of an account is what the library says, to the cent: while options live, once they are
expired, and after a browser has settled and redeemed."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browsing import TRADER, Window

from tandem.client import Client
from tandem.client.positions import Portfolio, Position
from tandem.protocol.rounds import settlement_round
from tandem.protocol.series import Series
from tandem.units import decimal

SIZE = "5"
MONEY = ("paid", "received", "value", "profit")


def client_of(window: Window) -> Client:
    return Client.connect(window.rpc, window.up.file, window.engine.accounts[TRADER])


def straddle(client: Client) -> list[Series]:
    """A put and a call of the first expiry at one strike."""
    chain = client.chain(SIZE, room=False)
    offered = [each.series for each in chain.options if each.ask is not None]
    first = min(series.expiry for series in offered)
    puts = [series for series in offered if series.expiry == first and series.is_put]
    calls = [series for series in offered if series.expiry == first and not series.is_put]
    return next([put, call] for put in puts for call in calls if put.strike == call.strike)


@contextmanager
def stopped_keeper(window: Window) -> Generator[None]:
    """Nobody settles meanwhile."""
    keeper = next(
        pid for pid in window.up.children()
        if b"anvil" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    )  # fmt: skip
    os.kill(keeper, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(keeper, signal.SIGCONT)


def told_of(window: Window, client: Client) -> tuple[dict[str, dict[str, Any]], Portfolio]:
    """The page's positions by name, and the library's of the same block; what is no money is compared."""
    account = client.session.who.address
    said = json.loads(window.node("tests/accounts.ts", window.rpc, str(window.up.file), account))
    with client.session.engine.pinned(said["block"]):
        ours = client.positions()
    assert decimal(int(said["allowance"])) == ours.allowance
    told = {each["name"]: each for each in said["positions"]}
    assert sorted(told) == sorted(str(position.series) for position in ours.options)
    return told, ours


def check(told: dict[str, dict[str, Any]], ours: Portfolio) -> None:
    for position in ours.options:
        page = told[str(position.series)]
        assert decimal(int(page["units"])) == position.size
        assert decimal(int(page["transferred"])) == position.transferred
        assert page["refused"] == (position.no_value if position.value is None else "")
        for name in MONEY:
            theirs = None if page[name] is None else decimal(int(page[name]))
            assert theirs == getattr(position, name), (name, position)


@pytest.fixture(scope="module")
def held(window: Window) -> dict[Series, Position]:
    """A straddle, a part of the call that was sold back, and a part of the put that was given away."""
    client = client_of(window)
    put, call = straddle(client)
    for series in (put, call):
        client.mint(series, SIZE)
    client.close(call, "1")
    option, who = client.session.on.option, client.session.who.address
    option.transfer(window.engine.accounts[2], put.id, 20_000).send(who)
    return {position.series: position for position in client.positions().held}


@pytest.mark.long
def test_positions_of_the_page_are_the_library_s_while_options_live(
    window: Window, held: dict[Series, Position]
) -> None:
    told, ours = told_of(window, client_of(window))
    check(told, ours)
    assert len(ours.held) == len(held)
    assert any(position.transferred for position in ours.options)
    assert any(position.received for position in ours.options)


def test_a_browser_settles_what_nobody_settled_and_redeems(
    window: Window, held: dict[Series, Position]
) -> None:
    names = [str(series) for series in held]
    expiry = next(iter(held)).expiry
    with stopped_keeper(window):
        told = window.scenario("redeem", expiry=expiry, names=names)
    assert "fail 0" in told


def test_after_it_both_say_what_was_paid_and_by_which_round(
    window: Window, held: dict[Series, Position]
) -> None:
    client = client_of(window)
    told, ours = told_of(window, client)
    check(told, ours)
    assert not ours.held
    on = client.session.on
    for position in ours.options:
        series, before = position.series, held[position.series]
        pays = series.paid(int(before.size.scaleb(6)), on.market.settlement(series.expiry))
        assert position.received - before.received == decimal(pays)
        assert int(told[str(series)]["round"]) == settlement_round(on.feed, on.spot, series.expiry)
