# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title ChainlinkSpot
@license AGPL-3.0-only
@author Tandem contributors
@notice A spot price from a Chainlink feed that is checked before it is believed, and the proof
        which round settles an expiry. A second feed answers for one that has ended; where there is
        none left, the hedge venue's index answers for those who close and leave, and for nobody
        else.
@dev The settlement round. Round ids are `phase << 64 | number`. The feed starts a new phase when
     its aggregator is replaced; the new aggregator may have rounds from before the change, and
     the old one may go on for a while, so phases overlap in time and "the first round at or
     after the expiry" would name two. One rule decides:

     1. A round counts if it can be believed: answered, positive, inside the price bounds, not
        from the future, not carried over from an earlier round. Others are passed over, at
        most eight in a row. For a round that is not there a feed answers zeros or reverts; both
        are the same here (oracles/feed_rounds.vy).
     2. A phase is alive at the expiry if its round 1 was updated before it. The newest phase
        alive at the expiry decides. It is found from below: no phase later than the one that
        decides, up to the one that the feed now shows, may be alive.
     3. In that phase the settling round is the first at or after the expiry that counts.
     4. If that phase has none, the next phase decides in its place. The caller shows it by naming
        the old phase's last round n (bits 80..143 of `round_id`): n is there, none of the nine
        behind it is, and going back from n the first that counts is before the expiry.

     It rests on what aggregators do: they number their rounds without gaps of nine, and in time.
     Then one round of a feed settles an expiry and no other ever does, whoever calls and however
     late; once the phase that decides has an update, it is that phase's.

     A feed may end, or answer nonsense around an expiry, so there are other sources, which bits
     144 and up of `round_id` name. They open one after the other, so that anybody can settle by
     the better one while the worse is shut; the better stays open.

     0. The feed, at once.
     1. The second feed, by the same rules, three days after the expiry.
     2. The price that the Guardian's owner proposed, three days after the expiry as well, or a
        day later where there is a second feed.

     The spot price. A feed has ended once its latest round is three days old. One that reverts or
     answers nonsense has no age, so somebody must have watched: `watch` notes that the feed fails,
     again at least every six hours, for three days. From then on spot is the second feed's, under
     the same checks. Where there is none, or it fails too a day longer, `closing_spot` is the
     index by which the hedge venue itself values the position, as far as the bounds. Whoever opens,
     sells back or deposits never meets it.

     The sequencer. Its uptime feed may fail as well, and nobody can name another. The same notes
     tell of it: once they have seen it without a status for three days, it is passed over; and once
     they have seen it say as long that the sequencer is down, while a round came after the first
     of them, which no sequencer that is down lets in. From the first status that the sequencer is up
     on it counts again, with its grace.
     Longer than 450 lines: spot, its end and the round of a settlement are one rule of which rounds
     count.
