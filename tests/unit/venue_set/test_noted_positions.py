"""What became of a position before its venue was taken down: it counts as it was noted, and nothing is
noted that could not be true."""

from __future__ import annotations

import pytest
from several import REPLACED, REVERTS, legs, members, tell
from worlds import ETH, World

from tandem.engine.base import Contract


def take_down(world: World) -> None:
    world.tandem.guardian.take_down_one(1).send(world.tandem.roles.guardian)


def liquidate(world: World, face: Contract) -> int:
    """Half of what lies there is gone, in every answer. What is left of it."""
    left = face.call("position") // 2
    for view in ("position", "account"):
        tell(world, face, (view, REPLACED, 0, left))
    return left


@pytest.mark.proves("VS-5")
@pytest.mark.parametrize("by", ["a note", "an order elsewhere", "neither"])
def test_what_was_liquidated_before_a_bit_was_set_counts_no_more(
    faced: World, face: Contract, by: str
) -> None:
    """Where somebody noted it, or anything was traded since; else as our last order left it."""
    world, venue = faced, faced.tandem.venue
    curie = members(world)[0]
    held = face.call("position")
    left = liquidate(world, face)
    assert venue.call("position") == curie.call("position") + left
    if by == "a note":
        venue.send("note", sender=world.stranger)
    elif by == "an order elsewhere":
        face.send(
            "lie", face.abi.functions["curve"][0].selector, REVERTS, 0, 0, sender=world.stranger
        )
        assert set(legs(world.mint(world.put(2_500), 20 * ETH))) == {curie.address}
    take_down(world)
    counts = held if by == "neither" else left
    assert venue.call("position") == pytest.approx(curie.call("position") + counts, abs=10**6)
    world.tandem.guardian.take_down().send(world.tandem.roles.guardian)
    assert world.tandem.router.call("last_position") == venue.call("position")


@pytest.mark.proves("VS-5", "VS-8")
def test_a_position_that_never_was_is_not_noted(faced: World, face: Contract) -> None:
    """Past what interest makes of ours. What is said to be gone, or of the other sign, and noted, is gone: it
    would explain what a price takes again and again."""
    venue, held = faced.tandem.venue, face.call("position")
    whole = venue.call("position")
    for said in (held * 5 // 4, 10**26):
        tell(faced, face, ("position", REPLACED, 0, said))
        # what interest may have made of ours since is all that counts of more
        assert whole - 10**6 <= venue.call("position") < whole + held // 10**4
        venue.send("note", sender=faced.stranger)
    for gone in (2**256 - held, 2**256 - 10**26):
        with faced.undone():
            tell(faced, face, ("position", REPLACED, 0, gone))
            assert venue.call("position") == pytest.approx(whole - held, abs=3 * 10**8)
            venue.send("note", sender=faced.stranger)
            tell(faced, face, ("position", 0, 0, 0))
            assert venue.call("position") == pytest.approx(whole - held, abs=6 * 10**8)
    tell(faced, face, ("position", REPLACED, 0, 0))
    venue.send("note", sender=faced.stranger)
    assert venue.call("position") == whole - held
    tell(faced, face, ("position", 0, 0, 0))
    assert venue.call("position") == pytest.approx(whole - held, abs=3 * 10**8)  # a rounding
