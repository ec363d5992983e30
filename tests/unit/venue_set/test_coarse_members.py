"""LM-10, VS-1: members whose base tokens count in whole units: a set counts in the coarsest."""

from __future__ import annotations

import pytest
from set_alone import PRICE, Alone, alone

from tandem.errors import Reverted
from tandem.units import WAD

ENOUGH = 10**6
COARSE = 10**10
OFF = {1: 10**6, COARSE: 50 * COARSE}
"""What a leg is off by, at the least, to be none, by the grain."""


def told(grains: tuple[int, int]) -> Alone:
    made = alone(grains=grains)
    made.has(ENOUGH, ENOUGH)
    return made


@pytest.mark.proves("LM-10", "VS-1")
@pytest.mark.parametrize("grains", [(COARSE, 1), (1, COARSE), (COARSE, 10**4), (COARSE, COARSE)])
@pytest.mark.parametrize("sign", [1, -1], ids=["buys", "sells"])
def test_legs_are_multiples_of_the_coarsest(grains: tuple[int, int], sign: int) -> None:
    two = told(grains)
    assert two.set.call("grain") == COARSE
    order = 3 * WAD + COARSE
    position, *_, filled = two.fill(sign * order)
    assert position == sign * order == sum(one.call("held") for one in two.behind)
    assert filled == order
    assert all(one.call("held") % COARSE == 0 != one.call("held") for one in two.behind)


@pytest.mark.proves("LM-10")
def test_what_is_finer_is_filled_by_nobody() -> None:
    """Whole it is refused, in part filled up to it; of eighteen decimals nothing is finer."""
    two, fine = told((COARSE, COARSE)), told((1, 1))
    order = 3 * WAD + COARSE // 3
    with pytest.raises(Reverted) as caught:
        two.fill(order)
    assert caught.value.reason == "venues: nothing fits"
    assert two.set.call("max_order", order, PRICE * 2) == 3 * WAD == sum(two.legs(order))
    assert two.fill(order, WAD)[3] == 3 * WAD
    assert fine.fill(order)[3] == order
    assert fine.set.call("grain") == 1


@pytest.mark.proves("LM-10", "VS-1")
@pytest.mark.parametrize("grain", [1, COARSE])
@pytest.mark.parametrize("sign", [1, -1], ids=["more", "less"])
def test_a_leg_is_exact_to_fewer_than_fifty_units_or_to_dust(grain: int, sign: int) -> None:
    two = told((grain, grain))
    depth = two.behind[0].call("depth")
    for off, good in ((OFF[grain] - 1, True), (OFF[grain], False)):
        two.behind[0].send("tell", PRICE, depth, 0, sign * off, sender=two.who)
        if good:
            assert two.fill(4 * WAD)[0] == 4 * WAD + sign * off
            two.fill(-4 * WAD)
            continue
        with pytest.raises(Reverted) as caught:
            two.fill(4 * WAD)
        assert caught.value.reason == "venues: leg not exact"
