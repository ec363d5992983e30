"""What the venues have, read from their own contracts: what lies there, what they can pay, their depth."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from several import LentWorld, SetWorld, of_ours
from worlds import World

from tandem import venues
from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Engine
from tandem.errors import Reverted
from tandem.model import jumps
from tandem.units import DAY, HOUR, USD, WAD
from tandem.venues._pair import SpotPair
from tandem.venues.aave.exchange import Aave
from tandem.venues.morpho.exchange import Morpho

AVERAGED = 180
DUST = 10**6
"""Of a position, WAD base: what rounding leaves."""
UNITS = 20
"""Of a token that counts coarser, the same (LM-10)."""
ROUNDED = 0.001
"""USD: by less nobody says that there is more."""
ADAPTER = compile_vyper("CurieVenue")
"""What every adapter answers."""


LENT = compile_vyper("AaveVenue")
"""What the adapters of lending markets answer besides."""


def idle(market: Any, who: str) -> int:
    """What of ours an adapter keeps by itself, token units."""
    return market.engine.at(LENT, who).call("idle") if isinstance(market, Aave) else 0


def members(world: World) -> list[tuple[Any, str]]:
    """Each venue's market, and the account that trades there."""
    return venues.members(world.curie, world.tandem.venue.address)


def up(world: World) -> list[tuple[Any, str]]:
    """Those that no guardian has down."""
    there = members(world)
    if len(there) == 1:
        return there
    asked = set(world.tandem.venue.call("venues_up"))
    return [(market, who) for market, who in there if who in asked]


def ours(world: World, market: Any, who: str) -> int:
    """The position at a venue, without ether that strangers lent, WAD."""
    if isinstance(world, SetWorld | LentWorld):
        return of_ours(world, market, who, world.given)
    return int(market.position(who))


def held(world: World) -> list[int]:
    """The position at each, as far as it counts, WAD."""
    gone = world.written_off if isinstance(world, SetWorld) else set[str]()
    return [0 if who in gone else ours(world, market, who) for market, who in members(world)]


def net(world: World) -> int:
    """All of them as the set counts them, WAD: of one that is down what was known of it last, from which
    interest has moved it by no more than `drift` (VS-5)."""
    there = sum(held(world))
    if len(up(world)) == len(members(world)):
        return there
    counts = int(world.tandem.venue.call("position"))
    return counts if abs(counts - there) <= world.drift else there


def known(world: World) -> list[int]:
    """What counts of the position at each, WAD: of the one that is down what was known of it last (VS-5)."""
    there, asked = held(world), up(world)
    away = [i for i, one in enumerate(members(world)) if one not in asked]
    if len(away) == 1:
        there[away[0]] += net(world) - sum(there)
    return there


def lies(world: World, spot: int) -> float:
    """What the accounts are worth by their venues' own figures, at their price or at ours, none under nothing
    where there are several; USD."""
    found = [_lies(market, who, spot) for market, who in up(world)]
    return found[0] if len(members(world)) == 1 else sum(max(one, 0.0) for one in found)


def purse(world: World) -> float:
    """What the venues could pay on a gain that falls on each by its position, USD; what is down pays
    nothing."""
    asked = up(world)
    there = members(world)
    return payable(world, [_purse(*one) if one in asked else 0.0 for one in there])


