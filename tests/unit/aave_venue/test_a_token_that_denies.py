"""A quote token that says no by False and reverts nothing: what the adapter did with it is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from aave_bench import PRICE, Bench, opened
from broken import broken
from denying import DENYING

from tandem.errors import Reverted
from tandem.units import USD, WAD
from tandem.venues.aave import AaveRecipe


@pytest.fixture(scope="module")
def denied_once() -> Bench:
    """The adapter on a token that denies, with margin of 10,000 USD."""
    with broken(*DENYING):
        bench = opened(AaveRecipe(used=False))
    bench.fund(10_000)
    return bench


@pytest.fixture
def denied(denied_once: Bench) -> Iterator[Bench]:
    with denied_once.undone():
        yield denied_once


def deny(bench: Bench) -> None:
    bench.aave.usdc.send("deny", bench.venue, sender=bench.stranger)


def state(bench: Bench) -> tuple[object, ...]:
    usdc, venue = bench.aave.usdc, bench.venue
    there = [usdc.call("balanceOf", who) for who in (venue, bench.stranger, bench.aave.spot.pool)]
    return there, bench.account(PRICE), bench.idle(), venue.call("gifts")


def refused_until_it_stops(bench: Bench, act: Callable[[], object]) -> None:
    """The act is refused and leaves all as it was; once the token does not deny it goes through."""
    before = state(bench)
    deny(bench)
    with pytest.raises(Reverted):
        act()
    assert state(bench) == before
    deny(bench)
    act()
    assert state(bench) != before


def test_margin_that_the_market_may_not_take_is_not_deposited(denied: Bench) -> None:
    """What is denied is the allowance."""
    denied.aave.usdc.send("mint", denied.venue, 1_000 * USD, sender=denied.aave.owner)

    def deposit() -> object:
        return denied.venue.send("deposit", 1_000 * USD, sender=denied.router)

    refused_until_it_stops(denied, deposit)
    assert denied.equity(PRICE) == pytest.approx(11_000 * WAD, rel=1e-9)


def test_margin_whose_transfer_is_denied_is_not_withdrawn(denied: Bench) -> None:
    """Less than lies idle: no market is asked for it."""
    amount = denied.idle() // 4
    assert amount > 0

    def withdraw() -> object:
        return denied.venue.send("withdraw", amount, denied.stranger, sender=denied.router)

    refused_until_it_stops(denied, withdraw)
    assert denied.aave.usdc.call("balanceOf", denied.stranger) == amount


def test_an_order_whose_borrowed_dollars_are_denied_is_refused(denied: Bench) -> None:
    """Nothing lies idle any more: what is lent is paid by the market itself, what is borrowed by the
    adapter. An order that is lent enough for needs no word of the token's, and fills."""
    denied.trade(WAD)
    assert denied.idle() == 0
    with denied.undone():
        deny(denied)
        denied.trade(WAD)
    refused_until_it_stops(denied, lambda: denied.trade(5 * WAD))
    assert denied.aave.parts["d_usdc"].call("balanceOf", denied.venue) > 7_000 * USD
    assert denied.position() == pytest.approx(6 * WAD, abs=10**9)
