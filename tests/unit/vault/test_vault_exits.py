"""LPs leave by epoch at the low NAV of processing, and only what the floor allows (R18)."""

from __future__ import annotations

import pytest
from quick_chain import reverts
from vault_bench import DELAY, SHARE, env

from tandem.protocol import terms
from tandem.units import HOUR, USD, WAD

# ---------------------------------------------------------------- requests


@pytest.mark.proves("SH-3")
def test_a_request_joins_the_hour_after_its_delay_and_escrows_its_shares(bench):
    bench.deposit("alice", 1_000 * USD)
    alice = bench.who["alice"]
    assert bench.vault.requestRedeem(400 * SHARE, alice, alice, sender=alice) == 0
    event = bench.vault.get_logs()[-1]
    number = (env.timestamp + DELAY) // HOUR + 1
    assert (event.epoch, event.amount, event.queued) == (number, 400 * SHARE, 400 * SHARE)
    assert bench.vault.queue() == (number, number)
    assert bench.vault.balanceOf(alice) == 600 * SHARE
    assert bench.vault.balanceOf(bench.vault) == 400 * SHARE
    assert bench.vault.totalSupply() == 1_000 * SHARE
    assert bench.vault.pendingRedeemRequest(0, alice) == 400 * SHARE
    assert bench.vault.claimableRedeemRequest(0, alice) == 0
    assert bench.vault.pendingRedeemRequest(1, alice) == 0


@pytest.mark.proves("SH-4")
def test_r18_nothing_is_processed_before_its_epoch(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 400 * SHARE)
    number = bench.vault.queue()[0]
    env.time_travel(seconds=number * HOUR - 1 - env.timestamp)
    assert bench.vault.process(8) == 0
    env.time_travel(seconds=1)
    assert bench.vault.process(8) == 400 * USD


@pytest.mark.proves("SH-1", "SH-4")
def test_r18_a_jump_between_request_and_processing_is_the_leavers_too(bench):
    """No timing option: the price is that of processing, whichever way it went."""
    for equity, liability, paid in ((0, 100, 360), (100, 0, 440)):
        with env.anchor():
            bench.deposit("alice", 1_000 * USD)
            bench.request("alice", 400 * SHARE)
            bench.set_mark(
                liability_low=liability * WAD, liability_high=liability * WAD,
                equity_low=equity * WAD, equity_high=equity * WAD,
            )  # fmt: skip
            bench.mature()
            bench.vault.process(1)
            assert abs(bench.claim("alice") - paid * USD) <= 1


