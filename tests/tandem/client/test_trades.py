"""Mint, close and redeem: what is shown is what happens, and no allowance is left behind."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

import pytest
from vyper import compile_code

from tandem.client import Bounds, Client
from tandem.client.errors import (
    BalanceError,
    ClientError,
    DeadlineError,
    NothingPaidError,
    PriceMovedError,
    RefusedError,
)
from tandem.engine.abi import Abi
from tandem.engine.artifacts import CONTRACTS, Artifact
from tandem.engine.signers import Signer
from tandem.protocol.rounds import settlement_round

Connect = Callable[..., Client]
WAD = 10**18
SAFE = "0x00000000000000000000000000000000005AFE01"


def allowance(market: Any, account: str) -> int:
    return int(market.tandem.exchange.usdc.call("allowance", account, market.tandem.vault))


def held(market: Any, account: str) -> int:
    return int(market.tandem.option.call("balanceOf", account, market.series.id))


def without_permits(market: Any) -> None:
    """The quote token as one that knows no EIP-2612: the same books under other code."""
    source = (CONTRACTS / "mocks" / "USDC.vy").read_text()
    start, end = source.index("# @notice Allow `spender` to move `amount` of `owner`"), None
    end = source.index("@internal\n", source.index("def _domain_separator"))
    plain = source[:start] + source[end:]
    built = compile_code(plain, output_formats=["abi", "bytecode"])
    artifact = Artifact("Plain", Abi(built["abi"]), bytes.fromhex(built["bytecode"][2:]))
    exchange = market.tandem.exchange
    other = market.engine.deploy(artifact, sender=exchange.owner)
    code = "0x" + market.engine.code(other.address).hex()
    market.engine.request("anvil_setCode", [exchange.usdc.address, code])


def test_a_mint_is_shown_then_sent_and_says_what_came_of_it(trader: Client, market: Any) -> None:
    prepared = trader.prepare_mint(market.series, "1.5")
    most = prepared.preview.quote.total * Decimal("1.01")
    assert 0 <= prepared.preview.most - most < Decimal("0.000001")
    assert prepared.preview.deadline == market.engine.now() + 600
    before = market.tandem.exchange.usdc.call("balanceOf", trader.address)
    done = prepared.send()
    paid = before - market.tandem.exchange.usdc.call("balanceOf", trader.address)
    assert done.after.paid == Decimal(paid) / 10**6
    assert done.after.holding == Decimal(held(market, trader.address)) / 10**6 == Decimal("1.5")
    for sent in done.sent:
        receipt = market.engine.request("eth_getTransactionReceipt", [sent.hash])
        assert int(receipt["blockNumber"], 16) == sent.block
        assert int(receipt["gasUsed"], 16) == sent.gas_used


def test_a_permit_gives_the_allowance_and_nothing_is_left_of_it(
    trader: Client, market: Any
) -> None:
    prepared = trader.prepare_mint(market.series, 1)
    assert "by permit" in prepared.steps[0].note
    done = prepared.send()
    token = market.tandem.exchange.usdc
    assert token.call("nonces", trader.address) == 1
    sent = market.engine.request("eth_getTransactionByHash", [done.sent[0].hash])
    assert sent["input"][:10] == "0x" + token.abi.function("permit", 7).selector.hex()
    assert allowance(market, trader.address) == 0


def test_a_token_without_permits_is_approved_exactly(trader: Client, market: Any) -> None:
    without_permits(market)
    prepared = trader.prepare_mint(market.series, 1)
    assert "permit" not in prepared.steps[0].note
    vault = market.tandem.vault.address
    most = int(prepared.preview.most * 10**6)
    assert prepared.steps[0].data == trader.session.token.approve(vault, most).data
    prepared.send()
    assert allowance(market, trader.address) == 0
    trader.deposit(100)
    assert allowance(market, trader.address) == 0


def test_an_allowance_that_was_there_is_used_as_it_is(connect: Connect, market: Any) -> None:
    whole = allowance(market, market.tandem.trader)
    assert whole > 10**30
    client = connect(market.tandem.trader)
    assert len(client.prepare_mint(market.series, 1).steps) == 1
    paid = client.mint(market.series, 1).after.paid
    assert allowance(market, market.tandem.trader) == whole - int(paid * 10**6)


def test_calldata_does_for_a_safe_what_sending_does(
    trader: Client, connect: Connect, fund: Any, market: Any
) -> None:
    fund(SAFE)
    watched = connect(SAFE)
    batch = watched.prepare_mint(market.series, 1).calldata
    with pytest.raises(ClientError.__mro__[1], match="nobody here signs"):
        watched.mint(market.series, 1)
    assert held(market, SAFE) == 0
    mark = market.engine.request("evm_snapshot", [])
    own = trader.mint(market.series, 1).after
    market.engine.request("evm_revert", [mark])
    market.engine.request("anvil_impersonateAccount", [SAFE])
    market.engine.fund(SAFE, WAD)
    before = market.tandem.exchange.usdc.call("balanceOf", SAFE)
    for each in batch:
        fields = {"from": SAFE, "to": each["to"], "data": each["data"]}
        hash_ = market.engine.request("eth_sendTransaction", [fields | {"gas": hex(5_000_000)}])
        assert market.engine._receipt(hash_)["status"] == "0x1"
    assert held(market, SAFE) == int(own.holding * 10**6)
    paid = before - market.tandem.exchange.usdc.call("balanceOf", SAFE)
    assert Decimal(paid) / 10**6 == pytest.approx(own.paid, abs=Decimal("0.001"))
    assert allowance(market, SAFE) == 0


def test_a_close_pays_what_it_showed(trader: Client, market: Any) -> None:
    trader.mint(market.series, 2)
    prepared = trader.prepare_close(market.series, "0.5")
    p = prepared.preview
    assert p.least < p.quote.total * Decimal("0.991")
    assert p.least_size == p.quote.size == Decimal("0.5")
    done = prepared.send()
    assert -done.after.paid == pytest.approx(p.quote.total, abs=Decimal("0.001"))
    assert done.after.holding == Decimal("1.5")
    assert len(done.sent) == 1


def test_a_bound_that_the_price_leaves_stops_the_trade(trader: Client, market: Any) -> None:
    quoted = trader.quote(market.series, 1).total
    with pytest.raises(PriceMovedError) as refusal:
        trader.mint(market.series, 1, most=quoted - 1)
    assert "Quote again" in refusal.value.hint
    prepared = trader.prepare_mint(market.series, 1)
    market.tandem.exchange.set_index(2_540 * WAD)
    market.tandem.exchange.converge(2_540 * WAD)
    with pytest.raises(PriceMovedError):
        prepared.send()
    assert held(market, trader.address) == 0


def test_a_prepared_trade_is_good_for_its_time_alone(trader: Client, market: Any) -> None:
    prepared = trader.prepare_mint(market.series, 1)
    market.engine.advance(601)
    with pytest.raises((DeadlineError, RefusedError)) as refusal:
        prepared.send()
    assert "deadline" in str(refusal.value) or "permit expired" in str(refusal.value)
    market.tandem.exchange.usdc.send("approve", market.tandem.vault, 10**12, sender=trader.address)
    with pytest.raises(DeadlineError, match="deadline"):
        trader.mint(market.series, 1, deadline=market.engine.now() - 1)


def test_the_slippage_is_the_callers(connect: Connect, signer: Signer, trader: Client) -> None:
    narrow = connect(signer, Bounds(slippage=Decimal(0), lifetime=30))
    series = trader.chain(1, room=False).options[2].series
    preview = narrow.prepare_mint(series, 1).preview
    assert preview.most == preview.quote.total
    assert preview.deadline == narrow.now() + 30


def test_an_amount_is_exact_whatever_the_caller_reckons_with(trader: Client, market: Any) -> None:
    """Three digits of a program's own decimals would let a mint take 0.4 % more than it was bounded by, and a
    close give as much away; the compiler asks for 78."""
    trader.mint(market.series, "1.234567")

    def asked() -> list[object]:
        opens = trader.prepare_mint(market.series, "1.234567").preview
        closes = trader.prepare_close(market.series, "1.234567").preview
        return [opens.quote, opens.most, closes.quote, closes.least, closes.least_size]

    usual = asked()
    for digits in (3, 78):
        with localcontext(prec=digits):
            assert asked() == usual


def test_an_expired_option_is_settled_and_redeemed_in_one_go(trader: Client, market: Any) -> None:
    trader.mint(market.series, 1)
    with pytest.raises(ClientError, match="has not expired"):
        trader.redeem(market.series)
    market.engine.set_time(market.series.expiry)
    with pytest.raises(ClientError):
        trader.redeem(market.series)  # no round after the expiry yet
    market.engine.advance(60)
    market.tandem.exchange.set_index(2_700 * WAD)
    other, began = market.engine.accounts[9], market.engine.request("evm_snapshot", [])
    before = market.tandem.exchange.usdc.call("balanceOf", other)
    trader.redeem(market.series, recipient=other)
    assert market.tandem.exchange.usdc.call("balanceOf", other) - before == 200 * 10**6
    market.engine.request("evm_revert", [began])
    prepared = trader.prepare_redeem(market.series)
    assert prepared.preview.settles
    assert prepared.preview.recipient == trader.address
    assert (prepared.preview.price, prepared.preview.pays) == (2_700, 200)
    before = market.tandem.exchange.usdc.call("balanceOf", trader.address)
    after = prepared.send().after
    assert after.paid == -200
    assert market.tandem.exchange.usdc.call("balanceOf", trader.address) - before == 200 * 10**6
    assert after.holding == 0
    with pytest.raises(BalanceError):
        trader.redeem(market.series)


def test_who_settles_first_takes_nothing_from_who_redeems(trader: Client, market: Any) -> None:
    """A keeper settles in the block in which a holder looks: the holder's own settling was refused, and with
    it his redemption."""
    trader.mint(market.series, 1)
    market.engine.set_time(market.series.expiry)
    market.engine.advance(60)
    market.tandem.exchange.set_index(2_700 * WAD)
    prepared = trader.prepare_redeem(market.series)
    h = trader.session.on
    first = settlement_round(h.feed, h.spot, market.series.expiry)
    assert first is not None
    market.tandem.settle(market.series.expiry, first)
    done = prepared.send()
    assert [sent.note.split()[0] for sent in done.sent] == ["redeem"]
    assert (done.after.paid, done.after.holding) == (-200, 0)


def test_a_close_that_pays_nothing_is_not_sent(trader: Client, market: Any) -> None:
    """A minute before expiry an option that was worth more than nothing was burned for 0.00 USD: what its
    hedge takes is bounded by what the close pays, and kept it would have been redeemed."""
    trader.mint(market.series, 1)
    market.engine.set_time(market.series.expiry - 60)
    market.tandem.exchange.set_index(2_501 * WAD)
    market.tandem.exchange.converge(2_510 * WAD)
    market.engine.advance(1)
    quoted = trader.quote(market.series, 1, is_close=True)
    assert quoted.mark > 0
    assert quoted.total == 0
    with pytest.raises(NothingPaidError, match="closing pays nothing now") as error:
        trader.close(market.series, 1)
    assert "redeem" in error.value.hint
    assert held(market, trader.address) == 10**6


def test_a_close_beside_a_slice_that_nobody_renewed_blames_its_spread(
    trader: Client, market: Any
) -> None:
    """It is bid what is in the money, and nothing is: of ten dollars "fee and hedge" had left nothing."""
    trader.mint(market.series, 1)
    market.engine.advance(22_600)
    market.tandem.exchange.set_index(2_450 * WAD)
    market.tandem.exchange.converge(2_450 * WAD)
    market.engine.advance(1)
    quoted = trader.quote(market.series, 1, is_close=True)
    assert quoted.spread == quoted.mark > 0
    with pytest.raises(NothingPaidError, match="USD spread, fee and hedge leave nothing"):
        trader.close(market.series, 1)


def test_a_close_takes_no_more_than_is_held(trader: Client, market: Any) -> None:
    trader.mint(market.series, 1)
    with pytest.raises(BalanceError, match="holds 1 ETH"):
        trader.close(market.series, "1.000001")
