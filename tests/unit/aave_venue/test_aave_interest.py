"""Interest where others borrow: what the market's own balances say is what the books say."""

from __future__ import annotations

import pytest
from aave_bench import Bench

from tandem.units import DAY, WAD


@pytest.mark.parametrize("side", [-1, 1])
def test_what_is_owed_and_what_was_booked_is_what_the_account_earned(
    busy: Bench, side: int
) -> None:
    """Ten days, with an order in the middle, at one price: what the account is worth changed by interest,
    and by what the order cost. `owed_funding` and `funding` say that to the cent, by events alone."""
    busy.fund(15_000)
    busy.trade(side * 10 * WAD)
    who = str(busy.venue.address)
    start, owed = busy.equity(), busy.aave.owed_funding(who)
    busy.engine.advance(5 * DAY)
    middle = busy.equity()
    receipt = busy.trade(side * WAD)
    order = busy.equity() - middle
    booked = busy.aave.funding(receipt, who)
    busy.engine.advance(5 * DAY)
    earned = (busy.equity() - start - order) / WAD
    assert abs(earned) > 3
    assert booked - (busy.aave.owed_funding(who) - owed) == pytest.approx(earned, abs=0.005)


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("later", [0, 1, 3_599, 30 * DAY])
def test_what_is_lent_and_owed_is_what_the_market_says_to_the_unit(
    busy: Bench, side: int, later: int
) -> None:
    """Both tokens, whatever their indexes have become: what is lent rounded down and what is owed up."""
    busy.fund(15_000)
    busy.trade(side * 10 * WAD + 123_456_789)
    busy.engine.advance(later)
    assert busy.position() == busy.aave.position(busy.venue)
    assert busy.equity(0) == (busy.aave.quote(busy.venue) + busy.idle()) * 10**12


@pytest.mark.parametrize("side", [-1, 1])
def test_a_debt_of_this_second_is_what_was_borrowed_and_not_a_unit_more(
    bench: Bench, side: int
) -> None:
    """Of what nobody else owes the index is one, where nothing is to be rounded up."""
    bench.fund(15_000)
    bench.trade(side * 10 * WAD)
    assert bench.aave.parts["d_usdc" if side > 0 else "d_weth"].call("balanceOf", bench.venue) > 0
    assert bench.position() == bench.aave.position(bench.venue) == side * 10 * WAD
    assert bench.equity(0) == (bench.aave.quote(bench.venue) + bench.idle()) * 10**12


@pytest.mark.parametrize("side", [-1, 1])
def test_the_rate_of_now_is_what_a_day_takes(busy: Bench, side: int) -> None:
    """A long of 1 USD that is paid for out of what is lent gives up interest and earns that of ether; a
    short pays for ether and earns on what it was sold for. What holding adds over the bare money in a day
    is the adapter's rate of its sign: of a long it says the borrower's, which is above that."""
    busy.fund(60_000)
    rate = busy.venue.call("funding")[0 if side > 0 else 1] / WAD
    busy.trade(side * 2 * WAD)  # and nothing lies idle of a long any more, which would earn nothing
    flat, first = _day(busy), busy.position()
    busy.trade(side * 10 * WAD)
    held = abs(busy.position() - first) / WAD * busy.aave.index() / WAD
    taken = (flat - _day(busy)) / held
    assert abs(rate) > 1e-6
    assert rate >= taken - abs(taken) / 50  # the order itself moved it
    assert rate < taken + abs(taken) * (0.7 if side > 0 else 0.02)


def _day(b: Bench) -> float:
    """What the account earns in a day at one price, USD."""
    with b.undone():
        before = b.equity()
        b.engine.advance(DAY)
        return (b.equity() - before) / WAD
