"""A spot market in a pool of Uniswap v4, beside the pool of v3 that it leans on.

The manager is the real one; makers and takers go by the way in that its publisher's own tests use. Prices are
WAD USD of one base token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from math import isqrt
from typing import Any

from eth_utils.crypto import keccak

from tandem.engine.abi import encode_values
from tandem.engine.artifacts import load_npm
from tandem.engine.base import NOBODY, Call, Contract, Engine, Receipt
from tandem.units import USD, WAD
from tandem.venues import Depth
from tandem.venues._spot import (
    MOST_BASE,
    MOST_QUOTE,
    SPACINGS,
    SpotPool,
    is_near,
)

CORE = "@uniswap/v4-core"
# Name of a part -> the artifact that it is an instance of.
V4_PARTS = {
    "pool_manager": "PoolManager",
    "makers": "PoolModifyLiquidityTest",
    "takers": "PoolSwapTest",
}
KEY_KINDS = ("address", "address", "uint24", "int24", "address")
POOLS, LIQUIDITY, FLAGS, POSITIONS = 6, 3, 5, 6
"""The manager's place of its pools, and what lies where in a pool's words."""
MOST_TICK = 887_272
WORDS = "extsload(bytes32[])"
WORD = "extsload(bytes32)"
MASK_24, MASK_128, MASK_160 = 2**24 - 1, 2**128 - 1, 2**160 - 1


@dataclass(frozen=True, slots=True)
class Key:
    """What a pool is. hooks: code of others that its orders go through; nobody's: none."""

    currency0: str
    currency1: str
    fee: int
    spacing: int
    hooks: str = NOBODY

    @classmethod
    def of(cls, one: str, other: str, fee: int, spacing: int) -> Key:
        """Of both tokens in either order, without hooks."""
        low, high = sorted((one, other), key=lambda each: int(each, 16))
        return cls(low, high, fee, spacing)

    @property
    def words(self) -> tuple[str, str, int, int, str]:
        """As the manager takes it."""
        return self.currency0, self.currency1, self.fee, self.spacing, self.hooks

    @property
    def id(self) -> str:
        return "0x" + keccak(encode_values(KEY_KINDS, self.words)).hex()

    @property
    def state(self) -> int:
        """Where the manager keeps the pool."""
        return _hash(("bytes32", "uint256"), (bytes.fromhex(self.id[2:]), POOLS))


@dataclass(frozen=True, slots=True)
class Range:
    """What a maker has between two ticks."""

    lower: int
    upper: int
    liquidity: int


