# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize
"""
@title Guardian
@license AGPL-3.0-only
@author Tandem contributors
@notice Pause, parameters and roles of the whole system: the only contract with setters.
        What makes the system safer applies at once; everything else waits in public for a
        delay. It holds no funds and can stop neither closing, settlement nor redemption. For an
        expiry that no oracle prices, its owner proposes a settlement price, in public as well.
@dev The table of directions. A field is tightened when it moves as the table says; any other
     change queues.

     field            tighter   why
     FLAGS            set       a pause only stops opens
     HALF_SPREAD      -         it prices LP entry and exit as well as traders
     SPREAD_SLOPE     up        charges opens that strain the book
     FEE              -         a price, not a limit
     CAPITAL_CHARGE   -         a price, not a limit
     FILL_BAND        -         wider costs LPs, narrower could stop closes and rebalances
     RESERVE          -         less strains the hedge, more could stop exits of LPs
     MAX_TRADE        down      a trade may be less
     GAMMA_CAP        down      the book may carry less
     VEGA_CAP         down      the book may carry less
     HEDGE_COST       -         moves the hedging band: risk against cost
     RISK_AVERSION    -         moves the hedging band: risk against cost
     SURFACE_AGE      down      surfaces must be fresher
     SURFACE_MOVE     down      surfaces may move less an hour
     SURFACE_WINDOW   up        the worse of old and new is quoted for longer
     CALL_CAP         down      a call may bind less capital
"""

from .interfaces import IGuardian
from .lib import terms as terms_lib

implements: IGuardian


event Paused:
    guardian: indexed(address)
    terms: uint256


event TermSet:
    field: indexed(uint256)
    before: uint256
    amount: uint256
    terms: uint256


event TermQueued:
    field: indexed(uint256)
    before: uint256
    amount: uint256
    ready_at: uint256


event TermCancelled:
    field: indexed(uint256)
    amount: uint256


event RoleOffered:
    role: indexed(uint256)
    account: indexed(address)
    ready_at: uint256


event RoleGranted:
    role: indexed(uint256)
    account: indexed(address)


event RoleRevoked:
    role: indexed(uint256)
    account: indexed(address)


event PriceProposed:
    expiry: indexed(uint256)
    price: uint256
    ready_at: uint256


event PriceWithdrawn:
    expiry: indexed(uint256)
    price: uint256


struct Queued:
    amount: uint256
    ready_at: uint256  # 0: nothing is queued


struct Offer:
    account: address
    ready_at: uint256


OWNER: public(constant(uint256)) = 0  # sets terms, gives and takes roles
GUARDIAN: public(constant(uint256)) = 1  # pauses
LISTER: public(constant(uint256)) = 2  # lists expiries and strikes
SIGNER: public(constant(uint256)) = 3  # signs volatility surfaces
ROLES: constant(uint256) = 4

MIN_DELAY: constant(uint256) = 86400
MAX_DELAY: constant(uint256) = 30 * 86400
VALIDITY: constant(uint256) = 14 * 86400  # what is queued lapses this long after it is ready
MAX_MEMBERS: constant(uint256) = 16

# Bit i: raising, or lowering, field i makes the system tighter.
TIGHTER_UP: constant(uint256) = ((1 << terms_lib.SPREAD_SLOPE) | (1 << terms_lib.SURFACE_WINDOW))
TIGHTER_DOWN: constant(uint256) = (
    (1 << terms_lib.MAX_TRADE)
    | (1 << terms_lib.GAMMA_CAP)
    | (1 << terms_lib.VEGA_CAP)
    | (1 << terms_lib.SURFACE_AGE)
    | (1 << terms_lib.SURFACE_MOVE)
    | (1 << terms_lib.CALL_CAP)
)

DELAY: public(immutable(uint256))
LOWEST: public(immutable(uint256))  # the least of each field, laid out as the terms
HIGHEST: public(immutable(uint256))  # the most of each field

terms: public(uint256)
queued: public(HashMap[uint256, Queued])
offers: public(HashMap[uint256, Offer])
proposals: public(HashMap[uint256, Queued])  # expiry -> its price, WAD USD
has_role: public(HashMap[uint256, HashMap[address, bool]])
_members: HashMap[uint256, DynArray[address, MAX_MEMBERS]]


