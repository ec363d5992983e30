# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title ActingMarket
@license AGPL-3.0-only
@author Tandem contributors
@notice The stand-in for the Market, which calls others as the Market does.
"""

from contracts.mocks import MockMarket

initializes: MockMarket
exports: MockMarket.__interface__


DELAY: public(uint256)  # the Guardian's


@deploy
def __init__():
    self.DELAY = 30 * 86_400


# @notice Answer `DELAY` with this.
@external
def set_delay(delay: uint256):
    self.DELAY = delay


# @notice Call `target`. What it answers comes back, its refusal too.
@external
@reentrant
def act(target: address, data: Bytes[1024]) -> Bytes[96]:
    return raw_call(target, data, max_outsize=96)
