"""What the venue's owner can empty by its own contracts: all of an account that Tandem has there."""

from __future__ import annotations

import pytest
from curie_bench import PRICE, Bench

from tandem.units import USD, WAD


@pytest.mark.parametrize("size", [0, 2 * WAD, -2 * WAD])
def test_he_closes_and_empties_an_account(bench: Bench, size: int) -> None:
    bench.fund(1_000)
    if size:
        bench.trade(size)
    before = bench.equity()
    taken = bench.curie.turn().take(bench.venue.address)
    assert (taken.refused, bench.position()) == ("", 0)
    assert taken.amount == pytest.approx(before / WAD, rel=0.02)  # less what closing costs
    assert bench.curie.usdc.call("balanceOf", bench.venue) == round(taken.amount * USD)  # stranded
    assert abs(bench.equity()) < WAD // 1_000


def test_he_comes_again_for_what_was_sent_since(bench: Bench) -> None:
    bench.fund(1_000)
    robber = bench.curie.turn()
    assert robber.take(bench.venue.address).amount == 1_000
    assert robber.take(bench.venue.address).amount == 0
    bench.fund(300)
    bench.trade(WAD // 10)  # the adapter still trades under the approvals that he appointed
    assert 295 < robber.take(bench.venue.address).amount < 300
    assert bench.position() == 0


def test_what_the_venue_refuses_is_left_and_named(bench: Bench) -> None:
    """A position that its pool does not take at one order: nothing goes, neither the position nor money."""
    bench.fund(60_000)
    bench.trade(20 * WAD)
    robber = bench.curie.turn()
    bench.curie.set_index(PRICE * 12 // 10)
    bench.curie.converge()
    bench.curie.remove_liquidity()
    taken = robber.take(bench.venue.address)
    assert (taken.amount, bool(taken.refused)) == (0.0, True)
    assert bench.position() == 20 * WAD
