"""A stranger who brings a little of the hedge home, so that the keeper does not."""

from __future__ import annotations

from typing import Any

from keeper.cycle import Keeper
from keeper.journal import State
from keeper.planner import Kind
from tandem.units import WAD
from tandem.venues import Depth

CRUMB = 2 * 10**15


def test_crumbs_of_a_stranger_do_not_keep_the_keeper_away(keeper: Keeper, market: Any) -> None:
    """HG-17: "at most `chunk` of the pool's depth in a minute": 0.04 ETH of 0.31 here. A stranger who
    sends 0.002 of it just before each minute is over had the keeper wait for ever, with the residual
    outside the hard band, because all that was due did not fit. It sends what the crumb has left, once."""
    t = market.tandem
    t.exchange.remove_liquidity()
    t.exchange.add_liquidity(Depth(usd=10_000.0, tail=1.0))
    market.move(2_650)
    market.rest()
    sent = []
    for _ in range(8):
        t.exchange.set_index(2_650 * WAD)
        residual = t.snapshot().stance.residual
        t.rebalance(residual + CRUMB, sender=market.engine.accounts[6])
        done = keeper.cycle() + keeper.cycle()
        sent += [d.result.state for d in done if d.intent.kind is Kind.REBALANCE]
        market.engine.advance(56)
    assert set(sent) == {State.MINED}
    assert 4 <= len(sent) <= 8
    stance = t.snapshot().stance
    assert abs(stance.residual) < stance.hard
