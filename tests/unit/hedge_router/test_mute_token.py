"""A quote token that returns nothing where ERC-20 says True, as USDT does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from broken import broken
from denying import MUTE
from worlds import ETH, USD, World, build


@pytest.fixture
def mute() -> Iterator[World]:
    """A market whose token is mute from the start."""
    with broken(*MUTE):
        yield build()


def test_margin_goes_to_the_venue_and_comes_home(mute: World) -> None:
    """The approvals of adapter and router and the adapter's transfer count by what they do."""
    world = mute
    assert world.curie.usdc.send("approve", world.trader, 1, sender=world.stranger).returned is None
    cash = world.tandem.vault.call("cash")
    world.mint(world.call(2_500), 4 * ETH)
    world.overfund()
    swept = world.tandem.desk.send("sweep", sender=world.stranger).returned
    assert swept > 0
    assert world.usdc(world.tandem.vault) == world.tandem.vault.call("cash")
    assert world.usdc(world.tandem.router) == world.usdc(world.tandem.venue) == 0
    paid = world.close(world.call(2_500), 4 * ETH).returned[1]
    assert paid > 100 * USD
    assert world.tandem.vault.call("cash") < cash + paid
