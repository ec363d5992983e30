"""`tandem` run against one deployment on a local node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lived_in import KEEPER_KEY, SIGNER_KEY, ask, heard, keeper, lived_in, market, settings, tandem
from receiving import Service, service

from faults.ledgers import costs
from faults.proxy import Proxy, between

__all__ = [
    "KEEPER_KEY",
    "SIGNER_KEY",
    "ask",
    "heard",
    "keeper",
    "lived_in",
    "market",
    "settings",
    "tandem",
]


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


@dataclass
class Told:
    """Whom the keeper's operator named to tell."""

    service: Service

    def says(self, *words: str) -> bool:
        """Whether one of the letters that came holds all of them."""
        return any(all(word in str(letter) for word in words) for letter in self.service.told)


@pytest.fixture
def told(settings: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """FAULTS: "an alert within two cycles", as it arrives."""
    with service() as made:
        monkeypatch.setenv("TANDEM_ALERTS__URLS", made.url)
        yield Told(made)
