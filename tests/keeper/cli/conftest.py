"""`tandem` run against one deployment on a local node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from lived_in import KEEPER_KEY, SIGNER_KEY, ask, heard, keeper, lived_in, market, settings, tandem

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
def kept(tandem: Callable[..., Result], market: Any) -> None:
    """What a keeper did whose market had moved, and paid gas for."""
    market.engine.request("anvil_setNextBlockBaseFeePerGas", [hex(10**8)])
    market.engine.request("evm_mine", [])
    market.engine.advance(700)
    market.move(2_650)
    market.rest()
    assert tandem("run", "--once").exit_code == 0
    market.engine.request("anvil_setNextBlockBaseFeePerGas", ["0x0"])
    market.engine.request("evm_mine", [])
