# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title money
@license AGPL-3.0-only
@author Tandem contributors
@notice The Vault's own account: cash, and what of it is set aside for LPs who left. Here alone its
        token moves, by exactly what the account says: tokens that somebody sends by hand count
        for nothing. The Market pays in and out of it.
"""

from ethereum.ercs import IERC20
from ..interfaces import IVault

MASK_128: constant(uint256) = 2**128 - 1

TOKEN: immutable(IERC20)
MARKET: public(immutable(address))

_money: uint256  # bits 0..127 cash, 128..255 what of it is set aside for LPs who left
_out: uint256  # margin that was sent to venues and has not come back, token units, whatever they say of it


@deploy
def __init__(token: address, market: address):
    """
    @param token The quote token.
    @param market May collect and pay.
    """
    TOKEN = IERC20(token)
    MARKET = market


# ---------------------------------------------------------------- the Market


@external
def collect(payer: address, amount: uint256):
    """
    @notice Pull `amount` from `payer` into cash. Market only.
    """
    self._only_market()
    self._pull(payer, amount)
    log IVault.Collected(payer=payer, amount=amount, cash=self._cash())


@external
def pay(recipient: address, amount: uint256):
    """
    @notice Pay `amount` of cash to `recipient`. Market only. What LPs who left may claim is not
            the Market's to pay.
    """
    self._only_market()
    assert self._cash() >= self._exits() + amount, "vault: cash"
    self._push(recipient, amount)
    log IVault.Paid(recipient=recipient, amount=amount, cash=self._cash())


@internal
@view
def _only_market():
    """
    @dev Premiums and payoffs are the Market's affair.
    """
    assert msg.sender == MARKET, "vault: only market"


# ---------------------------------------------------------------- views


@external
@view
def asset() -> address:
    """
    @notice The quote token.
    """
    return TOKEN.address


@external
@view
def cash() -> uint256:
    """
    @notice The Vault's own cash; donations do not count.
    """
    return self._cash()


@external
@view
def exits_unpaid() -> uint256:
    """
    @notice LP exits processed and unclaimed, part of cash.
    """
    return self._exits()


@internal
@view
def _cash() -> uint256:
    """
    @notice The Vault's own cash.
    """
    return self._money & MASK_128


@internal
@view
def _exits() -> uint256:
    """
    @notice What is set aside for LPs who left.
    """
    return self._money >> 128


@internal
@view
def _account() -> (uint256, uint256):
    """
    @return Cash, and what of it is set aside, in one read.
    """
    word: uint256 = self._money
    return word & MASK_128, word >> 128


# ---------------------------------------------------------------- inside the account


@internal
def _set_aside(amount: uint256):
    """
    @notice Keep a part of cash for LPs who left.
    """
    self._money += amount << 128


@internal
def _release(amount: uint256):
    """
    @notice What was set aside is the Vault's again, or about to be paid.
    """
    self._money -= amount << 128


# ---------------------------------------------------------------- in and out


@internal
def _pull(payer: address, amount: uint256):
    """
    @notice Take tokens into cash; exactly the amount has to arrive.
    """
    word: uint256 = self._money
    assert (word & MASK_128) + amount <= MASK_128, "vault: too large"
    self._money = word + amount
    before: uint256 = self._there()
    assert extcall TOKEN.transferFrom(payer, self, amount, default_return_value=True)
    assert self._there() == before + amount, "vault: short transfer"


@internal
@view
def _there() -> uint256:
    """
    @return The tokens that lie here, donations among them.
    """
    return staticcall TOKEN.balanceOf(self)


@internal
def _push(recipient: address, amount: uint256):
    """
    @notice Pay tokens out of cash.
    """
    assert recipient != self and recipient != empty(address), "vault: recipient"
    word: uint256 = self._money
    assert amount <= word & MASK_128, "vault: over cash"
    self._money = word - amount
    assert extcall TOKEN.transfer(recipient, amount, default_return_value=True)
