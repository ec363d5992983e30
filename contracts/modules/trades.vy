# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title trades
@license AGPL-3.0-only
@author Tandem contributors
@notice What a trade reads, once, and why it is refused: the text that the Market trades by and
        that the Lens quotes by, so that both say no in the same states and by the same names.
@dev Stateless; every call is a view. The book is the caller's: the Market has it in storage, the
     Lens asks the Market for it. Refusals that depend on the caller (deadline, price bounds, what
     he holds and allows) or on the venue's fill are not here.
     Longer than 250 lines: guard, reading, price and capital are the steps of one trade, and
     whoever trades and whoever quotes must find the same text of each.
"""

from . import parties
from ..interfaces import IMarket
from ..interfaces import IRisk
from ..interfaces import IUnderwriter
from ..interfaces import IVault
from ..interfaces import IVolSurface
from ..lib import book_totals
from ..lib import book_words
from ..lib import series
from ..lib import terms

uses: parties

SLOTS: constant(uint256) = 8
MASK_32: constant(uint256) = 2**32 - 1
# A slice of one per cent of volatility at every strike, without a basis (layout: lib/surface.vy).
STILL: constant(uint256) = (
    45231284858571838123870958236356049529527637229394843587462495101351066265600
)


# What a trade reads, once.
struct State:
    book: IMarket.OpenBook  # with the traded expiry, and with slices
    slice_beside: uint256  # of the traded expiry, quoted where it is the worse one
    desk: IUnderwriter.Desk
    funds: IVault.Funds


# ---------------------------------------------------------------- 1 guard


@internal
@view
def _guard(expiry: uint256, units: uint256, is_close: bool) -> uint256:
    """
    @return The terms of the trade.
    """
    word: uint256 = staticcall parties.GUARDIAN.terms()
    if is_close:
        assert expiry > block.timestamp, "market: expired, redeem"
        assert units != 0, "market: zero size"
    else:
        assert not terms.stops_opens(word), "market: paused"
        self._check_up(word)
    return word


@internal
@pure
def _check_up(word: uint256):
    """
    @notice What needs the hedge venue waits while that is down.
    """
    assert not terms.is_down(word), "market: venue down"


# ---------------------------------------------------------------- 2 read once


@internal
@view
def _read(word: uint256, book: IMarket.OpenBook, is_close: bool) -> State:
    """
    @notice Everything that a trade depends on, read once.
    @dev An open needs every slice fresh. A close needs that of its own expiry: what it does not
         price is taken as it stands, and counts the more against its bid the older it is. Where
         nobody has renewed it for the longest wait of an exit, the close is bid at most what the
         option would be worth if spot hardly moved any more. A rebalance, which has no slot, takes
         the last surface however old it is, and the spot of last resort.
    @param book With the slot of the traded expiry, slices left 0.
    """
    state: State = empty(State)
    state.funds = staticcall parties.VAULT.funds()
    spot: uint256 = self._spot(book.slot == SLOTS)
    state.desk = self._desk(word, spot, state.funds.nav, book.totals)
    reading: IVolSurface.Reading = self._slices(book.rows)
    if book.slot != SLOTS:
        own: uint256 = (reading.times >> (book.slot << 5)) & MASK_32
        state.slice_beside = reading.beside[book.slot]
        if is_close and self._is_forsaken(word, own):
            state.slice_beside = STILL
        else:
            self._check_age(word, own if is_close else reading.oldest)
    state.desk.surface_age = block.timestamp - reading.oldest
    state.book = book
    # written out here as in _with_slices: a copy of the rows costs as much as all of it
    state.book.rows[0][1] = reading.slices[0]
    state.book.rows[1][1] = reading.slices[1]
    state.book.rows[2][1] = reading.slices[2]
    state.book.rows[3][1] = reading.slices[3]
    state.book.rows[4][1] = reading.slices[4]
    state.book.rows[5][1] = reading.slices[5]
    state.book.rows[6][1] = reading.slices[6]
    state.book.rows[7][1] = reading.slices[7]
    return state


@internal
@view
def _spot(closes: bool) -> uint256:
    """
    @notice The spot price; of last resort where a hedge is closed and nobody trades on it.
    """
    if not closes:
        return staticcall parties.SPOT.spot()
    return (staticcall parties.SPOT.closing_spot())[0]


@internal
@view
def _position(word: uint256) -> int256:
    """
    @notice The hedge: as the venue reports it, and while that is down as it was last known.
    """
    if terms.is_down(word):
        return staticcall parties.ROUTER.last_position()
    return staticcall parties.ROUTER.position()


@internal
@view
def _desk(word: uint256, spot: uint256, nav: uint256, totals: uint256) -> IUnderwriter.Desk:
    """
    @notice The circumstances that every trade shares.
    """
    return IUnderwriter.Desk(
        terms=word,
        timestamp=block.timestamp,
        spot=spot,
        nav=nav,
        totals=totals,
        lot=parties.LOT,
        position=self._position(word),
        surface_age=0,
    )


@internal
@view
def _slices(rows: uint256[6][SLOTS]) -> IVolSurface.Reading:
    """
    @notice The slices of the expiries in rows.
    """
    # written out, because an index that the compiler knows needs no check
    return staticcall parties.SURFACE.read(
        [
            book_words.expiry_of(rows[0][0]),
            book_words.expiry_of(rows[1][0]),
            book_words.expiry_of(rows[2][0]),
            book_words.expiry_of(rows[3][0]),
            book_words.expiry_of(rows[4][0]),
            book_words.expiry_of(rows[5][0]),
            book_words.expiry_of(rows[6][0]),
            book_words.expiry_of(rows[7][0]),
        ]
    )


@internal
@pure
def _with_slices(rows: uint256[6][SLOTS], slices: uint256[SLOTS]) -> uint256[6][SLOTS]:
    """
    @notice Rows with the slices of their expiries.
    """
    # written out, because an index that the compiler knows needs no check
    rows[0][1] = slices[0]
    rows[1][1] = slices[1]
    rows[2][1] = slices[2]
    rows[3][1] = slices[3]
    rows[4][1] = slices[4]
    rows[5][1] = slices[5]
    rows[6][1] = slices[6]
    rows[7][1] = slices[7]
    return rows


@internal
@view
def _check_age(word: uint256, oldest: uint256):
    """
    @notice The surface is fresh enough to price on.
    """
    assert self._is_fresh(word, oldest), "market: surface stale"


@internal
@view
def _is_forsaken(word: uint256, time: uint256) -> bool:
    """
    @return Whether a slice is so old that nobody may be there to renew it.
    """
    if self._is_fresh(word, time):
        return False
    wait: uint256 = terms.field(staticcall parties.GUARDIAN.limits(), terms.EXIT_WAIT)
    return block.timestamp > time + wait


@internal
@view
def _is_fresh(word: uint256, oldest: uint256) -> bool:
    """
    @return Whether the surface is fresh enough to price on.
    """
    return block.timestamp <= oldest + terms.field(word, terms.SURFACE_AGE)


# ---------------------------------------------------------------- 3 price


@internal
@view
def _price(
    state: State,
    id: uint256,
    units: uint256,
    is_close: bool,
    clipped: bool = False,
    carried: int256 = 0,
) -> IUnderwriter.Deal:
    """
    @notice Price, limits and the book afterwards, at the state after the trade: what the Underwriter
            says.
    """
    s: series.Series = series.unpack(id)
    row: uint256[6] = state.book.rows[state.book.slot]
    exposure: IRisk.Exposure = empty(IRisk.Exposure)
    greeks: IRisk.OptionGreeks = empty(IRisk.OptionGreeks)
    exposure, greeks = staticcall parties.RISK.assess(
        state.book.rows,
        state.desk.spot,
        block.timestamp,
        IRisk.OptionQuery(
            expiry=s.expiry,
            is_put=s.is_put,
            strike=s.strike,
            other=s.other,
            slice=row[1],
            previous_slice=state.slice_beside,
        ),
    )
    return staticcall parties.UNDERWRITER.underwrite(
        exposure,
        greeks,
        book_words.words_in(row),
        state.desk,
        IUnderwriter.Order(
            series=id,
            units=units,
            is_close=is_close,
            floor=self._floor(state.funds, state.book.totals),
            clipped=clipped,
            carried=carried,
        ),
    )


@internal
@view
def _carried(state: State, id: uint256, units: uint256, carried: int256) -> IUnderwriter.Deal:
    """
    @notice The largest part of a close whose hedge the venue carries.
    @param carried What may be sent of the order of the whole.
    """
    return self._price(state, id, units, True, True, carried)


@internal
@pure
def _check_part(deal: IUnderwriter.Deal, min_units: uint256):
    """
    @notice The part of a close that floor and margin let fill is worth filling.
    """
    assert deal.units != 0 and deal.units >= min_units, "floor: nothing fits"


# ---------------------------------------------------------------- 4 and 8 capital


@internal
@pure
def _floor(funds: IVault.Funds, totals: uint256) -> int256:
    """
    @notice Cash less everything that could ever be owed: no model, no venue, no oracle in it.
    """
    owed: uint256 = book_totals.owed(totals) + funds.exits
    return convert(funds.cash, int256) - convert(owed, int256)


@internal
@pure
def _check_reserve(word: uint256, funds: IVault.Funds, totals: uint256) -> int256:
    """
    @notice Opens leave the floor above its reserve and above every queued exit.
    """
    left: int256 = self._floor(funds, totals)
    share: uint256 = funds.nav * terms.field(word, terms.RESERVE) // 10_000
    reserve: uint256 = min(share, book_totals.maxima(totals))
    assert left >= convert(reserve + funds.queued, int256), "floor: under reserve"
    return left


@internal
@pure
def _check_capital(desk: IUnderwriter.Desk, before: IVault.Funds, added: uint256, totals: uint256):
    """
    @notice An open that capital would not carry is stopped when it is booked: after the venue call
            the same revert costs many times as much. Besides what `_check_reserve` asks for it
            leaves what exits alone may use: opens must not lock LPs in.
    @param added Premium, fee and charge. @param totals Of the book with the trade in it.
    """
    funds: IVault.Funds = before
    funds.cash += added
    funds.queued += funds.nav * terms.field(desk.terms, terms.EXIT_SHARE) // 10_000
    self._check_reserve(desk.terms, funds, totals)
