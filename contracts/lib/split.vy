# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title split
@license AGPL-3.0-only
@author Tandem contributors
@notice One order over several markets: each is given so much that the next unit costs the same everywhere,
        fee included.
@dev On a stretch of equal liquidity the root of the price r is left by x base at r / (1 - x / depth) for a buy
     and at r / (1 + x / depth) for a sale. So markets that are bought from up to one level of it fill
     sum(depth) - sum(depth r) / level, which is solved for the level. Where a market's stretch or its room
     ends before, all of them are brought to the level of that place, and what is left begins there. A fee
     moves a market's whole curve by one factor. Tokens count in units: a part is so many of them.
     Levels are roots of WAD USD, WAD; sizes are WAD base, unsigned.
"""

from . import fixed_point
from ..interfaces import IHedgeVenue

MARKETS: constant(uint256) = 4
STRETCHES: constant(uint256) = 4
# Each step ends a stretch or a market's room, but for the last.
STEPS: constant(uint256) = MARKETS * STRETCHES + 1
WAD: constant(uint256) = 10**18
# A buy takes less than all that a stretch holds, whatever its market says of it.
PART: constant(uint256) = 1000
NOWHERE: constant(uint256) = max_value(uint256)


# One market on the way. level: where it has come; depth: there; left: until its stretch or its room ends.
struct Place:
    level: uint256
    depth: uint256
    left: uint256
    stretch: uint256
    filled: uint256


@internal
@pure
def poured(
    size: uint256,
    buys: bool,
    curves: IHedgeVenue.Curve[MARKETS],
    rooms: uint256[MARKETS],
    grain: uint256,
) -> (uint256[MARKETS], uint256):
    """
    @notice The parts of an order. They sum to it, or to all the room there is; what of the order, and of each
            room, is finer than the grain takes no part.
    @dev Longer than a function should be: one walk from level to level, each step of which moves
         all markets that it meets.
    @param curves What orders meet at each market; one without depth takes part in nothing.
    @param rooms The most that each may be given. @param grain Of which each part is a multiple.
    @return Besides, the level at which the order ends.
    """
    places: Place[MARKETS] = empty(Place[MARKETS])
    for i: uint256 in range(MARKETS):
        places[i] = self._begun(buys, curves[i], rooms[i])
    left: uint256 = size - size % grain
    edge: uint256 = 0
    for _: uint256 in range(STEPS):
        level: uint256 = self._level(left, buys, places)
        if level == 0:
            break
        edge = level
        first: uint256 = MARKETS
        for i: uint256 in range(MARKETS):
            depth: uint256 = places[i].depth
            if depth == 0:
                continue
            start: uint256 = places[i].level
            if start >= edge if buys else start <= edge:
                continue
            end: uint256 = self._end(buys, start, depth, places[i].left)
            if end < edge if buys else end > edge:
                edge = end
                first = i
        for i: uint256 in range(MARKETS):
            depth: uint256 = places[i].depth
            start: uint256 = places[i].level
            if depth == 0 or ((start >= edge if buys else start <= edge) and i != first):
                continue
            there: uint256 = depth * start // edge
            x: uint256 = min(places[i].left, left)
            if i != first:
                x = min(x, depth - min(there, depth) if buys else max(there, depth) - depth)
            places[i].filled += x
            places[i].left -= x
            places[i].depth = there
            places[i].level = edge
            left -= x
        if first == MARKETS or left == 0:
            break
        places[first] = self._next(places[first], curves[first], rooms[first])
    return self._rounded(left, places, curves, rooms, grain), edge


@internal
@pure
def saved(buys: bool, curve: IHedgeVenue.Curve, part: uint256, level: uint256) -> uint256:
    """
    @notice What a part of an order saves at its market against the same at the level where the order ends, WAD
            USD; a part that ends a stretch on the way saves about as much.
    """
    start: uint256 = self._start(buys, curve)
    way: uint256 = max(start, level) - min(start, level)
    return part * (level * way // WAD) // WAD


# ---------------------------------------------------------------- inside


@internal
@pure
def _start(buys: bool, curve: IHedgeVenue.Curve) -> uint256:
    """
    @return The level at which a market begins, its fee included.
    """
    kept: uint256 = WAD - min(curve.fee, WAD - 1)
    if buys:
        return fixed_point.sqrt(curve.price * WAD // kept * WAD)
    return fixed_point.sqrt(curve.price * kept)


@internal
@pure
def _begun(buys: bool, curve: IHedgeVenue.Curve, room: uint256) -> Place:
    """
    @return A market that nothing was given yet.
    """
    place: Place = empty(Place)
    if room == 0 or curve.depths[0] == 0 or curve.price == 0:
        return place
    place.level = self._start(buys, curve)
    return self._on(place, curve, room)


@internal
@pure
def _on(place: Place, curve: IHedgeVenue.Curve, room: uint256) -> Place:
    """
    @return A market at the beginning of a stretch of its; of no depth where it has no room, or no stretch.
    """
    on: Place = place
    on.depth = 0
    on.left = 0
    if on.stretch < STRETCHES and place.level != 0:
        depth: uint256 = curve.depths[on.stretch]
        on.left = min(curve.reaches[on.stretch], room - min(room, on.filled))
        on.left = min(on.left, depth - min(depth, max(depth // PART, 1)))
        if on.left != 0:
            on.depth = depth
    return on


@internal
@pure
def _next(place: Place, curve: IHedgeVenue.Curve, room: uint256) -> Place:
    """
    @return A market on its next stretch.
    """
    on: Place = place
    on.stretch += 1
    return self._on(on, curve, room)


@internal
@pure
def _end(buys: bool, level: uint256, depth: uint256, left: uint256) -> uint256:
    """
    @return The level at which a market's stretch, or its room, ends.
    """
    return level * depth // (depth - left if buys else depth + left)


@internal
@pure
def _level(size: uint256, buys: bool, places: Place[MARKETS]) -> uint256:
    """
    @return The level at which the markets fill `size`, if none of their stretches ended; 0 where there is
            nothing to fill or no market.
    @dev Those that begin past it take no part: without them it lies nearer.
    """
    if size == 0:
        return 0
    level: uint256 = NOWHERE if buys else 1
    for _: uint256 in range(MARKETS):
        depth: uint256 = 0
        weight: uint256 = 0
        for i: uint256 in range(MARKETS):
            start: uint256 = places[i].level
            if start < level if buys else start > level:
                # one without depth weighs nothing
                depth += places[i].depth
                weight += places[i].depth * start
        if depth == 0:
            return 0
        before: uint256 = level
        if not buys:
            level = max(weight // (depth + size), 1)
        elif depth > size:
            level = weight // (depth - size)
        if level == before:
            break
    return level


@internal
@pure
def _rounded(
    left: uint256,
    places: Place[MARKETS],
    curves: IHedgeVenue.Curve[MARKETS],
    rooms: uint256[MARKETS],
    grain: uint256,
) -> uint256[MARKETS]:
    """
    @return The parts, with what rounding, or the end of what the markets say of themselves, has left over:
            in the largest part that has room for it.
    """
    parts: uint256[MARKETS] = empty(uint256[MARKETS])
    most: uint256[MARKETS] = rooms
    rest: uint256 = left
    for i: uint256 in range(MARKETS):
        parts[i] = places[i].filled
        if grain != 1:
            most[i] -= most[i] % grain
            finer: uint256 = parts[i] % grain
            parts[i] -= finer
            rest += finer
    for _: uint256 in range(MARKETS):
        best: uint256 = MARKETS
        for i: uint256 in range(MARKETS):
            if curves[i].depths[0] != 0 and parts[i] < most[i]:
                if best == MARKETS or parts[i] > parts[best]:
                    best = i
        if rest == 0 or best == MARKETS:
            break
        x: uint256 = min(rest, most[best] - parts[best])
        parts[best] += x
        rest -= x
    return parts
