# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Bits
@license AGPL-3.0-only
@author Tandem contributors
@notice Two's complement without a check: the same word read as another kind of number.
"""


@internal
@pure
def signed(word: uint256) -> int256:
    """
    @return The word read as a signed number, whatever it holds.
    """
    return convert(convert(word, bytes32), int256)


@internal
@pure
def unsigned(amount: int256) -> uint256:
    """
    @return The two's complement of an amount as a word.
    """
    return convert(convert(amount, bytes32), uint256)


@internal
@pure
def absolute(amount: int256) -> int256:
    """
    @return |amount|, for any but -2**255.
    """
    # times its sign
    return unsafe_mul(amount, (amount >> 255) | 1)


@internal
@pure
def magnitude(amount: int256) -> int256:
    """
    @return |amount|, or one less where it is negative: for 8 gas less.
    """
    return amount ^ (amount >> 255)
