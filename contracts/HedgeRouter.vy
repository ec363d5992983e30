# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize

"""
@title HedgeRouter
@license AGPL-3.0-only
@author Tandem contributors
@notice The hedge as one account: passes the Market's order to the venue, reads back what the
        venue reports, and says how much of the Vault's own residual may meet the market at a time. The
        venue and the Vault know this contract alone as who moves margin, which the desk decides. How much to
        hedge it does not decide.
@dev Longer than 450 lines: orders, their pace and the proof of margin behind them share one word, which
     whoever keeps it must write in the same order; what decides on margin (MarginDesk), on several
     venues (VenueSet) and on the split (Splitter) is elsewhere.
"""

from ethereum.ercs import IERC20

from .interfaces import IGuardian
from .interfaces import IHedgeRouter
from .interfaces import IHedgeVenue
from .interfaces import IMarginDesk
from .interfaces import IMarket
from .interfaces import IVault
from .interfaces import IVenueSet
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
GRAIN: immutable(uint256)  # of its base token, WAD: orders are multiples of it
# Whether that is a set of several, which splits orders and proves each account by itself.
IS_SET: public(immutable(bool))
GUARDIAN: public(immutable(IGuardian))
STRESS: public(immutable(address))
DESK: public(immutable(address))  # judges margin
TOKEN: public(immutable(IERC20))
# How far an open's spot may lie from the market's average, 1e-4 of it; 0 where the feed's age says enough.
DEVIATION: public(immutable(uint256))

WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12
# Gas with which an order over several venues is tried before any of them is asked whether its part fits: more than
# it takes over four that nobody has touched, and no more than may be burnt. Who sends less cannot choose the other
# way, for which what is left then is too little.
TRIAL: constant(uint256) = 4_000_000

# What the venue said last of margin and of funding (layouts: lib/margin_proof.vy, lib/funding.vy): an
# open reads and writes both.
_said: uint256

_ledger: uint256  # layout: lib/pacing.vy


# What an order did. proof: that of margin, followed.
struct Fill:
    proof: margin_proof.Proof
    quote_delta: int256
    fee: uint256
    position: int256  # as the venue reports it


