# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize gas

"""
@title Splitter
@license AGPL-3.0-only
@author Tandem contributors
@notice The arithmetic of an order over several markets (lib/split.vy), and the questions that are put to each of
        them so that one which reverts, answers nothing, burns gas or answers nonsense (lib/believed.vy) takes
        no part and stops no other. It stands beside the set of venues, which would not fit its bytes with
        it.
@dev What holding costs is kept here, by the venue: whoever asks, it is the venue's word on the hour that has
     passed, and a rate that was borrowed for a moment is no part of it.
     No question is put with less gas than it may take: who sends a transaction does not choose who takes part.
     Longer than 450 lines: a question of one venue takes a function each, so that what is not believed
     of it ends there.
"""

from .interfaces import IEther
from .interfaces import IHedgeVenue
from .interfaces import ISplitter
from .lib import believed
from .lib import carry
from .lib import funding as charges
from .lib import pacing
from .lib import purses
from .lib import split
from .lib import terms

implements: ISplitter

# Of a question: several times what an account takes that nobody has touched yet.
ASK: constant(uint256) = 500_000
# Of how far an order goes: a walk over 128 spacings of a pool.
WALK: constant(uint256) = 2_000_000
# Gas that a leg takes at the least, over what one larger order elsewhere takes.
LEG_GAS: constant(uint256) = 150_000
WORD: constant(uint256) = 32
MOST: constant(uint256) = 320
WAD: constant(uint256) = 10**18

# Says what ether costs; nobody where the markets are ether's own.
ETHER_SPOT: public(immutable(IEther))

# What each venue was asked of holding last: the mark that it gave, and what was paid up to it (layout:
# lib/carry.vy).
_marks: HashMap[address, uint256]
_paid: HashMap[address, uint256]


@deploy
def __init__(ether_spot: address):
    """
    @param ether_spot Says what ether costs, in which gas is paid: nobody where the markets are on ether, whose own
           price that is.
    """
    ETHER_SPOT = IEther(ether_spot)


# ---------------------------------------------------------------- arithmetic


@external
@pure
def poured(
    size: uint256,
    buys: bool,
    curves: IHedgeVenue.Curve[split.MARKETS],
    rooms: uint256[split.MARKETS],
    grain: uint256,
) -> (uint256[split.MARKETS], uint256):
    """
    @notice The parts of an order, and the level at which it ends.
    @param curves What orders meet at each market. @param rooms The most that each may be given. @param grain Of
           which each part is a multiple.
    """
    return split.poured(size, buys, curves, rooms, grain)


@external
@view
def judged(
    venue: address, buys: bool, curve: IHedgeVenue.Curve, part: uint256, level: uint256
) -> (bool, bool):
    """
    @notice Whether a part of an order is under its venue's lot; and whether it is not, and saves more at its market,
            against the same at the level where the order ends, than the gas of its leg takes. Where nobody knows what
            ether costs, gas counts as nothing.
    """
    least: uint256 = self._lot(venue)
    if part < (least if least != 0 else believed.MOST_LOT):
        return True, False
    return False, self._pays(buys, curve, part, level)


@internal
@view
def _pays(buys: bool, curve: IHedgeVenue.Curve, part: uint256, level: uint256) -> bool:
    """
    @return Whether what a part of an order saves pays for its leg.
    """
    costs: uint256 = curve.price
    if ETHER_SPOT.address != empty(address):
        time: uint256 = 0
        is_known: bool = False
        costs, time, is_known = staticcall ETHER_SPOT.peek()
        if not is_known:
            return True
    gas: uint256 = block.basefee * LEG_GAS * costs // WAD
    return split.saved(buys, curve, part, level) >= gas


# ---------------------------------------------------------------- questions


