"""R27, HG-17: behind a large expiry, in a thin pool, each rebalance takes what fits, and none reverts.

At 1M of depth an order of 197 ETH did not fit the fill band, `max_order` said that it did, and nobody split
it: every rebalance reverted, and with it every open. Now it is home in forty minutes, until which opens are
refused by name.
"""

from __future__ import annotations

import pytest
from filling import puts
from market_events import hedged
from worlds import ETH, WIDE, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import WAD
from tandem.venues import Depth

TERMS = WIDE | {"reserve": 500, "gate": 4_000}


def opens(w: World) -> str:
    """Why an open is refused now; nothing where it is not."""
    with w.undone():
        w.freshen()
        try:
            w.mint(w.call(2_500, far=True), ETH)
        except Reverted as refused:
            return refused.reason
    return ""


@pytest.mark.proves("HG-1", "HG-9", "HG-17")
def test_r27_a_hedge_of_a_third_of_nav_goes_home_by_the_minute_in_a_pool_of_a_million() -> None:
    w = build(depth=Depth(usd=1_000_000.0), settings=DeploySettings(terms=TERMS))
    puts(w, 18)
    w.settle(w.near, 2_500)
    w.rest()
    large = abs(w.position())
    assert large * 2_500 > 300_000 * WAD
    began, filled, refused = w.engine.now(), 0, set[str]()
    for minute in range(400):
        stance = w.tandem.snapshot().stance
        if abs(stance.residual) < max(stance.width, stance.trigger):
            break
        filled += abs(hedged(w.tandem.rebalance(sender=w.stranger))["order"])
        if minute % 20 == 0:
            refused.add(opens(w))
        w.engine.advance(60)
        w.push_wad(w.spot)
        w.curie.converge()
    assert filled == large
    assert 30 < (w.engine.now() - began) / 60 < 60
    assert refused == {"hedge: residual over band"}
    assert opens(w) == ""
