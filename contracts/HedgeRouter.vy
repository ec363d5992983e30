# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on

"""
@title HedgeRouter
@license AGPL-3.0-only
@author Tandem contributors
@notice The hedge as one account: passes the Market's order to the venue, reads back what the
        venue reports, says how much of the Vault's own residual may meet the market at a time, and
        keeps the venue's margin between its bounds. It does not decide how much to hedge.
@dev One venue today. A second one changes this contract alone: `trade` splits, the views add up.
"""

from ethereum.ercs import IERC20

from .interfaces import IGuardian
from .interfaces import IHedgeRouter
from .interfaces import IHedgeVenue
from .interfaces import IMarket
from .interfaces import ISpot
from .interfaces import IVault
from .lib import funding
from .lib import margin
from .lib import margin_proof
from .lib import pacing
from .lib import terms
from .modules import jump_gate

implements: IHedgeRouter

initializes: jump_gate

MARKET: public(immutable(IMarket))
VAULT: public(immutable(IVault))
VENUE: public(immutable(IHedgeVenue))
SPOT: public(immutable(ISpot))
GUARDIAN: public(immutable(IGuardian))
STRESS: public(immutable(address))
TOKEN: public(immutable(IERC20))

WAD: constant(uint256) = 10**18
IWAD: constant(int256) = 10**18
TO_WAD: constant(uint256) = 10**12

# What the venue said last of margin and of funding (layouts: lib/margin_proof.vy, lib/funding.vy): an
# open reads and writes both.
_said: uint256

_ledger: uint256  # layout: lib/pacing.vy


# What an order did. proof: that of margin, followed; its position is what the venue reported.
struct Fill:
    proof: margin_proof.Proof
    quote_delta: int256
    fee: uint256


seen: public(margin.Seen)
# What top-ups found that the venue had lost and no price explained, ever, token units: the breaker looks
# at its growth.
lost: public(uint256)


@deploy
def __init__(
    market: address,
    vault: address,
    venue: address,
    spot: address,
    guardian: address,
    stress_test: address,
    token: address,
):
    MARKET = IMarket(market)
    VAULT = IVault(vault)
    VENUE = IHedgeVenue(venue)
    SPOT = ISpot(spot)
    GUARDIAN = IGuardian(guardian)
    STRESS = stress_test
    TOKEN = IERC20(token)
    jump_gate.__init__()


# ---------------------------------------------------------------- orders


@internal
@view
def _only_market():
    """
    @dev Orders, and what follows them, are the Market's affair.
    """
    assert msg.sender == MARKET.address, "router: not the market"


@external
def hedge(
    order: int256, worst_price: uint256, paced: uint256, brought: IHedgeRouter.Brought
) -> (int256, int256, uint256, uint256):
    """
    @notice Fill exactly `order` at `worst_price` or better, or revert; of an order of 0 only what comes
            with it. After an open, whether it has an order or none, the venue account keeps at least
            its least equity for each unit of hedge, and the worst jump costs LPs no more than the
            gate. Market only.
    @param paced The part of it that no trader brings.
    @return Besides, what an open pays for the funding of its own delta, token units, rounded up;
            nothing where it is the side that is paid.
    """
    self._only_market()
    word: uint256 = self._said
    f: Fill = empty(Fill)
    f.proof = margin_proof.unpack(word)
    position: int256 = brought.position
    if order != 0:
        f = self._fill(order, worst_price, paced, f.proof)
        position = f.proof.position
    charge: uint256 = 0
    if brought.life != 0:
        if position != 0 and not margin_proof.holds(
            f.proof, block.timestamp, position, brought.spot
        ):
            f.proof = self._proved(brought.spot)
        jump_gate._admit(brought, position)
        rate: funding.Funding = funding.unpack(word)
        if funding.is_old(rate, block.timestamp):
            rate = self._ask_funding()
            word = funding.pack(rate)
        taken: int256 = funding.over(rate, brought.life)
        due: int256 = brought.own * convert(brought.spot, int256) // IWAD * taken // IWAD
        charge = (convert(max(due, 0), uint256) + TO_WAD - 1) // TO_WAD
    elif brought.jumps != 0:
        jump_gate._follow(brought.jumps)
    self._said = funding.part_of(word) | margin_proof.pack(f.proof)
    return position, f.quote_delta, f.fee, charge


