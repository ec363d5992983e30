"""SH-8: exits wait for a moment at which it does not matter who calls, and not for ever (R30)."""

from __future__ import annotations

import pytest
from quick_chain import reverts
from vault_bench import DELAY, SHARE, env

from tandem.protocol import terms
from tandem.units import DAY, HOUR, USD, WAD

MIN_EXIT = USD  # one whole token


@pytest.mark.proves("SH-8")
def test_r30_exits_wait_for_a_calm_moment_and_at_most_the_longest_wait(bench):
    """SH-8: nobody is priced while it matters when, unless no moment was calm for `exit_wait`."""
    wait = terms.FIELDS["exit_wait"].default
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 400 * SHARE)
    bench.mature()
    due = bench.vault.queue()[0] * HOUR
    assert env.timestamp < due + HOUR
    bench.set_mark(calm=0, equity_high=100 * WAD)
    with reverts("vault: not calm"):
        bench.vault.process(1)
    bench.poke()
    with env.anchor():
        bench.set_mark(equity_high=100 * WAD)
        assert bench.vault.process(1) == 400 * USD
    env.time_travel(seconds=wait - 1)
    with reverts("vault: not calm"):
        bench.vault.process(1)
    env.time_travel(seconds=1)
    assert bench.vault.process(1) == 400 * USD


@pytest.mark.proves("SH-8")
def test_r30_only_a_mark_that_was_not_calm_starts_the_longest_wait(bench):
    """What was left over of an old epoch is no prey of whoever waits for a jump."""
    wait = terms.FIELDS["exit_wait"].default
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 400 * SHARE)
    env.time_travel(seconds=10 * DAY)
    bench.set_mark(calm=0)
    with reverts("vault: not calm"):
        bench.vault.process(1)
    for _ in range(3):
        bench.set_mark(calm=0)
        bench.poke()
        env.time_travel(seconds=wait - 1)
        with reverts("vault: not calm"):
            bench.vault.process(1)
        bench.poke()
        bench.set_mark(top_up=1_000 * USD)  # nothing may leave: that it did not is nobody's doing
        bench.poke()
    bench.set_mark(calm=0)
    bench.poke()
    env.time_travel(seconds=wait // 2)
    bench.poke()
    env.time_travel(seconds=wait // 2)
    assert bench.vault.process(1) == 400 * USD


@pytest.mark.proves("SH-8")
def test_r30_while_somebody_due_could_leave_only_his_leaving_ends_the_wait(bench):
    """SH-8: "A calm mark ends the wait where nobody who is due could have left by it": neither a mark, nor a
    deposit, nor the first of two epochs that are due holds the second back."""
    wait = terms.FIELDS["exit_wait"].default
    bench.deposit("alice", 1_000 * USD)
    for _ in range(2):
        bench.request("alice", 100 * SHARE)
        env.time_travel(seconds=HOUR)
    bench.mature()
    bench.set_mark(calm=0)
    bench.poke()
    env.time_travel(seconds=wait - 1)
    bench.set_mark()
    bench.poke()
    bench.vault.process(0)
    bench.deposit("bob", 1)
    assert bench.vault.process(1) == 100 * USD
    bench.set_mark(calm=0)
    with reverts("vault: not calm"):
        bench.vault.process(1)
    env.time_travel(seconds=1)
    with env.anchor():
        assert bench.vault.process(1) == 100 * USD
    bench.set_mark()
    assert bench.vault.process(1) == 100 * USD
    bench.request("alice", 100 * SHARE)
    bench.mature()
    bench.set_mark(calm=0)
    with reverts("vault: not calm"):
        bench.vault.process(1)


@pytest.mark.proves("SH-8")
def test_r30_a_deposit_begins_no_wait(bench):
    """SH-8: who comes says nothing of those who leave."""
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 100 * SHARE)
    bench.mature()
    bench.set_mark(calm=0)
    bench.deposit("bob", USD)
    env.time_travel(seconds=terms.FIELDS["exit_wait"].default + HOUR)
    with reverts("vault: not calm"):
        bench.vault.process(1)


@pytest.mark.proves("SH-10")
def test_a_stale_mark_is_waited_for_as_any(bench):
    """SH-8: the longest wait begins with a mark, whatever in it nobody signs."""
    wait = terms.FIELDS["exit_wait"].default
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 400 * SHARE)
    bench.mature()
    due = bench.vault.queue()[0] * HOUR
    bench.set_mark(calm=0, stale=1)
    env.time_travel(seconds=due + wait - env.timestamp)
    with reverts("vault: not calm"):
        bench.vault.process(1)
    bench.poke()
    env.time_travel(seconds=wait - 1)
    with reverts("vault: not calm"):
        bench.vault.process(1)
    env.time_travel(seconds=1)
    assert bench.vault.process(1) == 400 * USD


