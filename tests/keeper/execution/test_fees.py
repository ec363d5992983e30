"""What a keeper may spend: by transaction, by day, and more of both where nothing can wait."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keeper.execution.fees import Bid, FeeSettings
from keeper.execution.reverts import FIRST_HOLD, LONGEST_HOLD, MOST_REVERTS, URGENT_HOLD, Reverts
from keeper.journal import State
from keeper.tables import FeeTable
from tandem.units import GWEI, WAD

FEES = FeeSettings.from_table(FeeTable())
WEI = st.integers(0, 3 * WAD)


@given(
    base_fee=st.integers(0, 200 * GWEI),
    paid=WEI,
    gas=st.integers(21_000, 10_000_000),
    urgent=st.booleans(),
    first=st.none() | st.tuples(st.integers(1, 60 * GWEI), st.integers(1, GWEI)),
)
def test_no_bid_is_over_any_cap(
    base_fee: int, paid: int, gas: int, urgent: bool, first: tuple[int, int] | None
) -> None:
    """Issue: "cap per action, per day, and an emergency cap", each stated."""
    said = FEES.of(Bid(base_fee, paid, gas, urgent), first)
    if isinstance(said, str):
        assert said.endswith("nothing is sent") or "outbid" in said
        return
    most, tip = said
    assert base_fee + tip <= most <= (FEES.urgent_most if urgent else FEES.most)
    cost = most * gas
    assert paid + cost <= (FEES.urgent_day_most if urgent else FEES.day_most)
    assert urgent or cost <= FEES.action_most


def test_a_day_that_is_spent_leaves_what_cannot_wait() -> None:
    gas, spent = 1_000_000, FEES.day_most
    assert "ETH went in a day" in str(FEES.of(Bid(GWEI, spent, gas)))
    assert isinstance(FEES.of(Bid(GWEI, spent, gas, urgent=True)), tuple)
    assert "ETH went in a day" in str(FEES.of(Bid(GWEI, FEES.urgent_day_most, gas, urgent=True)))


def test_a_dear_hour_leaves_what_cannot_wait() -> None:
    """FAULTS 12: "critical hedges override up to a stated cap"."""
    dear = 20 * GWEI
    assert "base fee is over the cap" in str(FEES.of(Bid(dear, 0, 500_000)))
    assert FEES.of(Bid(dear, 0, 500_000, urgent=True)) == (2 * dear + FEES.tip, FEES.tip)
    assert "base fee" in str(FEES.of(Bid(500 * GWEI, 0, 500_000, urgent=True)))


def test_an_urgent_cap_under_the_usual_one_takes_nothing_away() -> None:
    fees = replace(FEES, urgent_most=GWEI, urgent_day_most=1)
    bid = Bid(2 * GWEI, 0, 500_000, urgent=True)
    assert fees.of(bid) == fees.of(Bid(2 * GWEI, 0, 500_000))


def test_who_takes_a_place_bids_a_tenth_more() -> None:
    assert FEES.of(Bid(GWEI, 0, 500_000), (3 * GWEI, GWEI)) == (3_375_000_000, 1_125_000_000)
    said = FEES.of(Bid(GWEI, 0, 500_000), (FEES.most, GWEI))
    assert "nobody outbid" in str(said)
    assert isinstance(FEES.of(Bid(GWEI, 0, 500_000, urgent=True), (FEES.most, GWEI)), tuple)


def test_what_is_reverted_again_and_again_is_left_alone_for_longer_and_longer() -> None:
    """Issue: "At most k reverts per intent, then backoff and an alert"."""
    rows, now, holds = Reverts(), 1_000_000, list[int]()
    for _ in range(MOST_REVERTS - 1):
        assert rows.after("rebalance", State.REVERTED, now) is None
        assert not rows.is_held("rebalance", now)
        now += 2
    for _ in range(9):
        held = rows.after("rebalance", State.REVERTED, now)
        assert held is not None
        holds.append(held[1])
        assert rows.is_held("rebalance", now + held[1] - 1)
        assert not rows.is_held("rebalance", now + held[1])
        assert not rows.is_held("top_up", now)
        assert rows.is_held("rebalance", now + min(held[1], URGENT_HOLD) - 1, urgent=True)
        assert not rows.is_held("rebalance", now + min(held[1], URGENT_HOLD), urgent=True)
        now += held[1]
    assert holds[0] == FIRST_HOLD
    assert holds[-1] == LONGEST_HOLD
    assert rows.after("rebalance", State.DROPPED, now) is None
    rows.after("rebalance", State.MINED, now)
    assert rows.after("rebalance", State.REVERTED, now) is None


def test_what_is_reverted_at_one_block_has_one_reason() -> None:
    """Four slices that are mined too late, all at once, were four in a row: posts waited for two minutes."""
    rows, now = Reverts(), 1_000_000
    for block in range(MOST_REVERTS):
        last = block == MOST_REVERTS - 1
        said = [rows.after("post", State.REVERTED, now + 2 * block) for _ in range(4)]
        assert said == [(MOST_REVERTS, FIRST_HOLD) if last else None, None, None, None]
        assert rows.is_held("post", now + 2 * block) == last
    rows.after("post", State.MINED, now + 4)
    assert [rows.after("post", State.REVERTED, now + 4) for _ in range(4)] == [None] * 4


@pytest.mark.parametrize("urgent", [False, True])
def test_caps_are_what_settings_say(urgent: bool) -> None:
    fees = replace(FEES, most=7, urgent_most=9)
    assert fees.cap(urgent=urgent) == (9 if urgent else 7)


def test_what_the_caps_leave_to_the_wei_is_enough() -> None:
    gas, base_fee = 1_000_000, GWEI
    least = gas * (base_fee + FEES.tip)
    paid = FEES.day_most - least
    assert FEES.of(Bid(base_fee, paid, gas)) == (base_fee + FEES.tip, FEES.tip)
    assert "caps leave" in str(FEES.of(Bid(base_fee, paid + 1, gas)))
