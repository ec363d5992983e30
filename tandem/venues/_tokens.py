"""What a chain says against a token that a deployment file names."""

from __future__ import annotations

from collections.abc import Iterator

from tandem.engine.abi import Abi
from tandem.engine.artifacts import Artifact
from tandem.engine.base import LOCAL_CHAINS, Engine
from tandem.errors import EngineError, Reverted
from tandem.foreign import plain
from tandem.venues import Fault

# Tokens that are called like the one that is meant, by chain: its issuer stands behind none of them.
BRIDGED = {
    10: "0x7F5c764cBc14f9669B88837ca1490cCa17c31607",
    8_453: "0xd9aAEc86B65D86f6A7B5B1b0c42FFA531710b6CA",
    42_161: "0xFF970A61A04b1cA14834A43f5dE4533eBDDB5CC8",
}

BASE_DECIMALS = 18
"""Of a base token that an adapter counts in WAD as it is."""
LEAST_DECIMALS = 8
"""Of one whose adapter has a grain."""
SYMBOLS = {"ETH": ("WETH", "vETH"), "BTC": ("tBTC", "WBTC", "cbBTC", "vBTC")}
"""Tokens that are worth what they are called after; a staked one is worth more from day to day."""
STAND_IN = "WETH"
"""For every base token on a chain of one's own."""
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
    try:
        found = _asked(engine, address)
    except (Reverted, EngineError) as error:
        yield Fault(name, address, f"is no token: {error}")
        return
    if found != (symbol, decimals):
        said = f"{found[0]} of {found[1]} decimals"
        yield Fault(name, address, f"is {said}, not {symbol} of {decimals}")


def base_faults(
    engine: Engine, name: str, address: str, asset: str, least: int = BASE_DECIMALS
) -> Iterator[Fault]:
    """At most one: no code, no token, not one of the asset, or one that the adapter would miscount. asset:
    what one of it is worth; least: of its decimals, that the adapter counts."""
    if not engine.code(address):
        yield Fault(name, address, "no code at this address")
        return
    try:
        symbol, decimals = _asked(engine, address)
    except (Reverted, EngineError) as error:
        yield Fault(name, address, f"is no token: {error}")
        return
    good = (*SYMBOLS.get(asset, (asset, f"W{asset}", f"v{asset}")), *_stand_ins(engine))
    if symbol not in good:
        said = f"is {symbol} of {decimals} decimals, not {' or '.join(good)}"
        yield Fault(name, address, said)
    elif not least <= decimals <= BASE_DECIMALS:
        span = f"{least} to {BASE_DECIMALS}" if least < BASE_DECIMALS else f"{BASE_DECIMALS}"
        said = f"is {symbol} of {decimals} decimals, not of {span}"
        yield Fault(name, address, f"{said}: the adapter counts the base token in WAD")


def _stand_ins(engine: Engine) -> tuple[str, ...]:
    return (STAND_IN,) if engine.chain_id in LOCAL_CHAINS else ()


def _asked(engine: Engine, address: str) -> tuple[str, int]:
    """What a token says of itself, as it may be shown: symbol and decimals."""
    token = engine.at(TOKEN, address)
    return plain(token.call("symbol")), token.call("decimals")
