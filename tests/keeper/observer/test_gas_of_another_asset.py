"""HG-14: what gas costs a keeper counts at ether's price, in a market on something else too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_what_a_bounty_is_worth import past_the_trigger
from test_what_can_be_due import observer_of
from worlds import World, build

from keeper.observer import Observer
from keeper.prices import Prices
from tandem.units import USD, WAD

GWEI = 10**9
ETHER = 800


@pytest.fixture(scope="module")
def once() -> World:
    return past_the_trigger(build(ether=ETHER))


@pytest.fixture
def moved(once: World) -> Iterator[World]:
    with once.undone():
        ether(once, ETHER)
        yield once


def ether(w: World, usd: int) -> None:
    assert w.ether is not None
    w.ether.send("push", usd * 10**8, sender=w.curie.owner)


def watching(w: World, gas_price: int = GWEI, base_fee: int = GWEI) -> Observer:
    observer = observer_of(w.tandem, "BTC")
    observer.prices = Prices(lambda: gas_price, lambda: base_fee)
    return observer


def cost(observer: Observer, w: World) -> float:
    return observer.observe(w.tandem.keeper)[1].gas_cost


@pytest.mark.proves("HG-14")
def test_a_rebalance_costs_its_gas_at_ethers_price(moved: World) -> None:
    assert cost(watching(moved), moved) == pytest.approx(10**6 * GWEI / WAD * ETHER)
    assert cost(watching(moved, 3 * GWEI), moved) == pytest.approx(3 * 10**6 * GWEI / WAD * ETHER)


@pytest.mark.proves("HG-14")
def test_while_its_price_is_not_known_it_costs_what_it_cost_last(moved: World) -> None:
    """A hedge waits for no price of ether: who never saw one takes it for nothing."""
    w = moved
    knows, knew_never = watching(w), watching(w)
    assert cost(knows, w) > 0
    ether(w, 0)
    assert cost(knows, w) == pytest.approx(10**6 * GWEI / WAD * ETHER)
    assert cost(knew_never, w) == 0
    ether(w, 2 * ETHER)
    assert cost(knows, w) == pytest.approx(2 * 10**6 * GWEI / WAD * ETHER)


@pytest.mark.proves("HG-14")
def test_nobody_stamps_for_a_bounty_that_cannot_count_its_gas(moved: World) -> None:
    w = moved
    facts = watching(w).observe(w.tandem.keeper)[1]
    assert (facts.bounty, facts.stamp) == (0, True)
    ether(w, 0)
    facts = watching(w).observe(w.tandem.keeper)[1]
    assert (facts.bounty, facts.stamp) == (0, False)


@pytest.mark.proves("HG-14")
def test_what_it_is_paid_beyond_its_gas_is_by_one_price(moved: World) -> None:
    w = moved
    w.tandem.bounty.stamp().send(w.stranger)
    w.engine.advance(600)
    w.push_wad(w.spot)
    ether(w, ETHER)
    due = w.tandem.bounty.due(GWEI).amount
    assert due == 10**6 * GWEI * ETHER * 3 // 2 // 10**12
    found = watching(w).observe(w.tandem.keeper)[1].bounty
    assert found == pytest.approx(due - 100_000 * GWEI / WAD * ETHER * USD, abs=2)
