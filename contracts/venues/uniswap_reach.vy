# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title uniswap_reach
@license AGPL-3.0-only
@author Tandem contributors
@notice How far an order goes in a Uniswap v3 pool before its own price is worse than it may be. For views
        alone.
@dev In the pool's curve seen with the base token first, as uniswap_spot has it.
"""

from ..interfaces import IHedgeVenue
from ..lib import fixed_point
from . import uniswap_curve
from . import uniswap_depth
from . import uniswap_spot

uses: uniswap_spot

WAD: constant(uint256) = 10**18
MILLION: constant(uint256) = 10**6
Q96: constant(uint256) = 2**96
# A walk ends after so many edges and words of flags.
LOOKS: constant(uint256) = 64
# Prices from here up bound nothing.
NO_BOUND: constant(uint256) = 2**127
MOST_SLACK: constant(uint256) = 2**125
# How much of the way is given up for roundings, in halvings.
HALVINGS: constant(uint256[5]) = [40, 24, 12, 6, 2]


# How far an order has come on the curve. root: Q96. base, quote: what was exchanged so far, fee excluded.
struct Place:
    root: uint256
    liquidity: uint256
    base: uint256
    quote: uint256


@internal
@view
def _curve(order: int256) -> IHedgeVenue.Curve:
    """
    @notice What an order meets in the pool, stretch by stretch, and its fee.
    @param order Signed, WAD, positive buys.
    """
    fee: uint256 = uniswap_spot._fee(order > 0)
    found: IHedgeVenue.Curve = uniswap_curve._curve(
        uniswap_spot.POOL,
        uniswap_spot.BASE_FIRST,
        uniswap_spot.UNIT,
        MILLION - fee,
        order // convert(uniswap_spot.GRAIN, int256),
    )
    if uniswap_spot.GRAIN != 1:
        # in the token's units so far
        for n: uint256 in range(4):
            found.depths[n] *= uniswap_spot.GRAIN
            found.reaches[n] *= uniswap_spot.GRAIN
    found.fee = fee * (WAD // MILLION)
    return found


@internal
@view
def _reach(buys: bool, sought: uint256, worst: uint256) -> (uint256, uint256):
    """
    @notice The part of an order that the pool fills at `worst` or better on the whole, fee excluded. In the
            tokens' own units.
    @return How much of the base token, and what is paid or received for it, fee included, token units.
    """
    slot: uint160 = 0
    tick: int24 = 0
    latest: uint16 = 0
    count: uint16 = 0
    slot, tick, latest, count = staticcall uniswap_spot.POOL.slot0()
    kept: uint256 = MILLION - uniswap_spot._fee(buys)
    # of a sale the pool takes its fee before the rest meets the curve
    wanted: uint256 = sought if buys else sought * kept // MILLION
    here: Place = Place(
        root=uniswap_spot._turned(convert(slot, uint256)),
        liquidity=convert(staticcall uniswap_spot.POOL.liquidity(), uint256),
        base=0,
        quote=0,
    )
    if wanted == 0:
        return 0, 0
    there: Place = self._walk(here, convert(tick, int256), buys, wanted, min(worst, NO_BOUND))
    if buys:
        return there.base, there.quote * MILLION // kept + 1
    return there.base * MILLION // kept, there.quote


@internal
@view
def _walk(start: Place, tick: int256, buys: bool, wanted: uint256, worst: uint256) -> Place:
    """
    @dev Over whole stretches of equal liquidity while the price holds at the far end, and as far as it does
         on the first where it does not.
    """
    here: Place = start
    spacing: int256 = convert(staticcall uniswap_spot.POOL.tickSpacing(), int256)
    climbs: bool = buys == uniswap_spot.BASE_FIRST
    step: int256 = 1 if climbs else -1
    stop: int256 = uniswap_depth.compress(tick, spacing) + (1 if climbs else 0)
    for _: uint256 in range(LOOKS):
        changes: bool = False
        stop, changes = uniswap_curve._edge(uniswap_spot.POOL, stop, climbs)
        edge: int256 = stop * spacing
        root: uint256 = uniswap_spot._root_at(edge)
        there: Place = self._towards(here, root, wanted)
        if not self._is_inside(buys, there, worst):
            return self._limit(buys, here, there.root, worst)
        here = there
        if here.root != root or here.base >= wanted:
            break
        if changes:
            net: int256 = convert(
                (staticcall uniswap_spot.POOL.ticks(convert(edge, int24)))[1], int256
            )
            here.liquidity = convert(convert(here.liquidity, int256) + step * net, uint256)
        stop += step
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
@view
def _limit(buys: bool, here: Place, edge: uint256, worst: uint256) -> Place:
    """
    @notice The last place at which the price holds, on a stretch at whose end it does not.
    @dev With a the root of here, b that of the limit, w the worst price, L the liquidity and S what the way
         so far was better than the worst price by: L |b - a| (1 - w / (a b)) = -+ S for a purchase and a sale,
         which is b**2 - (a + w / a + S / L) b + w = 0 for both; a purchase ends at the larger root.
    """
    asked: uint256 = here.base * worst // uniswap_spot.UNIT
    slack: uint256 = max(asked, here.quote) - min(asked, here.quote)
    square: uint256 = (worst << 96) // uniswap_spot.UNIT << 96
    turn: uint256 = min(square // here.root, MOST_SLACK) + here.root
    turn += min(slack * Q96 // max(here.liquidity, 1), MOST_SLACK)
    inner: uint256 = turn * turn
    inner -= min(inner, 4 * min(square, max_value(uint256) // 4))
    larger: uint256 = (turn + fixed_point.sqrt(inner)) // 2
    limit: uint256 = larger if buys else square // larger
    limit = min(limit, edge) if buys else max(limit, edge)
    away: uint256 = max(limit, here.root) - min(limit, here.root)
    for halving: uint256 in HALVINGS:
        off: uint256 = min((away >> halving) + 1, away)
        place: Place = self._moved(here, limit - off if buys else limit + off)
        if self._is_inside(buys, place, worst):
            return place
    return here


@internal
@view
def _is_inside(buys: bool, place: Place, worst: uint256) -> bool:
    """
    @dev Whether an order that ends there fills at `worst` or better on the whole.
    """
    paid: uint256 = place.quote * uniswap_spot.UNIT
    asked: uint256 = place.base * worst
    return paid <= asked if buys else paid >= asked
