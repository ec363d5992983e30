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
"""

from .interfaces import IHedgeRouter
from .interfaces import IMark
from .interfaces import IMarket
from .interfaces import IRisk
from .interfaces import IUnderwriter
from .interfaces import IVault
from .interfaces import IVolSurface
from .lib import book_totals
from .lib import book_words
from .lib import series
from .lib import terms
from .modules import hedges
from .modules import parties
from .modules import trades

implements: IMark

initializes: parties
initializes: trades[parties := parties]
initializes: hedges[parties := parties]


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
VENUE_WAIT: constant(uint256) = 3 * 86_400  # for those who leave while the venue is down
MIN_SPOT: constant(uint256) = 10**16  # what Risk takes
MAX_SPOT: constant(uint256) = 2**96 - 1


struct Expiry:
    expiry: uint256
    units: uint256  # outstanding, 1e-6 ETH
    maximum: uint256  # the most it can have to pay, token units
    forward: int256  # units of forward sold
    cash: int256  # token units of cash sold
    slice: uint256
    strikes: DynArray[uint256, 16]  # ticks, rising
    sizes: DynArray[int256, 16]  # net change of slope sold at each strike, 1e-6 ETH


struct Snapshot:
    timestamp: uint256
    block_number: uint256
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
    account: IHedgeRouter.HedgeAccount
    expiries: DynArray[Expiry, 8]


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
def _check_settled(rows: uint256[6][SLOTS]) -> bool:
    """
    @dev No expiry waits for its price.
    @return Whether anything is open.
    """
    is_open: bool = False
    for slot: uint256 in range(SLOTS):
        if rows[slot][0] != 0:
            assert book_words.expiry_of(rows[slot][0]) > block.timestamp, "lens: settle first"
            is_open = True
    return is_open


@internal
@view
def _check_venue(word: uint256, leaves: bool) -> bool:
    """
    @dev While the venue is down nobody knows what lies there. Who leaves waits three days for it, and
         then leaves without his part of it; who comes waits for as long as it takes.
    @return Whether it is down.
    """
    if not terms.is_down(word):
        return False
    since: uint256 = staticcall parties.GUARDIAN.down_since()
    assert leaves and block.timestamp >= since + VENUE_WAIT, "lens: venue down"
    return True


@external
@view
def mark() -> IMark.Mark:
    """
    @notice What the book and the hedge are worth, from both sides. Calls no Vault view.
    """
    return self._mark(False, False)


@external
@view
def closing_mark() -> IMark.Mark:
    """
    @notice The same for those who leave: once no feed is left, at the venue's index.
    """
    return self._mark(True, False)


@external
@view
def worst_mark() -> IMark.Mark:
    """
    @notice As `closing_mark`, and also where slices are too old to price on: their expiries are
            worth anything from nothing to their maximum.
    """
    return self._mark(True, True)


@internal
@view
def _mark(leaves: bool, may_be_stale: bool) -> IMark.Mark:
    """
    @notice The mark; a stale surface is refused, or counted at its bounds.
    @dev A book without options and without a hedge needs no feed and no surface.
    """
    word: uint256 = staticcall parties.GUARDIAN.terms()
    open: IMarket.OpenBook = staticcall MARKET.open_book(0)
    is_down: bool = self._check_venue(word, leaves)
    position: int256 = trades._position(word)
    is_open: bool = self._check_settled(open.rows)
    spot: uint256 = 0
    if is_open or position != 0:
        spot = trades._spot(leaves)
    result: IMark.Mark = empty(IMark.Mark)
    result.maxima = book_totals.maxima(open.totals)
    result.claims = book_totals.claims(open.totals)
    residual: int256 = position
    if is_open:
        reading: IVolSurface.Reading = trades._slices(open.rows)
        if not may_be_stale:
            trades._check_age(word, reading.oldest)
        marks: IRisk.Marks = self._marks(word, open.rows, reading, spot)
        residual -= marks.delta
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
    result.top_up = account.top_up
    rate: uint256 = (terms.field(word, terms.FILL_BAND) * 10**14 + parties.IMPUTED)
    result.rehedge_cost = convert(abs(residual), uint256) * spot // WAD * rate // WAD
    return result


@internal
@view
def _marks(
    word: uint256, rows: uint256[6][SLOTS], reading: IVolSurface.Reading, spot: uint256
) -> IRisk.Marks:
    """
    @notice The liability. Where two slices are quoted, low and high are the worst of both; where a
            slice is too old, they are nothing and the maximum.
    """
    plain: uint256[6][SLOTS] = trades._with_slices(rows, reading.slices)
    odd: DynArray[uint256, SLOTS] = []
    for slot: uint256 in range(SLOTS):
        if rows[slot][0] != 0 and (
            reading.beside[slot] != 0 or self._is_stale(word, reading, slot)
        ):
            odd.append(slot)
            plain[slot] = empty(uint256[6])
    total: IRisk.Marks = self._priced_marks(word, plain, spot)
    for slot: uint256 in odd:
        one: IRisk.Marks = self._marks_of(word, slot, rows[slot], reading, spot)
        total.mid += one.mid
        total.low += one.low
        total.high += one.high
        total.delta += one.delta
        total.gamma += one.gamma
        total.vega += one.vega
    return total


@internal
@view
def _is_stale(word: uint256, reading: IVolSurface.Reading, slot: uint256) -> bool:
    """
    @return Whether a slot's slice is too old to price on.
    """
    valid_from: uint256 = (reading.times >> (slot << 5)) & (2**32 - 1)
    return block.timestamp > valid_from + terms.field(word, terms.SURFACE_AGE)


@internal
@view
def _marks_of(
    word: uint256, slot: uint256, row: uint256[6], reading: IVolSurface.Reading, spot: uint256
) -> IRisk.Marks:
    """
    @notice One expiry whose slice is stale, or has another beside it.
    """
    rows: uint256[6][SLOTS] = empty(uint256[6][SLOTS])
    rows[slot] = row
    rows[slot][1] = reading.slices[slot]
    marks: IRisk.Marks = self._priced_marks(word, rows, spot)
    if self._is_stale(word, reading, slot):
        marks.low = 0
        marks.high = book_words.maximum_of(row[0]) * TO_WAD
    elif reading.beside[slot] != 0:
        rows[slot][1] = reading.beside[slot]
        other: IRisk.Marks = self._priced_marks(word, rows, spot)
        marks.low = min(marks.low, other.low)
        marks.high = max(marks.high, other.high)
    return marks


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
    @notice What a trade would be now, were its order filled exactly: its `units` are those that the
            floor lets fill, its `order` is the one that is sent. Reverts in every state in which
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
        trades._check_capital(state.desk.terms, state.funds, added, totals)
    deal.order = hedges._order(deal, is_close)
    rate: uint256 = hedges._rate(state.desk, deal.own, deal.order, is_close)
    residual: int256 = state.desk.position + deal.order - deal.delta
    hedges._verify(residual, deal.residual, deal.hard, is_close)
    return deal


@external
@view
def max_close(id: uint256, units: uint256) -> uint256:
    """
    @notice The part of a close that the floor lets fill now, 0 for none; otherwise as `quote`.
    """
    state: trades.State = empty(trades.State)
    deal: IUnderwriter.Deal = empty(IUnderwriter.Deal)
    state, deal = self._priced(id, units, True)
    return deal.units


@internal
@view
def _priced(id: uint256, units: uint256, is_close: bool) -> (trades.State, IUnderwriter.Deal):
    """
    @notice The first three steps of a trade, on the Market's own book.
    """
    expiry: uint256 = series.expiry_of(id)
    word: uint256 = trades._guard(expiry, units, is_close)
    state: trades.State = trades._read(word, staticcall MARKET.open_book(expiry), is_close)
    return state, trades._price(state, id, units, is_close)


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
        for i: uint256 in range(h.count, bound=16):
            strike: uint256 = 0
            size: int256 = 0
            strike, size = book_words.node(book.words[slot].nodes, i)
            e.strikes.append(strike)
            e.sizes.append(size)
        listed.append(e)
    return listed


@external
@view
def expiries() -> DynArray[Expiry, 8]:
    """
    @notice Every listed expiry from chain state alone (slices left out).
    """
    return self._listing(staticcall MARKET.snapshot(), empty(uint256[8]))


@external
@view
def snapshot() -> Snapshot:
    """
    @notice Everything that the keeper decides on, at one block. Spot is the feed's last answer,
            with a flag that says whether the contracts would take it; the surface is the last.
    """
    open: IMarket.OpenBook = staticcall MARKET.open_book(0)
    s: Snapshot = empty(Snapshot)
    s.timestamp = block.timestamp
    s.block_number = block.number
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
    s.gross = desk.gross
    exposure: IRisk.Exposure = staticcall parties.RISK.exposure(
        trades._with_slices(open.rows, reading.slices), desk.spot, block.timestamp
    )
    s.stance = staticcall parties.UNDERWRITER.stance(exposure, desk)
    headroom: uint256 = s.funds.nav * TO_WAD * terms.field(s.terms[0], terms.MAX_TRADE) // 10_000
    if not terms.is_down(s.terms[0]):
        s.account = staticcall parties.ROUTER.account(
            staticcall parties.ROUTER.margin_spot(), headroom
        )
    s.expiries = self._listing(staticcall MARKET.snapshot(), reading.slices)
    return s
