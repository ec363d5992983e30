"""HG-20: a market that is full or frozen takes no margin; the hedge is lowered then, though there is cash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from lent import STOPS
from worlds import ETH, World, build

from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues import recipe

NAMES = {"supply cap": "SupplyCapExceeded", "freeze": "ReserveFrozen", "pause": "ReservePaused"}


@pytest.fixture(scope="module")
def short_once() -> World:
    """A short hedge under its least after a rise that nobody hedged, and cash that may be lent."""
    w = build(venue=recipe("aave"))
    for _ in range(5):
        w.mint(w.put(2_500), 6 * ETH)
        with suppress(Reverted):
            w.tandem.desk.send("top_up", sender=w.stranger)
    assert w.position() < -WAD
    price = w.spot // WAD
    while not w.tandem.router.call("account", w.spot, 0)[4]:
        price += 25
        assert price < 5_000
        w.move(price)
        w.rest()
    assert w.tandem.vault.call("would_lend", w.tandem.venue)
    return w


@pytest.fixture
def short(short_once: World) -> Iterator[World]:
    with short_once.undone():
        yield short_once


def carried(w: World) -> float:
    """What carries orders over the hedge's notional."""
    a = w.tandem.router.account(w.spot, 0)
    return a.usable / a.need


@pytest.mark.proves("HG-20")
@pytest.mark.parametrize("stop", NAMES)
def test_where_the_market_takes_no_margin_the_hedge_is_lowered(short: World, stop: str) -> None:
    """HG-20: "or the venue takes none of it, its market being frozen or full". It said `top up instead`,
    which reverted, and only liquidators were left."""
    desk, least = short.tandem.desk, short.tandem.venue.call("bounds", -1)[0] / WAD
    with pytest.raises(Reverted, match="margin: top up instead"):
        desk.send("delever", sender=short.stranger)
    held, cash = short.position(), short.tandem.vault.call("cash")
    STOPS[stop][0](short.curie, False)
    with pytest.raises(Reverted, match=NAMES[stop]):
        desk.send("top_up", sender=short.stranger)
    refused = ""
    while not refused:
        try:
            desk.send("delever", sender=short.stranger)
        except Reverted as error:
            refused = error.reason
        short.engine.advance(61)
        short.freshen()
    assert held < short.position() < 0
    assert short.tandem.vault.call("cash") == cash
    if stop == "pause":  # what lies idle pays for so much of it, and no more
        return
    assert refused == "margin: no delever due"
    assert carried(short) >= least
    with suppress(Reverted):
        short.tandem.rebalance(0, sender=short.stranger)
    assert carried(short) >= least
    STOPS[stop][1](short.curie, False)
    assert desk.send("top_up", sender=short.stranger).returned


@pytest.mark.proves("HG-20")
def test_no_want_of_gas_is_taken_for_a_market_that_is_full(short: World) -> None:
    """Whether it takes margin is tried; what a try without gas leaves is too little to lower anything."""
    desk = short.tandem.desk
    for gas in range(200_000, 4_000_000, 40_000):
        with short.undone(), pytest.raises(Reverted):
            desk.send("delever", sender=short.stranger, gas=gas)
