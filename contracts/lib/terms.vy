# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title terms
@license AGPL-3.0-only
@author Tandem contributors
@notice The protocol's parameters: words of sixteen fields of sixteen bits. A trade reads all that it
        prices by with one storage load, and the second word only where it needs a field of it.
        The Guardian writes them, everybody else reads.
@dev Field 16 w + i is field i of word w. Directions and bounds are the Guardian's, and nobody's to
     move.
     Longer than 250 lines: fields, bounds and directions are one table, written from
     contracts/terms.toml.
"""

WORDS: constant(uint256) = 2
MASK: constant(uint256) = 65535
PAUSED: constant(uint256) = 1
DOWN: constant(uint256) = 2
TRIPPED: constant(uint256) = 4
# Above these three, in five bits: by how many eighths over one bands widen and sizes shrink.
WILD: constant(uint256) = 3
MASK_5: constant(uint256) = 31
WILDEST: constant(uint256) = 16
EIGHTHS: constant(uint256) = 8
# Above those five: the next top-up is more than there is.
DISTRESSED: constant(uint256) = 256
# Above that, a bit each: of several hedge venues this one is down.
AWAY: constant(uint256) = 512
VENUES: constant(uint256) = 4
# Seconds that who leaves waits for a venue that is down; then what lies there counts for nothing.
VENUE_WAIT: constant(uint256) = 3 * 86_400
# Seconds that he waits at most once his request is due: until what nobody signs stops him no more,
# then for a calm moment from the mark that says there is none, and as long again for one to leave by.
LEAVE_WAIT: constant(uint256) = 86_400
ALL_AWAY: constant(uint256) = 7680
# What guardians and the owner say; the rest of the field is the breaker's.
SAID: constant(uint256) = 7683

# ---- generated from contracts/terms.toml by scripts/generate_terms.py

FLAGS: constant(uint256) = 0  # bit 0: paused; 1: venue down; 9-12: one of several; rest: breaker
HALF_SPREAD: constant(uint256) = 1  # 1e-4 of volatility, either side of mid
SPREAD_SLOPE: constant(uint256) = 2  # 1e-4 of volatility, added when the book is full
FEE: constant(uint256) = 3  # 1e-5 of notional; at most a tenth of the premium
CAPITAL_CHARGE: constant(uint256) = 4  # 1e-4 a year of the maximum payoff added
FILL_BAND: constant(uint256) = 5  # 1e-4 of the oracle price
RESERVE: constant(uint256) = 6  # 1e-4 of NAV that opens leave free
MAX_TRADE: constant(uint256) = 7  # 1e-4 of NAV, notional of one trade
GAMMA_CAP: constant(uint256) = 8  # 1e-4 of NAV, delta change per 1 % of spot
VEGA_CAP: constant(uint256) = 9  # 1e-5 of NAV per vol point
HEDGE_COST: constant(uint256) = 10  # 1e-4, cost fraction c of the hedge band
RISK_AVERSION: constant(uint256) = 11  # lambda_0 of the hedge band
SURFACE_AGE: constant(uint256) = 12  # seconds
EXIT_SHARE: constant(uint256) = 13  # 1e-4 of NAV that opens leave to exits alone
LEAST_PREMIUM: constant(uint256) = 14  # 1e-4 a year of the maximum added
CALL_CAP: constant(uint256) = 15  # 1e-2 of the strike, the widest cap
EXIT_GAP: constant(uint256) = 16  # 1e-4 of NAV between its sides, the book's spread aside
EXIT_WAIT: constant(uint256) = 17  # seconds that exits wait for a calm moment at most
SURFACE_MOVE: constant(uint256) = 18  # 1e-4 of volatility an hour
SURFACE_WINDOW: constant(uint256) = 19  # seconds in which the worse of two slices is quoted
CARRY: constant(uint256) = 20  # hours of the venue's funding that an open pays
AVERAGE_BAND: constant(uint256) = 21  # 1e-4 around the pool's average, for rebalances
CHUNK: constant(uint256) = 22  # 1e-4 of the pool's depth a minute, for rebalances
GATE: constant(uint256) = 23  # 1e-4 of NAV that the worst of eight jumps may cost after an open
HOUR: constant(uint256) = 24  # 1e-4 of NAV, notional that opens add in an hour
JUMP: constant(uint256) = 25  # 1e-4 of the price that trips, past four deviations
VENUE_LOSS: constant(uint256) = 26  # 1e-4 of NAV lost unexplained in a day that trips
SHARE_FALL: constant(uint256) = 27  # 1e-4 that a share may fall in a day
DRAIN: constant(uint256) = 28  # 1e-5 of NAV that funding may take in a day
BOUNTY: constant(uint256) = 29  # 1e-5 of NAV that bounties may take in a day
UNWIND: constant(uint256) = 30  # hours in which a hedge of all that is open can come home

# Bit i: field i exists; raising it, or lowering it, makes the system tighter.
FIELDS: constant(uint256) = (
    (1 << FLAGS)
    | (1 << HALF_SPREAD)
    | (1 << SPREAD_SLOPE)
    | (1 << FEE)
    | (1 << CAPITAL_CHARGE)
    | (1 << FILL_BAND)
    | (1 << RESERVE)
    | (1 << MAX_TRADE)
    | (1 << GAMMA_CAP)
    | (1 << VEGA_CAP)
    | (1 << HEDGE_COST)
    | (1 << RISK_AVERSION)
    | (1 << SURFACE_AGE)
    | (1 << EXIT_SHARE)
    | (1 << LEAST_PREMIUM)
    | (1 << CALL_CAP)
    | (1 << EXIT_GAP)
    | (1 << EXIT_WAIT)
    | (1 << SURFACE_MOVE)
    | (1 << SURFACE_WINDOW)
    | (1 << CARRY)
    | (1 << AVERAGE_BAND)
    | (1 << CHUNK)
    | (1 << GATE)
    | (1 << HOUR)
    | (1 << JUMP)
    | (1 << VENUE_LOSS)
    | (1 << SHARE_FALL)
    | (1 << DRAIN)
    | (1 << BOUNTY)
    | (1 << UNWIND)
)
TIGHTER_UP: constant(uint256) = 0
TIGHTER_DOWN: constant(uint256) = (
    (1 << MAX_TRADE)
    | (1 << CALL_CAP)
    | (1 << GATE)
    | (1 << HOUR)
    | (1 << JUMP)
    | (1 << VENUE_LOSS)
    | (1 << SHARE_FALL)
    | (1 << DRAIN)
    | (1 << BOUNTY)
    | (1 << UNWIND)
)

# The least and the most that each field may ever be, laid out as the words.
LOWEST_TERMS: constant(uint256) = (
    (50 << (16 * (HALF_SPREAD % 16)))
    | (30 << (16 * (FILL_BAND % 16)))
    | (500 << (16 * (RESERVE % 16)))
    | (10 << (16 * (MAX_TRADE % 16)))
    | (50 << (16 * (GAMMA_CAP % 16)))
    | (10 << (16 * (VEGA_CAP % 16)))
    | (1 << (16 * (HEDGE_COST % 16)))
    | (10 << (16 * (RISK_AVERSION % 16)))
    | (60 << (16 * (SURFACE_AGE % 16)))
    | (125 << (16 * (CALL_CAP % 16)))
)
LOWEST_LIMITS: constant(uint256) = (
    (2 << (16 * (EXIT_GAP % 16)))
    | (14_400 << (16 * (EXIT_WAIT % 16)))
    | (100 << (16 * (SURFACE_MOVE % 16)))
    | (10 << (16 * (AVERAGE_BAND % 16)))
    | (1 << (16 * (CHUNK % 16)))
    | (500 << (16 * (GATE % 16)))
    | (100 << (16 * (HOUR % 16)))
    | (100 << (16 * (JUMP % 16)))
    | (10 << (16 * (VENUE_LOSS % 16)))
    | (100 << (16 * (SHARE_FALL % 16)))
    | (20 << (16 * (DRAIN % 16)))
    | (1 << (16 * (UNWIND % 16)))
)
LOWEST: constant(uint256[WORDS]) = [LOWEST_TERMS, LOWEST_LIMITS]
HIGHEST_TERMS: constant(uint256) = (
    (3 << (16 * (FLAGS % 16)))
    | (1_000 << (16 * (HALF_SPREAD % 16)))
    | (1_000 << (16 * (SPREAD_SLOPE % 16)))
    | (300 << (16 * (FEE % 16)))
    | (2_000 << (16 * (CAPITAL_CHARGE % 16)))
    | (300 << (16 * (FILL_BAND % 16)))
    | (3_000 << (16 * (RESERVE % 16)))
    | (1_000 << (16 * (MAX_TRADE % 16)))
    | (2_000 << (16 * (GAMMA_CAP % 16)))
    | (1_000 << (16 * (VEGA_CAP % 16)))
    | (100 << (16 * (HEDGE_COST % 16)))
    | (50_000 << (16 * (RISK_AVERSION % 16)))
    | (7_200 << (16 * (SURFACE_AGE % 16)))
    | (3_000 << (16 * (EXIT_SHARE % 16)))
    | (2_000 << (16 * (LEAST_PREMIUM % 16)))
    | (500 << (16 * (CALL_CAP % 16)))
)
HIGHEST_LIMITS: constant(uint256) = (
    (2_000 << (16 * (EXIT_GAP % 16)))
    | (27_000 << (16 * (EXIT_WAIT % 16)))
    | (10_000 << (16 * (SURFACE_MOVE % 16)))
    | (900 << (16 * (SURFACE_WINDOW % 16)))
    | (1_080 << (16 * (CARRY % 16)))
    | (1_000 << (16 * (AVERAGE_BAND % 16)))
    | (50 << (16 * (CHUNK % 16)))
    | (4_000 << (16 * (GATE % 16)))
    | (60_000 << (16 * (HOUR % 16)))
    | (20_000 << (16 * (JUMP % 16)))
    | (1_000 << (16 * (VENUE_LOSS % 16)))
    | (10_000 << (16 * (SHARE_FALL % 16)))
    | (5_000 << (16 * (DRAIN % 16)))
    | (500 << (16 * (BOUNTY % 16)))
    | (48 << (16 * (UNWIND % 16)))
)
HIGHEST: constant(uint256[WORDS]) = [HIGHEST_TERMS, HIGHEST_LIMITS]

# ---- end of what is generated


@internal
@pure
def word_of(index: uint256) -> uint256:
    """
    @notice The word that field `index` is in.
    """
    return index >> 4


@internal
@pure
def field(word: uint256, index: uint256) -> uint256:
    """
    @notice The value of field `index` in its word, in its own unit.
    """
    return (word >> ((index & 15) << 4)) & MASK


@internal
@pure
def with_field(word: uint256, index: uint256, amount: uint256) -> uint256:
    """
    @notice `word` with its field `index` set to `amount`.
    """
    assert amount <= MASK, "terms: out of range"
    place: uint256 = (index & 15) << 4
    return (word & ~(MASK << place)) | (amount << place)


@internal
@pure
def exists(index: uint256) -> bool:
    """
    @notice Whether there is a field `index`.
    """
    return (FIELDS >> index) & 1 == 1


@internal
@pure
def is_tighter(index: uint256, before: uint256, amount: uint256) -> bool:
    """
    @notice Whether a change of field `index` makes the system tighter.
    """
    if amount > before:
        return (TIGHTER_UP >> index) & 1 == 1
    return amount < before and (TIGHTER_DOWN >> index) & 1 == 1


@internal
@pure
def bounds(index: uint256) -> (uint256, uint256):
    """
    @notice The least and the most that field `index` may be.
    """
    word: uint256 = self.word_of(index)
    return self.field(LOWEST[word], index), self.field(HIGHEST[word], index)


@internal
@pure
def is_paused(word: uint256) -> bool:
    """
    @notice Whether a guardian paused opens, by the first word.
    """
    return word & PAUSED != 0


@internal
@pure
def stops_opens(word: uint256) -> bool:
    """
    @notice Whether a guardian or the breaker stopped opens, by the first word.
    """
    return word & (PAUSED | TRIPPED | DISTRESSED) != 0


@internal
@pure
def stops_deposits(word: uint256) -> bool:
    """
    @notice The same for deposits, which are what ends distress.
    """
    return word & (PAUSED | TRIPPED) != 0


@internal
@pure
def _eighths(word: uint256) -> uint256:
    """
    @return What of a calm market's measure a wild one has, eighths.
    """
    return EIGHTHS + ((word >> WILD) & MASK_5)


@internal
@pure
def with_weather(word: uint256, tripped: bool, distress: bool, wildness: uint256) -> uint256:
    """
    @notice The first word with what the breaker says.
    """
    assert wildness <= WILDEST, "terms: too wild"
    bits: uint256 = (
        (TRIPPED if tripped else 0) | (DISTRESSED if distress else 0) | (wildness << WILD)
    )
    return (word & ~(TRIPPED | DISTRESSED | (MASK_5 << WILD))) | bits


@internal
@pure
def fill_band(word: uint256) -> uint256:
    """
    @notice The band that orders fill in, by the first word: up to three times as wide in a wild market.
    """
    return self.field(word, FILL_BAND) * self._eighths(word) // EIGHTHS


@internal
@pure
def max_trade(word: uint256) -> uint256:
    """
    @notice The largest trade, by the first word: down to a third in a wild market.
    """
    return self.field(word, MAX_TRADE) * EIGHTHS // self._eighths(word)


@internal
@pure
def hour(words: uint256[WORDS]) -> uint256:
    """
    @notice What opens may add within an hour: down to a third in a wild market.
    """
    return self.field(words[1], HOUR) * EIGHTHS // self._eighths(words[0])


@internal
@pure
def is_down(word: uint256) -> bool:
    """
    @notice Whether a guardian took the hedge venue down, by the first word.
    """
    return word & DOWN != 0


@internal
@pure
def is_away(word: uint256, venue: uint256) -> bool:
    """
    @notice Whether a guardian took one of several hedge venues down, or all of them, by the first word.
    """
    return word & ((AWAY << venue) | DOWN) != 0


@internal
@pure
def is_any_down(word: uint256) -> bool:
    """
    @notice Whether a guardian took the hedge venue, or one of several, down, by the first word.
    """
    return word & (DOWN | ALL_AWAY) != 0
