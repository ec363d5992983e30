# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize

"""
@title AaveVenue
@license AGPL-3.0-only
@author Tandem contributors
@notice A perpetual out of what is alive on every rollup: Aave v3 lends and borrows, a Uniswap v3 pool
        trades, in one call. A short owes the base token and lends the quote token, a long lends the base
        token and owes of the quote token what its margin does not pay. This contract is itself the user
        of both; only the router trades or moves margin.
@dev One flash swap an order: the pool pays first, and in its callback what came is repaid or lent, and what
     is due is taken back or borrowed, straight into the pool where the market can. What others do to the
     account is told apart in lent_account.
     Longer than 450 lines: it is the whole of IHedgeVenue, and in its callback the account of the
     lender; how far an order goes is AaveReach's.
"""

from ethereum.ercs import IERC20

from ..interfaces import IHedgeVenue
from ..interfaces import IVenueReach
from . import aave_lender
from . import asked
from . import lent_account
from . import uniswap_spot

implements: IHedgeVenue

initializes: aave_lender
initializes: asked
initializes: lent_account
initializes: uniswap_spot

exports: (
    aave_lender.LENDER,
    aave_lender.BASE,
    aave_lender.QUOTE,
    lent_account.gifts,
    lent_account.idle,
    uniswap_spot.POOL,
)


# The account: as the last act of ours left it, and as it is.
struct View:
    kept: lent_account.Balances
    found: lent_account.Balances


WAD: constant(uint256) = 10**18
TO_WAD: constant(int256) = 10**12
DUST: constant(uint256) = 20  # units: two roundings of amounts that the lending market leaves
LOT: constant(uint256) = 10**15
LENT: constant(uint256) = 95 * 10**16  # of margin: the rest may lie idle, lent_account.IDLE
NO_BOUND: constant(uint256) = 2**127

ROUTER: public(immutable(address))
REACH: public(immutable(IVenueReach))
# Health factors, WAD.
LEAST: immutable(uint256)
TARGET: immutable(uint256)
MOST: immutable(uint256)


@deploy
def __init__(
    router: address,
    reach: address,
    provider: address,
    pool: address,
    base: address,
    quote: address,
    least: uint256,
    target: uint256,
    most: uint256,
):
    """
    @param reach AaveReach, of the same market and pool: it says how far orders go, and fills none.
    @param provider The lending market's addresses. @param pool Trades the base token for the quote token.
    @param least Health factor under which a top-up is due, WAD.
    @param target What top-ups and sweeps aim at, WAD.
    @param most Above it a sweep is due, WAD.
    """
    assert router != empty(address), "aave: no router"
    assert (WAD < least and least < target and target < most and most <= 10 * WAD), (
        "aave: health factors"
    )
    LEAST = least
    TARGET = target
    MOST = most
    aave_lender.__init__(provider, base, quote)
    uniswap_spot.__init__(pool, pool, base, quote)
    ROUTER = router
    REACH = IVenueReach(reach)


# ---------------------------------------------------------------- the router


@external
def trade(size: int256, worst_price: uint256) -> (int256, int256, uint256):
    """
    @notice Trade exactly `size` (signed) at `worst_price` or better, or revert.
    """
    self._only_router()
    before: lent_account.Shares = self._accept(False)
    buys: bool = size > 0
    amount: uint256 = convert(abs(size), uint256)
    asked._ask(before)
    paid: uint256 = uniswap_spot._swap(buys, amount)
    touched: uint256 = asked._what()
    shares: lent_account.Shares = aave_lender._after(before, touched)
    if touched & aave_lender.LENT != 0:
        shares.base_lent = asked._own_of(shares.base_lent)
    lent_account._keep(shares)
    after: int256 = 0
    moved: int256 = 0
    after, moved = aave_lender._moved(before, shares)
    assert convert(abs(moved - size), uint256) < DUST * uniswap_spot.GRAIN, "aave: fill not exact"
    bare: uint256 = 0
    fee: uint256 = 0
    bare, fee = uniswap_spot._split(buys, paid)
    bound: uint256 = amount * min(worst_price, NO_BOUND)
    whole: uint256 = bare * WAD
    assert whole == bound or (whole < bound) == buys, "aave: past the bound"
    quote_delta: int256 = convert(bare, int256)
    return aave_lender._position(after), -quote_delta if buys else quote_delta, fee


