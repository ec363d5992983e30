"""LPs come, ask to leave and claim through the client; what it shows is what the Vault does."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tandem.client import Client
from tandem.client.errors import AccountError, BalanceError, ClientError
from tandem.client.liquidity import stake
from tandem.units import AmountError

Connect = Callable[..., Client]


def test_a_deposit_shows_its_shares_and_gets_them(trader: Client, market: Any) -> None:
    prepared = trader.prepare_deposit("1000")
    shown = prepared.preview
    assert shown.price == shown.amount / shown.shares
    after = prepared.send().after
    assert float(after.shares) == pytest.approx(float(shown.shares), rel=1e-6)
    assert float(after.worth) == pytest.approx(1_000, rel=0.01)  # low NAV against high
    held = market.tandem.vault.call("balanceOf", trader.address)
    assert after.shares == Decimal(held).scaleb(-18)


def test_an_exit_is_processed_when_it_was_said_to_be_and_claimed(
    trader: Client, market: Any
) -> None:
    trader.deposit(1_000)
    prepared = trader.prepare_exit()
    earliest = prepared.preview.earliest
    assert earliest == prepared.preview.epoch * 3_600
    after = prepared.send().after
    assert (after.shares, after.pending) == (0, prepared.preview.shares)
    tandem, engine = market.tandem, market.engine
    with pytest.raises(ClientError, match="shares wait"):
        trader.claim()
    engine.set_time(earliest - 30)
    renew(market)
    assert tandem.vault.call("pendingRedeemRequest", 0, trader.address) > 0
    engine.set_time(earliest)
    tandem.vault.send("process", 2, sender=tandem.keeper)
    for named in (None, engine.accounts[9]):  # himself, or somebody else whom he names
        began = engine.request("evm_snapshot", [])
        claim, paid = trader.prepare_claim(recipient=named), named or trader.address
        assert claim.preview.recipient == paid
        assert float(claim.preview.amount) == pytest.approx(1_000, rel=0.02)
        before = tandem.exchange.usdc.call("balanceOf", paid)
        assert claim.send().after.pending == 0
        got = tandem.exchange.usdc.call("balanceOf", paid) - before
        assert Decimal(got).scaleb(-6) == claim.preview.amount
        engine.request("evm_revert", [began])
    with pytest.raises(AccountError):
        trader.claim(recipient="")


def test_a_stake_is_of_one_block(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What left the queue between two questions was neither waiting nor to be claimed."""
    ask, seen = trader.session.engine.request, set[str]()

    def living(method: str, params: list[Any]) -> Any:
        if method == "eth_call":
            seen.add(params[1])
            ask("evm_mine", [])
        return ask(method, params)

    monkeypatch.setattr(trader.session.engine, "request", living)
    stake(trader.session)
    (block,) = seen
    assert block != "latest"


def renew(market: Any) -> None:
    """A fresh price and a fresh surface, and nothing is processed before its hour."""
    tandem = market.tandem
    tandem.exchange.set_index(2_500 * 10**18)
    from tandem.model.svi import Slice

    tandem.post({market.series.expiry: Slice(a=0.36, b=0.0, rho=0.0, m=0.0, s=0.1)})
    tandem.vault.send("process", 2, sender=tandem.keeper)


def test_amounts_that_cannot_be(trader: Client) -> None:
    with pytest.raises(AmountError):
        trader.deposit("1.0000001")
    with pytest.raises(AmountError):
        trader.request_exit("0")
    with pytest.raises(BalanceError, match="ask for at most"):
        trader.request_exit("5")


def test_a_paused_market_takes_no_deposit_and_says_so(trader: Client, market: Any) -> None:
    market.tandem.guardian.send("pause", sender=market.tandem.keeper)
    with pytest.raises(ClientError, match="paused"):
        trader.deposit(10)
