# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title pacing
@license AGPL-3.0-only
@author Tandem contributors
@notice How much of the Vault's own residual may meet the market at a time, and at which price.
        A trader's order is his own and he pays for it; what the Vault brings home by itself goes
        in chunks of the pool's depth, so that moving the pool around a chunk costs more than the
        chunk gives.
@dev One word: bits 0..127 what was spent of the minute, 128..159 when, 160..191 since when an order
     waits, 192..255 how deep the market was when something last went home, 1e-9 ETH.
"""

from ..interfaces import IHedgeVenue

MASK_32: constant(uint256) = 2**32 - 1
MASK_64: constant(uint256) = 2**64 - 1
MOST: constant(uint256) = 2**128 - 1
DEPTH_UNIT: constant(uint256) = 10**9
MINUTE: constant(uint256) = 60
STRETCHES: constant(uint256) = 4  # of a curve
ONE: constant(uint256) = 10**18
MINUTES: constant(uint256) = 60  # of an hour
AVERAGED: constant(uint256) = 180  # seconds over which the market's average is taken
# So long an order waits for a price near the pool's average, and for so long afterwards the oracle's
# band alone bounds it.
PATIENCE: constant(uint256) = 600
RELIEF: constant(uint256) = 600
# What the market may stand worse than over the seconds before, 1e-4. So near to where it was nobody
# takes it back for its fee; who moves it farther meets those who do.
JOLT: constant(uint256) = 10
JOLT_SECONDS: constant(uint256) = 12


# time: of the last order. since: when the wait began, 0 for none. spent: at `time`, WAD base.
# depth: steady, when an order last went outside a relief; WAD base, rounded down.
struct Ledger:
    time: uint256
    since: uint256
    spent: uint256
    depth: uint256


@internal
@pure
def unpack(word: uint256) -> Ledger:
    """
    @notice What a word says.
    """
    return Ledger(
        time=(word >> 128) & MASK_32,
        since=(word >> 160) & MASK_32,
        spent=word & MOST,
        depth=(word >> 192) * DEPTH_UNIT,
    )


@internal
@pure
def pack(ledger: Ledger) -> uint256:
    """
    @notice The word that says it.
    """
    depth: uint256 = min(ledger.depth // DEPTH_UNIT, MASK_64)
    times: uint256 = (ledger.time << 128) | (ledger.since << 160)
    return (depth << 192) | times | min(ledger.spent, MOST)


@internal
@pure
def spent(ledger: Ledger, timestamp: uint256) -> uint256:
    """
    @notice What is still spent of the minute: it comes back evenly within one.
    """
    passed: uint256 = timestamp - ledger.time
    if passed >= MINUTE:
        return 0
    return ledger.spent * (MINUTE - passed) // MINUTE


@internal
@pure
def after(ledger: Ledger, timestamp: uint256, size: uint256, steady: uint256) -> Ledger:
    """
    @notice The ledger once an order of `size` was filled. A fill before the patience has run out
            ends the wait: it was possible. The relief ends by itself, and what was steady in it, or
            lent for it, is not remembered.
    """
    spent: uint256 = self.spent(ledger, timestamp) + size
    if self.is_relieved(ledger, timestamp):
        return Ledger(time=timestamp, since=ledger.since, spent=spent, depth=ledger.depth)
    return Ledger(time=timestamp, since=0, spent=spent, depth=steady)


@internal
@pure
def relieved_depth(ledger: Ledger, now: uint256, steady: uint256) -> uint256:
    """
    @return The depth that counts in a relief: what is there, and no more than was there when an order
            last went or is there steadily. Who makes the market can take it away for a second and have
            it steady no more; what he lends it for a second brings nobody's hedge home at once.
    """
    return min(now, max(ledger.depth, steady))


@internal
@pure
def is_waiting(ledger: Ledger, timestamp: uint256) -> bool:
    """
    @notice Whether a wait is on, its relief included.
    """
    return ledger.since != 0 and timestamp < ledger.since + PATIENCE + RELIEF


@internal
@pure
def is_relieved(ledger: Ledger, timestamp: uint256) -> bool:
    """
    @notice Whether the wait was so long that the oracle's band alone bounds an order.
    """
    return self.is_waiting(ledger, timestamp) and timestamp >= ledger.since + PATIENCE


@internal
@pure
def chunk(depth: uint256, share: uint256) -> uint256:
    """
    @return What may go home in a minute. @param share 1e-4 of the depth.
    """
    return depth * share // 10_000


@internal
@pure
def ahead(curve: IHedgeVenue.Curve, share: uint256) -> uint256:
    """
    @notice What a market fills while its price moves by a tenth more than a chunk moves it that is everywhere as
            deep as where it stands: by twice a share. Depth in one place says nothing of what an order meets
            behind it.
    @param curve What an order meets there. @param share 1e-4.
    """
    found: uint256 = 0
    left: uint256 = share * ONE * 11 // 10
    for k: uint256 in range(STRETCHES):
        depth: uint256 = curve.depths[k]
        if depth == 0 or left == 0:
            break
        reach: uint256 = min(curve.reaches[k], depth * left // (10_000 * ONE))
        found += reach
        left -= min(left, (reach * 10_000 * ONE + depth - 1) // depth)
    return found


@internal
@pure
def within(depth: uint256, share: uint256, hours: uint256) -> uint256:
    """
    @return What may go home within so many hours, WAD base.
    """
    return self.chunk(depth, share) * MINUTES * hours


@internal
@pure
def worst_price(buys: bool, price: uint256, band: uint256) -> uint256:
    """
    @notice The worst price inside a band, 1e-4, around another.
    """
    width: uint256 = price * band // 10_000
    return price + width if buys else price - width


@internal
@pure
def is_jolted(buys: bool, price: uint256, before: uint256) -> bool:
    """
    @return Whether the market has just been moved to an order's disadvantage.
    """
    bound: uint256 = self.worst_price(buys, before, JOLT)
    return price > bound if buys else price < bound


@internal
@pure
def is_near(price: uint256, spot: uint256, width: uint256) -> bool:
    """
    @return Whether a price lies within `width` (1e-4) of spot, which is under 2**128.
    """
    far: uint256 = unsafe_sub(max(price, spot), min(price, spot))
    return far <= unsafe_div(unsafe_mul(spot, width), 10_000)


@internal
@pure
def worse_side(buys: bool, one: uint256, other: uint256) -> uint256:
    """
    @notice The price that satisfies both bounds.
    """
    return min(one, other) if buys else max(one, other)
