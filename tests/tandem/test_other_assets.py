"""What a file of a market on something else than ether must name: ether's feed, and its own price bounds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_outside import engine, feed, on_arbitrum

from tandem.engine.revm import RevmEngine
from tandem.errors import ConfigError
from tandem.protocol import outside

__all__ = ["engine"]


def test_r16_a_price_near_a_bound_that_stands_for_good_is_refused(
    engine: RevmEngine, tmp_path: Path
) -> None:
    """At 90,000 USD, under the 100,000 that are ether's, the next rise would have ended the market's spot."""
    up, ether = feed(engine, 0, 0).address, feed(engine, 8, 2_500 * 10**8).address

    def check(usd: int, most: int) -> None:
        price = feed(engine, 8, usd * 10**8, "BTC / USD").address
        there = on_arbitrum(
            engine, tmp_path, price, asset="BTC", ether=ether, most=most, sequencer_feed=up
        )
        outside.check_outside(engine, there)

    check(90_000, 270_000)
    check(15_000, 270_000)
    for usd, most in ((90_000, 100_000), (90_001, 270_000), (14_999, 270_000)):
        with pytest.raises(ConfigError, match=r"price feed .* is believed from 5,000\.00 to"):
            check(usd, most)


def test_r5_of_another_asset_ethers_feed_is_asked_for_by_name(
    engine: RevmEngine, tmp_path: Path
) -> None:
    """Gas is paid in ether, and a bounty would pay nothing, or count it at the price of something else."""
    price = feed(engine, 8, 60_000 * 10**8, "BTC / USD").address
    up = feed(engine, 0, 0).address
    with pytest.raises(ConfigError, match=r"ether_feed is left out, and the market is on BTC"):
        on_arbitrum(engine, tmp_path, price, asset="BTC", sequencer_feed=up)
    ether = feed(engine, 8, 2_500 * 10**8)
    engine.advance(20_000)
    ether.send("push", 2_501 * 10**8, sender=engine.accounts[0])
    price = feed(engine, 8, 60_000 * 10**8, "BTC / USD").address
    there = on_arbitrum(
        engine, tmp_path, price, asset="BTC", ether=ether.address, sequencer_feed=up
    )
    with pytest.raises(ConfigError, match=r"feed of ether .* set settings\.ether_max_age to its"):
        outside.check_outside(engine, there)
    longer = replace(there, settings=replace(there.settings, ether_max_age=22_000))
    outside.check_outside(engine, longer)
