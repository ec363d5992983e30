"""R33: the venue's pool must look back over the average that every trade rests on, and does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from curie_bench import PRICE, places
from worlds import ETH, USD, World, build

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.errors import Reverted
from tandem.units import WAD
from tandem.venues import Depth, Opening
from tandem.venues.curie import deploy_curie

NEEDED = 1_800  # the venue's average, seconds


@pytest.mark.parametrize("cardinality", [500, 1_800])
def test_r33_a_pool_with_too_few_observations_is_refused_when_it_is_deployed(
    cardinality: int,
) -> None:
    """R33: "demands of a venue what its own checks rest on (observations, …), when it is deployed". On
    500, 500 trades of 0.01 ETH in as many seconds, 14 USD, stopped every other trade by OLD."""
    with open_engine("pyrevm") as engine:
        market = deploy_curie(engine, PRICE, Opening(cardinality=cardinality))
        router = engine.accounts[1]
        with pytest.raises(Reverted, match="curie: too few observations"):
            engine.deploy(compile_vyper("CurieVenue"), *places(market, router))


def test_r33_a_pool_that_never_had_liquidity_is_refused_when_it_is_deployed() -> None:
    """R33: "demands of a venue what its own checks rest on (observations, …), when it is deployed". A
    pool keeps as many as it was told to only from its first write, which liquidity is."""
    with open_engine("pyrevm") as engine:
        market = deploy_curie(engine, PRICE, Opening(depth=None))
        venue = places(market, engine.accounts[1])
        with pytest.raises(Reverted, match="curie: too few observations"):
            engine.deploy(compile_vyper("CurieVenue"), *venue)
        market.add_liquidity(Depth())
        assert engine.deploy(compile_vyper("CurieVenue"), *venue).call("history")[1] == NEEDED


@pytest.fixture(scope="module")
def griefed_once() -> World:
    """Somebody traded 0.01 ETH in each of the last 1,900 seconds, there and back."""
    w = build()
    curie_, who = w.curie, w.stranger
    curie_.deposit(who, 10_000 * USD)
    began = w.engine.now()
    for second in range(1_900):
        curie_.open(who, (-1) ** second * WAD // 100)
    assert w.engine.now() - began <= 1_900
    w.freshen()
    return w


@pytest.fixture
def griefed(griefed_once: World) -> Iterator[World]:
    with griefed_once.undone():
        yield griefed_once


@pytest.mark.proves("HG-16")
def test_r33_trades_of_one_second_each_stop_nobody(griefed: World) -> None:
    """HG-16: the ring of observations outlasts a trade in every second of the average's window."""
    w, t = griefed, griefed.tandem
    covered, needed = t.lens.call("history")
    assert (needed, t.venue.call("history")) == (NEEDED, (covered, needed))
    assert covered >= needed
    assert t.router.call("max_order", WAD, 2**255) == WAD
    w.mint(w.call(2_500), 4 * ETH)
    w.close(w.call(2_500), 2 * ETH)
    w.move(2_600)
    w.freshen()
    t.rebalance(sender=w.stranger)


@pytest.mark.proves("HG-16")
def test_r33_max_order_is_nothing_while_the_pool_cannot_look_back_far_enough(
    griefed: World,
) -> None:
    """HG-16: "`max_order` is 0". The venue's owner made the average longer than the pool remembers."""
    w, t, config = griefed, griefed.tandem, griefed.curie.config
    w.mint(w.call(2_500), 4 * ETH)
    covered = t.venue.call("history")[0]
    began = w.engine.now() - covered
    config.send("setMarkPriceMarketTwapInterval", covered + 60, sender=w.curie.owner)
    assert t.lens.call("history") == (w.engine.now() - began, covered + 60)
    assert [t.router.call("max_order", WAD, 2**255), t.router.call("max_order", -WAD, 0)] == [0, 0]
    with pytest.raises(Reverted, match="OLD"):
        w.mint(w.call(2_500), ETH)
    config.send("setMarkPriceMarketTwapInterval", covered - 60, sender=w.curie.owner)
    assert t.router.call("max_order", WAD, 2**255) == WAD
    w.mint(w.call(2_500), ETH)
