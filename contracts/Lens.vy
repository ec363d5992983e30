# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title Lens
@license AGPL-3.0-only
@author Tandem contributors
@notice Read-only views: the mark that the Vault prices shares with, quotes, the book, and the
        one call from which the keeper takes a whole snapshot. Holds no state and moves nothing.
@dev Every figure comes from the same mathematics that a trade uses; the views of the Market that
     are read here are locked while a trade runs, so a half-done book is never shown.
     Longer than 450 lines: the mark, a quote and a snapshot are three questions to the same rooms, and
     each asks them all.
"""

from .interfaces import IBreaker
from .interfaces import IHedgeRouter
from .interfaces import IHedgeVenue
from .interfaces import IMark
from .interfaces import IMarginDesk
from .interfaces import IMarket
from .interfaces import IRisk
from .interfaces import IUnderwriter
from .interfaces import IStress
from .interfaces import IVault
from .interfaces import IVolSurface
from .lib import band
from .lib import book_totals
from .lib import book_words
from .lib import margin
from .lib import series
from .lib import terms
from .modules import hedges
from .modules import parties
from .modules import trades

implements: IMark

initializes: parties
initializes: trades[parties := parties]
initializes: hedges[parties := parties]


interface IRouterParties:
    def STRESS() -> address: view
    def DESK() -> address: view


interface IStressParties:
    def BREAKER() -> address: view


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

WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12
SLOTS: constant(uint256) = 8
ACCOUNT: constant(uint256) = 32 * 8  # bytes of a hedge account
LEAST_GAP: constant(uint256) = 10**18  # a dollar moves nobody's price
DEAR: constant(uint256) = 10_000  # the part of NAV that a deposit pays for a venue that is off
STALE: constant(uint256) = 2**128  # in a sum of widths, WAD USD: a slice is past patience
UNSURE: constant(uint256) = 10**16 // 3_600  # a volatility point an hour, by the second, WAD
REST: constant(uint256) = 3_600  # seconds behind an outage in which nobody leaves but calmly
MIN_SPOT: constant(uint256) = 10**16  # what Risk takes
MAX_SPOT: constant(uint256) = 2**96 - 1
ROUNDED: constant(int256) = 10**6  # WAD ETH: so near is the position of our last order known


struct Expiry:
    expiry: uint256
    units: uint256  # outstanding, 1e-6 ETH
    maximum: uint256  # the most it can have to pay, token units
    forward: int256  # units of forward sold
    cash: int256  # token units of cash sold
    slice: uint256
    strikes: DynArray[uint256, 16]  # ticks, rising
    sizes: DynArray[int256, 16]  # net change of slope sold at each strike, 1e-6 ETH
    is_delisted: bool  # whether nothing opens there any more


struct Snapshot:
    timestamp: uint256
    terms: uint256[2]  # both words (layout: lib/terms.vy)
    spot: uint256
    spot_time: uint256
    spot_fresh: bool
    surface_time: uint256  # of the oldest slice in use
    stance: IUnderwriter.Stance
    position: int256
    gross: uint256
    maxima: uint256
    claims: uint256
    floor: int256
    funds: IVault.Funds
    account: IHedgeRouter.HedgeAccount  # nothing where it is not known, or all venues are down
    account_known: bool  # whether each venue that is up says what its account is worth
    expiries: DynArray[Expiry, 8]
    gate: IStress.Gate
    breaker: IBreaker.State


@deploy
def __init__(market: address):
    """
    @param market Whose book is shown; whom it meets is asked of it.
    """
    MARKET = IMarket(market)
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


# ---------------------------------------------------------------- the mark


@internal
@view
def _is_open(rows: uint256[6][SLOTS]) -> bool:
    """
    @return Whether anything is open.
    """
    for slot: uint256 in range(SLOTS):
        if rows[slot][0] != 0:
            return True
    return False


@internal
@view
def _is_settled(rows: uint256[6][SLOTS]) -> bool:
    """
    @return Whether no expiry waits for its price.
    """
    for slot: uint256 in range(SLOTS):
        if rows[slot][0] != 0 and book_words.expiry_of(rows[slot][0]) <= block.timestamp:
            return False
    return True


@internal
@view
def _check_venue(word: uint256, leaves: bool) -> bool:
    """
    @dev While a venue is down nobody knows what lies there. Who leaves waits three days for it, and
         then leaves without his part of it; who comes waits for as long as it takes.
    @return Whether all of them are down.
    """
    if not terms.is_any_down(word):
        return False
    since: uint256 = staticcall parties.GUARDIAN.down_since()
    assert leaves and block.timestamp >= since + terms.VENUE_WAIT, "lens: venue down"
    return terms.is_down(word)


@external
@view
def mark() -> IMark.Mark:
    """
    @notice What the book and the hedge are worth, from both sides. Calls no Vault view but what it may lend.
    """
    return self._mark(0, 0)


@external
@view
def mark_for(nav: uint256, patience: uint256) -> IMark.Mark:
    """
    @notice The mark that shares are priced with. Calls no Vault view but what it may lend.
    @param nav Token units; what is calm is a matter of it.
    @param patience Seconds after which an expiry whose slice nobody renewed stops the mark no more,
           and is known less by the hour; 0 for never. Not 0 for those who leave: they alone meet
           the spot of last resort, and a venue that is down.
    """
    result: IMark.Mark = self._mark(nav, patience)
    if patience == 0:
        beyond: uint256 = result.rehedge_gain - result.rehedge_cost
        assert beyond <= max(nav * TO_WAD // DEAR, LEAST_GAP), "lens: venue off oracle"
    elif result.stale or not result.calm:
        # while there was no price nobody could hedge, leave or renew a slice: that was no wait
        result.resumed = not staticcall parties.SPOT.had_spot(block.timestamp - REST)
        result.calm = result.calm and not result.resumed
    return result


@internal
@view
def _mark(nav: uint256, patience: uint256) -> IMark.Mark:
    """
    @dev Calm is a mark at which the book is hedged and both sides of NAV are near each other.
         Longer than a function should be: what is read once of book, venue and terms fills one
         mark, field by field.
    """
    words: uint256[2] = staticcall parties.GUARDIAN.words()
    word: uint256 = words[0]
    open: IMarket.OpenBook = staticcall MARKET.open_book(0)
    is_down: bool = self._check_venue(word, patience != 0)
    position: int256 = self._hedging(word)
    is_open: bool = self._is_open(open.rows)
    assert self._is_settled(open.rows), "lens: settle first"
    spot: uint256 = 0
    if is_open or position != 0:
        spot = trades._spot(patience != 0)
    result: IMark.Mark = empty(IMark.Mark)
    result.maxima = book_totals.maxima(open.totals)
    result.claims = book_totals.claims(open.totals)
    marks: IRisk.Marks = empty(IRisk.Marks)
    apart: uint256 = 0
    if is_open:
        marks, apart = self._marks(word, open.rows, spot, patience)
        result.liability = marks.mid
        result.liability_low = marks.low
        result.liability_high = marks.high
    account: IHedgeRouter.HedgeAccount = empty(IHedgeRouter.HedgeAccount)
    if not is_down:
        account = staticcall parties.ROUTER.account(spot, 0)
    result.equity = account.equity
    result.equity_low = account.equity_low
    result.equity_high = account.equity_high
    result.bankrupt = account.bankrupt
    result.top_up = account.top_up - account.barred
    result.stale = apart >= STALE
    open_delta: int256 = position - marks.delta
    residual: uint256 = convert(abs(open_delta), uint256)
    rate: uint256 = (terms.field(word, terms.FILL_BAND) * 10**14 + parties.IMPUTED)
    result.rehedge_cost = residual * spot // WAD * rate // WAD
    result.rehedge_gain = result.rehedge_cost
    if patience == 0 and residual != 0 and not is_down:
        result.rehedge_gain = max(result.rehedge_gain, self._gap(open_delta, spot))
    trigger: uint256 = self._trigger(word, marks.gamma, spot, nav, open.totals)
    # A debt without a position, there or at another venue, is the venue's and moves no more.
    if residual < trigger and (account.need == 0 or not account.bankrupt):
        gap: uint256 = terms.field(words[1], terms.EXIT_GAP)
        result.calm = self._is_near(result, apart % STALE, nav, gap)
    if patience != 0 and result.calm and spot != 0 and not is_down:
        return self._fair(word, result, open_delta, spot)
    return result


@internal
@view
def _hedging(word: uint256) -> int256:
    """
    @notice The hedge, as the venue reports it, as far as our orders have made it: what a venue says beyond
            prices nobody, nor does what others put there.
    """
    made: int256 = staticcall parties.ROUTER.last_position()
    return max(min(trades._position(word), max(made, 0) + ROUNDED), min(made, 0) - ROUNDED)


@internal
@view
def _fair(word: uint256, calm: IMark.Mark, residual: int256, spot: uint256) -> IMark.Mark:
    """
    @notice The mark of who leaves where both sides are near each other, at what things are expected to
            be worth and not at their worst, which a moment later is another: the position and the
            book at spot, the residual at the venue's fee. Where the venue trades says whether anybody
            leaves, never for how much: its price is moved by anybody, and by the last chunk of the
            hedge itself. Farther than half the fill band from spot, now or on the last minute's average,
            one of the two prices is of another moment: who knows which would leave now, or never.
    """
    there: IHedgeVenue.Quotation = staticcall parties.ROUTER.quotation(False)
    above: uint256 = max(min(there.high, MAX_SPOT), spot) - spot
    far: uint256 = max(above, spot - min(there.low, spot))
    result: IMark.Mark = calm
    if far * 20_000 > spot * terms.field(word, terms.FILL_BAND):
        result.calm = False
        return result
    if not calm.bankrupt:
        # what one of several owes is taken from no other
        result.equity_low = convert(max(calm.equity, 0), uint256)
    open: uint256 = convert(abs(residual), uint256)
    result.rehedge_cost = open * spot // WAD * min(there.fee, WAD) // WAD
    return result


@internal
@view
def _gap(residual: int256, spot: uint256) -> uint256:
    """
    @notice What a residual gains, WAD USD, where it is the oracle that lags and not the venue that is
            off: who comes knows which. Who leaves is not asked, because anybody moves a pool.
    """
    there: IHedgeVenue.Quotation = staticcall parties.ROUTER.quotation(False)
    better: uint256 = 0
    if residual > 0:
        better = max(there.high, spot) - spot
    else:
        better = spot - min(there.low, spot)
    return convert(abs(residual), uint256) * better // WAD


@internal
@pure
def _is_near(m: IMark.Mark, odd: uint256, nav: uint256, gap: uint256) -> bool:
    """
    @return Whether low and high NAV lie near each other: what the venue counts, what its position
            is worth at spot, and what closing the residual may cost or gain. The book's own spread
            is left aside: it is the same at every moment.
    @param odd What doubled slices hold the sides of the liability apart. @param gap 1e-4 of NAV.
    """
    apart: uint256 = m.equity_high - m.equity_low + m.rehedge_cost + m.rehedge_gain + odd
    return apart <= max(nav * TO_WAD * gap // 10_000, LEAST_GAP)


@internal
@view
def _trigger(word: uint256, gamma: int256, spot: uint256, nav: uint256, totals: uint256) -> uint256:
    """
    @dev The residual from which on anybody may bring all of it home.
    """
    widths: IRisk.Band = band.hedge_band(
        gamma,
        spot,
        nav * TO_WAD,
        terms.field(word, terms.HEDGE_COST),
        terms.field(word, terms.RISK_AVERSION),
        book_totals.gross(totals),
        parties.LOT,
    )
    return max(widths.width, widths.trigger)


@internal
@view
def _marks(
    word: uint256, rows: uint256[6][SLOTS], spot: uint256, patience: uint256
) -> (IRisk.Marks, uint256):
    """
    @notice The liability, and how much farther than their spread its two sides lie apart. Where two
            slices are quoted, low and high are the worst of both; where a slice is past patience,
            they move apart by the hour, and `STALE` is in the sum.
    """
    reading: IVolSurface.Reading = trades._slices(rows)
    plain: uint256[6][SLOTS] = trades._with_slices(rows, reading.slices)
    odd: DynArray[uint256, SLOTS] = []
    for slot: uint256 in range(SLOTS):
        if rows[slot][0] != 0 and (
            reading.beside[slot] != 0 or not trades._is_fresh(word, self._time(reading, slot))
        ):
            odd.append(slot)
            plain[slot] = empty(uint256[6])
    total: IRisk.Marks = self._priced_marks(word, plain, spot)
    apart: uint256 = 0
    for slot: uint256 in odd:
        one: IRisk.Marks = empty(IRisk.Marks)
        width: uint256 = 0
        one, width = self._marks_of(word, slot, rows[slot], reading, spot, patience)
        total.mid += one.mid
        total.low += one.low
        total.high += one.high
        total.delta += one.delta
        total.gamma += one.gamma
        total.vega += one.vega
        apart += width
    return total, apart


@internal
@pure
def _time(reading: IVolSurface.Reading, slot: uint256) -> uint256:
    """
    @return The moment that a slot's slice describes.
    """
    return (reading.times >> (slot << 5)) & (2**32 - 1)


@internal
@view
def _marks_of(
    word: uint256,
    slot: uint256,
    row: uint256[6],
    reading: IVolSurface.Reading,
    spot: uint256,
    patience: uint256,
) -> (IRisk.Marks, uint256):
    """
    @notice One expiry whose slice is stale, or has another beside it, and how much farther apart its
            sides are for it. A stale one is waited for; then it counts by what stands of it, and once
            that is older than patience its sides are `UNSURE` farther from it with each second, as long
            as they are prices. So they are at every moment, and `STALE` stands for it.
    """
    rows: uint256[6][SLOTS] = empty(uint256[6][SLOTS])
    rows[slot] = row
    rows[slot][1] = reading.slices[slot]
    marks: IRisk.Marks = self._priced_marks(word, rows, spot)
    time: uint256 = self._time(reading, slot)
    if not trades._is_fresh(word, time):
        # One that is renewed while others are stale, by turns, is waited for no longer than those: from
        # when all that is open was last fresh together somebody could have left.
        since: uint256 = min(time, staticcall parties.SURFACE.whole_at())
        if patience == 0 or block.timestamp <= since + patience:
            trades._check_age(word, time)
        late: uint256 = block.timestamp - min(block.timestamp, time + patience)
        apart: uint256 = convert(abs(marks.vega), uint256) * late * UNSURE // WAD
        marks.low -= min(apart, marks.low)
        most: uint256 = book_words.maximum_of(row[0]) * TO_WAD
        marks.high = min(marks.high + apart, most)
        return marks, STALE
    plain: uint256 = marks.high - marks.low
    rows[slot][1] = reading.beside[slot]
    other: IRisk.Marks = self._priced_marks(word, rows, spot)
    marks.low = min(marks.low, other.low)
    marks.high = max(marks.high, other.high)
    return marks, marks.high - marks.low - plain


@internal
@view
def _priced_marks(word: uint256, rows: uint256[6][SLOTS], spot: uint256) -> IRisk.Marks:
    """
    @notice The liability by the slices in the rows.
    """
    half_spread: uint256 = terms.field(word, terms.HALF_SPREAD) * 10**14
    return staticcall parties.RISK.marks(rows, spot, block.timestamp, half_spread)


# ---------------------------------------------------------------- quotes


@external
@view
def quote(id: uint256, units: uint256, is_close: bool) -> IUnderwriter.Deal:
    """
    @notice What a trade would be now, were its order filled exactly: its `units` are those that floor
            and margin let fill, its `order` is the one that is sent. Reverts in every state in which
            the Market refuses such a trade, and by the same name, but for what only the trader
            knows (his deadline and price bounds, what he holds and allows) and what only the
            venue does (whether and where it fills).
    """
    state: trades.State = empty(trades.State)
    deal: IUnderwriter.Deal = empty(IUnderwriter.Deal)
    state, deal = self._priced(id, units, is_close)
    if is_close:
        trades._check_part(deal, 0)
    else:
        slot: uint256 = state.book.slot
        totals: uint256 = book_totals.moved(
            state.book.totals, slot, state.book.rows[slot][0], deal.words.header
        )
        added: uint256 = deal.premium + deal.fee + deal.charge
        trades._check_capital(state.desk, state.funds, added, totals)
    hedges._rate(state.desk, deal.own, deal.order, is_close)  # may refuse
    position: int256 = state.desk.position + deal.order
    if not is_close:
        admitted: bool = staticcall parties.ROUTER.admits(
            hedges._brought(state.desk, deal.own, 0, deal.jumps, deal.units), position
        )
    hedges._verify(position - deal.delta, deal.residual, deal.hard, is_close)
    return deal


@external
@view
def max_close(id: uint256, units: uint256) -> uint256:
    """
    @notice The part of a close that floor and margin let fill now, 0 for none; otherwise as `quote`.
    """
    state: trades.State = empty(trades.State)
    deal: IUnderwriter.Deal = empty(IUnderwriter.Deal)
    state, deal = self._priced(id, units, True)
    return deal.units


@internal
@view
def _priced(id: uint256, units: uint256, is_close: bool) -> (trades.State, IUnderwriter.Deal):
    """
    @notice A trade priced on the Market's own book, as far as the venue carries it, and the order
            that is sent.
    """
    expiry: uint256 = series.expiry_of(id)
    word: uint256 = trades._guard(expiry, units, is_close)
    state: trades.State = trades._read(word, staticcall MARKET.open_book(expiry), is_close)
    deal: IUnderwriter.Deal = trades._price(state, id, units, is_close)
    order: int256 = hedges._order(state.desk, state.book.rows, deal, is_close)[0]
    if is_close and order != deal.order:
        deal = trades._carried(state, id, units, order)
    else:
        deal.order = order
    return state, deal


# ---------------------------------------------------------------- the venue


@external
@view
def history() -> (uint256, uint256):
    """
    @notice For how many seconds back the hedge venue knows its own prices, and for how many it must
            to value accounts and fill orders; while the first is less, nothing trades.
    """
    return staticcall parties.ROUTER.history()


# ---------------------------------------------------------------- the whole state


@internal
@view
def _listing(book: IMarket.Book, slices: uint256[8]) -> DynArray[Expiry, 8]:
    """
    @notice Every listed expiry, decoded.
    """
    listed: DynArray[Expiry, 8] = []
    for slot: uint256 in range(SLOTS):
        if (book.totals >> slot) & 1 == 0:
            continue
        h: book_words.Header = book_words.unpack(book.words[slot].header)
        e: Expiry = empty(Expiry)
        e.expiry = h.expiry
        e.units = h.units
        e.maximum = h.maximum
        e.forward = h.forward
        e.cash = h.cash
        e.slice = slices[slot]
        e.is_delisted = book_words.is_delisted(book.words[slot].header)
        quarters: uint256 = 0
        for i: uint256 in range(h.count, bound=16):
            if i & 3 == 0:
                quarters = book.words[slot].nodes[i >> 2]
            e.strikes.append(book_words.strike_of(quarters))
            e.sizes.append(book_words.size_of(quarters))
            quarters <<= 64
        listed.append(e)
    return listed


@external
@view
def expiries() -> DynArray[Expiry, 8]:
    """
    @notice Every listed expiry from chain state alone (slices left out).
    """
    return self._listing(staticcall MARKET.snapshot(), empty(uint256[8]))


@internal
@view
def _account(headroom: uint256) -> (bool, IHedgeRouter.HedgeAccount):
    """
    @return Whether the hedge account is known, and the account at the price that top-ups go by.
    """
    desk: IMarginDesk = IMarginDesk(staticcall IRouterParties(parties.ROUTER.address).DESK())
    good: bool = False
    answer: Bytes[ACCOUNT] = b""
    good, answer = raw_call(
        desk.address,
        abi_encode(
            staticcall desk.margin_spot(), headroom, method_id=method_id("account(uint256,uint256)")
        ),
        max_outsize=ACCOUNT,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not good:
        return False, empty(IHedgeRouter.HedgeAccount)
    return True, abi_decode(answer, IHedgeRouter.HedgeAccount)


@external
@view
def snapshot() -> Snapshot:
    """
    @notice Everything that the keeper decides on, at one block. Spot is the feed's last answer,
            with a flag that says whether the contracts would take it; the surface is the last. Where one
            of several venues does not say what its account is worth, the rest is told all the same:
            the others hedge on (VS-8), and who keeps them needs to see it.
    """
    open: IMarket.OpenBook = staticcall MARKET.open_book(0)
    s: Snapshot = empty(Snapshot)
    s.timestamp = block.timestamp
    s.terms = staticcall parties.GUARDIAN.words()
    s.spot, s.spot_time, s.spot_fresh = staticcall parties.SPOT.peek()
    s.funds = staticcall parties.VAULT.funds()
    s.maxima = book_totals.maxima(open.totals)
    s.claims = book_totals.claims(open.totals)
    s.floor = trades._floor(s.funds, open.totals)
    reading: IVolSurface.Reading = trades._slices(open.rows)
    s.surface_time = reading.oldest
    # An answer that makes no sense is shown, and reckoned with as the nearest that does.
    spot: uint256 = min(max(s.spot, MIN_SPOT), MAX_SPOT)
    desk: IUnderwriter.Desk = trades._desk(s.terms[0], spot, s.funds.nav, open.totals)
    s.position = desk.position
    s.gross = book_totals.gross(open.totals)
    exposure: IRisk.Exposure = staticcall parties.RISK.exposure(
        trades._with_slices(open.rows, reading.slices),
        desk.spot,
        block.timestamp,
    )
    s.stance = staticcall parties.UNDERWRITER.stance(exposure, desk)
    s.account_known = True
    if not terms.is_down(s.terms[0]):
        s.account_known, s.account = self._account(margin.headroom(s.funds.nav, s.terms[0]))
    s.expiries = self._listing(staticcall MARKET.snapshot(), reading.slices)
    stress: address = staticcall IRouterParties(parties.ROUTER.address).STRESS()
    s.gate = staticcall IStress(stress).gate(spot, s.funds.nav, book_totals.opened(open.totals))
    s.breaker = staticcall IBreaker(staticcall IStressParties(stress).BREAKER()).state()
    return s
