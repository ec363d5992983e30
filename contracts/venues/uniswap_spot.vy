# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title uniswap_spot
@license AGPL-3.0-only
@author Tandem contributors
@notice A Uniswap v3 pool of the base token against the quote token, as a market with one price: quote
        for base, WAD USD, whichever of the two is the pool's first. What an order costs is known
        beforehand, and an order is exact or reverts.
@dev Everything below is in the pool's curve seen with the base token first: where it is the second, the
     root of the price is turned over and ticks change their sign; liquidity is the same. Amounts are the
     tokens' own units, eighteen decimals and six.
"""

from ..interfaces import IHedgeVenue
from ..interfaces.external import IUniswapV3Pool
from . import uniswap_average
from . import uniswap_curve
from . import uniswap_depth

POOL: public(immutable(IUniswapV3Pool))
BASE_FIRST: public(immutable(bool))
FEE: immutable(uint256)  # millionths

WAD: constant(uint256) = 10**18
MILLION: constant(uint256) = 10**6
Q96: constant(uint256) = 2**96
Q192: constant(uint256) = 2**192
# A price of 1 in the tokens' own units, WAD: what one has more decimals than the other, and WAD.
UNIT: constant(uint256) = 10**30
TO_WAD: constant(uint256) = 10**12
# Roots past these are no price of anything: 5e-8 and 3e29 USD.
LEAST_ROOT: constant(uint256) = 2**64
MOST_ROOT: constant(uint256) = 2**125
# The pool's own bounds, which its orders are given so that nothing but their size ends them.
LOWEST: constant(uint160) = 4295128740
HIGHEST: constant(uint160) = 1461446703485210103287273052203988822378723970341
# One second more than the longest time that an average is taken over.
KEPT: constant(uint16) = 1801
AVERAGE_WINDOW: constant(uint256) = 60
# A walk over the pool's ticks ends after this many spacings.
MAX_SPACINGS: constant(uint256) = 128
MOST_TICK: constant(int256) = 887_272
BISECTIONS: constant(uint256) = 24
# Prices from here up bound nothing.
NO_BOUND: constant(uint256) = 2**127


# How far an order has come on the curve. root: Q96. base, quote: what was exchanged so far, fee excluded.
struct Place:
    root: uint256
    liquidity: uint256
    base: uint256
    quote: uint256


@deploy
def __init__(pool: address, base: address, quote: address):
    """
    @param pool Trades the two, and keeps 1,801 observations: with fewer anybody could erase its average.
    """
    POOL = IUniswapV3Pool(pool)
    one: address = staticcall POOL.token0()
    other: address = staticcall POOL.token1()
    assert (one == base and other == quote) or (one == quote and other == base), (
        "spot: not their pool"
    )
    assert (staticcall POOL.slot0())[3] >= KEPT, "spot: too few observations"
    BASE_FIRST = one == base
    FEE = convert(staticcall POOL.fee(), uint256)


# ---------------------------------------------------------------- prices


@internal
@view
def _turned(root: uint256) -> uint256:
    """
    @return A root of the pool's as that of quote for base, or back.
    """
    return min(max(root if BASE_FIRST else Q192 // max(root, 1), LEAST_ROOT), MOST_ROOT)


@internal
@view
def _root_at(tick: int256) -> uint256:
    """
    @return The root of quote for base at a tick of the pool's.
    """
    held: int256 = min(max(tick, -MOST_TICK), MOST_TICK)
    root: uint256 = uniswap_depth.sqrt_at(held if BASE_FIRST else -held)
    return min(max(root, LEAST_ROOT), MOST_ROOT)


@internal
@pure
def _price_at(root: uint256) -> uint256:
    """
    @return The price at a root of quote for base, WAD.
    """
    return root * root // Q96 * UNIT // Q96


@internal
@view
def _root() -> uint256:
    """
    @return Of the price of now.
    """
    return self._turned(convert((staticcall POOL.slot0())[0], uint256))


@internal
@view
def _price() -> uint256:
    """
    @return The price of now, WAD.
    """
    return self._price_at(self._root())


@internal
@view
def _average(window: uint256) -> (uint256, uint256, uint256):
    """
    @return The average price over `window` seconds or as far back as the pool remembers; its depth
            now; the lesser of that and its average.
    """
    reach: uint256 = 0
    tick: int256 = 0
    now: uint256 = 0
    steady: uint256 = 0
    reach, tick, now, steady = uniswap_average.ticks_over(POOL, window)
    root: uint256 = self._root_at(tick)
    return self._price_at(root), now * Q96 // root, steady * Q96 // root


@internal
@view
def _quotation() -> IHedgeVenue.Quotation:
    """
    @return The price without a fill, now and on average over the last minute: who moves it for one
            transaction moves one of the two.
    """
    now: uint256 = self._price()
    average: uint256 = self._average(AVERAGE_WINDOW)[0]
    return IHedgeVenue.Quotation(
        low=min(now, average), high=max(now, average), fee=FEE * (WAD // MILLION)
    )


# ---------------------------------------------------------------- orders


@internal
def _swap(buys: bool, amount: uint256) -> uint256:
    """
    @notice Trade exactly `amount` of the base token, or revert. The pool calls back in between.
    @return What was paid or received of the quote token, fee included.
    """
    size: int256 = convert(amount, int256)
    sells_first: bool = buys != BASE_FIRST
    one: int256 = 0
    other: int256 = 0
    one, other = extcall POOL.swap(
        self, sells_first, -size if buys else size, LOWEST if sells_first else HIGHEST, b""
    )
    base: int256 = one if BASE_FIRST else other
    quote: int256 = other if BASE_FIRST else one
    assert base == (-size if buys else size), "spot: fill not exact"
    return convert(abs(quote), uint256)


@internal
@view
def _split(buys: bool, quote: uint256) -> (uint256, uint256):
    """
    @notice What was paid or received, as the price alone and the pool's fee, WAD USD.
    """
    amount: uint256 = quote * TO_WAD
    if buys:
        fee: uint256 = amount * FEE // MILLION
        return amount - fee, fee
    bare: uint256 = amount * MILLION // (MILLION - FEE)
    return bare, bare - amount


@internal
@view
def _curve(order: int256) -> IHedgeVenue.Curve:
    """
    @return What an order would meet. Of a sale the pool takes its fee before the rest meets the curve.
    """
    found: IHedgeVenue.Curve = uniswap_curve._curve(POOL, BASE_FIRST, UNIT, MILLION - FEE, order)
    found.fee = FEE * (WAD // MILLION)
    return found


@internal
@view
def _reach(buys: bool, sought: uint256, worst: uint256) -> (uint256, uint256):
    """
    @notice The part of an order that the pool fills at `worst` or better on the whole, fee excluded.
    @return How much of the base token, and what is paid or received for it, fee included, token units.
    """
    slot: uint160 = 0
    tick: int24 = 0
    latest: uint16 = 0
    count: uint16 = 0
    slot, tick, latest, count = staticcall POOL.slot0()
    kept: uint256 = MILLION - FEE
    # of a sale the pool takes its fee before the rest meets the curve
    wanted: uint256 = sought if buys else sought * kept // MILLION
    here: Place = Place(
        root=self._turned(convert(slot, uint256)),
        liquidity=convert(staticcall POOL.liquidity(), uint256),
        base=0,
        quote=0,
    )
    if wanted == 0 or not self._is_inside(buys, here, worst):
        return 0, 0
    there: Place = self._walk(here, convert(tick, int256), buys, wanted, worst)
    if buys:
        return there.base, there.quote * MILLION // kept + 1
    return there.base * MILLION // kept, there.quote


@internal
@view
def _walk(start: Place, tick: int256, buys: bool, wanted: uint256, worst: uint256) -> Place:
    """
    @dev Over whole stretches of equal liquidity while the price holds at the far end, then by bisection.
    """
    here: Place = start
    spacing: int256 = convert(staticcall POOL.tickSpacing(), int256)
    climbs: bool = buys == BASE_FIRST
    step: int256 = 1 if climbs else -1
    stop: int256 = uniswap_depth.compress(tick, spacing) + (1 if climbs else 0)
    flags: uint256 = staticcall POOL.tickBitmap(convert(stop >> 8, int16))
    for n: uint256 in range(MAX_SPACINGS):
        # where no edge is near: as far as was looked, and no further
        ends: bool = n == MAX_SPACINGS - 1
        if ends or (flags >> convert(stop & 255, uint256)) & 1 == 1:
            edge: int256 = stop * spacing
            root: uint256 = self._root_at(edge)
            there: Place = self._towards(here, root, wanted)
            if not self._is_inside(buys, there, worst):
                return self._bisected(buys, here, there.root, worst)
            here = there
            if ends or here.root != root or here.base >= wanted:
                return here
            net: int256 = convert((staticcall POOL.ticks(convert(edge, int24)))[1], int256)
            here.liquidity = convert(convert(here.liquidity, int256) + step * net, uint256)
        word: int256 = stop >> 8
        stop += step
        if stop >> 8 != word:
            flags = staticcall POOL.tickBitmap(convert(stop >> 8, int16))
    return here


@internal
@pure
def _towards(here: Place, root: uint256, wanted: uint256) -> Place:
    """
    @dev The place at the far root of a stretch, or before it where the order ends.
    """
    there: Place = self._moved(here, root)
    if there.base < wanted:
        return there
    left: uint256 = wanted - here.base
    near: Place = self._moved(here, uniswap_depth.sqrt_after(here.liquidity, here.root, root, left))
    near.base = wanted
    return near


@internal
@pure
def _moved(here: Place, root: uint256) -> Place:
    """
    @dev The place at another root of the same stretch.
    """
    base: uint256 = 0
    quote: uint256 = 0
    base, quote = uniswap_depth.amounts(here.liquidity, here.root, root)
    return Place(
        root=root, liquidity=here.liquidity, base=here.base + base, quote=here.quote + quote
    )


@internal
@pure
def _bisected(buys: bool, here: Place, edge: uint256, worst: uint256) -> Place:
    """
    @dev The last place at which the price holds, on a stretch at whose end it does not.
    """
    good: Place = here
    bad: uint256 = edge
    for _: uint256 in range(BISECTIONS):
        middle: Place = self._moved(here, (good.root + bad) // 2)
        if self._is_inside(buys, middle, worst):
            good = middle
        else:
            bad = middle.root
    return good


@internal
@pure
def _is_inside(buys: bool, place: Place, worst: uint256) -> bool:
    """
    @dev Whether an order that ends there fills at `worst` or better on the whole.
    """
    paid: uint256 = place.quote * UNIT
    asked: uint256 = place.base * min(worst, NO_BOUND)
    return paid <= asked if buys else paid >= asked
