"""On Arbitrum a contract sees the L1's number of a block, which stands still for many blocks of the chain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lived_in import KEEPER_KEY, Market

from tandem.cli import risk, status
from tandem.client import attest
from tandem.client.accounts import Account
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import from_key

L1 = 22_000_000


@pytest.fixture
def rollup(market: Market) -> RemoteEngine:
    """The market's node, whose contracts see another number."""

    def asked(method: str, params: list[Any]) -> Any:
        if method == "eth_call":
            params = [*params, {}, {"number": hex(L1)}]
        return market.engine.request(method, params)

    return RemoteEngine(asked, signers={}, is_development=False)


def test_a_risk_is_attested_of_the_chains_own_block(market: Market, rollup: RemoteEngine) -> None:
    signer = from_key(KEEPER_KEY)
    who = Account(signer.address, "the keeper's key", signer)
    said = attest.sign(rollup, market.deployment, who)
    assert said.view.block == rollup.block() != L1
    assert not attest.verify(rollup, market.deployment, said).differences


def test_commands_show_the_chains_own_block(
    market: Market, rollup: RemoteEngine, monkeypatch: pytest.MonkeyPatch, ask: Callable[..., Any]
) -> None:
    for each in (risk, status):
        monkeypatch.setattr(each, "connect", lambda _: (rollup, market.deployment))
    assert ask("risk")["block"] == ask("status")["block_number"] == rollup.block()
