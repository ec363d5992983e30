# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title CurieVenue
@license AGPL-3.0-only
@author Tandem contributors
@notice One account at Perp v2 (Curie), behind Tandem's venue interface. This contract is itself
        the trader; only the router trades or moves margin, and only what this contract moved
        there and earned there counts. Money that others put into the account carries orders, by
        the venue's own rule, and counts in nothing else.
@dev The venue keeps what an account holds in two sums, the balance of its Vault and the realised
     PnL that the balance still owes it. Nobody but this contract trades for it or withdraws, so

       realised PnL  moves by its fills, by funding, by liquidation and by the market's closing;
       the balance   by deposit (+ amount), by withdraw (- amount, + all realised PnL, rounded
                     down), and else only up: by depositFor, which anybody may call, by
                     liquidateCollateral, which sells a token that somebody pledged for the
                     account, and by settleBadDebt, with which the insurance fund pays what an
                     account without a position and without a pledge lacks to nothing.

     `own_balance` therefore follows this contract's deposits and withdrawals, and the rest of the
     balance is a gift. A debt that is paid while there is no position is gone, whoever paid it:
     the account restarts from nothing, as it does when the insurance fund pays. With a position
     open a gift repays no debt. The balance falls under `own_balance` only if the venue's owner
     appoints a forwarder that withdraws in our name; that counts at once, and a gift fills it
     until this contract's next deposit or withdrawal, not after.
     Longer than 450 lines: it is the whole of IHedgeVenue, and what the venue counts as ours is
     followed through each of its acts; how far an order goes is in curie_reach.
