"""A predator in a spot pool: he lays liquidity into one stretch of it, pushes the price, and unwinds. His is
what he can borrow; what he gains is counted in both tokens at spot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor, sqrt

from worlds import USD, World

from tandem.engine.base import Contract
from tandem.units import WAD
from tandem.venues._spot import FOREVER, SPACINGS, SpotPool
from tandem.venues._v4 import PoolOfV4
from tandem.venues.morpho4 import Morpho4

BASE, QUOTE = 10**5 * WAD, 10**9 * USD
EVERYTHING = 2**128 - 1


@dataclass(slots=True)
class InPool:
    """In a pool of Uniswap v3. stretch: its lower edge in the pool's own ticks, and the token of his
    position."""

    w: World
    spot: SpotPool
    stretch: tuple[int, int] | None = None

    @property
    def who(self) -> str:
        return self.w.trader

    def stock(self, *spenders: Contract) -> None:
        """More of both tokens than he needs."""
        for token, amount in ((self.spot.base, BASE), (self.spot.quote, QUOTE)):
            for spender in spenders:
                self.spot.stock(token, self.who, amount, spender)

    def worth(self) -> int:
        """Of both tokens at spot, token units."""
        base = self.spot.base.call("balanceOf", self.who)
        return int(self.spot.quote.call("balanceOf", self.who)) + base * self.w.spot // (
            WAD * self.spot.raw
        )

    def price(self) -> float:
        return self.spot.price() / WAD

    def spacing(self) -> int:
        return SPACINGS[self.spot.fee]

    def ends(self) -> tuple[float, float]:
        """The prices between which the stretch lies that the pool is in."""
        lower = self._lower()
        one, other = sorted(self.spot._at(lower + n) for n in (0, self.spacing()))
        return one, other

    def _lower(self) -> int:
        return floor(self.spot._tick(self.price()) / self.spacing()) * self.spacing()

    def lay(self, liquidity: float) -> None:
        """Into that stretch. liquidity: sqrt(base x quote), both in whole units."""
        bottom, top = self.ends()
        at, lower = sqrt(self.price()), self._lower()
        base = int(liquidity * (1 / at - 1 / sqrt(top)) * self.spot.unit)
        quote = int(liquidity * (at - sqrt(bottom)) * USD)
        wanted = (base, quote) if self.spot.base_first else (quote, base)
        told = (*self.spot._tokens(), self.spot.fee, lower, lower + self.spacing(), *wanted)
        minted = self.spot.manager.send("mint", (*told, 0, 0, self.who, FOREVER), sender=self.who)
        self.stretch = lower, int(minted.returned[0])

    def take(self) -> None:
        """It is his again, with its fees."""
        assert self.stretch is not None
        key = self.stretch[1]
        manager, liquidity = self.spot.manager, self.spot.manager.call("positions", key)[7]
        manager.send("decreaseLiquidity", (key, liquidity, 0, 0, FOREVER), sender=self.who)
        manager.send("collect", (key, self.who, EVERYTHING, EVERYTHING), sender=self.who)

    def to(self, price: float) -> None:
        """Push the pool there."""
        root, limit = self.spot.pool.call("slot0")[0], self.spot.root(int(price * WAD))
        sells = (limit < root) == self.spot.base_first
        tokens = (self.spot.base, self.spot.quote)
        amount = BASE // 10 if sells else QUOTE // 10
        told = (*(tokens if sells else tokens[::-1]), self.spot.fee, self.who, FOREVER, amount)
        self.spot.router.send("exactInputSingle", (*told, 0, limit), sender=self.who)


@dataclass(slots=True)
class InPoolOfV4(InPool):
    """In one of v4, beside its reference."""

    def pool(self) -> PoolOfV4:
        """With him as its maker."""
        assert isinstance(self.w.curie, Morpho4)
        return replace(self.w.curie.v4, reference=replace(self.spot, maker=self.who))

    def price(self) -> float:
        return self.pool().price() / WAD

    def spacing(self) -> int:
        return self.pool().key.spacing

    def lay(self, liquidity: float) -> None:
        lower, own = self._lower(), int(liquidity * sqrt(self.spot.unit * USD))
        self.pool().place(lower, lower + self.spacing(), own)
        self.stretch = lower, own

    def take(self) -> None:
        assert self.stretch is not None
        lower, own = self.stretch
        self.pool().place(lower, lower + self.spacing(), -own)

    def to(self, price: float) -> None:
        pool = self.pool()
        limit = self.spot.root(int(price * WAD))
        first = limit < pool._root()
        amount = BASE // 10 if first == self.spot.base_first else QUOTE // 10
        told = pool._told(first, -amount, limit)
        pool.parts["takers"].send("swap", *told, sender=self.who)


def predator(w: World) -> InPool:
    """Of the pool that the hedge trades in, with what he needs there."""
    spot: SpotPool = w.curie.spot  # type: ignore[attr-defined]
    he = InPoolOfV4(w, spot) if isinstance(w.curie, Morpho4) else InPool(w, spot)
    if isinstance(w.curie, Morpho4):
        he.stock(*(w.curie.v4.parts[key] for key in ("makers", "takers")))
    else:
        he.stock(spot.manager, spot.router)
    return he
