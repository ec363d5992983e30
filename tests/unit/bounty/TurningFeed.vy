# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title TurningFeed
@license AGPL-3.0-only
@author Tandem contributors
@notice A price feed that was one when it was named: told to, it burns the gas that it is given, or answers
        with less than a round.
"""

BURNS: constant(uint256) = 1

answer: int256
time: uint256
turned: public(uint256)


@deploy
def __init__(decimals_: uint8, description_: String[32]):
    pass


@external
def push(price: int256):
    self.answer = price
    self.time = block.timestamp


@external
def turn(how: uint256):
    self.turned = how


@external
@view
def decimals() -> uint8:
    return 8


# @notice Round id, answer, started at, updated at, answered in; what it was told to do instead.
@external
@view
@raw_return
def latestRoundData() -> Bytes[160]:
    if self.turned == BURNS:
        raise UNREACHABLE
    if self.turned != 0:
        return abi_encode(convert(1, uint256), self.answer, self.time, self.time)
    return abi_encode(convert(1, uint256), self.answer, self.time, self.time, convert(1, uint256))
