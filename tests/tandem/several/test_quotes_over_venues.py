"""What a trade is quoted at where its order is split over several venues."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from lived_in import Market

from tandem.client import Client

SECONDS = Decimal("0.002")
"""A trade is a block later than its quote: this much of theta, USD an ETH."""


@pytest.fixture
def trader(settings: Path, market: Market) -> Client:
    """Whoever `tandem` trades for on a node of its own."""
    client = Client.connect(market.url, market.file)
    market.tandem.give(client.address, 10**10)
    return client


@pytest.mark.parametrize("home", [0, 2_450, 2_550])
def test_an_open_takes_what_its_quote_said(trader: Client, market: Market, home: int) -> None:
    """With nothing to bring home beside it, and with an inherited residual of either sign, of which each
    venue takes its own chunk."""
    if home:
        market.move(home)
        market.rest()
        stance = market.tandem.snapshot().stance
        assert abs(stance.residual) > stance.trigger
    quoted = trader.quote(market.series, "0.5")
    assert quoted.hedge_order != 0
    paid = trader.mint(market.series, "0.5").after
    assert abs(paid.paid - quoted.total) < SECONDS


@pytest.mark.proves("VS-2")
def test_where_a_venue_takes_no_order_the_quote_is_the_others(
    trader: Client, market: Market
) -> None:
    """Nothing says so but its refusal: the lending market has paused ether. What is quoted is what the router
    does once the order did not go through as it was split; a quote that tries alone would be refused."""
    aave = market.tandem.exchange.members[1]
    cheaper = trader.quote(market.series, "0.5")
    aave.configurator.send("setReservePause", aave.weth, True, sender=aave.owner)
    quoted = trader.quote(market.series, "0.5")
    assert quoted.hedge_order == pytest.approx(cheaper.hedge_order, rel=Decimal("1e-6"))
    assert quoted.hedge_cost > cheaper.hedge_cost
    paid = trader.mint(market.series, "0.5").after
    assert abs(paid.paid - quoted.total) < SECONDS


def test_a_close_pays_what_its_quote_said(trader: Client, market: Market) -> None:
    trader.mint(market.series, "0.5")
    quoted = trader.quote(market.series, "0.4", is_close=True)
    got = trader.close(market.series, "0.4").after
    assert abs(-got.paid - quoted.total) < SECONDS


def test_the_chain_has_prices(trader: Client, market: Market) -> None:
    near = trader.chain("0.1")[str(market.series)]
    assert near.ask is not None
    assert near.bid is not None
    assert near.room is not None
    assert near.room.size > 0
