# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title AaveReach
@license AGPL-3.0-only
@author Tandem contributors
@notice How far an order of an account at Aave v3 and a Uniswap v3 pool goes, before anything stops it: the
        pool's curve, what the lending market takes and gives, and its rule of collateral. Views alone, and
        no state: AaveVenue answers with them, and anybody may ask of any account.
"""

from ..interfaces import IHedgeVenue
from ..interfaces import IVenueReach
from ..lib import bits
from . import aave_lender
from . import aave_rooms
from . import lent_account
from . import uniswap_reach
from . import uniswap_spot

implements: IVenueReach

initializes: aave_lender
initializes: aave_rooms[aave_lender := aave_lender]
initializes: uniswap_spot
initializes: uniswap_reach[uniswap_spot := uniswap_spot]


# An order that is tried on an account. rate: what the base token costs or brings, fee included, WAD.
struct Trial:
    buys: bool
    base: int256
    quote: int256  # WAD USD
    rate: uint256
    index: uint256
    base_word: uint256  # the reserves' configurations
    quote_word: uint256


WAD: constant(uint256) = 10**18
IWAD: constant(int256) = 10**18
TO_WAD: constant(uint256) = 10**12
# What is kept back, in thousandths: prices move between a view and a trade.
KEPT_BACK: constant(uint256) = 1
ROUNDED: constant(uint256) = 10  # more than the roundings of an order's way through the pool
MAX_SIZE: constant(int256) = 2**96
HIGHEST: constant(uint256) = 10**30  # no price is above this: a trillion USD


@deploy
def __init__(provider: address, pool: address, base: address, quote: address):
    """
    @param provider The lending market's addresses. @param pool Trades the base token for the quote token.
    """
    aave_lender.__init__(provider, base, quote)
    uniswap_spot.__init__(pool, pool, base, quote)


@external
@view
def max_order(
    who: address, idle: uint256, lent: uint256, order: int256, worst_price: uint256
) -> uint256:
    """
    @notice The part of `order` that fills now at `worst_price` or better, WAD base: all of it, or
            less.
    @dev The lesser of what the pool fills at that price, what the lending market takes and gives of both
         tokens, and what its rule of collateral carries afterwards. Of two parts of an order the smaller
         one fills at the better price: so the price of the whole errs on the safe side for any.
    @param who The account. @param idle What of the quote token lies in it unlent, token units.
    @param lent What its last act left lent of the base token, in scaled units.
    @param order Signed, positive buys.
    @param worst_price As for `IHedgeVenue.trade`.
    """
    if order == 0 or uniswap_spot._history() < uniswap_spot.AVERAGE_WINDOW:
        return 0
    wanted: uint256 = convert(bits.absolute(max(min(order, MAX_SIZE), -MAX_SIZE)), uint256)
    buys: bool = order > 0
    base: uint256 = 0
    quote: uint256 = 0
    sought: uint256 = wanted // uniswap_spot.GRAIN * 1000 // (1000 - KEPT_BACK) + ROUNDED
    base, quote = uniswap_reach._reach(buys, sought, worst_price)
    if base == 0 or quote == 0:
        return 0
    shares: lent_account.Shares = aave_lender._shares(who)
    shares.base_lent = min(shares.base_lent, lent)
    carried: uint256 = self._carried(who, idle, shares, buys, base, quote)
    return min(wanted, carried * (1000 - KEPT_BACK) // 1000)


@external
@view
def free_collateral(who: address, gifts: uint256) -> uint256:
    """
    @notice Quote that can be taken out of the lending market now, in the token's decimals, taken back or
            borrowed, if nobody had given any.
    @param who The account. @param gifts What others gave, token units.
    """
    shares: lent_account.Shares = aave_lender._shares(who)
    found: lent_account.Balances = aave_lender._balances(shares)
    index: int256 = convert(aave_lender._index(), int256)
    quote_word: uint256 = aave_rooms._word(aave_lender.QUOTE)
    free: int256 = found.quote
    is_tainted: bool = aave_rooms._is_tainted(who, shares)
    if found.base < 0:
        threshold: uint256 = aave_rooms._threshold(quote_word)
        if threshold == 0 or is_tainted:
            return 0
        owed: int256 = -found.base * index // IWAD
        free -= owed * IWAD // convert(threshold, int256) // convert(TO_WAD, int256) + 1
    elif not is_tainted:
        worth: int256 = found.base * index // IWAD
        weight: uint256 = aave_rooms._loan_to_value(aave_rooms._word(aave_lender.BASE))
        free += worth * convert(weight, int256) // IWAD // convert(TO_WAD, int256)
    free -= convert(gifts, int256) + 1
    kept: uint256 = convert(max(free, 0), uint256) * (1000 - KEPT_BACK) // 1000
    lent: uint256 = aave_lender._income(aave_lender.QUOTE.address, shares.quote_lent)
    there: uint256 = min(
        kept,
        aave_rooms._given(aave_lender.QUOTE, aave_lender.QUOTE_OWED, quote_word, lent, kept),
    )
    return there if there >= aave_lender.DUST else 0


@external
@view
def curve(order: int256) -> IHedgeVenue.Curve:
    """
    @notice What an order of this size meets in the pool, stretch by stretch.
    @dev Of a sale the pool takes its fee before the rest meets the curve.
    @param order Signed, positive buys.
    """
    return uniswap_reach._curve(order)


@external
@view
def funding() -> (int256, int256):
    """
    @notice What holding a long of 1 USD for a day pays in interest at the rates of now, and what a short does,
            WAD.
    """
    return aave_rooms._rates()


# ---------------------------------------------------------------- inside


@internal
@view
def _carried(
    who: address,
    idle: uint256,
    shares: lent_account.Shares,
    buys: bool,
    units: uint256,
    quote: uint256,
) -> uint256:
    """
    @return The part of an order that the lending market and idle cash carry, WAD, at most `units` of the
            base token's units, for which `quote` is paid or received.
    @dev Longer than a screen because a trial is one table. A purchase that idle cash pays whole asks for no
         collateral.
    """
    base_side: aave_rooms.Side = aave_rooms._side(
        aave_lender.BASE, shares.base_lent, shares.base_owed
    )
    quote_side: aave_rooms.Side = aave_rooms._side(
        aave_lender.QUOTE, shares.quote_lent, shares.quote_owed
    )
    grain: uint256 = uniswap_spot.GRAIN
    reach: uint256 = units * grain
    trial: Trial = Trial(
        buys=buys,
        base=(convert(base_side.lent, int256) - convert(base_side.owed, int256))
        * convert(grain, int256),
        quote=(convert(quote_side.lent, int256) - convert(quote_side.owed, int256))
        * convert(TO_WAD, int256),
        rate=quote * TO_WAD * WAD // reach,
        index=self._index_of(who),
        base_word=aave_rooms._word(aave_lender.BASE),
        quote_word=aave_rooms._word(aave_lender.QUOTE),
    )
    one: uint256 = 0
    other: uint256 = 0
    cash: uint256 = 0
    if buys:
        cash = idle
        one = aave_rooms._taken(
            aave_lender.BASE, aave_lender.BASE_LENT, trial.base_word, base_side.owed, units
        )
        other = aave_rooms._given(
            aave_lender.QUOTE,
            aave_lender.QUOTE_OWED,
            trial.quote_word,
            quote_side.lent,
            quote - min(quote, cash),
        )
        trial.quote += convert(cash * TO_WAD, int256)
    else:
        one = aave_rooms._given(
            aave_lender.BASE, aave_lender.BASE_OWED, trial.base_word, base_side.lent, units
        )
        other = aave_rooms._taken(
            aave_lender.QUOTE, aave_lender.QUOTE_LENT, trial.quote_word, quote_side.owed, quote
        )
    fits: uint256 = (other + cash) * TO_WAD * WAD // max(trial.rate, 1)
    if not buys and aave_rooms._is_open(trial.quote_word):
        # what comes for what is only taken back may lie idle, frozen or full as the market is
        fits = max(fits, base_side.lent * grain)
    there: uint256 = min(min(reach, one * grain), fits)
    paid: uint256 = min(there, cash * TO_WAD * WAD // max(trial.rate, 1))
    if paid == there:
        return there
    free: bool = False
    carried: bool = False
    free, carried = self._is_carried(trial, there)
    if not free and (trial.index == 0 or aave_rooms._is_tainted(who, shares)):
        # where nothing is owed the market asks for no collateral, and none counts
        trial.base_word = 0
        trial.quote_word = 0
        carried = False
        if min(trial.base, trial.quote) < 0:
            there = paid
    return there if carried else max(paid, self._most(trial, there))


@internal
@view
def _index_of(who: address) -> uint256:
    """
    @return The price of the base token that the lending market goes by, WAD; nothing where it has none of one of the
            two, or one past all prices. As the account says it: a call through an interface would revert with it.
    """
    is_priced: bool = False
    answer: Bytes[32] = b""
    is_priced, answer = raw_call(
        who,
        method_id("index()"),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    index: uint256 = convert(answer, uint256)
    return index if is_priced and index <= HIGHEST else 0


@internal
@view
def _most(trial: Trial, there: uint256) -> uint256:
    """
    @notice The largest part of an order that collateral covers, of one that it does not.
    @dev Debt and collateral move evenly with the order, but where a position flips and where a debt begins:
         so it is at one of four places.
    """
    rate: int256 = convert(trial.rate, int256)
    index: int256 = convert(trial.index, int256)
    base_worth: int256 = trial.base * index // IWAD
    sign: int256 = -1
    of_base: uint256 = aave_rooms._threshold(trial.base_word)
    of_quote: uint256 = aave_rooms._loan_to_value(trial.quote_word)
    if trial.buys:
        sign = 1
        of_base = aave_rooms._loan_to_value(trial.base_word)
        of_quote = aave_rooms._threshold(trial.quote_word)
    base_share: int256 = convert(of_base, int256)
    quote_share: int256 = convert(of_quote, int256)
    # owing the quote token, owing the base token, owing none of it any more, and beginning to owe
    places: int256[4] = [
        self._ratio(
            trial.quote + base_worth * base_share // IWAD,
            sign * (rate - index * base_share // IWAD),
        ),
        self._ratio(
            trial.quote * quote_share // IWAD + base_worth,
            sign * (rate * quote_share // IWAD - index),
        ),
        -sign * trial.base,
        self._ratio(sign * trial.quote, rate),
    ]
    most: uint256 = 0
    rounded: int256 = convert(uniswap_spot.GRAIN + 10**6, int256)
    for place: int256 in places:
        # less what was rounded
        size: uint256 = convert(max(place - place // 10**15 - rounded, 0), uint256)
        if size > most and size <= there and self._is_carried(trial, size)[1]:
            most = size
    return most


@internal
@pure
def _ratio(amount: int256, by: int256) -> int256:
    """
    @return One over the other, WAD; 0 where either is none.
    """
    if min(amount, by) <= 0:
        return 0
    return amount * IWAD // by


@internal
@pure
def _is_carried(trial: Trial, size: uint256) -> (bool, bool):
    """
    @return Whether nothing is owed before and after so much of an order, and whether collateral covers the
            debt after it: by the market's loan to value where it borrows, by its threshold of liquidation
            where it only takes back.
    """
    base: int256 = convert(size, int256)
    quote: int256 = convert(size * trial.rate // WAD, int256)
    if trial.buys:
        quote = -quote
    else:
        base = -base
    base += trial.base
    quote += trial.quote
    if min(base, quote) >= 0:
        return min(trial.base, trial.quote) >= 0, True
    worth: int256 = base * convert(trial.index, int256) // IWAD
    owed: int256 = -quote
    carries: int256 = worth
    word: uint256 = trial.base_word
    borrows: bool = quote < min(trial.quote, 0)
    if base < 0:
        owed = -worth
        carries = quote
        word = trial.quote_word
        borrows = base < min(trial.base, 0)
    share: uint256 = aave_rooms._threshold(word)
    if borrows:
        share = aave_rooms._loan_to_value(word)
    return False, owed <= carries * convert(share, int256) // IWAD
