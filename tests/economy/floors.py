"""What the parties do at the markets that the hedge stands on, out of their own purses: they trade there,
make the pool, and where one lends, they borrow, give and accept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

import lent

from tandem.engine.base import Contract, Receipt
from tandem.errors import Reverted
from tandem.units import USD, WAD
from tandem.venues import Depth
from tandem.venues._spot import SpotPool
from tandem.venues._v4 import PoolOfV4
from tandem.venues.aave import Aave
from tandem.venues.curie import Curie
from tandem.venues.morpho import Morpho
from tandem.venues.morpho4 import Morpho4

PURSE = 20_000_000 * USD  # of each party, in hand and again at an exchange
ETHER = 35_000 * WAD  # of each party, beside a pool of ether
WITHIN = 0.02  # of the price, where a party makes the pool
MOST = 2**128 - 1
PLEDGED = {True: 90_000_000 * USD, False: 30_000 * WAD}  # for ether that is borrowed, for dollars


class Floor(Protocol):
    """One market, and what a party may do there."""

    def arm(self, who: str) -> None:
        """His purse."""
        ...

    def push(self, who: str, size: int) -> Receipt:
        """Buy or sell so much ether, WAD."""
        ...

    def position(self, who: str) -> int:
        """What he has of it beyond his purse, WAD."""
        ...

    def make(self, who: str, usd: float) -> list[Receipt]: ...
    def leave(self, who: str) -> list[Receipt]:
        """What he put into the pool comes out. Raises Reverted."""
        ...

    def worth(self, who: str, truth: int) -> int:
        """Token units of what he has here beside his cash, ether at the truth, WAD."""
        ...


@dataclass(frozen=True, slots=True)
class ExchangeFloor:
    """A perpetual exchange: positions and margin."""

    market: Curie

    def arm(self, who: str) -> None:
        self.market.deposit(who, PURSE)

    def push(self, who: str, size: int) -> Receipt:
        return self.market.open(who, size)

    def position(self, who: str) -> int:
        return self.market.position(who)

    def make(self, who: str, usd: float) -> list[Receipt]:
        return replace(self.market, maker=who).add_liquidity(Depth(usd, WITHIN, 0.0))

    def leave(self, who: str) -> list[Receipt]:
        return replace(self.market, maker=who).remove_liquidity()

    def worth(self, who: str, truth: int) -> int:
        """A profit of what is open still cannot be taken out: it counts for nothing."""
        margin = int(self.market.vault.call("getFreeCollateral", who))
        if self.market.position(who):
            value = int(self.market.clearing_house.call("getAccountValue", who)) // 10**12
            margin = min(margin, value)
        return margin


class _Own:
    """Nothing is minted for who acts: he has what his purse has, and has let each contract take it."""

    def stock(self, token: Contract, who: Any, amount: int, spender: Contract) -> None:
        pass

    def give(self, who: Any, token: Contract, amount: int) -> None:
        pass


class _Pool(_Own, SpotPool):
    pass


class _Aave(_Own, Aave):
    pass


class _Morpho(_Own, Morpho):
    pass


class _Morpho4(_Own, Morpho4):
    pass


OWN = {SpotPool: _Pool, Aave: _Aave, Morpho: _Morpho, Morpho4: _Morpho4}


def _own(thing: Any, **changed: Any) -> Any:
    """The same market for who has a purse."""
    found: Any = {**{f.name: getattr(thing, f.name) for f in fields(thing)}, **changed}
    return OWN[type(thing)](**found)


@dataclass(frozen=True, slots=True)
class PairFloor:
    """A pool of ether, and a market that lends. purse: whether it is the first with this ether."""

    market: Aave | Morpho
    purse: bool = True

    def _pool(self, who: str) -> SpotPool | PoolOfV4:
        spot: SpotPool = _own(self.market.spot, maker=who)
        if isinstance(self.market, Morpho4):
            return replace(self.market.v4, reference=spot, salt=bytes.fromhex(who[2:]).rjust(32))
        return spot

    def arm(self, who: str) -> None:
        market, spot = self.market, self.market.spot
        lender: Contract = market.lending_pool if isinstance(market, Aave) else market.lender
        spenders = [spot.router, spot.manager, lender]
        if isinstance(market, Morpho4):
            spenders += [market.v4.parts["makers"], market.v4.parts["takers"]]
        if self.purse:
            market.weth.send("mint", who, ETHER, sender=market.owner)
            market.usdc.send("mint", who, PLEDGED[True], sender=market.owner)
        for token in (market.weth, market.usdc):
            for spender in spenders:
                token.send("approve", spender, 2**256 - 1, sender=who)

    def push(self, who: str, size: int) -> Receipt:
        return self._pool(who).swap(who, size)

    def position(self, who: str) -> int:
        held: int = self.market.weth.call("balanceOf", who)
        return held + self.market.position(who) - ETHER

    def make(self, who: str, usd: float) -> list[Receipt]:
        pool = self._pool(who)
        if not pool.price():  # all of one token was sold into it: there is no price to make around
            return []
        return pool.add_liquidity(Depth(usd, WITHIN, 0.0))

    def leave(self, who: str) -> list[Receipt]:
        pool, taken = self._pool(who), list[Receipt]()
        if isinstance(pool, PoolOfV4):
            return [pool.take_back(place) for place in pool.positions()]
        for position in pool.positions():
            taken.append(pool.take_back(position))
            told = (position.key, who, MOST, MOST)
            taken.append(pool.manager.send("collect", told, sender=who))
        return taken

    def worth(self, who: str, truth: int) -> int:
        held = self.market.weth.call("balanceOf", who) if self.purse else 0
        return held * truth // WAD * USD // WAD + self.lent(who, truth)

    def lent(self, who: str, truth: int) -> int:
        """Token units of what he lends less what he owes, ether at the truth, WAD."""
        return self.market.position(who) * truth // WAD * USD // WAD + self.market.quote(who)

    def borrow(self, who: str, base: bool) -> Callable[[], object]:
        """All that is there to be borrowed of a token, but for what interest may have brought beyond what
        lenders have; how it comes back."""
        left = WAD // 1_000 if base else USD
        return lent.borrow(_own(self.market), base, who, left, PLEDGED[base])

    def gift(self, who: str, name: str, venue: Contract) -> bool:
        """Something to our account there; whether there was anything to give to."""
        return lent.GIFTS[name](_own(self.market), who, venue)


class ReferenceFloor(PairFloor):
    """The pool of v3 that a pool of v4 leans on for what was: no order of ours goes there. The other counts
    what who trades here has."""

    def _pool(self, who: str) -> SpotPool:
        found: SpotPool = _own(self.market.spot, maker=who)
        return found

    def arm(self, who: str) -> None:
        pass

    def worth(self, who: str, truth: int) -> int:
        return 0


def floors_of(exchange: Any) -> Sequence[Floor]:
    """The markets that a hedge stands on, in the order of a set's members; then what they lean on."""
    members: Sequence[Any] = getattr(exchange, "members", (exchange,))
    floors, purses = list[Floor](), set[str]()
    for market in members:
        if isinstance(market, Curie):
            floors.append(ExchangeFloor(market))
        else:
            floors.append(PairFloor(market, market.weth.address not in purses))
            purses.add(market.weth.address)
    return floors + [ReferenceFloor(m) for m in members if isinstance(m, Morpho4)]


def left(floors: Sequence[Floor], who: str, made: Iterable[int]) -> list[Receipt]:
    """Out of the pools that are made, by their places, and then out of what he bought or sold anywhere, as
    far as it goes."""
    sent = list[Receipt]()
    for place in made:
        with suppress(Reverted):
            sent += floors[place].leave(who)
    for floor in floors:
        for part in (100, 50, 50, 100):
            if size := floor.position(who):
                with suppress(Reverted):
                    sent.append(floor.push(who, -size * part // 100))
    return sent
