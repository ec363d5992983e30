# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize
"""
@title Breaker
@license AGPL-3.0-only
@author Tandem contributors
@notice Stops opens and deposits by itself where the market, the venue or the capital is not what it was,
        and says why in one view. It looks whenever the book is marked, which opens need every
        hour and after every fiftieth of a move, so that nobody opens past what it has not seen.
@dev It stops nothing that lowers risk, and nothing for good: each reason ends by itself, an hour (a loss
     at the venue: a day's leak) after it was last seen. Who looks changes nothing, and how often
     little: sums leak and the price is followed by the time, and a look in the same second sees
     nothing new. A loss counts as ten times what trips at the most: a venue that says for a moment that it
     has a million stops opens for two days and a third at the most, and not for weeks. What comes and goes
     counts once and leaks, as a loss does: one that says for a moment that it lost a million hides what
     others lose no longer than that.

     Nothing here is for an attacker to occupy. Prices are the oracle's; a loss at the venue and funding
     are paid by who makes them; distress is the floor's, and opens lower that only down to the reserve.

     Distress stops opens alone, and ends with the look that does not find it: deposits are what ends it.

     Reasons: 1 the price jumped; 2 the next top-up is more than floor or budget give; 4 the venue lost
     what no price explains; 8 a share fell; 16 funding drained.
"""

from .interfaces import IBreaker
from .interfaces import IGuardian
from .interfaces import IVault
from .interfaces import IVolSurface
from .interfaces import IMarket
from .interfaces import IStress
from .lib import book_totals
from .lib import fixed_point
from .lib import terms

implements: IBreaker


interface IShares:
    def totalSupply() -> uint256: view


interface IMarketParties:
    def SURFACE() -> address: view


STRESS: public(immutable(address))
MARKET: public(immutable(IMarket))
VAULT: public(immutable(IVault))
GUARDIAN: public(immutable(IGuardian))

JUMPED: public(constant(uint256)) = 1
DISTRESSED: public(constant(uint256)) = 2
VENUE_LOST: public(constant(uint256)) = 4
SHARE_FELL: public(constant(uint256)) = 8
DRAINED: public(constant(uint256)) = 16

WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12
DAY: constant(uint256) = 86_400
YEAR: constant(uint256) = 365 * DAY
HOUR: constant(uint256) = 3_600
REST: constant(uint256) = HOUR  # a reason holds so long after it was last seen
MEMORY: constant(uint256) = 6 * 3_600  # seconds over which the variance is remembered
DEVIATIONS: constant(uint256) = 16  # a jump is four deviations at least, squared
MOST_LOST: constant(uint256) = 10  # times what trips: so much of it is remembered
FEW: constant(uint256) = 1_000 * WAD  # shares, a thousand USD of a Vault's first ones
LITTLE: constant(uint256) = 10**9  # a thousand USD, token units
CRUMBS: constant(uint256) = 10**12  # as many shares are the Vault's own from the start
CALM: constant(uint256) = WAD  # volatility a year up to which nothing widens
EIGHTHS: constant(uint256) = 8
# The most that a unit of volatility, 1.00, adds to an option, as a fraction of spot: the square root of
# 45 days over 2 pi, rounded up.
MOST_VEGA: constant(uint256) = 140_100_000_000_000_000

# How far a slice may go (modules/slice_limits.vy): in its wings thrice as far as near the money, to a
# volatility of five at the most; an expiry's first one to three, 1e-4; and the forward of 45 days by the
# basis, in an hour by a twentieth of the way from one end of the basis to the other.
WINGS: constant(uint256) = 3
MOST_VOL: constant(uint256) = 50_000
FIRST_MOST: constant(uint256) = 30_000
MOST_BASIS: constant(uint256) = 6_600_000_000_000_000
ENDS: constant(uint256) = 20 * HOUR
SILENCE: constant(uint256) = 6 * HOUR  # a longer one allows no larger move
# Gas with which low NAV is told wherever anything tells it: of 128 nodes with two slices each over four
# venues it takes 1.6M, and 0.5M more for each question that a venue burns.
ENOUGH: constant(uint256) = 5_000_000

_state: IBreaker.State


@deploy
def __init__(stress_test: address, market: address, vault: address, guardian: address):
    STRESS = stress_test
    MARKET = IMarket(market)
    VAULT = IVault(vault)
    GUARDIAN = IGuardian(guardian)