@internal
def _fill(order: int256, worst_price: uint256, paced: uint256, p: margin_proof.Proof) -> Fill:
    """
    @notice Fill an order, book what is paced of it, and follow the proof.
    """
    if paced != 0:
        ledger: pacing.Ledger = pacing.unpack(self._ledger)
        steady: uint256 = (staticcall VENUE.average(pacing.AVERAGED))[2]
        self._ledger = pacing.pack(pacing.after(ledger, block.timestamp, paced, steady))
    f: Fill = empty(Fill)
    position: int256 = 0
    position, f.quote_delta, f.fee = extcall VENUE.trade(order, worst_price)
    f.proof = margin_proof.after(p, position, order, f.quote_delta, f.fee)
    return f


@internal
@view
def _proved(spot: uint256) -> margin_proof.Proof:
    """
    @notice Ask the venue what no proof says any more: that the account keeps its least equity.
    """
    venue: IHedgeVenue.VenueAccount = self._account(spot)
    usable: int256 = margin.usable(venue)
    need: uint256 = margin.need(venue.position, spot, 0)
    bounds: IHedgeVenue.Bounds = self._bounds(venue.position)
    assert margin.lacking(usable, need, bounds) == 0, "router: under minimum"
    return self._proof(usable, venue.position, spot)


@internal
@view
def _proof(usable: int256, position: int256, spot: uint256) -> margin_proof.Proof:
    """
    @return What the venue has just been asked, as a proof. It is followed at the least of the dearer sign.
    """
    return margin_proof.Proof(
        time=block.timestamp,
        usable=usable,
        position=position,
        price=spot,
        least=self._bounds(0).least,
    )


@internal
def _prove(usable: int256, position: int256, spot: uint256):
    """
    @notice Remember what the venue has just been asked.
    """
    p: margin_proof.Proof = self._proof(usable, position, spot)
    self._said = funding.part_of(self._said) | margin_proof.pack(p)


@internal
@view
def _ask_funding() -> funding.Funding:
    """
    @notice The venue's funding of now.
    """
    return funding.Funding(
        rate=funding.charged(staticcall VENUE.funding()),
        hours=terms.field(staticcall GUARDIAN.limits(), terms.CARRY),
        time=block.timestamp,
    )


@external
@view
def carry(life: uint256) -> int256:
    """
    @notice What the venue takes for holding a long over the expected time, or `life` seconds where
            that is less, WAD of notional; negative where a short pays.
    """
    rate: funding.Funding = funding.unpack(self._said)
    if funding.is_old(rate, block.timestamp):
        rate = self._ask_funding()
    return funding.over(rate, life)


@external
@view
def position() -> int256:
    """
    @notice The hedge position as the venue reports it.
    """
    return staticcall VENUE.position()


@external
@view
def last_position() -> int256:
    """
    @notice The hedge position after the last order, to 1e-12 ETH: what is known of it while the
            venue does not answer.
    """
    return margin_proof.unpack(self._said).position


@external
@view
def max_order(order: int256, worst_price: uint256) -> uint256:
    """
    @notice The part of `order` that fills at `worst_price` or better: all of it, or less. Nothing
            of it while the venue is down.
    """
    if terms.is_down(self._terms()):
        return 0
    return staticcall VENUE.max_order(order, worst_price)


@external
@view
def history() -> (uint256, uint256):
    """
    @notice For how many seconds back the venue knows its own prices, and for how many it must.
    """
    return staticcall VENUE.history()


@external
@view
def quotation() -> IHedgeVenue.Quotation:
    """
    @notice Where the venue trades, without a fill.
    """
    return staticcall VENUE.quotation()


@external
@view
def lot() -> uint256:
    """
    @notice The smallest order.
    """
    return self._lot()


# ---------------------------------------------------------------- the pace of what nobody brings


