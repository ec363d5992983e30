# pragma version 0.4.3
# pragma evm-version cancun

"""
@title HalfSaid
@license AGPL-3.0-only
@author Tandem contributors
@notice Stands before a venue and passes everything on; from when it is told so, it says what margin a position
        needs of no sign, and nothing of one sign or the other.
"""

WAD: constant(uint256) = 10**18

BEHIND: immutable(address)
is_half: public(bool)


@deploy
def __init__(behind: address):
    BEHIND = behind


@external
def halve():
    self.is_half = True


@external
@view
def bounds(position: int256) -> (uint256, uint256, uint256):
    assert position == 0 or not self.is_half, "half: of a sign"
    return WAD // 10, WAD // 5, 100 * WAD


@external
@raw_return
def __default__() -> Bytes[320]:
    return raw_call(BEHIND, msg.data, max_outsize=320)
