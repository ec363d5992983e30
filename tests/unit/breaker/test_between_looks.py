"""BR-1: what is told of the breaker while nobody looks is what the next look finds."""

from __future__ import annotations

import pytest
from breaker_bench import NAV, Bench, env, look

from tandem.client import breaker
from tandem.protocol.bindings.structs import BreakerState
from tandem.units import HOUR, USD, WAD


@pytest.mark.proves("BR-1")
@pytest.mark.parametrize("hours", [0, 5, 23, 25, 60])
def test_what_views_tell_between_two_looks_is_what_the_next_one_finds(
    bench: Bench, hours: int
) -> None:
    """What a venue lost "today" is what is left of it: views told the last look's sums for as long as nobody
    looked, and a share's highest price of days ago."""
    long = {"position": 10 * WAD, "funding": WAD // 100}
    look(bench, **long)
    env.time_travel(HOUR)
    bench.vault.hold(NAV * 10**6 * 97 // 100, NAV * WAD)
    look(bench, lost=5_000 * USD, **long)
    env.time_travel(12 * HOUR)
    bench.vault.hold(NAV * 10**6 * 95 // 100, NAV * WAD)
    state = BreakerState(*look(bench, lost=5_000 * USD, **long))
    assert min(state.lost, state.drained, state.next) > 0
    env.time_travel(hours * HOUR)
    told = breaker.now(state, env.timestamp)
    found = look(bench, lost=5_000 * USD, position=0)
    price = 95 * WAD // 100
    assert (told.lost, told.drained) == (found.lost, found.drained)
    assert max(told.share, price) == found.share
