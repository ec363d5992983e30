# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas
"""
@title KernelHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice The internal mathematics behind external doors, for tests and benchmarks only.
"""

from ..interfaces import IRisk
from ..lib import bits
from ..lib import book_words
from ..lib import fixed_point
from ..lib import inlined
from ..lib import normal
from ..lib import payoffs
from ..lib import pricing
from ..lib import series
from ..lib import surface


# A node on its own: its word (high quarter), the slice and the moment that it is priced at.
struct Alone:
    slice: uint256
    spot: uint256
    life: uint256
    node: uint256


@external
@pure
def pack(h: book_words.Header) -> uint256:
    return book_words.pack(h)


@external
@pure
def unpack(header: uint256) -> book_words.Header:
    return book_words.unpack(header)


@external
@pure
def header_fields(header: uint256) -> (uint256, uint256, uint256):
    return (
        book_words.expiry_of(header),
        book_words.units_of(header),
        book_words.maximum_of(header),
    )


@external
@pure
def with_node(nodes: uint256[4], i: uint256, strike: uint256, size: int256) -> uint256[4]:
    return book_words.with_node(nodes, i, strike, size)


@external
@pure
def node(nodes: uint256[4], i: uint256) -> (uint256, int256):
    return book_words.node(nodes, i)


@external
@pure
def find(nodes: uint256[4], count: uint256, strike: uint256) -> (bool, uint256):
    return book_words.find(nodes, count, strike)


# ---------------------------------------------------------------- mathematics, in batches


@external
@pure
def exps(xs: DynArray[int256, 512]) -> DynArray[uint256, 512]:
    answers: DynArray[uint256, 512] = []
    for x: int256 in xs:
        answers.append(bits.unsigned(fixed_point.exp_minus(-x)))
    return answers


@external
@pure
def ln_ratios(highs: DynArray[int256, 512], low: int256) -> DynArray[int256, 512]:
    answers: DynArray[int256, 512] = []
    for high: int256 in highs:
        answers.append(fixed_point.ln_ratio(high, low))
    return answers


@external
@pure
def roots(xs: DynArray[uint256, 512]) -> DynArray[uint256, 512]:
    answers: DynArray[uint256, 512] = []
    for x: uint256 in xs:
        answers.append(fixed_point.sqrt(x))
    return answers


@external
@pure
def cube_roots(xs: DynArray[uint256, 512]) -> DynArray[uint256, 512]:
    answers: DynArray[uint256, 512] = []
    for x: uint256 in xs:
        answers.append(fixed_point.cbrt(x))
    return answers


@external
@pure
def logs2(xs: DynArray[uint256, 512]) -> DynArray[uint256, 512]:
    answers: DynArray[uint256, 512] = []
    for x: uint256 in xs:
        answers.append(fixed_point.log2_floor(x))
    return answers


@external
@pure
def ratios(zs: DynArray[int256, 512]) -> DynArray[int256, 512]:
    answers: DynArray[int256, 512] = []
    for z: int256 in zs:
        answers.append(normal.mills(z))
    return answers


@external
@pure
def slice_fields(word: uint256) -> surface.Slice:
    return surface.unpack(word)


@external
@pure
def deviations(
    word: uint256,
    spot: uint256,
    life: uint256,
    ks: DynArray[int256, 64],
    guess: int256,
) -> (DynArray[int256, 64], DynArray[int256, 64], int256):
    """
    @return Deviations and slopes (Q96) at ln(K / F) (Q96), F (WAD).
    """
    smile: surface.Smile = surface.read(word, spot, life)
    devs: DynArray[int256, 64] = []
    slopes: DynArray[int256, 64] = []
    for k: int256 in ks:
        devs.append(surface.deviation(smile, k, guess)[0])
        slopes.append(surface.slope(smile, k))
    return devs, slopes, smile.forward


