"""SF-2, SF-5: who orders blocks relays what was signed minutes ago ahead of what is signed now, every time.

A slice is quoted beside the one before for its window, so long none replaces it. Whoever has one of each
minute, as all have where signers publish them, keeps the newest away: by half of the age and a window at
most.
"""

from __future__ import annotations

import pytest
from worlds import World

from tandem.engine.base import Receipt

STEP, STEPS = 10, 120  # seconds, twenty minutes


def valid_from(w: World) -> int:
    (slice_,) = (each for each in w.tandem.surface.call("slices") if each[0] == w.near)
    return w.engine.now() - int(slice_[6])


@pytest.mark.proves("SF-2", "SF-5")
def test_r29_slices_of_before_keep_a_newer_one_away_for_half_its_age_and_a_window(
    world: World,
) -> None:
    """500 seconds at default terms, for as long as signers sign each minute; a keeper that is as fast is
    refused in every block. What is older is not taken, and what is traded on is fresh."""
    w, terms = world, world.terms()
    held_back, worst = 0, 0
    for _ in range(STEPS):
        now = w.engine.now() + STEP
        old = max(now - terms["surface_age"] // 2, valid_from(w) + 1)
        posts = [w.tandem.post_call(w.near, w.slices[w.near], each) for each in (old, now)]
        _, newest = w.engine.send_many(posts, timestamp=now)
        held_back += not isinstance(newest, Receipt)
        worst = max(worst, now - valid_from(w))
    assert held_back == STEPS
    assert worst <= terms["surface_age"] // 2 + max(terms["surface_window"], STEP)
    w.engine.advance(terms["surface_window"])
    w.tandem.post({w.near: w.slices[w.near]})  # one block of his that he misses is enough
    assert w.engine.now() - valid_from(w) <= 1