@pytest.mark.proves("SH-8")
def test_r30_whose_wait_was_over_in_an_outage_leaves_calmly_or_once_trade_has_gone_on(bench):
    """SH-8: "For an hour behind a sequencer's grace nobody leaves at a moment that is not calm"; the wait is
    none the longer, whoever marks meanwhile."""
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 400 * SHARE)
    bench.mature()
    bench.set_mark(calm=0)
    bench.poke()
    env.time_travel(seconds=terms.FIELDS["exit_wait"].default + HOUR)
    bench.set_mark(calm=0, resumed=1)
    bench.poke()
    with reverts("vault: not calm"):
        bench.vault.process(1)
    with env.anchor():
        bench.set_mark()
        assert bench.vault.process(1) == 400 * USD
    bench.set_mark(calm=0)
    assert bench.vault.process(1) == 400 * USD


@pytest.mark.proves("SH-8")
def test_r30_what_lasted_before_other_venues_counted_is_no_wait(bench):
    """SH-8: "What lasted before other venues counted ... is no such wait", to the second; a calm moment asks
    nobody since when."""
    wait = terms.FIELDS["exit_wait"].default
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 400 * SHARE)
    bench.mature()
    bench.set_mark(calm=0)
    bench.poke()
    env.time_travel(seconds=wait)
    bench.market.set_counts_since(env.timestamp)
    with env.anchor():
        bench.set_mark()
        assert bench.vault.process(1) == 400 * USD
    env.time_travel(seconds=wait - 1)
    with reverts("vault: not calm"):
        bench.vault.process(1)
    env.time_travel(seconds=1)
    assert bench.vault.process(1) == 400 * USD


@pytest.mark.proves("SH-8")
def test_r30_each_epoch_has_its_own_longest_wait(bench):
    wait = terms.FIELDS["exit_wait"].default
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 100 * SHARE)
    first = (env.timestamp + DELAY) // HOUR + 1
    env.time_travel(seconds=2 * HOUR)
    bench.request("alice", 100 * SHARE)
    bench.set_mark(calm=0)
    bench.poke()
    env.time_travel(seconds=first * HOUR + wait - env.timestamp)
    assert bench.vault.process(8) == 100 * USD
    with reverts("vault: not calm"):
        bench.vault.process(8)
    env.time_travel(seconds=2 * HOUR)
    assert bench.vault.process(8) == 100 * USD


@pytest.mark.proves("SH-8")
def test_r30_a_calm_mark_while_nobody_is_due_ends_the_wait(bench):
    """SH-8: "A calm mark ends the wait where nobody who is due could have left by it": an unrest that ended
    before anybody was due is nobody's key to the next one."""
    bench.deposit("alice", 1_000 * USD)
    bench.set_mark(calm=0)
    bench.poke()
    env.time_travel(seconds=HOUR)
    bench.set_mark()
    bench.poke()
    bench.request("alice", 400 * SHARE)
    bench.mature()
    bench.set_mark(calm=0)
    env.time_travel(seconds=terms.FIELDS["exit_wait"].default)
    with reverts("vault: not calm"):
        bench.vault.process(1)


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize(("room", "goes_on"), [(MIN_EXIT, True), (MIN_EXIT - 1, False)])
def test_r30_who_could_have_left_is_who_could_have_had_a_whole_token(bench, room, goes_on):
    """SH-8: "A calm mark ends the wait where nobody who is due could have left by it", to the unit: what
    leaves nothing but dust is no exit."""
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 400 * SHARE)
    bench.mature()
    bench.set_mark(calm=0)
    bench.poke()
    env.time_travel(seconds=terms.FIELDS["exit_wait"].default)
    bench.set_mark(top_up=1_000 * USD - room)
    bench.poke()
    bench.set_mark(calm=0)
    if goes_on:
        assert bench.vault.process(1) == 400 * USD
    else:
        with reverts("vault: not calm"):
            bench.vault.process(1)
