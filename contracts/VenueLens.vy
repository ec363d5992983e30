# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title VenueLens
@license AGPL-3.0-only
@author Tandem contributors
@notice The hedge venues side by side, in one call: what lies at each, what margin it needs and how far the price
        may move before that is short, what holding costs by sign, and how much more fits. Read-only: holds
        no state and moves nothing.
@dev Each venue is asked in a call of its own: one that reverts, answers nonsense or burns what gas it has
     hides none of the others.
"""

from .interfaces import IGuardian
from .interfaces import IHedgeVenue
from .interfaces import ISpot
from .interfaces import IVenueSet
from .lib import bits
from .lib import terms


interface IMarketParties:
    def SPOT() -> address: view
    def ROUTER() -> address: view
    def GUARDIAN() -> address: view


interface IRouterParties:
    def VENUE() -> address: view
    def IS_SET() -> bool: view


# One venue. Sizes WAD base, prices and money WAD USD, rates WAD a day.
struct VenueView:
    venue: address
    is_down: bool  # by a guardian
    answers: bool  # or all that follows is nothing
    account: IHedgeVenue.VenueAccount
    bounds: IHedgeVenue.Bounds  # per unit of notional
    quotation: IHedgeVenue.Quotation
    price: uint256  # of now
    move: int256  # of the price, a fraction, at which margin is at its least; 0: it is there; NEVER
    long: int256  # what a position of 1 USD pays in a day at the rates of now, below 0 it is paid
    short: int256
    buys: uint256  # the most that fills at any price: margin, liquidity, caps
    sells: uint256
    free: uint256  # that can be withdrawn, token units


WAD: constant(int256) = 10**18
MOST: constant(uint256) = 4  # venues
TRIED: constant(int256) = 10**24  # an order larger than any
NEVER: constant(int256) = max_value(int256)  # no position, or no price does it
MIN_SPOT: constant(uint256) = 10**16
MAX_SPOT: constant(uint256) = 2**96 - 1
# Of a VenueView: what a venue is asked in is one call, and its answer has this many words.
SIZE: constant(uint256) = 32 * 20

MARKET: public(immutable(address))
SPOT: immutable(ISpot)
GUARDIAN: immutable(IGuardian)
VENUE: immutable(address)
IS_SET: immutable(bool)


@deploy
def __init__(market: address):
    """
    @param market Whose venues are shown; whom it meets is asked of it.
    """
    MARKET = market
    m: IMarketParties = IMarketParties(market)
    SPOT = ISpot(staticcall m.SPOT())
    GUARDIAN = IGuardian(staticcall m.GUARDIAN())
    router: IRouterParties = IRouterParties(staticcall m.ROUTER())
    VENUE = staticcall router.VENUE()
    IS_SET = staticcall router.IS_SET()


@external
@view
def venues() -> DynArray[VenueView, MOST]:
    """
    @notice All venues, in the order of the guardians' bits; of one that does not answer its address and whether
            it is down. Never reverts.
    """
    places: DynArray[address, MOST] = [VENUE]
    if IS_SET:
        places = staticcall IVenueSet(VENUE).venues()
    word: uint256 = staticcall GUARDIAN.terms()
    spot: uint256 = self._spot()
    found: DynArray[VenueView, MOST] = []
    for place: address in places:
        left: uint256 = len(places) - len(found)
        seen: VenueView = self._seen(place, spot, msg.gas // (left + 1))
        seen.is_down = terms.is_down(word)
        if IS_SET:
            seen.is_down = terms.is_away(word, len(found))
        found.append(seen)
    return found


@external
@view
def view_of(venue: address, spot: uint256) -> VenueView:
    """
    @notice One venue; whether it is down is not looked at. Reverts where it does not answer.
    @param venue Any adapter. @param spot The price to value the position at, WAD.
    """
    asked: IHedgeVenue = IHedgeVenue(venue)
    account: IHedgeVenue.VenueAccount = staticcall asked.account(spot)
    bounds: IHedgeVenue.Bounds = staticcall asked.bounds(account.position)
    long: int256 = 0
    short: int256 = 0
    long, short = staticcall asked.funding()
    return VenueView(
        venue=venue,
        is_down=False,
        answers=True,
        account=account,
        bounds=bounds,
        quotation=staticcall asked.quotation(),
        price=staticcall asked.price(),
        move=self._move(account, bounds, spot),
        long=long,
        short=short,
        buys=staticcall asked.max_order(TRIED, max_value(uint256)),
        sells=staticcall asked.max_order(-TRIED, 0),
        free=staticcall asked.free_collateral(),
    )


@internal
@view
def _spot() -> uint256:
    """
    @return The last answer of the price feed, however old: a view refuses nothing for its age.
    """
    spot: uint256 = 0
    time: uint256 = 0
    fresh: bool = False
    spot, time, fresh = staticcall SPOT.peek()
    return min(max(spot, MIN_SPOT), MAX_SPOT)


@internal
@view
def _seen(venue: address, spot: uint256, most: uint256) -> VenueView:
    """
    @return One venue, or its address alone.
    """
    good: bool = False
    answer: Bytes[SIZE] = b""
    good, answer = raw_call(
        self,
        abi_encode(venue, spot, method_id=method_id("view_of(address,uint256)")),
        max_outsize=SIZE,
        gas=most,
        is_static_call=True,
        revert_on_failure=False,
    )
    if good:
        return abi_decode(answer, VenueView)
    nothing: VenueView = empty(VenueView)
    nothing.venue = venue
    return nothing


@internal
@pure
def _move(account: IHedgeVenue.VenueAccount, bounds: IHedgeVenue.Bounds, spot: uint256) -> int256:
    """
    @notice By which fraction the price may move against the position before margin is at its least, WAD: of a
            long below nothing, of a short above. A position gains and loses its size times the move, and
            what it needs moves with its notional.
    """
    if account.position == 0:
        return NEVER
    notional: int256 = (bits.absolute(account.position) * convert(spot, int256) // WAD)
    least: int256 = convert(bounds.least, int256)
    spare: int256 = min(account.equity, account.margin_equity) - notional * least // WAD
    if spare <= 0:
        return 0
    sign: int256 = -1 if account.position > 0 else 1
    per_move: int256 = notional * (WAD + sign * least) // WAD
    if per_move <= 0 or (sign < 0 and spare >= per_move):
        return NEVER  # of all that it is worth a long loses less
    return sign * (spare * WAD // per_move)
