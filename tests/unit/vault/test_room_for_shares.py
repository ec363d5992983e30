"""The most that may come in, of a Vault itself: from the first share to the last that there is room for."""

from __future__ import annotations

import pytest
from quick_chain import reverts
from vault_bench import SHARE, env

from tandem.units import USD

ROOM = 2**112 - 1  # shares that the token can count


@pytest.mark.proves("SH-5")
@pytest.mark.parametrize("held", [0, 1_000])
def test_all_the_shares_that_there_is_room_for_may_come_in(bench, held):
    """SH-5: "`maxDeposit`, `maxMint` are 0 wherever `deposit`, `mint` revert", and there alone: an empty
    Vault, worth nothing, takes as much as one that has LPs."""
    if held:
        bench.deposit("alice", held * USD)
    bob = bench.who["bob"]
    most, assets = bench.vault.maxMint(bob), bench.vault.maxDeposit(bob)
    assert most == ROOM - held * SHARE
    bench.fund("bob", assets + 1)
    for door, amount in (("mint", most), ("deposit", assets)):
        with reverts("shares: supply"):
            getattr(bench.vault, door)(amount + 1, bob, sender=bob)
        with env.anchor():
            getattr(bench.vault, door)(amount, bob, sender=bob)
            left = ROOM - bench.vault.totalSupply()
            assert bench.vault.maxMint(bob) == left
            assert (left == 0) == (door == "mint")
            assert bench.vault.maxDeposit(bob) == 0
