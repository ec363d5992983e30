"""An account with a key and code (EIP-7702), at a token that asks that code whether the account signed, as
USDC does since its version 2.2 (ERC-1271): its code may know no signature of its key."""

from __future__ import annotations

from typing import Any

from broken import broken

from tandem.client import Client
from tandem.venues import _setup

CHECK = 'assert signer == owner and owner != empty(address), "usdc: bad permit"'
ASKS_CODE = CHECK.replace("owner != empty(address)", "not owner.is_contract")
DELEGATED = "0xef0100"


def asks_code(market: Any) -> None:
    """The quote token asks whoever has code, and none knows the signature."""
    engine, token = market.engine, market.tandem.exchange.usdc
    with broken(("mocks/USDC.vy", CHECK, ASKS_CODE)):
        other = engine.deploy(_setup.compile_vyper("USDC"), sender=market.tandem.exchange.owner)
    engine.request("anvil_setCode", [token.address, "0x" + engine.code(other).hex()])


def test_an_account_with_code_approves_what_it_could_sign(trader: Client, market: Any) -> None:
    """Its permit was refused, and so each trade and deposit."""
    engine, token = market.engine, market.tandem.exchange.usdc
    asks_code(market)
    assert trader.mint(market.series, 1).after.holding == 1
    delegate = DELEGATED + market.tandem.option.address[2:]
    engine.request("anvil_setCode", [trader.address, delegate])
    assert trader.mint(market.series, 1).after.holding == 2
    assert token.call("allowance", trader.address, market.tandem.vault) == 0
