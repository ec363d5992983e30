# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title exits
@license AGPL-3.0-only
@author Tandem contributors
@notice What each LP who leaves may claim: his tickets in the epochs of the queue.
@dev Everybody in an epoch gets the same price: a ticket of s shares in an epoch of S shares, of
     which B are burned for A assets, may claim floor(s B / S) shares and floor(s A / S) assets,
     less what it claimed. So the order of claims changes nothing, and what the floors leave over
     goes back with the last claim of an epoch.

     ticket word    bits 0..111 shares, 112..223 claimed, 224..255 the epoch

     An owner's tickets lie in lanes 0 to 7, oldest first, without a gap; 0 behind the last.
     Longer than 250 lines: who joins, who claims by shares, who claims by assets and who only asks
     read the same lanes, by the same roundings.
"""

from . import epochs

uses: epochs


struct Ticket:
    shares: uint256
    claimed: uint256
    paid: uint256


MAX_OPEN: constant(uint256) = 8
MASK_112: constant(uint256) = 2**112 - 1

_tickets: HashMap[address, uint256[MAX_OPEN]]
_paid: HashMap[address, HashMap[uint256, uint256]]


# ---------------------------------------------------------------- in


@internal
def _join(owner: address, amount: uint256, delay: uint256) -> uint256:
    """
    @notice Put shares into the epoch that starts at least `delay` from now. Who has eight tickets
            takes the last of them along, until the first is paid: no request overtakes another, and
            none is refused to whom nobody pays.
    @return The epoch, in hours.
    """
    epoch: uint256 = epochs._join(amount, delay)
    last: uint256 = 0
    for lane: uint256 in range(MAX_OPEN):
        word: uint256 = self._tickets[owner][lane]
        if word >> 224 == epoch:
            self._tickets[owner][lane] = word + amount
            return epoch
        if word == 0:
            self._tickets[owner][lane] = amount | (epoch << 224)
            return epoch
        last = word
    held: uint256 = last & MASK_112
    epochs._move(self._tickets[owner][0] >> 224, last >> 224, epoch, held)
    self._tickets[owner][MAX_OPEN - 1] = (held + amount) | (epoch << 224)
    return epoch


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
        e: epochs.Epoch = epochs._epoch(epoch)
        t: Ticket = self._ticket(owner, word)
        shares_claimable: uint256 = 0
        assets_claimable: uint256 = 0
        shares_claimable, assets_claimable = self._claimable(e, t)
        taken: uint256 = min(rest, shares_claimable)
        left_word: uint256 = word
        if taken != 0:
            paid: uint256 = assets_claimable * taken // shares_claimable
            left_over: uint256 = 0
            left_word, left_over = self._claim_on(owner, epoch, e, t, taken, paid)
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
        e: epochs.Epoch = epochs._epoch(epoch)
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
            left_word, left_over = self._claim_on(owner, epoch, e, t, taken, paid)
            rest -= paid
            total += taken
            dust += left_over
        kept = self._keep(owner, lane, kept, word, left_word)
    assert rest == 0, "exits: assets over claim"
    return total, dust


@internal
def _claim_on(
    owner: address,
    epoch: uint256,
    e: epochs.Epoch,
    t: Ticket,
    taken: uint256,
    paid: uint256,
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
    return word, epochs._claim(epoch, e, taken, paid)


@internal
def _keep(
    owner: address,
    lane: uint256,
    kept: uint256,
    before: uint256,
    after: uint256,
) -> uint256:
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


@external
@view
def pendingRedeemRequest(request_id: uint256, controller: address) -> uint256:
    """
    @notice Shares of `controller` that wait to be processed; all requests are number 0.
    """
    return self._sums(controller)[0] if request_id == 0 else 0


@external
@view
def claimableRedeemRequest(request_id: uint256, controller: address) -> uint256:
    """
    @notice Processed shares that `controller` may claim for; all requests are number 0.
    """
    return self._sums(controller)[1] if request_id == 0 else 0


@external
@view
def maxRedeem(controller: address) -> uint256:
    """
    @notice Processed shares that `controller` may claim for now.
    """
    return self._sums(controller)[1]


@external
@view
def maxWithdraw(controller: address) -> uint256:
    """
    @notice Assets that `controller` may claim now.
    """
    return self._sums(controller)[2]


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
        shares_claimable, assets_claimable = self._claimable(epochs._epoch(word >> 224), t)
        pending += t.shares - t.claimed - shares_claimable
        claimable += shares_claimable
        assets += assets_claimable
    return pending, claimable, assets


@internal
@pure
def _claimable(e: epochs.Epoch, t: Ticket) -> (uint256, uint256):
    """
    @dev Shares and assets that a ticket may claim now; assets only together with shares.
    """
    shares_claimable: uint256 = t.shares * e.burned // e.shares - t.claimed
    if shares_claimable == 0:
        return 0, 0
    return shares_claimable, t.shares * e.assets // e.shares - t.paid


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
