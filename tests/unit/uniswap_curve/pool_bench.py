"""Pools of one's own in both orders of two tokens, and what is said of them beside what they do."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

from harnesses import harness

from tandem.engine import open_engine
from tandem.engine.artifacts import compile_vyper
from tandem.engine.backend import BaseEngine
from tandem.engine.base import Contract
from tandem.units import USD, WAD
from tandem.venues._spot import SpotPool, open_pool

UNIT = 10**30
MILLION = 10**6
NEAR = Fraction(1, 10**9)
ROUNDED = 24
"""Token units: the pool rounds twice wherever it stops on its way."""


@dataclass(frozen=True, slots=True)
class Met:
    """An answer: price and fee WAD, and the stretches that are there, WAD base."""

    price: int
    stretches: tuple[tuple[int, int], ...]

    @property
    def reach(self) -> int:
        return sum(reach for _, reach in self.stretches)

    def paid(self, order: int, fee: int) -> Fraction:
        """What so much of the order pays or brings, USD: the integral, and the fee (millionths)."""
        price, left, total = Fraction(self.price, WAD), Fraction(abs(order), WAD), Fraction(0)
        side = 1 if order > 0 else -1
        for raw_depth, raw_reach in self.stretches:
            depth = Fraction(raw_depth, WAD)
            x = min(Fraction(raw_reach, WAD), left)
            total += price * x / (1 - side * x / depth)
            price /= (1 - side * x / depth) ** 2
            left -= x
        assert left == 0
        kept = Fraction(MILLION - fee, MILLION)
        return total / kept if order > 0 else total * kept


@dataclass(slots=True)
class Pools:
    """One chain with both orders of two tokens, and the harness."""

    engine: BaseEngine
    tokens: dict[bool, tuple[Contract, Contract]]
    harness: Contract

    @contextmanager
    def opened(
        self, price: float, *, base_first: bool, fee: int, depths: list[tuple[float, float, float]]
    ) -> Generator[SpotPool]:
        """A pool at a price with a maker's positions: liquidity, and the prices around it as shares."""
        mark = self.engine.snapshot()
        accounts = self.engine.accounts
        people = (accounts[0], accounts[9], accounts[8])
        raw = int(price * 10**6) * 10**12
        spot = open_pool(self.engine, *self.tokens[base_first], raw, 2, people, fee)
        for liquidity, low, high in depths:
            spot._place(liquidity, price * low, price * high)
        try:
            yield spot
        finally:
            self.engine.revert(mark)

    def met(self, spot: SpotPool, order: int) -> Met:
        kept = MILLION - spot.fee
        price, _, depths, reaches = self.harness.call(
            "curve", spot.pool, spot.base_first, UNIT, kept, order
        )
        for depth, reach in zip(depths, reaches, strict=True):
            assert (depth == 0) == (reach == 0)
        pairs = tuple(pair for pair in zip(depths, reaches, strict=True) if pair[1])
        assert tuple(reaches[: len(pairs)]) == tuple(reach for _, reach in pairs)
        return Met(price, pairs)

    def swapped(self, spot: SpotPool, order: int) -> int:
        """What a real swap pays or brings, token units, undone."""
        mark, trader = self.engine.snapshot(), self.engine.accounts[5]
        spot.quote.send("mint", trader, 10**30, sender=spot.owner)
        spot.quote.send("approve", spot.router, 2**256 - 1, sender=trader)
        before = spot.quote.call("balanceOf", trader)
        try:
            if order > 0:
                told = (spot.quote, spot.base, spot.fee, trader, 2**255, order, 2**255, 0)
                spot.router.send("exactOutputSingle", told, sender=trader)
            else:
                spot.swap(trader, order)
            return abs(spot.quote.call("balanceOf", trader) - before)
        finally:
            self.engine.revert(mark)

    def check(self, spot: SpotPool, order: int) -> Met:
        """The answer for an order, and that the pool then does what it says, at every seam and between."""
        met, side = self.met(spot, order), 1 if order > 0 else -1
        assert met.reach <= abs(order)
        parts, come = [], 0
        for _, reach in met.stretches:
            parts += [come + reach // 3, come + reach]
            come += reach
        if come < abs(order):
            # to the very end of what lies there a pool pays out less by its roundings
            parts[-1] -= come // 10**9
        for part in parts:
            if part < 10**9:
                continue
            want = self.swapped(spot, side * part)
            assert abs(met.paid(side * part, spot.fee) * USD - want) <= want * NEAR + ROUNDED
        return met


def made() -> Pools:
    """One chain, both orders of the tokens, no pool yet."""
    engine = open_engine("pyrevm")
    owner = engine.accounts[0]
    tokens: dict[bool, tuple[Contract, Contract]] = {}
    quote = engine.deploy(compile_vyper("USDC"), sender=owner)
    while len(tokens) < 2:
        base = engine.deploy(compile_vyper("WETH"), sender=owner)
        tokens.setdefault(int(base.address, 16) < int(quote.address, 16), (quote, base))
    return Pools(engine, tokens, engine.deploy(harness("unit/uniswap_curve/CurveHarness.vy")))
