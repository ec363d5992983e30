"""A feed that speaks no more is refused by name: nothing of a deployment can name another one later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from test_outside import feed, on_arbitrum

from tandem.engine.revm import RevmEngine
from tandem.errors import ConfigError
from tandem.protocol import outside
from tandem.units import DAY

PRICES = {"ETH": 2_500 * 10**8, "BTC": 60_000 * 10**8}


@pytest.fixture
def engine() -> Iterator[RevmEngine]:
    with RevmEngine(chain_id=31_337) as opened:
        yield opened


@pytest.mark.parametrize("which", ["feed", "second_feed", "ether_feed"])
def test_r16_a_feed_that_ended_is_refused_by_name(
    engine: RevmEngine, tmp_path: Path, which: str
) -> None:
    """Its rounds came in time as long as it had any: the file named a proxy that was retired, and the market
    stood, for good, on a price that nothing believes."""
    asset = "BTC" if which == "ether_feed" else "ETH"
    of = {"feed": asset, "second_feed": asset, "ether_feed": "ETH"}
    feeds = {name: feed(engine, 8, PRICES[what], f"{what} / USD") for name, what in of.items()}
    up = feed(engine, 0, 0).address

    def speaks(name: str) -> None:
        feeds[name].send("next_phase", sender=engine.accounts[0])
        feeds[name].send("push", PRICES[of[name]], sender=engine.accounts[0])

    def check() -> None:
        outside.check_outside(
            engine,
            on_arbitrum(
                engine,
                tmp_path,
                feeds["feed"].address,
                sequencer_feed=up,
                second_feed=feeds["second_feed"].address,
                asset=asset,
                ether=feeds["ether_feed"].address,
            ),
        )

    engine.advance(30 * DAY)
    for name in feeds:
        if name != which:
            speaks(name)
    with pytest.raises(ConfigError, match=rf"{feeds[which].address}: spoke last .* s ago"):
        check()
    speaks(which)
    check()


@pytest.mark.parametrize(("decimals", "said"), [(18, ""), (19, "not ETH in USD to 18")])
def test_another_operators_feed_may_have_other_decimals(
    engine: RevmEngine, tmp_path: Path, decimals: int, said: str
) -> None:
    first, up = feed(engine, 8, PRICES["ETH"]).address, feed(engine, 0, 0).address
    second = feed(engine, decimals, 2_500 * 10**decimals).address
    there = on_arbitrum(engine, tmp_path, first, sequencer_feed=up, second_feed=second)
    with pytest.raises(ConfigError, match=said) if said else nullcontext():
        outside.check_outside(engine, there)