@deploy
def __init__(
    market: address,
    vault: address,
    venue: address,
    guardian: address,
    stress_test: address,
    desk: address,
    token: address,
    deviation: uint256,
    is_set: bool,
):
    """
    @param stress_test Marks the book for the gate. @param desk Says when margin moves, and how much.
    @param deviation 1e-4 of spot that an open's may lie off the market's own average; 0 for any.
    @param is_set Whether the venue is a set of several.
    """
    MARKET = IMarket(market)
    VAULT = IVault(vault)
    VENUE = IHedgeVenue(venue)
    GRAIN = staticcall IHedgeVenue(venue).grain()
    GUARDIAN = IGuardian(guardian)
    STRESS = stress_test
    DESK = desk
    TOKEN = IERC20(token)
    assert deviation <= 10_000, "router: deviation"
    DEVIATION = deviation
    IS_SET = is_set
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
    @dev Longer than a function should be: an order, its proof of margin and the gate go by one
         word, read first and written last.
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
        relieved: bool = False
        if paced != 0:
            # as it was when what is paced was asked for, before it is spent
            relieved = pacing.is_relieved(pacing.unpack(self._ledger), block.timestamp)
            self._spend(paced, self._average(VENUE, pacing.AVERAGED)[2])
        if IS_SET:
            spot: uint256 = brought.spot if brought.life != 0 else 0
            f = self._fill_set(order, worst_price, paced, relieved, spot, 0)[1]
        else:
            f = self._fill(order, worst_price, f.proof)
        position = f.position
    charge: uint256 = 0
    if brought.life != 0:
        if DEVIATION != 0:
            self._check_spot(brought.spot)
        if position == 0 or not margin_proof.holds(
            f.proof, block.timestamp, position, brought.spot
        ):
            if not IS_SET:
                if position != 0:
                    f.proof = self._proved(brought.spot)
            elif order == 0:
                # of which there is no proof here: what fills an order proves each account
                extcall self._set().prove(brought.spot)
        jump_gate._admit(brought, position)
        taken: int256 = funding.over(word, brought.own > 0, brought.life)
        if taken > 0:
            own: uint256 = convert(abs(brought.own), uint256) * brought.spot // WAD
            charge = (own * convert(taken, uint256) // WAD + TO_WAD - 1) // TO_WAD
    elif brought.jumps != 0:
        jump_gate._follow(brought.jumps)
    self._said = funding.part_of(word) | margin_proof.pack(f.proof)
    return position, f.quote_delta, f.fee, charge


@internal
@view
def _check_spot(spot: uint256):
    """
    @dev A feed that speaks only when the price has moved may be silent for a day, and its age says
         nothing: who pushes the pool to it for one transaction would open at a price of yesterday.
         What the market was for three minutes nobody pushes in one.
    """
    average: uint256 = self._average(VENUE, pacing.AVERAGED)[0]
    assert pacing.is_near(average, spot, DEVIATION), "router: spot off average"


@internal
@view
def _set() -> IVenueSet:
    """
    @return The venue as the set of several that it is.
    """
    return IVenueSet(VENUE.address)


@internal
def _fill_set(
    order: int256,
    worst: uint256,
    paced: uint256,
    relieved: bool,
    spot: uint256,
    least: uint256,
) -> (uint256, Fill):
    """
    @notice Fill an order over several venues, as IVenueSet has it. Each leg of an open is no further from spot on
            its better side than it may be on the worse one, and after one each account keeps its least.
    @dev All of an order is tried first; what of it reverted leaves nothing behind, and the venues are asked. Longer than
         a function should be: it is one order, said twice.
    @return How much, and what it did.
    """
    best: uint256 = max_value(uint256) if order < 0 else 0
    if spot != 0:
        best = 2 * spot - min(worst, 2 * spot)
    f: Fill = empty(Fill)
    filled: uint256 = 0
    is_filled: bool = False
    answer: Bytes[128] = b""
    if least == 0:
        asked: Bytes[260] = abi_encode(
            order,
            worst,
            best,
            paced,
            relieved,
            spot,
            least,
            True,
            method_id=method_id("fill(int256,uint256,uint256,uint256,bool,uint256,uint256,bool)"),
        )
        is_filled, answer = raw_call(
            VENUE.address, asked, max_outsize=128, gas=TRIAL, revert_on_failure=False
        )
    if is_filled:
        f.position, f.quote_delta, f.fee, filled = abi_decode(
            answer, (int256, int256, uint256, uint256)
        )
    else:
        f.position, f.quote_delta, f.fee, filled = extcall self._set().fill(
            order, worst, best, paced, relieved, spot, least, False
        )
    f.proof = self._proof(0, f.position, 0)
    return filled, f


@internal
def _fill(order: int256, worst_price: uint256, p: margin_proof.Proof) -> Fill:
    """
    @notice Fill an order at the only venue, and follow the proof.
    """
    position: int256 = 0
    quote_delta: int256 = 0
    fee: uint256 = 0
    position, quote_delta, fee = extcall VENUE.trade(order, worst_price)
    after: margin_proof.Proof = margin_proof.after(p, position, order, quote_delta, fee)
    if after.time == 0 and position != 0 and abs(position - order) > abs(p.position):
        # what was there beyond what our orders had made is none of theirs, while any of it is left
        after.position = p.position + order
    return Fill(proof=after, quote_delta=quote_delta, fee=fee, position=position)


@internal
def _spend(paced: uint256, steady: uint256):
    """
    @notice Book what is spent of the minute. @param steady How deep the market is.
    """
    ledger: pacing.Ledger = pacing.unpack(self._ledger)
    self._ledger = pacing.pack(pacing.after(ledger, block.timestamp, paced, steady))


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
    assert not margin.is_short(usable, need, bounds), "router: under minimum"
    return self._proof(usable, venue.position, spot)


@internal
@view
def _proof(usable: int256, position: int256, spot: uint256) -> margin_proof.Proof:
    """
    @return What the venue has just been asked, as a proof. It is followed at the least of the dearer sign.
            Of a set, which proves each account by itself, the position alone.
    """
    if IS_SET:
        return margin_proof.Proof(time=0, usable=0, position=position, price=0, least=0)
    return margin_proof.Proof(
        time=block.timestamp,
        usable=usable,
        position=position,
        price=spot,
        least=self._bounds(0).least,
    )


@internal
def _keep(p: margin_proof.Proof):
    """
    @notice Remember a proof; what holding costs stays.
    """
    self._said = funding.part_of(self._said) | margin_proof.pack(p)


@internal
def _remember(venue: address, usable: int256, position: int256, spot: uint256):
    """
    @notice Remember what a venue has just been asked, or one of several.
    """
    if IS_SET:
        extcall self._set().remember(venue, usable, position, spot)
    else:
        self._keep(self._proof(usable, position, spot))


@external
@view
def carry(life: uint256) -> (int256, int256):
    """
    @notice What the venue takes for holding a long, and a short, over the expected time, or `life` seconds where
            that is less, by the last mark, WAD of notional; negative where it pays.
    """
    word: uint256 = self._said
    return funding.over(word, True, life), funding.over(word, False, life)


@external
@view
def position() -> int256:
    """
    @notice The hedge position as the venue reports it.
    """
    return self._position()


@external
@view
def last_position() -> int256:
    """
    @notice The hedge position after the last order, to 1e-12 ETH: what is known of it while the
            venue does not answer. Of a set by what each venue said since.
    """
    if IS_SET:
        return staticcall self._set().position()
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
def quotation(eased: bool) -> IHedgeVenue.Quotation:
    """
    @notice Where the venue trades, without a fill. @param eased As closes are held against it.
    """
    if eased and IS_SET:
        return staticcall IMarginDesk(DESK).eased()
    return staticcall VENUE.quotation()


# ---------------------------------------------------------------- the pace of what nobody brings


@internal
@view
def _pace(
    venue: IHedgeVenue, ledger: pacing.Ledger, buys: bool, spot: uint256
) -> (uint256, uint256, uint256):
    """
    @return What may be sent to a venue of the minute's chunk, and the worst price for it; and how deep the market is
            steadily, where that was asked. One of several has its own chunk, and spends its own minute.
    @dev Inside the relief of a wait the oracle's band alone is asked for the price.
    """
    words: uint256[2] = staticcall GUARDIAN.words()
    worst: uint256 = pacing.worst_price(buys, spot, terms.fill_band(words[0]))
    relieved: bool = pacing.is_relieved(ledger, block.timestamp)
    is_one: bool = self._is_one(venue)
    room: uint256 = 0
    if is_one:
        room = staticcall self._set().chunk_left(venue.address, buys, relieved)
    elif not self._is_jolted(venue, buys):
        room = max_value(uint256)
    if room == 0 or (is_one and relieved):
        return room, worst, 0
    average: uint256 = 0
    depth: uint256 = 0
    steady: uint256 = 0
    average, depth, steady = self._average(venue, pacing.AVERAGED)
    if relieved:
        depth = pacing.relieved_depth(ledger, depth, steady)
    else:
        band: uint256 = terms.field(words[1], terms.AVERAGE_BAND)
        worst = pacing.worse_side(buys, worst, pacing.worst_price(buys, average, band))
        depth = steady
    if not is_one:
        share: uint256 = terms.field(words[1], terms.CHUNK)
        room = pacing.chunk(depth, share)
        if not IS_SET:
            # a set has as much of each market's own
            curve: IHedgeVenue.Curve = staticcall venue.curve(self._signed(buys, room))
            room = min(room, pacing.ahead(curve, share))
        room -= min(room, pacing.spent(ledger, block.timestamp))
    return room, worst, steady


@internal
@view
def _is_one(venue: IHedgeVenue) -> bool:
    """
    @return Whether a venue is one of several.
    """
    return IS_SET and venue != VENUE


@internal
@view
def _is_jolted(venue: IHedgeVenue, buys: bool) -> bool:
    """
    @return Whether a market has just been moved to an order's disadvantage. How deep it is says
            nothing of what that cost: liquidity lies in a place, and can be taken out of the way.
    """
    if IS_SET and venue == VENUE:
        return staticcall self._set().is_jolted(buys)
    now: uint256 = staticcall venue.price()
    before: uint256 = self._average(venue, pacing.JOLT_SECONDS)[0]
    return pacing.is_jolted(buys, now, before)


@external
@view
def is_jolted(buys: bool) -> bool:
    """
    @notice Whether the market has just been moved to an order's disadvantage, so that nothing that
            no trader brings goes.
    """
    return self._is_jolted(VENUE, buys)


@external
@view
def pace(order: int256, first: int256, spot: uint256) -> uint256:
    """
    @notice The part of an order that no trader brings which may meet the market now: what margin
            carries and is left of the minute's chunk, as far as it fills inside the fill band around
            spot and, on its worse side, inside the band around the market's own average.
    @param first What the same order holds besides, and ahead of it: of the same sign, or 0.
    """
    wanted: uint256 = self._carried(order, first, spot, self._position())
    return self._paced(VENUE, wanted, order > 0, first, spot)[0]


@internal
@view
def _paced(
    venue: IHedgeVenue, wanted: uint256, buys: bool, first: int256, spot: uint256
) -> (uint256, uint256, uint256):
    """
    @return How much of `wanted` may meet the market of a venue now, behind `first`, and the worst price for it; and
            how deep the market is steadily, where that was asked.
    """
    room: uint256 = 0
    worst: uint256 = 0
    ledger: pacing.Ledger = pacing.unpack(self._ledger)
    steady: uint256 = 0
    room, worst, steady = self._pace(venue, ledger, buys, spot)
    room = min(room, wanted)
    if room == 0:
        return 0, worst, steady
    order: int256 = first + self._signed(buys, room)
    relieved: bool = IS_SET and pacing.is_relieved(ledger, block.timestamp)
    fits: uint256 = self._fits(venue, order, room, worst, relieved)
    return fits - min(fits, convert(abs(first), uint256)), worst, steady


@internal
@view
def _fits(
    venue: IHedgeVenue, order: int256, paced: uint256, worst: uint256, relieved: bool
) -> uint256:
    """
    @return The part of an order that fills at a venue, of which no trader brings `paced`.
    """
    if IS_SET and venue == VENUE:
        return staticcall self._set().max_paced(order, paced, worst, relieved)
    return staticcall venue.max_order(order, worst)


@internal
@view
def _carried(order: int256, first: int256, spot: uint256, position: int256) -> uint256:
    """
    @return The part of an order that no trader brings which margin carries: all of it while it does
            not enlarge the position; else what leaves the account at its target, with what the Vault
            may lend.
    @dev `delever` lowers to the target and no further, so that nobody's rebalance undoes it and
         whoever makes the market earns on neither way. The venue is asked, which is dear, only where
         what may be lent would not do alone.
    @param position As the venue reports it.
    """
    start: int256 = position + first
    wanted: int256 = abs(order)
    if abs(start + order) > abs(position):
        target: uint256 = self._bounds(order).target
        if order < 0:
            start = -start
        backed: int256 = convert(self._lendable() * TO_WAD, int256)
        if margin.borne(backed, spot, target) < start + wanted:
            backed += margin.usable(self._account(spot))
        wanted = min(wanted, max(margin.borne(backed, spot, target) - start, 0))
    return convert(wanted, uint256)


@external
def bring(
    order: int256, worst_price: uint256, least: uint256, spot: uint256, position: int256
) -> (int256, int256, int256, uint256):
    """
    @notice Fill what of an order that no trader brings may meet the market now, as `pace` says it, exactly and at
            `worst_price` or better. Where that is under `least` it begins to wait where the market's average is
            what stops it; otherwise it reverts by name. Market only.
    @param position As the venue reports it.
    @return The order, 0 where a wait begins.
    """
    self._only_market()
    buys: bool = order > 0
    ledger: pacing.Ledger = pacing.unpack(self._ledger)
    carried: uint256 = self._carried(order, 0, spot, position)
    size: uint256 = 0
    worst: uint256 = 0
    steady: uint256 = 0
    f: Fill = empty(Fill)
    if IS_SET:
        size, worst, steady = self._pace(VENUE, ledger, buys, spot)
        size = min(size, carried)
        if size >= least:
            relieved: bool = pacing.is_relieved(ledger, block.timestamp)
            size, f = self._fill_set(self._signed(buys, size), worst, size, relieved, 0, least)
    else:
        size, worst, steady = self._paced(VENUE, carried, buys, 0, spot)
        size -= size % GRAIN
        if size >= least:
            f = self._fill(self._signed(buys, size), worst_price, margin_proof.unpack(self._said))
    if size < least:
        assert carried >= min(convert(abs(order), uint256), least), "router: margin first"
        self._wait(VENUE, order, spot)
        return 0, position, 0, 0
    self._spend(size, steady)
    if not IS_SET:
        self._keep(f.proof)
    return self._signed(buys, size), f.position, f.quote_delta, f.fee


@internal
@pure
def _signed(buys: bool, size: uint256) -> int256:
    """
    @return An order of that size.
    """
    order: int256 = convert(size, int256)
    return order if buys else -order


@internal
def _wait(venue: IHedgeVenue, order: int256, spot: uint256):
    """
    @notice Nothing of an order may go to a venue now: its wait begins, or this reverts by name.
    @dev Waiting begins in a transaction of its own, so that a real jump, at whose price the average
         has not arrived, cannot stop the hedge for longer than the patience.
    """
    ledger: pacing.Ledger = pacing.unpack(self._ledger)
    assert pacing.spent(ledger, block.timestamp) == 0 and not self._is_jolted(venue, order > 0), (
        "router: come again"
    )
    band: uint256 = terms.fill_band(self._terms())
    worst: uint256 = pacing.worst_price(order > 0, spot, band)
    fits: uint256 = self._fits(venue, order, convert(abs(order), uint256), worst, True)
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
def _account(spot: uint256) -> IHedgeVenue.VenueAccount:
    """
    @return What the venue says of the account.
    """
    return staticcall VENUE.account(spot)


@internal
@view
def _position() -> int256:
    """
    @return The hedge position as the venue reports it.
    """
    return staticcall VENUE.position()


@internal
@view
def _average(venue: IHedgeVenue, seconds: uint256) -> (uint256, uint256, uint256):
    """
    @return A market's price over so long, how deep it is now, and how deep steadily.
    """
    return staticcall venue.average(seconds)


@internal
@view
def _lendable() -> uint256:
    """
    @return What the Vault may lend now, token units: of several venues what the floor gives, and each leg asks
            for its own.
    """
    return staticcall VAULT.would_lend(VENUE.address)


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
def _bounds(position: int256) -> IHedgeVenue.Bounds:
    """
    @return The margin that a position of that sign needs.
    """
    return staticcall VENUE.bounds(position)


@external
@view
def account(spot: uint256, headroom: uint256) -> IHedgeRouter.HedgeAccount:
    """
    @notice The hedge account at a spot price.
    """
    return staticcall IMarginDesk(DESK).account(spot, headroom)


# ---------------------------------------------------------------- the desk


@internal
@view
def _only_desk():
    """
    @dev Margin is the desk's affair.
    """
    assert msg.sender == DESK, "router: not the desk"


@external
def credit(
    venue: address,
    wanted: uint256,
    lost: uint256,
    usable: int256,
    position: int256,
    spot: uint256,
) -> uint256:
    """
    @notice Lead margin from the Vault into a venue's account: as much as it lends. Desk only.
    @param lost What the venue lost since margin was last moved: counted first.
    @param usable Equity that carries orders, as the venue was just asked, before it.
    @return What was led, token units.
    """
    self._only_desk()
    amount: uint256 = extcall VAULT.lend(venue, wanted, lost)
    if amount != 0:
        if IS_SET:
            extcall self._set().fund(venue, amount)
        else:
            extcall VENUE.deposit(amount)
        self._remember(venue, usable + convert(amount * TO_WAD, int256), position, spot)
        jump_gate._moved(amount, True)
    return amount


@external
def debit(venue: address, amount: uint256, usable: int256, position: int256, spot: uint256):
    """
    @notice Take margin out of a venue's account, home to the Vault. Desk only.
    @param usable As for `credit`.
    """
    self._only_desk()
    if IS_SET:
        extcall self._set().release(venue, amount)
    else:
        extcall VENUE.withdraw(amount, self)
    self._remember(venue, usable - convert(amount * TO_WAD, int256), position, spot)
    jump_gate._moved(amount, False)
    assert extcall TOKEN.approve(VAULT.address, amount, default_return_value=True), (
        "router: approve"
    )
    extcall VAULT.restore(amount)


@external
def lower(
    venue: address, most: uint256, usable: int256, position: int256, spot: uint256
) -> IHedgeRouter.Lowered:
    """
    @notice Lower the position at a venue by as much of `most` as may meet the market now, or begin to wait. Desk
            only.
    @dev Inside the pace of what no trader brings: nobody earns by moving the market around it, and a
         wait for the market's average is shorter than the way from our least equity to the venue's.
    @param usable As for `credit`.
    @return Its order is 0 where a wait begins.
    """
    self._only_desk()
    buys: bool = position < 0
    size: uint256 = 0
    worst: uint256 = 0
    steady: uint256 = 0
    size, worst, steady = self._paced(IHedgeVenue(venue), most, buys, 0, spot)
    size -= size % GRAIN
    if size < self._lot():
        self._wait(IHedgeVenue(venue), -position, spot)
        return IHedgeRouter.Lowered(order=0, position=position, received=0)
    order: int256 = self._signed(buys, size)
    received: int256 = 0
    after: int256 = 0
    if IS_SET:
        self._remember(venue, usable, position, spot)
        after, received = self._leg(venue, order, worst)
    else:
        self._spend(size, steady)
        f: Fill = self._fill(order, worst, margin_proof.unpack(self._said))
        self._keep(f.proof)
        after = f.position
        received = f.quote_delta - convert(f.fee, int256)
    return IHedgeRouter.Lowered(order=order, position=after, received=received)


@external
def net(
    long: address, short: address, most: uint256, spot: uint256, held: int256[2]
) -> (uint256, int256):
    """
    @notice Sell at one venue and buy at another as much of `most` as may meet both markets now, which leaves
            the position as it is. Desk only.
    @dev Both legs are inside the pace and the bands of what no trader brings, and each is spent of its
         market's minute: nobody earns by moving one or the other around it.
    """
    self._only_desk()
    size: uint256 = 0
    low: uint256 = 0
    high: uint256 = 0
    steady: uint256 = 0
    size, low, steady = self._paced(IHedgeVenue(long), most, False, 0, spot)
    size, high, steady = self._paced(IHedgeVenue(short), size, True, 0, spot)
    size -= size % GRAIN
    assert size >= self._lot(), "router: nothing to net"
    order: int256 = convert(size, int256)
    # what was put down as gone is not there for the leg, whatever it says in between
    self._remember(long, 0, held[0], spot)
    self._remember(short, 0, held[1], spot)
    received: int256 = self._leg(long, -order, low)[1]
    received += self._leg(short, order, high)[1]
    return size, received


@internal
def _leg(venue: address, order: int256, worst: uint256) -> (int256, int256):
    """
    @notice Fill an order at one of several venues.
    @return What is ours there afterwards, and what the order brings, the fee taken off.
    """
    position: int256 = 0
    quote_delta: int256 = 0
    fee: uint256 = 0
    position, quote_delta, fee = extcall self._set().fill_at(venue, order, worst)
    return position, quote_delta - convert(fee, int256)


# ---------------------------------------------------------------- the gate


@external
@view
def admits(brought: IHedgeRouter.Brought, position: int256) -> bool:
    """
    @notice Whether an open is admitted, by the market's average and by the gate: reverts as it would.
    @param position With it.
    """
    if DEVIATION != 0:
        self._check_spot(brought.spot)
    jump_gate._admitted(brought, position)
    return True


@external
def mark(
    book: uint256, word: uint256, rates: uint256, usable: int256, position: int256, spot: uint256
):
    """
    @notice The mark of now, by which opens go for an hour, and what the venue has just been asked. The
            stress test only, which reckons both.
    @param book Losses of the book alone (layout: lib/losses.vy). @param word Layout: lib/gate_word.vy.
    @param rates What holding costs (layout: lib/funding.vy).
    """
    assert msg.sender == STRESS, "router: not the stress test"
    jump_gate._remember(book, word)
    self._said = funding.part_of(rates) | margin_proof.pack(self._proof(usable, position, spot))


@external
@view
def gate_words() -> (uint256, uint256):
    """
    @notice What the gate goes by.
    @return Losses of the book alone (layout: lib/losses.vy), and their mark (layout: lib/gate_word.vy).
    """
    return jump_gate._book, jump_gate._mark
