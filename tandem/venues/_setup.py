"""Setting a venue up: parts by name, acts of its owner, and a pool that remembers."""

from __future__ import annotations

from typing import Any

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract, Engine, Receipt
from tandem.units import ETHER
from tandem.venues import Exchange

DEPTH_SECONDS = 240
"""Longer than the contracts take an average of the depth over: what is there only now is not steady."""
CARDINALITY_CHUNK = 600
"""Observations that one transaction makes room for."""


class Setup:
    """What is there so far, by name; all of it the owner's. asset: what the feed prices."""

    def __init__(self, engine: Engine, owner: str, asset: str = ETHER) -> None:
        self.engine = engine
        self.owner = owner
        self.asset = asset
        self.parts: dict[str, Contract] = {}

    def new(self, key: str, artifact: Any, *args: Any) -> Contract:
        """Deploy a part."""
        self.parts[key] = self.engine.deploy(artifact, *args, sender=self.owner)
        return self.parts[key]

    def money(self, price: int, beside: Exchange | None) -> Contract:
        """The quote token and the asset's price feed, which a market beside another shares with it.

        Returns the token."""
        if beside is not None:
            self.parts |= {"usdc": beside.usdc, "feed": beside.feed}
            return beside.usdc
        usdc = self.new("usdc", compile_vyper("USDC"))
        feed = self.new("feed", compile_vyper("PriceFeed"), 8, f"{self.asset} / USD")
        self.do(feed, "push", price // 10**10)
        return usdc

    def do(self, contract: Contract, fn: str, *args: Any) -> Receipt:
        """An act of the owner."""
        return contract.send(fn, *args, sender=self.owner)


def remember(pool: Contract, observations: int, sender: str) -> None:
    """Make room for so many observations of a Uniswap v3 pool, which has just been initialised. It keeps one
    a second, and takes the room with the next: a node that mines several blocks in a second is told to wait
    for it."""
    begun = pool.engine.now()
    for size in [*range(CARDINALITY_CHUNK, observations, CARDINALITY_CHUNK), observations]:
        pool.send("increaseObservationCardinalityNext", size, sender=sender)
    if pool.engine.now() == begun:
        pool.engine.advance(1)
