# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title curie_reach
@license AGPL-3.0-only
@author Tandem contributors
@notice How far an order goes at Perp v2 before something stops it: the account's margin, the
        venue's price band, its limit on ticks, the worst price that is asked for, or the order's end. Walks the pool's curve, so
        that the price of the order itself is counted.
"""

from ..interfaces.external import IUniswapV3Pool
from . import curie_margin
from . import uniswap_depth


# An order and what may stop it. sought: WAD base. band: the price past which the venue refuses
# (WAD). ticks: how many it may cross. worst: what the whole fill may not be worse than (WAD).
struct Order:
    account: curie_margin.Account
    buys: bool
    sought: uint256
    band: uint256
    ticks: int256
    worst: uint256


# How far it has come on the curve. root: Q96. base, quote: what was exchanged so far, WAD.
struct Place:
    root: uint256
    liquidity: uint256
    base: uint256
    quote: uint256


WAD: constant(uint256) = 10**18
# A walk over the pool's ticks ends after this many spacings.
MAX_SPACINGS: constant(uint256) = 128
BISECTIONS: constant(uint256) = 24


@internal
@view
def carried(pool: IUniswapV3Pool, order: Order) -> uint256:
    """
    @notice The part of an order that nothing stops, WAD base.
    @dev Over whole stretches of equal liquidity while margin and band hold at the far end, then by
         bisection. Longer than a function should be: one walk over the pool's ticks, on which each
         stretch begins where the last one ended.
    """
    slot: uint160 = 0
    at: int24 = 0
    latest: uint16 = 0
    count: uint16 = 0
    slot, at, latest, count = staticcall pool.slot0()
    tick: int256 = convert(at, int256)
    here: Place = Place(
        root=convert(slot, uint256),
        liquidity=convert(staticcall pool.liquidity(), uint256),
        base=0,
        quote=0,
    )
    if not self._holds(order, here):
        return 0
    spacing: int256 = convert(staticcall pool.tickSpacing(), int256)
    step: int256 = 1 if order.buys else -1
    stop: int256 = uniswap_depth.compress(tick, spacing) + (1 if order.buys else 0)
    flags: uint256 = staticcall pool.tickBitmap(convert(stop >> 8, int16))
    for _: uint256 in range(MAX_SPACINGS):
        edge: int256 = stop * spacing
        ends: bool = abs(edge - tick) >= order.ticks
        if ends:
            edge = tick + step * order.ticks
        if ends or (flags >> convert(stop & 255, uint256)) & 1 == 1:
            root: uint256 = uniswap_depth.sqrt_at(edge)
            there: Place = self._towards(order, here, root)
            if not self._holds(order, there):
                return self._bisect(order, here, there.root)
            if there.root != root or there.base >= order.sought:
                return order.sought
            here = there
            if ends:
                break
            net: int256 = convert((staticcall pool.ticks(convert(edge, int24)))[1], int256)
            here.liquidity = convert(convert(here.liquidity, int256) + step * net, uint256)
        word: int256 = stop >> 8
        stop += step
        if stop >> 8 != word:
            flags = staticcall pool.tickBitmap(convert(stop >> 8, int16))
    return here.base


@internal
@pure
def _towards(order: Order, here: Place, root: uint256) -> Place:
    """
    @dev The place at the far root of a stretch, or before it where the order ends.
    """
    there: Place = self._moved(here, root)
    if there.base < order.sought:
        return there
    left: uint256 = order.sought - here.base
    return self._moved(here, uniswap_depth.sqrt_after(here.liquidity, here.root, root, left))


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
def _bisect(order: Order, here: Place, edge: uint256) -> uint256:
    """
    @dev The last root at which everything holds, on a stretch at whose end it does not.
    """
    good: uint256 = here.root
    bad: uint256 = edge
    best: uint256 = here.base
    for _: uint256 in range(BISECTIONS):
        middle: Place = self._moved(here, (good + bad) // 2)
        if self._holds(order, middle):
            good = middle.root
            best = middle.base
        else:
            bad = middle.root
    return best


@internal
@pure
def _holds(order: Order, place: Place) -> bool:
    """
    @dev Whether the venue would accept an order that ends there.
    """
    paid: uint256 = place.quote * WAD
    asked: uint256 = place.base * order.worst
    if (order.buys and paid > asked) or (not order.buys and paid < asked):
        return False
    price: uint256 = uniswap_depth.price_at(place.root)
    if (order.buys and price > order.band) or (not order.buys and price < order.band):
        return False
    return curie_margin.carries(
        order.account, order.buys, convert(place.base, int256), convert(place.quote, int256)
    )
