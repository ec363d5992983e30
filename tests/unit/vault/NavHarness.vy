# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title NavHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice The rules of modules/nav, callable.
"""

from contracts.interfaces import IMark
from contracts.modules import nav


@external
@pure
def sides(own: int256, m: IMark.Mark, scale: int256) -> (uint256, uint256):
    return nav._low(own, m, scale), nav._high(own, m, scale)


@external
@pure
def has_price(low: uint256, high: uint256) -> bool:
    return nav._has_price(low, high)


@external
@pure
def exit_room(own: int256, worth: uint256, reserve: uint256, m: IMark.Mark) -> uint256:
    return nav._exit_room(own, worth, reserve, m)


@external
@pure
def shares_for(assets: uint256, worth: uint256, supply: uint256) -> uint256:
    return nav._shares_for(assets, worth, supply)


@external
@pure
def assets_up(amount: uint256, worth: uint256, supply: uint256) -> uint256:
    return nav._assets_up(amount, worth, supply)


@external
@pure
def assets_down(amount: uint256, worth: uint256, supply: uint256) -> uint256:
    return nav._assets_down(amount, worth, supply)


@external
@pure
def most(worth: uint256, room: uint256, supply: uint256) -> (uint256, uint256):
    return nav._most(worth, room, supply)
