"""BK-5: a queue that nobody processed for weeks is walked as far as a call says, for the same gas an epoch;
who puts nothing into its epochs pays three times and more what they cost those behind them."""

from __future__ import annotations

import pytest
from vault_bench import SHARE, Bench, env

from tandem.units import DAY, HOUR, USD

EPOCHS = 320
STEP = 32
GAS = 14_000
"""An epoch of which all was taken along."""


@pytest.mark.proves("BK-5", "SH-3")
def test_a_queue_that_a_stranger_filled_with_epochs_of_nothing_is_walked(bench: Bench) -> None:
    """He asks each hour for a wei of a share that somebody sends him: his ninth request takes the eighth
    along, and leaves an epoch of nothing behind."""
    b = bench
    b.deposit("alice", 1_000_000 * USD)
    b.deposit("attacker", 10 * USD)
    attacker, feeder = b.who["attacker"], b.who["trader"]
    b.vault.transfer(feeder, 9 * SHARE, sender=attacker)
    b.request("attacker")
    paid: list[int] = []
    for _ in range(EPOCHS):
        env.time_travel(HOUR)
        b.vault.transfer(attacker, 1, sender=feeder)
        b.request("attacker")
        paid.append(b.vault._last.gas_used)
    b.request("alice")
    env.time_travel(2 * DAY)
    gas: list[int] = []
    while b.vault.maxRedeem(b.who["alice"]) == 0:
        b.vault.process(STEP)
        gas.append(b.vault._last.gas_used)
    assert b.vault.maxRedeem(b.who["alice"]) == 1_000_000 * SHARE
    assert len(gas) <= EPOCHS // STEP + 1
    assert max(gas) <= GAS * STEP
    assert max(gas) // STEP * 3 < min(paid)
