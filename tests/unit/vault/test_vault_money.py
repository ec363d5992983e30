"""What the Market and the router may do with the Vault's cash."""

from __future__ import annotations

import pytest
from quick_chain import reverts
from vault_bench import SHARE, env

from tandem.units import USD, WAD


@pytest.fixture
def funded(bench):
    bench.deposit("alice", 1_000 * USD)
    return bench


def test_only_the_market_collects_and_pays_and_only_the_router_lends_and_restores(funded):
    vault = funded.vault
    for name in ("alice", "attacker", "trader", "venue"):
        caller = funded.who[name]
        with reverts("vault: only market"):
            vault.collect(caller, 1, sender=caller)
        with reverts("vault: only market"):
            vault.pay(caller, 1, sender=caller)
        with reverts("vault: only router"):
            vault.lend(caller, 1, 0, sender=caller)
        with reverts("vault: only router"):
            vault.restore(1, sender=caller)
    with reverts("vault: only market"):
        vault.pay(funded.who["router"], 1, sender=funded.who["router"])
    with reverts("vault: only router"):
        vault.lend(funded.who["venue"], 1, 0, sender=funded.market.address)


def test_collect_and_pay_move_exactly_the_amount_and_ask_for_no_mark(funded):
    vault, market = funded.vault, funded.market.address
    trader = funded.fund("trader", 100 * USD)
    funded.market.set_stale(True)
    vault.collect(trader, 70 * USD, sender=market)
    assert vault.cash() == 1_070 * USD
    vault.pay(trader, 20 * USD, sender=market)
    assert vault.cash() == 1_050 * USD
    assert funded.usdc.balanceOf(trader) == 50 * USD
    assert funded.usdc.balanceOf(vault) == 1_050 * USD


def test_pay_reaches_neither_beyond_cash_nor_into_donations(funded):
    funded.usdc.mint(funded.vault, 10**12)
    with reverts("vault: cash"):
        funded.vault.pay(funded.who["trader"], 1_000 * USD + 1, sender=funded.market.address)


@pytest.mark.proves("FL-4")
def test_lending_stays_above_the_floor(funded):
    router, venue = funded.who["router"], funded.who["venue"]
    funded.set_mark(maxima=900 * USD, claims=70 * USD)
    assert funded.vault.would_lend(funded.who["venue"]) == 30 * USD
    assert funded.vault.lend(venue, 30 * USD + 1, 0, sender=router) == 30 * USD
    assert funded.usdc.balanceOf(venue) == 30 * USD
    assert funded.vault.would_lend(funded.who["venue"]) == 0
    funded.set_mark(maxima=2_000 * USD)
    assert funded.vault.would_lend(funded.who["venue"]) == 0


@pytest.mark.proves("FL-4")
def test_lending_leaves_the_exits_alone(funded):
    funded.deposit("bob", 1_000 * USD)
    funded.request("alice")
    funded.mature()
    funded.vault.process(1)
    funded.set_mark(maxima=990 * USD)
    assert funded.vault.would_lend(funded.who["venue"]) <= 10 * USD


def test_lendable_says_exactly_what_lend_allows_and_never_reverts(funded):
    router, venue = funded.who["router"], funded.who["venue"]
    funded.market.set_stale(True)
    for maxima in (0, 949, 960, 1_000, 10**9):
        funded.market.set_stale(False)
        funded.set_mark(maxima=maxima * USD)
        funded.market.set_stale(True)
        most = funded.vault.would_lend(funded.who["venue"])
        for wanted in (most, most + 1, 10**18):
            with env.anchor():
                assert funded.vault.lend(venue, wanted, 0, sender=router) == most
        with env.anchor():
            assert funded.vault.lend(venue, most // 2, 0, sender=router) == most // 2


def test_funds_show_queued_exits_at_the_last_low_nav(funded):
    funded.request("alice", 250 * SHARE)
    funds = funded.vault.funds()
    assert (funds.cash, funds.exits, funds.nav) == (1_000 * USD, 0, 1_000 * USD)
    assert funds.queued in (250 * USD, 250 * USD + 1)
    assert funds.nav_time == env.timestamp
    funded.mature()
    funded.vault.process(1)
    funds = funded.vault.funds()
    assert (funds.exits, funds.queued, funds.nav) == (250 * USD, 0, 750 * USD)


def test_a_token_that_takes_a_fee_is_refused(bench):
    stingy = env.loads(
        """
# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
balanceOf: public(HashMap[address, uint256])
decimals: public(constant(uint8)) = 6
@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    self.balanceOf[to] += amount - 1
    return True
"""
    )
    vault = env.load(
        "Vault", stingy, bench.market, bench.market, bench.who["router"],
        bench.market, "x", "x", 0, 0, 1,
    )  # fmt: skip
    with reverts("vault: short transfer"):
        vault.deposit(USD, bench.who["alice"], sender=bench.who["alice"])


def test_queued_exits_are_valued_beside_the_virtual_shares(funded):
    rich = 10**12 * WAD
    funded.set_mark(equity_low=rich, equity_high=rich)
    low = funded.poke()[0]
    funded.request("alice", 250 * SHARE)
    shares = funded.vault.totalSupply() + 10**12
    assert funded.vault.funds().queued == -(-250 * SHARE * (low + 1) // shares)


def test_cash_ends_where_its_word_does(funded):
    """128 bits of a word: the last unit that they hold comes in, and not one more."""
    most = 2**128 - 1 - funded.vault.cash()
    trader, market = funded.fund("trader", most + 1), funded.market.address
    with reverts("vault: too large"):
        funded.vault.collect(trader, most + 1, sender=market)
    funded.vault.collect(trader, most, sender=market)
    assert funded.vault.cash() == 2**128 - 1
    assert funded.vault.exits_unpaid() == 0