@internal
@view
def _pace(ledger: pacing.Ledger, buys: bool, spot: uint256) -> (uint256, uint256):
    """
    @return What may be sent of the minute's chunk, and the worst price for it.
    @dev Inside the relief of a wait the oracle's band alone is asked for the price.
    """
    words: uint256[2] = staticcall GUARDIAN.words()
    worst: uint256 = pacing.worst_price(buys, spot, terms.fill_band(words[0]))
    if self._is_jolted(buys):
        return 0, worst
    average: uint256 = 0
    depth: uint256 = 0
    steady: uint256 = 0
    average, depth, steady = staticcall VENUE.average(pacing.AVERAGED)
    if pacing.is_relieved(ledger, block.timestamp):
        depth = pacing.relieved_depth(ledger, depth, steady)
    else:
        band: uint256 = terms.field(words[1], terms.AVERAGE_BAND)
        worst = pacing.worse_side(buys, worst, pacing.worst_price(buys, average, band))
        depth = steady
    chunk: uint256 = pacing.chunk(depth, terms.field(words[1], terms.CHUNK))
    gone: uint256 = pacing.spent(ledger, block.timestamp)
    return chunk - min(chunk, gone), worst


@internal
@view
def _is_jolted(buys: bool) -> bool:
    """
    @return Whether the market has just been moved to an order's disadvantage. How deep it is says
            nothing of what that cost: liquidity lies in a place, and can be taken out of the way.
    """
    now: uint256 = staticcall VENUE.price()
    before: uint256 = (staticcall VENUE.average(pacing.JOLT_SECONDS))[0]
    return pacing.is_jolted(buys, now, before)


@external
@view
def is_jolted(buys: bool) -> bool:
    """
    @notice Whether the market has just been moved to an order's disadvantage, so that nothing that
            no trader brings goes.
    """
    return self._is_jolted(buys)


@external
@view
def pace(order: int256, first: int256, spot: uint256) -> uint256:
    """
    @notice The part of an order that no trader brings which may meet the market now: what margin
            carries and is left of the minute's chunk, as far as it fills inside the fill band around
            spot and, on its worse side, inside the band around the market's own average.
    @param first What the same order holds besides, and ahead of it: of the same sign, or 0.
    """
    return self._paced(self._carried(order, first, spot), order > 0, first, spot)[0]


@internal
@view
def _paced(wanted: uint256, buys: bool, first: int256, spot: uint256) -> (uint256, uint256):
    """
    @return How much of `wanted` may meet the market now, behind `first`, and the worst price for it.
    """
    room: uint256 = 0
    worst: uint256 = 0
    room, worst = self._pace(pacing.unpack(self._ledger), buys, spot)
    size: int256 = convert(min(room, wanted), int256)
    if size == 0:
        return 0, worst
    fits: uint256 = staticcall VENUE.max_order(first + (size if buys else -size), worst)
    return fits - min(fits, convert(abs(first), uint256)), worst


@internal
@view
def _carried(order: int256, first: int256, spot: uint256) -> uint256:
    """
    @return The part of an order that no trader brings which margin carries: all of it while it does
            not enlarge the position; else what leaves the account at its target, with what the Vault
            may lend.
    @dev `delever` lowers to the target and no further, so that nobody's rebalance undoes it and
         whoever makes the market earns on neither way. The venue is asked, which is dear, only where
         what may be lent would not do alone.
    """
    position: int256 = staticcall VENUE.position()
    start: int256 = position + first
    wanted: int256 = abs(order)
    if abs(start + order) > abs(position):
        target: uint256 = self._bounds(order).target
        if order < 0:
            start = -start
        backed: int256 = convert(self._lendable() * TO_WAD, int256)
        if self._borne(backed, spot, target) < start + wanted:
            backed += margin.usable(self._account(spot))
        wanted = min(wanted, max(self._borne(backed, spot, target) - start, 0))
    return convert(wanted, uint256)


@internal
@view
def _borne(equity: int256, spot: uint256, target: uint256) -> int256:
    """
    @return The largest position of which that equity is the target, WAD ETH.
    """
    return max(equity, 0) * IWAD // convert(target, int256) * IWAD // convert(spot, int256)


@external
def wait(order: int256, spot: uint256):
    """
    @notice An order that no trader brings, and of which `pace` lets nothing go, begins to wait where
            the market's average is what stops it; otherwise it reverts by name. Market only.
    """
    self._only_market()
    wanted: uint256 = convert(abs(order), uint256)
    assert self._carried(order, 0, spot) >= min(wanted, self._lot()), "router: margin first"
    self._wait(order, spot)


