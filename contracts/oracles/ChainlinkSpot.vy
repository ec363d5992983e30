# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title ChainlinkSpot
@license AGPL-3.0-only
@author Tandem contributors
@notice A spot price from a Chainlink feed that is checked before it is believed, and the proof
        which round settles an expiry. A second feed answers for one that has ended. Keeps no
        state.
@dev The settlement round. Round ids are `phase << 64 | number`. The feed starts a new phase when
     its aggregator is replaced; the new aggregator may have rounds from before the change, and
     the old one may go on for a while, so phases overlap in time and "the first round at or
     after the expiry" would name two. One rule decides:

     1. A round counts if it can be believed: answered, positive, inside the price bounds, not
        from the future, not carried over from an earlier round. Others are passed over, at
        most eight in a row.
     2. A phase is alive at the expiry if its round 1 was updated before it. The newest phase
        alive at the expiry decides. It is found from below: the settling round's own phase must
        be alive, and no later phase, up to the one that the feed now shows, may be.
     3. In that phase the settling round is the first at or after the expiry that counts: the one
        before it that counts is earlier than the expiry.
     4. If the newest phase alive fell silent before the expiry, round 1 of the next phase
        settles. That the old phase has no such round is shown in one of two ways. Where the feed
        answers zeros for a missing round, the caller names the old phase's last round n (bits
        80..143 of `round_id`): n counts and is before the expiry, and none of the nine rounds
        behind it counts, so that none can settle by rule 3. Where the feed reverts for a missing
        round nothing on chain can show its absence: then the settling round must be a day old.
        During that day anybody can settle with the old phase's round, if there is one, and
        nobody with this one.

     At any moment at most one round of a feed passes, so there is nothing for a caller to pick;
     and as soon as the phase alive at the expiry has an update, that round passes.

     A feed may end, or answer nonsense around an expiry, so there are other sources, which bits
     144 and up of `round_id` name. They open one after the other, so that anybody can settle by
     the better one while the worse is shut; the better stays open.

     0. The feed, at once.
     1. The second feed, by the same rules, three days after the expiry.
     2. The price that the Guardian's owner proposed, three days after the expiry as well, or a
        day later where there is a second feed.
