"""One order over several markets: what the contracts' split does, in doubles.

On a stretch of equal liquidity the root of the price r is left by x base at r / (1 - x / depth) for a buy
and at r / (1 + x / depth) for a sale. Each market is given so much that the next unit costs the same
everywhere, fee included; that minimises what the order costs (`contracts/lib/split.vy` solves it)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, sqrt

HALVINGS = 200
MOST_CARRY = 0.003
"""What holding may add to a leg's price, or take off it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Base that moves the root of the price by a factor, and base until the stretch ends; ETH."""

    depth: float
    reach: float


@dataclass(frozen=True, slots=True)
class Curve:
    """What orders in one direction meet at a market. price: USD, now, without the fee; fee: of notional."""

    price: float
    fee: float
    stretches: tuple[Stretch, ...]

    def _start(self, buys: bool) -> float:
        return sqrt(self.price / (1 - self.fee) if buys else self.price * (1 - self.fee))

    def filled(self, buys: bool, level: float) -> float:
        """Base on the way to a level, the root of a price with its fee in it; ETH."""
        root, total = self._start(buys), 0.0
        for one in self.stretches:
            if root >= level if buys else root <= level:
                break
            whole = one.depth * (1 - root / level) if buys else one.depth * (root / level - 1)
            if whole < one.reach:
                return total + whole
            total += one.reach
            root = (
                root / (1 - one.reach / one.depth) if buys else root / (1 + one.reach / one.depth)
            )
        return total

    def cost(self, buys: bool, part: float) -> float:
        """What a part pays, or brings, fee included, USD. Past the last stretch: infinite, or nothing."""
        root, left, total = self._start(buys), part, 0.0
        for one in self.stretches:
            x = min(left, one.reach)
            after = root / (1 - x / one.depth) if buys else root / (1 + x / one.depth)
            total += x * root * after
            root, left = after, left - x
            if left <= 0:
                return total
        return (inf if buys else 0.0) if left > 1e-12 * max(part, 1) else total


@dataclass(frozen=True, slots=True)
class Held:
    """The position at a market, ETH, and what a long and a short of 1 USD pay there in a day; None where
    nobody knows."""

    position: float
    rates: tuple[float, float] | None

    def lowered_by(self, buys: bool) -> bool:
        return self.position < 0 if buys else self.position > 0

    def carry(self, buys: bool, hours: float) -> float:
        """What a leg costs by being held so long, a fraction of its notional; one that brings a position home
        saves that."""
        if self.rates is None:
            return MOST_CARRY
        long, short = self.rates
        rate = (-short if buys else -long) if self.lowered_by(buys) else (long if buys else short)
        return min(max(rate * hours / 24, -MOST_CARRY), MOST_CARRY)


def costed(curves: Sequence[Curve], held: Sequence[Held], buys: bool, hours: float) -> list[Curve]:
    """Curves with fees that have in them what a leg costs besides its price: what enlarges one position while
    another could be lowered pays its fee again, and each what holding costs there more than where it costs
    least (`contracts/lib/carry.vy`). One without a stretch is left as it is."""
    there = [h for c, h in zip(curves, held, strict=True) if c.stretches]
    least = min((h.carry(buys, hours) for h in there), default=0.0)
    lowers = any(h.lowered_by(buys) for h in there)
    found = list[Curve]()
    for curve, one in zip(curves, held, strict=True):
        fee = curve.fee * (2 if lowers and not one.lowered_by(buys) else 1)
        kept = (1 - fee) * (1 - (one.carry(buys, hours) - least))
        found.append(replace(curve, fee=1 - kept) if curve.stretches else curve)
    return found


def split(size: float, buys: bool, curves: Sequence[Curve], rooms: Sequence[float]) -> list[float]:
    """The parts of an order of `size` ETH: to one level, by halving. rooms: the most of each, ETH. They sum
    to the order, or to all that the markets' stretches and rooms hold."""

    def parts(level: float) -> list[float]:
        return [
            min(curve.filled(buys, level), room) for curve, room in zip(curves, rooms, strict=True)
        ]

    prices = [c.price for c in curves if c.stretches]
    if not prices or size <= 0:
        return [0.0] * len(curves)
    low, high = sqrt(min(prices)) * 1e-3, sqrt(max(prices)) * 1e3
    for _ in range(HALVINGS):
        middle = sqrt(low * high)
        enough = sum(parts(middle)) >= size
        if enough == buys:
            high = middle
        else:
            low = middle
    found = parts(high if buys else low)
    over = sum(found) - size
    for i, part in enumerate(found):  # the last step's rounding
        cut = min(max(over, 0.0), part)
        found[i], over = part - cut, over - cut
    return found
