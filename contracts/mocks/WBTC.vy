# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title WBTC
@license AGPL-3.0-only
@author Tandem contributors
@notice A stand-in for wrapped bitcoin on local chains and in tests: eight decimals, minted by its owner. Never deployed where the
        real token exists.
"""

from ethereum.ercs import IERC20

implements: IERC20

OWNER: public(immutable(address))

name: public(constant(String[15])) = "Wrapped Bitcoin"
symbol: public(constant(String[4])) = "WBTC"
decimals: public(constant(uint8)) = 8

totalSupply: public(uint256)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])


# @notice The deployer mints.
@deploy
def __init__():
    OWNER = msg.sender


# @notice Create `amount` for `to`; owner only.
@external
def mint(to: address, amount: uint256):
    assert msg.sender == OWNER, "wbtc: not the owner"
    self.totalSupply += amount
    self.balanceOf[to] += amount
    log IERC20.Transfer(sender=empty(address), receiver=to, value=amount)


# @notice Send `amount` to `to`.
@external
def transfer(to: address, amount: uint256) -> bool:
    self._move(msg.sender, to, amount)
    return True


# @notice Send `amount` of `owner`'s to `to`, out of the caller's allowance.
@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    self.allowance[owner][msg.sender] -= amount
    self._move(owner, to, amount)
    return True


# @notice Allow `spender` to send `amount` of the caller's.
@external
def approve(spender: address, amount: uint256) -> bool:
    self.allowance[msg.sender][spender] = amount
    log IERC20.Approval(owner=msg.sender, spender=spender, value=amount)
    return True


@internal
def _move(owner: address, to: address, amount: uint256):
    self.balanceOf[owner] -= amount
    self.balanceOf[to] += amount
    log IERC20.Transfer(sender=owner, receiver=to, value=amount)
