# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title limits
@license AGPL-3.0-only
@author Tandem contributors
@notice What an opening trade may be. Pure rules, one reason each.
"""

from ..lib import series
from ..lib import terms

WAD: constant(uint256) = 10**18
DAY: constant(uint256) = 86_400
MIN_TENOR: constant(uint256) = 7 * DAY
MAX_TENOR: constant(uint256) = 45 * DAY
MIN_DELTA: constant(uint256) = 10**17
MAX_DELTA: constant(uint256) = 6 * 10**17
MIN_UNITS: constant(uint256) = 10_000  # 0.01 of the asset


@internal
@pure
def _check_series(s: series.Series, timestamp: uint256, spot: uint256, cap_limit: uint256):
    """
    @notice The series is one that may be opened now: tenor, moneyness, width.
    @param cap_limit The widest cap, hundredths of the strike.
    """
    assert s.expiry > timestamp, "limits: expired"
    assert (
        s.expiry >= timestamp + MIN_TENOR and s.expiry <= timestamp + MAX_TENOR
    ), "limits: tenor"
    strike: uint256 = s.strike * WAD
    assert strike * 10 >= spot * 6 and strike * 10 <= spot * 16, "limits: moneyness"
    if not s.is_put:
        assert s.other * 100 <= s.strike * cap_limit, "limits: cap too far"


@internal
@pure
def _check_delta(uncapped: int256):
    """
    @notice The delta of the uncapped leg is neither a lottery ticket nor a forward.
    """
    size: uint256 = convert(abs(uncapped), uint256)
    assert size >= MIN_DELTA and size <= MAX_DELTA, "limits: delta"


@internal
@pure
def _check_size(word: uint256, units: uint256, notional: uint256, nav: uint256):
    """
    @notice The trade is neither dust nor too large for the capital. Token units.
    """
    assert units >= MIN_UNITS, "limits: size too small"
    assert notional * 10_000 <= nav * terms.max_trade(word), "limits: size over cap"


@internal
@pure
def _check_outstanding(units: uint256, outstanding: uint256):
    """
    @notice Nobody sells back more than an expiry has outstanding.
    """
    assert units <= outstanding, "limits: over outstanding"


@internal
@pure
def _check_load(vega: uint256, gamma: uint256):
    """
    @notice The book after the trade is inside its caps (WAD, 1 = full).
    """
    assert vega <= WAD, "limits: book vega"
    assert gamma <= WAD, "limits: book gamma"
