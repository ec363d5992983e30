"""SH-2: which shares that are worth nothing keep others out: a millionth of one and more."""

from __future__ import annotations

import pytest
from quick_chain import reverts
from vault_bench import SHARE

from tandem.units import USD, WAD


@pytest.mark.proves("SH-2")
@pytest.mark.parametrize("left", [10**12 - 1, 10**12])
def test_a_millionth_of_a_share_that_is_worth_nothing_stops_deposits_and_less_of_it_does_not(
    bench, left
):
    shares = bench.deposit("alice", 1_000 * USD)
    bench.request("alice", shares - left)
    bench.mature()
    bench.vault.process(9)
    bench.claim("alice")
    assert bench.vault.totalSupply() == left
    bench.set_mark(liability_low=10 * WAD, liability_high=10 * WAD)
    assert bench.poke()[0] == 0
    account = bench.fund("bob", 100 * USD)
    assert (bench.vault.maxDeposit(account) == 0) is (left == 10**12)
    if left < 10**12:
        assert bench.vault.deposit(100 * USD, account, sender=account) > 99 * SHARE
        return
    with reverts("vault: no value left"):
        bench.vault.deposit(100 * USD, account, sender=account)