@dataclass(slots=True)
class PoolOfV4:
    """The pool, who makes it, who takes from it, and its reference. Like `SpotPool` to who trades."""

    engine: Engine
    reference: SpotPool
    key: Key
    parts: Mapping[str, Contract] = field(repr=False)
    salt: bytes = bytes(32)
    """Tells makers apart, who share one way in."""

    @property
    def manager(self) -> Contract:
        return self.parts["pool_manager"]

    @property
    def owner(self) -> str:
        return self.reference.owner

    @property
    def maker(self) -> str:
        return self.reference.maker

    @property
    def arbitrageur(self) -> str:
        return self.reference.arbitrageur

    def addresses(self) -> dict[str, str]:
        """Every part by name, the pool's id and what its key has besides the tokens."""
        old = self.reference.addresses()
        found = {key: part.address for key, part in self.parts.items()}
        found |= {"reference": old.pop("pool"), "pool": self.key.id}
        return old | found | {"fee": str(self.key.fee), "tick_spacing": str(self.key.spacing)}

    # ---- prices
    def price(self) -> int:
        """The pool's price now."""
        return self.reference.price_at(self._root())

    def _root(self) -> int:
        return word_of(self.manager, self.key.state) & MASK_160

    def liquidity(self) -> int:
        """In range now, Uniswap's own units."""
        return word_of(self.manager, self.key.state + LIQUIDITY) & MASK_128

    # ---- makers
    @property
    def of_one(self) -> int:
        """Uniswap's L of one, in the tokens' own units: the root of both of theirs."""
        return isqrt(self.reference.unit * USD)

    def add_liquidity(self, depth: Depth) -> list[Receipt]:
        """Place `depth` around the pool's price."""
        for token in (self.reference.base, self.reference.quote):
            self.reference.stock(token, self.maker, 2**127, self.parts["makers"])
        return self.lay(depth)

    def lay(self, depth: Depth) -> list[Receipt]:
        """The same of what the maker has."""
        return [
            self.place(*self.reference.between(low, high), int(liquidity * self.of_one))
            for liquidity, low, high in depth.placed(self.price() / WAD)
        ]

    def place(self, lower: int, upper: int, liquidity: int) -> Receipt:
        """The maker adds liquidity between two ticks, or takes it back."""
        change = (lower, upper, liquidity, self.salt)
        told = (self.key.words, change, b"")
        return self.parts["makers"].send("modifyLiquidity", *told, sender=self.maker)

    def positions(self) -> list[Range]:
        """What the makers of this salt have in the pool."""
        pairs = list(combinations(self._edges(), 2))
        names = [self._position(*pair) for pair in pairs]
        found = zip(pairs, self._words(names), strict=True)
        return [Range(*pair, word & MASK_128) for pair, word in found if word & MASK_128]

    def _edges(self) -> list[int]:
        """Ticks where the liquidity changes."""
        most = MOST_TICK // self.key.spacing // 256 + 1
        places, flags_at = range(-most, most), self.key.state + FLAGS
        flags = self._words([_hash(("int256", "uint256"), (n, flags_at)) for n in places])
        return [
            (place * 256 + bit) * self.key.spacing
            for place, word in zip(places, flags, strict=True)
            if word
            for bit in range(256)
            if word >> bit & 1
        ]

    def _position(self, lower: int, upper: int) -> int:
        """Where the manager keeps what lies between two ticks."""
        who = bytes.fromhex(self.parts["makers"].address[2:])
        ticks = b"".join(tick.to_bytes(3, "big", signed=True) for tick in (lower, upper))
        name = keccak(who + ticks + self.salt)
        return _hash(("bytes32", "uint256"), (name, self.key.state + POSITIONS))

    def remove_liquidity(self) -> list[Receipt]:
        """Take everything that the maker has out of the pool, and out of its reference."""
        taken = [self.take_back(position) for position in self.positions()]
        return taken + self.reference.remove_liquidity()

    def take_back(self, position: Range) -> Receipt:
        """Take one of the maker's positions out of the pool."""
        return self.place(position.lower, position.upper, -position.liquidity)

    # ---- takers
    def stock_arbitrageur(self) -> None:
        """Give him what he needs here for as long as the market lives."""
        for token, amount in (
            (self.reference.base, 10**4 * MOST_BASE * self.reference.unit),
            (self.reference.quote, 10**4 * MOST_QUOTE),
        ):
            self.reference.stock(token, self.arbitrageur, amount, self.parts["takers"])

    def swap(self, trader: Any, size: int) -> Receipt:
        """Buy (positive) or sell exactly `size` of the base token, minted for who trades."""
        buys = size > 0
        amount = self.reference.units(size)
        token = self.reference.quote if buys else self.reference.base
        self.reference.stock(token, trader, MOST_QUOTE if buys else amount, self.parts["takers"])
        first = buys != self.reference.base_first
        told = self._told(first, amount if buys else -amount, bound_of(first))
        return self.parts["takers"].send("swap", *told, sender=trader)

    def arbitrage_call(self, index: int) -> Call | None:
        """A pool that is off the index to the index: this one first, then its reference; None when both are
        there."""
        root, limit = self._root(), self.reference.root(index)
        if is_near(root, limit):
            return self.reference.arbitrage_call(index)
        first = limit < root
        amount = (
            MOST_BASE * self.reference.unit if first == self.reference.base_first else MOST_QUOTE
        )
        told = self._told(first, -amount, limit)
        return Call(self.parts["takers"], "swap", told, self.arbitrageur)

    def _told(self, first: bool, amount: int, limit: int) -> tuple[Any, ...]:
        return self.key.words, (first, amount, limit), (False, False), b""

    # ---- inside
    def _words(self, places: list[int]) -> list[int]:
        found = self.manager.call(WORDS, [place.to_bytes(32, "big") for place in places])
        return [int.from_bytes(word, "big") for word in found]


def bound_of(first: bool) -> int:
    """The last root that an order may go to."""
    return 4295128740 if first else 1461446703485210103287273052203988822378723970341


def _hash(kinds: tuple[str, ...], values: tuple[Any, ...]) -> int:
    return int.from_bytes(keccak(encode_values(kinds, values)), "big")


def bound_v4(engine: Engine, reference: SpotPool, addresses: Mapping[str, str]) -> PoolOfV4:
    """A pool that stands. reference: what it leans on."""
    parts = {
        key: engine.at(load_npm(CORE, name), addresses.get(key, NOBODY))
        for key, name in V4_PARTS.items()
    }
    return PoolOfV4(engine, reference, key_of(addresses), parts)


def key_of(addresses: Mapping[str, str]) -> Key:
    """What a deployment file says that the pool is."""
    tokens = addresses["weth"], addresses["usdc"]
    return Key.of(*tokens, int(addresses["fee"]), int(addresses["tick_spacing"]))


def open_v4(engine: Engine, reference: SpotPool, price: int, depth: Depth | None) -> PoolOfV4:
    """A pool of one's own at `price`, of its reference's fee."""
    owner = reference.owner
    manager = engine.deploy(load_npm(CORE, V4_PARTS["pool_manager"]), owner, sender=owner)
    pool = begin_v4(engine, reference, manager, price)
    if depth is not None:
        pool.add_liquidity(depth)
    pool.stock_arbitrageur()
    return pool


def begin_v4(engine: Engine, reference: SpotPool, manager: Contract, price: int) -> PoolOfV4:
    """The same, empty, in a manager that stands, with ways in for makers and takers."""
    owner, parts = reference.owner, {"pool_manager": manager}
    for key in ("makers", "takers"):
        parts[key] = engine.deploy(load_npm(CORE, V4_PARTS[key]), manager, sender=owner)
    fee = reference.fee
    key = Key.of(reference.base.address, reference.quote.address, fee, SPACINGS[fee])
    manager.send("initialize", key.words, reference.root(price), sender=owner)
    return PoolOfV4(engine, reference, key, parts)


def word_of(manager: Contract, place: int) -> int:
    """A word of what the manager keeps."""
    return int.from_bytes(manager.call(WORD, place.to_bytes(32, "big")), "big")
