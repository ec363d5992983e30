# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize
"""
@title ChainlinkSpot
@license AGPL-3.0-only
@author Tandem contributors
@notice A spot price from a Chainlink feed that is checked before it is believed, and the proof
        which round settles an expiry. Keeps no state.
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
        behind it counts, so that none can settle by rule 3. Where the feed reverts for a missing round nothing on chain can show its absence:
        then the settling round must be a day old. During that day anybody can settle with the
        old phase's round, if there is one, and nobody with this one.

     At any moment at most one round passes, so there is nothing for a caller to pick; and as
     soon as the phase alive at the expiry has an update, that round passes.
"""

from ..interfaces import ISpot

implements: ISpot


interface AggregatorV3:
    def decimals() -> uint8: view
    def latestRoundData() -> (uint80, int256, uint256, uint256, uint80): view
    def getRoundData(round_id: uint80) -> (uint80, int256, uint256, uint256, uint80): view


struct Round:
    id: uint256
    answer: int256
    started_at: uint256
    updated_at: uint256
    answered_in: uint256


MAX_GAP: constant(uint256) = 8  # rounds passed over in a row, and phases after the settling one
SILENCE: constant(uint256) = 86400
PHASE_SHIFT: constant(uint256) = 64
NUMBER_MASK: constant(uint256) = 2**64 - 1
ID_MASK: constant(uint256) = 2**80 - 1

FEED: public(immutable(address))
UPTIME: public(immutable(address))  # the L2 sequencer's uptime feed; nobody on an L1
MAX_AGE: public(immutable(uint256))
MIN_PRICE: public(immutable(uint256))  # WAD
MAX_PRICE: public(immutable(uint256))  # WAD
GRACE: public(immutable(uint256))
SCALE: immutable(uint256)


@deploy
def __init__(
    feed: address,
    uptime: address,
    max_age: uint256,
    min_price: uint256,
    max_price: uint256,
    grace: uint256,
):
    """
    @param feed The price feed, asset in USD.
    @param uptime The sequencer's uptime feed, or nobody where there is no sequencer.
    @param max_age Seconds after which an answer is stale: the feed's heartbeat and a tenth.
    @param min_price No price below this is believed, WAD.
    @param max_price No price above this is believed, WAD.
    @param grace Seconds to wait after the sequencer came back.
    """
    assert feed != empty(address), "spot: no feed"
    assert max_age != 0, "spot: no age"
    assert min_price != 0 and min_price < max_price, "spot: price bounds"
    FEED = feed
    UPTIME = uptime
    MAX_AGE = max_age
    MIN_PRICE = min_price
    MAX_PRICE = max_price
    GRACE = grace
    decimals: uint8 = staticcall AggregatorV3(feed).decimals()
    assert decimals <= 18, "spot: feed decimals"
    SCALE = 10**convert(18 - decimals, uint256)


# ---------------------------------------------------------------- spot


@external
@view
def spot() -> uint256:
    """
    @notice The spot price, WAD USD, or a revert that says why not.
    """
    if UPTIME != empty(address):
        status: Round = self._latest(UPTIME)
        assert status.answer == 0, "spot: sequencer down"
        assert status.started_at != 0, "spot: sequencer unknown"
        assert (
            status.started_at <= block.timestamp and block.timestamp - status.started_at > GRACE
        ), "spot: grace period"
    latest: Round = self._latest(FEED)
    assert latest.updated_at != 0 and latest.answered_in >= latest.id, "spot: incomplete round"
    assert latest.updated_at <= block.timestamp, "spot: future timestamp"
    assert block.timestamp - latest.updated_at <= MAX_AGE, "spot: stale"
    assert latest.answer > 0, "spot: not positive"
    price: uint256 = self._price(latest.answer)
    assert price >= MIN_PRICE and price <= MAX_PRICE, "spot: out of bounds"
    return price


@external
@view
def peek() -> (uint256, uint256, bool):
    """
    @notice The last answer (WAD USD, 0 if not positive), its time, and whether `spot()` would
            return it.
    """
    latest: Round = self._latest(FEED)
    usable: bool = self._counts(latest) and block.timestamp - latest.updated_at <= MAX_AGE
    if UPTIME != empty(address):
        status: Round = self._latest(UPTIME)
        usable = (
            usable
            and status.answer == 0
            and status.started_at != 0
            and status.started_at <= block.timestamp
            and block.timestamp - status.started_at > GRACE
        )
    return self._price(latest.answer), latest.updated_at, usable


# ---------------------------------------------------------------- settlement


