"""What the venues have, read from their own contracts: what lies there, what they can pay, their depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from worlds import World

from tandem.engine.artifacts import compile_vyper
from tandem.model import jumps
from tandem.units import DAY, HOUR, USD, WAD
from tandem.venues.aave import Aave
from tandem.venues.curie import Curie

AVERAGED = 180
ADAPTER = compile_vyper("CurieVenue")
"""What every adapter answers."""


def members(world: World) -> list[tuple[Any, str]]:
    """Each venue's market, and the account that trades there."""
    if isinstance(world.curie, Curie):
        return [(world.curie, world.tandem.venue.address)]
    places = world.tandem.venue.call("venues")
    return list(zip(world.curie.members, places, strict=True))


def lies(world: World, spot: int) -> float:
    """What the accounts are worth by their venues' own figures, at their price or at ours, none under nothing
    where there are several; USD."""
    found = [_lies(market, who, spot) for market, who in members(world)]
    return found[0] if len(found) == 1 else sum(max(one, 0.0) for one in found)


def purse(world: World) -> float:
    """What the venues could pay on a gain that falls on each by its position, USD."""
    return payable(world, [_purse(market) for market, _ in members(world)])


def payable(world: World, purses: Sequence[float]) -> float:
    """The same of so much at each."""
    there = [market.position(who) for market, who in members(world)]
    net = sum(there)
    shares = [
        has * abs(net) / abs(held)
        for has, held in zip(purses, there, strict=True)
        if held and (held > 0) == (net > 0)
    ]
    return min([sum(purses), *shares])


@dataclass(frozen=True, slots=True)
class Memory:
    """Of a venue, what it held at a mark that was not ours, and what is remembered of it, USD."""

    seen: float
    kept: float

    def after(self, now: float, ours: float, since: float) -> Memory:
        """At a mark so many seconds later."""
        low, high = min(now, self.seen), max(now, self.seen)
        if low > self.kept:
            return Memory(now, min(low, self.kept + (self.kept + ours) * since / DAY))
        return Memory(now, min(self.kept, max(high, self.kept / (1 + since / HOUR))))


def counted(
    world: World, spot: int, before: Sequence[Memory], since: float
) -> tuple[float, list[Memory]]:
    """What the venues could pay as far as it counts, USD; and what is remembered from now on."""
    has, memories = list[float](), list[Memory]()
    for i, (market, who) in enumerate(members(world)):
        ours, there = max(_lies(market, who, spot), 0.0), _purse(market)
        now = max(there - ours, 0.0)
        memory = before[i].after(now, ours, since) if before else Memory(now, now)
        has.append(min(there, ours) + min(now, memory.kept))
        memories.append(memory)
    return payable(world, has), memories


def apart(world: World, spot: int, counts: float) -> NDArray[np.float64]:
    """By jump, USD: what the accounts lose each by itself beyond what their net position shows. Of that no
    more is lost than lies there, without what others gave, nor gained than the venues could pay besides: of
    what they have so much counts, USD."""
    if len(members(world)) == 1:
        return np.zeros(len(jumps.GATE))
    there = [
        (
            market.position(who) / WAD,
            max(world.engine.at(ADAPTER, who).call("account", spot)[1:3]) / WAD,
        )
        for market, who in members(world)
    ]
    net, worth = sum(held for held, _ in there), sum(max(has, 0.0) for _, has in there)
    pays = max(counts - worth, 0.0)
    found: list[float] = []
    for move in np.array(jumps.GATE) * spot / WAD:
        own = sum(min(max(-held * move, 0.0), max(has, 0.0)) for held, has in there)
        shown = min(max(-net * move, 0.0), worth)
        is_paid = net * move >= 0 and net != 0 and net * move <= pays
        found.append(0.0 if is_paid else max(own - shown, 0.0))
    return np.array(found)


def depth(world: World) -> float:
    """Liquidity over the root of the average price, of all markets, ETH."""
    return sum(_depth(market.pool) for market, _ in members(world))


def _lies(market: Any, who: str, spot: int) -> float:
    if isinstance(market, Aave):
        held, money = market.position(who), market.quote(who) / USD
        return money + max(held * market.index() // WAD, held * spot // WAD) / WAD
    worth = market.clearing_house.call("getAccountValue", who)
    at_its_own = market.account_balance.call("getPnlAndPendingFee", who)[1]
    at_ours = market.account_balance.call("getTakerOpenNotional", who, market.base)
    at_ours += market.position(who) * spot // WAD
    return max(worth, worth - at_its_own + at_ours) / WAD


def _purse(market: Any) -> float:
    if isinstance(market, Aave):
        return market.lending_pool.call("getVirtualUnderlyingBalance", market.usdc) / USD
    return market.usdc.call("balanceOf", market.vault) / USD


def _depth(pool: Any) -> float:
    ticks = pool.call("observe", [AVERAGED, 0])[0]
    average = (ticks[1] - ticks[0]) // AVERAGED
    return pool.call("liquidity") / WAD / 1.0001 ** (average / 2)
