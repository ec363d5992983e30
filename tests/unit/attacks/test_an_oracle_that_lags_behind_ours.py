"""SH-2, SH-8: a lender's own oracle has no round for hours while our feed speaks.

The account counts at the worse of two prices, so that the moment is not calm, and after the longest wait who
is due leaves at the worse. It stands (docs/weaknesses.md).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from several import LentWorld
from test_whose_moment import TERMS, left_with, settle_down
from under_way import leaving
from worlds import ABRUPT, ETH, FLAT, PRICE, USD, WAD, WINDOW, World, feed_of, furnish

from tandem import venues
from tandem.engine import open_engine
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings, deploy_tandem
from tandem.venues import Opening

LESS = {2: 3_444, 6: 11_467}
"""USD of a million that leaves of 2.5M beside 300 calls and a long of 161 ETH, by the rise in per cent."""


@cache
def two_feeds(kind: str) -> World:
    """A market on a lender whose oracle reads another feed than ours; a million of it is due to leave."""
    engine = open_engine("pyrevm")
    market: Any = venues.recipe(kind).open(engine, PRICE * WAD, Opening())
    own = feed_of(engine, market, "own", PRICE)
    there = replace(market, parts=market.parts | {"feed": own})
    tandem = deploy_tandem(engine, there, DeploySettings(terms=ABRUPT | TERMS))
    w = furnish(LentWorld(engine, market, tandem, 0, 0, own=own), 1_500_000 * USD, FLAT)
    leaving(w, 1_000_000 * USD, w.call(2_500, far=True), [20 * ETH] * 15)
    return w


def speaks(w: World, price: int) -> None:
    """A round of our feed alone; the pool is there."""
    assert w.own is not None
    w.own.send("push", price * 10**8, sender=w.curie.owner)
    w.curie.converge(price * WAD)
    w.post()
    w.engine.advance(WINDOW)


def hedged(w: World, price: int) -> None:
    for _ in range(60):
        stance = w.tandem.snapshot().stance
        if abs(stance.residual) < stance.width:
            return
        with suppress(Reverted):
            w.tandem.rebalance(sender=w.stranger)
        speaks(w, price)


@pytest.mark.proves("SH-2", "SH-8")
@pytest.mark.parametrize("kind", ["aave", "morpho"])
@pytest.mark.parametrize("percent", LESS)
def test_who_leaves_beside_an_oracle_that_lags_has_the_worse_of_two_prices(
    kind: str, percent: int
) -> None:
    """The hedge is home, the pool at our price. What the lender does not count yet is for those who stay."""
    w, price = two_feeds(kind), PRICE * (100 + percent) // 100
    vault = w.tandem.vault
    with w.undone():
        for seconds in (0, 600):
            w.engine.advance(seconds)
            speaks(w, price)
        hedged(w, price)
        with pytest.raises(Reverted, match="vault: not calm"):
            vault.send("process", 8, sender=w.stranger)
        vault.send("poke", sender=w.stranger)
        for _ in range(7):
            w.engine.advance(3_200)
            speaks(w, price)
        with w.undone():
            first = left_with(w)
        w.push(price)
        for _ in range(3):
            settle_down(w)
        assert (left_with(w) - first) / USD == pytest.approx(LESS[percent], rel=0.1)
