"""SH-10: who stays has nothing of signers who are silent, or late beside an expiry that they left."""

from __future__ import annotations

import pytest
from books import open_book
from broken import broken
from plans import parse
from search import again

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
@pytest.mark.parametrize("plan", SILENCES)
def test_r36_a_planted_hole_is_the_maximum_of_what_nobody_renews(plan: str) -> None:
    book = plan.split()[0]
    with broken(UNSAID):
        leaking = open_book(book)
    assert again(parse(plan), world=leaking).taken > 5_000
