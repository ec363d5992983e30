"""A local market says what strangers around it tried and the chain refused."""

from __future__ import annotations

from typing import Any

import pytest

from keeper.local.market import LocalMarket
from tandem.errors import Reverted


@pytest.fixture
def market() -> LocalMarket:
    """Nothing of it is needed to keep what was refused."""
    nothing: Any = None
    return LocalMarket(*[nothing] * 6, speed=1.0)


def refused(reason: str) -> Any:
    def act() -> None:
        raise Reverted(reason)

    return act


def test_what_was_refused_is_told_once_with_its_reason_and_how_often(market: LocalMarket) -> None:
    market._stranger("arbitrage", refused("CH_OPWS"))
    market._stranger("arbitrage", refused("CH_OPWS"))
    market._stranger("lister", refused("market: no place"))
    market._stranger("liquidator", lambda: None)
    assert market.refusals() == [
        "arbitrage: CH_OPWS (2 times)",
        "lister: market: no place",
    ]
    assert market.refusals() == []
