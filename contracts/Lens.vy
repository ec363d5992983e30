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

from .interfaces import IGuardian
from .interfaces import IHedgeRouter
from .interfaces import IMark
from .interfaces import IMarket
from .interfaces import IRisk
from .interfaces import ISpot
from .interfaces import IUnderwriter
from .interfaces import IVault
from .interfaces import IVolSurface
from .lib import book_words
from .lib import series
from .lib import terms

implements: IMark


interface IMarketParts:
    def LOT() -> uint256: view
    def IMPUTED() -> uint256: view


MARKET: public(immutable(IMarket))
RISK: public(immutable(IRisk))
UNDERWRITER: public(immutable(IUnderwriter))
SPOT: public(immutable(ISpot))
SURFACE: public(immutable(IVolSurface))
ROUTER: public(immutable(IHedgeRouter))
VAULT: public(immutable(IVault))
GUARDIAN: public(immutable(IGuardian))
LOT: immutable(uint256)
IMPUTED: immutable(uint256)

WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12
SLOTS: constant(uint256) = 8
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
    terms: uint256
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
    account: IHedgeRouter.Account
    expiries: DynArray[Expiry, 8]


@deploy
def __init__(
    market: address,
    risk: address,
    underwriter: address,
    spot: address,
    surface: address,
    router: address,
    vault: address,
    guardian: address,
):
    MARKET = IMarket(market)
    LOT = staticcall IMarketParts(market).LOT()
    IMPUTED = staticcall IMarketParts(market).IMPUTED()
    RISK = IRisk(risk)
    UNDERWRITER = IUnderwriter(underwriter)
    SPOT = ISpot(spot)
    SURFACE = IVolSurface(surface)
    ROUTER = IHedgeRouter(router)
    VAULT = IVault(vault)
    GUARDIAN = IGuardian(guardian)


# ---------------------------------------------------------------- reading the book


@internal
@view
def _open_rows(book: IMarket.Book) -> uint256[6][SLOTS]:
    """
    @return The expiries with units outstanding, a row each, without slices.
    """
    rows: uint256[6][SLOTS] = empty(uint256[6][SLOTS])
    for slot: uint256 in range(SLOTS):
        if (book.totals >> (8 + slot)) & 1 != 0:
            rows[slot] = self._row(book.words[slot])
    return rows


@internal
@pure
def _row(w: IUnderwriter.Words) -> uint256[6]:
    """
    @return One expiry as the mathematics reads it, without its slice.
    """
    return [w.header, 0, w.nodes[0], w.nodes[1], w.nodes[2], w.nodes[3]]


@internal
@view
def _priced(
    unpriced: uint256[6][SLOTS], traded: uint256
) -> (uint256[6][SLOTS], IVolSurface.Reading):
    """
    @notice Rows with the slices of their expiries, and where those came from.
    """
    rows: uint256[6][SLOTS] = unpriced
    expiries: uint256[8] = empty(uint256[8])
    for slot: uint256 in range(SLOTS):
        expiries[slot] = book_words.expiry_of(rows[slot][0])
    reading: IVolSurface.Reading = staticcall SURFACE.read(expiries, traded)
    for slot: uint256 in range(SLOTS):
        rows[slot][1] = reading.slices[slot]
    return rows, reading


@internal
@view
def _desk(book: IMarket.Book, word: uint256, spot: uint256, nav: uint256) -> IUnderwriter.Desk:
    desk: IUnderwriter.Desk = empty(IUnderwriter.Desk)
    desk.terms = word
    desk.timestamp = block.timestamp
    desk.spot = spot
    desk.nav = nav
    desk.gross = (book.totals >> 16) & (2**64 - 1)
    desk.lot = LOT
    desk.position = staticcall ROUTER.position()
    return desk


@internal
@view
def _check_age(word: uint256, oldest: uint256):
    assert (block.timestamp <= oldest + terms.field(word, terms.SURFACE_AGE)), "lens: surface stale"


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


