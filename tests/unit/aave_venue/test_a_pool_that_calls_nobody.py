"""A pool that says it filled an order and never asked to be paid: no order fills there."""

from __future__ import annotations

from aave_bench import Bench
from greedy import PART, fills_once_it_asks


def test_an_order_that_moved_no_position_is_refused(bench: Bench) -> None:
    venue = fills_once_it_asks(bench, "aave: fill not exact")
    assert abs(venue.call("position") - PART) < 10**9
