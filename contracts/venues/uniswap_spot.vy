# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title uniswap_spot
@license AGPL-3.0-only
@author Tandem contributors
@notice A Uniswap pool of the base token against the quote token, as a market with one price: quote
        for base, WAD USD, whichever of the two is the pool's first. What an order costs is known
        beforehand, and an order is exact or reverts. A pool of v3 remembers its prices itself; one of v4
        (V4Pool) keeps no history, and leans on a reference: a pool of v3 of the same pair.
@dev Everything below is in the pool's curve seen with the base token first: where it is the second, the
     root of the price is turned over and ticks change their sign; liquidity is the same. Amounts are the
     tokens' own units, the quote token's six decimals and the base token's eight to eighteen; whoever calls
     counts the base token in WAD, in multiples of GRAIN. What was is the reference's, what is the pool's own:
     who moves either alone moves them apart, and an order is held to the worse of both.
"""

from ..interfaces import IHedgeVenue
from ..interfaces import IV4Pool
from ..interfaces.external import IUniswapV3Pool
from . import uniswap_average
from . import uniswap_depth


interface ICounted:
    def decimals() -> uint8: view


POOL: public(immutable(IUniswapV3Pool))
# Remembers prices and depth: the pool itself, where it is one of v3.
REFERENCE: public(immutable(IUniswapV3Pool))
OWN: immutable(bool)  # whether the pool remembers its own
PAYEE: immutable(address)  # who is paid for orders
BASE_FIRST: public(immutable(bool))
FEE: immutable(uint256)  # millionths, of a pool that is its own reference
GRAIN: immutable(uint256)  # a unit of the base token, WAD
# A price of 1 in the tokens' own units, WAD: what one has more decimals than the other, and WAD.
UNIT: immutable(uint256)

WAD: constant(uint256) = 10**18
MILLION: constant(uint256) = 10**6
Q96: constant(uint256) = 2**96
Q192: constant(uint256) = 2**192
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
MOST_TICK: constant(int256) = 887_272


@deploy
def __init__(pool: address, reference: address, base: address, quote: address):
    """
    @param pool Trades the two. @param reference The same pool, where it is one of v3; else one of v3 of the
           same pair. It keeps 1,801 observations: with fewer anybody could erase its average.
    """
    POOL = IUniswapV3Pool(pool)
    REFERENCE = IUniswapV3Pool(reference)
    for place: address in [pool, reference]:
        one: address = staticcall IUniswapV3Pool(place).token0()
        other: address = staticcall IUniswapV3Pool(place).token1()
        assert (one == base and other == quote) or (one == quote and other == base), (
            "spot: not their pool"
        )
    assert (staticcall REFERENCE.slot0())[3] >= KEPT, "spot: too few observations"
    BASE_FIRST = staticcall POOL.token0() == base
    FEE = convert(staticcall REFERENCE.fee(), uint256)
    OWN = pool == reference
    PAYEE = pool if OWN else staticcall IV4Pool(pool).MANAGER()
    decimals: uint256 = convert(staticcall ICounted(base).decimals(), uint256)
    assert decimals >= 8 and decimals <= 18, "spot: base decimals"
    GRAIN = 10**(18 - decimals)
    UNIT = 10**(12 + decimals)


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
@view
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
    @return The reference's average price over `window` seconds or as far back as it remembers; the pool's
            depth now; the lesser of that and the reference's, now and on average.
    """
    reach: uint256 = 0
    tick: int256 = 0
    now: uint256 = uniswap_average.liquidity_of(REFERENCE)
    steady: uint256 = 0
    there: uint256 = 0
    reach, tick, steady, there = uniswap_average.ticks_over(REFERENCE, window, now)
    if not OWN:
        now = uniswap_average.liquidity_of(POOL)
        steady = min(now, steady)
    root: uint256 = self._root_at(tick)
    deep: uint256 = Q96 * GRAIN
    return self._price_at(root), now * deep // root, steady * deep // root


@internal
@view
def _quotation() -> IHedgeVenue.Quotation:
    """
    @return The price without a fill, now and on average over the last minute: who moves it for one
            transaction moves one of the two.
    """
    reach: uint256 = 0
    tick: int256 = 0
    steady: uint256 = 0
    root: uint256 = 0
    reach, tick, steady, root = uniswap_average.ticks_over(REFERENCE, AVERAGE_WINDOW, 0)
    taken: uint256 = FEE
    if not OWN:
        slot: uint160 = 0
        slot, taken = staticcall IV4Pool(POOL.address).price_and_fee()
        root = convert(slot, uint256)
    now: uint256 = self._price_at(self._turned(root))
    average: uint256 = self._price_at(self._root_at(tick))
    return IHedgeVenue.Quotation(
        low=min(now, average),
        high=max(now, average),
        fee=taken * (WAD // MILLION),
    )


@internal
@view
def _fee(buys: bool) -> uint256:
    """
    @return What the pool takes of what goes in, millionths: of v4's, which may change it, what it says now.
    """
    if OWN:
        return FEE
    return staticcall IV4Pool(POOL.address).fee_of(buys != BASE_FIRST)


@internal
@view
def _history() -> uint256:
    """
    @return For how many seconds back prices are known.
    """
    return uniswap_average._reach(REFERENCE)


# ---------------------------------------------------------------- orders


@internal
def _swap(buys: bool, amount: uint256) -> uint256:
    """
    @notice Trade exactly `amount` of the base token, WAD, or revert. The pool calls back in between.
    @return What was paid or received of the quote token, fee included.
    """
    assert amount % GRAIN == 0, "spot: finer than the token"
    size: int256 = convert(amount // GRAIN, int256)
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
    taken: uint256 = self._fee(buys)
    if buys:
        fee: uint256 = amount * taken // MILLION
        return amount - fee, fee
    bare: uint256 = amount * MILLION // (MILLION - taken)
    return bare, bare - amount
