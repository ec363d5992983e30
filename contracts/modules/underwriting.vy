# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title underwriting
@license AGPL-3.0-only
@author Tandem contributors
@notice What a trade costs and whether it may be done, from the book's exposure and the series'
        Greeks. Pure: no state, no call, no clock.
"""

from . import fees
from . import limits
from ..interfaces import IRisk
from ..interfaces import IUnderwriter
from ..lib import series
from ..lib import terms

WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12


struct Price:
    own: int256
    delta: int256
    gamma: int256
    half_spread: uint256
    premium: uint256
    fee: uint256


@internal
@pure
def _best_bid(word: uint256, greeks: IRisk.OptionGreeks) -> uint256:
    """
    @notice The best bid there could be, 1e-6 USD per ETH rounded up: an empty book's.
    """
    margin: uint256 = terms.field(word, terms.HALF_SPREAD) * greeks.spread_vega // 10_000
    bid: uint256 = fees._bid(min(greeks.value, greeks.value_previous), margin)
    return (bid + TO_WAD - 1) // TO_WAD


@internal
@pure
def _price(
    desk: IUnderwriter.Desk,
    units: uint256,
    is_close: bool,
    exposure: IRisk.Exposure,
    greeks: IRisk.OptionGreeks,
) -> Price:
    """
    @notice Price at the state after the trade, on whichever of two slices is worse for the trader.
    """
    size: int256 = -convert(units, int256) if is_close else convert(units, int256)
    p: Price = empty(Price)
    p.own = greeks.delta * size // 10**6
    p.delta = exposure.delta + p.own
    p.gamma = exposure.gamma + greeks.gamma * size // 10**6
    vega: int256 = exposure.vega + greeks.vega * size // 10**6
    load: fees.Load = fees._load(desk.terms, vega, p.gamma, desk.spot, desk.nav * TO_WAD)
    p.half_spread = fees._half_spread(desk.terms, load)
    margin: uint256 = p.half_spread * greeks.spread_vega // WAD
    if is_close:
        # A close prices its own expiry alone; how full the book is, the others say. What they say is
        # past its age: as long again, and the book counts as full.
        p.half_spread = max(p.half_spread, fees._half_spread_of_age(desk.terms, desk.surface_age))
        margin = p.half_spread * greeks.spread_vega // WAD
        p.premium = fees._bid(min(greeks.value, greeks.value_previous), margin) * units // WAD
    else:
        limits._check_load(load.vega, load.gamma)
        model: uint256 = max(greeks.value, greeks.value_previous)
        p.premium = (fees._ask(model, margin, greeks.maximum) * units + WAD - 1) // WAD
    p.fee = fees._fee(desk.terms, desk.spot * units // WAD, p.premium)
    return p


@internal
@pure
def _check_open(
    desk: IUnderwriter.Desk, s: series.Series, units: uint256, greeks: IRisk.OptionGreeks
):
    """
    @notice What an opening trade may be.
    """
    limits._check_series(s, desk.timestamp, desk.spot, terms.field(desk.terms, terms.CALL_CAP))
    limits._check_delta(greeks.uncapped_delta)
    limits._check_size(desk.terms, units, desk.spot * units // WAD, desk.nav)
