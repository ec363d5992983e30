"""An order over several venues is tried as it is split; only where that reverts is each asked whether its
part fits."""

from __future__ import annotations

import pytest
from several import BURNS, REPLACED, REVERTS, fund, legs, members, tell
from worlds import ETH, World

from tandem.engine.base import Contract, Receipt
from tandem.errors import Reverted

LARGE = 15 * ETH
TRIAL = 4_000_000
"""`TRIAL` of the router."""


def mint(world: World) -> Receipt:
    return world.mint(world.call(2_500), LARGE)


def filled(world: World) -> dict[str, int]:
    return {venue: leg["order"] for venue, leg in legs(mint(world)).items()}


@pytest.mark.proves("VS-2")
@pytest.mark.parametrize("kind", [REVERTS, BURNS])
def test_where_every_part_fits_nobody_is_asked_whether_it_does(
    faced: World, face: Contract, kind: int
) -> None:
    """What is asked of nobody takes no gas and keeps nobody away: what fills is the answer."""
    with faced.undone():
        honest = mint(faced)
    tell(faced, face, ("max_order", kind, 0, 0))
    found = mint(faced)
    assert face.address in legs(found).keys() == legs(honest).keys()
    assert abs(found.gas_used - honest.gas_used) < 100


@pytest.mark.proves("VS-2")
def test_what_did_not_fit_leaves_nothing_behind(pair: World) -> None:
    """The lending market stops moving ether, so the leg there reverts after the exchange's has filled: the
    order goes to the exchange alone, once."""
    world = pair
    curie, aave = members(world)
    world.mint(world.call(2_500), 40 * ETH)
    fund(world)
    with world.undone():
        assert legs(world.mint(world.call(2_500), 40 * ETH)).keys() == {curie.address, aave.address}
    market = world.curie.members[1]
    market.configurator.send("setReservePause", market.weth, True, sender=market.owner)
    before = [each.call("position") for each in (curie, aave)]
    receipt = world.mint(world.call(2_500), 40 * ETH)
    (hedged,) = receipt.events("Hedged")
    ((where, leg),) = legs(receipt).items()
    assert where == curie.address
    assert leg["order"] == hedged["order"] == curie.call("position") - before[0]
    assert len(receipt.events("LegFilled")) == 1
    assert abs(aave.call("position") - before[1]) < 10**11


@pytest.mark.proves("VS-2")
def test_a_leg_that_burns_all_its_gas_burns_no_more_than_the_trial(
    faced: World, face: Contract
) -> None:
    """And where it says that nothing fits, the order goes on without it."""
    tell(faced, face, ("trade", BURNS, 0, 0))
    with pytest.raises(Reverted):
        mint(faced)
    tell(faced, face, ("max_order", REPLACED, 0, 0))
    receipt = mint(faced)
    assert face.address not in legs(receipt)
    assert TRIAL < receipt.gas_used < TRIAL + 1_500_000


@pytest.mark.proves("VS-8")
def test_who_sends_the_gas_does_not_choose_who_takes_part(pair: World) -> None:
    """From too little to plenty: either nothing, or the legs that plenty has; and once it is enough
    it stays enough."""
    world, market = pair, pair.tandem.market
    with world.undone():
        wanted = {venue: leg["order"] for venue, leg in legs(mint(world)).items()}
    assert wanted
    world.tandem.freshen_gate()
    told = (world.call(2_500).id, LARGE, 2**256 - 1, 2**256 - 1, world.trader)
    enough = list[bool]()
    for gas in range(600_000, 5_000_000, 40_000):
        with world.undone():
            try:
                receipt = world.engine.send(market, "mint", *told, sender=world.trader, gas=gas)
            except Reverted:
                enough.append(False)
                continue
            assert {venue: leg["order"] for venue, leg in legs(receipt).items()} == wanted, gas
            enough.append(True)
    assert enough == sorted(enough)
    assert 0 < sum(enough) < len(enough)
