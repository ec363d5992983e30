"""Random trades over strikes on which sold and bought calls meet: followed losses beside new marks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pytest
from worlds import ETH, WIDE, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series
from tandem.units import WAD

TERMS = WIDE | {"gate": 4_000}
SHAPES = ((False, 2_500, 3_000), (False, 2_600, 3_000), (False, 2_400, 2_500), (True, 2_500, 2_000))
SHAPES += ((True, 2_400, 2_250), (True, 2_250, 0), (False, 2_500, 5_000))
STEP = 2**59 / WAD  # USD
BOUNDS = 0.006 * 2_500  # USD a call: how far apart the two bounds of a strike may lie


@pytest.fixture(scope="module")
def wide_once() -> World:
    return build(settings=DeploySettings(terms=TERMS))


@pytest.fixture
def wide(wide_once: World) -> Iterator[World]:
    with wide_once.undone():
        yield wide_once


def exact(w: World) -> list[float]:
    """A new mark's, USD."""
    return [loss / 10**6 / WAD for loss in w.tandem.stress.losses().sums]


@pytest.mark.proves("GT-2", "GT-3")
@pytest.mark.parametrize("seed", range(4))
def test_r17_followed_losses_are_never_under_a_new_mark(wide: World, seed: int) -> None:
    """GT-3: "a trade adds what it changes, rounded up". What was traded back and forth is the most that
    may be left over."""
    random = np.random.default_rng(seed)
    held: dict[Series, int] = {}
    traded, trades = 0.0, 0
    for _ in range(24):
        is_put, strike, other = SHAPES[int(random.integers(len(SHAPES)))]
        series = Series(wide.near if random.random() < 0.7 else wide.far, is_put, strike, other)
        units = int(random.integers(1, 500)) * ETH // 100
        with suppress(Reverted):
            if random.random() < 0.6:
                wide.mint(series, units)
                held[series] = held.get(series, 0) + units
            else:
                units = min(units, held.get(series, 0))
                wide.close(series, units)
                held[series] = held.get(series, 0) - units
            traded, trades = traded + units / ETH, trades + 1
        followed = [loss / WAD for loss in wide.tandem.snapshot().gate.losses]
        for known, true in zip(followed, exact(wide), strict=True):
            assert -1e-6 < known - true <= trades * STEP + traded * BOUNDS
    assert trades > 8
