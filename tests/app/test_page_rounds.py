"""The page looks for the round that settles an expiry where the library looks, in the same order: feeds with
silent phases, gaps and forgotten rounds, drawn by chance. None of the rounds is believed,
so each is tried."""

from __future__ import annotations

import json
import random
import subprocess
from typing import Any, cast

from browsing import APP, NODE

from tandem.errors import Reverted
from tandem.protocol.bindings.chainlink_spot import ChainlinkSpot
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.rounds import PHASE_SHIFT, settlement_round

CASES = 200
NOBODY = "0x" + "00" * 20


class Round:
    def __init__(self, id_: int, updated_at: int) -> None:
        self.id, self.updated_at = id_, updated_at


class Feed:
    """As a case tells it."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told, self.engine = told, self

    def now(self) -> int:
        return self.told["now"]

    def foresee(self, calls: object) -> None:
        """Nothing is asked ahead here."""

    def know(self, *contract: object) -> None:
        """It needs no names."""

    def getRoundData(self, id_: int) -> Round:
        return Round(id_, self.told["rounds"].get(str(id_), 0))

    def latestRoundData(self) -> Round:
        return self.getRoundData(int(self.told["latest"]))


class Spot:
    """Believes nothing, and keeps what it was shown."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told, self.asked = told, list[str]()

    def settlement_price(self, expiry: int, round_id: int) -> int:
        self.asked.append(str(round_id))
        raise Reverted("spot: wrong round")

    def PATIENCE(self) -> int:
        return self.told["patience"]

    def SECOND(self) -> str:
        return NOBODY


def case(seed: int) -> dict[str, Any]:
    dice = random.Random(seed)
    time, rounds, latest = 1_000, {}, 0
    first = dice.choice([1, 1, 2, 5])
    for phase in range(first, first + dice.randint(1, 4)):
        time += dice.choice([0, 50, 500])
        last = dice.randint(1, 30)
        forgotten = dice.choice([0, 0, dice.randint(0, last - 1)])
        for number in range(1, last + 1):
            time += dice.randint(1, 20)
            latest = phase << PHASE_SHIFT | number
            if number == 1 or number > forgotten:
                rounds[str(latest)] = time
    expiry = dice.randint(900, time + 100)
    now = max(time, expiry) + dice.randint(0, 300)
    return {"expiry": expiry, "now": now, "patience": 200, "latest": str(latest), "rounds": rounds}


def test_the_page_tries_the_library_s_rounds_in_its_order() -> None:
    cases = [case(seed) for seed in range(CASES)]
    done = subprocess.run(
        [NODE, "tests/rounds.ts"], cwd=APP, text=True, input=json.dumps(cases),
        capture_output=True, check=True,
    )  # fmt: skip
    lengths = set[int]()
    for told, page in zip(cases, json.loads(done.stdout), strict=True):
        feed, spot = Feed(told), Spot(told)
        found = settlement_round(
            cast("PriceFeed", feed), cast("ChainlinkSpot", spot), told["expiry"]
        )
        assert found is None
        assert page == spot.asked, told
        lengths.add(len(page))
    assert lengths >= {0, 1, 8, 9}, (
        "feeds without a round, with some, and the owner's price after them"
    )
