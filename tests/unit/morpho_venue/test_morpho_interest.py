"""Interest where others borrow: what the market's own balances say is what the books say."""

from __future__ import annotations

import pytest
from morpho_bench import PRICE, Bench

from tandem.units import DAY, USD, WAD


@pytest.mark.parametrize("side", [-1, 1])
def test_what_is_owed_and_what_was_booked_is_what_the_account_earned(
    busy: Bench, side: int
) -> None:
    """Ten days, with an order in the middle, at one price: what the account is worth changed by interest,
    and by what the order cost. `owed_funding` and `funding` say that to the cent, by events alone."""
    busy.fund(15_000)
    busy.trade(side * 10 * WAD)
    who = str(busy.venue.address)
    start, owed = busy.equity(), busy.morpho.owed_funding(who)
    busy.engine.advance(5 * DAY)
    middle = busy.equity()
    receipt = busy.trade(side * WAD)
    order = busy.equity() - middle
    booked = busy.morpho.funding(receipt, who)
    busy.engine.advance(5 * DAY)
    earned = (busy.equity() - start - order) / WAD
    assert abs(earned) > 3
    assert booked - (busy.morpho.owed_funding(who) - owed) == pytest.approx(earned, abs=0.005)


def test_views_reckon_interest_as_the_lender_does(busy: Bench) -> None:
    """Read before anybody touches a market, and after the lender has booked it by itself: the same to a unit,
    after a second and after a year."""
    for side in (1, -1):
        for wait in (1, DAY, 365 * DAY):
            with busy.undone():
                busy.fund(15_000)
                busy.trade(side * 10 * WAD)
                busy.engine.advance(wait)
                with busy.undone():
                    market = busy.morpho.long if side > 0 else busy.morpho.short
                    busy.morpho.lender.send("accrueInterest", market.params, sender=busy.stranger)
                    booked = busy.account(PRICE)
                busy.engine.advance(1)  # the same second as the booking's
                assert busy.account(PRICE) == pytest.approx(booked, abs=2 * 10**12)
                assert busy.position() == pytest.approx(booked[0], abs=2)


@pytest.mark.parametrize("side", [-1, 1])
def test_what_fills_is_reckoned_with_the_interest_of_the_market_that_is_owed(
    busy: Bench, side: int
) -> None:
    """After two years, in which what is owed grew otherwise in either market: the most that adds leaves 0.95
    of what the lender lends, by its own word, and a thousandth of the order is kept back."""
    busy.fund(15_000)
    busy.trade(side * 10 * WAD)
    busy.engine.advance(2 * 365 * DAY)
    busy.morpho.set_index(PRICE)
    busy.trade(side * busy.most(side * 100 * WAD))
    assert 1 / 0.95 <= busy.morpho.health(busy.venue) / WAD < 1.001 / 0.95


@pytest.mark.parametrize("side", [-1, 1])
def test_the_rate_of_now_is_what_a_day_takes(busy: Bench, side: int) -> None:
    """What is owed pays, and what is pledged earns nothing: a position whose notional is owed pays the
    rate on it."""
    busy.fund(60_000)
    busy.trade(side * 40 * WAD)
    price = busy.morpho.index() / WAD
    owed = (busy.morpho.short.debt(busy.venue) / WAD * price) + (
        busy.morpho.long.debt(busy.venue) / USD
    )
    rate = busy.venue.call("funding")[0 if side > 0 else 1] / WAD
    taken = -_day(busy) / owed
    assert taken > 5e-5
    assert rate == pytest.approx(taken, rel=0.02)


@pytest.mark.parametrize("side", [-1, 1])
def test_a_market_that_is_used_up_takes_more_and_the_rate_says_so(busy: Bench, side: int) -> None:
    """Its lenders leave: the rate climbs to four times what it aims at, and on; the views follow."""
    busy.fund(15_000)
    busy.trade(side * 10 * WAD)
    morpho = busy.morpho
    before, calm = busy.venue.call("funding"), -_day(busy)
    place = 0 if side > 0 else 1
    morpho.drain(morpho.long if side > 0 else morpho.short)
    assert -_day(busy) > 3 * calm
    after = busy.venue.call("funding")
    assert after[place] > 3 * before[place]
    assert after[1 - place] == pytest.approx(before[1 - place], rel=0.01)
    busy.trade(-busy.position())
    assert abs(busy.position()) < 10**11  # the interest of the second since it was read


def _day(b: Bench) -> float:
    """What the account earns in a day at one price, USD."""
    with b.undone():
        before = b.equity()
        b.engine.advance(DAY)
        return (b.equity() - before) / WAD
