"""HG-17: a wait begins where the market's average alone stops a rebalance, and not where margin does."""

from __future__ import annotations

import pytest
from several import REPLACED, tell
from test_a_barred_venue import barred_beside, short
from worlds import ETH, LOT

from tandem.errors import Reverted
from tandem.units import HOUR, WAD


@pytest.mark.proves("HG-17", "HG-21")
def test_where_margin_stops_it_nobody_is_told_to_wait_for_the_average() -> None:
    """One of two takes no order; the other may get nothing for what it lost, and has its least and not its
    target: a plain order would fit, of what no trader brings none. A wait began once a day for ever, and its
    callers were told of an average."""
    world, lender, exchange = barred_beside(1, 30 * ETH)
    world.move(2_700)
    world.engine.advance(4 * HOUR)  # what top-ups left behind is no proof of margin any more
    world.freshen()
    world.rest()
    tell(world, exchange, ("max_order", REPLACED, 0, 0))
    held = lender.call("position")
    least, target, _ = lender.call("bounds", held)
    short(world, lender, held * world.spot // WAD * (least + target) // 2 // WAD)
    t = world.tandem
    missing = -t.snapshot().stance.residual
    high = world.spot * (10_000 + world.terms()["fill_band"]) // 10_000
    assert t.router.call("max_order", missing, high) >= LOT
    assert t.router.pace(missing, 0, world.spot) == 0
    with pytest.raises(Reverted) as caught:
        t.rebalance(sender=world.stranger)
    assert caught.value.reason == "router: nothing fits"
    assert t.router.ledger().since == 0
