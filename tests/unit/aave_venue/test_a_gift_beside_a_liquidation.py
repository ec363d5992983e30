"""LM-2: ether lent in our name beside a liquidation of a short is worth as much before it is accepted as
after."""

from __future__ import annotations

import pytest
from worlds import ETH, FLAT, WIDE, build

from tandem import venues
from tandem.protocol.deploy import DeploySettings
from tandem.units import WAD


@pytest.mark.proves("LM-2")
@pytest.mark.parametrize("name", ["aave", "morpho"])
def test_it_is_worth_the_same_before_and_after_it_is_accepted(name: str) -> None:
    """On Aave it hid what the liquidation took, 2,109 USD, until anybody told the adapter."""
    world = build(venue=venues.recipe(name), smile=FLAT, settings=DeploySettings(terms=WIDE))
    market, venue = world.curie, world.tandem.venue
    for _ in range(3):
        world.mint(world.put(), 8 * ETH)
        if world.tandem.snapshot().account.top_up:
            world.top_up()
    usd = 2_500
    while not market.liquidatable(venue):
        usd += 25
        world.push(usd)

    def equity() -> int:
        return int(venue.call("account", world.spot)[1])

    whole = equity()
    market.liquidate(venue, *(() if name == "aave" else (300,)))
    loss = whole - equity()
    assert loss > 100 * WAD
    market.supply_for(world.stranger, venue, loss * 2 * WAD // world.spot, market.weth)
    given = equity()
    venue.send("accept", sender=world.stranger)
    assert equity() == pytest.approx(given, abs=WAD)
