"""Shares of a debt of nothing: whoever borrows first at a lender may leave its counter no room for others."""

from __future__ import annotations

from typing import Any

import pytest
from inflating import MOST, inflated, others_repay
from several import build_set, fund, legs, members
from worlds import ETH, World

from tandem.units import WAD
from tandem.venues.morpho import Morpho


def second(world: World) -> Morpho:
    """Of the set's exchanges."""
    exchange: Any = world.curie
    found: Morpho = exchange.members[1]
    return found


@pytest.mark.proves("LM-3", "VS-2")
def test_the_others_take_what_shares_of_nothing_keep_from_one_of_several() -> None:
    """VS-2: "What one does not take the others do, and what the set says fits, fits": ten dollars and five
    million gas of a stranger stopped every order of every venue that made a short larger there."""
    world = build_set("curie+morpho")
    curie, lender = members(world)
    morpho = second(world)
    fund(world)
    others_repay(morpho, morpho.short)
    with world.undone():
        assert lender.address in legs(world.mint(world.put(2_500), 20 * ETH))
    inflated(morpho, morpho.short, world.stranger)
    assert set(legs(world.mint(world.put(2_500), 20 * ETH))) == {curie.address}


@pytest.mark.proves("LM-3", "VS-2")
def test_one_of_several_owes_what_shares_of_nothing_left_room_for() -> None:
    """LM-3: "what it says fills": where a stranger left the counter room for a debt of half an ETH, half is
    owed there, and the others take the rest of every order, then and later."""
    world = build_set("curie+morpho")
    curie, lender = members(world)
    morpho = second(world)
    fund(world)
    others_repay(morpho, morpho.short)
    inflated(morpho, morpho.short, world.stranger, MOST // (WAD // 2))
    for _ in range(2):
        found = legs(world.mint(world.put(2_500), 20 * ETH))
        assert curie.address in found
        assert lender.call("position") == pytest.approx(-WAD // 2, rel=1e-2)
        fund(world)
