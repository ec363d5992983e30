# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title StressTest
@license AGPL-3.0-only
@author Tandem contributors
@notice What eight instant jumps would cost the book, reckoned over all its strikes: what the gate
        of the router is marked with. Holds no state and moves nothing.
@dev Sold strikes count at one and a half times their volatility, bought ones at four fifths
     (lib/stress.vy). An expiry that is past and waits for its price counts at its maximum; one with
     two slices at the dearer.
"""

from .interfaces import IMarket
from .interfaces import IRisk
from .interfaces import IStress
from .interfaces import IVolSurface
from .lib import book_words
from .lib import fixed_point
from .lib import inlined
from .lib import stress
from .lib import surface
from .lib import terms
from .modules import parties
from .modules import trades

implements: IStress

initializes: parties
initializes: trades[parties := parties]


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
SLOTS: constant(uint256) = 8
FINE: constant(int256) = 2**8  # of a WAD, in which a logarithm takes its arguments
CASH_TO_WAD: constant(int256) = 10**12 * 10**6  # a token unit, in 1e-6 WAD USD
UNITS: constant(int256) = 1_000_000


@deploy
def __init__(market: address):
    """
    @param market Whose book is stressed; whom it meets is asked of it.
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


@external
@view
def losses() -> IStress.Losses:
    """
    @notice What the liability would be more after each jump, at the most. Reverts by name while spot or
            a surface is stale.
    """
    rows: uint256[6][SLOTS] = (staticcall MARKET.open_book(0)).rows
    spot: uint256 = staticcall parties.SPOT.spot()
    reading: IVolSurface.Reading = trades._slices(rows)
    trades._check_age(staticcall parties.GUARDIAN.terms(), reading.oldest)
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
    return IStress.Losses(sums=sums, until=until, spot=spot)


@external
@pure
def row_after(row: uint256[6], spot: uint256, life: uint256) -> int256[stress.JUMPS]:
    """
    @notice What one expiry is worth after each jump, at the most, 1e-6 WAD USD.
    @param row Its row of a book (layout: lib/book_words.vy). @param spot WAD USD, before the jump.
    @param life Seconds.
    """
    return self._row(empty(int256[stress.JUMPS]), row, spot, life)


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
