# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize
"""
@title roles
@license AGPL-3.0-only
@author Tandem contributors
@notice Who may do what: roles are offered by the owner and taken after the delay, and taken away
        at once.
"""

from . import timelock
from ..interfaces import IGuardian

uses: timelock


struct Offer:
    account: address
    ready_at: uint256


OWNER: public(constant(uint256)) = 0  # sets terms, gives and takes roles
GUARDIAN: public(constant(uint256)) = 1  # pauses
LISTER: public(constant(uint256)) = 2  # lists expiries and strikes
SIGNER: public(constant(uint256)) = 3  # signs volatility surfaces
ROLES: constant(uint256) = 4

MAX_MEMBERS: constant(uint256) = 16

has_role: public(HashMap[uint256, HashMap[address, bool]])
_members: HashMap[uint256, DynArray[address, MAX_MEMBERS]]
_offers: HashMap[uint256, DynArray[Offer, MAX_MEMBERS]]


# ---------------------------------------------------------------- giving and taking


@external
def offer_role(role: uint256, account: address):
    """
    @notice Offer a role to an account, which takes it after the delay. A new offer to the same
            account begins its delay anew; offers to others stand. Owner only.
    """
    self._only_owner()
    assert role < ROLES, "guardian: unknown role"
    assert account != empty(address), "guardian: offer to nobody"
    ready_at: uint256 = timelock._ready_at()
    self._drop_offer(role, account)
    assert len(self._offers[role]) < MAX_MEMBERS, "guardian: too many offers"
    self._offers[role].append(Offer(account=account, ready_at=ready_at))
    log IGuardian.RoleOffered(role=role, account=account, ready_at=ready_at)


@external
def withdraw_offer(role: uint256, account: address):
    """
    @notice Take an offer back. Owner only.
    """
    self._only_owner()
    ready_at: uint256 = self._drop_offer(role, account)
    assert ready_at != 0, "guardian: no such offer"
    log IGuardian.RoleOfferWithdrawn(role=role, account=account)


@external
def accept_role(role: uint256):
    """
    @notice Take an offered role. A new owner replaces the old one, whose offers are void with him.
    """
    ready_at: uint256 = self._drop_offer(role, msg.sender)
    assert ready_at != 0, "guardian: not offered"
    timelock._check_free(ready_at)
    if role == OWNER:
        for each: uint256 in range(ROLES):
            self._offers[each] = []
        self._revoke(OWNER, self._members[OWNER][0])
    self._grant(role, msg.sender)


@external
def revoke_role(role: uint256, account: address):
    """
    @notice Take a role away, at once, and an offer of it to the same account. The owner may take
            every role but his own; a holder may give up his own, but the ownership only passes on.
    """
    if account != msg.sender:
        self._only_owner()
    assert role != OWNER, "guardian: owner stays"
    self._revoke(role, account)
    self._drop_offer(role, account)


# ---------------------------------------------------------------- views


@external
@view
def owner() -> address:
    """
    @notice Who sets terms and gives roles.
    """
    return self._members[OWNER][0]


@external
@view
def is_lister(account: address) -> bool:
    """
    @notice Whether `account` may list expiries and strikes.
    """
    return self.has_role[LISTER][account]


@external
@view
def is_signer(account: address) -> bool:
    """
    @notice Whether the signature of `account` counts for a volatility surface.
    """
    return self.has_role[SIGNER][account]


@external
@view
def members(role: uint256) -> DynArray[address, MAX_MEMBERS]:
    """
    @notice Everybody who holds a role.
    """
    return self._members[role]


@external
@view
def offers(role: uint256) -> DynArray[Offer, MAX_MEMBERS]:
    """
    @notice Everybody to whom a role is offered, and from when on he may take it.
    """
    return self._offers[role]


# ---------------------------------------------------------------- inside


@internal
@view
def _only_owner():
    """
    @dev Terms and roles are the owner's.
    """
    assert self.has_role[OWNER][msg.sender], "guardian: not the owner"


@internal
def _grant(role: uint256, account: address):
    """
    @dev Gives a role to an account that lacks it.
    """
    assert account != empty(address), "guardian: nobody"
    assert not self.has_role[role][account], "guardian: has the role"
    assert len(self._members[role]) < MAX_MEMBERS, "guardian: role is full"
    self.has_role[role][account] = True
    self._members[role].append(account)
    log IGuardian.RoleGranted(role=role, account=account)


@internal
def _revoke(role: uint256, account: address):
    """
    @dev Takes a role from an account that has it; the last member takes its place.
    """
    assert self.has_role[role][account], "guardian: lacks the role"
    self.has_role[role][account] = False
    last: address = self._members[role].pop()
    if last != account:
        for i: uint256 in range(len(self._members[role]), bound=MAX_MEMBERS):
            if self._members[role][i] == account:
                self._members[role][i] = last
                break
    log IGuardian.RoleRevoked(role=role, account=account)


@internal
def _drop_offer(role: uint256, account: address) -> uint256:
    """
    @dev Forgets an offer; the last one takes its place.
    @return When it was ready; 0 if there was none.
    """
    count: uint256 = len(self._offers[role])
    for i: uint256 in range(count, bound=MAX_MEMBERS):
        if self._offers[role][i].account == account:
            ready_at: uint256 = self._offers[role][i].ready_at
            last: Offer = self._offers[role].pop()
            if i + 1 != count:
                self._offers[role][i] = last
            return ready_at
    return 0
