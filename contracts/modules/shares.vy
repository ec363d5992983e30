# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title shares
@license AGPL-3.0-only
@author Tandem contributors
@notice The Vault's shares: a plain ERC-20 that its importer alone mints, burns and escrows, and
        what all of them were last worth.
        Shares held by the importer itself are those in the exit queue, so nobody can send any
        there by hand.
"""

from ethereum.ercs import IERC20

implements: IERC20


# Amounts fit the exit queue's packed words, and this file's.
MAX_SUPPLY: constant(uint256) = 2**112 - 1
MASK_16: constant(uint256) = 2**16 - 1
MASK_96: constant(uint256) = 2**96 - 1

decimals: public(constant(uint8)) = 18
name: public(immutable(String[32]))
symbol: public(immutable(String[16]))

# bits 0..111 all shares, 112..207 the low NAV of the last mark, 208..223 0 where it was calm, else one
# more than the seconds, at most 65,534, since the first that was not, 224..255 its time
_state: uint256
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])


@deploy
def __init__(name_: String[32], symbol_: String[16]):
    """
    @param name_ Name of the shares.
    @param symbol_ Symbol of the shares.
    """
    name = name_
    symbol = symbol_


@external
@view
def totalSupply() -> uint256:
    """
    @notice All shares.
    """
    return self._supply()


@internal
@view
def _supply() -> uint256:
    """
    @return All shares.
    """
    return self._state & MAX_SUPPLY


@internal
@view
def _last() -> (uint256, uint256, uint256):
    """
    @return Low NAV and time of the last mark, and all shares, in one read.
    """
    state: uint256 = self._state
    return (state >> 112) & MASK_96, state >> 224, state & MAX_SUPPLY


@internal
@view
def _unrest() -> uint256:
    """
    @return When the first mark was that was not calm with no calm one after it, or later, where it
            is longer ago than the word tells; max_value where the last one was calm.
    """
    state: uint256 = self._state
    length: uint256 = (state >> 208) & MASK_16
    return max_value(uint256) if length == 0 else (state >> 224) + 1 - length


@internal
def _remember(low: uint256, is_calm: bool, says_nothing: bool):
    """
    @dev Keeps a mark of now.
    @param says_nothing Whether the first mark that was not calm, or that there is none, stays.
    """
    length: uint256 = 0
    since: uint256 = self._unrest()
    ends: bool = is_calm
    if says_nothing:
        ends = since == max_value(uint256)
    if not ends:
        length = min(block.timestamp - min(since, block.timestamp) + 1, MASK_16)
    self._state = (
        self._supply() | (min(low, MASK_96) << 112) | (length << 208) | (block.timestamp << 224)
    )


@external
def transfer(receiver: address, amount: uint256) -> bool:
    """
    @notice Send `amount` of the caller's shares to `receiver`.
    """
    self._check_receiver(receiver)
    self._move(msg.sender, receiver, amount)
    return True


@external
def transferFrom(owner: address, receiver: address, amount: uint256) -> bool:
    """
    @notice Send `amount` shares of `owner`, who allowed it, to `receiver`.
    """
    self._check_receiver(receiver)
    self._spend_allowance(owner, msg.sender, amount)
    self._move(owner, receiver, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Let `spender` move up to `amount` of the caller's shares.
    """
    self.allowance[msg.sender][spender] = amount
    log IERC20.Approval(owner=msg.sender, spender=spender, value=amount)
    return True


@internal
def _spend_allowance(owner: address, spender: address, amount: uint256):
    """
    @dev Uses up an allowance; one of max_value never shrinks.
    """
    allowed: uint256 = self.allowance[owner][spender]
    if allowed != max_value(uint256):
        assert allowed >= amount, "shares: allowance"
        self.allowance[owner][spender] = allowed - amount


@internal
def _move(owner: address, receiver: address, amount: uint256):
    """
    @dev Moves shares; what is missing reverts by name.
    """
    self._take(owner, amount)
    self.balanceOf[receiver] += amount
    log IERC20.Transfer(sender=owner, receiver=receiver, value=amount)


@internal
def _mint(receiver: address, amount: uint256):
    """
    @dev Creates shares.
    """
    self._check_receiver(receiver)
    assert self._supply() + amount <= MAX_SUPPLY, "shares: supply"
    self._state += amount
    self.balanceOf[receiver] += amount
    log IERC20.Transfer(sender=empty(address), receiver=receiver, value=amount)


@internal
def _burn(owner: address, amount: uint256):
    """
    @dev Destroys shares.
    """
    self._take(owner, amount)
    self._state -= amount
    log IERC20.Transfer(sender=owner, receiver=empty(address), value=amount)


@internal
def _take(owner: address, amount: uint256):
    """
    @dev Takes shares from a balance.
    """
    held: uint256 = self.balanceOf[owner]
    assert held >= amount, "shares: balance"
    self.balanceOf[owner] = held - amount


@internal
@view
def _check_receiver(receiver: address):
    """
    @dev Shares sent to nobody or into the queue would be lost.
    """
    assert receiver != empty(address) and receiver != self, "shares: receiver"
