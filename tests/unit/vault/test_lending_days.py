"""HG-13: margin is lent by calendar days and weeks of UTC, to the second."""

from __future__ import annotations

import boa
import pytest

from tandem.units import DAY, USD

WEEK = 7 * DAY  # a week of the calendar begins where the number of days is a multiple of 7


@pytest.fixture
def funded(bench):
    bench.deposit("alice", 1_000 * USD)
    return bench


def until(second: int) -> None:
    boa.env.time_travel(seconds=second - boa.env.timestamp)


@pytest.mark.proves("HG-13")
def test_a_day_s_budget_ends_with_its_last_second(funded):
    """HG-13: "Net deposits to a venue are capped per day and per week." """
    router, venue = funded.who["router"], funded.who["venue"]
    midnight = (boa.env.timestamp // WEEK + 1) * WEEK + DAY
    until(midnight - 2)
    funded.poke()
    funded.vault.lend(venue, 50 * USD, sender=router)
    until(midnight - 1)
    assert funded.vault.lendable() == 0
    with boa.reverts("lending: margin budget"):
        funded.vault.lend(venue, 1, sender=router)
    until(midnight)
    assert funded.vault.lendable() > 40 * USD


@pytest.mark.proves("HG-13")
def test_a_week_s_budget_ends_with_its_last_second(funded):
    """Two full days are the week's; the first second of the next week has a budget again."""
    router, venue = funded.who["router"], funded.who["venue"]
    week = (boa.env.timestamp // WEEK + 1) * WEEK
    for day in (4, 5):
        until(week + day * DAY)
        funded.set_mark(equity_low=0)
        funded.poke()
        funded.vault.lend(venue, funded.vault.lendable(), sender=router)
    until(week + WEEK - 1)
    assert funded.vault.lendable() < USD * 5
    until(week + WEEK)
    funded.poke()
    assert funded.vault.lendable() > 40 * USD
