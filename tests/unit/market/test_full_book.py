"""A book whose eight expiries are all open: a trade reads the slice of each."""

from __future__ import annotations

import pytest
from reference import underwriting as ref
from worlds import ETH, LADDER, WINDOW, World

from tandem.protocol.series import Series, next_expiry
from tandem.units import WAD

UNITS = 2 * ETH


def filled(w: World) -> dict[Series, int]:
    """Two calls in each of eight expiries, hedged, the eighth place's listed last."""
    more = [next_expiry(w.engine.now(), days) for days in (21, 22, 23, 24, 25, 26)]
    for expiry in more:
        w.tandem.list_expiry(expiry, LADDER)
    w.post(dict.fromkeys(more, w.slices[w.near]))
    w.engine.advance(WINDOW)
    held = {}
    for expiry in (w.near, w.far, *more):
        series = Series(expiry, False, 2_500, 5_000)
        w.mint(series, UNITS)
        held[series] = UNITS
        w.curie.converge()
        w.rest()
    return held


@pytest.mark.proves("HG-3", "BK-1")
def test_a_trade_beside_eight_open_expiries_knows_the_delta_of_each(world: World) -> None:
    """HG-3: a trade orders its own delta net of what is inherited; a slice that was not read would make
    the whole hedge of its expiry an inheritance."""
    held = filled(world)
    delta, _, _ = ref.book(held, world.slices, 2_500.0, world.engine.now())
    stance = world.tandem.snapshot().stance
    assert stance.delta / WAD == pytest.approx(delta, rel=1e-6)
    for series in held:
        with world.undone():
            own, _, _ = ref.book({series: ETH // 10}, world.slices, 2_500.0, world.engine.now())
            hedged = world.mint(series, ETH // 10).events("Hedged")[0]
            assert hedged["residual_before"] == pytest.approx(stance.residual, abs=10**13)
            assert (hedged["order"] + hedged["residual_before"]) / WAD == pytest.approx(
                own, rel=1e-5
            )
