"""HG-13: losses are counted by calendar days and weeks of UTC, to the second."""

from __future__ import annotations

import pytest
from quick_chain import reverts
from vault_bench import env

from tandem.units import DAY, USD

WEEK = 7 * DAY  # a week of the calendar begins where the number of days is a multiple of 7


@pytest.fixture
def funded(bench):
    bench.deposit("alice", 1_000 * USD)
    return bench


def until(second: int) -> None:
    env.time_travel(seconds=second - env.timestamp)


@pytest.mark.proves("HG-13")
def test_a_day_s_losses_count_until_its_last_second(funded):
    """HG-13: "past 5 % of NAV a day … nothing more is lent": at 5 % it is."""
    router, venue = funded.who["router"], funded.who["venue"]
    midnight = (env.timestamp // WEEK + 1) * WEEK + DAY
    until(midnight - 3)
    funded.poke()
    funded.vault.lend(venue, USD, 50 * USD, sender=router)
    assert funded.vault.lendable() > 0
    funded.vault.lend(venue, USD, 1, sender=router)
    until(midnight - 1)
    assert funded.vault.lendable() == 0
    with reverts("lending: loss budget"):
        funded.vault.lend(venue, 1, 0, sender=router)
    until(midnight)
    assert funded.vault.lendable() > 0
    funded.vault.lend(venue, 1, 0, sender=router)


@pytest.mark.proves("HG-13")
def test_a_week_s_losses_count_until_its_last_second(funded):
    """HG-13: "or 10 % a week": three days, each inside its own budget."""
    router, venue = funded.who["router"], funded.who["venue"]
    week = (env.timestamp // WEEK + 1) * WEEK
    until(week)
    funded.poke()
    for day, lost in ((1, 50 * USD), (2, 50 * USD), (3, 1)):
        until(week + day * DAY)
        funded.vault.lend(venue, USD, lost, sender=router)
    for moment in (week + 4 * DAY, week + WEEK - 1):
        until(moment)
        assert funded.vault.lendable() == 0
        with reverts("lending: loss budget"):
            funded.vault.lend(venue, 1, 0, sender=router)
    until(week + WEEK)
    assert funded.vault.lendable() > 0