"""

from ..interfaces import IGuardian
from ..interfaces import ISpot
from . import feed_rounds

implements: ISpot


interface IPriced:
    def index() -> uint256: view


MAX_GAP: constant(uint256) = 8  # rounds passed over in a row, and phases after the settling one
PHASE_SHIFT: constant(uint256) = 64
NUMBER_MASK: constant(uint256) = 2**64 - 1
ID_MASK: constant(uint256) = 2**80 - 1
HINT_SHIFT: constant(uint256) = 80
SOURCE_SHIFT: constant(uint256) = 144
SECOND_FEED: constant(uint256) = 1
PROPOSAL: constant(uint256) = 2
PATIENCE: public(constant(uint256)) = 3 * 86400  # with the feed, before another source opens
HEAD_START: constant(uint256) = 86400  # of the second feed over whatever comes after it
STEPS: constant(uint256) = 16  # to a round of an hour ago: enough for 32,768 since
NOWHERE: constant(uint256) = 0
BEFORE: constant(uint256) = 1
AFTER: constant(uint256) = 2
WATCH: public(constant(uint256)) = 6 * 3600  # the longest between two notes that a feed fails
FAR: constant(uint256) = 10  # times past a bound nothing is a price

FEED: public(immutable(address))
SECOND: public(immutable(address))  # nobody where there is none
GUARDIAN: public(immutable(IGuardian))
UPTIME: public(immutable(address))  # the L2 sequencer's uptime feed; nobody on an L1
VENUE: public(immutable(address))  # whose index is spot for those who leave, once no feed is left
MAX_AGE: public(immutable(uint256))
MIN_PRICE: public(immutable(uint256))  # WAD
MAX_PRICE: public(immutable(uint256))  # WAD
GRACE: public(immutable(uint256))
SCALE: immutable(uint256)
SECOND_SCALE: immutable(uint256)

failing_since: public(uint256)  # first and last note of a feed that fails; 0: none
failing_last: public(uint256)
status_failing_since: public(uint256)  # the same of the uptime feed: no status, or not up
status_failing_last: public(uint256)


@deploy
def __init__(
    feed: address,
    second: address,
    guardian: address,
    uptime: address,
    venue: address,
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
    @param venue The hedge venue's adapter, whose index is the spot of last resort.
    @param max_age Seconds after which an answer is stale: the feed's heartbeat and a tenth.
    @param min_price No price below this is believed, WAD.
    @param max_price No price above this is believed, WAD.
    @param grace Seconds to wait after the sequencer came back.
    """
    assert feed != empty(address), "spot: no feed"
    assert second != feed, "spot: one feed twice"
    assert guardian != empty(address), "spot: no guardian"
    assert venue != empty(address), "spot: no venue"
    assert max_age != 0, "spot: no age"
    assert min_price != 0 and min_price < max_price, "spot: price bounds"
    FEED = feed
    SECOND = second
    GUARDIAN = IGuardian(guardian)
    UPTIME = uptime
    VENUE = venue
    MAX_AGE = max_age
    MIN_PRICE = min_price
    MAX_PRICE = max_price
    GRACE = grace
    SCALE = feed_rounds._scale(feed)
    SECOND_SCALE = feed_rounds._scale(second) if second != empty(address) else 0


# ---------------------------------------------------------------- spot


@external
@view
def spot() -> uint256:
    """
    @notice The spot price, WAD USD, or a revert that says why not.
    """
    latest: feed_rounds.Round = self._latest()
    if self._silence(latest) > PATIENCE:
        latest = self._instead_of(latest)
    self._check_sequencer(latest)
    return self._believed(latest)


@external
@view
def closing_spot() -> (uint256, bool):
    """
    @notice The spot price for those who close a hedge or leave: where no feed is left the venue's
            index, and True. Reverts as `spot` does while a feed may come back.
    """
    latest: feed_rounds.Round = self._latest()
    silence: uint256 = self._silence(latest)
    if silence > PATIENCE:
        latest = self._instead_of(latest)
    self._check_sequencer(latest)
    if silence > self._last_resort() and not self._is_fresh(latest):
        return self._bounded(staticcall IPriced(VENUE).index(), latest), True
    return self._believed(latest), False


@external
@view
def peek() -> (uint256, uint256, bool):
    """
    @notice The last answer (WAD USD, 0 if not positive), its time, and whether `spot()` would
            return it.
    """
    latest: feed_rounds.Round = self._latest()
    if self._silence(latest) > PATIENCE:
        latest = self._instead_of(latest)
    usable: bool = self._is_fresh(latest)
    if usable and UPTIME != empty(address):
        status: feed_rounds.Round = self._status()
        if not self._is_passed_over(status, latest):
            usable = self._is_up(status) and self._is_past_grace(status)
    return latest.price, latest.updated_at, usable


@external
@view
def had_spot(at: uint256) -> bool:
    """
    @notice Whether there was a spot to leave by at a moment not long ago, so far as the feeds still tell:
            the sequencer was up and its grace over, and a feed said what can be believed.
    @param at Seconds; no later than now.
    """
    latest: feed_rounds.Round = self._latest()
    source: feed_rounds.Source = feed_rounds.Source(feed=FEED, scale=SCALE)
    silence: uint256 = self._silence(latest)
    if silence > PATIENCE:
        latest = self._instead_of(latest)
        source = feed_rounds.Source(feed=SECOND, scale=SECOND_SCALE)
    if UPTIME != empty(address):
        status: feed_rounds.Round = self._status()
        if self._is_passed_over(status, latest):
            if at <= self.status_failing_since + PATIENCE:
                return False
        elif not self._is_up(status) or at <= status.started_at + GRACE:
            return False
    if silence <= PATIENCE:
        return self._was_fresh(source, latest, at)
    began: uint256 = block.timestamp - silence
    if not self._is_fresh(latest):
        return at > began + self._last_resort()
    return at > began + PATIENCE and self._was_fresh(source, latest, at)


