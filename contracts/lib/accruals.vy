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
@dev A mark: bits 0..73 the index of a long that owes what it paid with, 74..147 that of one that had the money,
     148..221 a short's, 222..253 seconds.
"""

WAD: constant(int256) = 10**18
DAY: constant(int256) = 86_400
# What an index is scaled by: it may grow eighteen thousand times.
ONE: constant(uint256) = 10**18
MOST: constant(uint256) = 2**74 - 1
LENT_AT: constant(uint256) = 74
SHORT_AT: constant(uint256) = 148
TIME_AT: constant(uint256) = 222


# What 1 has become since the market began, scaled by ONE.
struct Indices:
    owed: uint256  # paid by a long that owes the quote token
    lent: uint256  # given up by one that had it
    short: uint256


@internal
@view
def _since(mark: uint256, now: Indices, owes: bool) -> (uint256, int256, int256):
    """
    @notice The mark of now, and what 1 USD of each sign paid a day since another, WAD.
    @param owes Whether a long of the account owes quote, rather than gives up lending it.
    """
    word: uint256 = (
        (block.timestamp << TIME_AT)
        | (min(now.short, MOST) << SHORT_AT)
        | (min(now.lent, MOST) << LENT_AT)
        | min(now.owed, MOST)
    )
    before: uint256 = mark >> TIME_AT
    if before == 0 or before >= block.timestamp:
        return word, 0, 0
    passed: int256 = convert(block.timestamp - before, int256)
    long: int256 = 0
    if owes:
        long = self._rate(mark & MOST, now.owed, passed)
    else:
        long = self._rate((mark >> LENT_AT) & MOST, now.lent, passed)
    return word, long, self._rate((mark >> SHORT_AT) & MOST, now.short, passed)


@internal
@pure
def _rate(before: uint256, after: uint256, passed: int256) -> int256:
    """
    @return What was paid a day, WAD; where what is earned outgrew what is paid, less than nothing.
    """
    if before == 0 or after > MOST:
        return 0
    was: int256 = convert(before, int256)
    return (convert(after, int256) - was) * WAD // was * DAY // passed
