"""HG-13, HG-20: what an honest hedge loses in a fall is explained by the fall, also where it is lowered
chunk by chunk while the feed is silent."""

from __future__ import annotations

from contextlib import suppress

import pytest
from distress import SHORT, delever, falls, fill, squeeze
from worlds import World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import USD, WAD


def lost_in_a_fall(w: World, speaks: bool) -> int:
    """What counts once the feed is there, token units."""
    desk, held, spot = w.tandem.desk, w.position(), w.spot // WAD
    before = desk.call("lost") + desk.unseen(w.spot).lost
    if not speaks:
        w.engine.advance(4_001)

    def is_worth(usd: int) -> None:
        w.curie.set_index(usd * WAD)
        if speaks:
            w.own.send("push", usd * 10**8, sender=w.curie.owner)

    for usd in range(spot - 100, spot - 251, -50):
        is_worth(usd)
        w.curie.converge()
        w.engine.advance(900)
        is_worth(usd)
        for _ in range(20):
            with suppress(Reverted):
                desk.send("delever", sender=w.stranger)
            w.engine.advance(61)
            is_worth(usd)
    w.push(spot - 250)
    assert held - w.position() > WAD
    return int(desk.call("lost") + desk.unseen(w.spot).lost - before)


@pytest.fixture
def squeezed() -> World:
    return squeeze(build(settings=DeploySettings(loss_cap=WAD), apart=True))


def grown(w: World) -> World:
    """A fall lowers the hedge, which puts it down; an LP's money lets it grow again, at the same answer."""
    falls(w, SHORT)
    delever(w)
    w.tandem.deposit(1_500 * USD, lp=w.engine.accounts[6])
    with suppress(Reverted):
        w.top_up()
    fill(w)
    assert w.position() - w.tandem.desk.seen(w.tandem.venue).position > 2 * WAD
    return w


@pytest.mark.proves("HG-13", "HG-20")
@pytest.mark.parametrize("is_grown", [False, True])
def test_what_the_fall_explains_is_no_loss(squeezed: World, is_grown: bool) -> None:
    """From 11.4 to 6.4 ETH over a tenth counted 751 USD more than where the feed speaks: each order put down
    the lesser position at the price of before the fall. And 209 more where the hedge had grown at the
    answer at which it was put down, for which what was put down then was taken."""
    world = grown(squeezed) if is_grown else squeezed
    with world.undone():
        heard = lost_in_a_fall(world, True)
    assert lost_in_a_fall(world, False) < heard + 100 * USD
