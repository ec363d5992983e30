"""The option chain shows what trades then cost, and how much of each there is."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from click.testing import Result
from worlds import World

from tandem.client import Client
from tandem.client.errors import ClientError, StaleError
from tandem.engine.node import Node
from tandem.model.svi import Slice
from tandem.protocol.bindings.lens import Lens
from tandem.protocol.series import Series, next_expiry
from tandem.protocol.terms import FIELDS
from tandem.units import DAY, WAD, AmountError

SKEWED = Slice(a=0.20, b=0.30, rho=-0.20, m=0.02, s=0.35, basis=0.03, stickiness=1.5)
FLAT = Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)
Connect = Callable[..., Client]
# A trade is a block later than its quote: this much of a 0.15 volatility-day's theta, USD an ETH.
SECONDS = Decimal("0.002")


def test_an_ask_is_what_the_mint_then_takes(trader: Client, market: Any) -> None:
    for option in trader.chain("0.5").options:
        if option.ask is None:
            continue
        mark = market.engine.request("evm_snapshot", [])
        paid = trader.mint(option.series, "0.5").after.paid
        assert abs(paid - option.ask) < SECONDS
        market.engine.request("evm_revert", [mark])


def test_a_bid_is_what_the_close_then_pays(trader: Client, market: Any) -> None:
    trader.mint(market.series, 1)
    bid = trader.chain(1)[str(market.series)].bid
    assert bid is not None
    paid = -trader.close(market.series, 1).after.paid
    assert abs(paid - bid) < SECONDS


def test_what_a_part_pays_is_no_price_of_the_whole(
    trader: Client, beside: World, market: Any, tandem: Callable[..., Result]
) -> None:
    """The bid for 8 ETH was what two and a half of them paid, `tandem quote` did not say of what size it was,
    and of a position that only a part of may go the chain was said to refuse the call."""
    beside.set_terms(reserve=500, max_trade=1_000)
    trader.mint(market.series, 8)
    beside.mint(beside.put(2_500), 8 * 10**6)
    beside.lp_exits()
    beside.push(3_400)
    market.tandem.exchange.converge(3_400 * WAD)
    beside.freshen()
    quoted = trader.quote(market.series, 8, is_close=True)
    assert 0 < quoted.size < quoted.asked
    option = trader.chain(8, room=False)[str(market.series)]
    assert (option.bid, option.no_bid) == (None, quoted.short)
    named = ("quote", str(market.series), "8", "--close")
    shown = " ".join(tandem(*named, "--rpc", market.url).stdout.split())
    assert "the part of 8.000000 ETH that floor and margin let go" in shown
    said = tandem("positions", "--account", trader.address).stdout
    assert f"{market.series}: only " in said
    assert "refused the call" not in said


def test_bid_and_ask_are_the_quotes_of_that_size(trader: Client) -> None:
    chain = trader.chain("0.3", room=False)
    assert len(chain.options) == 7  # four strikes, one of them a cap alone
    for option in chain.options:
        for price, reason, is_close in (
            (option.ask, option.no_ask, False),
            (option.bid, option.no_bid, True),
        ):
            if price is not None:
                assert trader.quote(option.series, "0.3", is_close=is_close).total == price
            else:
                with pytest.raises(ClientError):
                    trader.quote(option.series, "0.3", is_close=is_close)
                assert reason


def test_mid_delta_and_volatility_are_the_contracts_own(trader: Client, market: Any) -> None:
    expiry = next_expiry(market.engine.now(), 30)
    market.tandem.list_expiry(expiry, [2_250, 2_500, 2_750, 3_000])
    market.tandem.post({expiry: SKEWED})
    market.engine.advance(61)
    for series in (Series(expiry, True, 2_250), Series(expiry, False, 2_750, 3_000)):
        market.tandem.mint(series, 2 * 10**6)  # so that every series of the expiry has a bid
    lens = Lens.of(market.tandem.lens)
    checked: set[Series] = set()
    for option in trader.chain(1).options:
        is_close = option.ask is None
        if option.mark is None or (is_close and option.bid is None):
            continue
        greeks = lens.quote(option.series.id, 10**6, is_close).greeks
        assert option.mark.mid == pytest.approx(greeks.value / 1e18, abs=1e-3)
        assert option.mark.delta == pytest.approx(greeks.delta / 1e18, abs=1e-6)
        assert option.mark.vol == pytest.approx(greeks.sigma / 1e18, abs=1e-8)
        checked.add(option.series)
    assert {Series(expiry, False, 2_500, 3_000), Series(expiry, True, 2_500)} <= checked


def test_the_room_can_be_minted_and_no_more(trader: Client, fund: Any, market: Any) -> None:
    fund(trader.address, 100_000)
    room = trader.chain(1)[str(market.series)].room
    assert room is not None
    assert room.size == Decimal(8)  # 2 % of a million, at 2,500 USD
    assert room.reason == "limits: size over cap"
    with pytest.raises(ClientError, match="size over cap") as refused:
        trader.mint(market.series, room.size + Decimal("0.01"))
    assert "Now 8 ETH of it open at the most." in str(refused.value)
    assert trader.mint(market.series, room.size).after.holding == room.size


def test_the_room_ends_where_the_book_is_full(trader: Client, fund: Any, market: Any) -> None:
    """A lower cap takes the delay: it "could lower what holders are bid" (contracts/terms.toml)."""
    guardian, owner = market.tandem.guardian, market.tandem.roles.owner
    vega_cap = FIELDS["vega_cap"].index
    guardian.send("set_term", vega_cap, 10, sender=owner)  # 100 USD a vol point
    guardian.send("set_term", FIELDS["hour"].index, 60_000, sender=owner)
    market.engine.advance(2 * DAY)
    for field in (vega_cap, FIELDS["hour"].index):
        guardian.send("apply", field, sender=owner)
    market.tandem.exchange.set_index(2_500 * WAD)
    market.tandem.post({market.series.expiry: FLAT})
    market.engine.advance(61)
    put = Series(market.series.expiry, True, 2_500)
    for series in (put, market.series, put, market.series):
        market.tandem.mint(series, 8 * 10**6)  # 34 ETH of 235 USD of vega are 80 of the 100
    market.tandem.mint(put, 6 * 10**6)
    fund(trader.address, 100_000)
    room = trader.chain(1)[str(market.series)].room
    assert room is not None
    assert Decimal(0) < room.size < Decimal(8)
    assert room.reason == "limits: book vega"
    step = Decimal(8) / 512 + Decimal("0.01")
    with pytest.raises(ClientError):
        trader.quote(market.series, room.size + step)
    trader.mint(market.series, room.size)


def test_a_chain_takes_few_round_trips(trader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    posts: list[str] = []
    answer = Node._answer
    monkeypatch.setattr(
        Node, "_answer", lambda self, text: posts.append(text) or answer(self, text)
    )
    cells = 2 * len(trader.chain(1, room=False).options)
    assert len(posts) < cells


def test_no_chain_without_a_size(trader: Client) -> None:
    for size in ("0.0000001", "0", "-1", "nan", "one"):
        with pytest.raises(AmountError, match="at most six decimals"):
            trader.chain(size)
    with pytest.raises(AmountError, match="is a float, and no size"):
        trader.chain(0.5)  # pyright: ignore[reportArgumentType]


def test_a_stale_market_shows_no_price_and_says_why(connect: Connect, market: Any) -> None:
    market.engine.advance(2_000)  # past the surface's 900 s, inside the feed's 4,000
    chain = connect().chain(1)
    assert all(o.ask is None and o.bid is None for o in chain.options)
    assert {o.no_ask for o in chain.options} == {"market: surface stale"}
    with pytest.raises(StaleError) as refusal:
        connect().quote(market.series, 1)
    assert "keeper" in refusal.value.hint
    market.engine.advance(3_000)
    assert {o.no_ask for o in connect().chain(1).options} == {"spot: stale"}
    with pytest.raises(StaleError, match="spot: stale"):
        connect().quote(market.series, 1)


def test_a_paused_market_says_so(connect: Connect, market: Any) -> None:
    market.tandem.guardian.send("pause", sender=market.tandem.keeper)
    assert connect().chain(1, room=False).is_paused
