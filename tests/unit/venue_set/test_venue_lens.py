"""The venues side by side, in one call of the chain's."""

from __future__ import annotations

from typing import Any

import pytest
from several import Lie, members, tell
from test_absurd_members import lies
from worlds import ETH, World, build

from tandem.engine.base import Contract
from tandem.units import WAD

SIZE = 10**24
NEVER = 2**255 - 1


def seen(world: World) -> tuple[Any, ...]:
    return world.tandem.venue_lens.venues()


@pytest.mark.proves("VS-11")
def test_it_says_of_each_what_its_own_adapter_says(pair: World) -> None:
    pair.mint(pair.call(2_500), 15 * ETH)
    spot = pair.tandem.spot.peek().price
    for venue, row in zip(members(pair), seen(pair), strict=True):
        account = venue.call("account", spot)
        assert row.venue == venue.address
        assert row.answers
        assert not row.is_down
        assert (row.account.position, row.account.equity, row.account.venue_equity) == account[:3]
        assert (row.bounds.least, row.bounds.target, row.bounds.most) == venue.call(
            "bounds", account[0]
        )
        assert (row.long, row.short) == venue.call("funding")
        assert row.price == venue.call("price")
        assert row.quotation.fee == venue.call("quotation")[2]
        assert row.buys == venue.call("max_order", SIZE, 2**256 - 1)
        assert row.sells == venue.call("max_order", -SIZE, 0)
        assert row.free == venue.call("free_collateral")


@pytest.mark.proves("VS-11")
def test_of_a_venue_that_fills_whatever_it_is_asked_a_million_is_shown(
    faced: World, face: Contract
) -> None:
    """Of both sides: no order is larger."""
    row = seen(faced)[1]
    assert row.venue == face.address
    assert row.buys == row.sells == SIZE


@pytest.mark.proves("VS-11")
def test_the_move_of_a_short_is_that_at_which_margin_is_at_its_least(pair: World) -> None:
    """Recomputed at the moved price, by what each adapter says of its account there."""
    assert [row.move for row in seen(pair)] == [NEVER, NEVER]
    for _ in range(3):
        pair.mint(pair.put(2_500), 15 * ETH)
    spot = pair.tandem.spot.peek().price
    for venue, row in zip(members(pair), seen(pair), strict=True):
        assert row.move > 0 > row.account.position
        there = spot + spot * row.move // WAD
        held, equity, *_ = venue.call("account", there)
        usable = min(equity, row.account.margin_equity + held * (there - spot) // WAD)
        need = abs(held) * there // WAD * row.bounds.least // WAD
        assert usable == pytest.approx(need, rel=1e-9)


@pytest.mark.proves("VS-11")
@pytest.mark.parametrize("equity", [-100, 100, 2_000, 5_000, 10**5])
def test_a_long_has_none_where_it_keeps_more_than_it_is_worth(
    faced: World, face: Contract, equity: int
) -> None:
    """Recomputed: what it lost by the move leaves what it needs at the price there."""
    face.send("set_equity", equity * WAD, sender=faced.stranger)
    spot = faced.tandem.spot.peek().price
    row = seen(faced)[1]
    held, usable = row.account.position / WAD, row.account.equity / WAD
    worth, least = held * spot / WAD, row.bounds.least / WAD
    assert held > 0
    if usable <= worth * least:
        assert row.move == 0
    elif usable >= worth:
        assert row.move == NEVER
    else:
        move = row.move / WAD
        assert -1 < move < 0
        assert usable + worth * move == pytest.approx(worth * (1 + move) * least, rel=1e-9)


@pytest.mark.proves("VS-11", "VS-8")
@pytest.mark.parametrize("lie", lies())
def test_r35_whatever_one_answers_the_other_is_shown(
    faced: World, face: Contract, lie: Lie
) -> None:
    tell(faced, face, lie)
    t, place = faced.tandem, members(faced)[0].address
    honest, lying = seen(faced)
    assert honest == t.venue_lens.view_of(place, t.spot.peek().price)
    assert honest.answers
    assert lying.venue == face.address


@pytest.mark.proves("VS-11", "VS-5")
def test_who_was_taken_down_is_shown_with_what_lies_there(pair: World) -> None:
    t = pair.tandem
    t.guardian.take_down_one(1).send(t.roles.guardian)
    assert [(row.is_down, row.answers) for row in seen(pair)] == [(False, True), (True, True)]
    t.guardian.take_down().send(t.roles.guardian)
    assert [row.is_down for row in seen(pair)] == [True, True]


@pytest.mark.proves("VS-11")
def test_one_venue_is_a_list_of_one() -> None:
    world = build()
    (row,) = seen(world)
    assert row.venue == world.tandem.venue.address
    assert row.answers
    assert row.buys > 0 < row.sells
    world.tandem.guardian.take_down().send(world.tandem.roles.guardian)
    assert seen(world)[0].is_down
