# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
"""
@title arbitrage
@license AGPL-3.0-only
@author Tandem contributors
@notice Static arbitrage within one slice and between two, looked for on a fixed grid of
        log-moneyness: what spot does leaves it where it is. Pure functions over deviations.
@dev A deviation is sigma sqrt(tau), Q96: the square root of total variance. A grid of them is a
     slice at one moment, seen from the sixteen points.
"""

from . import bits
from . import inlined
from . import pricing
from . import surface

WAD: constant(uint256) = 10**18
SLOPE_SLACK: constant(uint256) = 2**24  # of 2**64: the pricing error over the narrowest step

# Log-moneyness k and e**k, Q96.
GRID: constant(uint256) = 16
AT_THE_MONEY: constant(uint256) = 7
LOG_STRIKES: constant(int256[GRID]) = [
    -71305346262837903834189555302,  # -0.90
    -55459713759985036315480765235,  # -0.70
    -39614081257132168796771975168,  # -0.50
    -28522138505135161533675822121,  # -0.36
    -19807040628566084398385987584,  # -0.25
    -12676506002282294014967032054,  # -0.16
    -6338253001141147007483516027,  # -0.08
    0,  # 0
    6338253001141147007483516027,  # 0.08
    12676506002282294014967032054,  # 0.16
    19807040628566084398385987584,  # 0.25
    28522138505135161533675822121,  # 0.36
    39614081257132168796771975168,  # 0.50
    55459713759985036315480765235,  # 0.70
    75266754388551120713866752819,  # 0.95
    95073795017117205112252740403,  # 1.20
]
STRIKES: constant(uint256[GRID]) = [
    32211767075297341165490193803,  # -0.90
    39343541150981119552351287244,  # -0.70
    48054309677596482279189095253,  # -0.50
    55275613344310525789212325368,  # -0.36
    61702955007417591292466347165,  # -0.25
    67513786597735965616617668706,  # -0.16
    73136811911094310839746232318,  # -0.08
    79228162514264337593543950336,  # 0
    85826843847352485975655434770,  # 0.08
    92975109999195032702738693280,  # 0.16
    101730974385782366080485013148,  # 0.25
    113560055793261998650389702666,  # 0.36
    130625156775754158392272157367,  # 0.50
    159545926771010726256976594595,  # 0.70
    204861025102978936977940692408,  # 0.95
    263046763120930397825463080168,  # 1.20
]


@internal
@pure
def deviations(slice_word: uint256, life: uint256) -> uint256[GRID]:
    """
    @notice A slice on the grid, `life` seconds before its expiry.
    """
    smile: surface.Smile = inlined.read(slice_word, WAD, life)
    devs: uint256[GRID] = empty(uint256[GRID])
    at: uint256 = 0
    guess: int256 = 0
    # by its values, because each look at a constant list by a number writes all of it to memory
    for k: int256 in LOG_STRIKES:
        guess = inlined.deviation(smile, k, guess)[0]
        devs[at] = bits.unsigned(guess)
        at = unsafe_add(at, 1)
    return devs


@internal
@pure
def check_butterfly(devs: uint256[GRID]):
    """
    @notice Calls on the grid, and the one at strike 0 that is worth the forward, fall with the
            strike, by at most the strike's own step, and ever more slowly.
    """
    before: uint256 = 2**96
    below: uint256 = 0
    steepest: uint256 = 2**64 + SLOPE_SLACK
    at: uint256 = 0
    logarithms: int256[GRID] = LOG_STRIKES
    for strike: uint256 in STRIKES:
        call: int256 = inlined.call(
            logarithms[at], bits.signed(devs[at]), pricing.ONE, bits.signed(strike)
        )[0]
        at = unsafe_add(at, 1)
        value: uint256 = bits.unsigned(call)
        step: uint256 = strike - below
        assert value <= before + (step * SLOPE_SLACK >> 64), "surface: calls not falling"
        fall: uint256 = ((before - min(value, before)) << 64) // step
        assert fall <= steepest, "surface: calls not convex"
        steepest = fall + SLOPE_SLACK
        before = value
        below = strike


@internal
@pure
def check_after(devs: uint256[GRID], slice_word: uint256, life: uint256):
    """
    @notice Total variance does not fall from the expiry before: its slice and its life.
    """
    nearer: uint256[GRID] = self.deviations(slice_word, life)
    for i: uint256 in range(GRID):
        assert devs[i] >= nearer[i], "surface: under nearer expiry"


@internal
@pure
def check_before(devs: uint256[GRID], slice_word: uint256, life: uint256):
    """
    @notice Total variance does not fall to the expiry after: its slice and its life.
    """
    farther: uint256[GRID] = self.deviations(slice_word, life)
    for i: uint256 in range(GRID):
        assert devs[i] <= farther[i], "surface: over farther expiry"
