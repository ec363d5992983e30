# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title fees
@license AGPL-3.0-only
@author Tandem contributors
@notice What a trade pays beside the model value: spread, fee and capital charge. Pure rules;
        WAD USD unless said otherwise.
"""

from ..interfaces import IUnderwriter
from ..lib import terms

WAD: constant(uint256) = 10**18
YEAR: constant(uint256) = 31_536_000


struct Load:
    vega: uint256  # |vega| of the book over its cap, WAD
    gamma: uint256  # |gamma| of the book over its cap, WAD


@internal
@pure
def _load(word: uint256, vega: int256, gamma: int256, spot: uint256, nav: uint256) -> Load:
    """
    @notice How full the book is after a trade, each risk factor against its own cap.
    @param vega USD per 1.00 of volatility. @param gamma ETH per USD.
    @dev Vega cap: VEGA_CAP of NAV per vol point. Gamma cap: GAMMA_CAP of NAV as the change of
         delta notional per 1 % of spot. Without capital the book is full: no open passes its
         limits, and a close pays the widest spread.
    """
    vega_cap: uint256 = max(nav * terms.field(word, terms.VEGA_CAP) // 1_000, 1)
    gamma_cap: uint256 = max(nav * terms.field(word, terms.GAMMA_CAP) // 10_000, 1)
    moved: uint256 = convert(abs(gamma), uint256) * spot // WAD * spot // WAD // 100
    return Load(
        vega=convert(abs(vega), uint256) * WAD // vega_cap,
        gamma=moved * WAD // gamma_cap,
    )


@internal
@pure
def _half_spread(word: uint256, load: Load) -> uint256:
    """
    @notice Half-spread in volatility, WAD: the base plus the slope at the fuller risk factor.
    """
    used: uint256 = min(max(load.vega, load.gamma), WAD)
    return (
        terms.field(word, terms.HALF_SPREAD) * WAD + terms.field(word, terms.SPREAD_SLOPE) * used
    ) // 10_000


@internal
@pure
def _half_spread_of_age(word: uint256, age: uint256) -> uint256:
    """
    @notice What a close pays at least where slices are past their age: from the base to that of a
            full book, while they get as old again.
    @param age Of the oldest slice, seconds.
    """
    limit: uint256 = terms.field(word, terms.SURFACE_AGE)
    used: uint256 = (max(age, limit) - limit) * WAD // limit
    return self._half_spread(word, Load(vega=used, gamma=0))


@internal
@pure
def _ask(model: uint256, margin: uint256, maximum: uint256) -> uint256:
    """
    @notice The ask of one option: model value plus margin, within its range.
    """
    return min(model + margin, maximum)


@internal
@pure
def _bid(model: uint256, margin: uint256) -> uint256:
    """
    @notice The bid of one option: model value less margin, which takes half of it at most. What is
            worth something has a bid, whatever the terms and however full the book.
    """
    return model - min(model // 2, margin)


@internal
@pure
def _fee(word: uint256, notional: uint256, premium: uint256) -> uint256:
    """
    @notice The fee in token units: a part of notional, at most a tenth of the premium.
    @param notional Token units. @param premium Token units.
    """
    return min(notional * terms.field(word, terms.FEE) // 100_000, premium // 10)


@internal
@pure
def _capital_charge(
    desk: IUnderwriter.Desk, added: uint256, seconds_left: uint256, margin: uint256
) -> uint256:
    """
    @notice The charge in token units for the maximum payoff that a trade adds, to expiry. With the
            spread it comes to the least that binding capital costs, whatever is bought with it.
    @param added Token units. @param margin What the premium is above the model's value, token units.
    """
    used: uint256 = added * seconds_left
    rent: uint256 = used * terms.field(desk.terms, terms.CAPITAL_CHARGE) // (10_000 * YEAR)
    yearly: uint256 = used * terms.field(desk.terms, terms.LEAST_PREMIUM)
    least: uint256 = (yearly + 10_000 * YEAR - 1) // (10_000 * YEAR)
    return max(rent, least - min(least, margin))
