"""Clients of one market on a local node: people with keys, allowances of nothing, and some money."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from eth_account import Account
from lived_in import ask, lived_in, market, settings, tandem
from worlds import FLAT, World

from tandem.client import Bounds, Client, outbox
from tandem.engine.signers import Signer, from_key
from tandem.terminal.group import main

__all__ = ["ask", "lived_in", "market", "settings", "tandem"]

# Account 7 of anvil's public mnemonic: everybody knows its key, it guards nothing.
MNEMONIC = "test test test test test test test test test test test junk"
USD = 10**6

Account.enable_unaudited_hdwallet_features()


@pytest.fixture(scope="session")
def key() -> str:
    account = Account.from_mnemonic(MNEMONIC, account_path="m/44'/60'/0'/0/7")
    return "0x" + account.key.hex().removeprefix("0x")


@pytest.fixture
def signer(key: str) -> Signer:
    return from_key(key)


@pytest.fixture
def connect(settings: Any, market: Any) -> Callable[..., Client]:
    """A client of the market for an account, a signer or nobody."""
    return lambda account=None, bounds=None: Client.connect(
        market.url, market.file, account, bounds
    )


@pytest.fixture
def fund(market: Any) -> Callable[..., None]:
    """USD of the quote token for an account, and no allowance."""

    def give(account: str, usd: int = 10_000) -> None:
        token, owner = market.tandem.exchange.usdc, market.tandem.exchange.owner
        token.send("mint", account, usd * USD, sender=owner)

    return give


@pytest.fixture
def beside(market: Any) -> World:
    """The market as unit tests move one: its one expiry is the near and the far one."""
    expiry = market.series.expiry
    market.tandem.give(market.tandem.trader, 10**12)
    return World(
        market.engine, market.tandem.exchange, market.tandem, expiry, expiry, {expiry: FLAT}
    )


@pytest.fixture
def trader(connect: Callable[..., Client], fund: Callable[..., None], signer: Signer) -> Client:
    """Who signs with a key, has money, and has allowed nothing."""
    fund(signer.address)
    return connect(signer)


@pytest.fixture
def run(
    settings: Path, monkeypatch: pytest.MonkeyPatch, market: Any, fund: Any, signer: Any, key: str
) -> Callable[..., Result]:
    """`tandem …` by a trader with a key."""
    fund(signer.address)
    monkeypatch.setenv("TANDEM_RPC", market.url)
    monkeypatch.setenv("TANDEM_DEPLOYMENT", str(market.file))
    monkeypatch.setenv("TANDEM_KEY", key)

    def go(*arguments: str, input: str | None = None) -> Result:  # noqa: A002
        result = CliRunner(mix_stderr=False).invoke(main, list(arguments), input=input)
        assert key[2:] not in result.stdout + result.stderr
        return result

    return go


@pytest.fixture
def payer(
    connect: Callable[..., Client], trader: Client, signer: Signer, market: Any, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Client:  # fmt: skip
    """With an allowance of a thousand, on a chain that is not his own, who waits for half a second."""
    monkeypatch.setattr(outbox, "SENT", tmp_path / "sent")
    found = connect(signer, Bounds(wait=0.5))
    market.tandem.exchange.usdc.send("approve", market.tandem.vault, 10**9, sender=signer.address)
    monkeypatch.setattr(found.session.engine, "is_development", False)
    return found
