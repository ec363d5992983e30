# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title SharesHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice modules/shares, callable.
"""

from contracts.modules import shares

initializes: shares
exports: shares.balanceOf


@deploy
def __init__():
    shares.__init__("shares", "S")


@external
def mint(receiver: address, amount: uint256):
    shares._mint(receiver, amount)


@external
def burn(owner: address, amount: uint256):
    shares._burn(owner, amount)


@external
def remember(low: uint256, is_calm: bool, says_nothing: bool):
    shares._remember(low, is_calm, says_nothing)


@external
@view
def unrest() -> uint256:
    return shares._unrest()


@external
@view
def last() -> (uint256, uint256, uint256):
    return shares._last()


@external
@view
def supply() -> uint256:
    return shares._supply()
