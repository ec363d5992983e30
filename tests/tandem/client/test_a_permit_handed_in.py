"""Anybody may hand in a permit that he sees, before its owner does: earlier, or in the same block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tandem.client import Client
from tandem.client.sending import Sender, Step
from tandem.engine.base import Tx
from tandem.units import WAD

GWEI = 10**9


@pytest.mark.parametrize("same_block", [False, True])
def test_a_permit_that_somebody_handed_in_before_gives_the_allowance_all_the_same(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch, same_block: bool
) -> None:
    """The owner's own fails, for its number is used; the option is minted, and no allowance is left."""
    engine, stranger = market.engine, market.engine.accounts[4]
    plain: Callable[..., str] = vars(Sender)["_submit"]
    handed_in: list[str] = []

    def overtaken(self: Sender, step: Step, tx: Tx, most: int, tip: int) -> str:
        if handed_in or "permit" not in step.note:
            return plain(self, step, tx, most, tip)
        fields = {"from": stranger, "to": tx.to, "data": "0x" + tx.data.hex(), "gas": hex(500_000)}
        fields |= {"maxFeePerGas": hex(900 * GWEI), "maxPriorityFeePerGas": hex(90 * GWEI)}
        if same_block:
            engine.request("evm_setAutomine", [False])
        handed_in.append(engine.request("eth_sendTransaction", [fields]))
        hash_ = plain(self, step, tx, most, tip)
        if same_block:
            engine.request("evm_mine", [])
            engine.request("evm_setAutomine", [True])
        return hash_

    engine.fund(stranger, WAD)
    monkeypatch.setattr(Sender, "_submit", overtaken)
    done = trader.mint(market.series, 1)
    assert engine.receipt(handed_in[0])["status"] == "0x1"
    assert done.after.holding == 1
    token, vault = market.tandem.exchange.usdc, market.tandem.vault
    assert token.call("allowance", trader.address, vault) == 0
