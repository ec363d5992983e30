"""What a Vault says of those who leave."""

from __future__ import annotations

from vault_bench import DELAY, SHARE, env

from tandem.units import HOUR, USD, WAD


def said(vault, *names: str) -> list[tuple]:
    events = [(type(e).__name__, *[*e][1:]) for e in vault.get_logs()]
    return [event for event in events if event[0] in names]


def test_an_exit_from_its_request_to_its_price(bench):
    bench.deposit("alice", 1_000 * USD)
    alice, vault = bench.who["alice"], bench.vault
    epoch = (env.timestamp + DELAY) // HOUR + 1
    bench.request("alice", 300 * SHARE)
    assert said(vault, "RedeemRequest", "ExitQueued") == [
        ("RedeemRequest", alice, alice, 0, alice, 300 * SHARE),
        ("ExitQueued", alice, epoch, 300 * SHARE, 300 * SHARE),
    ]
    bench.mature()
    vault.process(1)
    assert said(vault, "EpochProcessed") == [
        ("EpochProcessed", epoch, 300 * SHARE, 300 * USD, 0, 300 * USD)
    ]


def test_an_operator_that_is_named_and_dismissed(bench):
    alice, bob, vault = bench.who["alice"], bench.who["bob"], bench.vault
    for approved in (True, False):
        assert vault.setOperator(bob, approved, sender=alice) is True
        assert said(vault, "OperatorSet") == [("OperatorSet", alice, bob, approved)]
        assert vault.isOperator(alice, bob) is approved


def test_shares_come_from_nobody_wait_in_the_vault_and_go_to_nobody(bench):
    """ERC-20: whoever adds up `Transfer` has every balance, and the supply, also after exits."""
    alice, vault, nobody = bench.who["alice"], bench.vault, "0x" + "00" * 20

    def moved() -> list[tuple]:
        return [e for e in said(vault, "Transfer") if e[3] % SHARE == 0]  # not the dollars

    bench.deposit("alice", 1_000 * USD)
    assert moved() == [("Transfer", nobody, alice, 1_000 * SHARE)]
    bench.request("alice", 300 * SHARE)
    assert moved() == [("Transfer", alice, vault.address, 300 * SHARE)]
    bench.mature()
    vault.process(1)
    assert moved() == [("Transfer", vault.address, nobody, 300 * SHARE)]


def test_every_movement_of_cash(bench):
    """Who adds up what is said has the cash; premiums, payoffs and loans say what is left after them."""
    vault, market = bench.vault, bench.market.address
    alice, router, venue = (bench.who[name] for name in ("alice", "router", "venue"))
    trader = bench.fund("trader", 70 * USD)
    bench.fund("router", 30 * USD)
    bench.deposit("alice", 1_000 * USD)
    assert said(vault, "Deposit") == [("Deposit", alice, alice, 1_000 * USD, 1_000 * SHARE)]
    vault.collect(trader, 70 * USD, sender=market)
    assert said(vault, "Collected") == [("Collected", trader, 70 * USD, 1_070 * USD)]
    vault.pay(trader, 70 * USD, sender=market)
    assert said(vault, "Paid") == [("Paid", trader, 70 * USD, 1_000 * USD)]
    vault.lend(venue, 200 * USD, 0, sender=router)
    assert said(vault, "Lent") == [("Lent", venue, 200 * USD, 800 * USD)]
    vault.restore(30 * USD, sender=router)
    assert said(vault, "Restored") == [("Restored", 30 * USD, 830 * USD)]
    bench.set_mark(equity_low=170 * WAD, equity_high=170 * WAD)
    bench.request("alice", 300 * SHARE)
    bench.mature()
    vault.process(1)
    vault.redeem(100 * SHARE, trader, alice, sender=alice)
    assert said(vault, "Withdraw") == [("Withdraw", alice, trader, alice, 100 * USD, 100 * SHARE)]
    assert vault.cash() == 730 * USD


def test_who_left_is_in_neither_value_that_is_kept(bench):
    """The mark behind those who leave: what they were paid is gone from both of its sides."""
    bench.deposit("alice", 1_000 * USD)
    bench.request("alice", 300 * SHARE)
    bench.mature()
    bench.set_mark(equity_high=50 * WAD)
    low, high = bench.poke()
    assert high == low + 50 * USD
    paid = bench.vault.process(1)
    assert bench.marked() == (low - paid, high - paid)
    assert paid == 300 * USD