@external
@view
def settlement_price(expiry: uint256, round_id: uint256) -> uint256:
    """
    @notice The settlement price of `expiry`, WAD USD, if `round_id` is its settlement round.
    @param expiry Seconds.
    @param round_id The round, bits 0..79. If it is round 1 of its phase, bits 80..143 may name
           the number of the last round of the phase before it.
    """
    settling: Round = self._round(round_id & ID_MASK)
    assert self._counts(settling), "spot: round does not count"
    assert settling.updated_at >= expiry, "spot: before expiry"
    self._check_later_phases(expiry, settling.id >> PHASE_SHIFT)
    if not self._has_earlier(expiry, settling.id):
        self._check_silence(expiry, settling, round_id >> 80)
    return self._price(settling.answer)


@internal
@view
def _check_later_phases(expiry: uint256, phase: uint256):
    """
    @dev No phase after the settling round's may have been alive at the expiry.
    """
    current: uint256 = self._latest(FEED).id >> PHASE_SHIFT
    assert phase <= current, "spot: unknown phase"
    assert current - phase <= MAX_GAP, "spot: too many phases"
    for later: uint256 in range(phase + 1, current + 1, bound=MAX_GAP):
        first: Round = self._round((later << PHASE_SHIFT) | 1)
        assert first.updated_at == 0 or first.updated_at >= expiry, "spot: newer phase alive"


@internal
@view
def _has_earlier(expiry: uint256, id: uint256) -> bool:
    """
    @dev Whether the round that counts before this one, in its phase, is before the expiry.
         False if the phase has none. Reverts if that round is at or after the expiry.
    """
    number: uint256 = id & NUMBER_MASK
    for step: uint256 in range(1, MAX_GAP + 2):
        if step >= number:
            return False
        earlier: Round = self._round(id - step)
        if self._counts(earlier):
            assert earlier.updated_at < expiry, "spot: not the first round"
            return True
    raise "spot: gap too wide"


@internal
@view
def _check_silence(expiry: uint256, settling: Round, last_number: uint256):
    """
    @dev The phase before the settling round's has no round from the expiry on (rule 4).
    """
    phase: uint256 = settling.id >> PHASE_SHIFT
    assert phase > 1, "spot: no earlier round"
    first: Round = self._round(((phase - 1) << PHASE_SHIFT) | 1)
    assert first.updated_at != 0 and first.updated_at < expiry, "spot: earlier phase not alive"
    if last_number == 0:
        assert block.timestamp >= settling.updated_at + SILENCE, "spot: earlier phase unproved"
        return
    assert last_number < NUMBER_MASK - MAX_GAP, "spot: last round number"
    last: Round = self._round(((phase - 1) << PHASE_SHIFT) | last_number)
    assert self._counts(last) and last.updated_at < expiry, "spot: last round not earlier"
    for step: uint256 in range(1, MAX_GAP + 2):
        assert not self._counts(self._round(last.id + step)), "spot: earlier phase not silent"


# ---------------------------------------------------------------- the feed


@internal
@view
def _latest(feed: address) -> Round:
    """
    @dev The feed's latest round.
    """
    id: uint80 = 0
    answer: int256 = 0
    started_at: uint256 = 0
    updated_at: uint256 = 0
    answered_in: uint80 = 0
    id, answer, started_at, updated_at, answered_in = staticcall AggregatorV3(
        feed
    ).latestRoundData()
    return Round(
        id=convert(id, uint256),
        answer=answer,
        started_at=started_at,
        updated_at=updated_at,
        answered_in=convert(answered_in, uint256),
    )


@internal
@view
def _round(round_id: uint256) -> Round:
    """
    @dev One round, under the id it was asked by.
    """
    id: uint80 = 0
    answer: int256 = 0
    started_at: uint256 = 0
    updated_at: uint256 = 0
    answered_in: uint80 = 0
    id, answer, started_at, updated_at, answered_in = staticcall AggregatorV3(FEED).getRoundData(
        convert(round_id, uint80)
    )
    return Round(
        id=round_id,
        answer=answer,
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
    price: uint256 = self._price(item.answer)
    return price >= MIN_PRICE and price <= MAX_PRICE


@internal
@view
def _price(answer: int256) -> uint256:
    """
    @dev An answer in WAD; 0 if it is not positive, and the most there is if it would overflow.
    """
    if answer <= 0:
        return 0
    amount: uint256 = convert(answer, uint256)
    if amount > max_value(uint256) // SCALE:
        return max_value(uint256)
    return amount * SCALE