@deploy
def __init__(
    owner: address,
    guardians: DynArray[address, MAX_MEMBERS],
    listers: DynArray[address, MAX_MEMBERS],
    signers: DynArray[address, MAX_MEMBERS],
    delay: uint256,
    initial: uint256,
    lowest: uint256,
    highest: uint256,
):
    """
    @param owner Sets terms and gives roles.
    @param guardians May pause.
    @param listers May list expiries and strikes.
    @param signers Whose signatures a volatility surface needs.
    @param delay Seconds that a loosening waits.
    @param initial The terms to start with.
    @param lowest The least that each field may ever be.
    @param highest The most that each field may ever be.
    """
    assert delay >= MIN_DELAY and delay <= MAX_DELAY, "guardian: delay bounds"
    DELAY = delay
    LOWEST = lowest
    HIGHEST = highest
    assert terms_lib.field(initial, terms_lib.FLAGS) <= terms_lib.PAUSED, "guardian: unknown flag"
    for i: uint256 in range(1, terms_lib.COUNT):
        self._check_bounds(i, terms_lib.field(initial, i))
    self.terms = initial
    self._grant(OWNER, owner)
    for account: address in guardians:
        self._grant(GUARDIAN, account)
    for account: address in listers:
        self._grant(LISTER, account)
    for account: address in signers:
        self._grant(SIGNER, account)


# ---------------------------------------------------------------- pause


@external
def pause():
    """
    @notice Stop opens and deposits, at once. A queued unpause is dropped.
    """
    assert self.has_role[GUARDIAN][msg.sender], "guardian: not a guardian"
    self._drop(terms_lib.FLAGS)
    self.terms = terms_lib.with_field(self.terms, terms_lib.FLAGS, terms_lib.PAUSED)
    log Paused(guardian=msg.sender, terms=self.terms)


@external
def unpause():
    """
    @notice Queue the end of the pause; `apply(0)` ends it after the delay. Owner only.
    """
    self._only_owner()
    assert terms_lib.is_paused(self.terms), "guardian: not paused"
    self._queue(terms_lib.FLAGS, terms_lib.PAUSED, 0)


# ---------------------------------------------------------------- terms


@external
def set_term(field: uint256, amount: uint256):
    """
    @notice Change one parameter: a tightening at once, anything else after the delay.
            Either way it replaces what was queued for the field. Owner only.
    @param field Index in lib/terms.vy, 1 to 15.
    @param amount The new value, in the field's own unit.
    """
    self._only_owner()
    self._check_bounds(field, amount)
    before: uint256 = terms_lib.field(self.terms, field)
    self._drop(field)
    if self._is_tighter(field, before, amount):
        self._set(field, amount)
    else:
        self._queue(field, before, amount)


@external
def apply(field: uint256):
    """
    @notice Make a queued change take effect, from the end of its delay to two weeks later.
            Owner only.
    """
    self._only_owner()
    item: Queued = self.queued[field]
    assert item.ready_at != 0, "guardian: nothing queued"
    self._check_due(item.ready_at)
    self.queued[field] = empty(Queued)
    self._set(field, item.amount)


@external
def cancel(field: uint256):
    """
    @notice Drop a queued change. Owner only.
    """
    self._only_owner()
    assert self.queued[field].ready_at != 0, "guardian: none to cancel"
    self._drop(field)


# ---------------------------------------------------------------- settlement of last resort


@external
def propose_price(expiry: uint256, price: uint256):
    """
    @notice Propose the settlement price of an expiry that no oracle round settles. Once the delay
            is over anybody may settle by it, for two weeks, if by then the spot oracle allows it
            (oracles/ChainlinkSpot.vy). It replaces the proposal before it. Owner only.
    @param expiry Seconds, past: before that nobody knows the price.
    @param price WAD USD, inside the spot oracle's bounds.
    """
    self._only_owner()
    assert expiry <= block.timestamp, "guardian: not expired"
    ready_at: uint256 = block.timestamp + DELAY
    self.proposals[expiry] = Queued(amount=price, ready_at=ready_at)
    log PriceProposed(expiry=expiry, price=price, ready_at=ready_at)


@external
def withdraw_price(expiry: uint256):
    """
    @notice Take back a proposed price. Owner only.
    """
    self._only_owner()
    item: Queued = self.proposals[expiry]
    assert item.ready_at != 0, "guardian: none to withdraw"
    self.proposals[expiry] = empty(Queued)
    log PriceWithdrawn(expiry=expiry, price=item.amount)


# ---------------------------------------------------------------- roles