@external
def watch() -> bool:
    """
    @notice Note whether the feed fails now: shows no round, or one that cannot be believed; and
            whether the uptime feed does: shows no status, or not that the sequencer is up. Anybody
            may; where one answers again, the notes before of it are void.
    @return Whether either fails.
    """
    fails: bool = not self._counts(self._latest())
    since: uint256 = self._since(fails, self.failing_since, self.failing_last)
    self.failing_since = since
    self.failing_last = block.timestamp if fails else 0
    log ISpot.FeedWatched(fails=fails, since=since)
    if UPTIME == empty(address):
        return fails
    is_up: bool = self._is_up(self._status())
    since = self._since(not is_up, self.status_failing_since, self.status_failing_last)
    self.status_failing_since = since
    self.status_failing_last = 0 if is_up else block.timestamp
    log ISpot.StatusWatched(fails=not is_up, since=since)
    return fails or not is_up


@internal
@view
def _since(fails: bool, since: uint256, last: uint256) -> uint256:
    """
    @return The first of the notes that stand, with one of now; 0 where there is nothing to note.
    """
    if not fails:
        return 0
    return since if self._do_stand(since, last) else block.timestamp


@internal
@view
def _do_stand(since: uint256, last: uint256) -> bool:
    """
    @return Whether there are notes, and the last of them is young enough for one of now to join them.
    """
    return since != 0 and block.timestamp <= last + WATCH


# ---------------------------------------------------------------- settlement


@external
@view
def settlement_price(expiry: uint256, round_id: uint256) -> uint256:
    """
    @notice The settlement price of `expiry`, WAD USD, if `round_id` is its settlement round.
    @param expiry Seconds.
    @param round_id The round, bits 0..79. If it is of the phase after the one that was
           alive at the expiry, bits 80..143 name the number of the last round of that one. From bit 144 on the source: 0 the
           feed, 1 the second feed, 2 the owner's price, for which the other bits say nothing.
    """
    kind: uint256 = round_id >> SOURCE_SHIFT
    source: feed_rounds.Source = feed_rounds.Source(feed=FEED, scale=SCALE)
    if kind != 0:
        assert block.timestamp >= expiry + self._wait(kind), "spot: source not open"
        if kind == PROPOSAL:
            return self._proposed(expiry)
        assert kind == SECOND_FEED and SECOND != empty(address), "spot: no such source"
        source = feed_rounds.Source(feed=SECOND, scale=SECOND_SCALE)
    phase: uint256 = (round_id & ID_MASK) >> PHASE_SHIFT
    settling: feed_rounds.Round = feed_rounds._round(source, round_id & ID_MASK)
    assert self._counts(settling), "spot: round does not count"
    assert settling.updated_at >= expiry, "spot: before expiry"
    self._check_later_phases(source, expiry, phase)
    assert self._shows_before(source, expiry, settling.id) != AFTER, "spot: not the first round"
    if not self._is_alive(source, expiry, phase):
        assert phase > 1 and self._is_alive(source, expiry, phase - 1), "spot: no phase alive"
        last: uint256 = (round_id >> HINT_SHIFT) & NUMBER_MASK
        self._check_silence(source, expiry, phase - 1, last)
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
def _check_later_phases(source: feed_rounds.Source, expiry: uint256, phase: uint256):
    """
    @dev No phase after the settling round's may have been alive at the expiry.
    """
    current: uint256 = feed_rounds._latest(source).id >> PHASE_SHIFT
    assert phase <= current, "spot: unknown phase"
    assert current - phase <= MAX_GAP, "spot: too many phases"
    for later: uint256 in range(phase + 1, current + 1, bound=MAX_GAP):
        assert not self._is_alive(source, expiry, later), "spot: newer phase alive"


