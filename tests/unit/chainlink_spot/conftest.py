"""Every test of the sources finds the first feed ended and the second alive."""

from __future__ import annotations

from typing import Any

import pytest
from sources_bench import DELAY, GRACE, MAX_AGE, Sources
from spot_bench import DAY, HOUR, Rounds, env, load_feed, load_guardian, load_spot


@pytest.fixture(scope="module")
def loaded() -> Sources:
    feed, second, uptime = load_feed(), load_feed(18), load_feed(0)
    owner = env.generate_address("owner")
    guardian = load_guardian(owner, DELAY)
    more = {"guardian": guardian, "uptime": uptime, "max_age": MAX_AGE, "grace": GRACE}
    oracle, alone = load_spot(feed, second=second, **more), load_spot(feed, **more)
    expiry = env.timestamp + 10 * DAY
    uptime.push(0)
    return Sources(
        oracle, alone, Rounds(feed, expiry), Rounds(second, expiry), guardian, uptime, owner
    )


@pytest.fixture
def sources(loaded: Sources) -> Any:
    """The first feed ended an hour before the expiry; the second goes on."""
    with env.anchor():
        loaded.at(0)
        loaded.first.put(1, 1, -HOUR, 1_990)
        loaded.second.put(1, 1, -60, 1_995)
        loaded.second.put(1, 2, 60, 2_005)
        loaded.second.put(1, 3, 120, 2_010)
        yield loaded