@external
@view
def mark() -> IMark.Mark:
    """
    @notice What the book and the hedge are worth, from both sides. Calls no Vault view.
    @dev A book without options and without a hedge needs no feed and no surface.
    """
    word: uint256 = staticcall GUARDIAN.terms()
    open: IMarket.OpenBook = staticcall MARKET.open_book()
    position: int256 = staticcall ROUTER.position()
    is_open: bool = self._check_settled(open.rows)
    spot: uint256 = 0
    if is_open or position != 0:
        spot = staticcall SPOT.spot()
    result: IMark.Mark = empty(IMark.Mark)
    result.maxima = open.maxima
    result.claims = open.claims
    residual: int256 = position
    if is_open:
        rows: uint256[6][SLOTS] = empty(uint256[6][SLOTS])
        reading: IVolSurface.Reading = empty(IVolSurface.Reading)
        rows, reading = self._priced(open.rows, 0)
        self._check_age(word, reading.oldest)
        marks: IRisk.Marks = staticcall RISK.marks(
            rows, spot, block.timestamp, terms.field(word, terms.HALF_SPREAD) * 10**14
        )
        residual -= marks.delta
        result.liability = marks.mid
        result.liability_low = marks.low
        result.liability_high = marks.high
    account: IHedgeRouter.Account = staticcall ROUTER.account(spot, 0)
    result.equity = account.equity
    result.equity_low = account.equity_low
    result.equity_high = account.equity_high
    result.bankrupt = account.bankrupt
    result.top_up = account.top_up
    rate: uint256 = (terms.field(word, terms.FILL_BAND) * 10**14 + IMPUTED)
    result.rehedge_cost = convert(abs(residual), uint256) * spot // WAD * rate // WAD
    return result


# ---------------------------------------------------------------- quotes


@external
@view
def quote(id: uint256, units: uint256, is_close: bool) -> IUnderwriter.Deal:
    """
    @notice What a trade would be now, up to its hedge's fill; reverts by name as it would. For a
            close, `units` of the answer are the part that the floor lets fill.
    """
    s: series.Series = series.unpack(id)
    word: uint256 = staticcall GUARDIAN.terms()
    book: IMarket.Book = staticcall MARKET.snapshot()
    slot: uint256 = SLOTS
    for i: uint256 in range(SLOTS):
        if book_words.expiry_of(book.words[i].header) == s.expiry:
            slot = i
    assert slot != SLOTS, "lens: expiry not listed"
    rows: uint256[6][SLOTS] = self._open_rows(book)
    rows[slot] = self._row(book.words[slot])
    reading: IVolSurface.Reading = empty(IVolSurface.Reading)
    rows, reading = self._priced(rows, s.expiry)
    self._check_age(word, reading.oldest)
    funds: IVault.Funds = staticcall VAULT.funds()
    desk: IUnderwriter.Desk = self._desk(book, word, staticcall SPOT.spot(), funds.nav)
    exposure: IRisk.Exposure = empty(IRisk.Exposure)
    greeks: IRisk.OptionGreeks = empty(IRisk.OptionGreeks)
    exposure, greeks = staticcall RISK.assess(
        rows,
        desk.spot,
        block.timestamp,
        IRisk.OptionQuery(
            expiry=s.expiry,
            is_put=s.is_put,
            strike=s.strike,
            other=s.other,
            slice=reading.slices[slot],
            previous_slice=reading.previous,
        ),
    )
    return staticcall UNDERWRITER.underwrite(
        exposure,
        greeks,
        book.words[slot],
        desk,
        IUnderwriter.Order(
            series=id,
            units=units,
            is_close=is_close,
            floor=staticcall MARKET.floor(),
        ),
    )


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
    book: IMarket.Book = staticcall MARKET.snapshot()
    s: Snapshot = empty(Snapshot)
    s.timestamp = block.timestamp
    s.block_number = block.number
    s.terms = staticcall GUARDIAN.terms()
    s.spot, s.spot_time, s.spot_fresh = staticcall SPOT.peek()
    s.funds = staticcall VAULT.funds()
    s.maxima, s.claims = staticcall MARKET.liabilities()
    s.floor = staticcall MARKET.floor()
    rows: uint256[6][SLOTS] = empty(uint256[6][SLOTS])
    reading: IVolSurface.Reading = empty(IVolSurface.Reading)
    rows, reading = self._priced(self._open_rows(book), 0)
    s.surface_time = reading.oldest
    # An answer that makes no sense is shown, and reckoned with as the nearest that does.
    spot: uint256 = min(max(s.spot, MIN_SPOT), MAX_SPOT)
    desk: IUnderwriter.Desk = self._desk(book, s.terms, spot, s.funds.nav)
    s.position = desk.position
    s.gross = desk.gross
    exposure: IRisk.Exposure = staticcall RISK.exposure(rows, desk.spot, block.timestamp)
    s.stance = staticcall UNDERWRITER.stance(exposure, desk)
    headroom: uint256 = s.funds.nav * TO_WAD * terms.field(s.terms, terms.MAX_TRADE) // 10_000
    s.account = staticcall ROUTER.account(spot, headroom)
    s.expiries = self._listing(book, reading.slices)
    return s
