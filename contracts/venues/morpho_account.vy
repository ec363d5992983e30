# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title morpho_account
@license AGPL-3.0-only
@author Tandem contributors
@notice A perpetual out of two markets of Morpho Blue and a Uniswap pool, in one call. A short owes the
        base token in the one market and has the quote token pledged there; a long has the base token
        pledged in the other and owes of the quote token what its margin does not pay. The contract that
        has this is itself the user of both; only its router trades or moves margin.
@dev One flash swap an order: the pool pays first, and in its callback what came is repaid or pledged, and
     what is due is taken back or borrowed, straight into the pool. So an order through nothing moves from
     the one market to the other on the way. The lender knows no pause, no cap and no owner of a market's
     terms; what may stop an order is that its lenders have left, or its oracle. Where an oracle reverts, a
     position can be neither valued nor changed in part; it can be closed whole. Where it answers nothing,
     nothing is borrowed, and whoever liquidates takes the collateral: a market's oracle is trusted as its
     code is. What others do to the account is told apart in lent_account.
     Longer than 250 lines: it is the whole of IHedgeVenue, for two adapters; how far an order goes
     is in their MorphoReach and MorphoV4Reach.
"""

from ..interfaces import IHedgeVenue
from ..interfaces import IVenueReach
from . import asked
from . import lent_account
from . import morpho_lender
from . import uniswap_spot

uses: morpho_lender
uses: uniswap_spot

initializes: asked
initializes: lent_account


# The account: as the last act of ours left it, and as it is.
struct View:
    kept: lent_account.Balances
    found: lent_account.Balances
    shares: lent_account.Shares  # as it is


WAD: constant(uint256) = 10**18
TO_WAD: constant(int256) = 10**12
LOT: constant(uint256) = 10**15
NO_BOUND: constant(uint256) = 2**127

ROUTER: public(immutable(address))
REACH: public(immutable(IVenueReach))
# Health factors, WAD.
LEAST: immutable(uint256)
TARGET: immutable(uint256)
MOST: immutable(uint256)


@deploy
def __init__(router: address, reach: address, least: uint256, target: uint256, most: uint256):
    """
    @notice Once lender and pool are there.
    @param reach Of the same markets and pool: it says how far orders go, and fills none.
    @param least Health factor under which a top-up is due, WAD.
    @param target What top-ups and sweeps aim at, WAD.
    @param most Above it a sweep is due, WAD.
    """
    assert router != empty(address), "morpho: no router"
    assert (WAD < least and least < target and target < most and most <= 10 * WAD), (
        "morpho: health factors"
    )
    LEAST = least
    TARGET = target
    MOST = most
    morpho_lender._allow()
    ROUTER = router
    REACH = IVenueReach(reach)


# ---------------------------------------------------------------- the router


@external
def trade(size: int256, worst_price: uint256) -> (int256, int256, uint256):
    """
    @notice Trade exactly `size` (signed) at `worst_price` or better, or revert.
    """
    self._only_router()
    found: lent_account.Shares = self._accept(False)
    before: int256 = morpho_lender._held(found)
    buys: bool = size > 0
    amount: uint256 = convert(abs(size), uint256)
    asked._ask(found)
    paid: uint256 = uniswap_spot._swap(buys, amount)
    shares: lent_account.Shares = morpho_lender._shares(self)
    if shares.base_lent != 0:
        shares.base_lent = asked._own_of(shares.base_lent)
    lent_account._keep(shares)
    after: int256 = morpho_lender._held(shares)
    off: uint256 = convert(abs(after - before - size), uint256)
    assert off < morpho_lender.DUST * uniswap_spot.GRAIN, "morpho: fill not exact"
    bare: uint256 = 0
    fee: uint256 = 0
    bare, fee = uniswap_spot._split(buys, paid)
    bound: uint256 = amount * min(worst_price, NO_BOUND)
    assert bare * WAD == bound or (bare * WAD < bound) == buys, "morpho: past the bound"
    quote_delta: int256 = convert(bare, int256)
    return morpho_lender._position(after), -quote_delta if buys else quote_delta, fee


@external
@reentrant
def uniswapV3SwapCallback(amount0: int256, amount1: int256, data: Bytes[32]):
    """
    @notice The pool paid, and is owed. The pool only, while an order of ours is there.
    """
    assert msg.sender == uniswap_spot.POOL.address, "morpho: not the pool"
    shares: lent_account.Shares = asked._answer()
    base: int256 = amount0 if uniswap_spot.BASE_FIRST else amount1
    quote: int256 = amount1 if uniswap_spot.BASE_FIRST else amount0
    if quote > 0:
        morpho_lender._put(True, convert(-base, uint256), shares)
        morpho_lender._get(False, convert(quote, uint256), uniswap_spot.PAYEE, shares)
    else:
        morpho_lender._put(False, convert(-quote, uint256), shares)
        morpho_lender._get(True, convert(base, uint256), uniswap_spot.PAYEE, shares)


@external
def deposit(amount: uint256):
    """
    @notice Move `amount` of the quote token, held by this contract, into the venue account.
    """
    self._only_router()
    morpho_lender._put(False, amount, self._accept(True))
    lent_account._keep(self._own_shares())


@external
def withdraw(amount: uint256, recipient: address):
    """
    @notice Take `amount` of the quote token out of the venue account and send it to `recipient`.
    """
    self._only_router()
    morpho_lender._get(False, amount, recipient, self._accept(True))
    shares: lent_account.Shares = self._own_shares()
    lent_account._keep(shares)
    left: lent_account.Balances = morpho_lender._balances(shares)
    assert lent_account._left(left, self._index_of(left, left, shares)) >= 0, "morpho: not ours"


# ---------------------------------------------------------------- anybody


@external
def accept():
    """
    @notice Book what others did to the account since the last act of ours: what they gave is none of
            ours, and base tokens among it are taken out to lie here, where they move no position. Anybody may;
            every act of ours does the same first, an order but for the last.
    """
    self._accept(True)


# ---------------------------------------------------------------- views


@external
@view
def position() -> int256:
    """
    @notice What the account has pledged of the base token less what it owes, WAD, positive long.
    """
    shares: lent_account.Shares = morpho_lender._shares(self)
    if shares.base_lent != 0:
        shares.base_lent -= self._given(shares)
    return morpho_lender._position(morpho_lender._held(shares))


@external
@view
def account(spot: uint256) -> IHedgeVenue.VenueAccount:
    """
    @notice What the account holds and is worth without gifts. The lender values at its markets' oracles
            alone, gains and losses alike.
    @param spot The price to value the position at, WAD.
    """
    v: View = self._view()
    index: uint256 = self._index_of(v.kept, v.found, v.shares)
    there: int256 = lent_account._own(v.kept, v.found, index)
    given: int256 = convert(self._given(v.shares) * uniswap_spot.GRAIN, int256)
    return IHedgeVenue.VenueAccount(
        position=morpho_lender._position(v.found.base - given),
        equity=lent_account._own(v.kept, v.found, spot),
        venue_equity=there,
        margin_equity=there,
    )


@external
@view
def bounds(position: int256) -> IHedgeVenue.Bounds:
    """
    @notice The margin at which a position of that sign has the health factors, by its market's threshold,
            which never changes; without a position a short's, which is the dearer.
    """
    long: bool = position > 0
    threshold: uint256 = morpho_lender._market(not long).lltv
    return IHedgeVenue.Bounds(
        least=self._share_of(long, threshold, LEAST),
        target=self._share_of(long, threshold, TARGET),
        most=self._share_of(long, threshold, MOST),
    )


@external
@view
def index() -> uint256:
    """
    @notice The price of the base token that the lender goes by, WAD: that of the market which carries the
            position, without one the long's.
    """
    short: bool = morpho_lender._shares(self).base_owed != 0
    return morpho_lender._index(short, morpho_lender._price(short))


@external
@view
def free_collateral() -> uint256:
    """
    @notice Quote that can be withdrawn now, in the token's decimals: what the lender would let go, taken
            back or borrowed, if nobody had given any.
    """
    v: View = self._view()
    index: uint256 = 0
    if v.kept.base != 0 or v.found.base != 0:
        short: bool = v.shares.base_owed != 0
        index = morpho_lender._index(short, morpho_lender._tried(short))
    given: uint256 = lent_account._given(v.kept, v.found, index)
    return staticcall REACH.free_collateral(self, given)


@external
@view
def max_order(order: int256, worst_price: uint256) -> uint256:
    """
    @notice The part of `order` that fills now at `worst_price` or better, WAD base: all of it, or
            less.
    @param order Signed, positive buys.
    @param worst_price As for `trade`.
    """
    return staticcall REACH.max_order(self, 0, lent_account._base_left(), order, worst_price)


@external
@view
def curve(order: int256) -> IHedgeVenue.Curve:
    """
    @notice What an order of this size meets in the pool, stretch by stretch.
    @param order Signed, positive buys.
    """
    return staticcall REACH.curve(order)


@external
@view
def history() -> (uint256, uint256):
    """
    @notice For how many seconds back the pool knows its prices, and for how many it must.
    """
    return uniswap_spot._history(), uniswap_spot.AVERAGE_WINDOW


@external
@view
def average(window: uint256) -> (uint256, uint256, uint256):
    """
    @notice The pool's average price over `window` seconds, or as far back as it remembers; its
            depth now; the lesser of that and its average.
    """
    return uniswap_spot._average(window)


@external
@view
def quotation() -> IHedgeVenue.Quotation:
    """
    @notice The pool's price without a fill, now and on average over the last minute.
    """
    return uniswap_spot._quotation()


@external
@view
def price() -> uint256:
    """
    @notice The pool's price without a fill, now.
    """
    return uniswap_spot._price()


@external
@view
def funding() -> (int256, int256):
    """
    @notice What holding a long of 1 USD for a day pays in interest at the rates of now, and what a short does,
            WAD.
    """
    return staticcall REACH.funding()


@external
@view
def funding_since(mark: uint256) -> (uint256, int256, int256):
    """
    @notice The mark of now, and what each paid a day since another.
    """
    return morpho_lender._accrued(mark)


@external
@view
def purse() -> uint256:
    """
    @notice What the lender has there of the quote token that it can pay us: what of ours lies pledged, and
            what the lenders of the long's market have left there.
    """
    kept: uint256 = lent_account._kept().quote_lent
    own: uint256 = min(kept, morpho_lender._shares(self).quote_lent)
    return own - min(own, lent_account._gifts()) + morpho_lender._there(False)


@external
@view
def lot() -> uint256:
    """
    @notice Smallest order, WAD base. Neither market has one; under this, gas costs more than risk.
    """
    return LOT


@external
@view
def grain() -> uint256:
    """
    @notice The least amount of the base token that there is, WAD: here it counts in WAD itself.
    """
    return uniswap_spot.GRAIN


# ---------------------------------------------------------------- inside


@internal
@view
def _only_router():
    assert msg.sender == ROUTER, "morpho: not the router"


@internal
@pure
def _share_of(long: bool, threshold: uint256, health: uint256) -> uint256:
    """
    @notice Of a long's notional, what is its own: the rest is owed, against all of it. Of a short's, what
            lies there beside what it was sold for: all of it is owed.
    """
    if long:
        return WAD - threshold * WAD // health
    return health * WAD // threshold - WAD


@internal
@view
def _view() -> View:
    """
    @return The account as it was left and as it is.
    """
    shares: lent_account.Shares = morpho_lender._shares(self)
    found: lent_account.Balances = morpho_lender._balances(shares)
    before: lent_account.Shares = lent_account._kept()
    kept: lent_account.Balances = found
    if not lent_account._is_same(before, shares):
        kept = morpho_lender._balances(before)
    return View(kept=kept, found=found, shares=shares)


@internal
@view
def _given(shares: lent_account.Shares) -> uint256:
    """
    @return What others pledged of the base token since the last act of ours, beyond what it repays: no position of
            ours, and taken out by the next.
    """
    return morpho_lender._given(lent_account._base_left(), shares)


@internal
@view
def _own_shares() -> lent_account.Shares:
    """
    @return The account as an act of ours leaves it: without what others pledged of the base token and the lender did
            not let go before it.
    @dev An order has it in its own text, for eighty gas.
    """
    shares: lent_account.Shares = morpho_lender._shares(self)
    if shares.base_lent != 0:
        shares.base_lent = asked._own_of(shares.base_lent)
    return shares


@internal
def _accept(again: bool) -> lent_account.Shares:
    """
    @notice Book the interest on what we owe, and what others did since the last act of ours. Base tokens that they
            pledged are taken out.
    @param again Whether what they gave before is looked at again, though they did nothing since.
    @return The account as it is, without those that the lender did not let go: the next act takes them out.
    """
    shares: lent_account.Shares = morpho_lender._shares(self)
    morpho_lender._accrue(shares)
    before: lent_account.Shares = lent_account._kept()
    others: uint256 = 0
    if lent_account._is_same(before, shares) and not (again and lent_account._gifts() != 0):
        asked._leave(others)
    else:
        others = morpho_lender._given(before.base_lent, shares)
        if others != 0 and morpho_lender._shed(True, others):
            shares = morpho_lender._shares(self)
            others = 0
        shares.base_lent -= others
        asked._leave(others)
        kept: lent_account.Balances = morpho_lender._balances(before)
        found: lent_account.Balances = morpho_lender._balances(shares)
        index: uint256 = self._booked_at(kept, found, shares)
        lent_account._accept(kept, found, shares, index)
        if morpho_lender._net(shares):
            shares = self._own_shares()
        lent_account._keep(shares)
    return shares


@internal
@view
def _index_of(
    kept: lent_account.Balances, found: lent_account.Balances, shares: lent_account.Shares
) -> uint256:
    """
    @return The lender's price; nothing, and no oracle is asked, where nothing of the base token is there:
            so money alone goes home whatever the oracles are.
    """
    if kept.base == 0 and found.base == 0:
        return 0
    short: bool = shares.base_owed != 0
    return morpho_lender._index(short, morpho_lender._price(short))


@internal
@view
def _booked_at(
    kept: lent_account.Balances, found: lent_account.Balances, shares: lent_account.Shares
) -> uint256:
    """
    @return The same, and where the oracle says no price the pool's of the last minute: the way home waits for
            none.
    """
    if kept.base == 0 and found.base == 0:
        return 0
    short: bool = shares.base_owed != 0
    answer: uint256 = morpho_lender._tried(short)
    if answer == 0:
        return uniswap_spot._average(uniswap_spot.AVERAGE_WINDOW)[0]
    return morpho_lender._index(short, answer)
