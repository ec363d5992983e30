"""HG-18: three expiries wait for one round, and who settles one by one has the hedge of the others sold.

What lowers the position goes home while an expiry waits, by a delta that is partly nobody's: of an expiry
whose price is fixed and not told yet. Whoever holds back one settlement and lets another through sells what
is held for what lives, and keepers buy it again. Anybody's settlement ends it: it needs no more than a round.
"""

from __future__ import annotations

from itertools import permutations

import pytest
from filling import stocked
from worlds import ETH, LADDER, USD, WIDE, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series
from tandem.units import DAY, HOUR, WAD

TURN = 20  # minutes for which a settlement is held back
MOST = 400 * USD  # of 5M: both ways of some 35 ETH that live


def goes_home(w: World, minutes: int) -> None:
    """What anybody may do a minute, and arbitrage."""
    for _ in range(minutes):
        try:
            w.tandem.rebalance(sender=w.stranger)
        except Reverted as refused:
            if refused.reason == "hedge: inside trigger":
                return
        w.curie.converge()
        w.engine.advance(60)
        w.push_wad(w.spot)


@pytest.fixture(scope="module")
def waiting() -> tuple[World, tuple[int, int, int]]:
    """Calls, puts and calls of three days, and calls that live; the feed was silent over all three days."""
    settings = DeploySettings(terms=WIDE | {"reserve": 500})
    w = build(capital=5_000_000 * USD, settings=settings)
    days = w.near, w.near + DAY, w.near + 2 * DAY
    for each in days[1:]:
        w.tandem.list_expiry(each, LADDER)
        w.slices[each] = w.slices[w.near]
    w.rest()
    for _ in range(2):
        stocked(w, Series(days[0], False, 2_500, 5_000), 30 * ETH)
        stocked(w, Series(days[1], True, 2_500, 0), 40 * ETH)
        stocked(w, Series(days[2], False, 2_600, 5_000), 30 * ETH)
        stocked(w, Series(w.far, False, 2_500, 5_000), 40 * ETH)
    w.engine.set_time(days[0] - 2 * HOUR)
    w.freshen()
    goes_home(w, 60)
    w.engine.set_time(days[2] + 300)
    w.push(2_500)
    return w, days


def worth_after(w: World, order: tuple[int, ...], turn: int) -> tuple[int, int]:
    """What LPs have, and the least that was held on the way. turn: minutes between two settlements."""
    found, held = w.round_id(), []
    w.curie.converge()
    w.post()
    for each in order:
        w.tandem.settle(each, found)
        goes_home(w, turn)
        held.append(w.position())
    goes_home(w, 90)
    w.engine.set_time(w.near + 2 * DAY + 4 * HOUR)
    w.freshen()
    w.curie.converge()
    w.freshen()
    return int(w.tandem.vault.call("low_nav")), min(held)


@pytest.mark.proves("HG-18", "BK-5")
def test_r27_who_settles_by_turns_costs_the_way_there_and_back(
    waiting: tuple[World, tuple[int, int, int]],
) -> None:
    """5,033,653 USD for 5,033,926: 35 of 42 ETH that live are sold and bought again."""
    w, days = waiting
    with w.undone():
        at_once, _ = worth_after(w, days, 0)
    lows = []
    for order in permutations(days):
        with w.undone():
            worth, held = worth_after(w, order, TURN)
            assert at_once - MOST < worth < at_once + USD
            lows.append(held)
    assert 0 <= min(lows) < 7 * WAD  # of 42: nothing turns to the other side
    assert max(lows) > 41 * WAD
