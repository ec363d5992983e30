"""Acts on a base token of eight decimals, one unit of which is a grain of 1e10 WAD."""

from __future__ import annotations

from collections.abc import Callable

from worlds import World

from tandem.engine.base import Receipt

GRAIN = 10**10
GRAINS = 50
"""That a fill may be off by, for the lender's roundings."""


def fill(w: World, act: Callable[[], Receipt]) -> dict[str, int]:
    """The hedge of an act, held to the grain."""
    before = w.position()
    (hedged,) = act().events("Hedged")
    assert hedged["order"] % GRAIN == 0
    assert abs(hedged["position_after"] - before - hedged["order"]) < GRAINS * GRAIN
    return hedged


def home(w: World) -> None:
    for receipt in w.bring_home():
        (hedged,) = receipt.events("Hedged")
        assert hedged["order"] % GRAIN == 0 != hedged["order"]
