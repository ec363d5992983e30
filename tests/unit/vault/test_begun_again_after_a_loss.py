"""A Vault that has lost nearly all begins again: who comes has what he brought, and who was there what is
left, again and again, for as long as its shares can be counted."""

from __future__ import annotations

import pytest
from vault_bench import Bench

from tandem.units import USD

CAPITAL = 1_000_000 * USD
MOST_SHARES = 2**112 - 1
VIRTUAL = 10**12

pytestmark = pytest.mark.proves("SH-2", "SH-5")


def lose(b: Bench, left: int) -> None:
    """A venue keeps all but so much, token units."""
    cash = b.vault.cash()
    assert b.vault.lend(b.who["venue"], cash - left, 0, sender=b.who["router"]) == cash - left
    b.poke()


@pytest.mark.parametrize("left", [CAPITAL // 10**4, CAPITAL // 10**6, CAPITAL // 10**9, 1])
def test_who_comes_after_a_loss_has_what_he_brought(bench: Bench, left: int) -> None:
    """Of a million there are 100 dollars, one, a tenth of a cent, and a unit: a share is worth so much less,
    and there is room for a million still at all but the last, at which there is for 10,384 dollars."""
    b = bench
    b.deposit("alice", CAPITAL)
    lose(b, left)
    bob, supply = b.who["bob"], b.vault.totalSupply()
    most = b.vault.maxDeposit(bob)
    assert most == pytest.approx((MOST_SHARES - supply) * (left + 1) / (supply + VIRTUAL), rel=1e-6)
    assert (most >= CAPITAL) == (left > 1)
    amount = min(CAPITAL, most)
    b.deposit("bob", amount)
    assert b.vault.convertToAssets(b.vault.balanceOf(b.who["alice"])) in (left - 1, left)
    b.request("bob")
    b.mature()
    b.vault.process(4)
    assert b.claim("bob") in (amount - 1, amount)
    assert b.vault.maxDeposit(bob) == pytest.approx(most, rel=2e-3)


def test_three_losses_of_all_but_a_ten_thousandth_leave_room_for_others(bench: Bench) -> None:
    """A million comes, and a hundred dollars of it are left, twice; then comes a million again."""
    b = bench
    for who in ("alice", "bob"):
        b.deposit(who, CAPITAL)
        lose(b, CAPITAL // 10**4)
    b.deposit("carol", CAPITAL)
    shares = b.vault.balanceOf(b.who["carol"])
    assert b.vault.convertToAssets(shares) in (CAPITAL - 1, CAPITAL)
    assert b.vault.maxDeposit(b.who["alice"]) > 10 * CAPITAL
