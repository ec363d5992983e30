"""HG-15 over several venues: what is noise is an exchange's own; who says nothing is not known to be free."""

from __future__ import annotations

import pytest
from several import REPLACED, REVERTS, build_beside_two_faces, build_set, members, splitter, tell
from worlds import World

from tandem.units import DAY, HOUR, WAD

NOISE = WAD // 10_000
STEP = 2 * 10**12


def marked(world: World, ppm: int | None = None) -> None:
    """An hour later, by a mark. ppm: the exchange's pool off its index, millionths."""
    if ppm is not None:
        world.curie.members[0].converge(world.spot * (10**6 + ppm) // 10**6)
    world.engine.advance(HOUR + 1)
    world.freshen()
    world.tandem.stress.send("remark", sender=world.stranger)


@pytest.mark.proves("HG-15")
@pytest.mark.parametrize("ppm", [-90, -50, 50, 90])
def test_an_exchange_s_noise_is_charged_beside_a_lender_no_more_than_alone(ppm: int) -> None:
    """The dearest long and the dearest short are of two venues and no pair: its noise was charged."""
    world = build_set("curie+aave")
    for _ in range(3):
        marked(world, ppm)
    curie, aave = (splitter(world).call("rates", each)[:2] for each in members(world))
    assert curie[0] == -curie[1] != 0
    carried = world.tandem.router.call("carry", DAY)
    for side in (0, 1):
        noise = min(max(curie[side], -NOISE), NOISE)
        worst = max(curie[side] - noise, aave[side])
        assert carried[side] == pytest.approx(worst, abs=STEP + 1)


@pytest.mark.proves("VS-9")
def test_who_says_nothing_is_not_known_to_be_free() -> None:
    """An hour of silence was noted as a rate of nothing, and opens paid nothing."""
    world = build_beside_two_faces("AaveVenue")
    face = members(world)[1]
    tell(world, face, ("funding_since", REPLACED, 1, 10**15))
    tell(world, face, ("funding", REPLACED, 0, 10**15))
    for _ in range(3):
        marked(world)
    dear = world.tandem.router.call("carry", DAY)[0]
    assert dear == pytest.approx(10**15, abs=STEP)
    tell(world, face, ("funding_since", REVERTS, 0, 0))
    for _ in range(2):
        marked(world)
        assert splitter(world).call("rates", face) == (0, 0, 0)
        assert world.tandem.router.call("carry", DAY)[0] == dear
