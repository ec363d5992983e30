"""A second feed a fifth off the first: who is told, and what a keeper does on the day on which it counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lived_in import Market, beside_a_feed, keyed, typed

from tandem.units import DAY, MINUTE


@dataclass
class Beside:
    """A market that has sold one call, and the feed beside its own."""

    market: Market
    feed: Any

    def says(self, usd: int) -> None:
        self.feed.send("push", usd * 10**8, sender=self.market.engine.accounts[0])


@pytest.fixture
def beside(settings: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Beside]:
    file = settings / "local.json"
    with beside_a_feed(file, "second_feed", 8, "ETH / USD", 2_500 * 10**8) as (market, second):
        keyed(settings, monkeypatch, market)
        yield Beside(market, second)


def lines() -> dict[str, dict[str, str]]:
    return {each["name"]: each for each in json.loads(typed("doctor", "--json").stdout)}


@pytest.mark.live
def test_a_round_by_which_a_second_feed_takes_over_is_doubted_by_who_begins(beside: Beside) -> None:
    """A keeper that was begun each minute asked the first feed what was before, which had ended, and took the
    round for what it had always seen: 0.89 of 1.06 ETH of hedge sold at 2,500 for a price of 2,000. That the
    two were a fifth apart nobody was told before."""
    m = beside.market
    assert "second feed" not in lines()
    beside.says(2_000)
    told = lines()["second feed"]
    assert told["state"] == "warn"
    assert "2,000.00 USD" in told["found"]
    assert "-20.0 %" in told["found"]
    beside.says(2_500)
    assert "second feed" not in lines()
    m.engine.advance(3 * DAY - m.engine.now() + m.tandem.snapshot().spot_time + MINUTE)
    beside.says(2_000)
    held = m.tandem.snapshot()
    assert held.spot_fresh
    said = typed("run", "--once").stderr
    assert "the price is doubted" in said
    assert "intent=rebalance" not in said
    assert m.tandem.snapshot().position == held.position
    assert "-20 %" in lines()["price"]["found"]
    m.engine.advance(MINUTE)
    beside.says(2_000)
    assert "intent=rebalance" in typed("run", "--once").stderr
