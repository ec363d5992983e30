"""Market.close: the part that fits when the floor binds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from reference import underwriting as ref
from worlds import ETH, USD, World

from tandem.protocol.series import Series


def binding(world: World) -> tuple[Series, Series]:
    """A Vault that is all but locked: most of its cash has left for exits, floor near zero."""
    world.set_terms(reserve=500, max_trade=1_000)
    held, wide = world.call(2_500), world.put(2_500)
    world.mint(held, 8 * ETH)
    world.mint(wide, 8 * ETH)
    world.lp_exits()
    return held, wide


@pytest.mark.proves("MP-11", "FL-3")
def test_r22_a_close_fills_the_largest_part_that_keeps_the_floor(world: World) -> None:
    held, _ = binding(world)
    floor = world.floor()
    world.push(3_400)  # the call is worth far more than the floor can pay at once
    world.curie.converge()
    world.freshen()
    units, payout = world.close(held, 8 * ETH).returned
    assert 0 < units < 8 * ETH
    assert payout > 0
    assert 0 <= world.floor() < floor


@pytest.mark.proves("MP-11", "FL-3")
def test_r22_the_part_that_fits_is_the_largest(world: World) -> None:
    """At the best bid p, units q fit if sold(x) + q (p - g(x)) <= room wherever the payoff bends."""
    held, other = binding(world)
    world.push(3_400)
    world.curie.converge()
    world.freshen()
    room = ref.maximum({held: 8 * ETH, other: 8 * ETH}, world.near) + world.floor() - 1
    receipt = world.close(held, 8 * ETH)
    now, terms = receipt.timestamp, world.terms()
    o = ref.option(held, world.slices[world.near], 3_400.0, now)
    p = o.value - terms["half_spread"] * 1e-4 * o.spread_vega
    fits = []
    for x in (0, 2_500, 5_000):
        sold = int(8 * ETH * (ref.payoff(held, x) + ref.payoff(other, x)))
        g = float(ref.payoff(held, x))
        if p > g:
            fits.append((room - sold) / (p - g))
    assert receipt.returned[0] == pytest.approx(min(fits), abs=1)
    assert min(fits) < 8 * ETH


@pytest.mark.proves("MP-11")
def test_a_partial_fill_is_refused_below_its_minimum(world: World) -> None:
    held, _ = binding(world)
    world.push(3_400)
    world.curie.converge()
    world.freshen()
    with world.undone():
        fits = world.close(held, 8 * ETH).returned[0]
    with world.refuses("floor: nothing fits", held):
        world.close(held, 8 * ETH, min_units=fits * 11 // 10)
    assert world.close(held, 8 * ETH, min_units=fits * 9 // 10).returned[0] > 0


@pytest.mark.proves("MP-11")
def test_the_minimum_payout_is_for_all_units_and_pro_rata_for_a_part(world: World) -> None:
    held, _ = binding(world)
    world.push(3_400)
    world.curie.converge()
    world.freshen()
    with world.undone():
        units, payout = world.close(held, 8 * ETH).returned
    whole = int(Fraction(payout * 8 * ETH, units))
    with world.undone():
        world.close(held, 8 * ETH, min_payout=whole)
    with world.refuses("market: payout under min", held):
        world.close(held, 8 * ETH, min_payout=whole + USD)
