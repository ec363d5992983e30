"""`tandem` run against one deployment on a local node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from lived_in import KEEPER_KEY, SIGNER_KEY, ask, keeper, lived_in, market, settings, tandem

from faults.ledgers import costs
from faults.proxy import Proxy, between

__all__ = ["KEEPER_KEY", "SIGNER_KEY", "ask", "keeper", "lived_in", "market", "settings", "tandem"]


@pytest.fixture
def proxy(market: Any) -> Iterator[Proxy]:
    """What stands before the market's node."""
    with between(market.url) as made:
        yield made


@pytest.fixture
def as_before(market: Any) -> Iterator[None]:
    """A snapshot takes back neither the base fee nor who mines."""
    yield
    market.engine.request("evm_setAutomine", [True])
    costs(market, 0)
