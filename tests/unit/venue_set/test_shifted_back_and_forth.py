"""A stranger makes an exchange's rate, by its pool a few basis points off its index for the quarter of an
hour over which that counts, and has the hedge moved there, then the other way, and again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from several import build_set, fund, lender, members, splitter
from worlds import ETH, World

from tandem.errors import Reverted
from tandem.units import DAY, HOUR, USD, WAD

PUSH = 4 * WAD
"""Of 2M of depth: under five basis points either way, which a fee of ten leaves to nobody."""


def exchange(w: World) -> Any:
    market: Any = w.curie
    return market.members[0]


@pytest.fixture(scope="module")
def pair_once() -> World:
    w = build_set("curie+aave")
    for _ in range(2):
        w.mint(w.call(2_500), 40 * ETH)
        fund(w)
    w.set_terms(max_trade=200)
    w.curie.converge()
    w.rest()
    exchange(w).deposit(w.trader, 10**6 * USD)
    return w


@pytest.fixture
def pair(pair_once: World) -> Iterator[World]:
    with pair_once.undone():
        yield pair_once


def later(w: World, seconds: int) -> None:
    w.engine.advance(seconds)
    w.push_wad(w.spot)


def held_off(w: World, size: int) -> None:
    """The pool is pushed and left there; both venues are asked what holding costs."""
    exchange(w).open(w.trader, size)
    for _ in range(2):
        later(w, HOUR // 2 + 1)
    splitter(w).send("note", members(w), sender=w.stranger)


def moved(w: World, source: int, target: int) -> tuple[int, int]:
    """As much as goes, a chunk a minute: how much, and what it cost, WAD."""
    there, size, cost = members(w), 0, 0
    for _ in range(40):
        try:
            receipt = w.tandem.desk.shift(there[source], there[target], 100 * WAD).send(w.stranger)
        except Reverted:
            break
        (event,) = receipt.events("Shifted")
        size, cost = size + event["size"], cost - event["received"]
        later(w, 60)
        fund(w)
        lender(w)[0].converge()
    return size, cost


def to_and_fro(w: World, times: int) -> list[tuple[int, int]]:
    held_off(w, PUSH // 2)
    found: list[tuple[int, int]] = []
    for n in range(times):
        held_off(w, 2 * (PUSH if n % 2 else -PUSH))
        found.append(moved(w, *((0, 1) if n % 2 else (1, 0))))
    return found


@pytest.mark.proves("VS-10")
def test_a_rate_that_turns_by_the_hour_moves_little_to_and_fro(pair: World) -> None:
    """It was 42 ETH each hour: 137 to 179 USD of LPs' each, 3,800 a day, for 19 to 36 of who pushes, and
    most of theirs are his fees where he makes the pools."""
    found = to_and_fro(pair, 6)
    assert found[0][0] > 20 * WAD
    assert found[2:] == [(0, 0)] * 4
    assert sum(cost for _, cost in found) < 250 * WAD


@pytest.mark.proves("VS-10")
def test_what_stayed_for_as_long_as_pays_for_the_way_moves_again(pair: World) -> None:
    """The rate of a lender, or of an exchange, that stays is what it is there for."""
    assert to_and_fro(pair, 3)[2] == (0, 0)
    later(pair, 5 * DAY)
    pair.freshen()
    held_off(pair, -1_000)
    there = members(pair)
    receipt = pair.tandem.desk.send("shift", there[1], there[0], PUSH, sender=pair.stranger)
    assert receipt.returned == PUSH
