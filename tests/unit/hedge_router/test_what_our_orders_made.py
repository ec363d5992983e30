"""The last position that the router knows of an only venue is what our orders have made, whatever that says
when anybody marks the book, moves margin, lowers the hedge or sells back: who leaves is priced by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from liars import VENUE, build_with
from worlds import ETH, World

from tandem.errors import Reverted
from tandem.units import DAY, WAD

MUCH = 10_000 * WAD
PART = 10_000
"""Of a position, what interest may have made since the last mark, and more."""


@pytest.fixture(scope="module")
def liar_once() -> World:
    w = build_with("CurieVenue", VENUE)
    for _ in range(2):
        w.mint(w.call(2_500, far=True), 4 * ETH)
    w.tandem.freshen_gate()
    return w


@pytest.fixture
def liar(liar_once: World) -> Iterator[World]:
    with liar_once.undone():
        yield liar_once


def known(w: World) -> int:
    return int(w.tandem.router.call("last_position"))


def says_more(w: World, size: int) -> None:
    w.tandem.venue.send("move", size, sender=w.stranger)


def marks(w: World) -> int:
    w.tandem.stress.send("remark", sender=w.stranger)
    return 0


def closes(w: World) -> int:
    return int(w.close(w.call(2_500, far=True), ETH).events("Hedged")[0]["order"])


def tops_up(w: World) -> int:
    w.tandem.venue.send("set_equity", WAD, sender=w.stranger)
    with suppress(Reverted):
        w.tandem.desk.send("top_up", sender=w.stranger)
    return 0


def lowers(w: World) -> int:
    w.tandem.venue.send("set_equity", WAD, sender=w.stranger)
    with suppress(Reverted):
        return int(w.tandem.desk.send("delever", sender=w.stranger).returned)
    return 0


@pytest.mark.proves("SH-2")
@pytest.mark.parametrize("size", [MUCH, -MUCH])
@pytest.mark.parametrize("act", [marks, closes, tops_up, lowers])
def test_what_a_venue_says_besides_is_not_known(
    liar: World, act: Callable[[World], int], size: int
) -> None:
    before = known(liar)
    says_more(liar, size)
    traded = sum(abs(act(liar)) for _ in range(3))
    assert abs(known(liar)) <= (before + traded) * (PART + 1) // PART


@pytest.mark.proves("SH-2")
@pytest.mark.parametrize("size", [2 * WAD, MUCH])
def test_an_order_beside_what_nobody_made_is_one_of_ours(liar: World, size: int) -> None:
    """To the wei that is kept: a close that sells takes away from what our orders made, and adds nothing."""
    before = known(liar)
    says_more(liar, size)
    order = closes(liar)
    assert order < 0
    assert known(liar) == pytest.approx(before + order, abs=2 * 10**6)


@pytest.mark.proves("SH-2", "HG-19")
def test_what_it_says_is_gone_may_be_said_again_until_an_order_goes_there(liar: World) -> None:
    before = known(liar)
    says_more(liar, -before)
    marks(liar)
    assert known(liar) == before
    order = liar.tandem.rebalance(sender=liar.stranger).events("Hedged")[0]["order"]
    assert known(liar) == pytest.approx(order, abs=10**9)
    assert order > WAD


@pytest.mark.proves("SH-2")
@pytest.mark.parametrize("days", [1, 30])
def test_interest_since_the_last_mark_is_known(liar: World, days: int) -> None:
    """At half of its own in a year, however long nobody looked."""
    grown = known(liar) * days // 730
    says_more(liar, grown)
    liar.engine.advance(days * DAY)
    liar.freshen()
    assert known(liar) == pytest.approx(liar.tandem.router.call("position"), abs=10**6)
