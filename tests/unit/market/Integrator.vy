# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title Integrator
@license AGPL-3.0-only
@author Tandem contributors
@notice Somebody else's contract, which trades and redeems by the Market's interface alone.
"""

from ethereum.ercs import IERC20
from contracts.interfaces import IMarket

MARKET: immutable(IMarket)


@deploy
def __init__(market: address, token: address, vault: address):
    MARKET = IMarket(market)
    extcall IERC20(token).approve(vault, max_value(uint256))


@external
def buy(id: uint256, units: uint256, most: uint256) -> uint256:
    """
    @notice Options for this contract.
    """
    return extcall MARKET.mint(id, units, most, block.timestamp, self)


@external
def sell(id: uint256, units: uint256) -> (uint256, uint256):
    """
    @notice The same back.
    """
    return extcall MARKET.close(id, units, units, 1, block.timestamp, self)


@external
def finish(id: uint256, units: uint256, expiry: uint256, round_id: uint256) -> uint256:
    """
    @notice The expiry is settled, and what is left paid.
    """
    extcall MARKET.settle(expiry, round_id)
    return extcall MARKET.redeem(id, units, self, self)
