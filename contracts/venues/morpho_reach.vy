# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title morpho_reach
@license AGPL-3.0-only
@author Tandem contributors
@notice How much of an order both markets of Morpho Blue carry: what the lenders of the one that it borrows
        in have left there, and what collateral carries afterwards in each by itself.
"""

from . import lent_account
from . import morpho_lender

uses: morpho_lender

WAD: constant(uint256) = 10**18
# Of what a market lends, what an order may leave owed there, in thousandths: where it borrows, and where it
# only takes back. The lender knows one threshold for both: at all of it the account is liquidated.
OPENS: constant(uint256) = 950
LOWERS: constant(uint256) = 999
BISECTIONS: constant(uint256) = 40


# What is pledged and owed of both tokens, units. What is owed of the one, what is pledged of the other
# carries.
struct Legs:
    base_lent: uint256
    base_owed: uint256
    quote_lent: uint256
    quote_owed: uint256


@internal
@view
def _carried(shares: lent_account.Shares, buys: bool, reach: uint256, rate: uint256) -> uint256:
    """
    @param rate Token units of the quote token for a WAD of the base token.
    @return The part of an order that lenders and collateral carry, at most `reach`.
    """
    now: Legs = Legs(
        base_lent=shares.base_lent,
        base_owed=morpho_lender._debt(True, shares.base_owed),
        quote_lent=shares.quote_lent,
        quote_owed=morpho_lender._debt(False, shares.quote_owed),
    )
    now = self._netted(now)
    there: uint256 = self._lendable(now, buys, reach, rate)
    if there == 0 or self._is_carried(now, self._after(now, buys, there, rate)):
        return there
    good: uint256 = 0
    bad: uint256 = there
    for _: uint256 in range(BISECTIONS):
        middle: uint256 = (good + bad) // 2
        if self._is_carried(now, self._after(now, buys, middle, rate)):
            good = middle
        else:
            bad = middle
    return good


@internal
@pure
def _netted(now: Legs) -> Legs:
    """
    @return The account as an order finds it: what others pledged where it carries nothing has repaid what is
            owed of it.
    """
    base: uint256 = min(now.base_lent, now.base_owed)
    quote: uint256 = min(now.quote_lent, now.quote_owed)
    return Legs(
        base_lent=now.base_lent - base,
        base_owed=now.base_owed - base,
        quote_lent=now.quote_lent - quote,
        quote_owed=now.quote_owed - quote,
    )


@internal
@view
def _lendable(now: Legs, buys: bool, reach: uint256, rate: uint256) -> uint256:
    """
    @return The part of an order for which nothing is borrowed that lenders have not left there.
    """
    if buys:
        if reach * rate // WAD <= now.quote_lent:
            return reach
        most: uint256 = now.quote_lent + morpho_lender._there(False)
        return min(reach, most * WAD // rate)
    if reach <= now.base_lent:
        return reach
    return min(reach, now.base_lent + morpho_lender._there(True))


@internal
@pure
def _after(now: Legs, buys: bool, size: uint256, rate: uint256) -> Legs:
    """
    @return What so much of an order leaves: what came is repaid, then pledged; what is due is taken back, then
            borrowed.
    """
    quote: uint256 = size * rate // WAD + (1 if buys else 0)
    legs: Legs = now
    if buys:
        repaid: uint256 = min(size, now.base_owed)
        taken: uint256 = min(quote, now.quote_lent)
        legs.base_owed -= repaid
        legs.base_lent += size - repaid
        legs.quote_lent -= taken
        legs.quote_owed += quote - taken
        return legs
    repaid: uint256 = min(quote, now.quote_owed)
    taken: uint256 = min(size, now.base_lent)
    legs.quote_owed -= repaid
    legs.quote_lent += quote - repaid
    legs.base_lent -= taken
    legs.base_owed += size - taken
    return legs


@internal
@view
def _is_carried(now: Legs, then: Legs) -> bool:
    """
    @return Whether each market's collateral carries what would be owed there. The lender asks where it
            lends or gives back, and so is it here.
    """
    if then.base_owed > now.base_owed or (then.base_owed != 0 and then.quote_lent < now.quote_lent):
        share: uint256 = OPENS if then.base_owed > now.base_owed else LOWERS
        most: uint256 = morpho_lender._lent_on(True, then.quote_lent)
        if then.base_owed > most * share // 1000:
            return False
    if then.quote_owed > now.quote_owed or (
        then.quote_owed != 0 and then.base_lent < now.base_lent
    ):
        share: uint256 = OPENS if then.quote_owed > now.quote_owed else LOWERS
        most: uint256 = morpho_lender._lent_on(False, then.base_lent)
        if then.quote_owed > most * share // 1000:
            return False
    return True