def test_r18_who_enters_and_leaves_at_once_gains_nothing(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.set_mark(liability_low=50 * WAD, liability_high=60 * WAD)
    bench.deposit("attacker", 500 * USD)
    bench.request("attacker")
    bench.mature()
    bench.vault.process(1)
    assert bench.claim("attacker") < 500 * USD


def test_nobody_else_may_be_the_controller(bench):
    bench.deposit("alice", 1_000 * USD)
    alice, bob = bench.who["alice"], bench.who["bob"]
    with reverts("vault: controller not owner"):
        bench.vault.requestRedeem(SHARE, bob, alice, sender=alice)


def test_a_stranger_requests_nothing_an_operator_or_a_spender_may(bench):
    bench.deposit("alice", 1_000 * USD)
    alice, bob = bench.who["alice"], bench.who["bob"]
    with reverts("shares: allowance"):
        bench.vault.requestRedeem(2 * SHARE, alice, alice, sender=bob)
    bench.vault.approve(bob, 3 * SHARE, sender=alice)
    bench.vault.requestRedeem(2 * SHARE, alice, alice, sender=bob)
    assert bench.vault.allowance(alice, bob) == SHARE
    bench.vault.setOperator(bob, True, sender=alice)
    bench.vault.requestRedeem(5 * SHARE, alice, alice, sender=bob)
    assert bench.vault.allowance(alice, bob) == SHARE
    assert bench.vault.pendingRedeemRequest(0, alice) == 7 * SHARE


def test_r17_a_request_is_worth_a_dollar_or_is_everything(bench):
    bench.deposit("alice", 2 * USD)
    alice = bench.who["alice"]
    for amount in (0, SHARE - 10**13):
        with reverts("vault: exit too small"):
            bench.vault.requestRedeem(amount, alice, alice, sender=alice)
    bench.request("alice", SHARE + 10**13)
    bench.request("alice")
    assert bench.vault.balanceOf(alice) == 0
    with reverts("vault: exit too small"):
        bench.vault.requestRedeem(0, alice, alice, sender=alice)


# ---------------------------------------------------------------- processing: rule 5


def close_form_room(floor: int, nav: int, maxima: int, top_up: int) -> int:
    return max(0, min(max((10 * floor - nav) // 9, floor - maxima), floor - top_up))


@pytest.mark.proves("FL-5")
@pytest.mark.parametrize(
    ("maxima", "top_up"),
    [(0, 0), (50, 0), (150, 0), (700, 0), (890, 0), (960, 0), (1_000, 0), (0, 800), (300, 650)],
)
def test_r22_exits_leave_the_reserve_and_the_next_top_up(bench, maxima, top_up):
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 999 * SHARE)
    bench.set_mark(maxima=maxima * USD, top_up=top_up * USD)
    bench.mature()
    paid = bench.vault.process(4)
    floor = (1_000 - maxima) * USD
    room = close_form_room(floor, 1_000 * USD, maxima * USD, top_up * USD)
    expected = min(999 * USD, room)
    assert expected - 1 <= paid <= expected
    left = 1_000 * USD - paid
    reserve = min(left // 10, maxima * USD)
    assert floor - paid >= max(reserve, top_up * USD) or paid == 0


@pytest.mark.proves("FL-5")
def test_r22_the_reserve_is_the_guardians_term(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 999 * SHARE)
    bench.set_mark(maxima=600 * USD)
    bench.market.set_terms(terms.defaults(reserve=3_000)[0])
    bench.mature()
    assert bench.vault.process(1) in (142_857_142, 142_857_141)  # (400 - 0.3 * 1000) / 0.7


@pytest.mark.proves("SH-3")
def test_what_did_not_fit_is_priced_when_there_is_room_again(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.deposit("bob", 1_000 * USD)
    bench.request("alice")
    bench.mature()
    bench.set_mark(maxima=1_500 * USD)
    bench.vault.process(1)
    alice = bench.who["alice"]
    first = bench.vault.maxWithdraw(alice)
    assert 0 < first < 400 * USD
    pending = bench.vault.pendingRedeemRequest(0, alice)
    assert pending + bench.vault.claimableRedeemRequest(0, alice) == 1_000 * SHARE
    bench.set_mark(liability_low=200 * WAD, liability_high=200 * WAD)
    bench.vault.process(1)
    assert bench.vault.pendingRedeemRequest(0, alice) == 0
    nav_after_first = 2_000 * USD - first - 200 * USD
    second = nav_after_first * pending // (pending + 1_000 * SHARE)
    assert abs(bench.claim("alice") - first - second) <= 2


@pytest.mark.proves("SH-3")
def test_epochs_are_served_in_order_even_when_the_first_is_stuck(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.deposit("bob", 10 * USD)
    bench.request("alice")
    env.time_travel(seconds=HOUR)
    bench.request("bob")
    env.time_travel(seconds=DELAY + HOUR)
    bench.set_mark(maxima=900 * USD)
    bench.vault.process(8)
    assert bench.vault.maxRedeem(bench.who["bob"]) == 0
    assert bench.vault.maxRedeem(bench.who["alice"]) > 0


@pytest.mark.proves("SH-4")
@pytest.mark.parametrize("low", [0, 1, 2, 49 * USD])
def test_nobody_is_burnt_for_nothing(bench, low):
    """SH-4: where the low NAV is under a twentieth of the high one, no share is burnt for it (one unit
    of low NAV burnt 400 of 1,000 shares for nothing)."""
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 400 * SHARE)
    bench.mature()
    bench.set_mark(liability_low=0, liability_high=1_000 * WAD - low * 10**12)
    assert bench.poke()[0] == low
    assert bench.vault.process(8) == 0
    assert bench.vault.pendingRedeemRequest(0, bench.who["alice"]) == 400 * SHARE
    assert bench.vault.totalSupply() == 1_000 * SHARE
    bench.set_mark()
    assert bench.vault.process(8) >= 400 * USD - 1


def test_a_ticket_that_is_worth_nothing_does_not_stop_the_queue(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.deposit("bob", 1_000 * USD)
    alice = bench.who["alice"]
    bench.vault.transfer(bench.who["carol"], 1, sender=alice)
    bench.request("carol")
    env.time_travel(seconds=HOUR)
    bench.request("bob")
    bench.mature()
    assert bench.vault.process(2) == 1_000 * USD


def test_the_last_lp_can_leave_with_everything(bench):
    for name in ("alice", "bob", "carol"):
        bench.deposit(name, 333 * USD + len(name))
    for name in ("alice", "bob", "carol"):
        bench.request(name)
    bench.mature()
    bench.vault.process(3)
    for name in ("alice", "bob", "carol"):
        assert bench.claim(name) >= 333 * USD + len(name) - 1
    assert bench.vault.totalSupply() == 0
    assert bench.vault.exits_unpaid() == 0
    assert bench.vault.cash() <= 3
    bench.deposit("alice", 50 * USD)
    assert bench.vault.convertToAssets(bench.vault.balanceOf(bench.who["alice"])) >= 50 * USD - 4


@pytest.mark.proves("SH-3")
def test_an_epoch_that_joins_behind_another_is_served_once_the_first_has_left(bench):
    """SH-3: "Epochs are processed first in, first out": the second of two, once the first has left, leads to
    the third."""
    bench.deposit("alice", 1_000 * USD)
    for _ in range(2):
        bench.request("alice", 100 * SHARE)
        env.time_travel(seconds=HOUR)
    first, last = bench.vault.queue()
    assert last == first + 1
    env.time_travel(seconds=first * HOUR - env.timestamp)
    assert bench.vault.process(8) == 100 * USD
    assert bench.vault.queue() == (last, last)
    bench.request("alice", 100 * SHARE)
    third = (env.timestamp + DELAY) // HOUR + 1
    assert bench.vault.queue() == (last, third)
    assert bench.vault.epoch(last).next == third
    bench.mature()
    assert bench.vault.process(8) == 200 * USD
    assert bench.vault.queue() == (0, 0)
