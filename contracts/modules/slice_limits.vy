# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title slice_limits
@license AGPL-3.0-only
@author Tandem contributors
@notice What a posted slice may be, and how fast it may move from the one before. Pure rules, one
        reason each.
"""

from ..lib import arbitrage
from ..lib import fixed_point
from ..lib import surface

WAD: constant(uint256) = 10**18
YEAR: constant(uint256) = 31_536_000

# Bounds, in the units of the fields.
MIN_VARIANCE: constant(int256) = 10**11  # 1e-15 a year: a volatility of 1 %
MAX_A: constant(int256) = 30 * 10**15
MAX_B: constant(int256) = 60 * 10**15
MAX_RHO: constant(int256) = 999_000_000
MAX_M: constant(int256) = 2 * 10**11
MIN_S: constant(int256) = 10**8
MAX_S: constant(int256) = 5 * 10**11
MAX_BASIS: constant(int256) = 500_000
MAX_STICKINESS: constant(int256) = 200
LEE_SLOPE: constant(uint256) = 2 * 10**24  # total variance may rise by 2 per unit of k

# Limits of its volatility (WAD) and of its moves.
MAX_VOL: constant(uint256) = 5 * 10**18
FIRST_LOW: constant(uint256) = 10**17  # at the money, of an expiry's first slice
FIRST_HIGH: constant(uint256) = 3 * 10**18
BASIS_MOVE: constant(uint256) = 50_000  # 1e-6 a year, an hour
STICKINESS_MOVE: constant(uint256) = 10  # 1e-2 an hour
WING_FACTOR: constant(uint256) = 3  # the wings may move this much faster
FIRST_NEAR: constant(uint256) = 3  # -0.36: what lies outside these two is wing
LAST_NEAR: constant(uint256) = 11  # 0.36


@internal
@pure
def _check_bounds(x: surface.Slice, life: uint256):
    """
    @notice Every field inside its bounds, the variance positive everywhere, and the wings no
            steeper than any law of the price allows: b tau (1 + |rho|) <= 2.
    """
    assert abs(x.a) <= MAX_A and x.b <= MAX_B, "surface: level bounds"
    assert abs(x.rho) <= MAX_RHO and abs(x.m) <= MAX_M, "surface: skew bounds"
    assert x.s >= MIN_S and x.s <= MAX_S, "surface: curvature bounds"
    assert abs(x.basis) <= MAX_BASIS, "surface: basis bounds"
    assert x.stickiness <= MAX_STICKINESS, "surface: stickiness bounds"
    rise: uint256 = convert(x.b * (10**9 + abs(x.rho)), uint256)
    assert rise * life <= LEE_SLOPE * YEAR, "surface: wings too steep"
    # the least variance is a + b s sqrt(1 - rho**2)
    root: uint256 = fixed_point.sqrt(convert(10**18 - x.rho * x.rho, uint256))
    lift: int256 = x.b * x.s * convert(root, int256) // 10**20
    assert x.a + lift >= MIN_VARIANCE, "surface: variance not positive"


@internal
@pure
def _check_levels(devs: uint256[arbitrage.GRID], root_tau: uint256):
    """
    @notice No volatility on the grid is beyond what the pricing was tested for.
    """
    for i: uint256 in range(arbitrage.GRID):
        assert devs[i] * WAD <= MAX_VOL * root_tau, "surface: volatility bounds"


@internal
@pure
def _check_first(dev: uint256, root_tau: uint256):
    """
    @notice An expiry's first slice has nothing to move from, so its level is bounded instead.
    """
    assert (
        dev * WAD >= FIRST_LOW * root_tau and dev * WAD <= FIRST_HIGH * root_tau
    ), "surface: first level"


@internal
@pure
def _is_in_pace(
    new: uint256,
    old: uint256,
    elapsed: uint256,
    devs: uint256[arbitrage.GRID],
    move: uint256,
    life: uint256,
) -> bool:
    """
    @notice Basis, stickiness and the volatilities on the grid moved no faster than an hour's limit,
            by the second.
    @param new The slice word, and on the grid `devs`. @param old What it moves from.
    @param move The limit of volatility, 1e-4 an hour times `elapsed`.
    """
    x: surface.Slice = surface.unpack(new)
    y: surface.Slice = surface.unpack(old)
    if convert(abs(x.basis - y.basis), uint256) * 3600 > BASIS_MOVE * elapsed:
        return False
    if convert(abs(x.stickiness - y.stickiness), uint256) * 3600 > STICKINESS_MOVE * elapsed:
        return False
    before: uint256[arbitrage.GRID] = arbitrage.deviations(old, life)
    allowed: uint256 = move * surface.root_tau(life) // (3600 * 10_000)
    for i: uint256 in range(arbitrage.GRID):
        limit: uint256 = allowed
        if i < FIRST_NEAR or i > LAST_NEAR:
            limit = allowed * WING_FACTOR
        if max(devs[i], before[i]) - min(devs[i], before[i]) > limit:
            return False
    return True
