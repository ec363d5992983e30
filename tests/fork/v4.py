"""A pool of Uniswap v4 on a fork: in the manager that stands there, of both tokens of a file's pool of v3.

Of pools of wrapped ether without hooks nobody publishes a list, so this one is our own: anybody may begin it.
On a stand-in the manager is its publisher's, at its published address.
"""

from __future__ import annotations

from collections.abc import Mapping

from people import supply, ways_in

from tandem import venues
from tandem.engine.artifacts import load_npm
from tandem.engine.fork import place
from tandem.engine.remote import RemoteEngine
from tandem.venues import Depth
from tandem.venues._spot import MOST_BASE, MOST_QUOTE
from tandem.venues._v4 import CORE, V4_PARTS, PoolOfV4, begin_v4

MANAGERS = {"base": "0x498581fF718922c3f8e6A244956aF099B2652b2b"}
"""By the publisher's page of deployments."""


def open_pool(engine: RemoteEngine, chain: str, venue: Mapping[str, str]) -> PoolOfV4:
    """At the price of the pool of v3 that the venue names, of its fee, and as deep as a local market's."""
    reference = venues.recipe("morpho").at(engine, {**venue, **ways_in(engine, venue)}).spot
    artifact = load_npm(CORE, V4_PARTS["pool_manager"])
    if not engine.code(MANAGERS[chain]):
        place(engine, MANAGERS[chain], artifact, reference.owner, sender=reference.owner)
    manager = engine.at(artifact, MANAGERS[chain])
    pool = begin_v4(engine, reference, manager, reference.price())
    for who, way in ((pool.maker, "makers"), (pool.arbitrageur, "takers")):
        supply(engine, reference.base, who, 10**4 * MOST_BASE * reference.unit, pool.parts[way])
        supply(engine, reference.quote, who, 10**4 * MOST_QUOTE, pool.parts[way])
    pool.lay(Depth())
    return pool


def venue_of(pool: PoolOfV4, venue: Mapping[str, str]) -> dict[str, str | int]:
    """A venue's file with orders in this pool: Morpho's markets as they are, its pool of v3 for what was."""
    named = {"pool_manager": pool.manager.address, "pool": pool.key.id, "reference": venue["pool"]}
    numbers = {"fee": pool.key.fee, "tick_spacing": pool.key.spacing}
    return {**venue, **named, **numbers, "kind": "morpho4"}
