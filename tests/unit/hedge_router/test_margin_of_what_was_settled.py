"""HG-12, HG-20: behind a settlement the hedge is still there, and all of it is margined until it went home.

On a lending market what a hedge gains is margin, so it grows far past where margin was last moved. What it
hedged is no more then, and only what our orders have made of it says that it is ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from worlds import ETH, WIDE, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, HOUR, WAD
from tandem.venues import recipe

LAST = 1_700
FALL = range(2_500, LAST - 1, -50)


def acts(w: World, name: str) -> str:
    """What an act is refused for, if it is."""
    try:
        w.tandem.desk.send(name, sender=w.stranger)
    except Reverted as error:
        return error.reason
    return ""


@pytest.fixture(scope="module", params=["aave", "morpho"])
def settled_once(request: pytest.FixtureRequest) -> World:
    """A short hedge that grew through a fall, margined whenever that was due, right behind its expiry."""
    settings = DeploySettings(terms=WIDE | {"max_trade": 200})
    w = build(venue=recipe(request.param), settings=settings)
    for _ in range(20):
        w.engine.advance(DAY // 4)
        w.freshen()
        acts(w, "top_up")
        w.mint(w.put(2_250), 6 * ETH)
    for price in FALL:
        w.engine.advance(DAY // 6)
        w.move(price)
        w.rest()
        acts(w, "top_up")
        with suppress(Reverted):
            w.bring_home()
        w.curie.converge()
    w.engine.set_time(w.near - HOUR)
    w.rest()
    w.bring_home()
    w.settle(w.near, LAST)
    assert w.tandem.venue.call("position") < -119 * WAD
    return w


@pytest.fixture
def settled(settled_once: World) -> Iterator[World]:
    with settled_once.undone():
        yield settled_once


def carried(w: World) -> float:
    """What carries orders over the hedge's notional."""
    a = w.tandem.router.account(w.spot, 0)
    return a.usable / a.need


@pytest.mark.proves("HG-12", "HG-20")
@pytest.mark.parametrize("rise", [21, 25, 30])
def test_all_of_it_is_margined_until_it_went_home(settled: World, rise: int) -> None:
    """A top-up went by where margin was last moved, 72 of 120 ETH: none was due, and `delever` said `top up
    instead`."""
    w = settled
    w.move(LAST * (100 + rise) // 100)
    w.engine.advance(60)
    least, target, _ = (part / WAD for part in w.tandem.venue.call("bounds", -1))
    assert carried(w) < least
    assert acts(w, "top_up") == ""
    assert carried(w) >= target
    assert acts(w, "delever") == "margin: no delever due"