"""

from ethereum.ercs import IERC20

from ..interfaces import IHedgeVenue
from ..interfaces.external import ICurieAccountBalance
from ..interfaces.external import ICurieBaseToken
from ..interfaces.external import ICurieClearingHouse
from ..interfaces.external import ICurieConfig
from ..interfaces.external import ICurieDelegateApproval
from ..interfaces.external import ICurieExchange
from ..interfaces.external import ICurieMarketRegistry
from ..interfaces.external import ICurieVault
from ..interfaces.external import IUniswapV3Pool
from . import curie_margin
from . import curie_reach
from . import uniswap_average
from . import uniswap_curve
from . import uniswap_depth

implements: IHedgeVenue

# What the venue says of the account, WAD.
struct Valuation:
    size: int256
    open_notional: int256
    unrealized: int256  # at the venue's mark
    balance: int256  # token units
    collateral: int256  # the balance, realised gains and losses, and funding


GRAIN: constant(uint256) = 1  # a unit of the base token, WAD
WAD: constant(uint256) = 10**18
IWAD: constant(int256) = 10**18
MILLION: constant(uint256) = 10**6
QUOTE_TO_WAD: constant(int256) = 10**12
# The venue reports positions under 10 wei as none.
DUST: constant(uint256) = 10
# Prices from here up bound nothing.
NO_BOUND: constant(uint256) = 2**127
LOT: constant(uint256) = 10**15
OPEN_POSITION: constant(uint8) = 1
INDEX_WINDOW: constant(uint256) = 900
AVERAGE_WINDOW: constant(uint256) = 60
# What max_order keeps back, in thousandths: the mark moves between a view and a trade.
KEPT_BACK: constant(uint256) = 1
# No order is larger, WAD base.
MAX_SIZE: constant(int256) = 2**96

ROUTER: public(immutable(address))
LEAST: immutable(uint256)
TARGET: immutable(uint256)
MOST: immutable(uint256)
QUOTE: public(immutable(IERC20))
BASE_TOKEN: public(immutable(address))
CLEARING_HOUSE: public(immutable(ICurieClearingHouse))
ACCOUNT_BALANCE: public(immutable(ICurieAccountBalance))
EXCHANGE: public(immutable(ICurieExchange))
VAULT: public(immutable(ICurieVault))
REGISTRY: public(immutable(ICurieMarketRegistry))
CONFIG: public(immutable(ICurieConfig))
# The venue never gives a base token another pool.
POOL: public(immutable(IUniswapV3Pool))

# The part of the venue's balance that is no gift, token units. Negative when losses were settled
# into a balance that gifts held up.
own_balance: public(int256)


@deploy
def __init__(
    router: address,
    clearing_house: address,
    base_token: address,
    least: uint256,
    target: uint256,
    most: uint256,
):
    """
    @notice Everything but the router, the market and its margin is asked of the clearing house.
    @param least Equity per unit of need below which a top-up is due, WAD: over what the venue liquidates at.
    @param target What top-ups and sweeps aim at, WAD: over what the venue lets a position be opened with.
    @param most Above it a sweep is due, WAD.
    """
    assert router != empty(address), "curie: no router"
    LEAST = least
    TARGET = target
    MOST = most
    house: ICurieClearingHouse = ICurieClearingHouse(clearing_house)
    exchange: ICurieExchange = ICurieExchange(staticcall house.getExchange())
    vault: ICurieVault = ICurieVault(staticcall house.getVault())
    ROUTER = router
    BASE_TOKEN = base_token
    CLEARING_HOUSE = house
    EXCHANGE = exchange
    VAULT = vault
    ACCOUNT_BALANCE = ICurieAccountBalance(staticcall house.getAccountBalance())
    CONFIG = ICurieConfig(staticcall house.getClearingHouseConfig())
    REGISTRY = ICurieMarketRegistry(staticcall exchange.getMarketRegistry())
    QUOTE = IERC20(staticcall vault.getSettlementToken())
    maintenance: uint256 = convert(staticcall CONFIG.getMmRatio(), uint256) * (WAD // MILLION)
    initial: uint256 = convert(staticcall CONFIG.getImRatio(), uint256) * (WAD // MILLION)
    assert (
        maintenance < least
        and initial < target
        and least < target
        and target < most
        and most <= WAD
    ), "curie: margin bounds"
    POOL = IUniswapV3Pool((staticcall REGISTRY.getMarketInfoByTrader(self, base_token)).pool)
    # One is kept for each second with a trade: with fewer anybody could erase the venue's average.
    kept: uint256 = convert((staticcall POOL.slot0())[3], uint256)
    assert kept > self._window(), "curie: too few observations"
    extcall ICurieDelegateApproval(staticcall house.getDelegateApproval()).approve(
        self, OPEN_POSITION
    )


@external
def trade(size: int256, worst_price: uint256) -> (int256, int256, uint256):
    """
    @notice Trade exactly `size` (signed) at `worst_price` or better, or revert.
    @dev The venue's own bound holds its fee, ours does not, and the venue asks after the swap as we do:
         the order carries none, and the fill is checked once the fee is known.
    """
    self._only_router()
    buys: bool = size > 0
    amount: uint256 = convert(abs(size), uint256)
    limit: uint256 = self._notional_limit(buys, amount, worst_price)
    before: int256 = self._position()
    if before == 0:
        # A debt that was paid must not come back with the position.
        self.own_balance = self._own_balance(self._balance(), before)
    quote: uint256 = 0
    fee: uint256 = 0
    base: uint256 = 0
    base, quote, fee = extcall CLEARING_HOUSE.openPositionFor(
        self,
        ICurieClearingHouse.OpenPositionParams(
            baseToken=BASE_TOKEN,
            isBaseToQuote=not buys,
            isExactInput=not buys,
            amount=amount,
            oppositeAmountBound=0,
            deadline=block.timestamp,
            sqrtPriceLimitX96=0,
            referralCode=empty(bytes32),
        ),
    )
    after: int256 = self._position()
    assert (convert(abs(after - before - size), uint256) < DUST), "curie: fill not exact"
    return after, self._quote_delta(buys, quote, fee, limit), fee


@external
def deposit(amount: uint256):
    """
    @notice Move `amount` of the quote token, held by this contract, into the venue account.
    """
    self._only_router()
    own: int256 = self._own_balance(self._balance(), self._position())
    self.own_balance = own + convert(amount, int256)
    assert extcall QUOTE.approve(VAULT.address, amount, default_return_value=True)
    extcall VAULT.deposit(QUOTE.address, amount)


@external
def withdraw(amount: uint256, recipient: address):
    """
    @notice Take `amount` of the quote token out of the venue account and send it to `recipient`.
    @dev The venue settles all realised PnL into the balance, so that what is left of our part of it
         is all that we have there but for an open position.
    """
    self._only_router()
    before: int256 = self._balance()
    own: int256 = self._own_balance(before, self._position())
    extcall VAULT.withdraw(QUOTE.address, amount)
    own += self._balance() - before
    assert own >= 0, "curie: not ours"
    self.own_balance = own
    assert extcall QUOTE.transfer(recipient, amount, default_return_value=True)


@external
def renew_approval():
    """
    @notice Let this contract trade for itself under the approval contract that the venue uses now.
            Anybody may call it: the venue's owner can replace that contract, and trades would
            revert with CH_SHNAOPT until the approval is given again.
    """
    extcall ICurieDelegateApproval(staticcall CLEARING_HOUSE.getDelegateApproval()).approve(
        self, OPEN_POSITION
    )


@external
def refresh():
    """
    @notice Tell the venue's oracle adapter of the feed's last price; anybody may.
    @dev The adapter extrapolates from the last price it was told of. When a newer one has been in
         the feed for longer than its averaging window, the venue's averages go wrong and at last
         below zero, so that its views, and ours with them, revert. A trade does the same first.
    """
    extcall ICurieBaseToken(BASE_TOKEN).cacheTwap(INDEX_WINDOW)


@external
@view
def position() -> int256:
    """
    @notice The position as the venue reports it, WAD base, positive long.
    """
    return self._position()


@external
@view
def account(spot: uint256) -> IHedgeVenue.VenueAccount:
    """
    @notice What the account holds and is worth without gifts, for one valuation by the venue.
    @dev The venue counts a loss at its mark at once, and a profit only when it is realised.
    @param spot The price to value the position at, WAD.
    """
    v: Valuation = self._valuation()
    gift: int256 = v.balance - self._own_balance(v.balance, v.size)
    own: int256 = v.collateral - gift * QUOTE_TO_WAD
    return IHedgeVenue.VenueAccount(
        position=v.size,
        equity=own + v.open_notional + v.size * convert(spot, int256) // IWAD,
        venue_equity=own + v.unrealized,
        margin_equity=own + min(v.unrealized, 0),
    )


@external
@view
def bounds(position: int256) -> IHedgeVenue.Bounds:
    """
    @notice The margin that a position needs: the same for both signs, and fixed.
    """
    return IHedgeVenue.Bounds(least=LEAST, target=TARGET, most=MOST)


@external
@view
def index() -> uint256:
    """
    @notice The price of the base asset that the venue goes by, WAD.
    """
    return self._index()


@external
@view
def free_collateral() -> uint256:
    """
    @notice Quote that can be withdrawn now, in the token's decimals: what the venue would let go
            if nobody had given any.
    """
    balance: int256 = self._balance()
    gift: int256 = balance - self._own_balance(balance, self._position())
    free: uint256 = staticcall VAULT.getFreeCollateralByToken(self, QUOTE.address)
    return free - min(free, convert(gift, uint256))


@external
@view
def purse() -> uint256:
    """
    @notice What the venue holds of the quote token: it can pay nobody more than that.
    """
    return staticcall QUOTE.balanceOf(VAULT.address)


@external
@view
def max_order(order: int256, worst_price: uint256) -> uint256:
    """
    @notice The part of `order` that fills now at `worst_price` or better, WAD base: all of it, or
            less. Never reverts.
    @dev Every order up to the answer fills (curie_reach). While the pool cannot look back over the
         venue's average, where every trade that leaves a position reverts OLD, it is 0. While a
         reducing order would be refused for want of maintenance margin (CH_NEFCM), it is 0.
    @param order Signed, positive buys.
    @param worst_price As for `trade`.
    """
    if order == 0 or not self._is_trading():
        return 0
    wanted: uint256 = convert(abs(max(min(order, MAX_SIZE), -MAX_SIZE)), uint256)
    buys: bool = order > 0
    market: ICurieMarketRegistry.MarketInfo = self._market()
    if uniswap_average._reach(POOL) < self._window():
        return 0
    ticks: uint24 = staticcall EXCHANGE.getMaxTickCrossedWithinBlock(BASE_TOKEN)
    carried: uint256 = curie_reach.carried(
        POOL,
        curie_reach.Order(
            account=self._account(market),
            buys=buys,
            sought=wanted * 1000 // (1000 - KEPT_BACK) + 1,
            band=self._band(buys, convert(market.maxPriceSpreadRatio, uint256)),
            ticks=convert(ticks - 1, int256),
            worst=min(worst_price, NO_BOUND),
        ),
    )
    return min(wanted, carried * (1000 - KEPT_BACK) // 1000)


@external
@view
def curve(order: int256) -> IHedgeVenue.Curve:
    """
    @notice What an order of this size meets in the pool, stretch by stretch.
    @dev The venue takes its fee of the quote token: all that is sold meets the curve.
    @param order Signed, positive buys.
    """
    found: IHedgeVenue.Curve = uniswap_curve._curve(POOL, True, WAD, MILLION, order)
    found.fee = self._fee()
    return found


@external
@view
def history() -> (uint256, uint256):
    """
    @notice For how many seconds back the pool knows its prices, and for how many it must.
    """
    return uniswap_average._reach(POOL), self._window()


@external
@view
def average(window: uint256) -> (uint256, uint256, uint256):
    """
    @notice The pool's average price over `window` seconds, or as far back as it remembers; its
            depth now; the lesser of that and its average. Never reverts.
    """
    return uniswap_average.over(POOL, window)


@external
@view
def quotation() -> IHedgeVenue.Quotation:
    """
    @notice The pool's price without a fill, now and on average over the last minute: who moves it
            for one transaction moves one of the two.
    """
    now: uint256 = self._price()
    average: uint256 = uniswap_average.over(POOL, AVERAGE_WINDOW)[0]
    return IHedgeVenue.Quotation(
        low=min(now, average),
        high=max(now, average),
        fee=self._fee(),
    )


@external
@view
def price() -> uint256:
    """
    @notice The pool's price without a fill, now.
    """
    return self._price()


@external
@view
def funding() -> (int256, int256):
    """
    @notice What a long pays in a day, and a short, WAD fraction of its notional.
    """
    rate: int256 = self._funding()
    return rate, -rate


@external
@view
def funding_since(mark: uint256) -> (uint256, int256, int256):
    """
    @notice The same: the venue's rate is an average already, and any mark does.
    """
    rate: int256 = self._funding()
    return max(mark, 1), rate, -rate


@internal
@view
def _funding() -> int256:
    """
    @return What a long pays in a day: the market's average over the index's, as the venue takes both and
            bounds their ratio. Negative where shorts pay.
    """
    window: uint32 = staticcall CONFIG.getTwapInterval()
    root: uint256 = convert(staticcall EXCHANGE.getSqrtMarketTwapX96(BASE_TOKEN, window), uint256)
    index: int256 = convert(
        staticcall ICurieBaseToken(BASE_TOKEN).getIndexPrice(convert(window, uint256)), int256
    )
    gap: int256 = convert(uniswap_depth.price_at(root), int256) - index
    rate: int256 = gap * IWAD // index
    most: int256 = convert(staticcall CONFIG.getMaxFundingRate(), int256) * QUOTE_TO_WAD
    return min(max(rate, -most), most)


@external
@view
def grain() -> uint256:
    """
    @notice The least amount of the base token that there is, WAD: here it counts in WAD itself.
    """
    return GRAIN


@external
@view
def lot() -> uint256:
    """
    @notice Smallest order, WAD base. The venue has none; under this, gas costs more than risk.
    """
    return LOT


@internal
@view
def _only_router():
    assert msg.sender == ROUTER, "curie: not the router"


@internal
@view
def _position() -> int256:
    return staticcall ACCOUNT_BALANCE.getTakerPositionSize(self, BASE_TOKEN)


@internal
@view
def _open_notional() -> int256:
    return staticcall ACCOUNT_BALANCE.getTakerOpenNotional(self, BASE_TOKEN)


@internal
@view
def _mark() -> uint256:
    return staticcall ACCOUNT_BALANCE.getMarkPrice(BASE_TOKEN)


@internal
@view
def _index() -> uint256:
    return staticcall ICurieBaseToken(BASE_TOKEN).getIndexPrice(0)


@internal
@view
def _valuation() -> Valuation:
    v: Valuation = empty(Valuation)
    owed: int256 = 0
    fees: uint256 = 0
    owed, v.unrealized, fees = staticcall ACCOUNT_BALANCE.getPnlAndPendingFee(self)
    v.size = self._position()
    v.open_notional = self._open_notional()
    funding: int256 = staticcall EXCHANGE.getPendingFundingPayment(self, BASE_TOKEN)
    v.balance = self._balance()
    v.collateral = v.balance * QUOTE_TO_WAD + owed - funding
    return v


@internal
@view
def _balance() -> int256:
    """
    @return The account's balance at the venue, token units: gifts are in it.
    """
    return staticcall VAULT.getBalance(self)


@internal
@view
def _own_balance(balance: int256, size: int256) -> int256:
    """
    @dev The part of the venue's `balance` that is no gift, token units, never more than all of it.
         Without a position a debt that others paid is added back, rounded as settleBadDebt rounds.
    """
    own: int256 = min(self.own_balance, balance)
    if own == balance or size != 0:
        return own
    owed: int256 = (staticcall ACCOUNT_BALANCE.getPnlAndPendingFee(self))[0]
    debt: int256 = -(own * QUOTE_TO_WAD + owed)
    if debt <= 0:
        return own
    return min(own + (debt + QUOTE_TO_WAD - 1) // QUOTE_TO_WAD, balance)


@internal
@pure
def _notional_limit(buys: bool, amount: uint256, worst_price: uint256) -> uint256:
    """
    @dev The most that may be paid, or the least that may be received, venue fee excluded.
    """
    if buys:
        if worst_price >= NO_BOUND:
            return max_value(uint256)
        return amount * worst_price // WAD
    return (amount * worst_price + WAD - 1) // WAD


@internal
@pure
def _quote_delta(buys: bool, quote: uint256, fee: uint256, limit: uint256) -> int256:
    """
    @dev What a fill paid (negative) or received, venue fee excluded, inside the limit.
    """
    if buys:
        assert quote - fee <= limit, "curie: bought above the bound"
        return -convert(quote - fee, int256)
    assert quote + fee >= limit, "curie: sold below the bound"
    return convert(quote + fee, int256)


@internal
@view
def _price() -> uint256:
    return uniswap_depth.price_at(convert((staticcall POOL.slot0())[0], uint256))


@internal
@view
def _fee() -> uint256:
    return convert(self._market().exchangeFeeRatio, uint256) * (WAD // MILLION)


@internal
@view
def _market() -> ICurieMarketRegistry.MarketInfo:
    return staticcall REGISTRY.getMarketInfoByTrader(self, BASE_TOKEN)


@internal
@view
def _window() -> uint256:
    """
    @dev The seconds of its pool's past that the venue averages over, wherever it values an account.
    """
    market: uint32 = 0
    premium: uint32 = 0
    market, premium = staticcall CONFIG.getMarkPriceConfig()
    return convert(max(market, premium), uint256)


@internal
@view
def _is_trading() -> bool:
    return (
        (staticcall ICurieBaseToken(BASE_TOKEN).isOpen())
        and not (staticcall CLEARING_HOUSE.paused())
        and (staticcall EXCHANGE.getMaxTickCrossedWithinBlock(BASE_TOKEN)) != 0
    )


@internal
@view
def _account(market: ICurieMarketRegistry.MarketInfo) -> curie_margin.Account:
    """
    @dev The mark is an average of the pool's history and costs 100k gas to ask for; with a position
         open it is what the venue has just valued that at.
    """
    v: Valuation = self._valuation()
    mark: int256 = 0
    if v.size == 0:
        mark = convert(self._mark(), int256)
    else:
        mark = (v.unrealized - v.open_notional) * IWAD // v.size
    return curie_margin.Account(
        size=v.size,
        open_notional=v.open_notional,
        collateral=v.collateral,
        mark=mark,
        initial_ratio=convert(staticcall CONFIG.getImRatio(), int256),
        maintenance_ratio=convert(staticcall CONFIG.getMmRatio(), int256),
        fee=convert(market.exchangeFeeRatio, int256),
    )


@internal
@view
def _band(buys: bool, ratio: uint256) -> uint256:
    """
    @dev The price past which an order would leave the venue's band around its index (EX_OPB).
    """
    index: uint256 = self._index()
    if buys:
        return index * (MILLION + ratio) // MILLION
    return index * (MILLION - ratio) // MILLION
