"""LM-10: a base token of eight decimals, as wrapped bitcoin has. One unit of it is a grain of 1e10 WAD."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import pytest
from aave_bench import PRICE, Bench
from adapter_bench import places
from distress import squeeze
from worlds import ETH, LOT, World, build

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Engine, Receipt
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import WAD
from tandem.venues import Opening
from tandem.venues.aave import AaveRecipe
from tandem.venues.aave.exchange import Aave

GRAIN = 10**10
GRAINS = 50
"""That a fill may be off by, for the lender's roundings."""


@dataclass(frozen=True, slots=True)
class OfEight(AaveRecipe):
    """The same market, of a token of eight decimals."""

    def open(self, engine: Engine, price: int, opening: Opening) -> Aave:
        return AaveRecipe.open(self, engine, price, replace(opening, decimals=8))


@pytest.fixture(scope="module", params=[True, False], ids=["first", "second"])
def of_eight_once(request: pytest.FixtureRequest) -> World:
    return build(venue=OfEight(base_first=request.param))


@pytest.fixture
def of_eight(of_eight_once: World) -> Iterator[World]:
    with of_eight_once.undone():
        yield of_eight_once


@pytest.fixture(scope="module")
def of_eighteen() -> World:
    return build(venue=AaveRecipe())


def fill(w: World, act: Callable[[], Receipt]) -> dict[str, int]:
    """The hedge of an act, held to the grain."""
    before = w.position()
    (hedged,) = act().events("Hedged")
    assert hedged["order"] % GRAIN == 0
    assert abs(hedged["position_after"] - before - hedged["order"]) < GRAINS * GRAIN
    return hedged


def home(w: World) -> None:
    for receipt in w.bring_home():
        (hedged,) = receipt.events("Hedged")
        assert hedged["order"] % GRAIN == 0 != hedged["order"]


@pytest.mark.proves("LM-10", "HG-2")
def test_a_book_is_hedged_and_comes_home_whole(of_eight: World) -> None:
    """Orders are multiples of the grain, and what is finer stays in the residual, under one grain but for
    what lenders round; position and router agree, and the book ends flat."""
    w = of_eight
    assert w.tandem.venue.call("grain") == GRAIN
    call, put, odd = w.call(2_500), w.put(2_500), 5 * ETH + 123_457
    for series, units in ((call, 2 * ETH), (put, odd)):
        hedged = fill(w, partial(w.mint, series, units))
        assert abs(hedged["residual_after"]) < GRAINS * GRAIN
        assert w.position() == w.tandem.router.position() == hedged["position_after"] != 0
    w.move(2_600)
    w.rest()
    home(w)
    for series, units in ((call, 2 * ETH), (put, odd)):
        fill(w, partial(w.close, series, units))
    w.rest()
    home(w)
    assert abs(w.tandem.snapshot().stance.residual) < LOT
    assert abs(w.position()) < LOT


@pytest.mark.proves("LM-10")
def test_the_market_it_shows_is_that_of_eighteen_decimals(
    of_eight: World, of_eighteen: World
) -> None:
    """Price, depth, average and curve are of the asset, whatever its token counts in."""
    one, other = of_eight.tandem.venue, of_eighteen.tandem.venue
    assert one.call("price") == pytest.approx(other.call("price"), rel=1e-6)
    for this, that in zip(one.call("average", 60), other.call("average", 60), strict=True):
        assert this == pytest.approx(that, rel=1e-3)
    for order in (WAD, -WAD, 3_000 * WAD):
        _, _, mine, reaches = one.call("curve", order)
        _, _, theirs, _ = other.call("curve", order)
        assert mine[0] == pytest.approx(theirs[0], rel=1e-3)
        assert sum(reaches) == pytest.approx(abs(order), abs=4 * GRAIN)
    for order in (10 * WAD, -10 * WAD, 10**5 * WAD, -(10**5) * WAD):
        worst = of_eight.spot * (102 if order > 0 else 98) // 100
        found = one.call("max_order", order, worst)
        assert found == pytest.approx(other.call("max_order", order, worst), rel=1e-3)
    assert one.call("index") == other.call("index")


@pytest.mark.proves("LM-10")
def test_what_is_finer_than_the_token_is_refused() -> None:
    engine = open_engine("pyrevm")
    aave = OfEight().open(engine, PRICE, Opening())
    router = engine.accounts[1]
    venue = engine.deploy(compile_vyper("AaveVenue"), *places(aave, router), sender=aave.owner)
    bench = Bench(engine, aave, venue, router, engine.accounts[3])
    bench.fund(10_000)
    for size in (WAD + 1, WAD - 1, -WAD - GRAIN // 2):
        with pytest.raises(Reverted, match="spot: finer than the token"):
            venue.send("trade", size, 0 if size < 0 else 2 * PRICE, sender=router)
    venue.send("trade", WAD + GRAIN, 2 * PRICE, sender=router)
    assert venue.call("position") == pytest.approx(WAD + GRAIN, abs=20 * GRAIN)


@pytest.mark.proves("LM-10", "HG-20")
def test_a_hedge_that_margin_does_not_carry_is_lowered_by_whole_units() -> None:
    w = squeeze(build(venue=OfEight(), settings=DeploySettings(loss_cap=WAD)))
    w.move(2_200)
    w.rest()
    before = w.position()
    (lowered,) = w.tandem.desk.send("delever", sender=w.stranger).events("Delevered")
    assert lowered["order"] % GRAIN == 0 != lowered["order"]
    missed = w.position() - before - lowered["order"]
    assert abs(missed) < GRAINS * GRAIN