@external
@reentrant
def uniswapV3SwapCallback(amount0: int256, amount1: int256, data: Bytes[32]):
    """
    @notice The pool paid, and is owed. The pool only, while an order of ours is there.
    """
    assert msg.sender == uniswap_spot.POOL.address, "aave: not the pool"
    found: lent_account.Shares = asked._answer()
    base: int256 = amount0 if uniswap_spot.BASE_FIRST else amount1
    quote: int256 = amount1 if uniswap_spot.BASE_FIRST else amount0
    if quote > 0:
        asked._touch(self._bought(found, convert(-base, uint256), convert(quote, uint256)))
    else:
        asked._touch(self._sold(found, convert(base, uint256), convert(-quote, uint256)))


@external
def deposit(amount: uint256):
    """
    @notice Move `amount` of the quote token, held by this contract, into the venue account: a share of what
            the account is worth is left idle, the rest repaid and lent.
    """
    self._only_router()
    accepted: lent_account.Shares = self._accept(True)
    whole: int256 = self._whole(accepted)
    there: uint256 = lent_account._idle() + amount
    share: uint256 = lent_account._share(whole + convert(amount, int256) * TO_WAD)
    # never less of it than its own share, so that the margin rises by what was moved in and by no more
    idle: uint256 = max(min(there, share), there - amount * LENT // WAD)
    if there < idle + aave_lender.DUST:
        idle = there  # the market takes nothing so small
    lent_account._lay(idle)
    aave_lender._put(aave_lender.QUOTE, accepted.quote_owed, there - idle)
    lent_account._keep(self._ours(accepted))


@external
def withdraw(amount: uint256, recipient: address):
    """
    @notice Take `amount` of the quote token out of the venue account and send it to `recipient`.
    @dev What lies idle goes first, and is filled up again by what is lent and free.
    """
    self._only_router()
    accepted: lent_account.Shares = self._accept(True)
    whole: int256 = self._whole(accepted)
    idle: uint256 = lent_account._idle()
    taken: uint256 = amount - min(idle, amount)
    idle -= amount - taken
    most: uint256 = lent_account._share(whole - convert(amount, int256) * TO_WAD)
    lent: uint256 = aave_lender._income(aave_lender.QUOTE.address, accepted.quote_lent)
    filled: uint256 = most - min(most, idle)
    if filled != 0:
        free: uint256 = min(lent, staticcall REACH.free_collateral(self, lent_account._gifts()))
        filled = min(filled, free - min(free, taken))
    if taken + filled != 0:
        aave_lender._get(aave_lender.QUOTE, lent, taken + filled, self)
    lent_account._lay(idle + filled)
    shares: lent_account.Shares = self._ours(accepted)
    lent_account._keep(shares)
    assert self._whole(shares) >= 0, "aave: not ours"
    self._send(recipient, amount)


# ---------------------------------------------------------------- anybody


@external
def accept():
    """
    @notice Book what others did to the account since the last act of ours: what they gave is none of
            ours, and base tokens among it are taken out to lie here, where they move no position. Anybody may;
            every act of ours does the same first, an order but for the last.
    """
    self._accept(True)


@external
def settle_collateral(asset: address):
    """
    @notice Let what we lend carry our debts, and nothing else. Anybody may: of a token that somebody lends
            in our name the market's governance may set the loan to value to nothing, and while it carries
            debts the market lets nothing else be taken back; and what was first lent while its own was
            nothing does not carry any.
    """
    ours: bool = asset == aave_lender.BASE.address or asset == aave_lender.QUOTE.address
    extcall aave_lender.LENDER.setUserUseReserveAsCollateral(asset, ours)


# ---------------------------------------------------------------- views


@external
@view
def position() -> int256:
    """
    @notice What the account lends of the base token less what it owes, WAD, positive long.
    """
    return aave_lender._position(self._held())


@external
@view
def account(spot: uint256) -> IHedgeVenue.VenueAccount:
    """
    @notice What the account holds and is worth without gifts. The lending market values at its oracle's
            prices alone, gains and losses alike.
    @param spot The price to value the position at, WAD.
    """
    v: View = self._view()
    v.found.base = self._held()  # what others lent of it pays for nothing
    position: int256 = aave_lender._position(v.found.base)
    index: uint256 = aave_lender._index()
    whole: int256 = lent_account._own(v.kept, v.found, index)
    return IHedgeVenue.VenueAccount(
        position=position,
        equity=lent_account._own(v.kept, v.found, spot),
        venue_equity=whole,
        margin_equity=whole if position == 0 else lent_account._margin(whole),
    )


@external
@view
def bounds(position: int256) -> IHedgeVenue.Bounds:
    """
    @notice The margin at which a position of that sign has the health factors while as much lies idle as
            may, by the market's thresholds of now; without a position a short's, which is the dearer.
    """
    long: bool = position > 0
    weight: uint256 = self._weight(aave_lender.BASE if long else aave_lender.QUOTE)
    return IHedgeVenue.Bounds(
        least=self._share_of(long, weight, LEAST),
        target=self._share_of(long, weight, TARGET),
        most=self._share_of(long, weight, MOST),
    )


@external
@view
def index() -> uint256:
    """
    @notice The price of the base token that the lending market goes by, WAD.
    """
    return aave_lender._index()


@external
@view
def free_collateral() -> uint256:
    """
    @notice Quote that can be withdrawn now, in the token's decimals: what lies idle, and what the lending
            market would let go, taken back or borrowed, if nobody had given any.
    """
    v: View = self._view()
    given: uint256 = lent_account._given(v.kept, v.found, aave_lender._index())
    return lent_account._idle() + staticcall REACH.free_collateral(self, given)


@external
@view
def max_order(order: int256, worst_price: uint256) -> uint256:
    """
    @notice The part of `order` that fills now at `worst_price` or better, WAD base: all of it, or
            less.
    @param order Signed, positive buys.
    @param worst_price As for `trade`.
    """
    return staticcall REACH.max_order(
        self, lent_account._idle(), lent_account._base_left(), order, worst_price
    )


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
    return aave_lender._accrued(mark)


@external
@view
def purse() -> uint256:
    """
    @notice What the lending market has there of the quote token, and what lies idle here: it can pay
            nobody more than that.
    """
    there: uint128 = staticcall aave_lender.LENDER.getVirtualUnderlyingBalance(
        aave_lender.QUOTE.address
    )
    return convert(there, uint256) + lent_account._idle()


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
    @notice The least amount of the base token that there is, WAD: orders are multiples of it.
    """
    return uniswap_spot.GRAIN


# ---------------------------------------------------------------- inside


@internal
@view
def _only_router():
    assert msg.sender == ROUTER, "aave: not the router"


@internal
def _send(recipient: address, amount: uint256):
    """
    @notice Pay of the quote token what lies here.
    """
    assert extcall aave_lender.QUOTE.transfer(recipient, amount, default_return_value=True)


@internal
def _bought(found: lent_account.Shares, base: uint256, quote: uint256) -> uint256:
    """
    @notice The pool paid the base token and is owed the quote token: idle cash pays first.
    @return What that touched.
    """
    touched: uint256 = aave_lender._put(aave_lender.BASE, found.base_owed, base)
    idle: uint256 = lent_account._idle()
    cash: uint256 = min(idle, quote)
    if cash != 0:
        lent_account._lay(idle - cash)
        self._send(msg.sender, cash)
    if cash != quote:
        lent: uint256 = aave_lender._income(aave_lender.QUOTE.address, found.quote_lent)
        due: uint256 = quote - cash
        touched |= aave_lender._get(aave_lender.QUOTE, lent, due, msg.sender) << 2
    return touched


@internal
def _sold(found: lent_account.Shares, base: uint256, quote: uint256) -> uint256:
    """
    @notice The pool paid the quote token and is owed the base token. Where that is taken back alone and the
            market takes no more of the quote token, frozen or full, what came lies idle.
    @return What that touched.
    """
    lent: uint256 = aave_lender._income(aave_lender.BASE.address, found.base_lent)
    touched: uint256 = aave_lender.LENT | aave_lender.OWED
    if lent >= base:
        left: uint256 = quote - aave_lender._repay(aave_lender.QUOTE, found.quote_owed, quote)
        if not aave_lender._is_taken(aave_lender.QUOTE, left):
            lent_account._lay(lent_account._idle() + left)
    else:
        touched = aave_lender._put(aave_lender.QUOTE, found.quote_owed, quote)
    return touched << 2 | aave_lender._get(aave_lender.BASE, lent, base, msg.sender)


@internal
@view
def _weight(token: IERC20) -> uint256:
    """
    @notice What a token's collateral counts for in the margin, WAD: its threshold, or less where orders
            would stop before: at the least health factor the loan to value still lets one through.
    @dev A loan to value that no margin makes up for, under half of that, is none: nothing is asked for it.
    """
    loan_to_value: uint256 = 0
    threshold: uint256 = 0
    loan_to_value, threshold = aave_lender._weights(token)
    carried: uint256 = loan_to_value * LEAST // WAD
    return threshold if 2 * carried < threshold else min(carried, threshold)


@internal
@pure
def _share_of(long: bool, weight: uint256, health: uint256) -> uint256:
    """
    @notice Of a long's notional, what is its own: the rest is owed, against all of it. Of a short's, what
            lies there beside what it was sold for: all of it is owed.
    """
    share: uint256 = 0
    if long:
        share = WAD - weight * WAD // health
    else:
        share = health * WAD // max(weight, WAD // 10) - WAD
    return share * WAD // LENT


@internal
@view
def _whole(shares: lent_account.Shares) -> int256:
    """
    @return What the account is worth as it was just left, at the lender's price, WAD USD.
    """
    return lent_account._left(aave_lender._balances(shares), aave_lender._index())


@internal
@view
def _view() -> View:
    """
    @return The account as it was left and as it is.
    """
    before: lent_account.Shares = lent_account._kept()
    shares: lent_account.Shares = aave_lender._now(before)
    found: lent_account.Balances = aave_lender._balances(shares)
    kept: lent_account.Balances = found
    if not lent_account._is_same(before, shares):
        kept = aave_lender._balances(before)
    return View(kept=kept, found=found)


@internal
@view
def _ours(accepted: lent_account.Shares) -> lent_account.Shares:
    """
    @return The account as an act of ours leaves it that moves no base token: without what others lent of that since.
    """
    shares: lent_account.Shares = aave_lender._own()
    shares.base_lent = accepted.base_lent
    return shares


@internal
@view
def _held() -> int256:
    """
    @return What is held: what others lent of the base token since the last act of ours is none, and the next takes it out.
    """
    return aave_lender._held(
        min(aave_lender._ours(aave_lender.BASE_LENT), lent_account._base_left()),
        aave_lender._ours(aave_lender.BASE_OWED),
    )


@internal
def _accept(sheds: bool) -> lent_account.Shares:
    """
    @notice Book what others did since the last act of ours, and look again at what they gave before. Base tokens
            that they lent are taken out. An order does neither of the last two: it may need all that the market
            has of them, and gas.
    @return The account as it is, without those that are still there: a later act takes them out, so that who
            empties the market for a moment leaves nothing here for good.
    """
    before: lent_account.Shares = lent_account._kept()
    shares: lent_account.Shares = aave_lender._now(before)
    others: uint256 = 0
    if not lent_account._is_same(before, shares) or (sheds and lent_account._gifts() != 0):
        shares = aave_lender._shed(before, shares, sheds)
        others = aave_lender._ours(aave_lender.BASE_LENT) - shares.base_lent
        lent_account._accept(
            aave_lender._balances(before),
            aave_lender._balances(shares),
            shares,
            aave_lender._index(),
        )
    asked._leave(others)
    return shares
