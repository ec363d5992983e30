# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title series
@license AGPL-3.0-only
@author Tandem contributors
@notice A series is named by what it pays: its id is expiry, kind and strikes, and nothing else,
        so that no registry can disagree with it.
@dev bits 0..63 strike, 64..127 other (a call's cap; a put's floor, 0 for none), 128..167 expiry,
     bit 168 put. Strikes in whole-USD ticks, expiry in seconds.
"""


struct Series:
    expiry: uint256
    is_put: bool
    strike: uint256
    other: uint256


MASK_40: constant(uint256) = 2**40 - 1
MASK_64: constant(uint256) = 2**64 - 1


@internal
@pure
def expiry_of(id: uint256) -> uint256:
    """
    @notice When series `id` expires, seconds. Reverts for an id that names no series.
    """
    return self.unpack(id).expiry


@internal
@pure
def unpack(id: uint256) -> Series:
    """
    @notice What series `id` pays. Reverts for an id that names no series.
    """
    s: Series = Series(
        expiry=(id >> 128) & MASK_40,
        is_put=(id >> 168) == 1,
        strike=id & MASK_64,
        other=(id >> 64) & MASK_64,
    )
    assert (
        id >> 169 == 0
        and s.expiry != 0
        and s.strike != 0
        and (s.other < s.strike if s.is_put else s.other > s.strike)
    ), "series: unknown"
    return s
