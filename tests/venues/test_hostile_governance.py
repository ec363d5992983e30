"""What a lending market's governance can take by its own contracts: all of an account that owes, but for what
lies idle in the adapter."""

from __future__ import annotations

import pytest
from aave_bench import PRICE, Bench, bench

from tandem.units import USD, WAD

__all__ = ["bench"]


@pytest.mark.parametrize("side", [-1, 1])
def test_it_empties_an_account_that_owes(bench: Bench, side: int) -> None:
    bench.fund(15_000)
    bench.trade(side * 10 * WAD)
    idle = bench.idle() * 10**12
    worth, held = (bench.equity() - idle) / WAD, bench.position()
    assert (idle > 0) == (side < 0)
    taken = bench.aave.turn().take(bench.venue.address)
    assert taken.refused == ""
    assert bench.position() == 0
    assert 0 <= bench.equity() - idle < WAD // 1_000
    found = bench.aave.liquidation(taken.receipts[0], str(bench.venue.address), PRICE / WAD)
    assert found.order == pytest.approx(-held / WAD, rel=1e-6)
    assert found.cost - found.covered == pytest.approx(worth, rel=1e-3)


def test_it_names_the_true_price_again(bench: Bench) -> None:
    bench.fund(15_000)
    bench.trade(-WAD)
    bench.aave.turn().take(bench.venue.address)
    assert bench.venue.call("index") == PRICE


def test_what_owes_nothing_is_left_and_named(bench: Bench) -> None:
    bench.fund(1_000)
    taken = bench.aave.turn().take(bench.venue.address)
    assert (taken.receipts, taken.refused) == ([], "the account owes nothing")
    assert bench.equity() == pytest.approx(1_000 * WAD, abs=WAD // USD * 2)
