# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title uniswap_depth
@license AGPL-3.0-only
@author Tandem contributors
@notice Arithmetic of a Uniswap v3 pool's curve: what a move of the price costs, and where the
        liquidity changes. Enough to know a fill beforehand without a quoter that swaps and reverts.
"""

Q96: constant(uint256) = 2**96
WAD: constant(uint256) = 10**18
Q128: constant(uint256) = 2**128
# DOWN_i: 1.0001 ** (-2**i / 2) in Q128, to the nearest
DOWN_0: constant(uint256) = 340265354078544963557816517032075149313
DOWN_1: constant(uint256) = 340248342086729790484326174814286782778
DOWN_2: constant(uint256) = 340214320654664324051920982716015181260
DOWN_3: constant(uint256) = 340146287995602323631171512101879684304
DOWN_4: constant(uint256) = 340010263488231146823593991679159461444
DOWN_5: constant(uint256) = 339738377640345403697157401104375502016
DOWN_6: constant(uint256) = 339195258003219555707034227454543997025
DOWN_7: constant(uint256) = 338111622100601834656805679988414885971
DOWN_8: constant(uint256) = 335954724994790223023589805789778977700
DOWN_9: constant(uint256) = 331682121138379247127172139078559817300
DOWN_10: constant(uint256) = 323299236684853023288211250268160618739
DOWN_11: constant(uint256) = 307163716377032989948697243942600083929
DOWN_12: constant(uint256) = 277268403626896220162999269216087595045
DOWN_13: constant(uint256) = 225923453940442621947126027127485391333
DOWN_14: constant(uint256) = 149997214084966997727330242082538205943
DOWN_15: constant(uint256) = 66119101136024775622716233608466517926
DOWN_16: constant(uint256) = 12847376061809297530290974190478138313
DOWN_17: constant(uint256) = 485053260817066172746253684029974020
DOWN_18: constant(uint256) = 691415978906521570653435304214168
DOWN_19: constant(uint256) = 1404880482679654955896180642


@internal
@pure
def sqrt_at(tick: int256) -> uint256:
    """
    @notice sqrt(1.0001 ** tick) in Q96, to about 30 digits.
    @dev Longer than a screen because each bit of the tick has its own line: a loop costs 3,500 gas
         more, which a trade that asks for the market's average would pay.
    """
    left: uint256 = convert(abs(tick), uint256)
    root: uint256 = Q128
    if left & 1 != 0:
        root = root * DOWN_0 >> 128
    if left & 2 != 0:
        root = root * DOWN_1 >> 128
    if left & 4 != 0:
        root = root * DOWN_2 >> 128
    if left & 8 != 0:
        root = root * DOWN_3 >> 128
    if left & 16 != 0:
        root = root * DOWN_4 >> 128
    if left & 32 != 0:
        root = root * DOWN_5 >> 128
    if left & 64 != 0:
        root = root * DOWN_6 >> 128
    if left & 128 != 0:
        root = root * DOWN_7 >> 128
    if left & 256 != 0:
        root = root * DOWN_8 >> 128
    if left & 512 != 0:
        root = root * DOWN_9 >> 128
    if left & 1024 != 0:
        root = root * DOWN_10 >> 128
    if left & 2048 != 0:
        root = root * DOWN_11 >> 128
    if left & 4096 != 0:
        root = root * DOWN_12 >> 128
    if left & 8192 != 0:
        root = root * DOWN_13 >> 128
    if left & 16384 != 0:
        root = root * DOWN_14 >> 128
    if left & 32768 != 0:
        root = root * DOWN_15 >> 128
    if left & 65536 != 0:
        root = root * DOWN_16 >> 128
    if left & 131072 != 0:
        root = root * DOWN_17 >> 128
    if left & 262144 != 0:
        root = root * DOWN_18 >> 128
    if left & 524288 != 0:
        root = root * DOWN_19 >> 128
    if tick > 0:
        return (max_value(uint256) // root) >> 32
    return root >> 32


@internal
@pure
def price_at(root: uint256) -> uint256:
    """
    @notice The price at a root in Q96, WAD.
    """
    return root * root // Q96 * WAD // Q96


@internal
@pure
def amounts(liquidity: uint256, one: uint256, other: uint256) -> (uint256, uint256):
    """
    @notice Base and quote that this liquidity exchanges while the root moves between two values.
    """
    low: uint256 = min(one, other)
    high: uint256 = max(one, other)
    base: uint256 = (liquidity * (high - low) // low) * Q96 // high
    return base, liquidity * (high - low) // Q96


@internal
@pure
def sqrt_after(liquidity: uint256, root: uint256, edge: uint256, base: uint256) -> uint256:
    """
    @notice The root after this liquidity has exchanged that much base on the way to `edge`, rounded
            towards `edge`.
    """
    # base = L (1 / root - 1 / after): base and root are far below 2**128
    part: uint256 = base * root // Q96
    if edge < root:
        after: uint256 = liquidity * root // (liquidity + part + 1)
        return max(edge, after)
    if part + 1 >= liquidity:
        return edge
    return min(edge, liquidity * root // (liquidity - part - 1) + 1)


@internal
@pure
def compress(tick: int256, spacing: int256) -> int256:
    """
    @notice tick // spacing, rounded down.
    """
    whole: int256 = tick // spacing
    if tick < 0 and whole * spacing != tick:
        whole -= 1
    return whole
