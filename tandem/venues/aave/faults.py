"""What a chain says against the lending market that a deployment file names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tandem.engine.abi import Abi
from tandem.engine.artifacts import Artifact
from tandem.engine.base import Engine
from tandem.errors import EngineError, Reverted
from tandem.venues import Fault

PROVIDER = "provider"
MARKET = Artifact(
    "LendingMarket",
    Abi.spelled(
        "function getPool() view returns (address)",
        "function getReservesList() view returns (address[])",
    ),
    b"",
)
"""The provider of its addresses, and the pool that it names."""


def lender_faults(engine: Engine, addresses: Mapping[str, str]) -> Iterator[Fault]:
    """What is no provider of a market's addresses, or each token that the market does not lend."""
    place = addresses[PROVIDER]
    if not engine.code(place):
        yield Fault(PROVIDER, place, "no code at this address")
        return
    try:
        pool = engine.at(MARKET, place).call("getPool")
        reserves = engine.at(MARKET, pool).call("getReservesList")
    except (Reverted, EngineError) as error:
        yield Fault(PROVIDER, place, f"is no provider of Aave v3: {error}")
        return
    for token in ("weth", "usdc"):
        if addresses[token] not in reserves:
            yield Fault(token, addresses[token], f"is not lent at {pool}, the provider's market")
