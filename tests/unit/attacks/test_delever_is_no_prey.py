"""HG-20, HG-21: who gains by a `delever` that anybody may call, from anybody who may move its market."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from distress import SHORT, TOP, falls, ratio, squeezed
from predators import PURSE, lps, purse
from worlds import USD, World

from tandem.errors import Reverted
from tandem.units import WAD

PUSHES = (2, 8, 20, 60, 110)


@pytest.fixture(scope="module")
def squeezed_once() -> World:
    w = squeezed()
    w.curie.deposit(w.trader, PURSE)
    return w


@pytest.fixture
def calm(squeezed_once: World) -> Iterator[World]:
    with squeezed_once.undone():
        yield squeezed_once


@pytest.fixture
def short(calm: World) -> World:
    falls(calm, SHORT)
    return calm


def try_it(w: World) -> int:
    with suppress(Reverted):
        return int(w.tandem.desk.send("delever", sender=w.stranger).returned)
    return 0


def sandwich(w: World, push: int) -> tuple[int, int, int]:
    """Push, delever, unwind in one second: what the predator and LPs gained, and the order."""
    before = purse(w), lps(w)
    if push:
        w.curie.open(w.trader, -push * WAD)
    order = try_it(w)
    if push:
        w.curie.open(w.trader, push * WAD)
    return purse(w) - before[0], lps(w) - before[1], order


@pytest.mark.proves("HG-20", "HG-17")
@pytest.mark.parametrize("push", PUSHES)
def test_r27_a_sandwich_of_a_delever_loses(short: World, push: int) -> None:
    gained, lost, _ = sandwich(short, push)
    assert gained < -push * USD
    assert lost > -10 * USD


@pytest.mark.proves("HG-20", "HG-17")
@pytest.mark.parametrize("push", PUSHES)
def test_r27_who_makes_the_pool_himself_gains_nothing_by_pushing(short: World, push: int) -> None:
    """He gets his fees back, all but what the venue's insurance keeps of them, a tenth."""
    with short.undone():
        _, fair, _ = sandwich(short, 0)
    with short.undone():
        _, lost, _ = sandwich(short, push)
    fees = 2 * push * SHORT * USD // 1_000
    assert fair - lost < fees // 10


def _pushed(w: World) -> None:
    """As far as the venue lets one go in a second, to the hedge's disadvantage."""
    w.curie.open(w.trader, -200 * WAD)


def _pushed_and_held(w: World) -> None:
    """Held for ten minutes against nobody: the venue's own average follows."""
    w.curie.open(w.trader, -60 * WAD)
    w.engine.advance(600)
    w.push_wad(w.spot)


def _lent_and_left(w: World) -> None:
    """Margin is somebody else's gift: it counts in nothing, neither when it comes nor when it is spent."""
    w.deposit_for_venue(50_000 * USD)


def _given_to_the_vault(w: World) -> None:
    w.donate(w.tandem.vault, 50_000 * USD)
    w.donate(w.tandem.router, 50_000 * USD)
    w.donate(w.tandem.venue, 50_000 * USD)


@pytest.mark.proves("HG-20")
@pytest.mark.parametrize("act", [_pushed, _lent_and_left, _given_to_the_vault])
def test_nobody_makes_it_due(calm: World, act: Callable[[World], None]) -> None:
    """At its target. The venue's mark is a median of averages, and a moment moves none."""
    act(calm)
    with calm.refuses("margin: no delever due"):
        calm.tandem.desk.send("delever", sender=calm.stranger)


@pytest.mark.proves("HG-20")
def test_who_holds_the_pool_down_for_ten_minutes_does_not_make_it_due(calm: World) -> None:
    falls(calm, 2_400)
    assert 0.12 < ratio(calm) < 0.13
    _pushed_and_held(calm)
    before = calm.position()
    try_it(calm)
    assert calm.position() == before


@pytest.mark.proves("HG-20", "FL-8")
@pytest.mark.parametrize("act", [_lent_and_left, _given_to_the_vault])
def test_a_gift_puts_it_off_for_nobody(short: World, act: Callable[[World], None]) -> None:
    """It holds the venue off, and counts in no equity of ours."""
    act(short)
    assert short.tandem.desk.send("delever", sender=short.stranger).returned < 0


@pytest.mark.proves("HG-20")
def test_a_stale_spot_sells_nothing_under_the_venues_index(short: World) -> None:
    """While spot is refused the fill band lies around the venue's index; a pool past it fills nothing."""
    short.engine.advance(4_001)
    short.curie.converge(short.spot * 985 // 1_000)
    short.engine.advance(600)
    with short.refuses("router: nothing fits"):
        short.tandem.desk.send("delever", sender=short.stranger)


@pytest.mark.proves("HG-21")
@pytest.mark.parametrize("swing", [1, 2])
def test_r27_swings_of_the_price_turn_the_hedge_over_no_more_than_they_must(
    short: World, swing: int
) -> None:
    """Six swings of one or two per cent with a stranger who calls whatever moves: the hedge goes down with
    the falls, and up nowhere, for want of margin."""
    turned = 0
    first = short.position()
    for _ in range(6):
        for price in (SHORT * (100 + swing) // 100, SHORT):
            falls(short, price)
            for act in (lambda: short.tandem.rebalance(sender=short.stranger).returned[0],
                        lambda: try_it(short)):  # fmt: skip
                with suppress(Reverted):
                    turned += abs(act())
    assert turned == first - short.position()
    assert turned < first * 35 // 100


@pytest.mark.proves("HG-21")
def test_an_open_brings_none_of_the_residual_that_margin_does_not_carry(short: World) -> None:
    """Its own delta is its own; of what it inherits nothing enlarges the hedge."""
    residual = short.tandem.snapshot().stance.residual
    assert residual < 0
    assert short.tandem.router.call("pace", -residual, 10**16, short.spot) == 0
    assert short.tandem.router.call("pace", residual, -(10**16), short.spot) > 0


@pytest.mark.proves("HG-21")
def test_r17_capital_for_a_moment_enlarges_no_hedge_that_its_leaving_cuts(short: World) -> None:
    """A deposit makes room for the hedge and cannot leave within the day; while it is there it is lent, so
    that what was enlarged on it is carried by it."""
    short.tandem.deposit(20_000 * USD, lp=short.trader)
    assert short.tandem.rebalance(sender=short.stranger).returned[0] > 0
    short.tandem.desk.send("top_up", sender=short.stranger)
    assert ratio(short) > 0.12
    assert TOP > SHORT
    with short.refuses("margin: no delever due"):
        short.tandem.desk.send("delever", sender=short.stranger)
