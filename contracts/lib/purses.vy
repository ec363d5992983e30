# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title purses
@license AGPL-3.0-only
@author Tandem contributors
@notice What venues hold besides what is ours there, and how much of it counts, where anybody lends money to a
        market, or borrows all that lies there, for a moment. What counts is what is there, and no more than is
        remembered. The memory grows, as much again by the day, while there was more at both ends of the time
        between two marks, and fades, to the half by the hour, while there was less at both.
@dev Who lends for a moment, or empties a market for one, has one end of two such times, and whoever marks after him
     the other: the memory stays. A mark behind an emptied market is one of an empty market, until the next.
     Who marks just before and just after everybody else has both ends of nearly all time: so it moves only where
     every mark of two hours saw more, or less.
     Words of 64 bits a venue, token units and one; 0 where nothing is remembered.
"""

PLACES: constant(uint256) = 4
DAY: constant(uint256) = 86_400
HOUR: constant(uint256) = 3_600
QUIET: constant(uint256) = 2 * HOUR
NEAR: constant(uint256) = 64  # what is less by less than so small a part of it is not less
WIDTH: constant(uint256) = 64
MASK: constant(uint256) = 2**64 - 1
# A venue with less than this part of the position bears none of a gain: dust at one that pays nothing would
# make nothing of what the others have.
DUST: constant(int256) = 1_000


# kept: what is remembered of each venue. seen: what there was at the mark before. alike: seconds for which each mark
# saw more than was remembered, or each saw less.
struct Memory:
    kept: uint256
    seen: uint256
    alike: uint256


@internal
@pure
def after(
    before: Memory, place: uint256, besides: uint256, ours: uint256, since: uint256
) -> (Memory, uint256):
    """
    @notice The memory with what a venue holds at a mark; and how much of that counts, token units.
    @param besides What it holds that is not ours. @param ours What is, which a stranger can neither add to nor
           take. @param since Seconds since the mark before.
    """
    low: uint256 = place * WIDTH
    now: uint256 = min(besides, MASK - 1)
    kept: uint256 = (before.kept >> low) & MASK
    alike: uint256 = 0
    if kept == 0:
        kept = now
    else:
        kept -= 1
        seen: uint256 = ((before.seen >> low) & MASK) - 1
        least: uint256 = min(now, seen)
        most: uint256 = max(now, seen)
        if least > kept or most + most // NEAR < kept:
            alike = unsafe_add((before.alike >> low) & MASK, since)
            if alike >= QUIET:
                if least > kept:
                    kept = min(least, kept + (kept + ours) * since // DAY)
                else:
                    kept = max(most, kept * HOUR // (HOUR + since))
    rest: uint256 = ~(MASK << low)
    m: Memory = Memory(
        kept=(before.kept & rest) | ((kept + 1) << low),
        seen=(before.seen & rest) | ((now + 1) << low),
        alike=(before.alike & rest) | (alike << low),
    )
    return m, min(now, kept)


@internal
@pure
def bears(held: int256, position: int256) -> bool:
    """
    @return Whether a venue gains where all of them together do, and no mere dust of it.
    @param held The position there. @param position Of all, WAD base.
    """
    return abs(held) * DUST > abs(position) and (held > 0) == (position > 0)


@internal
@pure
def shared(has: uint256[PLACES], held: int256[PLACES], position: int256) -> uint256:
    """
    @return What venues could pay together on a gain that falls on each by its position: as much as makes one of
            them pay all that it has, where that bears a thousandth of the gain or more. Where nothing is
            open, all that they have. Token units.
    @param held The position at each. @param position Of all, WAD base.
    """
    all: uint256 = 0
    least: uint256 = max_value(uint256)
    for i: uint256 in range(PLACES):
        all += has[i]
        if self.bears(held[i], position):
            part: uint256 = has[i] * convert(abs(position), uint256)
            least = min(least, part // convert(abs(held[i]), uint256))
    return min(all, least)
