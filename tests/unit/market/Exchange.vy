# pragma version 0.4.3
# pragma evm-version cancun

"""
@title Exchange
@license AGPL-3.0-only
@author Tandem contributors
@notice A contract of somebody else that holds options for those who brought them, and takes what quote tokens lie there
        beyond its own account for what its caller has just sent, as pools of Uniswap do. For tests alone.
"""

from ethereum.ercs import IERC20


interface IOptions:
    def transfer(receiver: address, id: uint256, amount: uint256) -> bool: nonpayable
    def transferFrom(
        sender: address, receiver: address, id: uint256, amount: uint256
    ) -> bool: nonpayable


OPTIONS: immutable(IOptions)
TOKEN: immutable(IERC20)

brought: public(HashMap[address, HashMap[uint256, uint256]])
reserve: public(uint256)


@deploy
def __init__(options: address, token: address):
    OPTIONS = IOptions(options)
    TOKEN = IERC20(token)


@external
def bring(id: uint256, amount: uint256):
    extcall OPTIONS.transferFrom(msg.sender, self, id, amount)
    self.brought[msg.sender][id] += amount


@external
def take_back(id: uint256, amount: uint256):
    self.brought[msg.sender][id] -= amount
    extcall OPTIONS.transfer(msg.sender, id, amount)


@external
def skim(receiver: address) -> uint256:
    """
    @notice What was sent since the last look is the caller's.
    """
    more: uint256 = staticcall TOKEN.balanceOf(self) - self.reserve
    extcall TOKEN.transfer(receiver, more)
    return more