@external
def look(sight: IBreaker.Sight):
    """
    @notice Look at what the mark sees. The stress test only.
    @dev Longer than a function should be: each measure writes into one state, which is stored at
         the end.
    """
    assert msg.sender == STRESS, "breaker: not the stress test"
    words: uint256[terms.WORDS] = staticcall GUARDIAN.words()
    nav: uint256 = self._nav(staticcall VAULT.funds())
    supply: uint256 = staticcall IShares(VAULT.address).totalSupply()
    s: IBreaker.State = self._state
    reasons: uint256 = 0
    passed: uint256 = block.timestamp - s.time
    if s.time != 0 and passed != 0:
        s.base = self._followed(s.base, s.spot, passed)
        if self._is_jump(s, sight.spot, passed, terms.field(words[1], terms.JUMP)):
            reasons |= JUMPED
        s.variance = self._variance(s, sight.spot, passed)
        s.drained = self._leaked(s.drained, passed) + self._drain(s.spot, sight, passed)
        s.lost = self._leaked(s.lost, passed)
    if s.time == 0:
        s.base = sight.spot
    if s.time == 0 or passed != 0:
        s.spot = sight.spot
    if sight.lost > s.lost_before:
        s.lost += sight.lost - s.lost_before
        s.lost_before = sight.lost
    else:
        # what came back is forgotten as what was lost is
        s.lost_before = sight.lost + self._leaked(s.lost_before - sight.lost, passed)
    if sight.distress:
        reasons |= DISTRESSED
    if supply < FEW and (nav <= LITTLE or supply < CRUMBS):
        # Nearly all have left: there is no price that fell, and nothing to lose. Few shares alone do not say
        # so: where something was left when all had left, they are worth as much as many were.
        s.share = 0
        s.next = 0
    else:
        price: uint256 = nav * TO_WAD * WAD // supply
        s = self._highest(s, price)
        trips: uint256 = nav * terms.field(words[1], terms.VENUE_LOSS) // 10_000
        s.lost = min(s.lost, MOST_LOST * trips + 1)
        s.lost_before = min(s.lost_before, sight.lost + MOST_LOST * trips)
        if s.lost > trips:
            reasons |= VENUE_LOST
        if (s.share - price) * 10_000 > s.share * terms.field(words[1], terms.SHARE_FALL):
            reasons |= SHARE_FELL
        if s.drained * 100_000 > nav * terms.field(words[1], terms.DRAIN):
            reasons |= DRAINED
    if reasons & ~DISTRESSED != 0:
        s.until = block.timestamp + REST
    s.reasons = (s.reasons & ~DISTRESSED if block.timestamp < s.until else 0) | reasons
    s.wildness = self._wildness(s.variance)
    s.time = block.timestamp
    self._state = s
    extcall GUARDIAN.weather(s.reasons & ~DISTRESSED != 0, sight.distress, s.wildness)
    log IBreaker.Looked(reasons=s.reasons, until=s.until, variance=s.variance, wildness=s.wildness)


# ---------------------------------------------------------------- what it measures


