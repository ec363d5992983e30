# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title morpho_lender
@license AGPL-3.0-only
@author Tandem contributors
@notice An account at Morpho Blue in two markets, one for each sign: in the short's the quote token is
        pledged and the base token owed, in the long's the base token is pledged and the quote token owed.
        Pledge and repay, take back and borrow, and what both markets go by. This contract is itself the
        user.
@dev Collateral is lent to nobody: it earns nothing, and nobody's default touches it. What no position needs
     lies pledged in the short's market, and leaves it whether lenders are there or not. Debts are reckoned
     with the interest since a market was last touched, as the market itself will, and rounded up. What is
     lent in our name to others is never read.
     Longer than 250 lines: what is owed in one market is pledged in the other, so whatever is read
     or moved there knows both.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC20Detailed

from ..interfaces.external import IMorpho
from ..interfaces.external import IMorphoIrm
from ..interfaces.external import IMorphoOracle
from ..lib import accruals
from . import lent_account

LENDER: public(immutable(IMorpho))
BASE: public(immutable(IERC20))
QUOTE: public(immutable(IERC20))
# The base token is owed in the one, the quote token in the other.
SHORT_ID: public(immutable(bytes32))
LONG_ID: public(immutable(bytes32))
SHORT: immutable(IMorpho.MarketParams)
LONG: immutable(IMorpho.MarketParams)
# Where the lender keeps what a market's users hold.
SHORT_USERS: immutable(bytes32)
LONG_USERS: immutable(bytes32)
GRAIN: immutable(uint256)  # a unit of the base token, WAD
# What interest and roundings leave of a position that was closed, and what no order can bring home, WAD.
NO_POSITION: immutable(int256)
# 1 USD of the base token in the markets' prices: of the long's over this, of the short's this over it.
OF_LONG: immutable(uint256)
OF_SHORT: immutable(uint256)

WAD: constant(uint256) = 10**18
SCALE: constant(uint256) = 10**36  # of the oracles' prices
DAY: constant(uint256) = 86_400
# The lender's place of what users hold, by market and user; a user's second word has debt and collateral.
POSITIONS: constant(uint256) = 2
# What the lender adds to a market's debt and shares, so that neither is nothing.
VIRTUAL_ASSETS: constant(uint256) = 1
VIRTUAL_SHARES: constant(uint256) = 10**6
MOST_SHARES: constant(uint256) = 2**128 - 1
# So many shares as owed accruals.ONE when a market began.
OWED_ONE: constant(uint256) = accruals.ONE * VIRTUAL_SHARES
DUST: constant(uint256) = 20  # units of the base token: no more than what roundings leave
HIGHEST: constant(uint256) = 10**30  # no price is above this: a trillion USD


@deploy
def __init__(lender: address, short_id: bytes32, long_id: bytes32, base: address, quote: address):
    """
    @param short_id The market where the base token is borrowed against the quote token.
    @param long_id The market where the quote token is borrowed against the base token.
    """
    LENDER = IMorpho(lender)
    BASE = IERC20(base)
    QUOTE = IERC20(quote)
    SHORT_ID = short_id
    LONG_ID = long_id
    SHORT = staticcall LENDER.idToMarketParams(short_id)
    LONG = staticcall LENDER.idToMarketParams(long_id)
    assert (
        SHORT.loanToken == base
        and SHORT.collateralToken == quote
        and LONG.loanToken == quote
        and LONG.collateralToken == base
    ), "lender: not their markets"
    assert SHORT.lltv != 0 and LONG.lltv != 0, "lender: no collateral"
    SHORT_USERS = keccak256(abi_encode(short_id, POSITIONS))
    LONG_USERS = keccak256(abi_encode(long_id, POSITIONS))
    # of a token of more, or of fewer than eight, the pool is refused (uniswap_spot)
    decimals: uint256 = min(convert(staticcall IERC20Detailed(base).decimals(), uint256), 18)
    GRAIN = 10**(18 - decimals)
    NO_POSITION = convert(max(10**6, DUST * GRAIN), int256)
    OF_LONG = 10**(24 - decimals)
    OF_SHORT = 10**(48 + decimals)


# ---------------------------------------------------------------- what is there


@internal
@view
def _slot(users: bytes32, who: address) -> bytes32:
    """
    @return Where the lender keeps what an account owes (low half) and has pledged (high half).
    """
    place: uint256 = convert(keccak256(abi_encode(who, users)), uint256)
    return convert(place + 1, bytes32)


