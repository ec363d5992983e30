"""SH-8: exits wait for a moment at which it does not matter who calls, and not for ever (R30)."""

from __future__ import annotations

import boa
import pytest
from vault_bench import DELAY, SHARE

from tandem.protocol import terms
from tandem.units import DAY, HOUR, USD, WAD


@pytest.mark.proves("SH-8")
def test_r30_exits_wait_for_a_calm_moment_and_at_most_the_longest_wait(bench):
    """SH-8: nobody is priced while it matters when, unless no moment was calm for `exit_wait`."""
    wait = terms.FIELDS["exit_wait"].default
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 400 * SHARE)
    bench.mature()
    due = bench.vault.queue()[0] * HOUR
    bench.set_mark(calm=0, equity_high=100 * WAD)
    with boa.reverts("vault: not calm"):
        bench.vault.process(1)
    with boa.env.anchor():
        bench.set_mark(equity_high=100 * WAD)
        assert bench.vault.process(1) == 400 * USD
    boa.env.time_travel(seconds=due + wait - 1 - boa.env.timestamp)
    with boa.reverts("vault: not calm"):
        bench.vault.process(1)
    boa.env.time_travel(seconds=1)
    assert bench.vault.process(1) == 400 * USD


@pytest.mark.proves("SH-8")
def test_r30_a_calm_mark_starts_the_longest_wait_again(bench):
    """What was left over of an epoch is no prey of whoever waits for a jump: somebody marked in calm."""
    wait = terms.FIELDS["exit_wait"].default
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 400 * SHARE)
    boa.env.time_travel(seconds=10 * DAY)
    bench.poke()
    for _ in range(3):
        boa.env.time_travel(seconds=wait // 3)
        bench.set_mark(calm=0)
        bench.poke()
        bench.set_mark()
        bench.poke()
    bench.set_mark(calm=0)
    boa.env.time_travel(seconds=wait - 1)
    bench.poke()
    with boa.reverts("vault: not calm"):
        bench.vault.process(1)
    boa.env.time_travel(seconds=1)
    assert bench.vault.process(1) == 400 * USD


@pytest.mark.proves("SH-8")
def test_r30_each_epoch_has_its_own_longest_wait(bench):
    wait = terms.FIELDS["exit_wait"].default
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 100 * SHARE)
    first = (boa.env.timestamp + DELAY) // HOUR + 1
    boa.env.time_travel(seconds=2 * HOUR)
    bench.request("alice", 100 * SHARE)
    bench.set_mark(calm=0)
    boa.env.time_travel(seconds=first * HOUR + wait - boa.env.timestamp)
    assert bench.vault.process(8) == 100 * USD
    with boa.reverts("vault: not calm"):
        bench.vault.process(8)
    boa.env.time_travel(seconds=2 * HOUR)
    assert bench.vault.process(8) == 100 * USD
