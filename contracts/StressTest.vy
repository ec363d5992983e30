# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title StressTest
@license AGPL-3.0-only
@author Tandem contributors
@notice What eight instant jumps would cost the book, reckoned over all its strikes, and the mark of it
        that the router's gate goes by; the breaker looks in the same call. Moves nothing, and remembers
        what venues held besides what is ours (lib/purses.vy) and what holding cost there (lib/carry.vy).
@dev Sold strikes count at one and a half times their volatility, bought ones at four fifths
     (lib/stress.vy). Of several venues each loses by itself (lib/against.vy), as they stood at the mark. An
     expiry that is past and waits for its price counts at its maximum; one with
     two slices at the dearer.
     Longer than 450 lines: the mark of the gate and the look of the breaker are one call, and neither
     may see another book than the other.
"""

from .interfaces import IBreaker
from .interfaces import IHedgeRouter
from .interfaces import IHedgeVenue
from .interfaces import IMarginDesk
from .interfaces import IMarket
from .interfaces import IRisk
from .interfaces import ISplitter
from .interfaces import IStress
from .interfaces import IVenueSet
from .interfaces import IVolSurface
from .lib import against
from .lib import book_totals
from .lib import book_words
from .lib import carry
from .lib import fixed_point
from .lib import funding
from .lib import gate_word
from .lib import inlined
from .lib import losses as lanes
from .lib import margin
from .lib import pacing
from .lib import purses
from .lib import stress
from .lib import surface
from .lib import terms
from .modules import parties
from .modules import trades

implements: IStress

initializes: parties
initializes: trades[parties := parties]


interface IRouterParties:
    def VENUE() -> address: view
    def IS_SET() -> bool: view
    def DESK() -> address: view
    def ledger() -> pacing.Ledger: view


interface IMarketParties:
    def UNDERWRITER() -> address: view
    def SPOT() -> address: view
    def SURFACE() -> address: view
    def ROUTER() -> address: view
    def VAULT() -> address: view
    def OPTION() -> address: view
    def GUARDIAN() -> address: view
    def IMPUTED() -> uint256: view


MARKET: public(immutable(IMarket))
BREAKER: public(immutable(IBreaker))

WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12
SLOTS: constant(uint256) = 8
FINE: constant(int256) = 2**8  # of a WAD, in which a logarithm takes its arguments
CASH_TO_WAD: constant(int256) = 10**12 * 10**6  # a token unit, in 1e-6 WAD USD
UNITS: constant(int256) = 1_000_000
UNIT_TO_WAD: constant(uint256) = 10**12

# What venues hold besides what is ours (layout: lib/purses.vy).
_besides: purses.Memory
# What the only venue was asked of holding last: the mark that it gave, and what was paid up to it (layout:
# lib/carry.vy). Of several the splitter keeps it.
_carry_mark: uint256
_carry_paid: uint256


@deploy
def __init__(market: address, breaker: address):
    """
    @param market Whose book is stressed; whom it meets is asked of it.
    @param breaker Looks whenever the book is marked.
    """
    MARKET = IMarket(market)
    BREAKER = IBreaker(breaker)
    m: IMarketParties = IMarketParties(market)
    parties.__init__(
        staticcall m.UNDERWRITER(),
        staticcall m.SPOT(),
        staticcall m.SURFACE(),
        staticcall m.ROUTER(),
        staticcall m.VAULT(),
        staticcall m.OPTION(),
        staticcall m.GUARDIAN(),
        staticcall m.IMPUTED(),
    )


@external
def remark() -> int256:
    """
    @notice Mark the whole book and what lies at the venue, for the gate. Anybody may, and whoever opens
            needs a mark of the last hour. Nothing in it depends on who asks.
    @dev Longer than a function should be: the breaker's look and the gate's mark go by one reading
         of book, venue and NAV.
    @return The worst loss over the jumps, WAD USD.
    """
    trades._check_up(self._terms())
    book: IStress.Losses = self._losses()
    router: IRouterParties = IRouterParties(parties.ROUTER.address)
    at: IHedgeVenue = IHedgeVenue(staticcall router.VENUE())
    venue: IHedgeVenue.VenueAccount = staticcall at.account(book.spot)
    nav: uint256 = (staticcall parties.VAULT.funds()).nav
    is_set: bool = staticcall router.IS_SET()
    long: int256 = 0
    short: int256 = 0
    long, short = self._rates(at, is_set)
    rate: int256 = long if venue.position > 0 else short
    desk: IMarginDesk = IMarginDesk(staticcall router.DESK())
    extcall BREAKER.look(self._sight(desk, is_set, at, venue, book.spot, nav, rate))
    words: uint256[terms.WORDS] = staticcall parties.GUARDIAN.words()
    lies: uint256 = self._lies(venue)
    before: uint256 = (staticcall parties.ROUTER.gate_words())[1]
    accounts: against.Accounts = empty(against.Accounts)
    purse: uint256 = 0
    if is_set:
        accounts, purse = self._of_several(at, book.spot, venue.position, before)
        purse -= min(purse, lies)
    else:
        purse = self._counts(0, staticcall at.purse(), lies, before)
    opened: uint256 = book_totals.opened(book.totals)
    hour: uint256 = gate_word.hour(nav, book.spot, terms.hour(words))
    mark: IStress.GateMark = IStress.GateMark(
        limit=terms.field(words[1], terms.GATE),
        hour=min(hour, self._carried(at, words[1], book_totals.gross(book.totals)) // 2),
        purse=purse,
        equity=lies,
        spot=book.spot,
        time=block.timestamp,
        until=book.until,
        anchor=gate_word.anchor(opened, gate_word.pending(before, hour, opened, block.timestamp)),
    )
    if is_set:
        book.sums = against.added(
            book.sums,
            accounts,
            venue.position,
            book.spot,
            convert(lies * TO_WAD, int256),
            convert(purse * TO_WAD, int256),
        )
    sums: uint256 = inlined.pack(book.sums)
    word: uint256 = gate_word.pack(mark)
    extcall parties.ROUTER.mark(
        sums,
        word,
        funding.pack(
            funding.Funding(long=long, short=short, hours=terms.field(words[1], terms.CARRY))
        ),
        margin.usable(venue),
        staticcall desk.made(venue.position),
        book.spot,
    )
    worst: int256 = gate_word.worst(word, sums, venue.position, book.spot) * lanes.STEP
    log IStress.Remarked(
        losses=lanes.unpacked(sums),
        worst=worst,
        spot=book.spot,
        equity=mark.equity,
        purse=mark.purse,
    )
    return worst


@external
@view
def gate(spot: uint256, nav: uint256, opened: uint256) -> IStress.Gate:
    """
    @notice The gate as it stands, with the position that was known last.
    @param spot WAD USD. @param nav Token units. @param opened Units ever opened (lib/book_totals.vy).
    """
    book: uint256 = 0
    word: uint256 = 0
    book, word = staticcall parties.ROUTER.gate_words()
    # of several venues as they say it: one that is written off, or back, moved it without an order
    position: int256 = staticcall parties.ROUTER.last_position()
    return IStress.Gate(
        mark=gate_word.unpack(word),
        losses=lanes.unpacked(book),
        worst=gate_word.worst(word, book, position, spot) * lanes.STEP,
        limit=gate_word.most(word, nav),
        is_fresh=gate_word.is_fresh(word, spot, block.timestamp),
        room=gate_word.room(word, opened, block.timestamp),
    )


@external
@view
def losses() -> IStress.Losses:
    """
    @notice What the liability would be more after each jump, at the most. Reverts by name while spot or
            a surface is stale.
    """
    return self._losses()


@internal
@view
def _terms() -> uint256:
    """
    @return The first word of the parameters.
    """
    return staticcall parties.GUARDIAN.terms()


@internal
@view
def _sight(
    desk: IMarginDesk,
    is_set: bool,
    at: IHedgeVenue,
    venue: IHedgeVenue.VenueAccount,
    spot: uint256,
    nav: uint256,
    rate: int256,
) -> IBreaker.Sight:
    """
    @return What the breaker looks at. @param rate What holding the position takes.
    """
    word: uint256 = self._terms()
    headroom: uint256 = margin.headroom(nav, word)
    lacking: uint256 = 0
    lendable: uint256 = 0
    lost: uint256 = 0
    if is_set:
        # account by account: what one has too much is no other's, nor what one gained
        all: IHedgeRouter.HedgeAccount = staticcall parties.ROUTER.account(spot, headroom)
        lacking = all.top_up - all.barred
        lost, lendable = staticcall desk.unseen(spot)
    else:
        lacking = margin.gap(
            margin.usable(venue),
            margin.need(venue.position, spot, headroom),
            staticcall at.bounds(venue.position),
        ) // TO_WAD
        lost = margin.lost(venue, staticcall desk.seen(at.address), spot)
        lendable = staticcall parties.VAULT.would_lend(at.address)
    return IBreaker.Sight(
        spot=spot,
        position=venue.position,
        lost=staticcall desk.lost() + lost,
        funding=rate,
        distress=lacking > lendable,
    )


@internal
def _rates(at: IHedgeVenue, is_set: bool) -> (int256, int256):
    """
    @notice What a long and a short were charged in a day, WAD of notional: on average since the venue was asked last, an
            hour ago or more, so that nobody makes a rate for a moment. Until then what it says of now.
    """
    if is_set:
        extcall IVenueSet(at.address).note()
        return staticcall at.funding()  # of each what is charged
    if carry.is_due(self._carry_paid, block.timestamp):
        mark: uint256 = 0
        paid: int256 = 0
        saved: int256 = 0
        mark, paid, saved = staticcall at.funding_since(self._carry_mark)
        self._carry_paid = carry.pack(
            self._carry_mark != 0,
            funding.charged(paid, saved),
            funding.charged(saved, paid),
            block.timestamp,
        )
        self._carry_mark = mark
    long: int256 = 0
    short: int256 = 0
    time: uint256 = 0
    long, short, time = carry.unpack(self._carry_paid)
    if time == 0:
        long, short = staticcall at.funding()
        return funding.charged(long, short), funding.charged(short, long)
    return long, short


@internal
@view
def _carried(at: IHedgeVenue, word: uint256, gross: uint256) -> uint256:
    """
    @return Units that may be open besides, so that a hedge of everything comes home by the market's depth.
    @dev What is there now counts, and no more than is there steadily, or was when something last went home:
         who makes the market lends it for a second to no effect, and takes it away for one to none but on
         a mark of just then.
         The hour's anchor follows what is opened, so that a mark lets twice its pace in before it ends.
    """
    price: uint256 = 0
    now: uint256 = 0
    steady: uint256 = 0
    price, now, steady = staticcall at.average(pacing.AVERAGED)
    ledger: pacing.Ledger = staticcall IRouterParties(parties.ROUTER.address).ledger()
    depth: uint256 = pacing.relieved_depth(ledger, now, steady)
    share: uint256 = terms.field(word, terms.CHUNK)
    most: uint256 = pacing.within(depth, share, terms.field(word, terms.UNWIND)) // UNIT_TO_WAD
    return most - min(most, gross)


@internal
def _counts(place: uint256, has: uint256, ours: uint256, before: uint256) -> uint256:
    """
    @notice Remember what a venue holds besides what is ours.
    @return As much of it as counts, token units. @param before The mark before.
    """
    since: uint256 = gate_word.age(before, block.timestamp)
    counts: uint256 = 0
    self._besides, counts = purses.after(self._besides, place, has - min(has, ours), ours, since)
    return counts


@internal
def _of_several(
    at: IHedgeVenue, spot: uint256, position: int256, before: uint256
) -> (against.Accounts, uint256):
    """
    @notice Remember what each of several venues holds. What is down keeps what is remembered of it, and pays nothing.
    @return The accounts of those that are up, and what all could pay on a gain of the position, token units.
    """
    accounts: against.Accounts = empty(against.Accounts)
    there: IVenueSet = IVenueSet(at.address)
    up: DynArray[address, 4] = staticcall there.venues_up()
    asked: address[4] = empty(address[4])
    i: uint256 = 0
    for one: address in staticcall there.venues():
        if one in up:
            asked[i] = one
        i += 1
    has: uint256[4] = staticcall ISplitter(staticcall there.SPLITTER()).purses_of(asked)
    away: int256 = position
    for k: uint256 in range(purses.PLACES):
        if asked[k] == empty(address):
            continue
        account: IHedgeVenue.VenueAccount = staticcall there.account_at(asked[k], spot)
        ours: uint256 = self._lies(account)
        accounts.held[k] = account.position
        accounts.worth[k] = self._better(account)
        away -= account.position
        has[k] = min(has[k], ours) + self._counts(k, has[k], ours, before)
    if purses.bears(away, position):
        return accounts, 0  # of what it gains where a venue is down nothing is paid
    return accounts, purses.shared(has, accounts.held, position)


@internal
@pure
def _better(venue: IHedgeVenue.VenueAccount) -> int256:
    """
    @return What lies at the venue by the better of two valuations, WAD USD.
    """
    return max(max(venue.equity, venue.venue_equity), 0)


@internal
@pure
def _lies(venue: IHedgeVenue.VenueAccount) -> uint256:
    """
    @return The same in token units, rounded up.
    """
    return (convert(self._better(venue), uint256) + TO_WAD - 1) // TO_WAD


@internal
@view
def _losses() -> IStress.Losses:
    """
    @notice The losses of now.
    """
    book: IMarket.OpenBook = staticcall MARKET.open_book(0)
    rows: uint256[6][SLOTS] = book.rows
    spot: uint256 = staticcall parties.SPOT.spot()
    reading: IVolSurface.Reading = trades._slices(rows)
    trades._check_age(self._terms(), reading.oldest)
    rows = trades._with_slices(rows, reading.slices)
    marks: IRisk.Marks = staticcall parties.RISK.marks(rows, spot, block.timestamp, 0)
    now: int256 = -convert(marks.mid, int256) * UNITS
    sums: int256[stress.JUMPS] = [now, now, now, now, now, now, now, now]
    until: uint256 = max_value(uint256)
    for slot: uint256 in range(SLOTS):
        if rows[slot][0] == 0:
            continue
        expiry: uint256 = book_words.expiry_of(rows[slot][0])
        if expiry <= block.timestamp:
            sums = self._at_maximum(sums, rows[slot][0])
            continue
        until = min(until, expiry)
        worst: int256[stress.JUMPS] = self._row(sums, rows[slot], spot, expiry - block.timestamp)
        if reading.beside[slot] != 0:
            row: uint256[6] = rows[slot]
            row[1] = reading.beside[slot]
            worst = self._worse(worst, self._row(sums, row, spot, expiry - block.timestamp))
        sums = worst
    return IStress.Losses(sums=sums, until=until, spot=spot, totals=book.totals)


@internal
@pure
def _row(
    sums: int256[stress.JUMPS], row: uint256[6], spot: uint256, life: uint256
) -> int256[stress.JUMPS]:
    """
    @notice `sums` with one expiry: strikes outside, jumps inside.
    """
    smile: surface.Smile = inlined.read(row[1], spot, life)
    forward: uint256 = convert(smile.forward, uint256)
    empty_side: stress.Side = empty(stress.Side)
    result: int256[stress.JUMPS] = inlined.added(
        sums,
        forward,
        empty_side,
        empty_side,
        book_words.forward_of(row[0]),
        book_words.cash_of(row[0]) * CASH_TO_WAD,
    )
    base: int256 = smile.forward * FINE
    offset: int256 = 0
    k: int256 = 0
    near: int256 = 2**93
    for i: uint256 in range(book_words.count_of(row[0]), bound=book_words.MAX_NODES):
        ticks: uint256 = 0
        size: int256 = 0
        ticks, size = book_words.node([row[2], row[3], row[4], row[5]], i)
        if size == 0:
            continue
        strike: int256 = convert(ticks * WAD, int256)
        k, base, offset = fixed_point.ln_near(strike * FINE, smile.forward * FINE, base, offset)
        near = inlined.deviation(smile, k, near)[0]
        count: uint256 = convert(abs(size), uint256)
        if size > 0:
            up: stress.Side = stress.more(ticks * WAD, k, near, count, True)
            result = inlined.added(result, forward, up, empty_side, 0, 0)
        else:
            down: stress.Side = stress.less(ticks * WAD, k, near, count, False)
            result = inlined.added(result, forward, empty_side, down, 0, 0)
    return result


@internal
@pure
def _at_maximum(sums: int256[stress.JUMPS], header: uint256) -> int256[stress.JUMPS]:
    """
    @notice `sums` with an expiry at the most that it can have to pay.
    """
    most: int256 = convert(book_words.maximum_of(header), int256) * CASH_TO_WAD
    empty_side: stress.Side = empty(stress.Side)
    return inlined.added(sums, 0, empty_side, empty_side, 0, most)


@internal
@pure
def _worse(one: int256[stress.JUMPS], other: int256[stress.JUMPS]) -> int256[stress.JUMPS]:
    """
    @return The larger loss by each jump.
    """
    result: int256[stress.JUMPS] = one
    for j: uint256 in range(stress.JUMPS):
        result[j] = max(one[j], other[j])
    return result
