"""A venue of a chain of one's own, opened for a deployment, with a feed of ether beside it where the asset is
another: what a file of a chain of others names."""

from __future__ import annotations

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Engine
from tandem.protocol.bindings.price_feed import PriceFeed
from tandem.protocol.deploy import ETHER_FEED
from tandem.protocol.recipe import Recipe
from tandem.units import ETHER, WAD
from tandem.venues import Exchange, Opening

ETHER_PRICE = 2_500
"""USD, where nothing else is said."""
FEED_DECIMALS = 8


def opened(engine: Engine, recipe: Recipe) -> dict[str, str]:
    """Where its parts stand. Raises ValueError of a recipe whose venue stands already."""
    if recipe.price is None:
        raise ValueError("the chain has the venue")
    price = int(recipe.price * WAD)
    opening = Opening(depth=recipe.depth, asset=recipe.asset, decimals=recipe.decimals)
    exchange: Exchange = recipe.venue.open(engine, price, opening)
    exchange.set_index(price)
    if recipe.asset == ETHER:
        return exchange.addresses()
    return exchange.addresses() | {ETHER_FEED: _ether_feed(engine, exchange.owner)}


def _ether_feed(engine: Engine, owner: str) -> str:
    """A stand-in, which its owner may push."""
    feed = engine.deploy(compile_vyper("PriceFeed"), FEED_DECIMALS, f"{ETHER} / USD", sender=owner)
    PriceFeed.of(feed).push(ETHER_PRICE * 10**FEED_DECIMALS).send(owner)
    return feed.address
