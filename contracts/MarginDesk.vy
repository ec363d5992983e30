# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title MarginDesk
@license AGPL-3.0-only
@author Tandem contributors
@notice Keeps the venue's margin between its bounds: says when it comes from the Vault, when it goes home,
        and when a hedge that margin no longer carries is lowered. Anybody may call any of it. What the
        venue lost and no price explains it finds first. It holds and moves nothing: the router does.
"""

from .interfaces import IGuardian
from .interfaces import IHedgeRouter
from .interfaces import IHedgeVenue
from .interfaces import IMarginDesk
from .interfaces import IMarket
from .interfaces import ISpot
from .interfaces import IVault
from .lib import margin
from .lib import terms

implements: IMarginDesk

ROUTER: public(immutable(IHedgeRouter))
MARKET: public(immutable(IMarket))
VAULT: public(immutable(IVault))
VENUE: public(immutable(IHedgeVenue))
SPOT: public(immutable(ISpot))
GUARDIAN: public(immutable(IGuardian))

WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12

seen: public(margin.Seen)
# What top-ups found that the venue had lost and no price explained, ever, token units: the breaker looks
# at its growth.
lost: public(uint256)


@deploy
def __init__(
    router: address,
    market: address,
    vault: address,
    venue: address,
    spot: address,
    guardian: address,
):
    """
    @param router Moves what this contract decides.
    """
    ROUTER = IHedgeRouter(router)
    MARKET = IMarket(market)
    VAULT = IVault(vault)
    VENUE = IHedgeVenue(venue)
    SPOT = ISpot(spot)
    GUARDIAN = IGuardian(guardian)


@external
def top_up() -> uint256:
    """
    @notice Bring the venue account to its target from the Vault's cash, as far as the floor goes and
            while losses at venues are within their cap. Anybody may, also while spot is refused.
    @dev What was lost is counted first, and may be why nothing follows it.
    @return What was deposited, token units.
    """
    self._check_up()
    spot: uint256 = self._margin_spot()
    venue: IHedgeVenue.VenueAccount = self._account(spot)
    equity: int256 = margin.usable(venue)
    assert self._is_worth_saving(venue, spot), "margin: bankrupt account"
    wanted: uint256 = margin.lacking(
        equity,
        margin.need(venue.position, spot, self._headroom(venue.position, equity)),
        self._bounds(venue.position),
    )
    assert wanted != 0, "margin: no top-up due"
    assert self._lendable() != 0, "margin: floor or budget"
    lost: uint256 = margin.lost(venue, self.seen, spot)
    self.lost += lost
    amount: uint256 = extcall ROUTER.credit(wanted, lost, equity, venue.position, spot)
    self.seen = margin.Seen(
        equity=venue.equity + convert(amount * TO_WAD, int256),
        position=venue.position,
        spot=spot,
    )
    log IMarginDesk.MarginToppedUp(
        venue=VENUE.address, amount=amount, wanted=wanted, equity_before=equity, lost=lost
    )
    return amount


@external
def delever() -> int256:
    """
    @notice Lower the position to what its margin carries at the target, where the account is under its
            least for the position alone and what the Vault may lend would not lift it over that.
            Anybody may, unpaid, also while spot is refused. It can raise the residual: the floor is
            the holders', and a position that its margin does not carry is the venue's to liquidate.
    @return The order that was filled: 0 where its wait for a price near the market's average begins.
    """
    self._check_up()
    spot: uint256 = self._margin_spot()
    venue: IHedgeVenue.VenueAccount = self._account(spot)
    usable: int256 = margin.usable(venue)
    need: uint256 = margin.need(venue.position, spot, 0)
    bounds: IHedgeVenue.Bounds = self._bounds(venue.position)
    least: int256 = convert(need * bounds.least // WAD, int256)
    lot: uint256 = staticcall VENUE.lot()
    held: uint256 = convert(abs(venue.position), uint256)
    assert held >= lot and usable < least, "margin: no delever due"
    backed: int256 = usable
    if self._is_worth_saving(venue, spot):
        backed += convert(self._lendable() * TO_WAD, int256)
    assert backed < least, "margin: top up instead"
    kept: uint256 = convert(margin.borne(backed, spot, bounds.target), uint256)
    done: IHedgeRouter.Lowered = extcall ROUTER.lower(
        max(held - kept, lot), usable, venue.position, spot
    )
    if done.order == 0:
        return 0
    assert convert(abs(done.position), uint256) < held, "margin: not lowered"
    log IMarginDesk.Delevered(
        venue=VENUE.address,
        order=done.order,
        position=done.position,
        received=done.received,
        usable=usable,
        need=need,
    )
    return done.order


@external
def sweep() -> uint256:
    """
    @notice Bring what lies above the venue account's target home to the Vault. Anybody may.
            With nothing open and an exit queue that asks for it, that is everything.
    @dev Without a position no feed is asked: the last LP leaves whatever the feed does.
    @return What came home, token units.
    """
    flat: bool = staticcall VENUE.position() == 0
    spot: uint256 = 0 if flat else staticcall SPOT.spot()
    venue: IHedgeVenue.VenueAccount = self._account(spot)
    equity: int256 = margin.usable(venue)
    need: uint256 = margin.need(venue.position, spot, self._headroom(venue.position, equity))
    bounds: IHedgeVenue.Bounds = self._bounds(venue.position)
    assert equity > convert(need * bounds.most // WAD, int256), "margin: no sweep due"
    above: uint256 = convert(equity, uint256) - need * bounds.target // WAD
    amount: uint256 = min(above // TO_WAD, staticcall VENUE.free_collateral())
    assert amount != 0, "margin: nothing is free"
    # What was seen is worth what came home less; a loss since then still counts.
    self.seen.equity -= convert(amount * TO_WAD, int256)
    extcall ROUTER.debit(amount, equity, venue.position, spot)
    log IMarginDesk.MarginSwept(venue=VENUE.address, amount=amount, equity_before=equity)
    return amount


@external
@view
def margin_spot() -> uint256:
    """
    @notice The price that top-ups go by, WAD: spot, or the venue's own while spot is refused.
    """
    return self._margin_spot()


# ---------------------------------------------------------------- inside


@internal
@view
def _margin_spot() -> uint256:
    """
    @return The price that top-ups go by, WAD: spot, or what the venue goes by while spot is refused.
    @dev The venue liquidates by its own figures and waits for nobody. A wrong price moves margin
         inside the floor and the cap of losses, and no further.
    """
    price: uint256 = 0
    time: uint256 = 0
    usable: bool = False
    price, time, usable = staticcall SPOT.peek()
    return price if usable else staticcall VENUE.index()


@internal
@view
def _headroom(position: int256, equity: int256) -> uint256:
    """
    @return The notional of the largest order that a trade may bring, WAD USD; 0 where nothing is
            open and those who wait to leave ask for what its margin would hold back.
    @dev Top-ups and sweeps ask this one question, and moving margin does not change the answer:
         neither undoes the other, and a small exit request cannot empty the account before the
         first trade.
    """
    funds: IVault.Funds = staticcall VAULT.funds()
    headroom: uint256 = margin.headroom(funds.nav, self._terms())
    maxima: uint256 = 0
    claims: uint256 = 0
    maxima, claims = staticcall MARKET.liabilities()
    if maxima == 0 and position == 0:
        whole: uint256 = funds.cash * TO_WAD + convert(max(equity, 0), uint256)
        owed: uint256 = (funds.queued + funds.exits + claims) * TO_WAD
        if owed + headroom * self._bounds(0).target // WAD > whole:
            return 0
    return headroom


@internal
@view
def _is_worth_saving(venue: IHedgeVenue.VenueAccount, spot: uint256) -> bool:
    """
    @return Whether anything is sent to the account.
    """
    band: uint256 = terms.field(self._terms(), terms.FILL_BAND)
    return margin.is_worth_saving(venue, spot, band)


@internal
@view
def _check_up():
    """
    @dev Nothing is sent to a venue that is down, and nothing there is counted on.
    """
    assert not terms.is_down(self._terms()), "margin: venue down"


@internal
@view
def _account(spot: uint256) -> IHedgeVenue.VenueAccount:
    """
    @return What the venue says of the account.
    """
    return staticcall VENUE.account(spot)


@internal
@view
def _lendable() -> uint256:
    """
    @return What the Vault may lend now, token units.
    """
    return staticcall VAULT.lendable()


@internal
@view
def _terms() -> uint256:
    """
    @return The first word of the parameters.
    """
    return staticcall GUARDIAN.terms()


@internal
@view
def _bounds(position: int256) -> IHedgeVenue.Bounds:
    """
    @return The margin that a position of that sign needs.
    """
    return staticcall VENUE.bounds(position)
