"""What a chain says against a pool of Uniswap v4 that a deployment file names, and against its reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tandem.engine.artifacts import load_npm
from tandem.engine.base import NOBODY, Engine
from tandem.errors import EngineError, Reverted
from tandem.venues import Fault
from tandem.venues._spot import POOL_PARTS
from tandem.venues._spot_faults import EMPTY, pool_faults
from tandem.venues._v4 import CORE, LIQUIDITY, MASK_128, MASK_160, V4_PARTS, Key, key_of, word_of

JOLT = 1_000
"""Millionths: what a market may stand worse than its past before nothing goes there that no trader brings."""
DEEPER = 4
"""What the pool is lent for a moment counts up to its reference's depth: so often its own, at the most."""


def v4_faults(engine: Engine, addresses: Mapping[str, str]) -> Iterator[Fault]:
    """Whether the manager keeps that pool, without hooks, and the reference is a pool of v3 that fits it."""
    key, named, where = key_of(addresses), addresses["pool"], addresses["pool_manager"]
    reference = addresses["reference"]
    odd = list(pool_faults(engine, reference, "reference"))
    yield from odd
    if key.id != named:
        yield Fault("pool", named, _other(key, named))
        return
    if not engine.code(where):
        yield Fault("pool_manager", where, "no code at this address")
        return
    manager = engine.at(load_npm(CORE, V4_PARTS["pool_manager"]), where)
    try:
        manager.call("protocolFeeController")
        root, depth = (word_of(manager, key.state + place) for place in (0, LIQUIDITY))
    except (Reverted, EngineError) as error:
        yield Fault("pool_manager", where, f"is no manager of Uniswap v4: {error}")
        return
    if not root & MASK_160:
        yield Fault("pool", named, "is no pool that this manager keeps")
    elif not depth & MASK_128:
        yield Fault("pool", named, EMPTY)
    elif not odd:
        yield from _reference_faults(engine, reference, key, depth & MASK_128)


def _other(key: Key, named: str) -> str:
    """What is wrong with an id that is not this key's."""
    for one in (key.currency0, key.currency1):
        if Key.of(NOBODY, one, key.fee, key.spacing).id == named:
            return "is a pool of native ether: the adapter trades the wrapped one"
    return f"is not the pool of fee {key.fee} and tick_spacing {key.spacing} without hooks"


def _reference_faults(engine: Engine, reference: str, key: Key, depth: int) -> Iterator[Fault]:
    """Whether arbitrage holds the pool as near to its reference as the hedge asks for, and how much depth
    the pool may be lent. depth: the pool's liquidity."""
    there = engine.at(load_npm(*POOL_PARTS["pool"]), reference)
    apart, deep = key.fee + there.call("fee"), there.call("liquidity")
    if apart > JOLT:
        said = f"its fee and the pool's may hold both {apart / 100:g} bp apart"
        yield Fault("reference", reference, f"{said}, more than {JOLT / 100:g}")
    if deep > DEEPER * depth:
        said = f"is more than {DEEPER} times as deep as the pool"
        yield Fault("reference", reference, f"{said}: what that is lent for a moment would count")
