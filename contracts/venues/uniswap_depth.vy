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
# 1 / sqrt(1.0001) in Q128
TICK_DOWN: constant(uint256) = 340265354078544963557816517032075149313


@internal
@pure
def sqrt_at(tick: int256) -> uint256:
    """
    @notice sqrt(1.0001 ** tick) in Q96, to about 30 digits.
    """
    power: uint256 = TICK_DOWN
    left: uint256 = convert(abs(tick), uint256)
    root: uint256 = Q128
    for _: uint256 in range(20):
        if left == 0:
            break
        if left & 1 == 1:
            root = root * power >> 128
        power = power * power >> 128
        left = left >> 1
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
