"""A quote token that returns nothing where ERC-20 says True, as USDT does, beside a lending market."""

from __future__ import annotations

import pytest
from aave_bench import Bench, opened
from broken import broken
from denying import MUTE

from tandem.units import USD, WAD
from tandem.venues.aave import AaveRecipe


@pytest.fixture
def mute() -> Bench:
    """The adapter on a token that is mute from the start, with margin of 10,000 USD."""
    with broken(*MUTE):
        bench = opened(AaveRecipe(used=False))
    bench.fund(10_000)
    return bench


def test_what_is_lent_borrowed_repaid_and_taken_home_counts_by_what_it_does(mute: Bench) -> None:
    """A long paid with borrowed dollars, which the adapter sends on itself, and back."""
    usdc = mute.aave.usdc
    assert usdc.call("approve", mute.stranger, 1) is None
    mute.trade(6 * WAD)
    assert mute.aave.parts["d_usdc"].call("balanceOf", mute.venue) > 7_000 * USD
    mute.trade(-mute.position())
    free = mute.venue.call("free_collateral")
    mute.venue.send("withdraw", free, mute.stranger, sender=mute.router)
    assert usdc.call("balanceOf", mute.stranger) == free
    assert free * 10**12 == pytest.approx(10_000 * WAD, rel=1e-2)
