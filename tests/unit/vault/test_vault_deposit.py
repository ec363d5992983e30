"""LPs come in at the high NAV of now (R18), safe from donations (R11) and inflation (R19)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quick_chain import reverts
from vault_bench import SHARE, env

from tandem.protocol import terms
from tandem.units import DAY, USD, WAD

E12 = 10**12


def test_the_first_dollar_buys_the_first_share(bench):
    assert bench.deposit("alice", 1_000 * USD) == 1_000 * SHARE
    assert bench.vault.totalSupply() == 1_000 * SHARE
    assert bench.vault.totalAssets() == 1_000 * USD
    assert bench.vault.cash() == 1_000 * USD


def test_mint_gives_exactly_the_shares_and_deposit_takes_exactly_the_assets(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.set_mark(equity_high=77 * WAD, equity_low=70 * WAD)
    account = bench.fund("bob", 10_000 * USD)
    price = bench.vault.previewMint(3 * SHARE + 1)
    assert bench.vault.mint(3 * SHARE + 1, account, sender=account) == price
    assert bench.vault.balanceOf(account) == 3 * SHARE + 1
    assert bench.usdc.balanceOf(account) == 10_000 * USD - price
    expected = bench.vault.previewDeposit(500 * USD)
    assert bench.vault.deposit(500 * USD, account, sender=account) == expected


@pytest.mark.proves("UN-3")
def test_a_mint_that_costs_a_hair_over_a_token_unit_costs_the_next_one(bench):
    """UN-3: "What is owed is rounded up": shares that no whole number of units buys exactly."""
    bench.deposit("alice", 1_000 * USD)
    account = bench.fund("bob", 10_000 * USD)
    supply, assets = 1_000 * SHARE + E12, 1_000 * USD + 1
    for units in (7 * USD, 7 * USD + 1):
        amount = units * supply // assets + 1  # one share too many for so many units
        assert 0 < amount * assets - units * supply <= assets
        assert bench.vault.previewMint(amount) == units + 1
        with env.anchor():
            assert bench.vault.mint(amount, account, sender=account) == units + 1


@pytest.mark.proves("UN-3")
def test_what_a_queue_is_owed_is_rounded_up(bench):
    """UN-3: "What is owed is rounded up": opens leave the queue a whole unit for a part of one."""
    bench.deposit("alice", 1_000 * USD)
    supply, assets = 1_000 * SHARE + E12, 1_000 * USD + 1
    bench.request("alice", 7 * USD * supply // assets + 1)
    assert bench.vault.funds().queued == 7 * USD + 1


@pytest.mark.proves("SH-1")
def test_r18_who_comes_pays_the_high_nav_and_who_leaves_gets_the_low_one(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.set_mark(liability_low=10 * WAD, liability_high=30 * WAD, equity_high=110 * WAD)
    assert bench.poke() == (970 * USD, 1_100 * USD)
    assert bench.vault.previewDeposit(1_100 * USD) == 1_100 * USD * (1_000 * SHARE + E12) // (
        1_100 * USD + 1
    )
    assert bench.vault.convertToAssets(1_000 * SHARE) == (970 * USD + 1) * 1_000 * SHARE // (
        1_000 * SHARE + E12
    )


@pytest.mark.proves("UN-3")
def test_r18_both_navs_round_against_the_one_who_trades(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.set_mark(liability_low=WAD, liability_high=WAD)
    assert bench.poke() == (999 * USD, 999 * USD)
    bench.set_mark(liability_low=WAD + 1, liability_high=WAD + 1)
    assert bench.poke() == (999 * USD - 1, 999 * USD)


@pytest.mark.proves("SH-2")
def test_claims_rehedging_and_venue_equity_count_in_the_navs(bench):
    """SH-2: what closing the residual costs at most the low side loses, and what it gains the high side has,
    so that nobody deposits just before a gain that is already certain."""
    bench.deposit("alice", 1_000 * USD)
    bench.set_mark(
        claims=100 * USD, rehedge_cost=7 * WAD, rehedge_gain=9 * WAD,
        equity_low=20 * WAD, equity_high=25 * WAD,
        liability_low=3 * WAD, liability_high=4 * WAD, maxima=500 * USD,
    )  # fmt: skip
    assert bench.poke() == (909 * USD, 931 * USD)


@pytest.mark.proves("SH-2", "SH-7")
def test_r08_the_low_nav_is_never_under_zero_and_a_bankrupt_venue_stops_deposits(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.set_mark(liability_low=900 * WAD, liability_high=2_000 * WAD, bankrupt=1)
    assert bench.poke() == (0, 100 * USD)
    assert bench.vault.totalAssets() == 0
    account = bench.fund("bob", 10 * USD)
    with reverts("vault: bankrupt venue"):
        bench.vault.deposit(10 * USD, account, sender=account)
    assert bench.vault.maxDeposit(account) == bench.vault.maxMint(account) == 0
    bench.set_mark(liability_low=900 * WAD, liability_high=2_000 * WAD)
    with reverts("vault: no value left"):
        bench.vault.deposit(10 * USD, account, sender=account)
    assert bench.vault.maxDeposit(account) == bench.vault.maxMint(account) == 0


# ---------------------------------------------------------------- R11, R19


@pytest.mark.proves("FL-8")
def test_r11_a_donation_changes_nothing_that_is_paid_out(bench):
    bench.deposit("alice", 1_000 * USD)
    before = (
        bench.vault.previewDeposit(USD), bench.vault.totalAssets(), tuple(bench.vault.funds())
    )  # fmt: skip
    bench.usdc.mint(bench.vault, 10**12)
    bench.vault.poke()
    after = bench.vault.previewDeposit(USD), bench.vault.totalAssets(), tuple(bench.vault.funds())
    assert after[:2] == before[:2]
    assert after[2][:4] == before[2][:4]
    assert bench.vault.cash() == 1_000 * USD


@pytest.mark.proves("SH-6")
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(1, 10**9), gift=st.integers(0, 10**15), victim=st.integers(USD, 10**12))
def test_r19_a_first_depositor_cannot_inflate_the_price_of_the_second(
    bench_once, seed, gift, victim
):
    bench = bench_once
    with env.anchor():
        bench.deposit("attacker", seed)
        bench.usdc.mint(bench.vault, gift)
        bench.deposit("bob", victim)
        bench.request("bob")
        if bench.vault.balanceOf(bench.who["attacker"]):
            bench.request("attacker", None)
        bench.mature()
        bench.vault.process(5)
        assert bench.claim("bob") >= victim - 2
        assert bench.claim("attacker") <= seed


def test_r19_even_profit_on_an_almost_empty_vault_robs_nobody(bench):
    """The price can only be moved by real money: here the attacker gives the venue's account a hundred
    dollars while one unit of his is in the vault. A thousand of what nobody paid in stop deposits until they
    are swept, and so are cash."""
    bench.deposit("attacker", 1)
    bench.set_mark(equity_low=1_000 * WAD, equity_high=1_000 * WAD)
    account = bench.fund("bob", 1_000 * USD)
    with reverts("vault: high over account"):
        bench.vault.deposit(1_000 * USD, account, sender=account)
    assert bench.vault.maxDeposit(account) == bench.vault.maxMint(account) == 0
    bench.set_mark(equity_low=100 * WAD, equity_high=100 * WAD)
    assert bench.vault.maxDeposit(account) > 1_000 * USD
    bench.vault.deposit(1_000 * USD, account, sender=account)
    bench.vault.poke()  # beside one unit a hundred counted as two
    worth = bench.vault.convertToAssets(bench.vault.balanceOf(account))
    assert 999_999_000 <= worth <= 1_000 * USD
    held = bench.vault.convertToAssets(bench.vault.balanceOf(bench.who["attacker"]))
    assert held < 51 * USD, "the virtual share keeps half of what he gave"


# ---------------------------------------------------------------- when


def test_r14_a_pause_stops_deposits_and_nothing_else(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 100 * SHARE)
    bench.market.set_terms(terms.defaults(flags=1)[0])
    account = bench.fund("bob", 10 * USD)
    with reverts("vault: paused"):
        bench.vault.deposit(10 * USD, account, sender=account)
    with reverts("vault: paused"):
        bench.vault.mint(SHARE, account, sender=account)
    assert bench.vault.maxDeposit(account) == bench.vault.maxMint(account) == 0
    bench.request("alice", 100 * SHARE)
    bench.mature()
    bench.vault.process(2)
    assert bench.claim("alice") == 200 * USD


@pytest.mark.proves("SH-5")
def test_a_stale_mark_stops_deposits_and_processing_but_no_request_claim_or_view(bench):
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 100 * SHARE)
    bench.mature()
    bench.vault.process(1)
    bench.market.set_stale(True)
    account = bench.fund("bob", 10 * USD)
    for call in (
        lambda: bench.vault.deposit(10 * USD, account, sender=account),
        lambda: bench.vault.mint(SHARE, account, sender=account),
        lambda: bench.vault.process(1),
        lambda: bench.vault.poke(),
        lambda: bench.vault.previewDeposit(USD),
        lambda: bench.vault.previewMint(SHARE),
    ):
        with reverts("mock: stale"):
            call()
    alice = bench.who["alice"]
    assert bench.vault.totalAssets() == 900 * USD
    assert bench.vault.convertToShares(USD) > 0
    assert bench.vault.maxWithdraw(alice) == 100 * USD
    assert bench.vault.pendingRedeemRequest(0, alice) == 0
    bench.request("alice", 100 * SHARE)
    assert bench.claim("alice") == 100 * USD


def test_nothing_buys_nothing(bench):
    account = bench.fund("bob", 10 * USD)
    for call in (bench.vault.deposit, bench.vault.mint):
        with reverts("vault: nothing to enter"):
            call(0, account, sender=account)
    with reverts("shares: receiver"):
        bench.vault.deposit(USD, "0x" + "00" * 20, sender=account)


# ---------------------------------------------------------------- the share token


def test_shares_move_like_any_token_but_not_into_the_queue(bench):
    alice, bob = bench.who["alice"], bench.who["bob"]
    bench.deposit("alice", 100 * USD)
    bench.vault.transfer(bob, 30 * SHARE, sender=alice)
    bench.vault.approve(bob, 20 * SHARE, sender=alice)
    bench.vault.transferFrom(alice, bob, 15 * SHARE, sender=bob)
    assert bench.vault.balanceOf(bob) == 45 * SHARE
    assert bench.vault.allowance(alice, bob) == 5 * SHARE
    with reverts("shares: allowance"):
        bench.vault.transferFrom(alice, bob, 6 * SHARE, sender=bob)
    with reverts("shares: balance"):
        bench.vault.transfer(alice, 46 * SHARE, sender=bob)
    for nobody in (bench.vault.address, "0x" + "00" * 20):
        with reverts("shares: receiver"):
            bench.vault.transfer(nobody, 1, sender=alice)
        with reverts("shares: receiver"):
            bench.vault.transferFrom(alice, nobody, 1, sender=bob)
    bench.vault.approve(bob, 2**256 - 1, sender=alice)
    bench.vault.transferFrom(alice, bob, SHARE, sender=bob)
    assert bench.vault.allowance(alice, bob) == 2**256 - 1


def test_interfaces_and_names(bench):
    vault = bench.vault
    assert (vault.name(), vault.symbol(), vault.decimals()) == ("Tandem ETH Vault", "tETH", 18)
    assert vault.asset() == bench.usdc.address
    assert vault.share() == vault.address
    for known in ("01ffc9a7", "e3bc4e65", "620ee8e4", "2f0a18c5"):
        assert vault.supportsInterface(bytes.fromhex(known))
    for unknown in ("ffffffff", "ce3bbe50"):
        assert not vault.supportsInterface(bytes.fromhex(unknown))


@pytest.mark.parametrize(
    ("delay", "cap", "period", "reason"),
    [
        (7 * DAY + 1, 1, 1, "vault: delay"),
        (0, WAD + 1, 1, "lending: cap"),
        (0, 1, 0, "lending: cap"),
    ],
)
def test_r24_what_is_fixed_at_deployment_is_bounded(bench, delay, cap, period, reason):
    with reverts(f"{reason} bounds"):
        env.load(
            "Vault", bench.usdc, bench.market, bench.market, bench.who["router"],
            bench.market, "x", "x", delay, cap, period,
        )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    start=st.integers(USD, 10**13), venue=st.integers(0, 10**31), spread=st.integers(0, 10**25),
    amount=st.integers(1, 10**13),
)  # fmt: skip
def test_a_deposit_never_dilutes_those_who_are_in(bench_once, start, venue, spread, amount):
    bench = bench_once
    with env.anchor():
        bench.deposit("alice", start)
        bench.set_mark(equity_low=venue, equity_high=venue + spread)
        vault = bench.vault
        before = bench.poke(), vault.totalSupply() + E12
        preview = vault.previewDeposit(amount)
        # SH-2: past what was paid in, a quarter and a hundred dollars
        if before[0][1] > start * 5 // 4 + 100 * USD:
            assert vault.maxDeposit(bench.who["bob"]) == 0
            return
        if preview == 0:
            return
        assert bench.deposit("bob", amount) == preview
        after = bench.marked(), vault.totalSupply() + E12
        assert after[0][0] == before[0][0] + amount
        assert (after[0][1] + 1) * before[1] >= (before[0][1] + 1) * after[1]
