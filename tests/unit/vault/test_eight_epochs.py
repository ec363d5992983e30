"""Whoever waits in eight epochs takes the last along with a ninth request, and nothing that is being paid."""

from __future__ import annotations

import pytest
from quick_chain import reverts
from vault_bench import SHARE, env

from tandem.units import HOUR, USD


def test_r17_who_waits_in_eight_epochs_takes_the_last_along_with_a_ninth_request(bench):
    """SH-3: no request is refused to somebody whom nobody pays, and none overtakes another: each waits
    its delay."""
    bench.deposit("alice", 1_000 * USD)
    bench.deposit("bob", 1_000 * USD)
    alice = bench.who["alice"]
    for _ in range(8):
        bench.request("alice", 10 * SHARE)
        bench.request("alice", 10 * SHARE)
        env.time_travel(seconds=HOUR)
    eighth = bench.vault.queue()[1]
    bench.request("alice", 30 * SHARE)
    ninth = bench.vault.queue()[1]
    assert ninth == eighth + 1
    assert bench.vault.epoch(eighth).shares == 0
    assert bench.vault.epoch(ninth).shares == 50 * SHARE
    assert bench.vault.pendingRedeemRequest(0, alice) == 190 * SHARE
    bench.request("bob", 10 * SHARE)
    env.time_travel(seconds=ninth * HOUR - 1 - env.timestamp)
    assert bench.vault.process(32) == 140 * USD
    env.time_travel(seconds=1)
    assert bench.vault.process(32) == 60 * USD
    assert bench.claim("alice") == 190 * USD
    assert bench.claim("bob") == 10 * USD
    assert bench.vault.exits_unpaid() == 0
    assert bench.vault.queue() == (0, 0)


def test_r17_a_ninth_request_takes_along_nothing_that_is_being_paid(bench):
    bench.deposit("alice", 1_000 * USD)
    for _ in range(7):
        bench.request("alice", 10 * SHARE)
        env.time_travel(seconds=HOUR)
    bench.request("alice", 900 * SHARE)
    bench.mature()
    bench.set_mark(maxima=600 * USD)
    bench.vault.process(32)
    assert bench.vault.epoch(bench.vault.queue()[0]).burned > 0
    with reverts("exits: eight epochs open"):
        bench.request("alice", 10 * SHARE)
    bench.claim("alice")
    bench.request("alice", 10 * SHARE)


@pytest.mark.proves("SH-3")
def test_r17_who_was_paid_takes_nothing_along_until_he_has_claimed(bench):
    """Seven small requests, never claimed, and a share of whoever he likes a day kept a large one waiting for
    ever: cancelled in all but name, it left opens no room and earned meanwhile."""
    bench.deposit("alice", 1_000 * USD)
    bench.deposit("bob", 1 * USD)
    alice, bob = bench.who["alice"], bench.who["bob"]
    for _ in range(7):
        bench.request("alice", 2 * SHARE)
        env.time_travel(seconds=HOUR)
    bench.request("alice", 986 * SHARE)
    due = bench.vault.queue()[1]
    env.time_travel(seconds=due * HOUR - 1 - env.timestamp)
    bench.vault.process(32)
    bench.vault.transfer(alice, 1, sender=bob)
    with reverts("exits: eight epochs open"):
        bench.vault.requestRedeem(1, alice, alice, sender=alice)
    assert bench.claim("alice") == 14 * USD
    bench.vault.requestRedeem(1, alice, alice, sender=alice)
    env.time_travel(seconds=1)
    assert bench.vault.process(32) == 986 * USD


@pytest.mark.proves("SH-3")
def test_more_than_thirty_two_epochs_take_a_second_call_and_wait_for_nobody(bench):
    """One call has a bound that fits a block; the epoch that it does not reach is the next one's."""
    names = ("alice", "bob", "carol", "attacker", "trader")
    for name in names:
        bench.deposit(name, 100 * USD)
    for hour in range(33):
        bench.request(names[hour % 5], 10 * SHARE)
        env.time_travel(seconds=HOUR)
    bench.mature()
    assert bench.vault.process(99) == 320 * USD
    assert bench.vault.process(99) == 10 * USD
    assert bench.vault.queue() == (0, 0)
