# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title DataFees
@license AGPL-3.0-only
@author Tandem contributors
@notice A rollup's oracle of what a transaction's data costs, for local chains and tests.
"""

SIGNATURE: constant(uint256) = 68  # bytes that a signature adds, at the most

fee: public(uint256)  # wei, of any transaction of which nothing is known but its size
per_byte: public(uint256)  # wei, of one whose bytes are known


@external
def say(fee: uint256):
    """
    @notice What it answers from now on.
    """
    self.fee = fee


@external
@view
def getL1FeeUpperBound(size: uint256) -> uint256:
    """
    @notice What data of that many bytes costs at the most, wei.
    """
    return self.fee


@external
@view
def getL1Fee(data: Bytes[100_000]) -> uint256:
    """
    @notice What the data of an unsigned transaction costs once it is signed, wei.
    """
    return self.per_byte * (len(data) + SIGNATURE)
