"""SH-10: who stays has nothing of signers who are silent, or late beside an expiry that they left."""

from __future__ import annotations

import pytest
from books import open_book
from broken import broken
from plans import Weather, parse
from play import stage
from search import again
from worlds import World

# What exits no longer wait for counts at its maximum at once.
UNSAID = (
    "Lens.vy",
    "        marks.high = min(marks.high + apart, most)\n",
    "        marks.high = most\n",
)
SILENCES = (
    "full jump=6 hours=27 | A hold 90000",
    "full jump=-6 hours=27 | A hold 90000",
    "forsaken vol=-8 hours=3 | B post",
)


@pytest.mark.proves("SH-10")
@pytest.mark.parametrize("plan", SILENCES)
def test_who_stays_has_nothing_of_signers_who_are_silent_or_late(plan: str) -> None:
    """SH-10: "counts as its last slice has it". It was 49,394, 51,405 and 6,133 USD of 150,000 that left."""
    assert again(parse(plan)).taken <= 0


@pytest.mark.long
@pytest.mark.parametrize("plan", SILENCES[:2])
def test_r36_a_planted_hole_is_the_maximum_of_what_nobody_renews(plan: str) -> None:
    with broken(UNSAID):
        leaking = open_book("full")
    assert again(parse(plan), world=leaking).taken > 5_000


def paid(world: World | None = None) -> float:
    """USD that who leaves beside an expiry that signers left is paid, when nobody does anything."""
    with stage("forsaken", Weather(), world) as course:
        return course.still().left


@pytest.mark.proves("SH-10")
def test_who_leaves_beside_an_expiry_that_signers_left_is_paid_by_its_last_slice() -> None:
    """Of 150,000. No plan is needed for what he lost by its maximum, and so none gains by it: the keeper
    itself pays him out."""
    assert paid() > 149_900


@pytest.mark.long
def test_r36_a_planted_hole_burns_who_leaves_without_any_plan() -> None:
    with broken(UNSAID):
        leaking = open_book("forsaken")
    assert paid(leaking) < 140_000
