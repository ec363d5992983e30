"""The shares of need that a HedgeRouter keeps margin between."""

from __future__ import annotations

from functools import cache
from typing import Any

import boa
import pytest

WAD = 10**18


@cache
def compiled() -> Any:
    return boa.load_partial("contracts/HedgeRouter.vy")


def router(least: int, target: int, most: int) -> Any:
    people = [boa.env.generate_address() for _ in range(7)]
    return compiled().deploy(*people, least, target, most)


@pytest.mark.parametrize(
    "bounds", [(1, 2, 3), (WAD - 2, WAD - 1, WAD), (WAD * 12 // 100, WAD * 15 // 100, WAD)]
)
def test_least_target_and_most_rise_up_to_one(bounds: tuple[int, int, int]) -> None:
    r = router(*bounds)
    assert (r.LEAST(), r.TARGET(), r.MOST()) == bounds


@pytest.mark.parametrize(
    "bounds", [(0, 1, 2), (2, 2, 3), (3, 2, 4), (1, 3, 3), (1, 4, 3), (WAD - 1, WAD, WAD + 1)]
)
def test_others_are_refused(bounds: tuple[int, int, int]) -> None:
    with boa.reverts("router: margin bounds"):
        router(*bounds)
