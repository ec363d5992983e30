# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title aave_lender
@license AGPL-3.0-only
@author Tandem contributors
@notice An account at Aave v3 in two tokens: lend and repay, take back and borrow, and what the market goes
        by. Who moves is itself the user.
@dev Balances are counted as the market counts them: what is lent rounds down, what is owed up. Amounts
     under DUST are left where they are, because the market refuses what rounds to no share; a debt that ends by
     what is there anyway is repaid, however small: beside one the market gives back less.
     Longer than 250 lines: what is moved at the lender is reckoned by the same shares, indexes and
     roundings as what is read there.
"""

from ethereum.ercs import IERC20

from ..interfaces.external import IAaveOracle
from ..interfaces.external import IAavePool
from ..interfaces.external import IAaveProvider
from ..interfaces.external import IAaveToken
from ..lib import accruals
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
GRAIN: immutable(uint256)  # a unit of the base token, WAD
# What interest leaves of a position that was closed, and what no order can bring home, WAD.
NO_POSITION: immutable(int256)

WAD: constant(uint256) = 10**18
RAY: constant(uint256) = 10**27
TEN_THOUSAND: constant(uint256) = 10_000
VARIABLE: constant(uint256) = 2
DUST: constant(uint256) = 10
# What an act of ours touched of an account: a token's debt, and what is lent of it; the quote token's two places
# further up.
LENT: constant(uint256) = 1
OWED: constant(uint256) = 2
# Fields of a reserve's configuration.
THRESHOLD_AT: constant(uint256) = 16
MASK_16: constant(uint256) = 2**16 - 1


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
    decimals: uint256 = (one.configuration >> 48) & 255
    assert decimals >= 8 and decimals <= 18 and (other.configuration >> 48) & 255 == 6, (
        "lender: decimals"
    )
    GRAIN = 10**(18 - decimals)
    NO_POSITION = convert(max(10**6, 2 * DUST * GRAIN), int256)
    BASE_LENT = IAaveToken(one.aTokenAddress)
    BASE_OWED = IAaveToken(one.variableDebtTokenAddress)
    QUOTE_LENT = IAaveToken(other.aTokenAddress)
    QUOTE_OWED = IAaveToken(other.variableDebtTokenAddress)
    BASE_FLAG = 2 << (2 * convert(one.id, uint256))
    QUOTE_FLAG = 2 << (2 * convert(other.id, uint256))


# ---------------------------------------------------------------- what is there


@internal
@view
def _shares(who: address) -> lent_account.Shares:
    """
    @return An account in the market's scaled units.
    """
    return lent_account.Shares(
        base_lent=staticcall BASE_LENT.scaledBalanceOf(who),
        base_owed=staticcall BASE_OWED.scaledBalanceOf(who),
        quote_lent=staticcall QUOTE_LENT.scaledBalanceOf(who),
        quote_owed=staticcall QUOTE_OWED.scaledBalanceOf(who),
    )


@internal
@view
def _ours(token: IAaveToken) -> uint256:
    """
    @return What we have of a token of the market's, scaled.
    """
    return staticcall token.scaledBalanceOf(self)


@internal
@view
def _own() -> lent_account.Shares:
    """
    @return Our own account, as `_shares`.
    """
    return self._after(empty(lent_account.Shares), (LENT | OWED) * 5)


@internal
@view
def _now(kept: lent_account.Shares) -> lent_account.Shares:
    """
    @return Our own account, as `_shares`. A debt that the last act of ours did not leave is not asked for: the
            market lets nobody owe in our name, because we allow it to nobody.
    @param kept What that act left.
    """
    debts: uint256 = 0
    if kept.base_owed != 0:
        debts = OWED
    if kept.quote_owed != 0:
        debts |= OWED << 2
    return self._after(empty(lent_account.Shares), LENT * 5 | debts)


@internal
@view
def _after(before: lent_account.Shares, touched: uint256) -> lent_account.Shares:
    """
    @return Our own account after an act of ours: what that did not touch is as it was.
    """
    after: lent_account.Shares = before
    if touched & LENT != 0:
        after.base_lent = self._ours(BASE_LENT)
    if touched & OWED != 0:
        after.base_owed = self._ours(BASE_OWED)
    if touched & (LENT << 2) != 0:
        after.quote_lent = self._ours(QUOTE_LENT)
    if touched & (OWED << 2) != 0:
        after.quote_owed = self._ours(QUOTE_OWED)
    return after


@internal
@view
def _lent_index(asset: address) -> uint256:
    """
    @return What a share that is lent has become, scaled by RAY.
    """
    return staticcall LENDER.getReserveNormalizedIncome(asset)


@internal
@view
def _owed_index(asset: address) -> uint256:
    """
    @return What a share that is owed has become, scaled by RAY.
    """
    return staticcall LENDER.getReserveNormalizedVariableDebt(asset)


@internal
@view
def _income(asset: address, shares: uint256) -> uint256:
    """
    @return What so many shares lend now, rounded as the market does.
    """
    if shares == 0:
        return 0
    return shares * self._lent_index(asset) // RAY


@internal
@view
def _debt(asset: address, shares: uint256) -> uint256:
    """
    @return What so many shares owe now, rounded as the market does.
    """
    if shares == 0:
        return 0
    index: uint256 = self._owed_index(asset)
    return (shares * index + RAY - 1) // RAY


@internal
@view
def _position(held: int256) -> int256:
    """
    @return What is held as a position: what interest leaves of one that was closed is none.
    """
    return held if abs(held) >= NO_POSITION else 0


@internal
@view
def _held(lent: uint256, owed: uint256) -> int256:
    """
    @return What is lent of the base token less what is owed, WAD, by the shares of both.
    """
    income: uint256 = self._income(BASE.address, lent)
    net: int256 = convert(income, int256) - convert(self._debt(BASE.address, owed), int256)
    return net * convert(GRAIN, int256)


@internal
@view
def _moved(before: lent_account.Shares, after: lent_account.Shares) -> (int256, int256):
    """
    @return What is held now, and by how much it moved in this block, WAD.
    """
    income: uint256 = 0
    debt: uint256 = 0
    if before.base_lent | after.base_lent != 0:
        income = self._lent_index(BASE.address)
    if before.base_owed | after.base_owed != 0:
        debt = self._owed_index(BASE.address)
    now: int256 = self._net(after.base_lent, after.base_owed, income, debt)
    return now, now - self._net(before.base_lent, before.base_owed, income, debt)


@internal
@view
def _net(lent: uint256, owed: uint256, income: uint256, debt: uint256) -> int256:
    """
    @return What shares of the base token are worth at their indexes, rounded as the market does, WAD.
    """
    net: int256 = (
        convert(lent * income // RAY, int256) - convert((owed * debt + RAY - 1) // RAY, int256)
    )
    return net * convert(GRAIN, int256)


@internal
@view
def _balances(shares: lent_account.Shares) -> lent_account.Balances:
    """
    @return What shares are worth in both tokens.
    """
    lent: uint256 = self._income(QUOTE.address, shares.quote_lent)
    owed: uint256 = self._debt(QUOTE.address, shares.quote_owed)
    return lent_account.Balances(
        base=self._held(shares.base_lent, shares.base_owed),
        quote=convert(lent, int256) - convert(owed, int256),
    )


@internal
@view
def _weights(token: IERC20) -> (uint256, uint256):
    """
    @return What a token's collateral lets its owner borrow, and what it counts for before it is
            liquidated, WAD.
    """
    word: uint256 = staticcall LENDER.getConfiguration(token.address)
    unit: uint256 = WAD // TEN_THOUSAND
    return (word & MASK_16) * unit, ((word >> THRESHOLD_AT) & MASK_16) * unit


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
def _put(token: IERC20, owed: uint256, amount: uint256) -> uint256:
    """
    @notice Repay what is owed of a token, and lend the rest of `amount`, which this contract holds.
    @param owed Shares. @return Which of both was touched.
    """
    left: uint256 = amount - self._repay(token, owed, amount)
    touched: uint256 = OWED if left != amount else 0
    if left >= DUST:
        self._allow(token, left)
        extcall LENDER.supply(token.address, left, self, 0)
        touched |= LENT
    return touched


@internal
def _is_taken(token: IERC20, amount: uint256) -> bool:
    """
    @notice Lend so much of a token, where the market takes it. @return Whether it did.
    """
    if amount < DUST:
        return amount == 0
    self._allow(token, amount)
    is_taken: bool = raw_call(
        LENDER.address,
        abi_encode(
            token.address,
            amount,
            self,
            empty(uint256),
            method_id=method_id("supply(address,uint256,address,uint16)"),
        ),
        revert_on_failure=False,
    )
    if not is_taken:
        self._allow(token, 0)
    return is_taken


@internal
def _repay(token: IERC20, shares: uint256, amount: uint256) -> uint256:
    """
    @notice Repay what is owed of a token, at most `amount`. @param shares Of the debt.
    @return How much of it that was: what the market was let take, whatever it says that it took, so that no unit
            is brought it twice.
    @dev The market's index begins at one and only grows: where there are as many shares, as much is owed.
    """
    owed: uint256 = shares
    if shares < amount:
        owed = self._debt(token.address, shares)
    if owed == 0 or amount < DUST:
        return 0
    left: uint256 = min(owed, amount)
    self._allow(token, left)
    extcall LENDER.repay(token.address, left, VARIABLE, self)
    return left


@internal
def _shed(
    before: lent_account.Shares, now: lent_account.Shares, takes: bool
) -> lent_account.Shares:
    """
    @notice Take what others have lent of the base token in our name out of the market, to lie here and count for
            nothing. Nobody but them makes those shares more. @param takes Else they stay there.
    @return The account then; without them where the market did not let them go.
    """
    if now.base_lent <= before.base_lent:
        return now
    amount: uint256 = self._income(BASE.address, now.base_lent - before.base_lent)
    if amount < DUST:
        return now
    if takes and raw_call(
        LENDER.address,
        abi_encode(
            BASE.address, amount, self, method_id=method_id("withdraw(address,uint256,address)")
        ),
        revert_on_failure=False,
    ):
        return self._now(before)
    kept: lent_account.Shares = now
    kept.base_lent = before.base_lent
    return kept


@internal
def _allow(token: IERC20, amount: uint256):
    """
    @notice Let the market take what is moved there now and no more: what lies idle beside it is out of its
            reach.
    """
    assert extcall token.approve(LENDER.address, amount, default_return_value=True)


@internal
def _get(token: IERC20, lent: uint256, amount: uint256, recipient: address) -> uint256:
    """
    @notice Send exactly `amount` of a token: what is `lent` of it first, the rest borrowed.
    @return Which of both was touched.
    """
    left: uint256 = amount
    touched: uint256 = 0
    if lent >= DUST and amount >= DUST:
        left -= extcall LENDER.withdraw(token.address, min(lent, amount), recipient)
        touched = LENT
    if left != 0:
        touched |= OWED
        extcall LENDER.borrow(token.address, left, VARIABLE, 0, self)
        assert extcall token.transfer(recipient, left, default_return_value=True)
    return touched


@internal
@view
def _accrued(mark: uint256) -> (uint256, int256, int256):
    """
    @notice The mark of now, and what each sign paid a day since another, by the market's own indices.
    """
    base: uint256 = self._lent_index(BASE.address)
    quote: uint256 = self._lent_index(QUOTE.address)
    owed: uint256 = self._owed_index(QUOTE.address)
    short: uint256 = self._owed_index(BASE.address)
    now: accruals.Indices = accruals.Indices(
        owed=owed * accruals.ONE // base,
        lent=quote * accruals.ONE // base,
        short=short * accruals.ONE // quote,
    )
    return accruals._since(mark, now, self._ours(QUOTE_OWED) > DUST)
