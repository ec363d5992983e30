"""HG-13: what venues lost without a reason in prices counts before margin follows it, and leaks away evenly,
whoever looks how often. The bench: a cap of 5 % of 1,000 USD, forgotten in ten days."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quick_chain import reverts
from vault_bench import env

from tandem.units import DAY, USD, WAD

CAP, PERIOD = 50 * USD, 10 * DAY


@pytest.fixture
def funded(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.poke()
    return bench


def lend(funded, wanted: int, lost: int) -> int:
    return funded.vault.lend(funded.who["venue"], wanted, lost, sender=funded.who["router"])


@pytest.mark.proves("HG-13")
def test_a_loss_counts_before_margin_follows_it(funded):
    """HG-13: "counts before margin follows it": at the cap margin follows, a unit past it none does, and
    what was lost is known from then on."""
    vault = funded.vault
    assert vault.venue_losses(funded.who["venue"]) == (0, CAP)
    assert lend(funded, 300 * USD, CAP) == 300 * USD
    assert vault.venue_losses(funded.who["venue"]) == (CAP, CAP)
    assert lend(funded, 100 * USD, 1) == 0
    assert vault.venue_losses(funded.who["venue"]) == (CAP + 1, CAP)
    assert funded.usdc.balanceOf(funded.who["venue"]) == 300 * USD
    assert vault.cash() == 700 * USD
    assert vault.would_lend(funded.who["venue"]) == lend(funded, 1, 0) == 0


@pytest.mark.proves("HG-13")
def test_a_loss_past_the_cap_at_once_is_followed_by_nothing(funded):
    """HG-13: of a venue that takes all that lies there, where that is more than the cap."""
    assert lend(funded, 200 * USD, 0) == 200 * USD
    assert lend(funded, 200 * USD, 200 * USD) == 0
    assert funded.vault.cash() == 800 * USD


@pytest.mark.proves("HG-13")
def test_losses_leak_evenly_to_the_second(funded):
    """HG-13: "the cap in a period": a unit over it is forgotten once its part of the period has passed."""
    vault = funded.vault
    lend(funded, USD, CAP + USD)
    a_dollar = PERIOD // 50
    env.time_travel(seconds=a_dollar - 1)
    assert vault.would_lend(funded.who["venue"]) == 0
    env.time_travel(seconds=1)
    assert vault.venue_losses(funded.who["venue"]) == (CAP, CAP)
    assert vault.would_lend(funded.who["venue"]) == 1_000 * USD
    assert lend(funded, USD, 0) == USD
    env.time_travel(seconds=PERIOD)
    assert vault.venue_losses(funded.who["venue"]) == (0, CAP)


@pytest.mark.proves("HG-13")
def test_a_loss_of_any_size_is_bearable_a_period_later(funded):
    """HG-13: "never more than twice the cap": a period, and no longer, is the wait."""
    vault = funded.vault
    lend(funded, 200 * USD, 10**9 * USD)
    assert vault.venue_losses(funded.who["venue"]) == (2 * CAP + 1, CAP)
    env.time_travel(seconds=PERIOD)
    assert vault.venue_losses(funded.who["venue"])[0] == CAP + 1
    assert vault.would_lend(funded.who["venue"]) == 0
    env.time_travel(seconds=1)
    assert vault.would_lend(funded.who["venue"]) > 0


@pytest.mark.proves("HG-13")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(pauses=st.lists(st.integers(1, 3 * DAY), min_size=1, max_size=8))
def test_who_counts_often_makes_nothing_leak_slower_or_faster(funded, pauses):
    """HG-13: "however often somebody looks": to count a unit changes the leak by a unit each."""
    with env.anchor():
        lend(funded, 0, CAP)
        for pause in pauses:
            env.time_travel(seconds=pause)
            lend(funded, 0, 1)
        passed = sum(pauses)
        expected = max(CAP + len(pauses) - CAP * passed // PERIOD, 0)
        assert abs(funded.vault.venue_losses(funded.who["venue"])[0] - expected) <= 2 * len(pauses)


@pytest.mark.proves("HG-13")
def test_a_nav_that_fell_shortens_no_wait_and_lengthens_none(funded):
    """HG-13: the cap is of the last NAV, and so is twice of it."""
    lend(funded, 0, 2 * CAP)
    funded.set_mark(liability_high=500 * WAD, liability_low=500 * WAD)
    funded.poke()
    lost, cap = funded.vault.venue_losses(funded.who["venue"])
    assert cap == funded.vault.funds()[3] * 5 // 100
    assert cap < CAP * 3 // 5
    assert lost == 2 * cap + 1


def test_nothing_is_lent_at_no_nav_once_a_unit_was_lost(funded):
    funded.set_mark(liability_high=2_000 * WAD, liability_low=2_000 * WAD)
    funded.poke()
    assert funded.vault.venue_losses(funded.who["venue"]) == (0, 0)
    lend(funded, 0, 1)
    assert funded.vault.venue_losses(funded.who["venue"]) == (1, 0)
    assert funded.vault.would_lend(funded.who["venue"]) == 0


@pytest.mark.proves("HG-13")
def test_a_profit_earns_no_credit(funded):
    """HG-13: "What is lent and comes back counts in no budget" """
    funded.fund("router", 5_000 * USD)
    for _ in range(9):
        lend(funded, 400 * USD, 0)
        funded.vault.restore(400 * USD, sender=funded.who["router"])
    assert funded.vault.would_lend(funded.who["venue"]) == 1_000 * USD
    lend(funded, 40 * USD, 51 * USD)
    funded.vault.restore(400 * USD, sender=funded.who["router"])
    assert funded.vault.would_lend(funded.who["venue"]) == 0


def test_losses_are_the_routers_to_tell(funded):
    with reverts("vault: only router"):
        funded.vault.lend(funded.who["venue"], 0, 1, sender=funded.who["alice"])
    assert funded.vault.venue_losses(funded.who["venue"])[0] == 0
    assert funded.vault.LOSS_CAP() == WAD * CAP // (1_000 * USD)
    assert funded.vault.LOSS_PERIOD() == PERIOD
