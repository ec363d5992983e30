"""Markets drawn at random, as doubles and as the contracts take them."""

from __future__ import annotations

import math
import random
from functools import cache

from harnesses import harness

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.model.split import Curve, Stretch
from tandem.units import WAD

MARKETS = 4
NONE = Curve(0.0, 0.0, ())


@cache
def library() -> Contract:
    engine = open_engine("pyrevm")
    return engine.deploy(harness("unit/split/SplitHarness.vy"), sender=engine.accounts[0])


def words(curve: Curve) -> tuple[int, int, list[int], list[int]]:
    """As the contract takes a curve."""
    missing = [0] * (4 - len(curve.stretches))
    depths = [int(s.depth * WAD) for s in curve.stretches] + missing
    reaches = [int(s.reach * WAD) for s in curve.stretches] + missing
    return int(curve.price * WAD), int(curve.fee * WAD), depths, reaches


def drawn(rng: random.Random, buys: bool) -> tuple[float, list[Curve], list[float]]:
    """Two to four markets within a percent of each other, with edges, rooms and fees, and an order that they
    hold."""
    spot = math.exp(rng.uniform(math.log(50), math.log(50_000)))
    curves, rooms = [], []
    for _ in range(rng.randint(2, MARKETS)):
        count = rng.randint(1, 4)
        depths = [math.exp(rng.uniform(math.log(30), math.log(300_000))) for _ in range(count)]
        stretches = tuple(Stretch(d, d * math.exp(rng.uniform(-9, -2))) for d in depths)
        curves.append(
            Curve(
                spot * (1 + rng.gauss(0, 0.002)),
                rng.choice((0.0001, 0.0005, 0.001, 0.003)),
                stretches,
            )
        )
        whole = sum(s.reach for s in stretches)
        rooms.append(rng.choice((1e12, whole * rng.uniform(0, 1))))
    held = sum(
        min(sum(s.reach for s in c.stretches), room) for c, room in zip(curves, rooms, strict=True)
    )
    return held * rng.uniform(0.001, 0.98), curves, rooms


def paid(buys: bool, curves: list[Curve], parts: list[float]) -> float:
    """What an order costs, USD; of a sale what it does not bring."""
    total = sum(c.cost(buys, x) for c, x in zip(curves, parts, strict=True))
    return total if buys else -total