@internal
def _wait(order: int256, spot: uint256):
    """
    @notice Nothing of an order may go now: its wait begins, or this reverts by name.
    @dev Waiting begins in a transaction of its own, so that a real jump, at whose price the average
         has not arrived, cannot stop the hedge for longer than the patience.
    """
    ledger: pacing.Ledger = pacing.unpack(self._ledger)
    assert pacing.spent(ledger, block.timestamp) == 0 and not self._is_jolted(order > 0), (
        "router: come again"
    )
    band: uint256 = terms.fill_band(self._terms())
    fits: uint256 = staticcall VENUE.max_order(order, pacing.worst_price(order > 0, spot, band))
    assert (
        fits >= self._lot() and not pacing.is_relieved(ledger, block.timestamp)
    ), "router: nothing fits"
    assert not pacing.is_waiting(ledger, block.timestamp), "router: off the average"
    ledger.since = block.timestamp
    self._ledger = pacing.pack(ledger)
    log IHedgeRouter.HedgeWaits(order=order, spot=spot)


@external
@view
def ledger() -> pacing.Ledger:
    """
    @notice What was spent of the minute, when, and since when an order waits.
    """
    return pacing.unpack(self._ledger)


# ---------------------------------------------------------------- margin


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
def _lot() -> uint256:
    """
    @return The smallest order.
    """
    return staticcall VENUE.lot()


@internal
@view
def _is_worth_saving(venue: IHedgeVenue.VenueAccount, spot: uint256) -> bool:
    """
    @dev A loss beyond what lies there is the venue's: what is sent after it is gone. It is sent
         only where the hedge that it keeps would cost more to open again, inside the fill band.
    """
    gap: int256 = -min(venue.equity, venue.venue_equity)
    if gap <= 0:
        return True
    band: uint256 = terms.field(self._terms(), terms.FILL_BAND)
    kept: uint256 = margin.need(venue.position, spot, 0) * band // 10_000
    return convert(gap, uint256) <= kept


@internal
@view
def _bounds(position: int256) -> IHedgeVenue.Bounds:
    """
    @return The margin that a position of that sign needs.
    """
    return staticcall VENUE.bounds(position)


@external
@view
def bounds(position: int256) -> IHedgeVenue.Bounds:
    """
    @notice The margin that a position of that sign needs.
    """
    return self._bounds(position)


@external
@view
def account(spot: uint256, headroom: uint256) -> IHedgeRouter.HedgeAccount:
    """
    @notice The hedge account at a spot price.
    """
    venue: IHedgeVenue.VenueAccount = self._account(spot)
    worse: int256 = min(venue.equity, venue.venue_equity)
    better: int256 = max(venue.equity, venue.venue_equity)
    usable: int256 = margin.usable(venue)
    need: uint256 = margin.need(venue.position, spot, headroom)
    return IHedgeRouter.HedgeAccount(
        equity=venue.equity,
        equity_low=convert(max(worse, 0), uint256),
        equity_high=convert(max(better, 0), uint256),
        bankrupt=worse < 0,
        top_up=margin.lacking(usable, need, self._bounds(venue.position)),
        usable=usable,
        need=need,
    )


@external
@view
def margin_spot() -> uint256:
    """
    @notice The price that top-ups go by, WAD: spot, or the venue's own while spot is refused.
    """
    return self._margin_spot()