@internal
@view
def _is_alive(source: feed_rounds.Source, expiry: uint256, phase: uint256) -> bool:
    """
    @dev Whether a phase had begun before the expiry.
    """
    first: feed_rounds.Round = feed_rounds._round(source, (phase << PHASE_SHIFT) | 1)
    return first.updated_at != 0 and first.updated_at < expiry


@internal
@view
def _shows_before(source: feed_rounds.Source, expiry: uint256, id: uint256) -> uint256:
    """
    @return Where the last round that counts before this one, in its phase, lies: BEFORE the expiry
            or AFTER it; NOWHERE if the phase has none.
    """
    number: uint256 = id & NUMBER_MASK
    for step: uint256 in range(1, MAX_GAP + 2):
        if step >= number:
            return NOWHERE
        earlier: feed_rounds.Round = feed_rounds._round(source, id - step)
        if self._counts(earlier):
            return BEFORE if earlier.updated_at < expiry else AFTER
    raise "spot: gap too wide"


@internal
@view
def _check_silence(source: feed_rounds.Source, expiry: uint256, phase: uint256, last: uint256):
    """
    @dev A phase has no round that counts from the expiry on (rule 4).
    """
    assert last != 0, "spot: earlier phase unproved"
    assert last < NUMBER_MASK - MAX_GAP, "spot: last round number"
    id: uint256 = (phase << PHASE_SHIFT) | last
    assert feed_rounds._round(source, id).updated_at != 0, "spot: no such last round"
    for step: uint256 in range(1, MAX_GAP + 2):
        behind: feed_rounds.Round = feed_rounds._round(source, id + step)
        assert behind.updated_at == 0, "spot: earlier phase not silent"
    assert self._shows_before(source, expiry, id + 1) != AFTER, "spot: last round not earlier"


# ---------------------------------------------------------------- the feeds


@internal
@view
def _check_sequencer(latest: feed_rounds.Round):
    """
    @dev On a rollup nothing is believed while its sequencer is down or only just back.
    """
    if UPTIME == empty(address):
        return
    status: feed_rounds.Round = self._status()
    if self._is_passed_over(status, latest):
        return
    assert status.answer == 0, "spot: sequencer down"
    assert status.started_at != 0, "spot: sequencer unknown"
    assert self._has_begun(status) and self._is_past_grace(status), "spot: grace period"


@internal
@view
def _is_up(status: feed_rounds.Round) -> bool:
    """
    @return Whether a status says that the sequencer is up.
    """
    return status.answer == 0 and self._has_begun(status)


@internal
@view
def _has_begun(status: feed_rounds.Round) -> bool:
    """
    @return Whether there is a status at all.
    """
    return status.started_at != 0 and status.started_at <= block.timestamp


@internal
@view
def _is_past_grace(status: feed_rounds.Round) -> bool:
    """
    @return Whether the sequencer was up long enough for what waited behind it.
    """
    return block.timestamp - status.started_at > GRACE


@internal
@view
def _is_passed_over(status: feed_rounds.Round, latest: feed_rounds.Round) -> bool:
    """
    @return Whether the uptime feed is known to have failed: notes saw it for three days, without a
            status now, or with one that a round of the price feed belies.
    """
    if self._is_up(status):
        return False
    since: uint256 = self.status_failing_since
    if not self._do_stand(since, self.status_failing_last) or block.timestamp <= since + PATIENCE:
        return False
    return not self._has_begun(status) or latest.updated_at > since


@internal
@view
def _status() -> feed_rounds.Round:
    """
    @dev What the sequencer's uptime feed says.
    """
    return feed_rounds._latest(feed_rounds.Source(feed=UPTIME, scale=1))


@internal
@view
def _latest() -> feed_rounds.Round:
    """
    @dev The feed's latest round.
    """
    return feed_rounds._latest(feed_rounds.Source(feed=FEED, scale=SCALE))


