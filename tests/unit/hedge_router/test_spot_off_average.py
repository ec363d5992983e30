"""R16: where a feed may be silent for a day, its age says nothing; the pool's own average does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from worlds import ETH, FLAT, PRICE, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings, arguments
from tandem.units import DAY, HOUR, USD, WAD
from tandem.venues.aave import AaveRecipe

QUIET = DeploySettings(max_age=DAY + DAY // 10)
MOVED = 2_540
"""1.6 % above what the feed says."""


@pytest.fixture(scope="module")
def quiet_once() -> World:
    return build(venue=AaveRecipe(), smile=FLAT, settings=QUIET)


@pytest.fixture
def quiet(quiet_once: World) -> Iterator[World]:
    with quiet_once.undone():
        yield quiet_once


def at(world: World, price: float) -> None:
    """Whoever makes the pool moves it, in no time."""
    world.curie.arbitrage(int(price * WAD))


def moved(world: World, price: float = MOVED) -> None:
    """The market has been there for ten minutes, and the feed has said nothing."""
    at(world, price)
    world.engine.advance(600)


@pytest.mark.proves("HG-23")
def test_r16_who_pushes_the_pool_to_a_stale_price_opens_nothing(quiet: World) -> None:
    """HG-23: "who pushes the pool to a price of yesterday for one transaction opens nothing". The fill
    band is kept: at that moment pool and feed agree."""
    call = quiet.call()
    moved(quiet)
    at(quiet, PRICE)
    with pytest.raises(Reverted, match="router: spot off average"):
        quiet.mint(call, ETH)
    with pytest.raises(Reverted, match="router: spot off average"):
        quiet.tandem.quote(call, ETH)


@pytest.mark.proves("HG-23")
def test_r16_where_the_feed_speaks_every_hour_its_age_is_enough() -> None:
    """HG-23: "by itself where `max_age` is over two" hours; and so what it stops is what went through."""
    spoken = build(venue=AaveRecipe(), smile=FLAT)
    assert spoken.tandem.router.DEVIATION() == 0
    moved(spoken)
    at(spoken, PRICE)
    spoken.mint(spoken.call(), ETH)


@pytest.mark.proves("HG-23")
@pytest.mark.parametrize(
    ("off", "opens"), [(0.0095, True), (-0.0095, True), (0.0105, False), (-0.0105, False)]
)
def test_r16_the_bound_is_on_both_sides(quiet: World, off: float, opens: bool) -> None:
    moved(quiet, PRICE * (1 + off))
    at(quiet, PRICE)
    if opens:
        quiet.mint(quiet.put(), ETH)
    else:
        with pytest.raises(Reverted, match="router: spot off average"):
            quiet.mint(quiet.put(), ETH)


@pytest.mark.proves("HG-23")
def test_r16_nothing_that_derisks_is_asked(quiet: World) -> None:
    """HG-23: "Closes, rebalances, margin and settlement are not asked"."""
    call = quiet.call()
    quiet.mint(call, 4 * ETH)
    moved(quiet)
    at(quiet, PRICE)
    assert quiet.close(call, ETH).returned[0] == ETH
    moved(quiet)
    before = quiet.usdc(quiet.trader)
    quiet.settle(quiet.near, 2_600)
    quiet.tandem.redeem(call, 3 * ETH)
    assert quiet.usdc(quiet.trader) - before == 3 * 100 * USD


@pytest.mark.parametrize(
    ("settings", "deviation"),
    [
        (DeploySettings(), 0),
        (DeploySettings(max_age=2 * HOUR + 1), 100),
        (DeploySettings(max_age=DAY, deviation=40), 40),
        (DeploySettings(deviation=30), 30),
    ],
)
def test_a_deployment_says_it_or_its_feeds_age_does(
    quiet: World, settings: DeploySettings, deviation: int
) -> None:
    t = quiet.tandem
    names = ("Market", "Vault", "AaveVenue", "Guardian", "StressTest", "MarginDesk")
    places = dict.fromkeys(names, t.market.address)
    found = arguments(
        "HedgeRouter", places, AaveRecipe(), quiet.curie.addresses(), settings, t.roles
    )
    assert found[-2] == deviation
