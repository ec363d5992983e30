"""The Vault's shares against ERC-20, property by property."""

from __future__ import annotations

import pytest
from quick_chain import reverts
from vault_bench import SHARE, env

from tandem.units import USD

MAX = 2**256 - 1


@pytest.fixture
def held(bench):
    """Two LPs: a receiver with nothing hides what overwrites him."""
    bench.deposit("alice", 1_000 * USD)
    bench.deposit("bob", 300 * USD)
    return bench


def logged(vault) -> list[tuple]:
    return [(type(e).__name__, *[*e][1:]) for e in vault.get_logs()]


def test_a_transfer_adds_to_what_the_receiver_holds(held):
    vault, alice, bob = held.vault, held.who["alice"], held.who["bob"]
    supply = vault.totalSupply()
    assert vault.transfer(bob, 250 * SHARE, sender=alice) is True
    assert logged(vault) == [("Transfer", alice, bob, 250 * SHARE)]
    assert vault.balanceOf(alice) == 750 * SHARE
    assert vault.balanceOf(bob) == 550 * SHARE
    assert vault.totalSupply() == supply
    with reverts("shares: balance"):
        vault.transfer(bob, 750 * SHARE + 1, sender=alice)


def test_transfer_from_takes_from_the_owner_and_from_the_allowance(held):
    vault, alice, bob, carol = held.vault, *(held.who[n] for n in ("alice", "bob", "carol"))
    assert vault.approve(carol, 70 * SHARE, sender=alice) is True
    assert logged(vault) == [("Approval", alice, carol, 70 * SHARE)]
    assert vault.transferFrom(alice, bob, 70 * SHARE, sender=carol) is True
    assert logged(vault) == [("Transfer", alice, bob, 70 * SHARE)]
    assert vault.balanceOf(alice) == 930 * SHARE
    assert vault.balanceOf(bob) == 370 * SHARE
    assert vault.allowance(alice, carol) == 0
    with reverts("shares: allowance"):
        vault.transferFrom(alice, bob, 1, sender=carol)


def test_what_is_sent_to_oneself_makes_and_takes_no_share(held):
    """bZx, 2020: both balances were read before either was written, and shares were had for nothing."""
    vault, alice, carol = held.vault, held.who["alice"], held.who["carol"]
    supply = vault.totalSupply()
    assert vault.transfer(alice, 400 * SHARE, sender=alice) is True
    vault.approve(carol, 70 * SHARE, sender=alice)
    assert vault.transferFrom(alice, alice, 70 * SHARE, sender=carol) is True
    assert vault.balanceOf(alice) == 1_000 * SHARE
    assert vault.totalSupply() == supply
    assert vault.allowance(alice, carol) == 0
    with reverts("shares: balance"):
        vault.transfer(alice, 1_000 * SHARE + 1, sender=alice)


def test_an_infinite_allowance_stays(held):
    vault, alice, bob, carol = held.vault, *(held.who[n] for n in ("alice", "bob", "carol"))
    vault.approve(carol, MAX, sender=alice)
    vault.transferFrom(alice, bob, SHARE, sender=carol)
    assert vault.allowance(alice, carol) == MAX


def test_no_share_goes_to_nobody_or_into_the_queue_by_hand(held):
    vault, alice = held.vault, held.who["alice"]
    for receiver in ("0x" + "00" * 20, vault.address):
        with reverts("shares: receiver"):
            vault.transfer(receiver, 1, sender=alice)


def test_what_shares_are_worth_comes_from_the_last_mark_and_not_from_its_time(held):
    """Low NAV 900 on 1,300 shares, whatever the time says."""
    held.set_mark(liability_low=400 * 10**18, liability_high=400 * 10**18)
    low, _ = held.poke()
    assert low == 900 * USD
    supply = held.vault.totalSupply() + 10**12
    for _ in range(2):
        assert held.vault.convertToShares(90 * USD) == 90 * USD * supply // (low + 1)
        assert held.vault.convertToAssets(130 * SHARE) == 130 * SHARE * (low + 1) // supply
        env.time_travel(seconds=1_000)


def test_a_token_that_returns_nothing_is_one_that_moved(bench):
    """As USDT does: the money that arrived is counted, in and out."""
    mute = env.loads(
        """
# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
balanceOf: public(HashMap[address, uint256])
decimals: public(constant(uint8)) = 6
@external
def transferFrom(owner: address, to: address, amount: uint256):
    self.balanceOf[to] += amount
@external
def transfer(to: address, amount: uint256):
    self.balanceOf[msg.sender] -= amount
    self.balanceOf[to] += amount
"""
    )
    alice = bench.who["alice"]
    vault = env.load(
        "Vault", mute, bench.market, bench.market, bench.who["router"],
        bench.market, "x", "x", 0, 0, 1,
    )  # fmt: skip
    vault.deposit(500 * USD, alice, sender=alice)
    assert vault.cash() == mute.balanceOf(vault) == 500 * USD
    vault.pay(alice, 70 * USD, sender=bench.market.address)
    assert vault.cash() == mute.balanceOf(vault) == 430 * USD
    assert mute.balanceOf(alice) == 70 * USD