@internal
@view
def _instead_of(latest: feed_rounds.Round) -> feed_rounds.Round:
    """
    @dev The second feed's latest round, where there is such a feed, instead of one of a feed that
         has ended.
    """
    if SECOND == empty(address):
        return latest
    return feed_rounds._latest(feed_rounds.Source(feed=SECOND, scale=SECOND_SCALE))


@internal
@view
def _silence(latest: feed_rounds.Round) -> uint256:
    """
    @dev For how many seconds the feed is known to have shown no new round that can be believed: by
         the clock of its latest, or by the notes of who watched it fail.
    """
    by_clock: uint256 = 0
    if latest.updated_at != 0 and latest.updated_at <= block.timestamp:
        by_clock = block.timestamp - latest.updated_at
    if self._counts(latest):
        return by_clock
    since: uint256 = self.failing_since
    if not self._do_stand(since, self.failing_last):
        return by_clock
    return max(by_clock, block.timestamp - since)


@internal
@view
def _last_resort() -> uint256:
    """
    @return For how long the feed is silent before the venue's index counts, where no other feed does.
    """
    return PATIENCE if SECOND == empty(address) else PATIENCE + HEAD_START


@internal
@view
def _bounded(index: uint256, latest: feed_rounds.Round) -> uint256:
    """
    @return The venue's index, as far as the bounds. One past them counts where a feed says so too: bounds are
            for good, and a price that has left them in earnest would keep LPs in for as long as it stays there.
    """
    if self._is_inside(index):
        return index
    low: uint256 = min(index, latest.price)
    high: uint256 = max(index, latest.price)
    assert (
        (low > MAX_PRICE or high < MIN_PRICE)
        and (low >= MIN_PRICE // FAR and high <= MAX_PRICE * FAR)
        and (latest.updated_at <= block.timestamp and latest.answered_in >= latest.id)
        and block.timestamp <= latest.updated_at + MAX_AGE
    ), "spot: index out of bounds"
    return MAX_PRICE if low > MAX_PRICE else MIN_PRICE


@internal
@view
def _was_fresh(source: feed_rounds.Source, latest: feed_rounds.Round, at: uint256) -> bool:
    """
    @notice Whether a feed's round of a moment could be believed then. What a feed keeps no more
            says nothing against it. Of a phase that began since there was none; numbers without
            phases tell of no beginning.
    @dev Steps back from the latest, each twice the one before, and then by halves: rounds are in time.
    """
    there: feed_rounds.Round = latest
    most: uint256 = max(latest.id & NUMBER_MASK, 1) - 1  # rounds of its phase before it
    later: uint256 = 0  # rounds back from the latest, of one that was no answer yet
    back: uint256 = 0
    for step: uint256 in range(STEPS):
        if there.updated_at <= at:
            break
        later = back
        back = min(2**step, most)
        if back == later:
            return latest.id <= NUMBER_MASK
        there = feed_rounds._round(source, latest.id - back)
        if there.updated_at == 0:
            return True
    for _: uint256 in range(STEPS):
        if back <= later + 1:
            break
        middle: uint256 = (back + later) // 2
        one: feed_rounds.Round = feed_rounds._round(source, latest.id - middle)
        if one.updated_at > at:
            later = middle
        else:
            back = middle
            there = one
    return self._counts(there) and at <= there.updated_at + MAX_AGE


@internal
@view
def _believed(latest: feed_rounds.Round) -> uint256:
    """
    @dev The price of a round, or the name of what is wrong with it.
    """
    assert latest.updated_at != 0 and latest.answered_in >= latest.id, "spot: incomplete round"
    assert latest.updated_at <= block.timestamp, "spot: future timestamp"
    assert block.timestamp - latest.updated_at <= MAX_AGE, "spot: stale"
    assert latest.price != 0, "spot: not positive"
    assert self._is_inside(latest.price), "spot: out of bounds"
    return latest.price


@internal
@view
def _is_fresh(latest: feed_rounds.Round) -> bool:
    """
    @dev Whether `_believed` returns.
    """
    return self._counts(latest) and block.timestamp - latest.updated_at <= MAX_AGE


@internal
@view
def _counts(item: feed_rounds.Round) -> bool:
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
