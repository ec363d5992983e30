# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title MarginDesk
@license AGPL-3.0-only
@author Tandem contributors
@notice Keeps each venue's margin between its bounds: says when it comes from the Vault, when it goes home,
        and when a hedge that margin no longer carries is lowered. Anybody may call any of it. What a
        venue lost and no price explains it finds first. It holds and moves nothing: the router does.
@dev Where there are several venues an act names its own, or none: then the first for which it is due.
     Longer than 450 lines: four acts move margin or a hedge, each with what it may not do written
     beside it; they go by one account.
"""

from .interfaces import IGuardian
from .interfaces import IHedgeRouter
from .interfaces import IHedgeVenue
from .interfaces import IMarginDesk
from .interfaces import IMarket
from .interfaces import ISplitter
from .interfaces import ISpot
from .interfaces import IVault
from .interfaces import IVenueSet
from .lib import believed
from .lib import book_totals
from .lib import carry
from .lib import gate_word
from .lib import margin
from .lib import terms

implements: IMarginDesk


interface IFeedBounds:
    def MIN_PRICE() -> uint256: view
    def MAX_PRICE() -> uint256: view


# What margin goes by: spot, or the venue's own price while spot is refused.
struct Price:
    price: uint256
    is_spot: bool
    said: uint256  # what the feed said last, however old; 0 where that makes no sense


# What a venue says of its account, and of what margin it needs with the largest order and without.
struct Asked:
    venue: address
    account: IHedgeVenue.VenueAccount
    bounds: IHedgeVenue.Bounds
    usable: int256
    need: uint256
    spot: uint256
    is_spot: bool
    said: uint256
    reported: int256  # the position as the venue says it


ROUTER: public(immutable(IHedgeRouter))
MARKET: public(immutable(IMarket))
VAULT: public(immutable(IVault))
VENUE: public(immutable(IHedgeVenue))
IS_SET: public(immutable(bool))
SPOT: public(immutable(ISpot))
GUARDIAN: public(immutable(IGuardian))

WAD: constant(uint256) = 10**18
IWAD: constant(int256) = 10**18
TO_WAD: constant(uint256) = 10**12
UNIT: constant(uint256) = 10**12  # of options, WAD
# In which interest makes a position twice what it was, at the most.
YEAR: constant(uint256) = 365 * 86_400
DAY: constant(int256) = 86_400
HOUR: constant(uint256) = 3_600

seen: public(HashMap[address, margin.Seen])
# Margin that went to each venue and is not home again, token units, whatever it says of it.
sent: public(HashMap[address, uint256])
# What top-ups found that the venue had lost and no price explained, ever, token units: the breaker looks
# at its growth.
lost: public(uint256)
# Since when, on average, a venue has what it holds of the hedge, as far as it was moved there because that was cheaper.
_since: HashMap[address, uint256]


@deploy
def __init__(
    router: address,
    market: address,
    vault: address,
    venue: address,
    spot: address,
    guardian: address,
    is_set: bool,
):
    """
    @param router Moves what this contract decides. @param is_set Whether the venue is a set of several.
    """
    ROUTER = IHedgeRouter(router)
    MARKET = IMarket(market)
    VAULT = IVault(vault)
    VENUE = IHedgeVenue(venue)
    SPOT = ISpot(spot)
    GUARDIAN = IGuardian(guardian)
    IS_SET = is_set


@external
def top_up(venue: address = empty(address)) -> uint256:
    """
    @notice Bring a venue's account to its target from the Vault's cash, as far as the floor goes and
            while its losses are within their cap. Anybody may, also while spot is refused.
    @dev What was lost is counted first, and may be why nothing follows it. Longer than a function
         should be: choice, loss and deposit go by one account.
    @param venue Of several; without one the first that lacks margin and may get some; where none may, it
           reverts by what the last of them is refused for.
    @return What was deposited, token units.
    """
    self._check_up()
    meant: DynArray[address, 4] = self._meant(venue)
    a: Asked = empty(Asked)
    wanted: uint256 = 0
    is_saved: bool = True
    is_lent: bool = False
    for one: address in meant:
        price: Price = self._margin_spot(one)
        if price.price == 0:
            continue
        there: Asked = self._ask(one, price, True, True)
        lacks: uint256 = margin.lacking(there.account, self.sent[one], there.need, there.bounds)
        if lacks == 0:
            # one that has its margin says nothing of one that gets none
            continue
        a = there
        wanted = lacks
        is_saved = self._is_worth_saving(there.account, there.spot)
        is_lent = self._lendable(one) != 0
        if is_saved and is_lent:
            break
    assert is_saved, "margin: bankrupt account"
    assert wanted != 0, "margin: no top-up due"
    assert is_lent, "margin: floor or budget"
    lost: uint256 = margin.lost(a.account, self.seen[a.venue], a.spot)
    self.lost += lost
    amount: uint256 = extcall ROUTER.credit(
        a.venue, wanted, lost, a.usable, self._made(a.reported), a.spot
    )
    self.sent[a.venue] += amount
    if a.is_spot or self.seen[a.venue].spot == 0:
        self.seen[a.venue] = margin.Seen(
            equity=a.account.equity + convert(amount * TO_WAD, int256),
            position=a.account.position,
            spot=a.spot,
        )
    else:
        # by its own price nothing is anchored: what that explains it would explain again and again
        self.seen[a.venue].equity += (
            convert(amount * TO_WAD, int256) - convert(lost * TO_WAD, int256)
        )
    log IMarginDesk.MarginToppedUp(
        venue=a.venue, amount=amount, wanted=wanted, equity_before=a.usable, lost=lost
    )
    return amount


@external
def delever(venue: address = empty(address)) -> int256:
    """
    @notice Lower the position at a venue to what its margin carries at the target, where the account is
            under its least for the position alone and what the Vault may lend would not lift it over
            that, or the venue takes none of it. Anybody may, unpaid, also while spot is refused. It can
            raise the residual: the floor is the holders', and a position that its margin does not carry is
            the venue's to liquidate.
    @dev Longer than a function should be: what is due, what is lowered and what is put down
         afterwards go by one account.
    @param venue Of several; without one the first that is due.
    @return The order that was filled: 0 where its wait for a price near the market's average begins.
    """
    self._check_up()
    meant: DynArray[address, 4] = self._meant(venue)
    a: Asked = empty(Asked)
    first: Asked = empty(Asked)
    uncarried: uint256 = 0
    for one: address in meant:
        price: Price = self._margin_spot(one)
        if price.price == 0:
            continue
        a = self._ask(one, price, False)
        least: int256 = convert(a.need * a.bounds.least // WAD, int256)
        if self._is_traded(one, a.account.position) and a.usable < least:
            uncarried = self._uncarried(a, True)
            if uncarried != 0:
                break
            if first.venue == empty(address):
                first = a
    if uncarried == 0:
        assert first.venue != empty(address), "margin: no delever due"
        a = first
        assert not self._takes(a), "margin: top up instead"
        uncarried = self._uncarried(a, False)
    there: IHedgeVenue.VenueAccount = a.account
    if not a.is_spot and a.said != 0:
        there.equity = self._account(a.venue, a.said).equity
    held: uint256 = convert(abs(a.account.position), uint256)
    lot: uint256 = staticcall IHedgeVenue(a.venue).lot()
    done: IHedgeRouter.Lowered = extcall ROUTER.lower(
        a.venue, max(uncarried, lot), a.usable, a.account.position, a.spot
    )
    if done.order == 0:
        return 0
    assert convert(abs(done.position), uint256) < held, "margin: not lowered"
    if a.is_spot:
        self._roll(a.venue, there, a.spot, done.position)
    elif a.said != 0:
        # nobody knows at what price it went home: what is lowered in one silence was there in all of it
        before: margin.Seen = self.seen[a.venue]
        left: int256 = there.position
        if before.spot == a.said and (
            before.position > left if left > 0 else before.position < left
        ):
            left = before.position
        self._roll(a.venue, there, a.said, left)
    log IMarginDesk.Delevered(
        venue=a.venue,
        order=done.order,
        position=done.position,
        received=done.received,
        usable=a.usable,
        need=a.need,
    )
    return done.order


@external
def sweep(venue: address = empty(address)) -> uint256:
    """
    @notice Bring what lies above a venue account's target home to the Vault. Anybody may.
            With nothing open and an exit queue that asks for it, that is everything.
    @dev Without a position that could be traded no feed is waited for: the last LP leaves whatever the
         feed does.
    @param venue Of several; without one that which lets most go.
    @return What came home, token units.
    """
    meant: DynArray[address, 4] = self._meant(venue)
    a: Asked = empty(Asked)
    is_due: bool = False
    amount: uint256 = 0
    for one: address in meant:
        position: int256 = staticcall IHedgeVenue(one).position()
        price: Price = empty(Price)
        if self._is_traded(one, position):
            price.price = staticcall SPOT.spot()
        elif position != 0:
            price = self._margin_spot(one)
        there: Asked = self._ask(one, price, True)
        if there.usable > convert(there.need * there.bounds.most // WAD, int256):
            is_due = True
            above: uint256 = (
                convert(there.usable, uint256) - there.need * there.bounds.target // WAD
            )
            free: uint256 = min(above // TO_WAD, staticcall IHedgeVenue(one).free_collateral())
            if free > amount:
                a = there
                amount = free
    assert is_due, "margin: no sweep due"
    assert amount != 0, "margin: nothing is free"
    # What was seen is worth what came home less; a loss since then still counts.
    self.seen[a.venue].equity -= convert(amount * TO_WAD, int256)
    self.sent[a.venue] -= min(amount, self.sent[a.venue])
    extcall ROUTER.debit(a.venue, amount, a.usable, self._made(a.account.position), a.spot)
    log IMarginDesk.MarginSwept(venue=a.venue, amount=amount, equity_before=a.usable)
    return amount


@external
def shift(source: address, target: address, size: uint256) -> uint256:
    """
    @notice Move as much of the hedge from a venue to another as may meet both markets now, at most `size`: where
            one is long and the other short, both come home; what is cheaper to hold at the other goes there,
            for no more than that saves in the time that hedges are expected to be held; and what margin
            at the source carries no more, though the Vault may lend, goes where it is carried. Anybody
            may, unpaid, while spot is usable: it leaves the position as it is.
    @dev Longer than a function should be: both venues stand in it, from how much may move to what
         is put down of each.
    @return What moved, WAD base.
    """
    self._check_up()
    price: Price = Price(price=staticcall SPOT.spot(), is_spot=True, said=0)
    spot: uint256 = price.price  # what was lost is put down at it
    # each is asked once for what is noted and put down: who is asked twice answers twice
    from_there: IHedgeVenue.VenueAccount = self._account(self._meant(source)[0], spot)
    to_there: IHedgeVenue.VenueAccount = self._account(self._meant(target)[0], spot)
    held: int256 = from_there.position
    other: int256 = to_there.position
    assert source != target and held != 0, "margin: nothing to move"
    is_met: bool = self._is_traded(target, other) and (held > 0) != (other > 0)
    most: uint256 = min(convert(abs(held), uint256), size)
    uncarried: uint256 = 0
    if is_met:
        most = min(most, convert(abs(other), uint256))
    else:
        uncarried = self._uncarried(self._ask(source, price, False), True)
        if uncarried != 0:
            most = min(most, uncarried)
    moved: uint256 = 0
    received: int256 = 0
    if held > 0:
        moved, received = extcall ROUTER.net(source, target, most, spot, [held, other])
    else:
        moved, received = extcall ROUTER.net(target, source, most, spot, [other, held])
    step: int256 = convert(moved, int256) if held > 0 else -convert(moved, int256)
    self._roll(source, from_there, spot, held - step)
    self._roll(target, to_there, spot, other + step)
    if not is_met:
        if uncarried == 0:
            saved: int256 = convert(moved * spot // WAD, int256) * self._saves(
                source, target, held > 0
            )
            assert -received * IWAD <= saved, "margin: moving costs more"
            there_already: uint256 = convert(abs(other), uint256)
            self._since[target] = block.timestamp - self._age(target) * there_already // (
                there_already + moved
            )
        there: Asked = self._ask(target, price, False)
        backed: int256 = there.usable + convert(self._lendable(target) * TO_WAD, int256)
        assert (
            there.usable >= convert(there.need * there.bounds.least // WAD, int256)
            and backed >= convert(there.need * there.bounds.target // WAD, int256)
        ), "margin: target bears less"
    log IMarginDesk.Shifted(source=source, target=target, size=moved, received=received)
    return moved


@external
@view
def unseen(spot: uint256) -> (uint256, uint256):
    """
    @notice What the venues lost since their margin was last moved and no price explains, each by itself:
            what one gained is no other's; and the most that any of them may get that is worth saving: one that
            may get nothing for what it lost is no other's distress. Token units.
    """
    lost: uint256 = 0
    lendable: uint256 = 0
    meant: DynArray[address, 4] = self._meant(empty(address))
    for one: address in meant:
        there: IHedgeVenue.VenueAccount = self._account(one, spot)
        lost += margin.lost(there, self.seen[one], spot)
        if self._is_worth_saving(there, spot):
            lendable = max(lendable, self._lendable(one))
    return lost, lendable


@external
@view
def eased() -> IHedgeVenue.Quotation:
    """
    @notice Where several venues trade as closes are held against it: what all of them say, and what one says alone as
            far as an order may fill. One that lies, or was moved, makes no close dearer than by the band.
    """
    wide: IHedgeVenue.Quotation = staticcall VENUE.quotation()
    splitter: ISplitter = self._splitter()
    near: IHedgeVenue.Quotation = staticcall splitter.quotation(
        staticcall IVenueSet(VENUE.address).venues_up(), True
    )
    spot: uint256 = staticcall SPOT.spot()
    width: uint256 = spot * terms.fill_band(self._terms()) // 10_000
    return IHedgeVenue.Quotation(
        low=min(near.low, max(wide.low, spot - width)),
        high=max(near.high, min(wide.high, spot + width)),
        fee=near.fee,
    )


@external
@view
def made(said: int256) -> int256:
    """
    @notice What our orders have made of a position that an only venue says, with interest since the last mark of the
            book: what it says beyond is nobody's. What it says is gone may be said again, until an order goes there.
            Of several the set knows that itself.
    """
    return self._made(said)


@external
@view
def margin_spot() -> uint256:
    """
    @notice The price that top-ups go by, WAD: spot, or the venue's own while spot is refused.
    """
    return self._margin_spot(VENUE.address).price


# ---------------------------------------------------------------- inside


@internal
@view
def _meant(venue: address) -> DynArray[address, 4]:
    """
    @return The venue that an act names; of several, where it names none, those that are up.
    """
    if not IS_SET:
        assert venue == empty(address) or venue == VENUE.address, "margin: unknown venue"
        return [VENUE.address]
    up: DynArray[address, 4] = staticcall IVenueSet(VENUE.address).venues_up()
    if venue == empty(address):
        return up
    assert venue in up, "margin: venue is not up"
    return [venue]


@external
@view
def account(spot: uint256, headroom: uint256) -> IHedgeRouter.HedgeAccount:
    """
    @notice The hedge account at a spot price: of several all of them, each clamped by itself and then summed;
            bankrupt is any. What is down counts for nothing, and nothing is sent there; where one says
            nothing that is to be believed, nobody knows what all are worth. What one lacks that may get
            nothing for what it lost is barred, while any other that is worth saving may get some.
    """
    sum: IHedgeRouter.HedgeAccount = empty(IHedgeRouter.HedgeAccount)
    saved: DynArray[address, 4] = []
    meant: DynArray[address, 4] = self._meant(empty(address))
    for venue: address in meant:
        one: IHedgeVenue.VenueAccount = self._account(venue, spot)
        price: uint256 = spot
        if IS_SET and price == 0 and one.position != 0:
            # nobody asked for a price where all are flat together: what each holds has its venue's own
            price = staticcall self._splitter().index([venue])
            one = self._account(venue, price)
        need: uint256 = margin.need(one.position, price, headroom)
        worse: int256 = min(one.equity, one.venue_equity)
        sum.equity += one.equity
        sum.equity_low += convert(max(worse, 0), uint256)
        sum.equity_high += convert(max(max(one.equity, one.venue_equity), 0), uint256)
        sum.usable += margin.usable(one)
        sum.need += need
        sum.bankrupt = sum.bankrupt or worse < 0
        # nothing is held back for an account that nothing is sent to
        if self._is_worth_saving(one, price):
            lacks: uint256 = margin.lacking(
                one, self.sent[venue], need, self._bounds(venue, one.position)
            )
            saved.append(venue)
            sum.top_up += lacks
            if IS_SET and lacks != 0 and self._lendable(venue) == 0:
                sum.barred += lacks
    if sum.barred != 0 and not self._may_any_get(saved):
        sum.barred = 0
    return sum


@internal
@view
def _splitter() -> ISplitter:
    """
    @return Who asks the venues of a set.
    """
    return ISplitter(staticcall IVenueSet(VENUE.address).SPLITTER())


@internal
@view
def _may_any_get(venues: DynArray[address, 4]) -> bool:
    """
    @return Whether the Vault may lend anything to one of these.
    """
    for venue: address in venues:
        if self._lendable(venue) != 0:
            return True
    return False


@internal
@view
def _account(venue: address, spot: uint256) -> IHedgeVenue.VenueAccount:
    """
    @return An account; of several as it is believed: with a position of which nobody opened more, no loss is
            explained and no margin needed.
    """
    if IS_SET:
        return staticcall IVenueSet(VENUE.address).account_at(venue, spot)
    return staticcall IHedgeVenue(venue).account(spot)


@internal
@view
def _bounds(venue: address, position: int256) -> IHedgeVenue.Bounds:
    """
    @return The margin that a position of that sign needs; of one of several nothing where that is not to be believed.
    """
    if IS_SET:
        return staticcall self._splitter().bounds(venue, position)
    return staticcall IHedgeVenue(venue).bounds(position)


@internal
@view
def _ask(venue: address, price: Price, for_orders: bool, sends: bool = False) -> Asked:
    """
    @notice Ask a venue for its account. @param for_orders Whether margin is for the largest order as well.
    @param sends Whether margin is sent by it: then of the position what a hedge may be.
    """
    spot: uint256 = price.price
    account: IHedgeVenue.VenueAccount = self._account(venue, spot)
    reported: int256 = account.position
    if sends:
        account.position = self._hedging(reported)
    usable: int256 = margin.usable(account)
    headroom: uint256 = 0
    if for_orders:
        headroom = self._headroom(venue, account.position, usable)
        if headroom == 0:
            # nothing is open, and who leaves asks for it: what carries no debt comes home with the rest
            usable = min(account.equity, account.venue_equity)
    return Asked(
        venue=venue,
        account=account,
        bounds=staticcall IHedgeVenue(venue).bounds(account.position),
        usable=usable,
        need=margin.need(account.position, spot, headroom),
        spot=spot,
        is_spot=price.is_spot,
        said=price.said,
        reported=reported,
    )


@internal
@view
def _made(said: int256) -> int256:
    """
    @return As `made`.
    """
    if IS_SET:
        return said
    last: int256 = staticcall ROUTER.last_position()
    marked: uint256 = gate_word.unpack((staticcall ROUTER.gate_words())[1]).time
    passed: int256 = convert(min(block.timestamp - marked, YEAR), int256)
    made: int256 = believed.nearest(last + last * passed // convert(YEAR, int256), said)
    return made if abs(made) > abs(last) else last


@internal
@view
def _hedging(said: int256) -> int256:
    """
    @return What of a position that an only venue says may be a hedge: an ether and a quarter more than the options
            outstanding, or what our orders have made of it, where that is more. Of one of several that is known already.
    @dev What options had hedged that were settled since is there besides until it went home.
    """
    if IS_SET:
        return said
    units: uint256 = book_totals.gross((staticcall MARKET.open_book(0)).totals)
    most: int256 = convert(units * UNIT + units * UNIT // 4 + WAD, int256)
    most = max(most, abs(self._made(said)))
    return max(min(said, most), -most)


@internal
@view
def _margin_spot(venue: address) -> Price:
    """
    @return The price that top-ups go by, WAD: spot, or what the venue goes by while spot is refused; 0 for none.
    @dev The venue liquidates by its own figures and waits for nobody. It goes by them as far as twice and half of
         what the feed said last, where that makes sense: a price without bounds would need margin without bounds.
    """
    price: uint256 = 0
    time: uint256 = 0
    usable: bool = False
    price, time, usable = staticcall SPOT.peek()
    if usable:
        return Price(price=price, is_spot=True, said=price)
    said: uint256 = price
    there: uint256 = staticcall IHedgeVenue(venue).index()
    feed: IFeedBounds = IFeedBounds(SPOT.address)
    if price < staticcall feed.MIN_PRICE() or price > staticcall feed.MAX_PRICE():
        if venue == VENUE.address:
            return Price(price=there, is_spot=False, said=0)
        # one of several says itself what it gets: as far as twice and half of where it was put down last
        price = self.seen[venue].spot
        said = 0
    return Price(price=max(min(there, 2 * price), price // 2), is_spot=False, said=said)


@internal
@view
def _headroom(venue: address, position: int256, equity: int256) -> uint256:
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
    if maxima == 0 and not self._is_traded(venue, position):
        whole: uint256 = funds.cash * TO_WAD + convert(max(equity, 0), uint256)
        owed: uint256 = (funds.queued + funds.exits + claims) * TO_WAD
        target: uint256 = (staticcall IHedgeVenue(venue).bounds(0)).target
        if owed + headroom * target // WAD > whole:
            return 0
    return headroom


@internal
def _takes(a: Asked) -> bool:
    """
    @return Whether a venue takes what it lacks from the Vault: its market may be frozen, or full.
    @dev It is led there, and who asks undoes that. Who leaves too little gas for it leaves a sixty-third of that for
         the order that follows, which needs more.
    """
    wanted: uint256 = margin.lacking(a.account, self.sent[a.venue], a.need, a.bounds)
    lost: uint256 = margin.lost(a.account, self.seen[a.venue], a.spot)
    is_done: bool = False
    amount: Bytes[32] = b""
    is_done, amount = raw_call(
        ROUTER.address,
        abi_encode(
            a.venue,
            wanted,
            lost,
            a.usable,
            self._made(a.account.position),
            a.spot,
            method_id=method_id("credit(address,uint256,uint256,int256,int256,uint256)"),
        ),
        max_outsize=32,
        revert_on_failure=False,
    )
    if not is_done:
        return False
    if convert(amount, uint256) == 0:
        # it counted, which nothing undoes, and takes it past its cap
        self.lost += lost
        self.seen[a.venue].equity -= convert(lost * TO_WAD, int256)
    return convert(amount, uint256) != 0


@internal
@view
def _uncarried(a: Asked, lends: bool) -> uint256:
    """
    @param lends Whether what the Vault may lend backs it.
    @return What of a position has to go for margin to carry the rest at its target, WAD base; 0 where it keeps its
            least, or the Vault may lend what it lacks.
    """
    backed: int256 = a.usable
    if lends and self._is_worth_saving(a.account, a.spot):
        backed += convert(self._lendable(a.venue) * TO_WAD, int256)
    least: int256 = convert(a.need * a.bounds.least // WAD, int256)
    if a.usable >= least or backed >= least:
        return 0
    kept: uint256 = convert(margin.borne(backed, a.spot, a.bounds.target), uint256)
    return convert(abs(a.account.position), uint256) - kept


@internal
def _saves(source: address, target: address, is_long: bool) -> int256:
    """
    @return What a position saves by being held at another venue for the time that hedges are expected to be held,
            WAD of notional: at the one by the lesser of what was paid since it was asked last and its rate of
            now, at the other by the more. No more than holding counts for in a leg's price: what a venue
            says of itself is its own word. What was moved for this is expected to stay no longer than it did:
            who makes rates, a pool a little off its index, moves it back and forth for no more than they cost.
    """
    splitter: ISplitter = self._splitter()
    extcall splitter.note([source, target])
    dear: int256[2] = self._paid(splitter, source, is_long)
    cheap: int256[2] = self._paid(splitter, target, is_long)
    rate: int256 = min(dear[0], dear[1]) - max(cheap[0], cheap[1])
    return min(rate * convert(self._age(source), int256) // DAY, carry.MOST)


@internal
@view
def _age(venue: address) -> uint256:
    """
    @return For how long a venue has what was moved there, seconds: the time that hedges are expected to be held at
            the most, and where nothing was.
    """
    most: uint256 = terms.field(staticcall GUARDIAN.limits(), terms.CARRY) * HOUR
    return min(block.timestamp - self._since[venue], most)


@internal
@view
def _paid(splitter: ISplitter, venue: address, is_long: bool) -> int256[2]:
    """
    @return What a position of that sign paid there a day, and what it pays now, WAD of notional.
    """
    long: int256 = 0
    short: int256 = 0
    time: uint256 = 0
    long, short, time = staticcall splitter.rates(venue)
    assert time != 0, "margin: carry unknown"  # it was asked within the hour, or has just been
    long_now: int256 = 0
    short_now: int256 = 0
    long_now, short_now = staticcall splitter.funding([venue])
    return [long, long_now] if is_long else [short, short_now]


@internal
def _roll(venue: address, there: IHedgeVenue.VenueAccount, spot: uint256, left: int256):
    """
    @notice What was seen of a venue, at the price of now, once a leg has changed its position: what went home was
            there while the price moved, and is not while it moves back. What it lost besides stays to be
            found, and what was not lost is there to be lost.
    @param there The account before the leg. @param left The position after it.
    """
    expected: int256 = margin.expected(self.seen[venue], there.position, spot)
    self.seen[venue] = margin.Seen(
        equity=max(expected, there.equity), position=self._hedging(left), spot=spot
    )


@internal
@view
def _is_traded(venue: address, position: int256) -> bool:
    """
    @return Whether a position could be traded. What interest or a clip left under the lot could not, and
            holds back no more than its own margin.
    """
    return convert(abs(position), uint256) >= staticcall IHedgeVenue(venue).lot()


@internal
@view
def _is_worth_saving(venue: IHedgeVenue.VenueAccount, spot: uint256) -> bool:
    """
    @return Whether anything is sent to the account.
    """
    if min(venue.equity, venue.venue_equity) >= 0:
        return True
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
def _lendable(venue: address) -> uint256:
    """
    @return What the Vault may lend to a venue now, token units.
    """
    return staticcall VAULT.would_lend(venue)


@internal
@view
def _terms() -> uint256:
    """
    @return The first word of the parameters.
    """
    return staticcall GUARDIAN.terms()
