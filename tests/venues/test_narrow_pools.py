"""A pool whose edges may lie a tick apart, where orders are split over several."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tandem.engine import open_engine
from tandem.units import WAD
from tandem.venues import Opening
from tandem.venues._several import SeveralRecipe
from tandem.venues._spot_faults import narrow_faults
from tandem.venues.aave import AaveRecipe
from tandem.venues.morpho import MorphoRecipe


@pytest.mark.parametrize(("fee", "named"), [(100, ["aave.pool"]), (500, [])])
def test_a_file_with_one_of_a_basis_point_beside_another_venue_is_refused(
    fee: int, named: list[str]
) -> None:
    """A fifth of a dollar at its next four edges ended what such a pool said of itself four basis points off,
    and the rest of an order of 21 ETH went to a pool a fifth as deep: 215 USD for what had cost 55."""
    with open_engine("pyrevm") as engine:
        recipe = SeveralRecipe((AaveRecipe(fee=fee), MorphoRecipe()))
        several = recipe.open(engine, 2_500 * WAD, Opening())
        found = list(recipe.faults(engine, several.addresses()))
        assert [fault.name for fault in found] == named
        assert all("ticks 1 apart" in fault.what for fault in found)


@pytest.mark.parametrize(
    ("parts", "faults"),
    [
        ({}, 0),
        ({"pool": "0x" + "11" * 32, "tick_spacing": "1"}, 1),
        ({"pool": "0x" + "11" * 20}, 0),
    ],
)
def test_a_pool_of_v4_says_it_in_the_file_and_what_is_no_pool_is_named_elsewhere(
    parts: Mapping[str, str], faults: int
) -> None:
    with open_engine("pyrevm") as engine:
        assert len(list(narrow_faults(engine, parts))) == faults
