"""A lender counts in 128 bits and multiplies in 256: what it cannot book or reckon is not said to fill."""

from __future__ import annotations

import pytest
from inflating import MOST, inflated
from morpho_bench import PRICE, Bench
from test_morpho_stops import odd

from tandem.engine.base import Contract
from tandem.units import WAD

__all__ = ["odd"]
FIRST = 5 * WAD
"""What the counter is left room for, of a debt that begins with it."""


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("left", [0, FIRST])
@pytest.mark.parametrize("sign", [1, -1], ids=["long", "short"])
def test_what_it_says_fills_though_shares_of_nothing_fill_the_counter(
    bench: Bench, sign: int, left: int
) -> None:
    """LM-3: "It answers for every order and bound, and what it says fills". All of twenty ETH was said to
    fill, and reverted. A debt of the first few may be left room for, and none that is larger."""
    bench.fund(15_000)
    side = bench.morpho.long if sign > 0 else bench.morpho.short
    unit = left if sign < 0 else left * PRICE // WAD // 10**12
    assert bench.most(sign * 20 * WAD) == 20 * WAD
    assert inflated(bench.morpho, side, bench.stranger, MOST // unit if left else MOST) < 5_000_000
    most = bench.most(sign * 20 * WAD)
    own = 0 if sign < 0 else 15_000 * WAD**2 // PRICE  # a long's own money pays for so much of it
    assert most == pytest.approx(own + left, rel=1e-2, abs=2)
    if most:
        bench.trade(sign * most)
        assert bench.most(sign * 20 * WAD) < WAD // 10


@pytest.mark.proves("LM-3", "LM-8")
@pytest.mark.parametrize("said", [10**60, 2**255, 2**256 - 1])
@pytest.mark.parametrize("sign", [1, -1], ids=["long", "short"])
def test_every_view_answers_whatever_an_oracle_says(
    odd: tuple[Bench, Contract, Contract], sign: int, said: int
) -> None:
    """LM-3: "It answers for every order and bound": beside a price that no collateral can be multiplied by
    the lender reverts, and so did what says how far an order goes, and what margin is free. What is said
    to be free leaves."""
    bench, long, short = odd
    bench.fund(15_000)
    bench.trade(sign * 10 * WAD)
    (long if sign > 0 else short).send("say", said, sender=bench.stranger)
    free = bench.venue.call("free_collateral")
    if free:  # 44,935 USD beside a short, of which nothing left
        with bench.undone():
            bench.venue.send("withdraw", free, bench.router, sender=bench.router)
    for order in (WAD, -WAD, sign * 200 * WAD, -sign * 200 * WAD):
        most = bench.most(order)
        if most:
            with bench.undone():
                bench.trade(most if order > 0 else -most)
    bench.trade(-bench.position())
    assert bench.position() == 0
