"""R3: what the Market sends, and what it believes, where its Underwriter leaves out what a trade changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from harnesses import harness
from liars import build_with
from market_events import hedged
from worlds import ETH, World

from tandem.units import WAD

ODD = "unit/market/OddUnderwriter.vy"


@pytest.fixture(scope="module")
def odd_once() -> World:
    """Four calls, whose hedge is there."""
    world = build_with("Underwriter", ODD)
    world.mint(world.call(2_500), 4 * ETH)
    return world


@pytest.fixture
def odd(odd_once: World) -> Iterator[World]:
    with odd_once.undone():
        yield odd_once


def bend(world: World, *, jumps: bool = False, order: bool = False, off: int = 0) -> None:
    liar = world.engine.at(harness(ODD), world.tandem.underwriter)
    liar.send("bend", jumps, order, off, sender=world.stranger)


def losses(world: World) -> int:
    """Of the book, as the gate follows them."""
    return int(world.tandem.router.call("gate_words")[0])


def test_a_close_that_changes_nothing_there_leaves_hedge_and_gate_as_they_are(odd: World) -> None:
    """A hundredth of an ETH is inside the hard band: without an order and without losses there is
    nothing to send. With its losses alone the gate follows."""
    series, position, before = odd.call(2_500), odd.position(), losses(odd)
    bend(odd, order=True)
    with odd.undone():
        assert hedged(odd.close(series, ETH // 100))["order"] == 0
        assert losses(odd) != before
    bend(odd, jumps=True, order=True)
    event = hedged(odd.close(series, ETH // 100))
    assert event["order"] == event["cost"] == event["venue_fee"] == 0
    assert event["position_after"] == odd.position() == position
    assert losses(odd) == before


def test_a_close_whose_losses_are_left_out_is_hedged_all_the_same(odd: World) -> None:
    """The gate keeps what it knew until its next mark, which reads the book itself."""
    series, position, before = odd.call(2_500), odd.position(), losses(odd)
    bend(odd, jumps=True)
    event = hedged(odd.close(series, 2 * ETH))
    assert event["order"] < 0
    assert event["position_after"] == odd.position() == position + event["order"]
    assert losses(odd) == before
    odd.tandem.stress.remark().send(odd.stranger)
    assert losses(odd) != before


@pytest.mark.proves("HG-9")
@pytest.mark.parametrize("off", [-10 * WAD, 10 * WAD])
def test_what_leaves_a_larger_residual_than_it_found_is_no_rebalance(odd: World, off: int) -> None:
    """It said that a residual of an ETH or so is to come home, and against which delta it is held afterwards:
    another by ten. `hedge: not reduced`, and the venue's position is as it was."""
    odd.move(2_700)
    odd.rest()
    residual = odd.tandem.snapshot().stance.residual
    assert 0.1 * WAD < abs(residual) < 2 * WAD
    bend(odd, off=off)
    with odd.refuses("hedge: not reduced"):
        odd.tandem.rebalance(sender=odd.stranger)
    bend(odd)
    event = hedged(odd.tandem.rebalance(sender=odd.stranger))
    assert event["residual_before"] == pytest.approx(residual, rel=1e-4)  # seconds later
    assert abs(event["residual_after"]) < abs(event["residual_before"])