@external
def offer_role(role: uint256, account: address):
    """
    @notice Offer a role to an account, which takes it after the delay. An offer replaces the
            one before it; the offer of nobody withdraws it. Owner only.
    """
    self._only_owner()
    assert role < ROLES, "guardian: unknown role"
    ready_at: uint256 = block.timestamp + DELAY
    self.offers[role] = Offer(account=account, ready_at=ready_at)
    log RoleOffered(role=role, account=account, ready_at=ready_at)


@external
def accept_role(role: uint256):
    """
    @notice Take an offered role. A new owner replaces the old one.
    """
    offer: Offer = self.offers[role]
    assert offer.account == msg.sender, "guardian: not offered"
    self._check_due(offer.ready_at)
    self.offers[role] = empty(Offer)
    if role == OWNER:
        self._revoke(OWNER, self._members[OWNER][0])
    self._grant(role, msg.sender)


@external
def revoke_role(role: uint256, account: address):
    """
    @notice Take a role away, at once. The owner may take every role but his own; a holder may
            give up his own, but the ownership only passes on.
    """
    if account != msg.sender:
        self._only_owner()
    assert role != OWNER, "guardian: owner stays"
    self._revoke(role, account)


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
def proposed_price(expiry: uint256) -> uint256:
    """
    @notice The settlement price that was proposed for an expiry, WAD USD. Reverts unless there is
            one whose delay is over.
    """
    item: Queued = self.proposals[expiry]
    assert item.ready_at != 0, "guardian: nothing proposed"
    self._check_due(item.ready_at)
    return item.amount


@external
@view
def members(role: uint256) -> DynArray[address, MAX_MEMBERS]:
    """
    @notice Everybody who holds a role.
    """
    return self._members[role]


@external
@view
def term(field: uint256) -> (uint256, uint256, uint256, bool, bool):
    """
    @notice One parameter: now, least, most; whether raising, whether lowering it is tighter.
    """
    return (
        terms_lib.field(self.terms, field),
        terms_lib.field(LOWEST, field),
        terms_lib.field(HIGHEST, field),
        (TIGHTER_UP >> field) & 1 == 1,
        (TIGHTER_DOWN >> field) & 1 == 1,
    )


# ---------------------------------------------------------------- inside


@internal
def _set(field: uint256, amount: uint256):
    """
    @dev Writes a field.
    """
    before: uint256 = terms_lib.field(self.terms, field)
    self.terms = terms_lib.with_field(self.terms, field, amount)
    log TermSet(field=field, before=before, amount=amount, terms=self.terms)


@internal
def _queue(field: uint256, before: uint256, amount: uint256):
    """
    @dev Starts the delay of a change.
    """
    ready_at: uint256 = block.timestamp + DELAY
    self.queued[field] = Queued(amount=amount, ready_at=ready_at)
    log TermQueued(field=field, before=before, amount=amount, ready_at=ready_at)


@internal
def _drop(field: uint256):
    """
    @dev Forgets what is queued for a field, if anything is.
    """
    if self.queued[field].ready_at != 0:
        log TermCancelled(field=field, amount=self.queued[field].amount)
        self.queued[field] = empty(Queued)


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
    log RoleGranted(role=role, account=account)


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
    log RoleRevoked(role=role, account=account)


@internal
@view
def _only_owner():
    """
    @dev Terms and roles are the owner's.
    """
    assert self.has_role[OWNER][msg.sender], "guardian: not the owner"


@internal
@view
def _check_due(ready_at: uint256):
    """
    @dev Not before the delay is over, and not long after it either.
    """
    assert block.timestamp >= ready_at, "guardian: too early"
    assert block.timestamp <= ready_at + VALIDITY, "guardian: lapsed"


@internal
@view
def _check_bounds(field: uint256, amount: uint256):
    """
    @dev Every parameter has bounds that nobody can move.
    """
    assert field > terms_lib.FLAGS and field < terms_lib.COUNT, "guardian: unknown field"
    assert (
        amount >= terms_lib.field(LOWEST, field) and amount <= terms_lib.field(HIGHEST, field)
    ), "guardian: out of bounds"


@internal
@pure
def _is_tighter(field: uint256, before: uint256, amount: uint256) -> bool:
    """
    @dev Whether the change goes the way that the table of directions calls tighter.
    """
    if amount > before:
        return (TIGHTER_UP >> field) & 1 == 1
    return amount < before and (TIGHTER_DOWN >> field) & 1 == 1
