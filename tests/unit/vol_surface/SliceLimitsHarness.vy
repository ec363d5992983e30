# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title SliceLimitsHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice The rules of modules/slice_limits, callable.
"""

from contracts.lib import arbitrage
from contracts.lib import bits
from contracts.lib import density
from contracts.lib import inlined
from contracts.lib import pricing
from contracts.lib import surface
from contracts.modules import slice_limits


@external
@pure
def check_bounds(x: surface.Slice, life: uint256):
    slice_limits._check_bounds(x, life)


@external
@pure
def check_levels(devs: uint256[arbitrage.GRID], root_tau: uint256):
    slice_limits._check_levels(devs, root_tau)


@external
@pure
def check_first(dev: uint256, root_tau: uint256):
    slice_limits._check_first(dev, root_tau)


@external
@pure
def is_in_pace(
    new: uint256,
    old: uint256,
    elapsed: uint256,
    devs: uint256[arbitrage.GRID],
    move: uint256,
    life: uint256,
) -> bool:
    return slice_limits._is_in_pace(new, old, elapsed, devs, move, life)


@external
@pure
def grid(word: uint256, life: uint256) -> (uint256[arbitrage.GRID], uint256):
    return arbitrage.deviations(word, life), surface.root_tau(life)


@external
@pure
def places() -> (int256[arbitrage.GRID], uint256[arbitrage.GRID]):
    return arbitrage.LOG_STRIKES, arbitrage.STRIKES


@external
@pure
def ends() -> (int256, int256):
    return density.LOWEST, density.HIGHEST


@external
@pure
def check_butterfly(devs: uint256[arbitrage.GRID]):
    arbitrage.check_butterfly(devs)


@external
@pure
def call_at(place: uint256, dev: uint256) -> uint256:
    logs: int256[arbitrage.GRID] = arbitrage.LOG_STRIKES
    strikes: uint256[arbitrage.GRID] = arbitrage.STRIKES
    strike: int256 = bits.signed(strikes[place])
    return bits.unsigned(inlined.call(logs[place], bits.signed(dev), pricing.ONE, strike)[0])


@external
@pure
def check_after(devs: uint256[arbitrage.GRID], word: uint256, life: uint256):
    arbitrage.check_after(devs, word, life)


@external
@pure
def check_before(devs: uint256[arbitrage.GRID], word: uint256, life: uint256):
    arbitrage.check_before(devs, word, life)


@external
@pure
def check_density(word: uint256, life: uint256):
    density.check(word, life)
