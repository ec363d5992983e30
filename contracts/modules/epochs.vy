# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title epochs
@license AGPL-3.0-only
@author Tandem contributors
@notice The queue in which LPs leave: hourly epochs, first in, first out. It counts shares and
        assets; it knows neither prices nor tokens nor owners.
@dev epoch word     bits 0..111 shares, 112..223 burned, 224..255 the next epoch (0: none)
     payment word   bits 0..127 assets, 128..255 paid out

     An epoch is a number of hours since 1970.
"""


struct Epoch:
    shares: uint256
    burned: uint256
    next: uint256
    assets: uint256
    paid: uint256
    claimed: uint256


HOUR: constant(uint256) = 3600
MASK_32: constant(uint256) = 2**32 - 1
MASK_112: constant(uint256) = 2**112 - 1
MASK_128: constant(uint256) = 2**128 - 1

_ends: uint256  # bits 0..31 the first epoch of the queue (0: empty), 32..63 the last there was
_epochs: HashMap[uint256, uint256]
_payments: HashMap[uint256, uint256]
_claimed: HashMap[uint256, uint256]


@deploy
def __init__():
    """
    @dev The word is never 0, so that no request pays for a new slot.
    """
    self._ends = 1 << 32


# ---------------------------------------------------------------- in


@internal
def _join(amount: uint256, delay: uint256) -> uint256:
    """
    @notice Put shares into the epoch that starts at least `delay` from now.
    @return The epoch.
    """
    epoch: uint256 = (block.timestamp + delay) // HOUR + 1
    self._append(epoch)
    self._epochs[epoch] += amount
    return epoch


@internal
def _append(epoch: uint256):
    """
    @dev Makes an epoch the last of the queue, where it is not already.
    """
    first: uint256 = self._ends & MASK_32
    last: uint256 = self._ends >> 32
    if first == 0:
        self._ends = epoch | (epoch << 32)
    elif last != epoch:
        self._epochs[last] |= epoch << 224
        self._ends = first | (epoch << 32)


@internal
def _move(first: uint256, before: uint256, after: uint256, amount: uint256):
    """
    @notice Shares of an epoch wait in a later one of the queue instead, while the `first` is not done, which comes before
            it: so nothing of that epoch is burned.
    """
    assert self._left(first) != 0, "exits: eight epochs open"
    self._epochs[before] -= amount
    self._epochs[after] += amount


# ---------------------------------------------------------------- through


@internal
@view
def _due() -> uint256:
    """
    @notice The first epoch of the queue if it has started, else 0.
    """
    first: uint256 = self._ends & MASK_32
    if first > block.timestamp // HOUR:
        return 0
    return first


@internal
@view
def _left(epoch: uint256) -> uint256:
    """
    @notice Shares of an epoch that are not burned yet.
    """
    word: uint256 = self._epochs[epoch]
    return (word & MASK_112) - ((word >> 112) & MASK_112)


@internal
def _fill(epoch: uint256, burned: uint256, assets: uint256):
    """
    @notice Burn shares of the first epoch for assets; a finished epoch leaves the queue.
    """
    word: uint256 = self._epochs[epoch] + (burned << 112)
    self._epochs[epoch] = word
    payment: uint256 = self._payments[epoch] + assets
    assert payment & MASK_128 >= assets, "exits: too large"
    self._payments[epoch] = payment
    if (word >> 112) & MASK_112 == word & MASK_112:
        self._ends = (word >> 224) | ((self._ends >> 32) << 32)


# ---------------------------------------------------------------- out


@internal
def _claim(epoch: uint256, e: Epoch, taken: uint256, paid: uint256) -> uint256:
    """
    @notice Count a claim of `taken` burned shares for `paid` assets.
    @param e What is known of the epoch before.
    @return What the epoch leaves over if this was its last claim.
    """
    claimed: uint256 = e.claimed + taken
    if claimed == e.shares:
        self._epochs[epoch] = 0
        self._payments[epoch] = 0
        self._claimed[epoch] = 0
        return e.assets - e.paid - paid
    self._claimed[epoch] = claimed
    self._payments[epoch] = e.assets | ((e.paid + paid) << 128)
    return 0


# ---------------------------------------------------------------- views


@external
@view
def queue() -> (uint256, uint256):
    """
    @notice The first and the last epoch that wait, in hours; 0 if none does.
    """
    first: uint256 = self._ends & MASK_32
    return first, self._ends >> 32 if first != 0 else 0


@external
@view
def epoch(number: uint256) -> Epoch:
    """
    @notice What is known of an epoch; empty once everybody in it has claimed.
    """
    return self._epoch(number)


@internal
@view
def _epoch(epoch: uint256) -> Epoch:
    """
    @notice What is known of an epoch.
    """
    word: uint256 = self._epochs[epoch]
    payment: uint256 = self._payments[epoch]
    return Epoch(
        shares=word & MASK_112,
        burned=(word >> 112) & MASK_112,
        next=word >> 224,
        assets=payment & MASK_128,
        paid=payment >> 128,
        claimed=self._claimed[epoch],
    )
