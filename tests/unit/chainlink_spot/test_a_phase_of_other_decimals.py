"""A feed whose next aggregator answers in other decimals: what was read at deployment holds no more."""

from __future__ import annotations

from typing import Any

import pytest
from quick_chain import reverts
from spot_bench import DAY, HOUR, WAD, Rounds, env, load_feed, load_spot

OTHERS = pytest.mark.parametrize("decimals", [0, 6, 10, 18])
USD = 2_000


@pytest.fixture
def rounds() -> Any:
    with env.anchor():
        expiry = env.timestamp + 10 * DAY
        env.time_travel(seconds=10 * DAY + 2 * HOUR)
        yield Rounds(load_feed(), expiry)


def other(rounds: Rounds, phase: int, number: int, after: int, decimals: int) -> int:
    """A round of the same price, in other decimals."""
    round_id, time = phase << 64 | number, rounds.expiry + after
    rounds.feed.set_round(round_id, USD * 10**decimals, time, time, round_id)
    rounds.feed.set_latest(round_id)
    return round_id


@OTHERS
def test_r16_nobody_trades_at_a_price_in_other_decimals(rounds: Rounds, decimals: int) -> None:
    """Two decimals more or less are out of the bounds of a price (AV-2: "answers nonsense")."""
    oracle = load_spot(rounds.feed)
    rounds.put(1, 1, HOUR, USD)
    assert oracle.spot() == USD * WAD
    other(rounds, 2, 1, 2 * HOUR, decimals)
    with reverts():
        oracle.spot()
    assert not oracle.peek()[2]
    assert oracle.watch()


@OTHERS
@pytest.mark.proves("ST-1", "ST-5")
def test_r16_no_expiry_is_settled_by_one(rounds: Rounds, decimals: int) -> None:
    """Not by its rounds, which do not count; a round of the phase before, after the expiry, does, as long
    as no later phase had begun before it."""
    oracle = load_spot(rounds.feed)
    rounds.put(1, 1, -HOUR, USD)
    first = rounds.put(1, 2, 50, USD)
    late = other(rounds, 2, 1, HOUR, decimals)
    assert oracle.settlement_price(rounds.expiry, first) == USD * WAD
    with reverts("spot: round does not count"):
        oracle.settlement_price(rounds.expiry, late)
