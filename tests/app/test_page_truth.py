"""Figures of the page beside sums that are made by hand, on a market where what happened is known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from browsing import LP, TRADER, Window

from tandem.client import Client
from tandem.units import HOUR, USD

pytestmark = pytest.mark.long

MONEY = 20_000 * USD
GIVEN = 2
"""An account that buys nothing by itself."""
MANY = 10
"""Requests to leave, each in an hour of its own: two more than the Vault keeps apart."""


def told(window: Window, place: int) -> dict[str, Any]:
    """What the page says of an account."""
    account = window.engine.accounts[place]
    said: dict[str, Any] = json.loads(
        window.node("tests/accounts.ts", window.rpc, str(window.up.file), account)
    )
    return said


def client_of(window: Window, place: int) -> Client:
    """An account with money to trade with."""
    account = window.engine.accounts[place]
    client = Client.connect(window.rpc, window.up.file, account)
    token = client.session.token
    if token.balanceOf(account) < MONEY:
        token.transfer(account, MONEY).send(window.engine.accounts[LP])
    return client


def test_profit_is_unknown_where_options_came_or_went_by_a_transfer_though_as_many_came_as_went(
    window: Window,
) -> None:
    """What a gift cost nobody knows: neither is all of it a gain of who has it, nor a loss of who had it."""
    buyer, other = client_of(window, TRADER), client_of(window, GIVEN)
    option, series = buyer.session.on.option, buyer.mint("ATM-21D-C", "2").after.series
    who, whom = (c.session.who.address for c in (buyer, other))
    option.transfer(whom, series.id, 1_000_000).send(who)
    for place in (TRADER, GIVEN):
        (position,) = told(window, place)["positions"]
        assert position["profit"] is None, place
        (ours,) = client_of(window, place).positions().options
        assert ours.profit is None, place
    option.transfer(who, series.id, 1_000_000).send(whom)
    for place in (TRADER, GIVEN):
        (position,) = told(window, place)["positions"]
        assert int(position["transferred"]) == 0
        assert position["profit"] is None, place


def test_a_speck_of_an_option_that_somebody_sends_hides_no_profit(window: Window) -> None:
    """Anybody may send one; less than the smallest trade is no stake in anything."""
    holder, other = client_of(window, 3), client_of(window, 4)
    series = holder.mint("ATM-21D-P", "1").after.series
    other.mint(str(series), "0.1")
    who, whom = (c.session.who.address for c in (other, holder))
    holder.session.on.option.transfer(whom, series.id, 7).send(who)
    (position,) = told(window, 3)["positions"]
    assert int(position["transferred"]) == 7
    value = int(position["value"])
    assert int(position["profit"]) == value - int(position["paid"]) < 0


def test_what_was_earned_is_unknown_where_shares_came_and_went_again(window: Window) -> None:
    giver, lp = client_of(window, LP), client_of(window, 7)
    giver.deposit("2000")
    lp.deposit("1000")
    share, who, whom = giver.session.on.vault, giver.session.who.address, lp.session.who.address
    share.transfer(whom, 1).send(who)
    assert told(window, 7)["stake"]["earned"] is not None, (
        "one part in 10^18 of a share is nobody's stake"
    )
    share.transfer(whom, 500 * 10**18).send(who)
    share.transfer(who, 500 * 10**18).send(whom)
    assert int(told(window, 7)["stake"]["given"]) == 1
    assert told(window, 7)["stake"]["earned"] is None


def test_exits_that_wait_come_to_all_that_waits_however_many_were_asked_for(window: Window) -> None:
    """Who has eight requests open takes the last of them along (contracts/modules/exits.vy)."""
    lp = client_of(window, 8)
    lp.deposit("5000")
    asked = [100 + 10 * place for place in range(MANY)]
    for place, shares in enumerate(asked):
        lp.request_exit(str(shares))
        if place < MANY - 1:
            window.engine.request("evm_increaseTime", [HOUR])
            window.engine.request("evm_mine", [])
    stake = told(window, 8)["stake"]
    assert int(stake["pending"]) == sum(asked) * 10**18
    assert sum(int(each["waiting"]) for each in stake["tickets"]) == int(stake["pending"])
    assert [int(each["shares"]) // 10**18 for each in stake["tickets"]] == [
        *asked[:7],
        sum(asked[7:]),
    ]
    last = stake["tickets"][-1]["epoch"]
    assert [last - each["epoch"] for each in stake["tickets"]] == [*range(9, 2, -1), 0]
