"""HG-13, HG-20: what an honest hedge loses in a fall is explained by the fall, also where it is lowered
chunk by chunk while the feed is silent."""

from __future__ import annotations

from contextlib import suppress

import pytest
from distress import squeeze
from worlds import World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import USD, WAD


def lost_in_a_fall(w: World, speaks: bool) -> int:
    """What counts once the feed is there, token units."""
    desk, before, held = w.tandem.desk, w.tandem.desk.unseen(w.spot).lost, w.position()
    if not speaks:
        w.engine.advance(4_001)

    def is_worth(usd: int) -> None:
        w.curie.set_index(usd * WAD)
        if speaks:
            w.own.send("push", usd * 10**8, sender=w.curie.owner)

    for usd in (2_400, 2_350, 2_300, 2_250):
        is_worth(usd)
        w.curie.converge()
        w.engine.advance(900)
        is_worth(usd)
        for _ in range(20):
            with suppress(Reverted):
                desk.send("delever", sender=w.stranger)
            w.engine.advance(61)
            is_worth(usd)
    w.push(2_250)
    assert held - w.position() > WAD
    return int(desk.unseen(w.spot).lost - before)


@pytest.mark.proves("HG-13", "HG-20")
def test_what_the_fall_explains_is_no_loss() -> None:
    """From 11.4 to 6.4 ETH over a tenth counted 751 USD more than where the feed speaks: each order put down
    the lesser position at the price of before the fall."""
    world = squeeze(build(settings=DeploySettings(loss_cap=WAD), apart=True))
    with world.undone():
        heard = lost_in_a_fall(world, True)
    assert lost_in_a_fall(world, False) < heard + 100 * USD
