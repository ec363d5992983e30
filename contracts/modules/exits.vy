# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title exits
@license AGPL-3.0-only
@author Tandem contributors
@notice The queue in which LPs leave: hourly epochs, first in, first out. It counts shares and
        assets; it knows neither prices nor tokens.
@dev Everybody in an epoch gets the same price: a ticket of s shares in an epoch of S shares, of
     which B are burned for A assets, may claim floor(s B / S) shares and floor(s A / S) assets,
     less what it claimed. So the order of claims changes nothing, and what the floors leave over
     goes back with the last claim of an epoch.

     epoch word     bits 0..111 shares, 112..223 burned, 224..255 the next epoch (0: none)
     payment word   bits 0..127 assets, 128..255 paid out
     ticket word    bits 0..111 shares, 112..223 claimed, 224..255 the epoch

     An owner's tickets lie in lanes 0 to 7, oldest first, without a gap; 0 behind the last.
"""


struct Epoch:
    shares: uint256
    burned: uint256
    next: uint256
    assets: uint256
    paid: uint256
    claimed: uint256


struct Ticket:
    shares: uint256
    claimed: uint256
    paid: uint256


HOUR: constant(uint256) = 3600
MAX_OPEN: constant(uint256) = 8
MASK_32: constant(uint256) = 2**32 - 1
MASK_112: constant(uint256) = 2**112 - 1
MASK_128: constant(uint256) = 2**128 - 1

_ends: uint256  # bits 0..31 the first epoch of the queue (0: empty), 32..63 the last there was
_epochs: HashMap[uint256, uint256]
_payments: HashMap[uint256, uint256]
_claimed: HashMap[uint256, uint256]
_tickets: HashMap[address, uint256[MAX_OPEN]]
_paid: HashMap[address, HashMap[uint256, uint256]]


@deploy
def __init__():
    """
    @dev The word is never 0, so that no request pays for a new slot.
    """
    self._ends = 1 << 32


# ---------------------------------------------------------------- in


@internal
def _join(owner: address, amount: uint256, delay: uint256) -> uint256:
    """
    @notice Put shares into the epoch that starts at least `delay` from now.
    @return The epoch, in hours.
    """
    epoch: uint256 = (block.timestamp + delay) // HOUR + 1
    self._append(epoch)
    self._epochs[epoch] += amount
    for lane: uint256 in range(MAX_OPEN):
        word: uint256 = self._tickets[owner][lane]
        if word >> 224 == epoch:
            self._tickets[owner][lane] = word + amount
            return epoch
        if word == 0:
            self._tickets[owner][lane] = amount | (epoch << 224)
            return epoch
    raise "exits: eight epochs open"


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
def _claim_shares(owner: address, amount: uint256) -> (uint256, uint256):
    """
    @notice Claim for `amount` burned shares, oldest epoch first.
    @return The assets to pay, and what finished epochs left over.
    """
    rest: uint256 = amount
    assets: uint256 = 0
    dust: uint256 = 0
    kept: uint256 = 0
    for lane: uint256 in range(MAX_OPEN):
        word: uint256 = self._tickets[owner][lane]
        if word == 0:
            break
        epoch: uint256 = word >> 224
        e: Epoch = self._epoch(epoch)
        t: Ticket = self._ticket(owner, word)
        shares_claimable: uint256 = 0
        assets_claimable: uint256 = 0
        shares_claimable, assets_claimable = self._claimable(e, t)
        taken: uint256 = min(rest, shares_claimable)
        left_word: uint256 = word
        if taken != 0:
            paid: uint256 = assets_claimable * taken // shares_claimable
            left_over: uint256 = 0
            left_word, left_over = self._book(owner, epoch, e, t, taken, paid)
            rest -= taken
            assets += paid
            dust += left_over
        kept = self._keep(owner, lane, kept, word, left_word)
    assert rest == 0, "exits: shares over claim"
    return assets, dust


@internal
def _claim_assets(owner: address, amount: uint256) -> (uint256, uint256):
    """
    @notice Claim `amount` of assets, oldest epoch first.
    @return The shares that this uses up, and what finished epochs left over.
    """
    rest: uint256 = amount
    total: uint256 = 0
    dust: uint256 = 0
    kept: uint256 = 0
    for lane: uint256 in range(MAX_OPEN):
        word: uint256 = self._tickets[owner][lane]
        if word == 0:
            break
        epoch: uint256 = word >> 224
        e: Epoch = self._epoch(epoch)
        t: Ticket = self._ticket(owner, word)
        shares_claimable: uint256 = 0
        assets_claimable: uint256 = 0
        shares_claimable, assets_claimable = self._claimable(e, t)
        paid: uint256 = min(rest, assets_claimable)
        taken: uint256 = shares_claimable
        if paid < assets_claimable:
            taken = (shares_claimable * paid + assets_claimable - 1) // assets_claimable
        left_word: uint256 = word
        if taken != 0:
            left_over: uint256 = 0
            left_word, left_over = self._book(owner, epoch, e, t, taken, paid)
            rest -= paid
            total += taken
            dust += left_over
        kept = self._keep(owner, lane, kept, word, left_word)
    assert rest == 0, "exits: assets over claim"
    return total, dust


@internal
def _book(
    owner: address, epoch: uint256, e: Epoch, t: Ticket, taken: uint256, paid: uint256
) -> (uint256, uint256):
    """
    @dev Books one claim on one epoch.
    @return The ticket word afterwards, 0 if it is done; what the epoch left over if its last
            ticket is.
    """
    word: uint256 = 0
    if t.claimed + taken == t.shares:
        self._paid[owner][epoch] = 0
    else:
        word = t.shares | ((t.claimed + taken) << 112) | (epoch << 224)
        self._paid[owner][epoch] = t.paid + paid
    claimed: uint256 = e.claimed + taken
    if claimed == e.shares:
        self._epochs[epoch] = 0
        self._payments[epoch] = 0
        self._claimed[epoch] = 0
        return word, e.assets - e.paid - paid
    self._claimed[epoch] = claimed
    self._payments[epoch] = e.assets | ((e.paid + paid) << 128)
    return word, 0


@internal
def _keep(owner: address, lane: uint256, kept: uint256, before: uint256, after: uint256) -> uint256:
    """
    @dev Moves a ticket that is not done down to the first free lane.
    @return The first free lane behind it.
    """
    if after == 0:
        self._tickets[owner][lane] = 0
        return kept
    if lane != kept:
        self._tickets[owner][lane] = 0
    if lane != kept or after != before:
        self._tickets[owner][kept] = after
    return kept + 1


# ---------------------------------------------------------------- views


@internal
@view
def _sums(owner: address) -> (uint256, uint256, uint256):
    """
    @notice Shares that wait, shares that can be claimed, assets that can be claimed.
    """
    pending: uint256 = 0
    claimable: uint256 = 0
    assets: uint256 = 0
    for lane: uint256 in range(MAX_OPEN):
        word: uint256 = self._tickets[owner][lane]
        if word == 0:
            break
        t: Ticket = self._ticket(owner, word)
        shares_claimable: uint256 = 0
        assets_claimable: uint256 = 0
        shares_claimable, assets_claimable = self._claimable(self._epoch(word >> 224), t)
        pending += t.shares - t.claimed - shares_claimable
        claimable += shares_claimable
        assets += assets_claimable
    return pending, claimable, assets


@internal
@pure
def _claimable(e: Epoch, t: Ticket) -> (uint256, uint256):
    """
    @dev Shares and assets that a ticket may claim now; assets only together with shares.
    """
    shares_claimable: uint256 = t.shares * e.burned // e.shares - t.claimed
    if shares_claimable == 0:
        return 0, 0
    return shares_claimable, t.shares * e.assets // e.shares - t.paid


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


@internal
@view
def _ticket(owner: address, word: uint256) -> Ticket:
    """
    @dev What one owner has in an epoch.
    """
    return Ticket(
        shares=word & MASK_112,
        claimed=(word >> 112) & MASK_112,
        paid=self._paid[owner][word >> 224],
    )
