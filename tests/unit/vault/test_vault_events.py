"""What a Vault says of those who leave."""

from __future__ import annotations

from vault_bench import DELAY, SHARE, env

from tandem.units import HOUR, USD


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
