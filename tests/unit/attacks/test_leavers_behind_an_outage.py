"""SH-8, AV-1: the longest wait for a calm moment is over in no outage.

While a rollup's sequencer is down, and in its grace hour, nobody hedges, marks or leaves. The wait ran on:
who stays had a mark of a moment that was not calm, such as anybody makes by a push of a pool, and five hours
later who was due left in the first second in which anything went, before anybody could bring the hedge home.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_whose_moment import DUST, all_asked_for, filled, left_with, marked_off, settle_down
from worlds import USD, WINDOW, World

from tandem.engine.base import Call
from tandem.errors import Reverted
from tandem.units import HOUR

OUTAGE = 5 * HOUR


@pytest.fixture(scope="module")
def due_once() -> World:
    """2.5M, a million of it due to leave, and a mark while the venue stands off the oracle."""
    w = filled(1_500_000 * USD, 1_000_000 * USD, 300, uptime=True)
    all_asked_for(w)
    marked_off(w)
    return w


@pytest.fixture
def due(due_once: World) -> Iterator[World]:
    with due_once.undone():
        yield due_once


def outage(w: World, seconds: int) -> int:
    """The sequencer is down for so long, with the feed of prices, and its grace is over.

    @return: when both were back."""
    w.halt(seconds)
    back = w.engine.now()
    w.push(2_500)
    w.engine.advance(HOUR)
    return back


def at(w: World, price: int) -> None:
    """A round of now, and slices that stand alone."""
    w.push(price)
    w.post()
    w.engine.advance(WINDOW)


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize("percent", [-6, 3, 6])
def test_r30_nobody_is_priced_at_the_worst_of_a_jump_behind_an_outage(
    due: World, percent: int
) -> None:
    """SH-8: a million left with 10,214 USD less at +6 %, 5,123 at +3 % and 442 at -6 % than an hour later."""
    w, vault = due, due.tandem.vault
    outage(w, OUTAGE)
    at(w, 2_500 * (100 + percent) // 100)
    vault.send("poke", sender=w.stranger)
    with w.refuses("vault: not calm"):
        vault.send("process", 8, sender=w.stranger)
    settle_down(w)
    w.engine.advance(1)
    settle_down(w)  # calm, within the hour or soon after it
    with w.undone():
        paid = left_with(w)
    settle_down(w)
    assert abs(left_with(w) - paid) < DUST


@pytest.mark.proves("SH-8")
def test_r29_who_waited_leaves_an_hour_after_the_grace_whatever_the_moment(due: World) -> None:
    """Nobody is locked in by it: the wait is no longer than that."""
    w = due
    back = outage(w, OUTAGE)
    end = back + 2 * HOUR
    w.engine.set_time(end - 2 * WINDOW)
    at(w, 2_650)
    process = Call(w.tandem.vault, "process", (8,), w.stranger)
    with w.undone():
        early = w.engine.send_many([process], timestamp=end)[0]
        assert isinstance(early, Reverted)
        assert early.reason == "vault: not calm"
    w.engine.set_time(end)
    assert left_with(w) > 0
    assert not w.tandem.lens.mark_for(10**12, HOUR).calm


@pytest.mark.proves("SH-8", "AV-1")
def test_a_calm_moment_right_behind_an_outage_is_one_to_leave_at(due: World) -> None:
    w = due
    outage(w, HOUR)
    at(w, 2_500)
    w.curie.converge()
    assert left_with(w) > 0


@pytest.mark.proves("SH-8", "SH-10")
@pytest.mark.parametrize("hours", [5, 10, 24])
def test_r30_nobody_is_priced_beside_a_slice_that_nobody_could_renew(
    due: World, hours: int
) -> None:
    """SH-8: "nor beside a slice that exits no longer wait for". In the first second a million left with 10,
    1,797 and 6,740 USD less behind five, ten and 24 hours than with a slice relayed."""
    w = due
    outage(w, hours * HOUR)
    w.push(2_500)
    w.curie.converge()
    with w.refuses("vault: not calm"):
        w.tandem.vault.send("process", 8, sender=w.stranger)
    at(w, 2_500)
    w.curie.converge()
    assert left_with(w) > 0


@pytest.mark.proves("SH-10")
@pytest.mark.parametrize(("hours", "cost"), [(5, 369), (10, 2_153), (24, 7_090)])
def test_r29_signers_who_stay_silent_keep_nobody_in_behind_an_outage(
    due: World, hours: int, cost: int
) -> None:
    """SH-10: an hour behind the grace such a slice stops nobody, and counts as beside any silence."""
    w = due
    back = outage(w, hours * HOUR)
    w.engine.set_time(back + 2 * HOUR + 1)
    w.push(2_500)
    w.curie.converge()
    with w.undone():
        silent = left_with(w)
    at(w, 2_500)
    w.curie.converge()
    assert left_with(w) - silent == pytest.approx(cost * USD, rel=0.01)
