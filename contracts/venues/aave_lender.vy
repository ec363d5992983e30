# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title aave_lender
@license AGPL-3.0-only
@author Tandem contributors
@notice An account at Aave v3 in two tokens: lend and repay, take back and borrow, what the market lets
        through now, and what it goes by. This contract is itself the user.
@dev Balances are counted as the market counts them: what is lent rounds down, what is owed up. Amounts
     under DUST are left where they are, because the market refuses what rounds to no share.
"""

from ethereum.ercs import IERC20

from ..interfaces.external import IAaveOracle
from ..interfaces.external import IAavePool
from ..interfaces.external import IAaveProvider
from ..interfaces.external import IAaveSentinel
from ..interfaces.external import IAaveToken
from . import lent_account

PROVIDER: immutable(IAaveProvider)
LENDER: public(immutable(IAavePool))
BASE: public(immutable(IERC20))
QUOTE: public(immutable(IERC20))
BASE_LENT: public(immutable(IAaveToken))
BASE_OWED: public(immutable(IAaveToken))
QUOTE_LENT: public(immutable(IAaveToken))
QUOTE_OWED: public(immutable(IAaveToken))
# Of the two reserves in a user's configuration: that what he lends carries his debts.
BASE_FLAG: immutable(uint256)
QUOTE_FLAG: immutable(uint256)

WAD: constant(uint256) = 10**18
RAY: constant(uint256) = 10**27
TEN_THOUSAND: constant(uint256) = 10_000
DAYS: constant(int256) = 365
VARIABLE: constant(uint256) = 2
DUST: constant(uint256) = 10
# 1e-12 ETH: what interest leaves of a position that was closed, and what no order can bring home.
NO_POSITION: constant(int256) = 10**6
# Fields of a reserve's configuration.
THRESHOLD_AT: constant(uint256) = 16
ACTIVE: constant(uint256) = 1 << 56
FROZEN: constant(uint256) = 1 << 57
BORROWING: constant(uint256) = 1 << 58
PAUSED: constant(uint256) = 1 << 60
BORROW_CAP_AT: constant(uint256) = 80
SUPPLY_CAP_AT: constant(uint256) = 116
MASK_16: constant(uint256) = 2**16 - 1
MASK_36: constant(uint256) = 2**36 - 1
# Every second bit: what carries a user's debts.
CARRIES: constant(uint256) = max_value(uint256) // 3 * 2
RESERVES: constant(uint256) = 128  # of one market, at most
# What a cap keeps back: interest that goes to the market's treasury counts towards it.
OF_CAP: constant(uint256) = 10_000


# What the market lets through now of one token, whatever the account's margin, in its units.
struct Room:
    put: uint256  # repaid and lent
    get: uint256  # taken back and borrowed
    loan_to_value: uint256  # WAD
    threshold: uint256  # WAD


@deploy
def __init__(provider: address, base: address, quote: address):
    """
    @param provider Of the market's addresses; its pool never moves, its oracle may.
    """
    PROVIDER = IAaveProvider(provider)
    LENDER = IAavePool(staticcall PROVIDER.getPool())
    BASE = IERC20(base)
    QUOTE = IERC20(quote)
    one: IAavePool.ReserveData = staticcall LENDER.getReserveData(base)
    other: IAavePool.ReserveData = staticcall LENDER.getReserveData(quote)
    assert one.aTokenAddress != empty(address) and other.aTokenAddress != empty(address), (
        "lender: no reserve"
    )
    assert (one.configuration >> 48) & 255 == 18 and (other.configuration >> 48) & 255 == 6, (
        "lender: decimals"
    )
    BASE_LENT = IAaveToken(one.aTokenAddress)
    BASE_OWED = IAaveToken(one.variableDebtTokenAddress)
    QUOTE_LENT = IAaveToken(other.aTokenAddress)
    QUOTE_OWED = IAaveToken(other.variableDebtTokenAddress)
    BASE_FLAG = 2 << (2 * convert(one.id, uint256))
    QUOTE_FLAG = 2 << (2 * convert(other.id, uint256))


# ---------------------------------------------------------------- what is there


@internal
@view
def _shares() -> lent_account.Shares:
    """
    @return The account in the market's scaled units.
    """
    return lent_account.Shares(
        base_lent=staticcall BASE_LENT.scaledBalanceOf(self),
        base_owed=staticcall BASE_OWED.scaledBalanceOf(self),
        quote_lent=staticcall QUOTE_LENT.scaledBalanceOf(self),
        quote_owed=staticcall QUOTE_OWED.scaledBalanceOf(self),
    )


@internal
@view
def _income(asset: address, shares: uint256) -> uint256:
    """
    @return What so many shares lend now, rounded as the market does.
    """
    if shares == 0:
        return 0
    return shares * staticcall LENDER.getReserveNormalizedIncome(asset) // RAY


@internal
@view
def _debt(asset: address, shares: uint256) -> uint256:
    """
    @return What so many shares owe now, rounded as the market does.
    """
    if shares == 0:
        return 0
    index: uint256 = staticcall LENDER.getReserveNormalizedVariableDebt(asset)
    return (shares * index + RAY - 1) // RAY


@internal
@pure
def _position(held: int256) -> int256:
    """
    @return What is held as a position: what interest leaves of one that was closed is none.
    """
    return held if abs(held) >= NO_POSITION else 0


@internal
@view
def _held(shares: lent_account.Shares) -> int256:
    """
    @return What is lent of the base token less what is owed, WAD.
    """
    lent: uint256 = self._income(BASE.address, shares.base_lent)
    owed: uint256 = self._debt(BASE.address, shares.base_owed)
    return convert(lent, int256) - convert(owed, int256)


@internal
@view
def _balances(shares: lent_account.Shares) -> lent_account.Balances:
    """
    @return What shares are worth in both tokens.
    """
    lent: uint256 = self._income(QUOTE.address, shares.quote_lent)
    owed: uint256 = self._debt(QUOTE.address, shares.quote_owed)
    return lent_account.Balances(
        base=self._held(shares), quote=convert(lent, int256) - convert(owed, int256)
    )


@internal
@view
def _threshold(token: IERC20) -> uint256:
    """
    @return What a token's collateral counts for before it is liquidated, WAD.
    """
    word: uint256 = staticcall LENDER.getConfiguration(token.address)
    return ((word >> THRESHOLD_AT) & MASK_16) * (WAD // TEN_THOUSAND)


@internal
@view
def _index() -> uint256:
    """
    @return The price of the base token in the quote token by the market's oracle, WAD.
    """
    oracle: IAaveOracle = IAaveOracle(staticcall PROVIDER.getPriceOracle())
    base: uint256 = staticcall oracle.getAssetPrice(BASE.address)
    return base * WAD // staticcall oracle.getAssetPrice(QUOTE.address)


# ---------------------------------------------------------------- moves


@internal
def _put(token: IERC20, owed_by: IAaveToken, amount: uint256):
    """
    @notice Repay what is owed of a token, and lend the rest of `amount`, which this contract holds.
    """
    owed: uint256 = self._debt(token.address, staticcall owed_by.scaledBalanceOf(self))
    assert extcall token.approve(LENDER.address, amount, default_return_value=True)
    left: uint256 = amount
    if owed >= DUST and amount >= DUST:
        left -= extcall LENDER.repay(token.address, min(owed, amount), VARIABLE, self)
    if left >= DUST:
        extcall LENDER.supply(token.address, left, self, 0)


@internal
def _get(token: IERC20, lent_by: IAaveToken, amount: uint256, recipient: address):
    """
    @notice Send exactly `amount` of a token: what is lent of it first, the rest borrowed.
    """
    lent: uint256 = self._income(token.address, staticcall lent_by.scaledBalanceOf(self))
    left: uint256 = amount
    if lent >= DUST and amount >= DUST:
        left -= extcall LENDER.withdraw(token.address, min(lent, amount), recipient)
    if left != 0:
        extcall LENDER.borrow(token.address, left, VARIABLE, 0, self)
        assert extcall token.transfer(recipient, left, default_return_value=True)


# ---------------------------------------------------------------- what may be moved


@internal
@view
def _data(token: IERC20) -> IAavePool.ReserveData:
    return staticcall LENDER.getReserveData(token.address)


@internal
@view
def _room(token: IERC20, lent_by: IAaveToken, owed_by: IAaveToken) -> Room:
    """
    @return What the market takes and gives of a token now. Never reverts where its own views do not.
    """
    data: IAavePool.ReserveData = self._data(token)
    word: uint256 = data.configuration
    room: Room = empty(Room)
    room.loan_to_value = (word & MASK_16) * (WAD // TEN_THOUSAND)
    room.threshold = ((word >> THRESHOLD_AT) & MASK_16) * (WAD // TEN_THOUSAND)
    if word & (ACTIVE | PAUSED) != ACTIVE:
        return room
    unit: uint256 = 10**((word >> 48) & 255)
    room.put = self._debt(token.address, staticcall owed_by.scaledBalanceOf(self))
    room.get = self._income(token.address, staticcall lent_by.scaledBalanceOf(self))
    if word & FROZEN == 0:
        treasury: uint256 = convert(data.accruedToTreasury, uint256)
        lent: uint256 = self._income(
            token.address, staticcall lent_by.scaledTotalSupply() + treasury
        )
        room.put += self._left((word >> SUPPLY_CAP_AT) & MASK_36, unit, lent)
        if word & BORROWING != 0 and self._may_borrow():
            owed: uint256 = self._debt(token.address, staticcall owed_by.scaledTotalSupply())
            room.get += self._left((word >> BORROW_CAP_AT) & MASK_36, unit, owed)
    there: uint256 = convert(staticcall LENDER.getVirtualUnderlyingBalance(token.address), uint256)
    room.get = min(room.get, there)
    return room


@internal
@pure
def _left(cap: uint256, unit: uint256, used: uint256) -> uint256:
    """
    @return What is left under a cap of so many units; 0 is no cap.
    """
    if cap == 0:
        return 2**127
    most: uint256 = cap * unit
    return most - min(used + most // OF_CAP, most)


@internal
@view
def _may_borrow() -> bool:
    """
    @return Whether the market's sentinel of its rollup's sequencer lets anybody borrow.
    """
    sentinel: address = staticcall PROVIDER.getPriceOracleSentinel()
    if sentinel == empty(address):
        return True
    return staticcall IAaveSentinel(sentinel).isBorrowAllowed()


@internal
@view
def _is_tainted() -> bool:
    """
    @notice Whether what we lend carries no debts of ours, or a token does that somebody lends in our name
            and that is worth nothing there any more: the market then lets nothing else be taken back.
            `settle_collateral` ends either.
    """
    flags: uint256 = staticcall LENDER.getUserConfiguration(self)
    if flags & QUOTE_FLAG == 0 and staticcall QUOTE_LENT.scaledBalanceOf(self) != 0:
        return True
    if flags & BASE_FLAG == 0 and staticcall BASE_LENT.scaledBalanceOf(self) != 0:
        return True
    flags &= CARRIES & ~(BASE_FLAG | QUOTE_FLAG)
    for id: uint256 in range(RESERVES):
        if flags == 0:
            break
        if flags & 2 != 0:
            asset: address = staticcall LENDER.getReserveAddressById(convert(id, uint16))
            if (staticcall LENDER.getConfiguration(asset)) & MASK_16 == 0:
                return True
        flags >>= 2
    return False


@internal
@view
def _rates() -> (int256, int256):
    """
    @notice What a long and what a short of 1 USD pays in a day at the rates of now, WAD: the one gives up
            interest on the quote token, or pays it where there is none left to give up, and earns it on
            the base token; the other pays to borrow that, and earns on what it sold.
    """
    base: IAavePool.ReserveData = self._data(BASE)
    quote: IAavePool.ReserveData = self._data(QUOTE)
    long: int256 = (
        convert(quote.currentVariableBorrowRate, int256)
        - convert(base.currentLiquidityRate, int256)
    )
    short: int256 = (
        convert(base.currentVariableBorrowRate, int256)
        - convert(quote.currentLiquidityRate, int256)
    )
    return long // (10**9 * DAYS), short // (10**9 * DAYS)
