# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title accruals
@license AGPL-3.0-only
@author Tandem contributors
@notice What a long and a short have paid since a mark, where a market keeps indices that grow as interest is
        paid. An index grows with time alone: who lends or borrows for a moment moves a rate, and no index.
@dev A mark: bits 0..111 the long's index, 112..223 the short's, 224..255 seconds.
"""

WAD: constant(int256) = 10**18
DAY: constant(uint256) = 86_400
# What an index is scaled by: it may grow a billion times, and an hour of a ten-thousandth a year is still seen.
ONE: constant(uint256) = 10**24
MOST: constant(uint256) = 2**112 - 1


@internal
@view
def _since(mark: uint256, long: uint256, short: uint256) -> (uint256, int256, int256):
    """
    @notice The mark of now, and what 1 USD of each sign paid a day since another, WAD.
    @param long What 1 was worth paying for a long since the market began, scaled by ONE; short: the same.
    """
    now: uint256 = (block.timestamp << 224) | (min(short, MOST) << 112) | min(long, MOST)
    before: uint256 = mark >> 224
    if mark == 0 or before >= block.timestamp:
        return now, 0, 0
    passed: uint256 = block.timestamp - before
    return (
        now,
        self._rate(mark & MOST, long, passed),
        self._rate((mark >> 112) & MOST, short, passed),
    )


@internal
@pure
def _rate(before: uint256, after: uint256, passed: uint256) -> int256:
    """
    @return What was paid a day, WAD; where what is earned outgrew what is paid, less than nothing.
    """
    if before == 0 or after > MOST:
        return 0
    grown: int256 = convert(after, int256) - convert(before, int256)
    day: int256 = convert(DAY, int256)
    return grown * WAD // convert(before, int256) * day // convert(passed, int256)
