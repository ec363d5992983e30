"""A limit of gas that no chain refuses for its size: EIP-7825 lets no transaction have more than 2**24."""

from __future__ import annotations

from typing import Any

import pytest

from keeper.execution.chain import SenderChain
from tandem.client import Client
from tandem.engine.base import GAS_CAP, Tx, with_slack

HOSTILE = 12_000_000
"""What an act over venues takes of which one burns all that it is asked with (docs/trust.md)."""


@pytest.mark.parametrize(
    ("estimate", "limit"),
    [
        (1_000_000, 1_500_000),
        (GAS_CAP * 2 // 3, GAS_CAP * 2 // 3 * 150 // 100),
        (HOSTILE, GAS_CAP),
        (GAS_CAP, GAS_CAP),
        (GAS_CAP + 1, (GAS_CAP + 1) * 150 // 100),
    ],
)
def test_half_more_than_the_estimate_as_far_as_a_chain_takes_it(estimate: int, limit: int) -> None:
    """Past it only where the node's own estimate is: then its chain takes it."""
    assert with_slack(estimate, 150) == limit


def test_who_trades_and_who_keeps_send_no_more(
    trader: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half more of twelve million is eighteen, which the chain refuses before it looks at the transaction."""
    sender, engine = trader.session.sender, trader.session.engine
    plain = engine.request

    def asked(method: str, *args: Any) -> Any:
        return hex(HOSTILE) if method == "eth_estimateGas" else plain(method, *args)

    monkeypatch.setattr(engine, "request", asked)
    assert sender.engine is engine
    tx = Tx(trader.address, market.tandem.market.address, b"", 10_000_000)
    assert sender._gas(tx)[0] == GAS_CAP  # pyright: ignore[reportPrivateUsage]
    chain = SenderChain(engine, trader.address, 31_337)
    assert chain.gas(tx) == GAS_CAP
