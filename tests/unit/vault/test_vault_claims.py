"""What was processed is paid to whom it belongs, in whatever parts he claims it."""

from __future__ import annotations

import pytest
from quick_chain import reverts
from vault_bench import SHARE, env

from tandem.units import HOUR, USD, WAD


def nobody() -> str:
    return "0x" + "00" * 20


def test_a_claim_in_parts_pays_what_one_claim_pays(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.deposit("bob", 777 * USD + 13)
    bench.request("alice", 333 * SHARE + 7)
    bench.request("bob")
    bench.set_mark(equity_low=10**18 // 7, equity_high=10**18 // 3)
    bench.mature()
    bench.vault.process(1)
    alice = bench.who["alice"]
    with env.anchor():
        whole = bench.claim("alice")
    shares = bench.vault.maxRedeem(alice)
    parts = [bench.vault.redeem(SHARE + 1, alice, alice, sender=alice) for _ in range(5)]
    rest = bench.vault.maxRedeem(alice)
    assert rest == shares - 5 * (SHARE + 1)
    parts.append(bench.vault.redeem(rest, alice, alice, sender=alice))
    assert sum(parts) == whole


def test_what_rounding_left_over_is_nobodys_to_claim_once_everybody_has_claimed(bench):
    for name in ("alice", "bob", "carol"):
        bench.deposit(name, 100 * USD + 1)
        bench.request(name)
    bench.set_mark(liability_low=10**18 // 7, liability_high=10**18 // 3)
    bench.mature()
    aside = bench.vault.process(1)
    before = bench.vault.cash()
    paid = [bench.claim(name) for name in ("alice", "bob", "carol")]
    assert 0 < aside - sum(paid) < 3
    assert bench.vault.exits_unpaid() == 0
    assert bench.vault.cash() == before - sum(paid)


def test_withdraw_takes_exactly_the_assets_asked(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 500 * SHARE)
    bench.mature()
    bench.vault.process(1)
    alice, carol = bench.who["alice"], bench.who["carol"]
    used = bench.vault.withdraw(123 * USD, carol, alice, sender=alice)
    assert bench.usdc.balanceOf(carol) == 123 * USD
    assert bench.vault.maxRedeem(alice) == 500 * SHARE - used
    assert bench.vault.maxWithdraw(alice) == 377 * USD
    bench.vault.withdraw(377 * USD, carol, alice, sender=alice)
    assert bench.vault.maxRedeem(alice) == bench.vault.exits_unpaid() == 0


def test_nobody_claims_more_than_is_his_or_for_somebody_else(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.deposit("bob", 1_000 * USD)
    bench.request("alice")
    bench.request("bob")
    bench.mature()
    bench.vault.process(1)
    alice, bob = bench.who["alice"], bench.who["bob"]
    most = bench.vault.maxRedeem(alice), bench.vault.maxWithdraw(alice)
    with reverts("exits: shares over claim"):
        bench.vault.redeem(most[0] + 1, alice, alice, sender=alice)
    with reverts("exits: assets over claim"):
        bench.vault.withdraw(most[1] + 1, alice, alice, sender=alice)
    with reverts("vault: nothing to claim"):
        bench.vault.redeem(0, alice, alice, sender=alice)
    with reverts("vault: not the controller"):
        bench.vault.redeem(1, bob, alice, sender=bob)
    with reverts("vault: not the controller"):
        bench.vault.withdraw(1, bob, alice, sender=bob)
    bench.vault.setOperator(bob, True, sender=alice)
    bench.vault.redeem(most[0], bob, alice, sender=bob)
    assert bench.usdc.balanceOf(bob) == most[1]


def test_a_claim_to_nobody_reverts(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice")
    bench.mature()
    bench.vault.process(1)
    alice = bench.who["alice"]
    for receiver in (nobody(), bench.vault.address):
        with reverts("vault: recipient"):
            bench.vault.redeem(SHARE, receiver, alice, sender=alice)


@pytest.mark.proves("AV-1")
def test_claims_are_the_leavers_whatever_happens_to_the_book_afterwards(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.deposit("bob", 1_000 * USD)
    bench.request("alice")
    bench.mature()
    bench.vault.process(1)
    bench.set_mark(liability_low=999 * WAD, liability_high=5_000 * WAD, maxima=3_000 * USD)
    bench.market.set_stale(True)
    with reverts("vault: cash"):
        bench.vault.pay(bench.who["trader"], 1_000 * USD + 2, sender=bench.market.address)
    bench.vault.pay(bench.who["trader"], 1_000 * USD, sender=bench.market.address)
    assert bench.claim("alice") >= 1_000 * USD - 1


def test_erc7540_previews_of_the_asynchronous_side_revert(bench):
    bench.deposit("alice", 1_000 * USD)
    for preview in (bench.vault.previewRedeem, bench.vault.previewWithdraw):
        with reverts("vault: asynchronous"):
            preview(1)


def test_r20_an_epoch_is_read_from_the_chain(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 400 * SHARE)
    number = bench.vault.queue()[0]
    bench.mature()
    bench.vault.process(1)
    epoch = bench.vault.epoch(number)
    assert (epoch.shares, epoch.burned, epoch.assets) == (400 * SHARE, 400 * SHARE, 400 * USD)
    assert (epoch.paid, epoch.claimed, epoch.next) == (0, 0, 0)
    assert bench.vault.queue() == (0, 0)
    bench.claim("alice")
    assert tuple(bench.vault.epoch(number)) == (0,) * 6


@pytest.mark.proves("UN-3")
def test_assets_that_need_a_hair_more_than_so_many_shares_use_up_the_next(bench):
    """UN-3: "what is paid is rounded down": shares that a claim of assets takes are rounded up, also
    where only one part of a share is over."""
    bench.deposit("alice", 1_000 * USD)
    shares = bench.request("alice", 300 * SHARE + 1)
    bench.mature()
    bench.vault.process(1)
    alice, vault = bench.who["alice"], bench.vault
    assets = vault.maxWithdraw(alice)
    assert vault.maxRedeem(alice) == shares
    amount = pow(shares, -1, assets)  # shares x amount is one more than a multiple of assets
    used = vault.withdraw(amount, alice, alice, sender=alice)
    assert used * assets == shares * amount - 1 + assets
    assert vault.maxRedeem(alice) == shares - used


@pytest.mark.proves("UN-3")
def test_a_claim_over_several_epochs_takes_all_of_them(bench):
    """What a claim says that it used up, or paid, is of every epoch that it went through."""
    bench.deposit("alice", 1_000 * USD)
    for shares in (300 * SHARE, 200 * SHARE, 100 * SHARE):
        bench.request("alice", shares)
        env.time_travel(seconds=HOUR)
    bench.mature()
    assert bench.vault.process(3) == 600 * USD
    alice, vault = bench.who["alice"], bench.vault
    with env.anchor():
        assert vault.redeem(550 * SHARE, alice, alice, sender=alice) == 550 * USD
        assert vault.maxWithdraw(alice) == vault.exits_unpaid() == 50 * USD
    assert vault.withdraw(550 * USD, alice, alice, sender=alice) == 550 * SHARE
    assert vault.maxRedeem(alice) == 50 * SHARE
    assert vault.withdraw(50 * USD, alice, alice, sender=alice) == 50 * SHARE
    assert vault.exits_unpaid() == 0
