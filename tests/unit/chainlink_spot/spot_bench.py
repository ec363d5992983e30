"""Loading the oracle, and writing rounds that a feed may have shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quick_chain import Env

from tandem.protocol import terms
from tandem.units import WAD

env = Env()
NOBODY = "0x" + "00" * 20
SOMEBODY = "0x" + "11" * 20
HOUR, DAY = 3_600, 86_400
LOW, HIGH = 100 * WAD, 100_000 * WAD


def load_feed(decimals: int = 8) -> Any:
    return env.load("PriceFeed", decimals, "ETH / USD")


def load_guardian(owner: str, delay: int = 2 * DAY) -> Any:
    return env.load("Guardian", owner, [], [], [], delay, terms.defaults(), owner, 0)


def load_spot(feed: Any, **changes: Any) -> Any:
    arguments = {
        "feed": feed,
        "second": NOBODY,
        "guardian": SOMEBODY,
        "uptime": NOBODY,
        "venue": SOMEBODY,
        "max_age": DAY,
        "min_price": LOW,
        "max_price": HIGH,
        "grace": 0,
    }
    assert changes.keys() <= arguments.keys()
    return env.load("ChainlinkSpot", *(arguments | changes).values())


@dataclass
class Rounds:
    """Writes rounds under `phase << 64 | number`, at seconds from the expiry."""

    feed: Any
    expiry: int

    def put(self, phase: int, number: int, after: int, usd: int = 2_000, carried: int = 0) -> int:
        round_id = phase << 64 | number
        time = self.expiry + after
        answer = usd * 10 ** self.feed.decimals()
        self.feed.set_round(round_id, answer, time, time, round_id - carried)
        if round_id > self.feed.latest_id():
            self.feed.set_latest(round_id)
        return round_id


def with_last(round_id: int, number: int) -> int:
    """The round, with the last of the phase before it named."""
    return round_id | number << 80
