"""A pool that says it filled an order and never asked to be paid: no order fills there."""

from __future__ import annotations

from greedy import PART, fills_once_it_asks
from morpho_bench import Bench


def test_an_order_that_moved_no_position_is_refused(on_v3: Bench) -> None:
    assert fills_once_it_asks(on_v3, "morpho: fill not exact").call("position") == PART
