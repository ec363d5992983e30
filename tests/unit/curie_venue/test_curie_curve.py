"""The adapter's curve of its market: what an order then pays, on the venue's own bytecode."""

from __future__ import annotations

import pytest
from curie_bench import Bench

from tandem.units import WAD


@pytest.mark.parametrize("size", [WAD, -WAD, 20 * WAD, -20 * WAD])
def test_a_fill_is_the_integral_over_the_curve(bench: Bench, size: int) -> None:
    """One stretch of the maker's own: price x / (1 -+ x / depth), and the fee of it, to a thousand
    millionth."""
    bench.fund(200_000)
    price, fee, depths, reaches = bench.venue.call("curve", size)
    assert price == bench.venue.call("price")
    assert reaches == (abs(size), 0, 0, 0)
    assert depths[1:] == (0, 0, 0)
    bare = price / WAD * abs(size) / (1 - size / depths[0])
    _, quote, taken = bench.trade(size).returned
    assert abs(quote) == pytest.approx(bare, rel=1e-9)
    whole = abs(quote) * (WAD / (WAD - fee) - 1) if size > 0 else abs(quote) * fee / WAD
    assert taken == pytest.approx(whole, rel=1e-9)


def test_past_an_edge_it_is_shallower(bench: Bench) -> None:
    """The maker's liquidity is in two positions, of which one ends 2 % away."""
    for side in (1, -1):
        _, _, depths, reaches = bench.venue.call("curve", side * 10**6 * WAD)
        assert depths[0] > depths[1] > 0 == depths[2]
        assert reaches[0] > 0
        assert reaches[1] > 0
