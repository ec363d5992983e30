# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title aave_rooms
@license AGPL-3.0-only
@author Tandem contributors
@notice What Aave v3 lets through now, of an account's own and beyond it, and what its rates are: what only
        views ask. Never reverts where the market's own views do not.
@dev What an amount does not need is not read: who takes back less than he lent asks for no cap.
"""

from ethereum.ercs import IERC20

from ..interfaces.external import IAavePool
from ..interfaces.external import IAaveSentinel
from ..interfaces.external import IAaveToken
from . import aave_lender
from . import lent_account

uses: aave_lender

WAD: constant(uint256) = 10**18
TEN_THOUSAND: constant(uint256) = 10_000
DAYS: constant(int256) = 365
# Fields of a reserve's configuration.
THRESHOLD_AT: constant(uint256) = 16
UNIT_AT: constant(uint256) = 48
ACTIVE: constant(uint256) = 1 << 56
FROZEN: constant(uint256) = 1 << 57
BORROWING: constant(uint256) = 1 << 58
PAUSED: constant(uint256) = 1 << 60
BORROW_CAP_AT: constant(uint256) = 80
SUPPLY_CAP_AT: constant(uint256) = 116
MASK_8: constant(uint256) = 2**8 - 1
MASK_16: constant(uint256) = 2**16 - 1
MASK_36: constant(uint256) = 2**36 - 1
# Every second bit: what carries a user's debts.
CARRIES: constant(uint256) = max_value(uint256) // 3 * 2
RESERVES: constant(uint256) = 128  # of one market, at most
# What a cap keeps back: interest that goes to the market's treasury counts towards it.
OF_CAP: constant(uint256) = 10_000
NO_CAP: constant(uint256) = 2**127


# What an account lends and owes of a token, in its units.
struct Side:
    lent: uint256
    owed: uint256


@internal
@view
def _side(token: IERC20, lent: uint256, owed: uint256) -> Side:
    """
    @param lent Scaled, as `owed`.
    """
    return Side(
        lent=aave_lender._income(token.address, lent), owed=aave_lender._debt(token.address, owed)
    )


@internal
@view
def _word(token: IERC20) -> uint256:
    """
    @return A reserve's configuration.
    """
    return staticcall aave_lender.LENDER.getConfiguration(token.address)


@internal
@pure
def _is_open(word: uint256) -> bool:
    """
    @return Whether anything of a reserve moves.
    """
    return word & (ACTIVE | PAUSED) == ACTIVE


@internal
@pure
def _is_frozen(word: uint256) -> bool:
    """
    @return Whether nothing more of a reserve is lent or borrowed.
    """
    return word & FROZEN != 0


@internal
@pure
def _loan_to_value(word: uint256) -> uint256:
    """
    @return What a reserve's collateral lets its owner borrow, WAD.
    """
    return (word & MASK_16) * (WAD // TEN_THOUSAND)


@internal
@pure
def _threshold(word: uint256) -> uint256:
    """
    @return What it counts for before it is liquidated, WAD.
    """
    return ((word >> THRESHOLD_AT) & MASK_16) * (WAD // TEN_THOUSAND)


@internal
@view
def _taken(
    token: IERC20, lent_by: IAaveToken, word: uint256, owed: uint256, amount: uint256
) -> uint256:
    """
    @return What the market takes of a token, repaid and lent, at least as far as `amount` asks.
    """
    if not self._is_open(word):
        return 0
    if amount <= owed or self._is_frozen(word):
        return owed
    cap: uint256 = (word >> SUPPLY_CAP_AT) & MASK_36
    if cap == 0:
        return NO_CAP
    data: IAavePool.ReserveData = staticcall aave_lender.LENDER.getReserveData(token.address)
    shares: uint256 = staticcall lent_by.scaledTotalSupply()
    shares += convert(data.accruedToTreasury, uint256)
    return owed + self._left(cap, word, aave_lender._income(token.address, shares))


@internal
@view
def _given(
    token: IERC20, owed_by: IAaveToken, word: uint256, lent: uint256, amount: uint256
) -> uint256:
    """
    @return What the market gives of a token, taken back and borrowed, at least as far as `amount` asks.
    """
    if not self._is_open(word):
        return 0
    room: uint256 = lent
    if amount > lent and word & (FROZEN | BORROWING) == BORROWING and self._may_borrow():
        cap: uint256 = (word >> BORROW_CAP_AT) & MASK_36
        if cap == 0:
            room = NO_CAP
        else:
            shares: uint256 = staticcall owed_by.scaledTotalSupply()
            room += self._left(cap, word, aave_lender._debt(token.address, shares))
    there: uint128 = staticcall aave_lender.LENDER.getVirtualUnderlyingBalance(token.address)
    return min(room, convert(there, uint256))


@internal
@pure
def _left(cap: uint256, word: uint256, used: uint256) -> uint256:
    """
    @return What is left under a cap of so many whole tokens.
    """
    most: uint256 = cap * 10**((word >> UNIT_AT) & MASK_8)
    return most - min(used + most // OF_CAP, most)


@internal
@view
def _may_borrow() -> bool:
    """
    @return Whether the market's sentinel of its rollup's sequencer lets anybody borrow.
    """
    sentinel: address = staticcall aave_lender.PROVIDER.getPriceOracleSentinel()
    if sentinel == empty(address):
        return True
    return staticcall IAaveSentinel(sentinel).isBorrowAllowed()


@internal
@view
def _is_tainted(who: address, shares: lent_account.Shares) -> bool:
    """
    @notice Whether what an account lends carries no debts of its own, or a token does that somebody lends
            in its name and that is worth nothing there any more, or has no price: the market then lets nothing
            else be taken back. `settle_collateral` ends either.
    """
    flags: uint256 = staticcall aave_lender.LENDER.getUserConfiguration(who)
    if (flags & aave_lender.QUOTE_FLAG == 0 and shares.quote_lent != 0) or (
        flags & aave_lender.BASE_FLAG == 0 and shares.base_lent != 0
    ):
        return True
    flags &= CARRIES & ~(aave_lender.BASE_FLAG | aave_lender.QUOTE_FLAG)
    if flags == 0:
        return False
    for id: uint256 in range(RESERVES):
        if flags == 0:
            break
        if flags & 2 != 0:
            asset: address = staticcall aave_lender.LENDER.getReserveAddressById(
                convert(id, uint16)
            )
            if (staticcall aave_lender.LENDER.getConfiguration(asset)) & MASK_16 == 0:
                return True
        flags >>= 2
    # the market, which has code, values all that carries debts: it reverts where it has no price of one
    return not raw_call(
        aave_lender.LENDER.address,
        abi_encode(who, method_id=method_id("getUserAccountData(address)")),
        is_static_call=True,
        revert_on_failure=False,
    )


@internal
@view
def _rates() -> (int256, int256):
    """
    @notice What a long and what a short of 1 USD pays in a day at the rates of now, WAD: the one gives up
            interest on the quote token, or pays it where there is none left to give up, and earns it on
            the base token; the other pays to borrow that, and earns on what it sold.
    """
    base_pays: uint256 = 0
    base_earns: uint256 = 0
    base_pays, base_earns = self._rates_of(aave_lender.BASE)
    quote_pays: uint256 = 0
    quote_earns: uint256 = 0
    quote_pays, quote_earns = self._rates_of(aave_lender.QUOTE)
    long: int256 = convert(quote_pays, int256) - convert(base_earns, int256)
    short: int256 = convert(base_pays, int256) - convert(quote_earns, int256)
    return long // (10**9 * DAYS), short // (10**9 * DAYS)


@internal
@view
def _rates_of(token: IERC20) -> (uint256, uint256):
    """
    @return What who borrows a token pays a year, and who lends it earns, RAY.
    """
    data: IAavePool.ReserveData = staticcall aave_lender.LENDER.getReserveData(token.address)
    return convert(data.currentVariableBorrowRate, uint256), convert(
        data.currentLiquidityRate, uint256
    )