@internal
@view
def _ask(venue: address, question: Bytes[68], words: uint256, most: uint256) -> Bytes[MOST]:
    """
    @return The words of an answer; none where it has fewer of them, or there is none.
    """
    assert msg.gas >= most + most // 50 + 10_000, "venues: too little gas"
    good: bool = False
    answer: Bytes[MOST] = b""
    good, answer = raw_call(
        venue,
        question,
        max_outsize=MOST,
        gas=most,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not good or len(answer) < words * WORD:
        return b""
    return slice(answer, 0, words * WORD)


@internal
@view
def _number(venue: address, question: Bytes[68], most: uint256) -> uint256:
    """
    @return A number; 0 where there is none.
    """
    answer: Bytes[MOST] = self._ask(venue, question, 1, most)
    return convert(slice(answer, 0, 32), uint256) if len(answer) != 0 else 0


@external
@view
def fits(venue: address, order: int256, worst: uint256) -> uint256:
    """
    @notice The part of an order that a venue says it fills; nothing where it says nothing.
    """
    asked: Bytes[68] = abi_encode(order, worst, method_id=method_id("max_order(int256,uint256)"))
    return min(self._number(venue, asked, WALK), convert(abs(order), uint256))


@external
@view
def position(venue: address) -> (bool, int256):
    """
    @notice The position that a venue reports, and whether that can be reckoned with.
    """
    answer: Bytes[MOST] = self._ask(venue, method_id("position()"), 1, ASK)
    if len(answer) == 0:
        return False, 0
    said: int256 = abi_decode(answer, int256)
    return believed.is_held(said), said


@external
@view
def account(venue: address, spot: uint256, left: int256) -> (bool, IHedgeVenue.VenueAccount):
    """
    @notice A venue's account, and whether that is to be believed. @param left What its position is after our last order there,
            with the interest that it may have borne since, WAD base.
    """
    answer: Bytes[MOST] = self._ask(
        venue, abi_encode(spot, method_id=method_id("account(uint256)")), 4, ASK
    )
    if len(answer) == 0:
        return False, empty(IHedgeVenue.VenueAccount)
    said: IHedgeVenue.VenueAccount = abi_decode(answer, IHedgeVenue.VenueAccount)
    # what nobody opened makes no account worth more (`LM-2`): it is worth what it says, with what may be ours
    said.position = believed.nearest(left, said.position)
    return believed.is_account(left, said), said


@external
@view
def bounds(venue: address, position: int256) -> IHedgeVenue.Bounds:
    """
    @notice The margin that a position of that sign needs; nothing where that is not to be believed.
    """
    return self._bounds(venue, position)


@internal
@view
def _bounds(venue: address, position: int256) -> IHedgeVenue.Bounds:
    """
    @return As `bounds`.
    """
    answer: Bytes[MOST] = self._ask(
        venue, abi_encode(position, method_id=method_id("bounds(int256)")), 3, ASK
    )
    if len(answer) == 0:
        return empty(IHedgeVenue.Bounds)
    b: IHedgeVenue.Bounds = abi_decode(answer, IHedgeVenue.Bounds)
    return b if believed.is_margin(b) else empty(IHedgeVenue.Bounds)


@external
@view
def calm(venue: address, buys: bool, share: uint256) -> (uint256, uint256, uint256):
    """
    @notice How deep a venue's market is now, and steadily, and what a chunk meets there (lib/pacing.vy); nothing
            where it has just been moved to an order's disadvantage.
    @param share Of the depth, 1e-4.
    """
    if self._is_jolted(venue, buys):
        return 0, 0, 0
    one: uint256[3] = self._average(venue, pacing.AVERAGED)
    size: int256 = convert(pacing.chunk(max(one[1], one[2]), share), int256)
    curve: IHedgeVenue.Curve = self._curve(venue, size if buys else -size)
    return one[1], one[2], pacing.ahead(curve, share)


# ---------------------------------------------------------------- what holding costs


@external
def note(venues: DynArray[address, split.MARKETS]):
    """
    @notice Ask venues what holding there cost since they were asked last, where that is an hour ago. Anybody
            may; every order does.
    """
    for venue: address in venues:
        if not carry.is_due(self._paid[venue], block.timestamp):
            continue
        answer: Bytes[MOST] = self._ask(
            venue,
            abi_encode(self._marks[venue], method_id=method_id("funding_since(uint256)")),
            3,
            ASK,
        )
        mark: uint256 = 0
        long: int256 = 0
        short: int256 = 0
        if len(answer) != 0:
            mark, long, short = abi_decode(answer, (uint256, int256, int256))
        is_known: bool = (
            len(answer) != 0
            and self._marks[venue] != 0
            and believed.is_funding(long)
            and believed.is_funding(short)
        )
        self._paid[venue] = carry.pack(is_known, long, short, block.timestamp)
        self._marks[venue] = mark


@external
@view
def rates(venue: address) -> (int256, int256, uint256):
    """
    @notice What a long and a short of 1 USD paid in a day, WAD, between the last two times that it was asked; and
            when it was asked last, 0 where nothing is known.
    """
    return carry.unpack(self._paid[venue])


@external
@view
def curves(
    venues: address[split.MARKETS],
    flags: uint256,
    order: int256,
    best: uint256,
    held: int256[split.MARKETS],
    hours: uint256,
) -> IHedgeVenue.Curve[split.MARKETS]:
    """
    @notice What an order meets at each, and in the fees what a leg costs besides its price. Nothing where a
            venue is not to be believed, or begins past the bound on the better side.
    @param flags By which some are down: nothing is asked of them. @param held The position at each.
    @param hours For which a leg is held.
    """
    found: IHedgeVenue.Curve[split.MARKETS] = empty(IHedgeVenue.Curve[split.MARKETS])
    words: uint256[split.MARKETS] = empty(uint256[split.MARKETS])
    for i: uint256 in range(split.MARKETS):
        if venues[i] == empty(address) or terms.is_away(flags, i):
            continue
        one: IHedgeVenue.Curve = self._curve(venues[i], order)
        if one.price != 0 and (one.price >= best if order > 0 else one.price <= best):
            found[i] = one
            words[i] = self._paid[venues[i]]
    return carry.costed(words, found, held, order > 0, hours)


# ---------------------------------------------------------------- several at once


@external
@view
def index(venues: DynArray[address, split.MARKETS]) -> uint256:
    """
    @notice The price that the first of them goes by which says one; 0 where none does.
    """
    found: uint256 = 0
    for venue: address in venues:
        found = self._price(venue, method_id("index()"))
        if found != 0:
            break
    return found


@external
@view
def is_jolted(venues: DynArray[address, split.MARKETS], buys: bool) -> bool:
    """
    @notice Whether each one's market has just been moved to an order's disadvantage, or nobody can tell.
    """
    for venue: address in venues:
        if not self._is_jolted(venue, buys):
            return False
    return True


@external
@view
def dearest(venues: DynArray[address, split.MARKETS], position: int256) -> IHedgeVenue.Bounds:
    """
    @notice The margin that a position of that sign needs at the dearest of them. Where none says what is enough,
            none is.
    """
    found: IHedgeVenue.Bounds = empty(IHedgeVenue.Bounds)
    for venue: address in venues:
        one: IHedgeVenue.Bounds = self._bounds(venue, position)
        found = IHedgeVenue.Bounds(
            least=max(found.least, one.least),
            target=max(found.target, one.target),
            most=max(found.most, one.most),
        )
    if found.least == 0:
        most: uint256 = believed.MOST_MARGIN
        return IHedgeVenue.Bounds(least=most, target=most, most=most)
    return found


@external
@view
def average(
    venues: DynArray[address, split.MARKETS], window: uint256
) -> (uint256, uint256, uint256):
    """
    @notice The markets' average price, each by its depth on average; their depth now; that which is steady.
    """
    prices: uint256 = 0
    now: uint256 = 0
    steady: uint256 = 0
    for venue: address in venues:
        one: uint256[3] = self._average(venue, window)
        prices += one[0] * one[2]
        now += one[1]
        steady += one[2]
    return prices // max(steady, 1), now, steady


@external
@view
def price(venues: DynArray[address, split.MARKETS]) -> uint256:
    """
    @notice The markets' price of now, each by its depth of now, WAD.
    """
    sum: uint256 = 0
    depth: uint256 = 0
    for venue: address in venues:
        one: uint256 = self._price(venue, method_id("price()"))
        if one != 0:
            there: uint256 = self._average(venue, pacing.AVERAGED)[1]
            sum += one * there
            depth += there
    return sum // max(depth, 1)


@external
@view
def purse(venues: address[split.MARKETS], held: int256[split.MARKETS]) -> uint256:
    """
    @notice What they could pay together on a gain that falls on each by its position (lib/purses.vy).
    @param venues Nobody where nothing is paid. @param held The position at each.
    """
    has: uint256[split.MARKETS] = self._purses(venues)
    return purses.shared(has, held, held[0] + held[1] + held[2] + held[3])


@external
@view
def purses_of(venues: address[split.MARKETS]) -> uint256[split.MARKETS]:
    """
    @notice What each could pay at the most, token units; nothing of nobody.
    """
    return self._purses(venues)


@external
@view
def history(venues: DynArray[address, split.MARKETS]) -> (uint256, uint256):
    """
    @notice For how many seconds back a venue knows its own prices, and for how many it must: of the one that
            lacks most, among those that say so.
    """
    known: uint256 = 0
    needed: uint256 = 0
    for venue: address in venues:
        answer: Bytes[MOST] = self._ask(venue, method_id("history()"), 2, ASK)
        if len(answer) == 0:
            continue
        one: uint256 = 0
        asked: uint256 = 0
        one, asked = abi_decode(answer, (uint256, uint256))
        if max(one, asked) > believed.MOST_SECONDS:
            continue
        if needed == 0 or one + needed < known + asked:
            known = one
            needed = asked
    return known, needed


@external
@view
def quotation(venues: DynArray[address, split.MARKETS], by_all: bool) -> IHedgeVenue.Quotation:
    """
    @notice The lowest and the highest price, and the dearest fee.
    @param by_all The highest of the low prices, the lowest of the high ones and the least fee instead: so much all of
           them say.
    """
    most: uint256 = max_value(uint256)
    wide: IHedgeVenue.Quotation = IHedgeVenue.Quotation(low=most, high=0, fee=0)
    near: IHedgeVenue.Quotation = IHedgeVenue.Quotation(low=0, high=most, fee=most)
    for venue: address in venues:
        answer: Bytes[MOST] = self._ask(venue, method_id("quotation()"), 3, ASK)
        if len(answer) == 0:
            continue
        one: IHedgeVenue.Quotation = abi_decode(answer, IHedgeVenue.Quotation)
        if believed.is_quotation(one):
            wide.low = min(wide.low, one.low)
            wide.high = max(wide.high, one.high)
            wide.fee = max(wide.fee, one.fee)
            near.low = max(near.low, one.low)
            near.high = min(near.high, one.high)
            near.fee = min(near.fee, one.fee)
    return near if by_all and near.low != 0 else wide


@external
@view
def funding(venues: DynArray[address, split.MARKETS]) -> (int256, int256):
    """
    @notice What holding a long of 1 USD for a day pays, and a short, WAD, each where it pays most: at the rates of now.
    """
    return self._dearest(venues, False)


@external
@view
def paid(venues: DynArray[address, split.MARKETS]) -> (int256, int256):
    """
    @notice The same as it was noted, and where nothing was, at the rates of now: of each what is charged
            (lib/funding.vy).
    """
    return self._dearest(venues, True)


@external
@view
def lot(venues: DynArray[address, split.MARKETS]) -> uint256:
    """
    @notice The largest of their lots; the most that is believed where none says one.
    """
    most: uint256 = 0
    for venue: address in venues:
        most = max(most, self._lot(venue))
    return most if most != 0 else believed.MOST_LOT


@internal
@view
def _lot(venue: address) -> uint256:
    """
    @return A venue's smallest order; 0 where that is not to be believed.
    """
    said: uint256 = self._number(venue, method_id("lot()"), ASK)
    return said if said <= believed.MOST_LOT else 0


@internal
@view
def _is_jolted(venue: address, buys: bool) -> bool:
    """
    @return Whether a market has just been moved, or nobody can tell.
    """
    before: uint256 = self._average(venue, pacing.JOLT_SECONDS)[0]
    now: uint256 = self._price(venue, method_id("price()"))
    return before == 0 or now == 0 or pacing.is_jolted(buys, now, before)


@internal
@view
def _curve(venue: address, order: int256) -> IHedgeVenue.Curve:
    """
    @return What an order meets at a venue; nothing where that is not to be believed.
    """
    answer: Bytes[MOST] = self._ask(
        venue, abi_encode(order, method_id=method_id("curve(int256)")), 10, ASK
    )
    if len(answer) == 0:
        return empty(IHedgeVenue.Curve)
    c: IHedgeVenue.Curve = abi_decode(answer, IHedgeVenue.Curve)
    return c if believed.is_curve(c) else empty(IHedgeVenue.Curve)


@internal
@view
def _dearest(venues: DynArray[address, split.MARKETS], noted: bool) -> (int256, int256):
    """
    @return What a long pays where it pays most, and a short. @param noted Whether what was noted goes first.
    """
    dearest: int256[2] = [min_value(int256), min_value(int256)]
    for venue: address in venues:
        long: int256 = 0
        short: int256 = 0
        time: uint256 = 0
        if noted:
            long, short, time = carry.unpack(self._paid[venue])
        if time == 0:
            answer: Bytes[MOST] = self._ask(venue, method_id("funding()"), 2, ASK)
            if len(answer) == 0:
                continue
            long, short = abi_decode(answer, (int256, int256))
        if believed.is_funding(long) and believed.is_funding(short):
            if noted:
                # what is noise is one venue's own: of two the dearest sides are no pair
                short_too: int256 = charges.charged(short, long)
                long = charges.charged(long, short)
                short = short_too
            dearest = [max(dearest[0], long), max(dearest[1], short)]
    if dearest[0] == min_value(int256):
        return 0, 0
    return dearest[0], dearest[1]


@internal
@view
def _purses(venues: address[split.MARKETS]) -> uint256[split.MARKETS]:
    """
    @return What each could pay at the most, as far as that is to be believed.
    """
    found: uint256[split.MARKETS] = empty(uint256[split.MARKETS])
    for i: uint256 in range(split.MARKETS):
        if venues[i] != empty(address):
            said: uint256 = self._number(venues[i], method_id("purse()"), ASK)
            found[i] = min(said, believed.MOST_PURSE)
    return found


@internal
@view
def _average(venue: address, window: uint256) -> uint256[3]:
    """
    @return What a market was; nothing where that is not to be believed.
    """
    answer: Bytes[MOST] = self._ask(
        venue, abi_encode(window, method_id=method_id("average(uint256)")), 3, ASK
    )
    if len(answer) == 0:
        return empty(uint256[3])
    said: uint256[3] = abi_decode(answer, uint256[3])
    return said if believed.is_average(said[0], said[1], said[2]) else empty(uint256[3])


@internal
@view
def _price(venue: address, question: Bytes[68]) -> uint256:
    """
    @return A price; 0 where that is not to be believed.
    """
    said: uint256 = self._number(venue, question, ASK)
    return said if believed.is_price(said) else 0
