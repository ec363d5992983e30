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
from ..lib import book_words
from ..lib import fixed_point
from ..lib import normal
from ..lib import pricing
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
        answers.append(fixed_point.exp(x))
    return answers


@external
@pure
def lns(xs: DynArray[uint256, 512]) -> DynArray[int256, 512]:
    answers: DynArray[int256, 512] = []
    for x: uint256 in xs:
        answers.append(fixed_point.ln(x))
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
def slice_fields(
    word: uint256,
) -> (int256, int256, int256, int256, int256, int256, int256):
    return surface.unpack(word)


@external
@pure
def deviations(
    word: uint256,
    spot: uint256,
    life: uint256,
    ks: DynArray[int256, 64],
    guess: uint256,
) -> (DynArray[uint256, 64], DynArray[int256, 64], uint256):
    """
    @return Deviations and slopes (Q96) at ln(K / F) (Q96), F (WAD).
    """
    smile: surface.Smile = surface.read(word, spot, life)
    devs: DynArray[uint256, 64] = []
    slopes: DynArray[int256, 64] = []
    for k: int256 in ks:
        devs.append(surface.deviation(smile, k, guess))
        slopes.append(surface.slope(smile, k))
    return devs, slopes, smile.forward


@external
@pure
def one_node(
    word: uint256, spot: uint256, life: uint256, node: uint256, guess: int256
) -> (pricing.Sums, uint256, int256, int256):
    """
    @return The sums of one node as the loop gives them; the same call's value (WAD), N(d1) and
            exp(-d1**2/2) (Q96) as the functions give them.
    """
    smile: surface.Smile = surface.read(word, spot, life)
    nodes: uint256[4] = [node, 0, 0, 0]
    strike: uint256 = book_words.node(nodes, 0)[0] * 10**18
    k: int256 = fixed_point.ln_ratio(convert(strike, int256), convert(smile.forward, int256))
    deviation: uint256 = surface.deviation(smile, k, convert(guess, uint256))
    worth: uint256 = 0
    probability: int256 = 0
    bell: int256 = 0
    worth, probability, bell = pricing.call(k, deviation, smile.forward, strike)
    return pricing.sweep(smile, 0, 1, nodes, True, guess, 0), worth, probability, bell


@external
@pure
def sweeps(list: DynArray[Alone, 128], valued: bool) -> DynArray[int256[5], 128]:
    """
    @return Each node's sums, as the loop gives them: delta, gamma, vega, spread, worth.
    """
    answers: DynArray[int256[5], 128] = []
    for one: Alone in list:
        sums: pricing.Sums = pricing.sweep(
            surface.read(one.slice, one.spot, one.life), 0, 1, [one.node, 0, 0, 0], valued, 0, 0
        )
        answers.append([sums.delta, sums.gamma, sums.vega, sums.spread, sums.worth])
    return answers


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
    return pricing.sweep(surface.read(word, spot, life), 0, count, nodes, True, guess, 0)
