# pragma version 0.4.3
# pragma evm-version cancun

"""
@title Allocator
@license AGPL-3.0-only
@author Tandem contributors
@notice Brings what it holds where there is room, as those do that spread deposits over vaults: to the first as
        far as that says that it takes any, the rest to whoever is next. Anybody may tell it to.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC4626

FIRST: immutable(IERC4626)
NEXT: immutable(address)


@deploy
def __init__(first: address, next: address):
    FIRST = IERC4626(first)
    NEXT = next


@external
def allocate():
    token: IERC20 = IERC20(staticcall FIRST.asset())
    left: uint256 = staticcall token.balanceOf(self)
    there: uint256 = min(staticcall FIRST.maxDeposit(self), left)
    if there != 0:
        extcall token.approve(FIRST.address, there)
        extcall FIRST.deposit(there, self)
        left -= there
    if left != 0:
        extcall token.transfer(NEXT, left)
