"""The least that may leave, to the share."""

from __future__ import annotations

from quick_chain import reverts
from vault_bench import SHARE

from tandem.units import USD


def test_r17_what_is_worth_a_dollar_may_leave_and_a_share_less_may_not(bench):
    bench.deposit("alice", 2 * USD)
    alice = bench.who["alice"]
    with reverts("vault: exit too small"):
        bench.vault.requestRedeem(SHARE - 1, alice, alice, sender=alice)
    assert bench.vault.convertToAssets(SHARE) == USD
    bench.vault.requestRedeem(SHARE, alice, alice, sender=alice)
