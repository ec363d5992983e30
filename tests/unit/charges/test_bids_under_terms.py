"""R40: no set of terms inside their bounds takes a holder's bid, and none lowers it at once."""

from __future__ import annotations

import pytest
from worlds import ETH, World

from tandem.protocol import terms
from tandem.protocol.series import Series

HOLDINGS = 2 * ETH


def held(world: World) -> list[Series]:
    """Options of every shape, some of them far from the money by now."""
    series = [
        world.call(2_500), world.call(2_500, 2_600), world.put(2_500), world.put(2_400, 2_250),
        world.call(3_000, far=True), world.put(2_250, far=True),
    ]  # fmt: skip
    for one in series:
        world.mint(one, HOLDINGS)
    return series


@pytest.mark.proves("PW-1")
@pytest.mark.parametrize(
    ("name", "amount"),
    [("spread_slope", 1_000), ("gamma_cap", 50), ("vega_cap", 10), ("surface_window", 900)],
)
def test_r40_no_term_that_applies_at_once_lowers_a_bid(
    world: World, name: str, amount: int
) -> None:
    """PW-1: "Nothing that applies at once lowers what a holder is bid"."""
    series = held(world)
    before = [world.tandem.quote(s, HOLDINGS, True).premium for s in series]
    guardian, owner = world.tandem.guardian, world.tandem.roles.deployer
    guardian.send("set_term", terms.FIELDS[name].index, amount, sender=owner)
    after = [world.tandem.quote(s, HOLDINGS, True).premium for s in series]
    assert all(a >= b - b // 10**5 for a, b in zip(after, before, strict=True))  # seconds passed
