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
from ..lib import book_stream
from ..lib import fixed_point
from ..lib import normal
from ..lib import pricing
from ..lib import surface


@external
@pure
def header_round(
    order: uint256,
    expiry: uint256,
    count: uint256,
    forward_units: int256,
    cash: int256,
) -> (uint256, uint256, uint256, int256, int256):
    return book_stream.header_unpack(
        book_stream.header_pack(order, expiry, count, forward_units, cash)
    )


@external
@pure
def header_fields(
    header: uint256,
) -> (uint256, uint256, uint256, int256, int256):
    return (
        book_stream.header_order(header),
        book_stream.header_expiry(header),
        book_stream.header_count(header),
        book_stream.header_forward(header),
        book_stream.header_cash(header),
    )


@external
@pure
def header_pack(
    order: uint256,
    expiry: uint256,
    count: uint256,
    forward_units: int256,
    cash: int256,
) -> uint256:
    return book_stream.header_pack(order, expiry, count, forward_units, cash)


@external
@pure
def with_entry(word: uint256, i: uint256, ln_k: int256, size: int256) -> uint256:
    return book_stream.with_entry(word, i, ln_k, size)


@external
@pure
def node_entry(word: uint256, i: uint256) -> (int256, int256):
    return book_stream.node_entry(word, i)


@external
@pure
def with_strike(word: uint256, i: uint256, strike: uint256) -> uint256:
    return book_stream.with_strike(word, i, strike)


@external
@pure
def strike_at(word: uint256, i: uint256) -> uint256:
    return book_stream.strike_at(word, i)


@external
@pure
def order_insert(order: uint256, count: uint256, rank: uint256, index: uint256) -> uint256:
    return book_stream.order_insert(order, count, rank, index)


@external
@pure
def order_find(
    order: uint256, count: uint256, strikes: uint256[4], strike: uint256
) -> (bool, uint256, uint256):
    return book_stream.order_find(order, count, strikes, strike)


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
    log_spot: int256,
    spot: uint256,
    life: uint256,
    log_strikes: DynArray[int256, 64],
    guess: uint256,
) -> (DynArray[uint256, 64], DynArray[int256, 64], int256):
    """
    @return Deviations and slopes (Q96) at ln K (Q96), ln F (Q96).
    """
    smile: surface.Smile = surface.read(word, log_spot, spot, life)
    devs: DynArray[uint256, 64] = []
    slopes: DynArray[int256, 64] = []
    for log_strike: int256 in log_strikes:
        if smile.deviation == 0:
            devs.append(surface.deviation(smile, log_strike, guess))
            slopes.append(surface.slope(smile, log_strike))
        else:
            devs.append(smile.deviation)
            slopes.append(0)
    return devs, slopes, smile.log_forward


@external
@pure
def one_node(
    word: uint256,
    log_spot: int256,
    spot: uint256,
    life: uint256,
    node: uint256,
    strike: uint256,
    guess: int256,
) -> (pricing.Sums, uint256, int256, int256):
    """
    @return The sums of one node as the loop gives them; the same call's value (WAD), N(d1) and
            exp(-d1**2/2) (Q96) as the functions give them.
    """
    smile: surface.Smile = surface.read(word, log_spot, spot, life)
    nodes: uint256[8] = empty(uint256[8])
    nodes[0] = node
    strikes: uint256[4] = empty(uint256[4])
    strikes[0] = strike
    log_strike: int256 = book_stream.node_entry(node, 0)[0] << 39
    deviation: uint256 = smile.deviation
    if deviation == 0:
        deviation = surface.deviation(smile, log_strike, convert(guess, uint256))
    worth: uint256 = 0
    probability: int256 = 0
    bell: int256 = 0
    worth, probability, bell = pricing.call(
        log_strike - smile.log_forward, deviation, smile.forward, strike * 10**18
    )
    return (
        pricing.sweep(smile, 0, 1, nodes, strikes, True, guess, 0),
        worth,
        probability,
        bell,
    )


# ---------------------------------------------------------------- gas: the same words, no work


@external
@pure
def ignore_exposure(
    stream: DynArray[uint256, 112], spot: uint256, timestamp: uint256
) -> IRisk.Exposure:
    return empty(IRisk.Exposure)


@external
@pure
def ignore_marks(
    stream: DynArray[uint256, 112], spot: uint256, timestamp: uint256, half_spread: uint256
) -> IRisk.Marks:
    return empty(IRisk.Marks)


@external
@pure
def ignore_maximum(header: uint256, nodes: uint256[8], strikes: uint256[4]) -> uint256:
    return 0


@external
@pure
def ignore_max_close(
    header: uint256,
    nodes: uint256[8],
    strikes: uint256[4],
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
    log_spot: int256,
    spot: uint256,
    life: uint256,
    nodes: uint256[8],
    strikes: uint256[4],
    count: uint256,
    guess: int256,
) -> pricing.Sums:
    """
    @notice An expiry of `count` nodes: one node's cost is the difference between two counts.
    """
    return pricing.sweep(
        surface.read(word, log_spot, spot, life), 0, count, nodes, strikes, True, guess, 0
    )
