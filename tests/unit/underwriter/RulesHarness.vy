# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title RulesHarness
@license AGPL-3.0-only
@author Tandem contributors
@notice The rules of limits, fees and underwriting, callable.
"""

from contracts.interfaces import IRisk
from contracts.interfaces import IUnderwriter
from contracts.lib import series
from contracts.modules import fees
from contracts.modules import limits
from contracts.modules import underwriting


@external
@pure
def check_series(s: series.Series, timestamp: uint256, spot: uint256, cap_limit: uint256):
    limits._check_series(s, timestamp, spot, cap_limit)


@external
@pure
def check_delta(uncapped: int256):
    limits._check_delta(uncapped)


@external
@pure
def check_size(word: uint256, units: uint256, notional: uint256, nav: uint256):
    limits._check_size(word, units, notional, nav)


@external
@pure
def check_outstanding(units: uint256, outstanding: uint256):
    limits._check_outstanding(units, outstanding)


@external
@pure
def check_load(vega: uint256, gamma: uint256):
    limits._check_load(vega, gamma)


@external
@pure
def load(
    word: uint256, vega: int256, gamma: int256, spot: uint256, nav: uint256
) -> (uint256, uint256):
    full: fees.Load = fees._load(word, vega, gamma, spot, nav)
    return full.vega, full.gamma


@external
@pure
def half_spread(word: uint256, vega: uint256, gamma: uint256) -> uint256:
    return fees._half_spread(word, fees.Load(vega=vega, gamma=gamma))


@external
@pure
def half_spread_of_age(word: uint256, age: uint256) -> uint256:
    return fees._half_spread_of_age(word, age)


@external
@pure
def ask(model: uint256, margin: uint256, maximum: uint256) -> uint256:
    return fees._ask(model, margin, maximum)


@external
@pure
def bid(model: uint256, margin: uint256) -> uint256:
    return fees._bid(model, margin)


@external
@pure
def fee(word: uint256, notional: uint256, premium: uint256) -> uint256:
    return fees._fee(word, notional, premium)


@external
@pure
def charge(
    desk: IUnderwriter.Desk, added: uint256, seconds_left: uint256, margin: uint256
) -> uint256:
    return fees._capital_charge(desk, added, seconds_left, margin)


@external
@pure
def best_bid(word: uint256, greeks: IRisk.OptionGreeks) -> uint256:
    return underwriting._best_bid(word, greeks)


@external
@pure
def price(
    desk: IUnderwriter.Desk,
    units: uint256,
    is_close: bool,
    exposure: IRisk.Exposure,
    greeks: IRisk.OptionGreeks,
) -> underwriting.Price:
    return underwriting._price(desk, units, is_close, exposure, greeks)