@internal
@view
def _nav(f: IVault.Funds) -> uint256:
    """
    @return Low NAV, token units: as it was marked within the hour, or what it is now. Where nothing says
            that, because an expiry waits for its price or one of several venues is down, it is what was
            known last.
    @dev While the keeper lives the Vault is marked, and nobody pays for it here. What is not told to who has
         little gas is no answer: spot refuses him before that is spent, and a node's estimate is the least
         with which a mark goes through.
    """
    if block.timestamp <= f.nav_time + HOUR:
        return f.nav
    had: uint256 = msg.gas
    told: bool = False
    answer: Bytes[32] = b""
    told, answer = raw_call(
        VAULT.address,
        method_id("low_nav()"),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not told or len(answer) != 32:
        assert had >= ENOUGH, "breaker: too little gas"
        return f.nav
    return convert(answer, uint256)


@internal
@pure
def _return(before: uint256, now: uint256) -> uint256:
    """
    @return How far the price went, WAD of the lower of the two.
    """
    low: uint256 = min(before, now)
    return (max(before, now) - low) * WAD // low


@internal
@pure
def _followed(base: uint256, spot: uint256, passed: uint256) -> uint256:
    """
    @return Where a jump is counted from: it follows the price within an hour, so that who looks at each
            step of a fall hides none of it.
    @param spot As it was since the last look.
    """
    weight: uint256 = min(passed, HOUR)
    return (base * (HOUR - weight) + spot * weight) // HOUR


@internal
@pure
def _is_jump(s: IBreaker.State, spot: uint256, passed: uint256, least: uint256) -> bool:
    """
    @return Whether the price went farther than a jump's least, and than four deviations of the time,
            which is an hour at least.
    @param least 1e-4.
    """
    far: uint256 = self._return(s.base, spot)
    expected: uint256 = DEVIATIONS * s.variance * max(passed, HOUR) // YEAR
    return far * 10_000 > least * WAD and far * far // WAD > expected


@internal
@pure
def _variance(s: IBreaker.State, spot: uint256, passed: uint256) -> uint256:
    """
    @notice The variance with what has just been seen, which counts by the time it took.
    """
    far: uint256 = min(self._return(s.spot, spot), 10 * WAD)
    seen: uint256 = far * far // WAD * YEAR // passed
    weight: uint256 = min(passed, MEMORY)
    return (s.variance * (MEMORY - weight) + seen * weight) // MEMORY


@internal
@view
def _highest(before: IBreaker.State, price: uint256) -> IBreaker.State:
    """
    @return The state with the highest price of a share within a day, and the highest since then, which
            is the highest once that day is over: what falls the moment after is seen as well.
    @dev What was since then counts as of the last look: it is remembered for a day at least, and for two
         at the most.
    """
    s: IBreaker.State = before
    if block.timestamp > s.share_time + DAY:
        s.share = s.next if block.timestamp <= s.next_time + DAY else 0
        s.share_time = s.next_time
        s.next = 0
    if price >= s.share:
        s.share = price
        s.share_time = block.timestamp
        s.next = 0
    else:
        s.next = max(price, s.next)
        s.next_time = block.timestamp
    return s


@internal
@pure
def _wildness(variance: uint256) -> uint256:
    """
    @return Eighths over one: none at a volatility of one, two wholes at three and above.
    """
    deviation: uint256 = fixed_point.sqrt(variance * WAD)
    over: uint256 = (deviation - min(deviation, CALM)) * EIGHTHS // WAD
    return min(over, terms.WILDEST)


@internal
@pure
def _leaked(amount: uint256, passed: uint256) -> uint256:
    """
    @return What is left of an amount of the day.
    """
    return amount * (DAY - min(passed, DAY)) // DAY


@internal
@pure
def _drain(spot: uint256, sight: IBreaker.Sight, passed: uint256) -> uint256:
    """
    @return What the venue took for holding the position since the last look, by what it was said to take a
            day, token units; nothing where it paid. A day at the most counts.
    """
    if sight.funding <= 0:
        return 0
    notional: uint256 = convert(abs(sight.position), uint256) * spot // WAD
    return notional * convert(sight.funding, uint256) // WAD * min(passed, DAY) // DAY // TO_WAD


# ---------------------------------------------------------------- views


@external
@view
def state() -> IBreaker.State:
    """
    @notice What the last look left.
    """
    return self._state


@external
@view
def signers_hour() -> uint256:
    """
    @notice The most that captured signers can cost LPs within an hour, token units: what is open, and
            what an hour may add (what the last mark saved up, as much again by a mark of then, and as
            much as comes back until its end), each at the most that a slice may move times the most
            that an option can have of vega; an expiry's first slice may be anywhere. A slice moves by
            the time since the one that stands: while nobody signs, or what is signed is ahead of its
            limit, that grows by the hour.
    """
    words: uint256[terms.WORDS] = staticcall GUARDIAN.words()
    book: IMarket.Book = staticcall MARKET.snapshot()
    spot: uint256 = self._state.spot
    open: uint256 = book_totals.gross(book.totals) * spot // WAD
    added: uint256 = 3 * self._hour(words, spot)
    elapsed: uint256 = self._elapsed()
    move: uint256 = WINGS * terms.field(words[1], terms.SURFACE_MOVE) * elapsed // HOUR
    move = min(move, MOST_VOL)
    first: uint256 = max(move, FIRST_MOST)
    by_level: uint256 = (open * move + added * first) // 10_000 * MOST_VEGA // WAD
    return by_level + (open + added) * MOST_BASIS // WAD * min(elapsed, ENDS) // HOUR


@internal
@view
def _hour(words: uint256[terms.WORDS], spot: uint256) -> uint256:
    """
    @return What an hour lets in, token units: until the next mark what the last one said, if that is more.
    """
    nav: uint256 = (staticcall VAULT.funds()).nav
    hour: uint256 = nav * terms.hour(words) // 10_000
    mark: IStress.GateMark = (staticcall IStress(STRESS).gate(spot, nav, 0)).mark
    if block.timestamp >= mark.until:
        return hour
    return max(hour, mark.hour * spot // WAD)


@internal
@view
def _elapsed() -> uint256:
    """
    @return Seconds by which a slice of an hour from now may have moved, the oldest that stands.
    """
    elapsed: uint256 = HOUR
    surface: IVolSurface = IVolSurface(staticcall IMarketParties(MARKET.address).SURFACE())
    for each: IVolSurface.Listing in staticcall surface.slices():
        passed: uint256 = block.timestamp + HOUR - each.since
        silence: uint256 = each.age + HOUR
        elapsed = max(elapsed, passed - (max(silence, SILENCE) - SILENCE))
    return elapsed