def payable(world: World, purses: Sequence[float]) -> float:
    """The same of so much at each. VS-4: who holds a thousandth of the position or less bears none of it. An
    adapter reports dust as none."""
    there = [
        each if abs(each) >= max(DUST, UNITS * WAD // _unit(market)) else 0
        for each, (market, _) in zip(known(world), members(world), strict=True)
    ]
    net = sum(there)
    shares = [
        has * abs(net) / abs(position)
        for has, position in zip(purses, there, strict=True)
        if abs(position) * 1_000 > abs(net) and (position > 0) == (net > 0)
    ]
    return min([sum(purses), *shares])


@dataclass(frozen=True, slots=True)
class Memory:
    """Of a venue, what it held at a mark that was not ours, and what is remembered of it, USD. alike:
    seconds for which each mark saw more, or each less."""

    seen: float
    kept: float
    alike: float = 0.0

    def after(self, now: float, ours: float, since: float) -> Memory:
        """At a mark so many seconds later."""
        low, high, kept = min(now, self.seen), max(now, self.seen), self.kept
        if not (low > kept + ROUNDED or high * 65 / 64 < kept):
            return Memory(now, kept)
        alike = self.alike + since
        if alike >= 2 * HOUR and low > kept:
            kept = min(low, kept + (kept + ours) * since / DAY)
        elif alike >= 2 * HOUR:
            kept = max(high, kept / (1 + since / HOUR))
        return Memory(now, kept, alike)


def counted(
    world: World, spot: int, before: Sequence[Memory], since: float
) -> tuple[float, list[Memory]]:
    """What the venues could pay as far as it counts, USD; and what is remembered from now on."""
    has, memories = list[float](), list[Memory]()
    asked = up(world)
    for i, (market, who) in enumerate(members(world)):
        if (market, who) not in asked:
            has.append(0.0)
            memories.append(before[i])
            continue
        lying, there = max(_lies(market, who, spot), 0.0), _purse(market, who)
        now = max(there - lying, 0.0)
        memory = before[i].after(now, lying, since) if before else Memory(now, now)
        has.append(min(there, lying) + min(now, memory.kept))
        memories.append(memory)
    return payable(world, has), memories


def apart(world: World, spot: int, counts: float) -> NDArray[np.float64]:
    """By jump, USD: what the accounts lose each by itself beyond what their net position shows. Of that no
    more is lost than lies there, without what others gave, nor gained than the venues could pay besides: of
    what they have so much counts, USD."""
    if len(members(world)) == 1:
        return np.zeros(len(jumps.GATE))
    there = [(ours(world, *one) / WAD, _worth(world.engine, one[1], spot)) for one in up(world)]
    together = net(world) / WAD
    worth = sum(max(has, 0.0) for _, has in there)
    pays = max(counts - worth, 0.0)
    found: list[float] = []
    for move in np.array(jumps.GATE) * spot / WAD:
        own = sum(min(max(-size * move, 0.0), max(has, 0.0)) for size, has in there)
        shown = min(max(-together * move, 0.0), worth)
        is_paid = together * move >= 0 and together != 0 and together * move <= pays
        found.append(0.0 if is_paid else max(own - shown, 0.0))
    return np.array(found)


def _worth(engine: Engine, who: str, spot: int) -> float:
    """What an adapter says that its account is worth by the better price, USD; nothing where it says
    nothing."""
    with suppress(Reverted):
        return max(engine.at(ADAPTER, who).call("account", spot)[1:3]) / WAD
    return 0.0


def depth(world: World) -> float:
    """Liquidity over the root of the average price, of all markets, ETH."""
    return sum(_depth(market.pool, _unit(market)) for market, _ in members(world))


def _lies(market: Any, who: str, spot: int) -> float:
    if isinstance(market, SpotPair):
        held, money = market.position(who), (market.quote(who) + idle(market, who)) / USD
        there = money + max(held * market.index() // WAD, held * spot // WAD) / WAD
        return min(there, _worth(market.engine, who, spot))  # what others gave is none of ours
    worth = market.clearing_house.call("getAccountValue", who)
    at_its_own = market.account_balance.call("getPnlAndPendingFee", who)[1]
    at_ours = market.account_balance.call("getTakerOpenNotional", who, market.base)
    at_ours += market.position(who) * spot // WAD
    there = max(worth, worth - at_its_own + at_ours) / WAD
    return min(there, _worth(market.engine, who, spot))  # as above


def _purse(market: Any, who: str) -> float:
    if isinstance(market, Aave):
        there = market.lending_pool.call("getVirtualUnderlyingBalance", market.usdc)
        return (there + idle(market, who)) / USD
    if isinstance(market, Morpho):
        there = market.short.account(who).pledged + market.long.there()
        return min(there, market.engine.at(LENT, who).call("purse")) / USD
    return market.usdc.call("balanceOf", market.vault) / USD


def _unit(market: Any) -> int:
    """One of the base token, in its own units; an exchange counts in WAD."""
    return market.spot.unit if isinstance(market, SpotPair) else WAD


def _depth(pool: Any, unit: int) -> float:
    ticks = pool.call("observe", [AVERAGED, 0])[0]
    average = (ticks[1] - ticks[0]) // AVERAGED
    return pool.call("liquidity") / unit / 1.0001 ** (average / 2)
