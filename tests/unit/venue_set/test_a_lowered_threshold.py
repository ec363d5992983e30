"""A lender's governance lowers its threshold: before anybody may liquidate the hedge there, margin follows it
or it goes to the other venue, whoever calls that, and the next lowering finds nothing to liquidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from lent import weigh
from several import fund, members
from worlds import ETH, FLAT, WIDE, World, build

from tandem import venues
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import USD, WAD
from tandem.venues.aave import Aave

SETS = ("aave+morpho", "curie+aave")
LESS = {1: 1_500, -1: 1_000}
"""What the threshold is lowered by, ten-thousandths: of a long, of a short."""
MUCH_LESS = {1: 3_000, -1: 2_500}
"""At which the account as it was is liquidated."""
MOST = 2**255


@dataclass(slots=True)
class Lowered:
    """A hedge of that sign at two venues. The lender's account is at its target, and then the threshold of
    what the hedge has pledged there falls."""

    world: World
    market: Aave
    ours: Contract
    other: Contract
    sign: int

    def lower(self, less: int) -> None:
        weigh(self.market, self.sign > 0, less)

    def usable(self) -> int:
        account = self.ours.call("account", self.world.spot)
        return int(min(account[1], account[3]))

    def bounds(self) -> tuple[int, int]:
        """The least and the target of what is held, WAD USD; no margin is sent beyond the notional."""
        held = self.ours.call("position")
        notional = abs(held) * self.world.spot // WAD
        least, target, _ = self.ours.call("bounds", held)
        return notional * least // WAD, notional * min(target, WAD) // WAD

    def is_prey(self) -> bool:
        """Whether a liquidator may take it."""
        return self.market.liquidatable(self.ours.address)


def lowered(name: str, sign: int, loss_cap: int) -> Lowered:
    settings = DeploySettings(terms=WIDE, loss_cap=loss_cap)
    world = build(venue=venues.recipe(name), smile=FLAT, settings=settings)
    fund(world)
    world.freshen()
    for _ in range(3):
        world.mint(world.call(2_500) if sign > 0 else world.put(2_500), 20 * ETH)
    exchange: Any = world.curie
    exchange.converge()
    world.rest()
    place = name.split("+").index("aave")
    ours, other = members(world)[place], members(world)[1 - place]
    world.set_terms(max_trade=10)  # margin for orders is hardly any
    world.tandem.desk.sweep(ours).send(world.stranger)
    found = Lowered(world, exchange.members[place], ours, other, sign)
    assert ours.call("position") * sign > 10 * WAD
    assert other.call("position") * sign > WAD
    least, target = found.bounds()
    assert least < target < found.usable() < target * 11 // 10
    found.lower(LESS[sign])
    assert found.usable() < found.bounds()[0]
    assert not found.is_prey()
    with world.undone():
        found.lower(MUCH_LESS[sign])
        assert found.is_prey()
    return found


def is_home(there: Lowered) -> None:
    """The account is at its target, and the next lowering finds nothing to liquidate."""
    least, target = there.bounds()
    assert there.usable() > least
    assert there.usable() > target * 98 // 100
    there.lower(MUCH_LESS[there.sign])
    assert not there.is_prey()
    with pytest.raises(Reverted):
        there.market.liquidate(there.ours.address)


@pytest.mark.proves("HG-12", "VS-6")
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("name", SETS)
def test_margin_follows_a_lowered_threshold_before_anybody_may_liquidate(
    name: str, sign: int
) -> None:
    there = lowered(name, sign, 3 * WAD // 100)
    world, desk = there.world, there.world.tandem.desk
    held = [one.call("position") for one in (there.ours, there.other)]
    with pytest.raises(
        Reverted, match="carry unknown"
    ):  # nothing is forced where margin may follow
        desk.shift(there.ours, there.other, MOST).send(world.stranger)
    assert desk.top_up().send(world.stranger).returned > 1_000 * USD
    assert [one.call("position") for one in (there.ours, there.other)] == pytest.approx(held)
    is_home(there)


@pytest.mark.proves("VS-10")
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("name", SETS)
def test_a_hedge_to_which_no_margin_follows_moves_before_anybody_may_liquidate(
    name: str, sign: int
) -> None:
    """What the lender's orders cost is past its budget: a top-up counts that, and sends nothing."""
    there = lowered(name, sign, WAD // 10**6)
    world, desk = there.world, there.world.tandem.desk
    held, other = there.ours.call("position"), there.other.call("position")
    whole = world.position()
    assert desk.top_up(there.ours).send(world.stranger).returned == 0
    (event,) = desk.shift(there.ours, there.other, MOST).send(world.stranger).events("Shifted")
    moved = event["size"] * sign
    assert abs(moved) > WAD
    assert there.ours.call("position") == pytest.approx(held - moved, abs=10**13)
    assert there.other.call("position") == pytest.approx(other + moved, abs=10**13)
    assert world.position() == pytest.approx(whole, abs=10**13)
    is_home(there)


@pytest.mark.proves("HG-12", "HG-20")
@pytest.mark.parametrize("name", SETS)
def test_a_short_whose_least_is_over_its_notional_is_lowered_before_anybody_may_liquidate(
    name: str,
) -> None:
    """Margin is sent up to the notional, which is under the least: what that carries stays."""
    there = lowered(name, -1, 3 * WAD // 100)
    there.lower(1_500)
    assert there.bounds()[0] > there.bounds()[1]
    world, desk = there.world, there.world.tandem.desk
    held = there.ours.call("position")
    assert desk.top_up().send(world.stranger).returned > 1_000 * USD
    with pytest.raises(Reverted, match="no top-up due"):
        desk.top_up(there.ours).send(world.stranger)
    assert there.usable() < there.bounds()[0]
    assert desk.delever().send(world.stranger).returned > WAD
    assert held < there.ours.call("position") < held // 2
    is_home(there)
