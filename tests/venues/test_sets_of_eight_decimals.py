"""LM-10: a base token of eight decimals over several venues: each leg is a multiple of the coarsest grain."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

import pytest
from coarse import GRAIN, GRAINS, fill, home
from distress import squeeze
from several import SetWorld, build_set, fund, legs, members
from worlds import ETH, LOT, World, build

from tandem import venues
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, WAD

SETS = ("aave+morpho", "curie+aave", "morpho+morpho4", "curie+aave+morpho")
MOST = 10**30


@cache
def once(name: str) -> World:
    return build_set(name, decimals=8)


@cache
def of_eighteen(name: str) -> World:
    return build_set(name)


@pytest.fixture(params=SETS)
def several(request: pytest.FixtureRequest) -> Iterator[World]:
    world = once(request.param)
    with world.undone():
        yield world


@pytest.mark.proves("LM-10", "HG-2")
def test_a_book_is_hedged_and_comes_home_whole(several: World) -> None:
    w = several
    assert w.tandem.venue.call("grain") == GRAIN
    call, put, odd = w.call(2_500), w.put(2_500), 5 * ETH + 123_457
    for series, units in ((call, 2 * ETH), (put, odd)):
        hedged = fill(w, partial(w.mint, series, units))
        assert abs(hedged["residual_after"]) < GRAINS * GRAIN
        assert w.tandem.router.position() == hedged["position_after"] != 0
        assert w.position() == pytest.approx(hedged["position_after"], abs=GRAINS * GRAIN)
    w.move(2_600)
    w.rest()
    home(w)
    for series, units in ((call, 2 * ETH), (put, odd)):
        fill(w, partial(w.close, series, units))
    w.rest()
    home(w)
    assert abs(w.tandem.snapshot().stance.residual) < LOT
    assert abs(w.position()) < LOT


@pytest.mark.proves("LM-10", "VS-1", "VS-2")
@pytest.mark.parametrize("sign", [1, -1], ids=["buys", "sells"])
@pytest.mark.parametrize("name", SETS)
def test_legs_are_whole_units_of_what_they_are_with_eighteen_decimals(name: str, sign: int) -> None:
    """Of an order that is finer nothing more fits, and what fits does so again."""
    w, fine = once(name), of_eighteen(name)
    venue, worst = w.tandem.venue, w.spot * (1_000 + 10 * sign) // 1_000
    for order in (sign * 50 * WAD, sign * (5 * WAD + GRAIN)):
        parts, others = (each.tandem.venue.call("legs", order, worst) for each in (w, fine))
        assert all(part % GRAIN == 0 for part in parts)
        assert sum(parts) == order
        assert list(parts) == pytest.approx(list(others), abs=WAD // 20)
    assert venue.call("max_order", sign * (WAD + GRAIN // 3), worst) == WAD
    most: int = venue.call("max_order", sign * 10**6 * WAD, worst)
    assert most % GRAIN == 0 < WAD < most
    assert most == pytest.approx(
        fine.tandem.venue.call("max_order", sign * 10**6 * WAD, worst), rel=1e-2
    )
    assert venue.call("max_order", sign * most, worst) == most


@pytest.mark.proves("LM-10", "VS-1")
def test_what_is_minted_is_filled_by_whole_units_at_each(several: World) -> None:
    w = several
    before = {one.address: one.call("position") for one in members(w)}
    found = dict[str, int]()
    for _ in range(3):
        receipt = w.mint(w.call(2_500), 15 * ETH)
        (hedged,) = receipt.events("Hedged")
        filled = {who: leg["order"] for who, leg in legs(receipt).items()}
        assert all(order % GRAIN == 0 for order in filled.values())
        assert sum(filled.values()) == hedged["order"]
        found |= {who: found.get(who, 0) + order for who, order in filled.items()}
        fund(w)
    assert len(found) > 1
    for one in members(w):
        missed = one.call("position") - before[one.address] - found.get(one.address, 0)
        assert abs(missed) < GRAINS * GRAIN


@pytest.mark.proves("LM-10", "VS-6", "HG-20")
@pytest.mark.parametrize("name", ["aave+morpho"])
def test_a_hedge_that_margin_does_not_carry_is_lowered_by_whole_units(name: str) -> None:
    settings = DeploySettings(loss_cap=WAD)
    kind = SetWorld
    w = squeeze(build(venue=venues.recipe(name), decimals=8, settings=settings, kind=kind))
    w.move(2_200)
    w.rest()
    before = w.position()
    (lowered,) = w.tandem.desk.send("delever", sender=w.stranger).events("Delevered")
    assert lowered["order"] % GRAIN == 0 != lowered["order"]
    assert abs(w.position() - before - lowered["order"]) < GRAINS * GRAIN


@pytest.mark.proves("LM-10", "VS-6")
@pytest.mark.parametrize("name", ["aave+morpho", "curie+aave"])
def test_what_lies_against_itself_comes_home_by_whole_units(name: str) -> None:
    """The second is down while its long is sold back, so that the first goes short; back, both come home."""
    w = once(name)
    with w.undone():
        guardian = w.tandem.guardian
        for _ in range(2):
            w.mint(w.call(2_500), 15 * ETH)
        first, second = members(w)
        assert second.call("position") > 5 * WAD
        guardian.take_down_one(1).send(w.tandem.roles.guardian)
        w.close(w.call(2_500), 20 * ETH)
        assert first.call("position") < 0
        guardian.bring_back_one(1).send(w.tandem.roles.deployer)
        w.engine.advance(2 * DAY)
        guardian.apply(0).send(w.tandem.roles.deployer)
        w.rest()
        fund(w)
        for asked in (WAD // 50, WAD // 50 + GRAIN // 3, MOST):
            receipt = w.tandem.desk.shift(second, first, asked).send(w.stranger)
            size = receipt.returned
            assert size % GRAIN == 0 < size <= asked
            found = legs(receipt)
            assert found[second.address]["order"] == -size == -found[first.address]["order"]
            w.engine.advance(60)
            w.push_wad(w.spot)
        with pytest.raises(Reverted, match="router: nothing to net"):
            w.tandem.desk.shift(second, first, LOT - 1).send(w.stranger)
