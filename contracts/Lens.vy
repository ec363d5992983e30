# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize

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
from .lib import book_stream
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
    strikes: DynArray[uint256, 16]  # ticks, in listing order
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
@pure
def _open_expiries(book: IMarket.Book) -> uint256[8]:
    """
    @return Expiries with units outstanding, by slot; 0 elsewhere.
    """
    found: uint256[8] = empty(uint256[8])
    for slot: uint256 in range(SLOTS):
        if (book.totals >> (8 + slot)) & 1 != 0:
            found[slot] = book_stream.header_expiry(book.words[slot].header)
    return found


@internal
@pure
def _stream(book: IMarket.Book, slices: uint256[8]) -> DynArray[uint256, 112]:
    """
    @notice The open expiries as a stream, form without strikes.
    """
    words: DynArray[uint256, 112] = []
    for slot: uint256 in range(SLOTS):
        if (book.totals >> (8 + slot)) & 1 == 0:
            continue
        w: IUnderwriter.Words = book.words[slot]
        words.append(w.header)
        words.append(slices[slot])
        for i: uint256 in range(
            book_stream.node_words(book_stream.header_count(w.header)), bound=8
        ):
            words.append(w.nodes[i])
    return words


@internal
@view
def _with_slices(unpriced: DynArray[uint256, 112]) -> (DynArray[uint256, 112], uint256):
    """
    @notice A stream, form with strikes, with the slices of its expiries, none of which is past.
    @return Also the time of the oldest slice.
    """
    words: DynArray[uint256, 112] = unpriced
    expiries: uint256[8] = empty(uint256[8])
    headers: uint256[8] = empty(uint256[8])  # where in the stream
    found: uint256 = 0
    cursor: uint256 = 0
    for i: uint256 in range(SLOTS):
        if cursor == len(words):
            break
        expiries[i] = book_stream.header_expiry(words[cursor])
        assert expiries[i] > block.timestamp, "lens: settle first"
        headers[i] = cursor
        found += 1
        count: uint256 = book_stream.header_count(words[cursor])
        cursor += 2 + book_stream.node_words(count) + book_stream.strike_words(count)
    reading: IVolSurface.Reading = staticcall SURFACE.read(expiries, 0)
    for i: uint256 in range(found, bound=8):
        words[headers[i] + 1] = reading.slices[i]
    return words, reading.oldest


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


@external
@view
def mark() -> IMark.Mark:
    """
    @notice What the book and the hedge are worth, from both sides. Calls no Vault view.
    @dev A book without options and without a hedge needs no feed and no surface.
    """
    word: uint256 = staticcall GUARDIAN.terms()
    result: IMark.Mark = empty(IMark.Mark)
    result.maxima, result.claims = staticcall MARKET.liabilities()
    stream: DynArray[uint256, 112] = staticcall MARKET.stream()
    position: int256 = staticcall ROUTER.position()
    spot: uint256 = 0
    if len(stream) != 0 or position != 0:
        spot = staticcall SPOT.spot()
    residual: int256 = position
    if len(stream) != 0:
        oldest: uint256 = 0
        stream, oldest = self._with_slices(stream)
        self._check_age(word, oldest)
        marks: IRisk.Marks = staticcall RISK.marks(
            stream,
            spot,
            block.timestamp,
            terms.field(word, terms.HALF_SPREAD) * 10**14,
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
    book: IMarket.Book = staticcall MARKET.book_words()
    expiries: uint256[8] = self._open_expiries(book)
    slot: uint256 = SLOTS
    for i: uint256 in range(SLOTS):
        if (book.totals >> i) & 1 != 0 and book_stream.header_expiry(
            book.words[i].header
        ) == s.expiry:
            slot = i
    assert slot != SLOTS, "lens: expiry not listed"
    expiries[slot] = s.expiry
    reading: IVolSurface.Reading = staticcall SURFACE.read(expiries, s.expiry)
    self._check_age(word, reading.oldest)
    funds: IVault.Funds = staticcall VAULT.funds()
    desk: IUnderwriter.Desk = self._desk(book, word, staticcall SPOT.spot(), funds.nav)
    exposure: IRisk.Exposure = empty(IRisk.Exposure)
    greeks: IRisk.OptionGreeks = empty(IRisk.OptionGreeks)
    exposure, greeks = staticcall RISK.assess(
        self._stream(book, reading.slices),
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
    maximum: uint256 = book.sums[slot] >> 128
    return staticcall UNDERWRITER.underwrite(
        exposure,
        greeks,
        book.words[slot],
        desk,
        IUnderwriter.Order(
            series=id,
            units=units,
            is_close=is_close,
            maximum=maximum,
            room=convert(maximum, int256) + staticcall MARKET.floor() - 1,
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
        w: IUnderwriter.Words = book.words[slot]
        e: Expiry = empty(Expiry)
        e.expiry = book_stream.header_expiry(w.header)
        e.units = book.sums[slot] & (2**128 - 1)
        e.maximum = book.sums[slot] >> 128
        e.forward = book_stream.header_forward(w.header)
        e.cash = book_stream.header_cash(w.header)
        e.slice = slices[slot]
        for i: uint256 in range(book_stream.header_count(w.header), bound=16):
            ln_k: int256 = 0
            size: int256 = 0
            ln_k, size = book_stream.node_entry(w.nodes[i // 2], i)
            e.strikes.append(book_stream.strike_at(w.strikes[i // 4], i))
            e.sizes.append(size)
        listed.append(e)
    return listed


@external
@view
def expiries() -> DynArray[Expiry, 8]:
    """
    @notice Every listed expiry from chain state alone (slices left out).
    """
    return self._listing(staticcall MARKET.book_words(), empty(uint256[8]))


@external
@view
def snapshot() -> Snapshot:
    """
    @notice Everything that the keeper decides on, at one block. Spot is the feed's last answer,
            with a flag that says whether the contracts would take it; the surface is the last.
    """
    book: IMarket.Book = staticcall MARKET.book_words()
    s: Snapshot = empty(Snapshot)
    s.timestamp = block.timestamp
    s.block_number = block.number
    s.terms = staticcall GUARDIAN.terms()
    s.spot, s.spot_time, s.spot_fresh = staticcall SPOT.peek()
    s.funds = staticcall VAULT.funds()
    s.maxima, s.claims = staticcall MARKET.liabilities()
    s.floor = staticcall MARKET.floor()
    reading: IVolSurface.Reading = staticcall SURFACE.read(self._open_expiries(book), 0)
    s.surface_time = reading.oldest
    # An answer that makes no sense is shown, and reckoned with as the nearest that does.
    spot: uint256 = min(max(s.spot, MIN_SPOT), MAX_SPOT)
    desk: IUnderwriter.Desk = self._desk(book, s.terms, spot, s.funds.nav)
    s.position = desk.position
    s.gross = desk.gross
    exposure: IRisk.Exposure = staticcall RISK.exposure(
        self._stream(book, reading.slices), desk.spot, block.timestamp
    )
    s.stance = staticcall UNDERWRITER.stance(exposure, desk)
    headroom: uint256 = s.funds.nav * TO_WAD * terms.field(s.terms, terms.MAX_TRADE) // 10_000
    s.account = staticcall ROUTER.account(spot, headroom)
    s.expiries = self._listing(book, reading.slices)
    return s
