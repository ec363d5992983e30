"""Which of two venues margin acts on, where both fall short of it, or where nobody knows at what price."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from several import REVERTS, build_beside_two_faces, members, tell
from worlds import ETH, World

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.units import WAD

DEEP = 10**5 * WAD
SILENCE = 4_001
"""Seconds, past the age of a feed's answer."""


@pytest.fixture(scope="module")
def short_once() -> World:
    """Sixty puts, whose hedge both hold a half of: short, and no margin was ever sent there by a top-up."""
    world = build_beside_two_faces("CurieVenue", "AaveVenue")
    for one in members(world):
        one.send("tell", 2_500 * WAD, DEEP, 0, 0, sender=world.stranger)
    for _ in range(4):
        world.mint(world.put(2_500), 15 * ETH)
    assert all(one.call("position") < -5 * WAD for one in members(world))
    return world


@pytest.fixture
def short(short_once: World) -> Iterator[World]:
    with short_once.undone():
        yield short_once


def has(world: World, one: Contract, usd: int) -> None:
    one.send("set_equity", usd * WAD, sender=world.stranger)


@pytest.mark.proves("HG-20")
@pytest.mark.parametrize("refuses", [0, 1])
def test_of_two_that_fall_short_the_first_is_asked_whether_it_takes_margin(
    short: World, refuses: int
) -> None:
    """The Vault may lend to both. Only where the first takes none of it is a hedge lowered, and it is the
    first's: that the second takes none is another call's matter."""
    both = members(short)
    for one in both:
        has(short, one, 100)
    tell(short, both[refuses], ("deposit", REVERTS, 0, 0))
    before = [one.call("position") for one in both]
    if refuses == 1:
        with pytest.raises(Reverted, match="margin: top up instead"):
            short.tandem.desk.send("delever", sender=short.stranger)
        return
    receipt = short.tandem.desk.send("delever", sender=short.stranger)
    (event,) = receipt.events("Delevered")
    assert event["venue"] == both[0].address
    assert both[0].call("position") == before[0] + event["order"] > before[0]
    assert both[1].call("position") == before[1]


@pytest.mark.proves("HG-12", "HG-20")
@pytest.mark.parametrize(
    ("act", "usd", "reason"),
    [("top_up", 100, "margin: no top-up due"), ("delever", -20_000, "margin: no delever due")],
)
def test_nothing_is_done_where_nobody_knows_at_what_price(
    short: World, act: str, usd: int, reason: str
) -> None:
    """The feed says what no ether costs, and margin was put down nowhere before: neither has a price to go
    by. At one that makes sense a top-up is due, or where more is owed than the hedge is worth a delever."""
    desk, both = short.tandem.desk, members(short)
    for one in both:
        has(short, one, usd)
        one.send("lie_at", 1, 0, sender=short.stranger)  # at no price that anybody asks for
    with short.undone():
        assert desk.send(act, sender=short.stranger).returned > 0
    assert all(desk.seen(one).spot == 0 for one in both)
    short.push(50)
    before = [one.call("position") for one in both]
    with pytest.raises(Reverted) as caught:
        desk.send(act, sender=short.stranger)
    assert caught.value.reason == reason
    assert [one.call("position") for one in both] == before


@pytest.mark.proves("HG-13")
def test_what_is_lowered_in_one_silence_counts_as_there_in_all_of_it_for_a_short(
    short: World,
) -> None:
    """Two chunks of a short hedge while the feed is silent, a minute apart: after each what was there before
    the first is put down, at what the feed said last. The market there is so deep that a chunk is an ETH."""
    desk, first = short.tandem.desk, members(short)[0]
    held, said = first.call("position"), short.spot
    first.send("tell", 2_500 * WAD, DEEP // 10, 0, 0, sender=short.stranger)
    has(short, first, -20_000)
    short.engine.advance(SILENCE)
    for n in range(1, 3):
        (event,) = desk.delever(first).send(short.stranger).events("Delevered")
        assert event["order"] > 0 > event["position"] == first.call("position")
        seen = desk.seen(first)
        assert (seen.position, seen.spot) == (held, said), n
        short.engine.advance(61)
    assert first.call("position") > held + 3 * WAD // 2


def test_a_venue_that_says_nothing_of_its_margin_is_asked_for_none(short: World) -> None:
    """Named, it reverts by name; what is not named goes by the other."""
    first, second = members(short)
    has(short, second, 100)
    tell(short, first, ("account", REVERTS, 0, 0))
    with pytest.raises(Reverted, match="venues: account unknown"):
        short.tandem.desk.top_up(first).send(short.stranger)
    assert short.tandem.desk.top_up(second).send(short.stranger).returned > 0
