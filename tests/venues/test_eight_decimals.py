"""LM-10: a base token of eight decimals, as wrapped bitcoin has, on every lender. One unit of it is a grain
of 1e10 WAD."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

import pytest
from adapter_bench import LenderBench, places
from coarse import GRAIN, GRAINS, fill, home
from distress import squeeze
from worlds import ETH, LOT, World, build

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import USD, WAD
from tandem.venues import Opening
from tandem.venues.aave import AaveRecipe
from tandem.venues.morpho import MorphoRecipe
from tandem.venues.morpho4 import Morpho4Recipe

PRICE = 3_000 * WAD
UNIT = 10**8
"""One of the token."""
ROUNDED = 3_000 * GRAIN
"""What a unit of it is worth, WAD USD."""


LENDERS = {"aave": AaveRecipe, "morpho": MorphoRecipe, "morpho4": Morpho4Recipe}
EACH = tuple(LENDERS)
EITHER = tuple((name, first) for name in EACH for first in (True, False))


@cache
def of_eight_once(name: str, base_first: bool) -> World:
    return build(venue=LENDERS[name](base_first=base_first), decimals=8)


@cache
def of_eighteen(name: str) -> World:
    return build(venue=LENDERS[name]())


@cache
def bench_once(name: str) -> LenderBench:
    engine = open_engine("pyrevm")
    recipe = LENDERS[name](used=False)  # what is exact can be asked for to the unit
    market, router = recipe.open(engine, PRICE, Opening(decimals=8)), engine.accounts[1]
    code = compile_vyper(recipe.adapter)
    venue = engine.deploy(code, *places(market, router), sender=market.owner)
    bench = LenderBench(engine, market, venue, router, engine.accounts[3])
    bench.fund(1_000_000)
    return bench


@pytest.fixture(params=EITHER, ids=[f"{name}, {('quote', 'base')[b]} first" for name, b in EITHER])
def of_eight(request: pytest.FixtureRequest) -> Iterator[World]:
    world = of_eight_once(*request.param)
    with world.undone():
        yield world


@pytest.fixture(params=EACH)
def bench(request: pytest.FixtureRequest) -> Iterator[LenderBench]:
    found = bench_once(request.param)
    with found.undone():
        yield found


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
        assert w.position() == w.curie.position(w.tandem.venue)
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
@pytest.mark.parametrize(("name", "base_first"), EITHER)
def test_the_market_it_shows_is_that_of_eighteen_decimals(name: str, base_first: bool) -> None:
    """Price, depth, average, curve, margin and carry are of the asset, whatever its token counts in."""
    w = of_eight_once(name, base_first)
    one, other = w.tandem.venue, of_eighteen(name).tandem.venue
    assert one.call("price") == pytest.approx(other.call("price"), rel=1e-6)
    for this, that in zip(one.call("average", 60), other.call("average", 60), strict=True):
        assert this == pytest.approx(that, rel=1e-3)
    for order in (WAD, -WAD, 3_000 * WAD):
        _, _, mine, reaches = one.call("curve", order)
        _, _, theirs, _ = other.call("curve", order)
        assert mine[0] == pytest.approx(theirs[0], rel=1e-3)
        assert sum(reaches) == pytest.approx(abs(order), abs=4 * GRAIN)
    for order in (10 * WAD, -10 * WAD, 10**5 * WAD, -(10**5) * WAD):
        worst = w.spot * (102 if order > 0 else 98) // 100
        found = one.call("max_order", order, worst)
        assert found == pytest.approx(other.call("max_order", order, worst), rel=1e-3)
    assert one.call("index") == pytest.approx(other.call("index"), rel=1e-12)
    for sign in (WAD, -WAD):
        assert one.call("bounds", sign) == other.call("bounds", sign)
    for this, that in zip(one.call("funding"), other.call("funding"), strict=True):
        assert this == pytest.approx(that, rel=1e-6)


@pytest.mark.proves("LM-10")
@pytest.mark.parametrize("name", EACH)
def test_what_is_finer_than_the_token_is_refused(name: str) -> None:
    bench = bench_once(name)
    with bench.undone():
        for size in (WAD + 1, WAD - 1, -WAD - GRAIN // 2):
            with pytest.raises(Reverted, match="spot: finer than the token"):
                bench.trade(size)
        bench.trade(WAD + GRAIN)
        assert bench.position() == pytest.approx(WAD + GRAIN, abs=20 * GRAIN)


@pytest.mark.proves("LM-10")
@pytest.mark.parametrize("sign", [1, -1], ids=["buys", "sells"])
@pytest.mark.parametrize(
    ("gone", "tenths"), [(0, 11), (990_000, 15)], ids=["to its bound", "as far as margin goes"]
)
def test_as_much_as_it_says_fills_and_no_more(
    bench: LenderBench, gone: int, tenths: int, sign: int
) -> None:
    """Of an order that the pool fills past its bound, of one that margin does not carry (a twentieth of what
    a lender lends stays unused), and of one that fills, however fine it is.

    gone: USD of the margin. tenths: of what it says, that do not fill."""
    small = sign * (WAD + GRAIN // 3)
    assert bench.most(small) == abs(small)
    worst = PRICE * (100 + 2 * sign) // 100
    if gone:
        bench.venue.send("withdraw", gone * USD, bench.stranger, sender=bench.router)
        assert bench.most(sign * 8 * WAD) == 8 * WAD  # at its own price, with no bound
    wanted = 200 * WAD if gone else 2_000 * WAD
    most = bench.most(sign * wanted, worst) // GRAIN * GRAIN
    assert WAD < most < wanted
    assert not bench.fills(sign * (most * tenths // 10 // GRAIN * GRAIN), worst)
    bench.trade(sign * most, worst)
    assert abs(bench.position() - sign * most) < 20 * GRAIN


@pytest.mark.proves("LM-10")
@pytest.mark.parametrize("size", [WAD, -WAD], ids=["long", "short"])
def test_what_it_says_is_free_comes_out(bench: LenderBench, size: int) -> None:
    """Beside a position of either sign; not a hundredth more of the account."""
    bench.trade(50 * size)
    free = bench.venue.call("free_collateral")
    assert 0 < free < 1_000_000 * USD
    with bench.undone(), pytest.raises(Reverted):
        bench.venue.send("withdraw", free + 10_000 * USD, bench.stranger, sender=bench.router)
    bench.venue.send("withdraw", free, bench.stranger, sender=bench.router)
    assert bench.exchange.usdc.call("balanceOf", bench.stranger) == free


@pytest.mark.proves("LM-10", "LM-2")
@pytest.mark.parametrize("size", [10 * WAD, -10 * WAD], ids=["long", "short"])
def test_what_a_stranger_gives_of_it_is_worth_nothing_to_us(bench: LenderBench, size: int) -> None:
    """Two of the token, lent or pledged in our name: beyond what they repay they make no position, before as
    after the next act of ours, and the account is worth what it was."""
    bench.trade(size)
    position, equity = bench.position(), bench.equity()
    bench.market.supply_for(bench.stranger, bench.venue, 2 * UNIT, bench.market.weth)
    repaid = 2 * WAD if size < 0 and bench.market.recipe.name != "aave" else 0
    assert bench.position() == pytest.approx(position + repaid, abs=20 * GRAIN)
    assert bench.account()[0] == bench.position()
    assert bench.equity() == pytest.approx(equity, abs=3 * ROUNDED)
    bench.venue.send("accept", sender=bench.stranger)
    assert bench.position() == pytest.approx(position + repaid, abs=20 * GRAIN)
    assert bench.account()[0] == bench.position()
    assert bench.equity() == pytest.approx(equity, abs=3 * ROUNDED)


@pytest.mark.proves("LM-10")
@pytest.mark.parametrize("sign", [1, -1], ids=["long", "short"])
def test_what_roundings_leave_of_a_position_that_was_closed_is_none(
    bench: LenderBench, sign: int
) -> None:
    """Seventeen units are none, as no order can bring them home; two dozen are a position."""
    for units in (17, 24):
        with bench.undone():
            bench.trade(sign * WAD)
            bench.trade(-sign * (WAD - units * GRAIN))
            left = bench.exchange.position(bench.venue.address)
            assert left == pytest.approx(sign * units * GRAIN, abs=3 * GRAIN)
            assert bench.position() == bench.account()[0] == (0 if units < 20 else left)


@pytest.mark.proves("LM-10")
@pytest.mark.parametrize("size", [200 * WAD, -200 * WAD], ids=["long", "short"])
def test_a_liquidation_is_seen_to_the_unit(bench: LenderBench, size: int) -> None:
    """What is left is what the market says is left, and what it cost is missing."""
    free_of = bench.venue.call
    bench.trade(size)
    free = free_of("free_collateral")
    bench.venue.send("withdraw", free * 95 // 100, bench.stranger, sender=bench.router)
    moved = 80 if size > 0 else 120
    bench.exchange.set_index(PRICE * moved // 100)
    assert bench.exchange.liquidatable(bench.venue.address)
    before = bench.equity()
    receipt = bench.exchange.liquidate(bench.venue.address)
    told = bench.exchange.liquidation(receipt, bench.venue.address, PRICE * moved / 100 / WAD)
    assert bench.position() == bench.exchange.position(bench.venue.address)
    assert bench.position() - size == pytest.approx(told.order * WAD, abs=100 * GRAIN)
    assert bench.equity() < before


@pytest.mark.proves("LM-10", "HG-20")
@pytest.mark.parametrize("name", ["aave", "morpho"])
def test_a_hedge_that_margin_does_not_carry_is_lowered_by_whole_units(name: str) -> None:
    settings = DeploySettings(loss_cap=WAD)
    w = squeeze(build(venue=LENDERS[name](), decimals=8, settings=settings))
    w.move(2_200)
    w.rest()
    before = w.position()
    (lowered,) = w.tandem.desk.send("delever", sender=w.stranger).events("Delevered")
    assert lowered["order"] % GRAIN == 0 != lowered["order"]
    missed = w.position() - before - lowered["order"]
    assert abs(missed) < GRAINS * GRAIN
