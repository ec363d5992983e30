"""While the hedge is behind, past the hard band, holders sell back at any second: what a lender rounds of an
order, some wei, is none of theirs."""

from __future__ import annotations

import pytest
from several import LentWorld, SetWorld
from worlds import ETH, FLAT, WIDE, World, build

from tandem import venues
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings

SECONDS = 6


def behind(kind: str, decimals: int) -> World:
    """Puts are out, and the price has risen by a sixth since anybody hedged."""
    settings, shape = DeploySettings(terms=WIDE), SetWorld if "+" in kind else LentWorld
    world = build(
        venue=venues.recipe(kind), smile=FLAT, settings=settings, kind=shape, decimals=decimals
    )
    for _ in range(3):
        world.mint(world.put(), 20 * ETH)
        while (account := world.tandem.snapshot().account).top_up > account.barred:
            world.top_up()
    world.move(2_900)
    world.rest()
    return world


@pytest.mark.proves("HG-4")
@pytest.mark.parametrize(
    ("kind", "decimals"),
    [("aave", 18), ("aave", 8), ("morpho", 18), ("morpho", 8), ("curie+aave", 18)],
)
def test_a_close_is_no_matter_of_a_second(kind: str, decimals: int) -> None:
    world = behind(kind, decimals)
    stance = world.tandem.snapshot().stance
    assert abs(stance.residual) > stance.hard
    refused: list[str] = []
    for seconds in range(1, SECONDS):
        for units in (ETH, 3 * ETH + 1):
            with world.undone():
                world.engine.advance(seconds)
                try:
                    assert (
                        world.close(world.put(), units).events("OptionClosed")[0]["units"] == units
                    )
                except Reverted as why:
                    refused.append(why.reason)
    assert refused == []
