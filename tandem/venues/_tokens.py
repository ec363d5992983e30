"""What a chain says against a token that a deployment file names."""

from __future__ import annotations

from collections.abc import Iterator

from tandem.engine.abi import Abi
from tandem.engine.artifacts import Artifact
from tandem.engine.base import Engine
from tandem.errors import EngineError, Reverted
from tandem.venues import Fault

# Tokens that are called like the one that is meant, by chain: its issuer stands behind none of them.
BRIDGED = {
    10: "0x7F5c764cBc14f9669B88837ca1490cCa17c31607",
    8_453: "0xd9aAEc86B65D86f6A7B5B1b0c42FFA531710b6CA",
    42_161: "0xFF970A61A04b1cA14834A43f5dE4533eBDDB5CC8",
}

TOKEN = Artifact(
    "Token",
    Abi.spelled(
        "function symbol() view returns (string)", "function decimals() view returns (uint8)"
    ),
    b"",
)


def token_faults(
    engine: Engine, name: str, address: str, symbol: str, decimals: int
) -> Iterator[Fault]:
    """At most one: no code, another token, other decimals, or the one that a bridge issues."""
    if not engine.code(address):
        yield Fault(name, address, "no code at this address")
        return
    if address == BRIDGED.get(engine.chain_id):
        yield Fault(name, address, f"is a bridge's {symbol}, not its issuer's")
        return
    token = engine.at(TOKEN, address)
    try:
        found = (token.call("symbol"), token.call("decimals"))
    except (Reverted, EngineError) as error:
        yield Fault(name, address, f"is no token: {error}")
        return
    if found != (symbol, decimals):
        said = f"{found[0]} of {found[1]} decimals"
        yield Fault(name, address, f"is {said}, not {symbol} of {decimals}")
