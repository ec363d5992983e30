# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title TwinsHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice Functions of the library and what lib/inlined makes of them, side by side: each answers both.
"""

from contracts.lib import inlined
from contracts.lib import losses
from contracts.lib import stress
from contracts.lib import surface

# Calls at one strike. strike: WAD. k: ln(strike / forward), deviation: sigma sqrt(tau), Q96.
struct Calls:
    strike: uint256
    k: int256
    deviation: int256
    size: uint256
    is_sold: bool


@internal
@pure
def _up(x: Calls) -> stress.Side:
    return stress.more(x.strike, x.k, x.deviation, x.size, x.is_sold)


@internal
@pure
def _down(x: Calls) -> stress.Side:
    return stress.less(x.strike, x.k, x.deviation, x.size, x.is_sold)


@external
@pure
def added(
    sums: int256[8], forward: uint256, more: Calls, less: Calls, forwards: int256, cash: int256
) -> (int256[8], int256[8]):
    up: stress.Side = self._up(more)
    down: stress.Side = self._down(less)
    return (
        stress.added(sums, forward, up, down, forwards, cash),
        inlined.added(sums, forward, up, down, forwards, cash),
    )


@external
@pure
def change(
    forward: uint256, more: Calls, less: Calls, forwards: int256, cash: int256
) -> (uint256, uint256):
    up: stress.Side = self._up(more)
    down: stress.Side = self._down(less)
    return (
        losses.change(forward, up, down, forwards, cash),
        inlined.change(forward, up, down, forwards, cash),
    )


@external
@pure
def pack(sums: int256[8]) -> (uint256, uint256):
    return losses.pack(sums), inlined.pack(sums)


@external
@pure
def plus(before: uint256, change: uint256) -> (uint256, uint256):
    return losses.plus(before, change), inlined.plus(before, change)


@external
@pure
def worst(
    word: uint256, position: int256, spot: uint256, equity: uint256, purse: uint256
) -> (int256, int256):
    return (
        losses.worst(word, position, spot, equity, purse),
        inlined.worst(word, position, spot, equity, purse),
    )


@external
@pure
def deviation(
    word: uint256, spot: uint256, life: uint256, k: int256, guess: int256
) -> (int256[4], int256[4]):
    smile: surface.Smile = surface.read(word, spot, life)
    one: int256[4] = empty(int256[4])
    one[0], one[1], one[2], one[3] = surface.deviation(smile, k, guess)
    other: int256[4] = empty(int256[4])
    other[0], other[1], other[2], other[3] = inlined.deviation(smile, k, guess)
    return one, other
