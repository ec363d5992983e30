"""What a chain says against a pool of Uniswap v3 that a deployment file names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tandem.engine.artifacts import load_npm
from tandem.engine.base import Engine
from tandem.errors import EngineError, Reverted
from tandem.venues import Fault
from tandem.venues._spot import POOL_PARTS

LEAST_SPACING = 10
"""Of a pool that an order is split over: four stretches are 40 basis points at the least."""
EMPTY = "holds no liquidity at its price: nothing could be hedged there"


def pool_faults(engine: Engine, address: str, name: str = "pool") -> Iterator[Fault]:
    """Whether a pool is its factory's, and anything lies in it. What it trades its adapter's constructor
    asks. name: what a file calls it."""
    if not engine.code(address):
        yield Fault(name, address, "no code at this address")
        return
    pool = engine.at(load_npm(*POOL_PARTS["pool"]), address)
    try:
        made_by = engine.at(load_npm(*POOL_PARTS["factory"]), pool.call("factory"))
        of = (pool.call("token0"), pool.call("token1"), pool.call("fee"))
        known = made_by.call("getPool", *of)
        depth = pool.call("liquidity")
    except (Reverted, EngineError) as error:
        yield Fault(name, address, f"is no pool of Uniswap v3: {error}")
        return
    if known != pool.address:
        yield Fault(name, address, "is not the pool that its factory knows")
    elif not depth:
        yield Fault(name, address, EMPTY)


def narrow_faults(engine: Engine, parts: Mapping[str, str]) -> Iterator[Fault]:
    """Whether a pool may show too little of itself where an order is split: what a market says ends at its
    fourth edge, anybody may put one at every spacing, and the rest goes to the others. parts: of a file."""
    address = parts.get("pool")
    if address is None:  # an exchange's own
        return
    try:
        pool = load_npm(*POOL_PARTS["pool"])
        told = parts.get("tick_spacing")
        spacing = int(told or engine.at(pool, address).call("tickSpacing"))
    except (Reverted, EngineError):
        return  # `pool_faults` has said what it is
    if spacing < LEAST_SPACING:
        said = f"ticks {spacing} apart: beside other venues name one of {LEAST_SPACING} or more"
        yield Fault("pool", address, said)