@internal
@view
def _shares(who: address) -> lent_account.Shares:
    """
    @return An account in the lender's own units: collateral as it is, debts as shares.
    """
    slots: DynArray[bytes32, 2] = [self._slot(SHORT_USERS, who), self._slot(LONG_USERS, who)]
    words: DynArray[bytes32, 2] = staticcall LENDER.extSloads(slots)
    return lent_account._shares_in(convert(words[0], uint256), convert(words[1], uint256))


@internal
@view
def _market(short: bool) -> IMorpho.MarketParams:
    """
    @return One of the two, as the lender takes it.
    """
    if short:
        return SHORT
    return LONG


@internal
@view
def _state(short: bool) -> IMorpho.State:
    """
    @return What a market held when it was last touched.
    """
    return staticcall LENDER.market(SHORT_ID if short else LONG_ID)


@internal
@view
def _debt(short: bool, shares: uint256) -> uint256:
    """
    @return What so many shares of a market owe now, rounded as the lender does.
    @dev Interest as the lender compounds it: three terms.
    """
    if shares == 0:
        return 0
    state: IMorpho.State = self._state(short)
    owed: uint256 = convert(state.totalBorrowAssets, uint256)
    elapsed: uint256 = block.timestamp - convert(state.lastUpdate, uint256)
    if elapsed != 0:
        one: uint256 = elapsed * self._rate(short, state)
        two: uint256 = one * one // (2 * WAD)
        owed += owed * (one + two + two * one // (3 * WAD)) // WAD
    total: uint256 = convert(state.totalBorrowShares, uint256) + VIRTUAL_SHARES
    return (shares * (owed + VIRTUAL_ASSETS) + total - 1) // total


@internal
@view
def _rate(short: bool, state: IMorpho.State) -> uint256:
    """
    @return What owing in a market costs a second since it was last touched, WAD.
    """
    market: IMorpho.MarketParams = self._market(short)
    if market.irm == empty(address):
        return 0
    return staticcall IMorphoIrm(market.irm).borrowRateView(market, state)


@internal
@view
def _position(held: int256) -> int256:
    """
    @return What is held as a position: dust is none.
    """
    return held if abs(held) >= NO_POSITION else 0


@internal
@view
def _held(shares: lent_account.Shares) -> int256:
    """
    @return What is pledged of the base token less what is owed, WAD.
    """
    owed: uint256 = self._debt(True, shares.base_owed)
    return (convert(shares.base_lent, int256) - convert(owed, int256)) * convert(GRAIN, int256)


@internal
@view
def _balances(shares: lent_account.Shares) -> lent_account.Balances:
    """
    @return What shares are worth in both tokens.
    """
    owed: uint256 = self._debt(False, shares.quote_owed)
    return lent_account.Balances(
        base=self._held(shares),
        quote=convert(shares.quote_lent, int256) - convert(owed, int256),
    )


@internal
@view
def _there(short: bool) -> uint256:
    """
    @return What a market's lenders have left there, units of the token that is lent, as far as it books that as
            a debt. Interest moves none of it, and makes more of it bookable.
    @dev The lender counts shares of a debt in 128 bits. Where nobody owes anything whoever comes first may
         take nearly as many for nothing, and leave a real debt no room.
    """
    state: IMorpho.State = self._state(short)
    owed: uint256 = convert(state.totalBorrowAssets, uint256)
    shares: uint256 = convert(state.totalBorrowShares, uint256)
    booked: uint256 = (MOST_SHARES - shares) * (owed + VIRTUAL_ASSETS) // (shares + VIRTUAL_SHARES)
    return min(convert(state.totalSupplyAssets, uint256) - owed, booked)


# ---------------------------------------------------------------- prices


@internal
@view
def _price(short: bool) -> uint256:
    """
    @return What a market's oracle says: a unit of its collateral in units of what it lends, times SCALE.
    """
    return staticcall IMorphoOracle(self._market(short).oracle).price()


@internal
@view
def _tried(short: bool) -> uint256:
    """
    @return The same, and nothing where the oracle reverts: for views that may not.
    """
    good: bool = False
    answer: Bytes[32] = b""
    good, answer = raw_call(
        self._market(short).oracle,
        method_id("price()"),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not good or len(answer) != 32:
        return 0
    return convert(answer, uint256)


@internal
@view
def _counted(short: bool, collateral: uint256) -> uint256:
    """
    @return The same, and nothing where it is so high that the lender's own product with so much collateral reverts.
    """
    price: uint256 = self._tried(short)
    return price if price <= max_value(uint256) // max(collateral, 1) else 0


@internal
@view
def _lent_on(short: bool, collateral: uint256) -> uint256:
    """
    @return What a market lends against so much collateral, up to where it is liquidated: units of what it
            lends.
    """
    price: uint256 = self._counted(short, collateral)
    return collateral * price // SCALE * self._market(short).lltv // WAD


@internal
@view
def _index(short: bool, answer: uint256) -> uint256:
    """
    @return The price of the base token in the quote token by what a market's oracle answers, WAD. Where
            that of the short's answers nothing: as high as prices are.
    """
    return min(OF_SHORT // max(answer, 1) if short else answer // OF_LONG, HIGHEST)


# ---------------------------------------------------------------- moves


@internal
def _allow():
    """
    @notice Let the lender take both tokens: it takes none but what this contract brings it.
    """
    for token: IERC20 in [BASE, QUOTE]:
        assert extcall token.approve(LENDER.address, max_value(uint256), default_return_value=True)


@internal
def _accrue(shares: lent_account.Shares):
    """
    @notice Book the interest on what we owe: what is read after it in this transaction asks for no rate.
    """
    if shares.base_owed != 0:
        extcall LENDER.accrueInterest(SHORT)
    if shares.quote_owed != 0:
        extcall LENDER.accrueInterest(LONG)


@internal
def _put(base: bool, amount: uint256, shares: lent_account.Shares):
    """
    @notice Repay what is owed of a token, and pledge the rest of `amount`, which this contract holds.
    @dev What is repaid whole is repaid by shares: by assets the lender refuses it where roundings differ.
    @param base Which token: it is owed in the market of that sign, and pledged in the other.
    """
    owed: uint256 = shares.base_owed if base else shares.quote_owed
    left: uint256 = amount
    if owed != 0 and amount != 0:
        part: uint256 = 0
        if amount < self._debt(base, owed):
            part = amount
            owed = 0
        left -= (extcall LENDER.repay(self._market(base), part, owed, self, b""))[0]
    if left != 0:
        extcall LENDER.supplyCollateral(self._market(not base), left, self, b"")


@internal
def _get(base: bool, amount: uint256, recipient: address, shares: lent_account.Shares):
    """
    @notice Send exactly `amount` of a token: what is pledged of it first, the rest borrowed.
    """
    taken: uint256 = min(amount, shares.base_lent if base else shares.quote_lent)
    if taken != 0:
        extcall LENDER.withdrawCollateral(self._market(not base), taken, self, recipient)
    if amount > taken:
        extcall LENDER.borrow(self._market(base), amount - taken, 0, self, recipient)


@internal
@view
def _given(kept: uint256, now: lent_account.Shares) -> uint256:
    """
    @return What others have pledged of the base token, beyond what was left there and what it repays.
    """
    given: uint256 = now.base_lent - min(now.base_lent, kept)
    if given != 0:
        given -= min(given, self._debt(True, now.base_owed))
    return given


@internal
def _shed(base: bool, amount: uint256) -> bool:
    """
    @notice Take so much of what is pledged of a token out of the lender, to lie here.
    @return Whether it came: its issuer may stop it.
    """
    return raw_call(
        LENDER.address,
        abi_encode(
            self._market(not base),
            amount,
            self,
            self,
            method_id=method_id(
                "withdrawCollateral((address,address,address,address,uint256),uint256,address,address)"
            ),
        ),
        revert_on_failure=False,
    )


@internal
def _net(shares: lent_account.Shares) -> bool:
    """
    @notice Repay what is owed of a token with what is pledged of it in the other market, where others put
            it: there it carries nothing. One of the two tokens is owed, so no oracle is asked.
    @return Whether there was any, and it came: else it stays there, and no act of ours waits for it.
    """
    base: bool = shares.base_lent != 0 and shares.base_owed != 0
    if not base and (shares.quote_lent == 0 or shares.quote_owed == 0):
        return False
    pledged: uint256 = shares.base_lent if base else shares.quote_lent
    owed: uint256 = self._debt(base, shares.base_owed if base else shares.quote_owed)
    amount: uint256 = min(pledged, owed)
    if not self._shed(base, amount):
        return False
    self._put(base, amount, shares)
    return True


# ---------------------------------------------------------------- what holding costs


@internal
@view
def _daily(short: bool) -> int256:
    """
    @return What owing 1 USD in a market costs a day at its rate since it was last touched, WAD.
    """
    return convert(self._rate(short, self._state(short)) * DAY, int256)


@internal
@view
def _accrued(mark: uint256) -> (uint256, int256, int256):
    """
    @notice The mark of now, and what each sign paid a day since another: what a share owes grows as interest is
            paid, and what is pledged earns nothing.
    """
    now: accruals.Indices = accruals.Indices(
        owed=self._debt(False, OWED_ONE), lent=accruals.ONE, short=self._debt(True, OWED_ONE)
    )
    return accruals._since(mark, now, self._shares(self).quote_owed != 0)
