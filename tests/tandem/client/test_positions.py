"""What an account holds, paid and has won, from its own events and the chain's quotes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tandem.client import Client
from tandem.client.positions import curve
from tandem.engine.rpc import RpcError
from tandem.protocol.rounds import settlement_round

Connect = Callable[..., Client]
KINDS = 5
"""Questions for events of which a past is made."""


def test_profit_is_what_the_purse_says(trader: Client, market: Any) -> None:
    token = market.tandem.exchange.usdc
    start = token.call("balanceOf", trader.address)
    trader.mint(market.series, 2)
    trader.close(market.series, "0.5")
    (position,) = trader.positions().options
    assert position.size == Decimal("1.5")
    spent = Decimal(start - token.call("balanceOf", trader.address)).scaleb(-6)
    assert position.paid - position.received == spent
    assert position.value == pytest.approx(
        trader.quote(market.series, "1.5", is_close=True).total, abs=Decimal("0.001")
    )
    assert position.profit is not None
    trader.close(market.series, "1.5")
    (closed,) = trader.positions().options
    assert closed.size == closed.value == 0
    assert closed.profit == Decimal(token.call("balanceOf", trader.address) - start).scaleb(-6)
    assert trader.positions().held == ()


def test_what_came_by_transfer_has_no_known_cost(
    trader: Client, connect: Connect, market: Any
) -> None:
    option, giver = market.tandem.option, market.tandem.trader
    option.send("transfer", trader.address, market.series.id, 500_000, sender=giver)
    (mine,) = trader.positions().options
    assert (mine.size, mine.paid, mine.transferred) == (Decimal("0.5"), 0, Decimal("0.5"))
    (theirs,) = connect(giver).positions().options
    assert (theirs.size, theirs.transferred) == (Decimal("1.5"), Decimal("-0.5"))
    assert mine.value
    assert mine.moved == theirs.moved == Decimal("0.5")
    assert mine.profit is theirs.profit is None


def test_a_settled_option_is_worth_its_payoff_until_it_is_redeemed(
    trader: Client, market: Any
) -> None:
    trader.mint(market.series, 1)
    market.engine.set_time(market.series.expiry)
    (waiting,) = trader.positions().options
    assert (waiting.value, waiting.no_value) == (None, "spot: stale")
    market.engine.advance(60)
    market.tandem.exchange.set_index(2_700 * 10**18)
    market.tandem.settle(market.series.expiry, _round(trader, market))
    (settled,) = trader.positions().options
    assert (settled.settlement, settled.value) == (2_700, 200)
    trader.redeem(market.series)
    (redeemed,) = trader.positions().options
    assert (redeemed.size, redeemed.received, redeemed.profit) == (0, 200, 200 - redeemed.paid)


def _round(trader: Client, market: Any) -> int:
    h = trader.session.on
    found = settlement_round(h.feed, h.spot, market.series.expiry)
    assert found is not None
    return found


def test_logs_come_in_pages_that_the_node_takes(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    trader.mint(market.series, 1)
    whole = trader.positions()
    ask, widths = trader.session.engine.request, []

    def narrow(method: str, params: list[Any]) -> Any:
        if method == "eth_getLogs":
            asked = params[0]
            widths.append(int(asked["toBlock"], 16) - int(asked["fromBlock"], 16) + 1)
            if widths[-1] > 10:
                raise RpcError(method, {"code": -32005, "message": "block range too large"})
        return ask(method, params)

    monkeypatch.setattr(trader.session.engine, "request", narrow)
    assert trader.positions().options == whole.options
    assert max(widths) > 10 >= min(widths)


def test_a_curve_is_what_redemption_would_pay(trader: Client, market: Any) -> None:
    trader.mint(market.series, 2)
    held = trader.positions().held
    assert curve(held, [2_000.0, 2_600.0, 6_000.0]) == [0.0, 200.0, 5_000.0]


def test_an_lps_stake_stands_beside_the_options(connect: Connect, market: Any) -> None:
    stake = connect(market.tandem.lp).positions().stake
    assert stake.shares == Decimal(1_000_000)
    assert float(stake.worth) == pytest.approx(1_000_000, rel=0.001)


def test_what_is_traded_while_the_past_is_read_has_its_cost(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events were asked up to one block and balances of a later one: an option that was bought between the
    two had cost nothing, and all of its price was profit. The block and its time were a third one's."""
    trader.mint(market.series, 1)
    ask, bought, kinds = trader.session.engine.request, list[Any](), list[str]()

    def slow(method: str, params: list[Any]) -> Any:
        found = ask(method, params)
        kinds.append(method)
        if kinds.count("eth_getLogs") == KINDS and not bought:
            bought.append(None)
            bought.append(trader.mint(market.series, 2).after)
        return found

    monkeypatch.setattr(trader.session.engine, "request", slow)
    mine = trader.positions()
    (position,) = mine.options
    assert (position.size, position.transferred, position.moved) == (3, 0, 0)
    assert position.paid > bought[1].paid > 0
    assert position.profit is not None
    assert position.profit < 0


def test_the_block_that_is_named_is_the_one_that_was_read(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, ask = trader.session.engine, trader.session.engine.request
    seen = set[str]()

    def living(method: str, params: list[Any]) -> Any:
        if method == "eth_call":
            seen.add(params[1])
            ask("evm_mine", [])
        return ask(method, params)

    monkeypatch.setattr(engine, "request", living)
    monkeypatch.setattr(engine, "_batch", engine._one_by_one)  # pyright: ignore[reportPrivateUsage]
    mine = trader.positions()
    assert seen == {hex(mine.block)}
    assert mine.timestamp == int(
        ask("eth_getBlockByNumber", [hex(mine.block), False])["timestamp"], 16
    )


@pytest.mark.parametrize("id_", [1, 2**168 + 2**39, (2**40 - 1) << 128 | 5 << 64 | 4, 2**256 - 1])
def test_nothing_that_a_stranger_sends_hides_what_an_account_holds(
    trader: Client, market: Any, id_: int
) -> None:
    """Of no series at all, and of one in a year that no calendar has: nothing of either moves nothing, and is
    told as a transfer all the same. One such transfer, for gas, ended every look at positions."""
    trader.mint(market.series, 1)
    market.tandem.option.send("transfer", trader.address, id_, 0, sender=market.engine.accounts[4])
    (mine,) = trader.positions().options
    assert mine.series == market.series
    assert str(mine.series)


def test_nothing_that_a_stranger_redeems_for_an_account_is_its_past(
    trader: Client, market: Any
) -> None:
    """A week after an expiry anybody redeems nothing of any strike for whom he likes."""
    trader.mint(market.series, 1)
    market.engine.set_time(market.series.expiry)
    market.tandem.exchange.set_index(2_600 * 10**18)
    feed = market.tandem.exchange.feed
    market.tandem.settle(market.series.expiry, feed.call("latest_id"))
    market.engine.advance(8 * 86_400)
    id_ = market.series.expiry << 128 | (2**64 - 1) << 64 | 2**63
    who, stranger = trader.address, market.engine.accounts[4]
    market.tandem.market.send("redeem", id_, 0, who, who, sender=stranger)
    (mine,) = trader.positions().options
    assert mine.series == market.series
