# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title expiries
@license AGPL-3.0-only
@author Tandem contributors
@notice An expiry from its listing to its last redemption: who may list it, the price that settles
        it, and what its holders are paid. Meets no venue.
"""

from . import book
from . import parties
from ..interfaces import IMarket
from ..interfaces import IUnderwriter
from ..lib import book_totals
from ..lib import book_words
from ..lib import series

uses: book
uses: parties

DAY: constant(uint256) = 86_400
GRACE: constant(uint256) = 7 * DAY  # after it anybody may redeem for a holder
HORIZON: constant(uint256) = 90 * DAY  # how long a listing can keep its slot from others


@external
def list_expiry(expiry: uint256, strikes: DynArray[uint256, 16]):
    """
    @notice List an expiry (08:00 UTC) and strikes or caps on it, whole USD. With no strikes delist it: what is open
            there may be closed and is hedged on, and nothing opens until it is listed again. A lister's call.
    """
    assert staticcall parties.GUARDIAN.is_lister(msg.sender), "market: not a lister"
    assert expiry > block.timestamp and expiry % DAY == DAY // 3, "market: bad expiry"
    assert expiry <= block.timestamp + HORIZON, "market: too far ahead"
    slot: uint256 = book._open(expiry)
    words: IUnderwriter.Words = book._words(slot)
    book._store(slot, words, staticcall parties.UNDERWRITER.listed(words, strikes))
    log IMarket.ExpiryListed(expiry=expiry, strikes=strikes)


@external
def settle(expiry: uint256, round_id: uint256) -> uint256:
    """
    @notice Fix the settlement price of an expiry, by proof, once; set its payouts aside.
    @dev Never asserts the floor: a floor of exactly 0 must settle, and the payouts set aside are
         at most the maximum that they replace. Touches no venue: the delta that goes with the
         expiry is the next rebalance's.
    @param round_id The oracle round to prove: the first at or after expiry.
    @return The settlement price, WAD USD.
    """
    assert block.timestamp >= expiry, "market: not expired"
    slot: uint256 = book._slot(expiry)
    price: uint256 = staticcall parties.SPOT.settlement_price(expiry, round_id)
    words: IUnderwriter.Words = book._words(slot)
    payouts: uint256 = staticcall parties.UNDERWRITER.payouts(words, price)
    book._set_aside(payouts)
    book._free(slot, price)
    totals: uint256 = book.totals
    log IMarket.Settled(
        expiry=expiry,
        price=price,
        units=book_words.units_of(words.header),
        payouts=payouts,
        maxima=book_totals.maxima(totals),
        claims=book_totals.claims(totals),
    )
    return price


@external
def redeem(id: uint256, units: uint256, owner: address, recipient: address) -> uint256:
    """
    @notice Exchange settled options for their payoff.
    @dev By the owner or his operator; seven days after expiry by anybody, to the owner alone, who has no
         code: a contract may hold options for others, and what it did not ask for is nobody's there.
    @return Paid, token units, rounded down.
    """
    expiry: uint256 = series.unpack(id).expiry
    price: uint256 = book._settlement(expiry)
    assert price != 0, "market: not settled"
    if msg.sender != owner and not staticcall parties.OPTION.isOperator(owner, msg.sender):
        assert (
            recipient == owner and not owner.is_contract and block.timestamp >= expiry + GRACE
        ), "market: not the owner"
    paid: uint256 = staticcall parties.UNDERWRITER.payout(id, units, price)
    extcall parties.OPTION.burn(owner, id, units)
    book._paid(paid)
    log IMarket.Redeemed(
        series=id,
        owner=owner,
        units=units,
        paid=paid,
        claims=book_totals.claims(book.totals),
    )
    self._pay(recipient, paid)
    return paid


@internal
def _pay(recipient: address, amount: uint256):
    """
    @notice Out of the Vault's cash, if it is anything.
    """
    if amount != 0:
        extcall parties.VAULT.pay(recipient, amount)


@external
@view
def settlement(expiry: uint256) -> uint256:
    """
    @notice The settlement price of an expiry, WAD USD; 0 while there is none.
    """
    return book._settlement(expiry)
