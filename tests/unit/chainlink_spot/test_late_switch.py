"""A feed whose owner takes up another aggregator between an expiry and its settlement."""

from __future__ import annotations

import pytest
from spot_bench import DAY, HOUR, Rounds, env, load_feed, load_spot

from tandem.units import WAD


@pytest.mark.proves("ST-1")
def test_a_switch_after_the_expiry_moves_the_round_that_settles_and_never_makes_two() -> None:
    """The new aggregator ran beside the old one since before the expiry: by its rounds it was alive, and the
    chain does not say since when the feed shows them. At each moment one round passes."""
    feed = load_feed()
    oracle = load_spot(feed)
    with env.anchor():
        r = Rounds(feed, env.timestamp + 10 * DAY)
        for number, seconds, price in ((1, -HOUR, 2_000), (2, -60, 2_000), (3, 5, 2_000)):
            r.put(1, number, seconds, price)
        feed.set_latest(1 << 64 | 3)
        env.go_to(r.expiry + HOUR)
        old, new = 1 << 64 | 3, 2 << 64 | 3
        assert oracle.settlement_price(r.expiry, old) == 2_000 * WAD
        for number, seconds, price in ((1, -DAY, 2_000), (2, -30, 2_000), (3, 20, 2_010)):
            r.put(2, number, seconds, price)
        feed.set_latest(2 << 64 | 3)
        assert oracle.settlement_price(r.expiry, new) == 2_010 * WAD
        assert not oracle.answers("settlement_price", r.expiry, old)
