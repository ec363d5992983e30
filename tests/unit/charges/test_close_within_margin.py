"""MP-11: a close that margin does not carry in full fills the largest part that it carries."""

from __future__ import annotations

from contextlib import suppress

import pytest
from worlds import ETH, MAX, World

from tandem.errors import Reverted
from tandem.protocol.series import Series


def stretched(world: World) -> tuple[Series, int]:
    """Calls and puts that hedge each other: to sell the puts back is to buy what margin does not
    carry."""
    world.set_terms(vega_cap=1_000, gamma_cap=2_000)
    puts, calls = world.put(2_500), world.call(2_500)
    for _ in range(7):
        world.mint(calls, 8 * ETH)
        world.mint(puts, 8 * ETH)
        world.curie.converge()
    world.freshen()
    return puts, 56 * ETH


@pytest.mark.proves("MP-11")
def test_a_close_fills_what_margin_carries(world: World) -> None:
    """MP-11: "A close that floor or margin do not carry in full fills the largest part that fits;
    `min_payout` holds pro rata". The whole used to revert where a part passed."""
    puts, units = stretched(world)
    shown = world.tandem.lens.call("max_close", puts.id, units)
    quoted = world.tandem.quote(puts, units, True)
    with world.undone():
        filled, paid = world.close(puts, units).returned
    assert ETH < filled < units
    assert shown == quoted.units == pytest.approx(filled, abs=100)  # a second apart
    assert paid > 0
    with world.undone():
        world.close(puts, filled * 9 // 10)
    with world.refuses("floor: nothing fits", puts):
        world.tandem.market.send(
            "close", puts.id, units, units, 0, MAX, world.trader, sender=world.trader
        )


def test_what_is_left_closes_once_margin_is_there(world: World) -> None:
    puts, left = stretched(world)
    for _ in range(6):
        left -= world.close(puts, left).returned[0]
        if left == 0:
            break
        with suppress(Reverted):
            world.top_up()
        world.curie.converge()
        world.freshen()
    assert left == 0