@external
@pure
def one_node(
    word: uint256, spot: uint256, life: uint256, node: uint256, guess: int256
) -> (pricing.Sums, int256, int256, int256):
    """
    @return The sums of one node as trades have them; the same call's value (WAD), N(d1) and
            exp(-d1**2/2) (Q96) as `pricing.call` has them.
    """
    smile: surface.Smile = surface.read(word, spot, life)
    strike: int256 = bits.signed(book_words.strike_of(node) * 10**18)
    k: int256 = fixed_point.ln_ratio(strike, smile.forward)
    deviation: int256 = surface.deviation(smile, k, guess)[0]
    worth: int256 = 0
    probability: int256 = 0
    bell: int256 = 0
    worth, probability, bell = pricing.call(k, deviation, smile.forward, strike)
    return inlined.sweep(
        self._row([node, 0, 0, 0], 1), smile, True, guess, 0
    ), worth, probability, bell


@external
@pure
def sweeps(list: DynArray[Alone, 128], valued: bool) -> DynArray[int256[5], 128]:
    """
    @return Each node's sums, as trades have them: delta, gamma, vega, spread, worth.
    """
    answers: DynArray[int256[5], 128] = []
    for one: Alone in list:
        sums: pricing.Sums = inlined.sweep(
            self._row([one.node, 0, 0, 0], 1),
            inlined.read(one.slice, one.spot, one.life),
            valued,
            0,
            0,
        )
        answers.append([sums.delta, sums.gamma, sums.vega, sums.spread, sums.worth])
    return answers


@external
@pure
def both_sweeps(
    word: uint256, spot: uint256, life: uint256, row: uint256[6], valued: bool, guess: int256
) -> (pricing.Sums, pricing.Sums, surface.Smile, surface.Smile):
    """
    @return Sums and slice as the library has them and as they are written out.
    """
    called: surface.Smile = surface.read(word, spot, life)
    smile: surface.Smile = inlined.read(word, spot, life)
    return (
        pricing.sweep(row, called, valued, guess, 0),
        inlined.sweep(row, smile, valued, guess, 0),
        called,
        smile,
    )


@external
@pure
def both_payoffs(
    header: uint256,
    nodes: uint256[4],
    price: uint256,
    s: series.Series,
    units: uint256,
    room: int256,
) -> (uint256[3], uint256[3]):
    """
    @return Maximum, payoff at a price and largest close (the price is the bid), as
            the library has them and as they are written out.
    """
    h: book_words.Header = book_words.unpack(header)
    bid: uint256 = price // 10**12
    return (
        [
            payoffs.maximum(h.forward, h.cash, h.count, nodes),
            payoffs.payoff(header, nodes, price),
            payoffs.max_close(header, nodes, s.is_put, s.strike, s.other, units, bid, room),
        ],
        [
            inlined.maximum(h.forward, h.cash, h.count, nodes),
            inlined.payoff(header, nodes, price),
            inlined.max_close(header, nodes, s.is_put, s.strike, s.other, units, bid, room),
        ],
    )


@internal
@pure
def _row(nodes: uint256[4], count: uint256) -> uint256[6]:
    """
    @dev A row of a book without forwards.
    """
    return [count, 0, nodes[0], nodes[1], nodes[2], nodes[3]]


# ---------------------------------------------------------------- gas: the same words, no work


@external
@pure
def ignore_exposure(book: uint256[6][8], spot: uint256, timestamp: uint256) -> IRisk.Exposure:
    return empty(IRisk.Exposure)


@external
@pure
def ignore_marks(
    book: uint256[6][8], spot: uint256, timestamp: uint256, half_spread: uint256
) -> IRisk.Marks:
    return empty(IRisk.Marks)


@external
@pure
def ignore_maximum(header: uint256, nodes: uint256[4]) -> uint256:
    return 0


@external
@pure
def ignore_max_close(
    header: uint256,
    nodes: uint256[4],
    is_put: bool,
    strike: uint256,
    other: uint256,
    units: uint256,
    price_up: uint256,
    room: int256,
) -> uint256:
    return 0


@external
@pure
def warm_node(
    word: uint256,
    spot: uint256,
    life: uint256,
    nodes: uint256[4],
    count: uint256,
    guess: int256,
) -> pricing.Sums:
    """
    @notice An expiry of `count` nodes: one node's cost is the difference between two counts.
    """
    row: uint256[6] = self._row(nodes, count)
    return inlined.sweep(row, inlined.read(word, spot, life), True, guess, 0)
