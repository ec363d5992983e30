# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title lent_account
@license AGPL-3.0-only
@author Tandem contributors
@notice An account at a lending market as a perpetual: what it lends less what it owes, of the base token
        the position, of the quote token the money. What others do to it moves the position and never
        raises what it is worth.
@dev One rule for gifts and for liquidations, which a lending market does not tell apart (both repay a debt,
     and a gift of collateral beside a liquidation hides what that took). The account is kept as the last
     act of ours left it, in the lender's own shares, which grow by interest and by nothing else. What is
     there now beyond that, at the lender's price, is a gift and is booked as owed to nobody; what is there
     less than that is lost. So the account is worth the lesser of what was kept and what is there, less
     the gifts of before; and its position is what is there, because that is what moves with the price.
     Interest on gifts is not told from interest on what is ours: it is ours.
     Cash that lies idle beside the lender is margin as well, as it is booked: what others send is not.
"""

IWAD: constant(int256) = 10**18
TO_WAD: constant(int256) = 10**12
MASK: constant(uint256) = 2**128 - 1
# Of what the account is worth, as much as may lie idle, WAD: a twentieth.
IDLE: constant(int256) = 5 * 10**16


# In the lender's own shares.
struct Shares:
    base_lent: uint256
    base_owed: uint256
    quote_lent: uint256
    quote_owed: uint256


# What shares are worth. base: WAD. quote: token units. Positive is lent.
struct Balances:
    base: int256
    quote: int256


# Shares, by the position that they make: what is owed in the low half, what is lent in the high one. An
# order that turns none writes one of the two.
_short: uint256  # base owed, quote lent
_long: uint256  # quote owed, base lent

_cash: uint256  # token units: what others gave in the low half, what lies idle in the high one


@external
@view
def gifts() -> uint256:
    """
    @notice What others gave, token units: in nothing that the account is worth.
    """
    return self._gifts()


@external
@view
def idle() -> uint256:
    """
    @notice What of the quote token lies here unlent and is ours, token units: not what others send.
    """
    return self._idle()


@internal
@view
def _gifts() -> uint256:
    """
    @return What others gave, token units.
    """
    return self._cash & MASK


@internal
@view
def _idle() -> uint256:
    """
    @return What lies idle, token units.
    """
    return self._cash >> 128


@internal
def _lay(idle: uint256):
    """
    @notice So much lies idle now.
    """
    self._cash = (idle << 128) | (self._cash & MASK)


@internal
@view
def _kept() -> Shares:
    """
    @return What the last act of ours left.
    """
    return self._shares_in(self._short, self._long)


@internal
@view
def _base_left() -> uint256:
    """
    @return What the last act of ours left lent of the base token, in the lender's own units.
    """
    return self._long >> 128


@internal
@pure
def _shares_in(short: uint256, long: uint256) -> Shares:
    """
    @return The shares that two words say.
    """
    return Shares(
        base_lent=long >> 128,
        base_owed=short & MASK,
        quote_lent=short >> 128,
        quote_owed=long & MASK,
    )


@internal
def _keep(shares: Shares):
    """
    @notice An act of ours left this. The lender counts in 128 bits.
    """
    self._short = self._short_word(shares)
    self._long = self._long_word(shares)


@internal
@pure
def _short_word(shares: Shares) -> uint256:
    return (shares.quote_lent << 128) | shares.base_owed


@internal
@pure
def _long_word(shares: Shares) -> uint256:
    return (shares.base_lent << 128) | shares.quote_owed


@internal
@pure
def _is_same(one: Shares, other: Shares) -> bool:
    lent: uint256 = one.base_lent ^ other.base_lent | one.quote_lent ^ other.quote_lent
    return lent | (one.base_owed ^ other.base_owed | one.quote_owed ^ other.quote_owed) == 0


@internal
@pure
def _worth(balances: Balances, price: uint256) -> int256:
    """
    @return WAD USD, at a price of the base token.
    """
    return balances.quote * TO_WAD + balances.base * convert(price, int256) // IWAD


@internal
@view
def _beside() -> int256:
    """
    @return What lies idle, WAD USD.
    """
    return convert(self._cash >> 128, int256) * TO_WAD


@internal
@pure
def _owes(found: Balances) -> bool:
    return min(found.base, found.quote) < 0


@internal
@view
def _left(balances: Balances, price: uint256) -> int256:
    """
    @return What is left of an account without what others gave, WAD USD: less than nothing where that is more than
            lies there, though nothing may be owed.
    """
    given: int256 = convert(self._gifts(), int256) * TO_WAD
    return self._worth(balances, price) + self._beside() - given


@internal
@view
def _own(kept: Balances, found: Balances, price: uint256) -> int256:
    """
    @return What the account is worth without what others gave, WAD USD: who owes nothing owes nobody more than is
            lent, whatever they gave.
    """
    own: int256 = min(self._left(kept, price), self._left(found, price))
    return own if self._owes(found) else max(own, self._beside())


@internal
@view
def _margin(own: int256) -> int256:
    """
    @notice What carries orders of what the account is worth: all, while no more lies idle than its share;
            else what is lent and the share that goes with it, for what lies idle carries no debt.
    """
    lent: int256 = own - self._beside()
    return min(own, lent * IWAD // (IWAD - IDLE))


@internal
@pure
def _share(whole: int256) -> uint256:
    """
    @return What may lie idle of an account that is worth so much, token units.
    """
    return convert(max(whole, 0) * IDLE // IWAD // TO_WAD, uint256)


@internal
@view
def _given(kept: Balances, found: Balances, price: uint256) -> uint256:
    """
    @return What others gave until now, at the lender's price, token units rounded up. Without a debt no more of what
            lies there is theirs than all of it: what was owed besides they have paid, or the lenders bear it.
    """
    there: int256 = self._worth(found, price)
    gain: int256 = max(there - self._worth(kept, price), 0) + TO_WAD - 1
    given: uint256 = self._gifts() + convert(gain // TO_WAD, uint256)
    return given if self._owes(found) else min(given, convert(there // TO_WAD, uint256))


@internal
def _accept(kept: Balances, found: Balances, shares: Shares, price: uint256):
    """
    @notice Book what others did: what they gave is none of ours.
    """
    self._cash = (self._idle() << 128) | min(self._given(kept, found, price), MASK)
    self._keep(shares)