@internal
@view
def _check_up():
    """
    @dev Nothing is sent to a venue that is down, and nothing there is counted on.
    """
    assert not terms.is_down(self._terms()), "router: venue down"


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
    assert self._is_worth_saving(venue, spot), "router: bankrupt account"
    wanted: uint256 = margin.lacking(
        equity,
        margin.need(venue.position, spot, self._headroom(venue.position, equity)),
        self._bounds(venue.position),
    )
    assert wanted != 0, "router: no top-up due"
    assert self._lendable() != 0, "router: floor or budget"
    lost: uint256 = margin.lost(venue, self.seen, spot)
    self.lost += lost
    amount: uint256 = extcall VAULT.lend(VENUE.address, wanted, lost)
    self.seen = margin.Seen(
        equity=venue.equity + convert(amount * TO_WAD, int256),
        position=venue.position,
        spot=spot,
    )
    if amount != 0:
        extcall VENUE.deposit(amount)
        self._prove(equity + convert(amount * TO_WAD, int256), venue.position, spot)
        jump_gate._moved(amount, True)
    log IHedgeRouter.MarginToppedUp(
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
    @dev Inside the pace of what no trader brings: nobody earns by moving the market around it, and a
         wait for the market's average is shorter than the way from our least equity to the venue's.
    @return The order that was filled: 0 where its wait for a price near that average begins.
    """
    self._check_up()
    spot: uint256 = self._margin_spot()
    venue: IHedgeVenue.VenueAccount = self._account(spot)
    usable: int256 = margin.usable(venue)
    need: uint256 = margin.need(venue.position, spot, 0)
    bounds: IHedgeVenue.Bounds = self._bounds(venue.position)
    least: int256 = convert(need * bounds.least // WAD, int256)
    lot: uint256 = self._lot()
    held: uint256 = convert(abs(venue.position), uint256)
    assert held >= lot and usable < least, "router: no delever due"
    backed: int256 = usable
    if self._is_worth_saving(venue, spot):
        backed += convert(self._lendable() * TO_WAD, int256)
    assert backed < least, "router: top up instead"
    kept: uint256 = convert(self._borne(backed, spot, bounds.target), uint256)
    buys: bool = venue.position < 0
    size: uint256 = 0
    worst: uint256 = 0
    size, worst = self._paced(max(held - kept, lot), buys, 0, spot)
    if size < lot:
        self._wait(-venue.position, spot)
        return 0
    order: int256 = convert(size, int256)
    if not buys:
        order = -order
    f: Fill = self._fill(order, worst, size, self._proof(usable, venue.position, spot))
    assert convert(abs(f.proof.position), uint256) < held, "router: not lowered"
    self._said = funding.part_of(self._said) | margin_proof.pack(f.proof)
    log IHedgeRouter.Delevered(
        order=order,
        position=f.proof.position,
        received=f.quote_delta - convert(f.fee, int256),
        usable=usable,
        need=need,
    )
    return order


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
    assert equity > convert(need * bounds.most // WAD, int256), "router: no sweep due"
    above: uint256 = convert(equity, uint256) - need * bounds.target // WAD
    amount: uint256 = min(above // TO_WAD, staticcall VENUE.free_collateral())
    assert amount != 0, "router: nothing is free"
    # What was seen is worth what came home less; a loss since then still counts.
    self.seen.equity -= convert(amount * TO_WAD, int256)
    extcall VENUE.withdraw(amount, self)
    self._prove(equity - convert(amount * TO_WAD, int256), venue.position, spot)
    jump_gate._moved(amount, False)
    assert extcall TOKEN.approve(VAULT.address, amount, default_return_value=True), (
        "router: approve"
    )
    extcall VAULT.restore(amount)
    log IHedgeRouter.MarginSwept(venue=VENUE.address, amount=amount, equity_before=equity)
    return amount


# ---------------------------------------------------------------- the gate


@external
@view
def admits(brought: IHedgeRouter.Brought, position: int256) -> bool:
    """
    @notice Whether the gate admits an open: reverts as that does where it is refused.
    @param position With it.
    """
    jump_gate._admitted(brought, position)
    return True


@external
def mark(book: uint256, word: uint256, usable: int256, position: int256, spot: uint256):
    """
    @notice The mark of now, by which opens go for an hour, and what the venue has just been asked. The
            stress test only, which reckons both.
    @param book Losses of the book alone (layout: lib/losses.vy). @param word Layout: lib/gate_word.vy.
    """
    assert msg.sender == STRESS, "router: not the stress test"
    jump_gate._remember(book, word)
    self._prove(usable, position, spot)


@external
@view
def gate_words() -> (uint256, uint256, int256):
    """
    @notice What the gate goes by.
    @return Losses of the book alone (layout: lib/losses.vy), their mark (layout: lib/gate_word.vy), and
            the position that was known last.
    """
    return jump_gate._book, jump_gate._mark, margin_proof.unpack(self._said).position
