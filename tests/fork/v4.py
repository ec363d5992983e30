"""A pool of Uniswap v4 on a fork: in the manager that stands there, of both tokens of a file's pool of v3.

Of pools of wrapped ether without hooks nobody publishes a list, so this one is our own: anybody may begin it.
On a stand-in the manager is its publisher's, at its published address.
"""

from __future__ import annotations

from collections.abc import Mapping

from people import deal, ways_in

from tandem import venues
from tandem.engine.artifacts import load_npm
from tandem.engine.fork import place
from tandem.engine.remote import RemoteEngine
from tandem.units import WAD
from tandem.venues import Depth
from tandem.venues._spot import MOST_BASE, MOST_QUOTE, SPACINGS
from tandem.venues._v4 import CORE, OF_ONE, V4_PARTS, Key, PoolOfV4

MANAGERS = {"base": "0x498581fF718922c3f8e6A244956aF099B2652b2b"}
"""By the publisher's page of deployments."""
DEEP = Depth(usd=2_000_000.0)
MAX = 2**256 - 1


def open_pool(engine: RemoteEngine, chain: str, venue: Mapping[str, str]) -> PoolOfV4:
    """At the price of the pool of v3 that the venue names, of its fee, and as deep as a local market's."""
    reference = venues.recipe("morpho").at(engine, {**venue, **ways_in(engine, venue)}).spot
    artifact = load_npm(CORE, V4_PARTS["pool_manager"])
    if not engine.code(MANAGERS[chain]):
        place(engine, MANAGERS[chain], artifact, reference.owner, sender=reference.owner)
    parts = {"pool_manager": engine.at(artifact, MANAGERS[chain])}
    for key in ("makers", "takers"):
        parts[key] = engine.deploy(
            load_npm(CORE, V4_PARTS[key]), parts["pool_manager"], sender=reference.owner
        )
    tokens = reference.base, reference.quote
    key = Key.of(tokens[0].address, tokens[1].address, reference.fee, SPACINGS[reference.fee])
    pool = PoolOfV4(engine, reference, key, parts)
    price = reference.price()
    pool.manager.send("initialize", key.words, reference.root(price), sender=pool.maker)
    for who, way in ((pool.maker, parts["makers"]), (pool.arbitrageur, parts["takers"])):
        for token, amount in zip(tokens, (MOST_BASE * reference.unit, MOST_QUOTE), strict=True):
            deal(engine, token, who, 10**4 * amount)
            token.send("approve", way, MAX, sender=who)
    for liquidity, low, high in DEEP.placed(price / WAD):
        pool.place(*reference.between(low, high), int(liquidity * OF_ONE))
    return pool


def venue_of(pool: PoolOfV4, venue: Mapping[str, str]) -> dict[str, str | int]:
    """A venue's file with orders in this pool: Morpho's markets as they are, its pool of v3 for what was."""
    named = {"pool_manager": pool.manager.address, "pool": pool.key.id, "reference": venue["pool"]}
    numbers = {"fee": pool.key.fee, "tick_spacing": pool.key.spacing}
    return {**venue, **named, **numbers, "kind": "morpho4"}
