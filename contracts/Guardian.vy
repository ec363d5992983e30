# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title Guardian
@license AGPL-3.0-only
@author Tandem contributors
@notice Pause, parameters and roles of the whole system: the only contract with setters.
        What makes the system safer applies at once; everything else waits in public for a
        delay. It holds no funds and can stop neither closing, settlement nor redemption. For an
        expiry that no oracle prices, its owner proposes a settlement price, in public as well.
@dev Which parameters there are, their bounds and their directions stand in lib/terms.vy; why each
     has its direction, in terms.toml. A field is tightened when it moves as its direction says; any
     other change queues.

     Its rooms: `roles` is who may do what; `timelock` is the delay.
     Longer than 450 lines: every setter of the system is here, each with its delay, and one word of
     flags is what all of them change.
"""

from .interfaces import IGuardian
from .lib import terms as terms_lib
from .modules import roles
from .modules import timelock

implements: IGuardian

initializes: timelock
initializes: roles[timelock := timelock]
exports: (
    roles.GUARDIAN,
    roles.LISTER,
    roles.OWNER,
    roles.SIGNER,
    roles.accept_role,
    roles.has_role,
    roles.is_lister,
    roles.is_signer,
    roles.members,
    roles.offer_role,
    roles.offers,
    roles.owner,
    roles.revoke_role,
    roles.withdraw_offer,
    timelock.DELAY,
    timelock.held_until,
)


struct Queued:
    amount: uint256
    ready_at: uint256  # 0: nothing is queued


struct Proposal:
    price: uint256  # WAD USD
    ready_at: uint256  # 0: nothing is proposed
    proposer: address


struct Growth:
    growth: int256  # WAD base
    ready_at: uint256  # 0: nothing is proposed
    proposer: address


# Says by itself when opens stop, and how wild the market is.
BREAKER: public(immutable(address))
VENUES: public(immutable(uint256))  # hedge venues with a bit of their own: none where there is one

_words: uint256[terms_lib.WORDS]
queued: public(HashMap[uint256, Queued])
down_since: public(uint256)  # since when the venue is down, of several the last; the last time
# Since when one of several is, by its place; the last time.
_away_since: uint256[terms_lib.VENUES]
_back_since: uint256  # since when the last of several that was brought back is up
proposals: public(HashMap[uint256, Proposal])
growths: public(Growth[terms_lib.VENUES])


@deploy
def __init__(
    owner: address,
    guardians: DynArray[address, roles.MAX_MEMBERS],
    listers: DynArray[address, roles.MAX_MEMBERS],
    signers: DynArray[address, roles.MAX_MEMBERS],
    delay: uint256,
    initial: uint256[terms_lib.WORDS],
    breaker: address,
    venues: uint256,
):
    """
    @param owner Sets terms and gives roles.
    @param guardians May pause.
    @param listers May list expiries and strikes.
    @param signers Whose signatures a volatility surface needs.
    @param delay Seconds that a loosening waits.
    @param initial The words to start with.
    @param breaker Stops opens by itself.
    @param venues How many hedge venues there are of several; 0 for the only one.
    """
    assert venues <= terms_lib.VENUES, "guardian: too many venues"
    BREAKER = breaker
    VENUES = venues
    timelock.__init__(delay)
    for i: uint256 in range(16 * terms_lib.WORDS):
        amount: uint256 = terms_lib.field(initial[terms_lib.word_of(i)], i)
        if i == terms_lib.FLAGS:
            assert amount <= terms_lib.PAUSED, "guardian: unknown flag"
        elif terms_lib.exists(i) or amount != 0:
            self._check_bounds(i, amount)
    self._words = initial
    roles._grant(roles.OWNER, owner)
    for account: address in guardians:
        roles._grant(roles.GUARDIAN, account)
    for account: address in listers:
        roles._grant(roles.LISTER, account)
    for account: address in signers:
        roles._grant(roles.SIGNER, account)


# ---------------------------------------------------------------- pause


@external
def pause():
    """
    @notice Stop opens and deposits, at once. A queued unpause is dropped.
    """
    self._only_guardian()
    self._drop(terms_lib.FLAGS)
    self._words[0] |= terms_lib.PAUSED
    log IGuardian.Paused(guardian=msg.sender, terms=self._words[0])


@external
def unpause():
    """
    @notice Queue the end of the pause; `apply(0)` ends it after the delay. Owner only.
    """
    roles._only_owner()
    assert terms_lib.is_paused(self._words[0]), "guardian: not paused"
    self._queue_flags(terms_lib.PAUSED)


@external
def take_down():
    """
    @notice Say that the hedge venue is down, at once: its margin counts for nothing, opens,
            rebalances, top-ups and deposits stop, and LPs leave from three days later on. What is
            queued for the flags is dropped.
    """
    self._only_guardian()
    self._take_down(terms_lib.DOWN, 0)


@external
def take_down_one(venue: uint256):
    """
    @notice Say that one of several hedge venues is down, at once: nothing is asked of it, its margin counts
            for nothing, the others go on, with opens from the gate's next mark; deposits stop, and LPs
            leave from three days later on. With the last of them all are down, as `take_down` says it.
            What is queued for the flags is dropped.
    @param venue Its place, from 0.
    """
    self._only_guardian()
    bit: uint256 = self._bit_of(venue)
    # the gate's mark has it pay: nothing opens until there is one without it
    besides: uint256 = terms_lib.DISTRESSED
    if self._is_last(bit):
        besides |= terms_lib.DOWN
    self._take_down(bit, besides)
    self._away_since[venue] = block.timestamp


@external
def bring_back():
    """
    @notice Queue that the hedge venue is up again, of several all of them; `apply(0)` says so after the delay.
            Owner only.
    """
    roles._only_owner()
    gone: uint256 = terms_lib.DOWN | terms_lib.ALL_AWAY
    self._check_down(gone)
    self._queue_flags(gone)


@external
def bring_back_one(venue: uint256):
    """
    @notice Queue that one of several hedge venues is up again; `apply(0)` says so after the delay. Owner only.
            Where each was taken down, the others stay so.
    @param venue Its place, from 0.
    """
    roles._only_owner()
    bit: uint256 = self._bit_of(venue)
    self._check_down(bit)
    self._queue_flags(bit | terms_lib.DOWN if self._is_last(0) else bit)


@external
def weather(tripped: bool, distress: bool, wildness: uint256):
    """
    @notice What the breaker sees: whether opens and deposits stop, whether opens do for want of
            margin, and by how many eighths over one bands widen and sizes shrink. Breaker only.
    """
    assert msg.sender == BREAKER, "guardian: not the breaker"
    before: uint256 = self._words[0]
    after: uint256 = terms_lib.with_weather(before, tripped, distress, wildness)
    if after != before:
        self._words[0] = after
        log IGuardian.WeatherChanged(
            tripped=tripped, distress=distress, wildness=wildness, terms=after
        )


# ---------------------------------------------------------------- terms


@external
def set_term(field: uint256, amount: uint256):
    """
    @notice Change one parameter: a tightening at once, anything else after the delay.
            Either way it replaces what was queued for the field. Owner only.
    @param field Index in lib/terms.vy; the flags are none.
    @param amount The new value, in the field's own unit.
    """
    roles._only_owner()
    self._check_bounds(field, amount)
    before: uint256 = self._field(field)
    self._drop(field)
    if terms_lib.is_tighter(field, before, amount):
        self._set(field, amount)
    else:
        self._queue(field, before, amount)


@external
def apply(field: uint256):
    """
    @notice Make a queued change take effect, from the end of its delay to two weeks later.
            Owner only.
    """
    roles._only_owner()
    item: Queued = self.queued[field]
    assert item.ready_at != 0, "guardian: nothing queued"
    self.queued[field] = empty(Queued)
    amount: uint256 = item.amount
    if field != terms_lib.FLAGS:
        timelock._check_free(item.ready_at)
        if field == terms_lib.SURFACE_AGE and amount < self._field(field):
            timelock._hold(terms_lib.LEAVE_WAIT)  # what LPs could leave by may be stale at once
    else:
        timelock._check_due(item.ready_at)  # LPs leave sooner by it, not later
        before: uint256 = self._field(field)
        amount |= before & ~terms_lib.SAID
        if before & ~amount & (terms_lib.DOWN | terms_lib.ALL_AWAY) != 0:
            timelock._hold(terms_lib.LEAVE_WAIT)
        if before & ~amount & terms_lib.ALL_AWAY != 0:
            self._back_since = block.timestamp
            amount |= terms_lib.DISTRESSED  # as where one was taken down
    self._set(field, amount)


@external
def cancel(field: uint256):
    """
    @notice Drop a queued change. Owner only.
    """
    roles._only_owner()
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
    roles._only_owner()
    assert expiry <= block.timestamp, "guardian: not expired"
    ready_at: uint256 = timelock._ready_at()
    self.proposals[expiry] = Proposal(price=price, ready_at=ready_at, proposer=msg.sender)
    log IGuardian.PriceProposed(expiry=expiry, price=price, ready_at=ready_at)


@external
def withdraw_price(expiry: uint256):
    """
    @notice Take back a proposed price. Owner only.
    """
    roles._only_owner()
    item: Proposal = self.proposals[expiry]
    self._check_withdrawn(item.ready_at)
    self.proposals[expiry] = empty(Proposal)
    log IGuardian.PriceWithdrawn(expiry=expiry, price=item.price)


# ---------------------------------------------------------------- a venue that is not believed


@external
def propose_growth(venue: uint256, growth: int256):
    """
    @notice Propose by how much what one of several hedge venues holds has grown beyond what is believed of it. Once
            the delay is over, and for two weeks, anybody may have the set believe as much of that as the venue
            then says (VenueSet.vy). It replaces the proposal before it. Owner only.
    @param venue Its place, from 0. @param growth WAD base, of a short below 0.
    """
    roles._only_owner()
    self._check_venue(venue)
    ready_at: uint256 = timelock._ready_at()
    self.growths[venue] = Growth(growth=growth, ready_at=ready_at, proposer=msg.sender)
    log IGuardian.GrowthProposed(venue=venue, growth=growth, ready_at=ready_at)


@external
def withdraw_growth(venue: uint256):
    """
    @notice Take back a proposed growth. Owner only.
    @param venue Its place, from 0.
    """
    roles._only_owner()
    self._check_venue(venue)
    self._check_withdrawn(self.growths[venue].ready_at)
    self.growths[venue] = empty(Growth)
    log IGuardian.GrowthWithdrawn(venue=venue)


# ---------------------------------------------------------------- views


@external
@view
def terms() -> uint256:
    """
    @notice The first word: flags, and what every trade prices by.
    """
    return self._words[0]


@external
@view
def limits() -> uint256:
    """
    @notice The second word: what bounds the book over time.
    """
    return self._words[1]


@external
@view
def words() -> uint256[terms_lib.WORDS]:
    """
    @notice Both words.
    """
    return self._words


@external
@view
def is_written_off(venue: uint256) -> bool:
    """
    @notice Whether one of several venues has been down for as long as who leaves waits for it: neither what lies
            there nor what it held counts any more, until it is brought back. While none is up, whether it had
            been when the last of them went down, whatever is said of all later.
    @param venue Its place, from 0.
    """
    bit: uint256 = self._bit_of(venue)
    word: uint256 = self._words[0]
    last: uint256 = 0
    for i: uint256 in range(VENUES, bound=terms_lib.VENUES):
        is_gone: bool = word & self._bit_of(i) != 0
        last = max(last, self._away_since[i] if is_gone else block.timestamp)
    if terms_lib.is_down(word):
        last = min(last, self.down_since)
    return word & bit != 0 and last >= self._away_since[venue] + terms_lib.VENUE_WAIT


@external
@view
def counts_since() -> uint256:
    """
    @notice Since when the positions count that count now: since one of several was brought back last, or while
            some are down and not all, three days after the last went down.
    """
    since: uint256 = self._back_since
    word: uint256 = self._words[0]
    all: uint256 = self._all()
    if word & all not in [0, all] and not terms_lib.is_down(word):
        since = max(since, self.down_since + terms_lib.VENUE_WAIT)
    return since


@external
@view
def term(field: uint256) -> (uint256, uint256, uint256, bool, bool):
    """
    @notice One parameter: now, least, most; whether raising, whether lowering it is tighter.
    """
    self._check_known(terms_lib.exists(field))
    least: uint256 = 0
    most: uint256 = 0
    least, most = terms_lib.bounds(field)
    return (
        self._field(field),
        least,
        most,
        terms_lib.is_tighter(field, 0, 1),
        terms_lib.is_tighter(field, 1, 0),
    )


@external
@view
def proposed_price(expiry: uint256) -> uint256:
    """
    @notice The settlement price that was proposed for an expiry, WAD USD. Reverts unless there is
            one whose delay is over and whose proposer is still the owner.
    """
    item: Proposal = self.proposals[expiry]
    self._check_stands(item.ready_at, item.proposer)
    timelock._check_due(item.ready_at)
    return item.price


@external
@view
def proposed_growth(venue: uint256) -> (int256, uint256):
    """
    @notice By how much one of several venues holds more than is believed, as it was proposed, WAD base, and since when
            that may be taken up.
            Reverts unless there is one whose delay is over and whose proposer is still the owner.
    @param venue Its place, from 0.
    """
    self._check_venue(venue)
    item: Growth = self.growths[venue]
    self._check_stands(item.ready_at, item.proposer)
    timelock._check_free(item.ready_at)
    return item.growth, item.ready_at


# ---------------------------------------------------------------- inside


@internal
@view
def _field(field: uint256) -> uint256:
    """
    @dev Reads a field.
    """
    return terms_lib.field(self._words[terms_lib.word_of(field)], field)


@internal
def _set(field: uint256, amount: uint256):
    """
    @dev Writes a field.
    """
    place: uint256 = terms_lib.word_of(field)
    before: uint256 = self._words[place]
    after: uint256 = terms_lib.with_field(before, field, amount)
    self._words[place] = after
    log IGuardian.TermSet(
        field=field, before=terms_lib.field(before, field), amount=amount, word=after
    )


@internal
def _queue(field: uint256, before: uint256, amount: uint256):
    """
    @dev Starts the delay of a change.
    """
    ready_at: uint256 = timelock._ready_at()
    self.queued[field] = Queued(amount=amount, ready_at=ready_at)
    log IGuardian.TermQueued(field=field, before=before, amount=amount, ready_at=ready_at)


@internal
@view
def _only_guardian():
    """
    @dev What stops opens at once is the guardians' to do.
    """
    assert roles.has_role[roles.GUARDIAN][msg.sender], "guardian: not a guardian"


@internal
@view
def _bit_of(venue: uint256) -> uint256:
    """
    @dev The bit of one of several venues.
    """
    self._check_venue(venue)
    return terms_lib.AWAY << venue


@internal
def _take_down(bit: uint256, besides: uint256):
    """
    @dev Sets a bit that says what is down, and what goes with it, and drops what is queued for the flags.
         Who leaves waits for each anew: the owner has the same time against whoever takes down the last as
         against who took down the first.
    """
    assert self._words[0] & bit == 0, "guardian: venue is down"
    self._drop(terms_lib.FLAGS)
    if not terms_lib.is_down(self._words[0]):
        self.down_since = block.timestamp
        timelock._hold(terms_lib.VENUE_WAIT + terms_lib.LEAVE_WAIT)
    self._words[0] |= bit | besides
    log IGuardian.VenueTakenDown(guardian=msg.sender, terms=self._words[0])


@internal
@view
def _is_last(bit: uint256) -> bool:
    """
    @dev Whether with that bit each of several venues has been taken down.
    """
    all: uint256 = self._all()
    return all != 0 and (self._words[0] | bit) & all == all


@internal
@view
def _all() -> uint256:
    """
    @dev The bits that there are.
    """
    return (terms_lib.AWAY << VENUES) - terms_lib.AWAY


@internal
@view
def _check_down(bits: uint256):
    """
    @dev Only what is down is brought back.
    """
    assert self._words[0] & bits != 0, "guardian: venue is up"


@internal
def _queue_flags(gone: uint256):
    """
    @dev Queues the flags without one of them.
    """
    flags: uint256 = self._field(terms_lib.FLAGS) & terms_lib.SAID
    self._queue(terms_lib.FLAGS, flags, flags & ~gone)


@internal
def _drop(field: uint256):
    """
    @dev Forgets what is queued for a field, if anything is.
    """
    if self.queued[field].ready_at != 0:
        log IGuardian.TermCancelled(field=field, amount=self.queued[field].amount)
        self.queued[field] = empty(Queued)


@internal
@view
def _check_stands(ready_at: uint256, proposer: address):
    """
    @dev What a former owner proposed is void.
    """
    assert ready_at != 0, "guardian: nothing proposed"
    assert roles.has_role[roles.OWNER][proposer], "guardian: proposer left"


@internal
@pure
def _check_withdrawn(ready_at: uint256):
    """
    @dev Only what is proposed is taken back.
    """
    assert ready_at != 0, "guardian: none to withdraw"


@internal
@view
def _check_venue(venue: uint256):
    """
    @dev A place of one of several venues.
    """
    assert venue < VENUES, "guardian: unknown venue"


@internal
@pure
def _check_known(known: bool):
    """
    @dev What is no parameter is named.
    """
    assert known, "guardian: unknown field"


@internal
@pure
def _check_bounds(field: uint256, amount: uint256):
    """
    @dev Every parameter has bounds that nobody can move.
    """
    self._check_known(field != terms_lib.FLAGS and terms_lib.exists(field))
    least: uint256 = 0
    most: uint256 = 0
    least, most = terms_lib.bounds(field)
    assert amount >= least and amount <= most, "guardian: out of bounds"
