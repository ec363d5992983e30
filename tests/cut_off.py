"""A deployment that ends at any transaction, and whoever begins it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from chain_of_others import Chain, Request

from tandem.errors import EngineError
from tandem.protocol.deploy import order
from tandem.protocol.deployment import Deployment
from tandem.terminal.deploying import carry_out
from tandem.units import ETHER
from tandem.venues import recipe

SEND = "eth_sendRawTransaction"
CONTRACTS = len(order(recipe("aave"), ETHER))


class CutError(EngineError):
    """The process ended here."""


def cut(at: int, *, heard: bool) -> Callable[[Request], Request]:
    """Ends the process at its n-th transaction: before the node hears of it, or before its answer comes."""

    def between(ask: Request) -> Request:
        left = [at]

        def request(method: str, params: list[Any]) -> Any:
            if method == SEND:
                left[0] -= 1
                if left[0] == 0:
                    if heard:
                        ask(method, params)
                    raise CutError("cut off")
            return ask(method, params)

        return request

    return between


def all_of(chain: Chain, path: Path, most: Decimal = Decimal(100), **how: Any) -> Deployment:
    """most: ETH, for gas and data of all of it."""
    engine = chain.engine(**how)
    return carry_out(
        engine, chain.recipe, chain.deployer, path, replace=False, said=lambda _: None, most=most
    )


def facts(found: Deployment) -> dict[str, Any]:
    return {key: value for key, value in json.loads(found.text()).items() if key != "block"}


@pytest.fixture(scope="session")
def undisturbed(standing: Chain, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What then stands where nobody ends it."""
    with standing.undone():
        return facts(all_of(standing, tmp_path_factory.mktemp("once") / "there.json"))
