# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title morpho_views
@license AGPL-3.0-only
@author Tandem contributors
@notice How far an order of an account at two markets of Morpho Blue and a Uniswap pool goes, before
        anything stops it: the pool's curve, what lenders have left, and what collateral carries. Views alone,
        and no state: an adapter answers with them, and anybody may ask of any account.
"""

from ..interfaces import IHedgeVenue
from . import lent_account
from . import morpho_lender
from . import morpho_reach
from . import uniswap_reach
from . import uniswap_spot

uses: morpho_lender
uses: uniswap_spot

initializes: morpho_reach[morpho_lender := morpho_lender]
initializes: uniswap_reach[uniswap_spot := uniswap_spot]

WAD: constant(uint256) = 10**18
RAW: constant(uint256) = 10**30  # WAD of a price, over what a token unit is worth of WAD USD
# What is kept back, in thousandths: prices move between a view and a trade.
KEPT_BACK: constant(uint256) = 1
ROUNDED: constant(uint256) = 10  # more than the roundings of an order's way through the pool
MAX_SIZE: constant(int256) = 2**96


@external
@view
def max_order(
    who: address, idle: uint256, lent: uint256, order: int256, worst_price: uint256
) -> uint256:
    """
    @notice The part of `order` that fills now at `worst_price` or better, WAD base: all of it, or
            less.
    @dev The lesser of what the pool fills at that price, what the lenders of the market that it borrows in
         have left there, and what collateral carries afterwards in each market by itself. Of two parts of
         an order the smaller one fills at the better price: so the price of the whole errs on the safe side
         for any. An oracle is asked of a market alone in which something would be owed.
    @param who The account. @param idle Nothing: what no position needs lies pledged. @param lent What was left
           pledged of the base token: what others pledged since, beyond what it repays, is taken out first.
    @param order Signed, positive buys.
    @param worst_price As for `IHedgeVenue.trade`.
    """
    if order == 0 or uniswap_spot._history() < uniswap_spot.AVERAGE_WINDOW:
        return 0
    wanted: uint256 = convert(abs(max(min(order, MAX_SIZE), -MAX_SIZE)), uint256)
    buys: bool = order > 0
    base: uint256 = 0
    quote: uint256 = 0
    grain: uint256 = uniswap_spot.GRAIN
    units: uint256 = (wanted + grain - 1) // grain
    sought: uint256 = units * 1000 // (1000 - KEPT_BACK) + ROUNDED
    base, quote = uniswap_reach._reach(buys, sought, worst_price)
    if base == 0 or quote == 0:
        return 0
    rate: uint256 = quote * WAD // base + (1 if buys else 0)
    shares: lent_account.Shares = morpho_lender._shares(who)
    shares.base_lent -= morpho_lender._given(lent, shares)
    most: uint256 = min(units, base * (1000 - KEPT_BACK) // 1000)
    return min(wanted, morpho_reach._carried(shares, buys, most, rate) * grain)


@external
@view
def free_collateral(who: address, gifts: uint256) -> uint256:
    """
    @notice Quote that an account may take out now, in the token's decimals: taken back or borrowed, if nobody
            had given any.
    @param who The account. @param gifts What others gave, token units.
    """
    shares: lent_account.Shares = morpho_lender._shares(who)
    free: int256 = convert(shares.quote_lent, int256) - convert(gifts, int256) - 1
    if shares.base_owed != 0:
        free -= self._needed(shares)
    elif shares.base_lent != 0:
        free += self._borrowable(shares)
    if free <= 0:
        return 0
    return convert(free, uint256) * (1000 - KEPT_BACK) // 1000


@external
@view
def curve(order: int256) -> IHedgeVenue.Curve:
    """
    @notice What an order of this size meets in the pool, stretch by stretch.
    @param order Signed, positive buys.
    """
    return uniswap_reach._curve(order)


@external
@view
def funding() -> (int256, int256):
    """
    @notice What holding a long of 1 USD for a day pays in interest at the rates of now, and what a short does,
            WAD. Either pays for all of it: what is pledged earns nothing.
    """
    return morpho_lender._daily(False), morpho_lender._daily(True)


# ---------------------------------------------------------------- inside


@internal
@view
def _needed(shares: lent_account.Shares) -> int256:
    """
    @return What must stay pledged for what is owed of the base token, token units of the quote token.
    """
    owed: uint256 = morpho_lender._debt(True, shares.base_owed)
    price: uint256 = morpho_lender._counted(True, shares.quote_lent)
    index: uint256 = morpho_lender._index(True, price)
    worth: uint256 = (owed * uniswap_spot.GRAIN * index // RAW + 1) * WAD
    return convert(worth // morpho_lender.SHORT.lltv + 1, int256)


@internal
@view
def _borrowable(shares: lent_account.Shares) -> int256:
    """
    @return What the long's market would lend beyond what is owed there, token units.
    """
    owed: uint256 = morpho_lender._debt(False, shares.quote_owed)
    most: uint256 = morpho_lender._lent_on(False, shares.base_lent)
    room: uint256 = most - min(most, owed)
    return convert(min(room, morpho_lender._there(False)), int256)
