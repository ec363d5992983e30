"""Who says what ether costs is deployed with a feed and an age, or not at all."""

from __future__ import annotations

import pytest

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import NOBODY
from tandem.errors import Reverted
from tandem.units import HOUR, WAD


def test_ether_is_told_by_no_feed_and_of_no_age_by_nobody() -> None:
    """Without an age its answer would be old in the next second; without a feed there would be none."""
    engine = open_engine("pyrevm")
    who = engine.accounts[0]
    feed = engine.deploy(compile_vyper("PriceFeed"), 8, "ETH / USD", sender=who)
    for told, reason in (((NOBODY, HOUR), "ether: no feed"), ((feed, 0), "ether: no age")):
        with pytest.raises(Reverted) as caught:
            engine.deploy(compile_vyper("EtherSpot"), *told, sender=who)
        assert caught.value.reason == reason
    feed.send("push", 2_500 * 10**8, sender=who)
    ether = engine.deploy(compile_vyper("EtherSpot"), feed, 1, sender=who)
    assert (ether.call("FEED"), ether.call("MAX_AGE")) == (feed.address, 1)
    price, time, is_known = ether.call("peek")
    assert (price, is_known) == (2_500 * WAD, True)
    engine.set_time(time + 2)
    assert ether.call("peek") == (price, time, False)