"""

from ..interfaces import IGuardian
from ..interfaces import ISpot

implements: ISpot


interface AggregatorV3:
    def decimals() -> uint8: view
    def latestRoundData() -> (uint80, int256, uint256, uint256, uint80): view
    def getRoundData(round_id: uint80) -> (uint80, int256, uint256, uint256, uint80): view


struct Source:
    feed: address
    scale: uint256  # from the feed's decimals to WAD


struct Round:
    id: uint256
    answer: int256  # in the feed's decimals
    price: uint256  # WAD; 0 if not positive
    started_at: uint256
    updated_at: uint256
    answered_in: uint256


MAX_GAP: constant(uint256) = 8  # rounds passed over in a row, and phases after the settling one
SILENCE: constant(uint256) = 86400
PHASE_SHIFT: constant(uint256) = 64
NUMBER_MASK: constant(uint256) = 2**64 - 1
ID_MASK: constant(uint256) = 2**80 - 1
HINT_SHIFT: constant(uint256) = 80
SOURCE_SHIFT: constant(uint256) = 144
SECOND_FEED: constant(uint256) = 1
PROPOSAL: constant(uint256) = 2
PATIENCE: public(constant(uint256)) = 3 * 86400  # with the feed, before another source opens
HEAD_START: constant(uint256) = 86400  # of the second feed over the owner's price

FEED: public(immutable(address))
SECOND: public(immutable(address))  # nobody where there is none
GUARDIAN: public(immutable(IGuardian))
UPTIME: public(immutable(address))  # the L2 sequencer's uptime feed; nobody on an L1
MAX_AGE: public(immutable(uint256))
MIN_PRICE: public(immutable(uint256))  # WAD
MAX_PRICE: public(immutable(uint256))  # WAD
GRACE: public(immutable(uint256))
SCALE: immutable(uint256)
SECOND_SCALE: immutable(uint256)


@deploy
def __init__(
    feed: address,
    second: address,
    guardian: address,
    uptime: address,
    max_age: uint256,
    min_price: uint256,
    max_price: uint256,
    grace: uint256,
):
    """
    @param feed The price feed, asset in USD.
    @param second Another operator's feed of the same price, with a heartbeat that is no longer;
           nobody where there is none.
    @param guardian Where the owner proposes a price for an expiry that no round settles.
    @param uptime The sequencer's uptime feed, or nobody where there is no sequencer.
    @param max_age Seconds after which an answer is stale: the feed's heartbeat and a tenth.
    @param min_price No price below this is believed, WAD.
    @param max_price No price above this is believed, WAD.
    @param grace Seconds to wait after the sequencer came back.
    """
    assert feed != empty(address), "spot: no feed"
    assert second != feed, "spot: one feed twice"
    assert guardian != empty(address), "spot: no guardian"
    assert max_age != 0, "spot: no age"
    assert min_price != 0 and min_price < max_price, "spot: price bounds"
    FEED = feed
    SECOND = second
    GUARDIAN = IGuardian(guardian)
    UPTIME = uptime
    MAX_AGE = max_age
    MIN_PRICE = min_price
    MAX_PRICE = max_price
    GRACE = grace
    SCALE = self._scale(feed)
    SECOND_SCALE = self._scale(second) if second != empty(address) else 0


# ---------------------------------------------------------------- spot


@external
@view
def spot() -> uint256:
    """
    @notice The spot price, WAD USD, or a revert that says why not.
    """
    if UPTIME != empty(address):
        status: Round = self._latest(Source(feed=UPTIME, scale=1))
        assert status.answer == 0, "spot: sequencer down"
        assert status.started_at != 0, "spot: sequencer unknown"
        assert (
            status.started_at <= block.timestamp and block.timestamp - status.started_at > GRACE
        ), "spot: grace period"
    latest: Round = self._latest(Source(feed=FEED, scale=SCALE))
    if latest.updated_at < block.timestamp - PATIENCE:
        latest = self._instead_of(latest)
    assert latest.updated_at != 0 and latest.answered_in >= latest.id, "spot: incomplete round"
    assert latest.updated_at <= block.timestamp, "spot: future timestamp"
    assert block.timestamp - latest.updated_at <= MAX_AGE, "spot: stale"
    assert latest.price != 0, "spot: not positive"
    assert self._is_inside(latest.price), "spot: out of bounds"
    return latest.price


@external
@view
def peek() -> (uint256, uint256, bool):
    """
    @notice The last answer (WAD USD, 0 if not positive), its time, and whether `spot()` would
            return it.
    """
    latest: Round = self._latest(Source(feed=FEED, scale=SCALE))
    if latest.updated_at < block.timestamp - PATIENCE:
        latest = self._instead_of(latest)
    usable: bool = self._counts(latest) and block.timestamp - latest.updated_at <= MAX_AGE
    if UPTIME != empty(address):
        status: Round = self._latest(Source(feed=UPTIME, scale=1))
        usable = (
            usable
            and status.answer == 0
            and status.started_at != 0
            and status.started_at <= block.timestamp
            and block.timestamp - status.started_at > GRACE
        )
    return latest.price, latest.updated_at, usable


# ---------------------------------------------------------------- settlement


@external
@view
def settlement_price(expiry: uint256, round_id: uint256) -> uint256:
    """
    @notice The settlement price of `expiry`, WAD USD, if `round_id` is its settlement round.
    @param expiry Seconds.
    @param round_id The round, bits 0..79. If it is round 1 of its phase, bits 80..143 may name
           the number of the last round of the phase before it. From bit 144 on the source: 0 the
           feed, 1 the second feed, 2 the owner's price, for which the other bits say nothing.
    """
    kind: uint256 = round_id >> SOURCE_SHIFT
    source: Source = Source(feed=FEED, scale=SCALE)
    if kind != 0:
        assert block.timestamp >= expiry + self._wait(kind), "spot: source not open"
        if kind == PROPOSAL:
            return self._proposed(expiry)
        assert kind == SECOND_FEED and SECOND != empty(address), "spot: no such source"
        source = Source(feed=SECOND, scale=SECOND_SCALE)
    settling: Round = self._round(source, round_id & ID_MASK)
    assert self._counts(settling), "spot: round does not count"
    assert settling.updated_at >= expiry, "spot: before expiry"
    self._check_later_phases(source, expiry, settling.id >> PHASE_SHIFT)
    if not self._has_earlier(source, expiry, settling.id):
        last_number: uint256 = (round_id >> HINT_SHIFT) & NUMBER_MASK
        self._check_silence(source, expiry, settling, last_number)
    return settling.price


@internal
@view
def _wait(kind: uint256) -> uint256:
    """
    @dev How long after an expiry a source other than the feed opens.
    """
    if kind == PROPOSAL and SECOND != empty(address):
        return PATIENCE + HEAD_START
    return PATIENCE


@internal
@view
def _proposed(expiry: uint256) -> uint256:
    """
    @dev The owner's price for an expiry: as bounded as a round's.
    """
    price: uint256 = staticcall GUARDIAN.proposed_price(expiry)
    assert self._is_inside(price), "spot: proposal out of bounds"
    return price


@internal
@view
def _check_later_phases(source: Source, expiry: uint256, phase: uint256):
    """
    @dev No phase after the settling round's may have been alive at the expiry.
    """
    current: uint256 = self._latest(source).id >> PHASE_SHIFT
    assert phase <= current, "spot: unknown phase"
    assert current - phase <= MAX_GAP, "spot: too many phases"
    for later: uint256 in range(phase + 1, current + 1, bound=MAX_GAP):
        first: Round = self._round(source, (later << PHASE_SHIFT) | 1)
        assert first.updated_at == 0 or first.updated_at >= expiry, "spot: newer phase alive"


@internal
@view
def _has_earlier(source: Source, expiry: uint256, id: uint256) -> bool:
    """
    @dev Whether the round that counts before this one, in its phase, is before the expiry.
         False if the phase has none. Reverts if that round is at or after the expiry.
    """
    number: uint256 = id & NUMBER_MASK
    for step: uint256 in range(1, MAX_GAP + 2):
        if step >= number:
            return False
        earlier: Round = self._round(source, id - step)
        if self._counts(earlier):
            assert earlier.updated_at < expiry, "spot: not the first round"
            return True
    raise "spot: gap too wide"


@internal
@view
def _check_silence(source: Source, expiry: uint256, settling: Round, last_number: uint256):
    """
    @dev The phase before the settling round's has no round from the expiry on (rule 4).
    """
    phase: uint256 = settling.id >> PHASE_SHIFT
    assert phase > 1, "spot: no earlier round"
    first: Round = self._round(source, ((phase - 1) << PHASE_SHIFT) | 1)
    assert first.updated_at != 0 and first.updated_at < expiry, "spot: earlier phase not alive"
    if last_number == 0:
        assert block.timestamp >= settling.updated_at + SILENCE, "spot: earlier phase unproved"
        return
    assert last_number < NUMBER_MASK - MAX_GAP, "spot: last round number"
    last: Round = self._round(source, ((phase - 1) << PHASE_SHIFT) | last_number)
    assert self._counts(last) and last.updated_at < expiry, "spot: last round not earlier"
    for step: uint256 in range(1, MAX_GAP + 2):
        behind: Round = self._round(source, last.id + step)
        assert not self._counts(behind), "spot: earlier phase not silent"


# ---------------------------------------------------------------- the feeds


@internal
@view
def _instead_of(latest: Round) -> Round:
    """
    @dev The second feed's latest round, where there is such a feed, instead of one of the feed
         that is over three days old. A feed that shows no round at all has not ended: it may just
         have changed its aggregator.
    """
    if latest.updated_at == 0 or SECOND == empty(address):
        return latest
    return self._latest(Source(feed=SECOND, scale=SECOND_SCALE))


@internal
@view
def _latest(source: Source) -> Round:
    """
    @dev A feed's latest round.
    """
    id: uint80 = 0
    answer: int256 = 0
    started_at: uint256 = 0
    updated_at: uint256 = 0
    answered_in: uint80 = 0
    id, answer, started_at, updated_at, answered_in = staticcall AggregatorV3(
        source.feed
    ).latestRoundData()
    return Round(
        id=convert(id, uint256),
        answer=answer,
        price=self._price(answer, source.scale),
        started_at=started_at,
        updated_at=updated_at,
        answered_in=convert(answered_in, uint256),
    )


@internal
@view
def _round(source: Source, round_id: uint256) -> Round:
    """
    @dev One round, under the id it was asked by.
    """
    id: uint80 = 0
    answer: int256 = 0
    started_at: uint256 = 0
    updated_at: uint256 = 0
    answered_in: uint80 = 0
    id, answer, started_at, updated_at, answered_in = staticcall AggregatorV3(
        source.feed
    ).getRoundData(convert(round_id, uint80))
    return Round(
        id=round_id,
        answer=answer,
        price=self._price(answer, source.scale),
        started_at=started_at,
        updated_at=updated_at,
        answered_in=convert(answered_in, uint256),
    )


@internal
@view
def _counts(item: Round) -> bool:
    """
    @dev Whether a round can be believed, however old it is.
    """
    if item.updated_at == 0 or item.updated_at > block.timestamp or item.answered_in < item.id:
        return False
    return self._is_inside(item.price)


@internal
@view
def _is_inside(price: uint256) -> bool:
    """
    @dev Whether a price is one that may be believed.
    """
    return price >= MIN_PRICE and price <= MAX_PRICE


@internal
@view
def _scale(feed: address) -> uint256:
    """
    @dev What takes a feed's answers to WAD.
    """
    decimals: uint8 = staticcall AggregatorV3(feed).decimals()
    assert decimals <= 18, "spot: feed decimals"
    return 10**convert(18 - decimals, uint256)


@internal
@pure
def _price(answer: int256, scale: uint256) -> uint256:
    """
    @dev An answer in WAD; 0 if it is not positive, and the most there is if it would overflow.
    """
    if answer <= 0:
        return 0
    amount: uint256 = convert(answer, uint256)
    if amount > max_value(uint256) // scale:
        return max_value(uint256)
    return amount * scale
