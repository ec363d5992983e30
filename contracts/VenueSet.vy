# pragma version 0.4.3
# pragma evm-version cancun
# pragma nonreentrancy on
# pragma optimize codesize

"""
@title VenueSet
@license AGPL-3.0-only
@author Tandem contributors
@notice Several hedge venues as one. An order goes where its last unit is cheapest, over as many of them as pay
        for their leg; each leg is exact and inside the band by itself, or all of it reverts. Margin names its
        venue, and each account keeps its own least. Any of them may be taken down by a guardian's bit: then
        nothing is asked of it, its equity counts for nothing, the others go on, and once leavers go without
        its margin its position counts for nothing either. It holds no money.
@dev A proof of margin is kept for each venue as the router keeps one for its only venue (lib/margin_proof.vy).
     An order is tried as it is split; where that reverts, who may take part in it, and for how much, is asked of
     each venue (`max_order`): a leg that does not fit goes to the others. All that is asked of a venue, but its
     trades and what names it, goes by way of the splitter: what is not to be believed takes no part.
     Longer than 450 lines: it answers as one venue and as the router's set, twice the questions of an
     adapter, and an order's legs go by the proofs that it keeps; the split's arithmetic is the
     Splitter's.
"""

from .interfaces import IGuardian
from .interfaces import IHedgeVenue
from .interfaces import ISplitter
from .interfaces import IVault
from .interfaces import IVenueSet
from .lib import believed
from .lib import bits
from .lib import margin
from .lib import margin_proof
from .lib import pacing
from .lib import terms

implements: IVenueSet


interface IAdapter:
    def ROUTER() -> address: view
    def POOL() -> address: view


ROUTER: public(immutable(address))
GUARDIAN: public(immutable(IGuardian))
VAULT: public(immutable(IVault))
SPLITTER: public(immutable(ISplitter))
COUNT: public(immutable(uint256))
VENUES: immutable(address[MARKETS])
GRAIN: immutable(uint256)  # of the coarsest base token, WAD: orders and legs are multiples of it
OFF: immutable(uint256)  # a leg is exact to less

MARKETS: constant(uint256) = 4
WAD: constant(uint256) = 10**18
TO_WAD: constant(uint256) = 10**12
# 1e-12 ETH, under which a venue may report none, or so many units of the token: what lenders round, and what
# they leave.
DUST: constant(uint256) = 10**6
GRAINS: constant(uint256) = 50
# What a leg's room keeps back, in thousandths: a fill's price is another than that of now.
KEPT_BACK: constant(uint256) = 10
# Each but the last takes room from a venue.
ROUNDS: constant(uint256) = 2 * MARKETS
# Where the position that our last order left stands in a word, above a proof; 1e-10 ETH, 54 bits. Above it when that
# was, in TICKs, 18 bits: interest makes a part of it in each, 105 % a year at the most.
LEFT: constant(uint256) = 184
LEFT_BITS: constant(uint256) = 54
MOST_LEFT: constant(int256) = 2**53 - 1
MASK_LEFT: constant(uint256) = 2**54 - 1
KEPT: constant(int256) = 10**8
SINCE: constant(uint256) = 238
MASK_SINCE: constant(uint256) = 2**18 - 1
TICK: constant(uint256) = 300
IN_A_TICK: constant(uint256) = 100_000

# What each venue said last of its margin (layout: lib/margin_proof.vy), and what our last order there left.
_said: uint256[MARKETS]

# When what was proposed of each, and taken up last, was ready.
_begun: uint256[MARKETS]

# What of its minute was spent at each market, and how deep it was then (layout: lib/pacing.vy).
_paces: uint256[MARKETS]


# The venues on the way of an order.
struct Split:
    buys: bool
    size: uint256
    is_paced: bool  # whether it holds what no trader brings, which margin bears with what may be lent
    is_tried: bool  # whether no venue is asked if its part fits: what does not reverts
    curves: IHedgeVenue.Curve[MARKETS]
    rooms: uint256[MARKETS]
    parts: uint256[MARKETS]
    level: uint256
    fits: uint256[MARKETS]  # of those that were asked
    proofs: margin_proof.Proof[MARKETS]  # of those that have a part
    held: int256[MARKETS]  # what those report, others' share and all


@deploy
def __init__(
    router: address,
    guardian: address,
    vault: address,
    splitter: address,
    venues: DynArray[address, MARKETS],
):
    """
    @param vault Says what may be lent. @param splitter The split's arithmetic, who asks the venues, and what holding
           cost there.
    @param venues Two to four adapters whose router this is. No two of them trade in one pool.
    """
    ROUTER = router
    GUARDIAN = IGuardian(guardian)
    VAULT = IVault(vault)
    SPLITTER = ISplitter(splitter)
    COUNT = len(venues)
    assert len(venues) > 1, "venues: fewer than two"
    kept: address[MARKETS] = empty(address[MARKETS])
    grain: uint256 = 1
    for i: uint256 in range(len(venues), bound=MARKETS):
        adapter: IAdapter = IAdapter(venues[i])
        assert staticcall adapter.ROUTER() == self, "venues: not ours"
        grain = max(grain, staticcall IHedgeVenue(venues[i]).grain())
        for j: uint256 in range(i, bound=MARKETS):
            other: address = staticcall IAdapter(venues[j]).POOL()
            assert other != staticcall adapter.POOL(), "venues: one pool twice"
        kept[i] = venues[i]
    VENUES = kept
    GRAIN = grain
    OFF = max(DUST, GRAINS * grain)
    assert staticcall GUARDIAN.VENUES() == len(venues), "venues: guardian's count"


# ---------------------------------------------------------------- the router


@internal
@view
def _only_router():
    assert msg.sender == ROUTER, "venues: not the router"


@external
def fill(
    order: int256,
    worst: uint256,
    best: uint256,
    paced: uint256,
    relieved: bool,
    spot: uint256,
    least: uint256,
    tried: bool,
) -> (int256, int256, uint256, uint256):
    """
    @notice Fill exactly `order`, split over the venues, or revert: each leg at `worst` or better, and none
            better than `best`. Router only.
    @dev Longer than a function should be: each leg is checked where it is filled, and adds to what
         is returned of all.
    @param paced The part of it that no trader brings. @param relieved Whether that goes by the depth of now.
    @param spot Of an open, which proves each account as `prove` does; else 0.
    @param least 0 for all of it; else as much of it as fits, and nothing where that is under it.
    @param tried Whether no venue is asked if its part fits.
    """
    self._only_router()
    word: uint256 = staticcall GUARDIAN.terms()
    self._ask_carry(word)
    s: Split = self._split(word, order, worst, best, paced, relieved, tried)
    held: int256[MARKETS] = empty(int256[MARKETS])
    position: int256 = 0
    quote_delta: int256 = 0
    fee: uint256 = 0
    filled: uint256 = self._sum(s.parts)
    assert filled == s.size or least != 0, "venues: nothing fits"
    if filled < least:
        return 0, 0, 0, filled
    for i: uint256 in range(COUNT, bound=MARKETS):
        if s.parts[i] == 0:
            held[i] = self._held(word, i)
            self._note(word, i, held[i])
            position += held[i]
            continue
        leg: int256 = self._signed(s.buys, s.parts[i])
        paid: int256 = 0
        taken: uint256 = 0
        held[i], paid, taken = self._leg(i, s.held[i], leg, worst, s.proofs[i])
        if paced != 0:
            # of what a trader brought beside it a market's minute is not spent
            self._spend(i, s.parts[i] * min(paced, s.size) // s.size)
        price: uint256 = convert(abs(paid), uint256) * WAD // s.parts[i]
        assert (
            (price >= best and price <= worst) if s.buys else (price <= best and price >= worst)
        ), "venues: leg past the band"
        position += held[i]
        quote_delta += paid
        fee += taken
    if spot != 0:
        self._prove(word, held, spot)
    return position, quote_delta, fee, filled


@external
def fill_at(venue: address, order: int256, worst: uint256) -> (int256, int256, uint256):
    """
    @notice Fill a leg at one venue. Router only.
    """
    self._only_router()
    i: uint256 = self._place_of(venue)
    self._spend(i, convert(abs(order), uint256))
    before: int256 = self._certain(i)
    return self._leg(i, before, order, worst, margin_proof.unpack(self._said[i]))


@external
def prove(spot: uint256):
    """
    @notice After an open without an order: each account that holds a position keeps its least equity. Router only.
    """
    self._only_router()
    word: uint256 = staticcall GUARDIAN.terms()
    held: int256[MARKETS] = empty(int256[MARKETS])
    for i: uint256 in range(COUNT, bound=MARKETS):
        held[i] = self._held(word, i)
    self._prove(word, held, spot)


@external
def remember(venue: address, usable: int256, position: int256, spot: uint256):
    """
    @notice What a venue has just been asked. Router only.
    """
    self._only_router()
    i: uint256 = self._place_of(venue)
    p: margin_proof.Proof = self._proof(i, usable, position, spot)
    if not (believed.is_position(self._borne(i), position) and believed.is_equity(usable)):
        # what was proved of its margin before it moved is proved no more
        p = self._forgotten(self._known(i))
    self._keep(i, p)


@external
def note():
    """
    @notice Keep what is ours of what each venue that is up reports: so much counts of it once it is down; and ask
            what holding cost there. Anybody may; every mark of the book does, and every order for those that have
            no part in it.
    """
    word: uint256 = staticcall GUARDIAN.terms()
    self._ask_carry(word)
    for i: uint256 in range(COUNT, bound=MARKETS):
        self._note(word, i, self._held(word, i))


@external
def begin_anew(venue: address):
    """
    @notice Believe what a venue that is up says of its position, as far as it grew beyond what our orders come to by
            no more than the Guardian's owner proposed: once for each proposal. Anybody may.
    @dev For a lender that took more interest for weeks than `_borne` bears. Nothing else makes what is believed
         of a position more than our orders come to.
    """
    i: uint256 = self._place_of(venue)
    growth: int256 = 0
    ready_at: uint256 = 0
    growth, ready_at = staticcall GUARDIAN.proposed_growth(i)
    assert ready_at > self._begun[i], "venues: growth taken up"
    assert not terms.is_away(staticcall GUARDIAN.terms(), i), "venues: venue is down"
    self._begun[i] = ready_at
    position: int256 = self._certain(i)
    assert believed.is_position(self._borne(i) + growth, position), "venues: grew by more"
    self._said[i] = margin_proof.pack(self._forgotten(position)) | self._ours(position)
    log IVenueSet.BegunAnew(venue=venue, position=position)


@external
def fund(venue: address, amount: uint256):
    """
    @notice Book margin that lies at a venue's adapter into its account. Router only.
    """
    self._only_router()
    extcall IHedgeVenue(VENUES[self._place_of(venue)]).deposit(amount)


@external
def release(venue: address, amount: uint256):
    """
    @notice Take margin out of a venue's account and send it to the router. Router only.
    """
    self._only_router()
    extcall IHedgeVenue(VENUES[self._place_of(venue)]).withdraw(amount, ROUTER)


# ---------------------------------------------------------------- who takes part


@external
@view
def venues() -> DynArray[address, MARKETS]:
    """
    @notice The venues, in the order of the guardians' bits.
    """
    return self._venues(0)


@external
@view
def venues_up() -> DynArray[address, MARKETS]:
    """
    @notice Those that no guardian took down.
    """
    return self._up()


@external
@view
def legs(order: int256, worst: uint256) -> int256[MARKETS]:
    """
    @notice The legs that an order of this size would have now by what the venues say of themselves: no more than fits
            of each.
    """
    parts: uint256[MARKETS] = self._parts(order, worst, 0, False)
    found: int256[MARKETS] = empty(int256[MARKETS])
    for i: uint256 in range(MARKETS):
        found[i] = self._signed(order > 0, parts[i])
    return found


# ---------------------------------------------------------------- accounts


@external
@view
def position() -> int256:
    """
    @notice The position: what is ours of what the venues report, and of one that is down what was known of it last,
            until it is written off.
    """
    word: uint256 = staticcall GUARDIAN.terms()
    position: int256 = 0
    for i: uint256 in range(COUNT, bound=MARKETS):
        position += self._held(word, i)
    return position


@external
@view
def account(spot: uint256) -> IHedgeVenue.VenueAccount:
    """
    @notice All accounts: `equity` by the worse of two valuations, `venue_equity` by the better, none under 0,
            and what carries orders. What is down, or not to be believed, counts for nothing but its position,
            and once it is written off not for that.
    """
    word: uint256 = staticcall GUARDIAN.terms()
    sum: IHedgeVenue.VenueAccount = empty(IHedgeVenue.VenueAccount)
    for i: uint256 in range(COUNT, bound=MARKETS):
        if terms.is_away(word, i):
            sum.position += self._last(i)
            continue
        is_known: bool = False
        one: IHedgeVenue.VenueAccount = empty(IHedgeVenue.VenueAccount)
        is_known, one = self._said_of(i, spot)
        if not is_known:
            sum.position += self._held(word, i)
            continue
        sum.position += one.position
        sum.equity += max(min(one.equity, one.venue_equity), 0)
        sum.venue_equity += max(max(one.equity, one.venue_equity), 0)
        sum.margin_equity += max(margin.usable(one), 0)
    return sum


@external
@view
def account_at(venue: address, spot: uint256) -> IHedgeVenue.VenueAccount:
    """
    @notice The account at one venue as it is believed; reverts where nobody knows it.
    """
    return self._account(self._place_of(venue), spot)


@external
@view
def bounds(position: int256) -> IHedgeVenue.Bounds:
    """
    @notice The margin that a position of that sign needs at the dearest venue that is up.
    """
    return staticcall SPLITTER.dearest(self._up(), position)


@external
@view
def purse() -> uint256:
    """
    @notice What the venues together could pay on a gain that falls on each by its position: as much as makes
            one of them pay all that it has. Where nothing is open, all that they have.
    @dev Of one that is down nothing is paid.
    """
    word: uint256 = staticcall GUARDIAN.terms()
    held: int256[MARKETS] = empty(int256[MARKETS])
    asked: address[MARKETS] = empty(address[MARKETS])
    for i: uint256 in range(COUNT, bound=MARKETS):
        held[i] = self._held(word, i)
        if not terms.is_away(word, i):
            asked[i] = VENUES[i]
    return staticcall SPLITTER.purse(asked, held)


# ---------------------------------------------------------------- markets


@external
@view
def index() -> uint256:
    """
    @notice The price of the base asset that the first venue goes by which is up and says one, WAD; of all of them
            where none is up.
    """
    found: uint256 = staticcall SPLITTER.index(self._heard())
    assert found != 0, "venues: all down"
    return found


@external
@view
def max_order(order: int256, worst_price: uint256) -> uint256:
    """
    @notice The part of `order` that the venues fill together at `worst_price` or better.
    """
    return self._sum(self._parts(order, worst_price, 0, False))


@external
@view
def max_paced(order: int256, paced: uint256, worst: uint256, relieved: bool) -> uint256:
    """
    @notice The same of an order of which a part is paced: each leg holds no more of that than its own
            market's chunk, whatever the others take.
    """
    return self._sum(self._parts(order, worst, paced, relieved))


@external
@view
def chunk_left(venue: address, buys: bool, relieved: bool) -> uint256:
    """
    @notice What of an order that no trader brings may meet a venue's market now.
    """
    return self._chunk_left(self._place_of(venue), buys, relieved)


@external
@view
def average(window: uint256) -> (uint256, uint256, uint256):
    """
    @notice The markets' average price, each by its depth on average; their depth now; that which is steady.
    """
    return staticcall SPLITTER.average(self._up(), window)


@external
@view
def price() -> uint256:
    """
    @notice The markets' price of now, each by its depth of now, WAD.
    """
    return staticcall SPLITTER.price(self._up())


@external
@view
def history() -> (uint256, uint256):
    """
    @notice For how many seconds back a venue knows its own prices, and for how many it must: of the one that
            lacks most.
    """
    return staticcall SPLITTER.history(self._up())


@external
@view
def is_jolted(buys: bool) -> bool:
    """
    @notice Whether every venue's market has just been moved to an order's disadvantage: one that was takes no
            part in what no trader brings.
    """
    return staticcall SPLITTER.is_jolted(self._up(), buys)


@external
@view
def quotation() -> IHedgeVenue.Quotation:
    """
    @notice The lowest and the highest price, and the dearest fee.
    """
    return staticcall SPLITTER.quotation(self._up(), False)


@external
@view
def funding() -> (int256, int256):
    """
    @notice What holding a long of 1 USD for a day pays, and a short, WAD, each at the venue that is dearest for it, as
            it was noted there: nobody makes a rate for a moment.
    """
    return staticcall SPLITTER.paid(self._up())


@external
@view
def grain() -> uint256:
    """
    @notice The least amount of the coarsest base token that there is, WAD.
    """
    return GRAIN


@external
@view
def lot() -> uint256:
    """
    @notice The largest of the lots of the venues that are up; of all where none is.
    """
    return staticcall SPLITTER.lot(self._heard())


# ---------------------------------------------------------------- inside


@internal
@view
def _venues(word: uint256) -> DynArray[address, MARKETS]:
    """
    @return The venues that are up by these flags.
    """
    found: DynArray[address, MARKETS] = []
    for i: uint256 in range(COUNT, bound=MARKETS):
        if not terms.is_away(word, i):
            found.append(VENUES[i])
    return found


@internal
@view
def _up() -> DynArray[address, MARKETS]:
    """
    @return The venues that no guardian took down.
    """
    return self._venues(staticcall GUARDIAN.terms())


@internal
@view
def _heard() -> DynArray[address, MARKETS]:
    """
    @return The same; all of them where none is up.
    """
    up: DynArray[address, MARKETS] = self._up()
    return up if len(up) != 0 else self._venues(0)


@internal
@view
def _place_of(venue: address) -> uint256:
    """
    @return The place of a venue of ours.
    """
    place: uint256 = MARKETS
    for i: uint256 in range(COUNT, bound=MARKETS):
        if VENUES[i] == venue:
            place = i
    assert place != MARKETS, "venues: unknown venue"
    return place


@internal
@view
def _held(word: uint256, i: uint256) -> int256:
    """
    @return What is ours of the position that a venue reports; where these flags have it down, or it says none that
            can be, what was known of it last.
    """
    if terms.is_away(word, i):
        return self._last(i)
    is_seen: bool = False
    held: int256 = 0
    is_seen, held = self._reported(i)
    return self._of_ours(i, held) if is_seen else self._known(i)


@internal
@view
def _last(i: uint256) -> int256:
    """
    @return What counts of the position at a venue that is down: as it was known last; nothing once who leaves goes
            without its margin, where others are up that hold what it held. What is written off is not
            forgotten: brought back, it counts as it is.
    """
    return 0 if staticcall GUARDIAN.is_written_off(i) else self._known(i)


@internal
def _note(word: uint256, i: uint256, held: int256):
    """
    @notice Keep what a venue holds, where that is not what was known: what it liquidated does not count once it is
            down. What these flags have down says nothing.
    """
    if not margin_proof.is_at(margin_proof.unpack(self._said[i]), held) and not terms.is_away(
        word, i
    ):
        self._keep(i, self._forgotten(held))


@internal
def _ask_carry(word: uint256):
    """
    @notice Ask what holding cost at those that are up by these flags.
    """
    extcall SPLITTER.note(self._venues(word))


@internal
@view
def _bounds_of(i: uint256, position: int256) -> IHedgeVenue.Bounds:
    return staticcall SPLITTER.bounds(VENUES[i], position)


@internal
@view
def _account(i: uint256, spot: uint256) -> IHedgeVenue.VenueAccount:
    """
    @return A venue's account, or this reverts: there is no other word on what it is worth.
    """
    is_known: bool = False
    one: IHedgeVenue.VenueAccount = empty(IHedgeVenue.VenueAccount)
    is_known, one = self._said_of(i, spot)
    assert is_known, "venues: account unknown"
    return one


@internal
@view
def _said_of(i: uint256, spot: uint256) -> (bool, IHedgeVenue.VenueAccount):
    """
    @return A venue's account, and whether that is to be believed.
    """
    return staticcall SPLITTER.account(VENUES[i], spot, self._borne(i))


@internal
@view
def _reported(i: uint256) -> (bool, int256):
    """
    @return The position that a venue reports, and whether orders may go there. What others made of it since our last
            order there, of either sign, is none of ours (`_of_ours`) and keeps no order away.
    """
    return staticcall SPLITTER.position(VENUES[i])


@internal
@view
def _certain(i: uint256) -> int256:
    """
    @return The position that a venue reports, or this reverts where it says none.
    """
    is_seen: bool = False
    held: int256 = 0
    is_seen, held = self._reported(i)
    assert is_seen, "venues: position unknown"
    return held


@internal
@view
def _of_ours(i: uint256, reported: int256) -> int256:
    """
    @return What is ours of a position that a venue reports: it may be less, as after a liquidation.
    """
    return believed.nearest(self._borne(i), reported)


@internal
@view
def _lendable(i: uint256) -> uint256:
    """
    @return What the Vault may lend to a venue now, token units.
    """
    return staticcall VAULT.would_lend(VENUES[i])


@internal
@view
def _known(i: uint256) -> int256:
    """
    @return The position of a venue as it was kept last: after our last order there, or what it reported since.
    """
    return margin_proof.unpack(self._said[i]).position


@internal
@view
def _left(i: uint256) -> int256:
    """
    @return The position of a venue after our last order there: what it reports is believed by that.
    """
    return (bits.signed(self._said[i] << (256 - SINCE)) >> (256 - LEFT_BITS)) * KEPT


@internal
def _keep(i: uint256, p: margin_proof.Proof):
    """
    @notice What a venue said last. What our last order there left stays, or is less where the venue has said so:
            what it says is gone does not come back, and a price takes it once.
    """
    left: uint256 = (self._said[i] >> LEFT) << LEFT
    if abs(p.position) < abs(self._left(i)):
        left = self._lane(p.position) | ((left >> SINCE) << SINCE)
    self._said[i] = margin_proof.pack(p) | left


@internal
@view
def _borne(i: uint256) -> int256:
    """
    @return The position of a venue after our last order there, with the interest that it may have borne since: for a
            tick more than began, because orders come minutes apart. More than that is nobody's to say.
    """
    left: int256 = self._left(i)
    ticks: uint256 = (block.timestamp // TICK - (self._said[i] >> SINCE)) & MASK_SINCE
    return left + left * convert(ticks + 1, int256) // convert(IN_A_TICK, int256)


@internal
@pure
def _lane(position: int256) -> uint256:
    """
    @return A position where that of our last order stands in a word.
    """
    left: int256 = min(max(position // KEPT, -MOST_LEFT), MOST_LEFT)
    return (bits.unsigned(left) & MASK_LEFT) << LEFT


@internal
@view
def _ours(position: int256) -> uint256:
    """
    @return A position and the tick of now, where those of our last order stand in a word.
    """
    return self._lane(position) | (block.timestamp // TICK & MASK_SINCE) << SINCE


@internal
@pure
def _forgotten(position: int256) -> margin_proof.Proof:
    """
    @return No proof: a position alone.
    """
    return margin_proof.Proof(time=0, usable=0, position=position, price=0, least=0)


@internal
@view
def _proof(i: uint256, usable: int256, position: int256, spot: uint256) -> margin_proof.Proof:
    """
    @return What a venue has just been asked, as a proof. It is followed at the least of the dearer sign; where
            the venue does not say it, there is none.
    """
    least: uint256 = self._bounds_of(i, 0).least
    return margin_proof.Proof(
        time=block.timestamp if least != 0 else 0,
        usable=usable,
        position=position,
        price=spot,
        least=least,
    )


@internal
@view
def _followed(i: uint256, usable: int256, position: int256, spot: uint256) -> margin_proof.Proof:
    """
    @return What a venue says of now, at the least of its own sign.
    """
    p: margin_proof.Proof = self._proof(i, usable, position, spot)
    if p.time != 0 and not margin_proof.holds(p, block.timestamp, position, spot):
        p.least = self._bounds_of(i, position).least
        if p.least == 0:
            p.time = 0
    return p


@internal
def _prove(word: uint256, held: int256[MARKETS], spot: uint256):
    """
    @notice Each account that holds a position, and that these flags have up, keeps its least equity.
    @param held What each reports.
    """
    for i: uint256 in range(COUNT, bound=MARKETS):
        p: margin_proof.Proof = margin_proof.unpack(self._said[i])
        if (
            terms.is_away(word, i)
            or held[i] == 0
            or margin_proof.holds(p, block.timestamp, held[i], spot)
        ):
            continue
        one: IHedgeVenue.VenueAccount = self._account(i, spot)
        p = self._followed(i, margin.usable(one), one.position, spot)
        assert margin_proof.holds(p, block.timestamp, p.position, spot), "venues: under minimum"
        self._keep(i, p)


@internal
def _leg(
    i: uint256, before: int256, order: int256, worst: uint256, p: margin_proof.Proof
) -> (int256, int256, uint256):
    """
    @notice Fill a leg exactly, and follow the proof. @param before What the venue reported before it.
    @return What is ours there: what was, and the order.
    """
    position: int256 = 0
    quote_delta: int256 = 0
    fee: uint256 = 0
    ours: int256 = self._of_ours(i, before)
    position, quote_delta, fee = extcall IHedgeVenue(VENUES[i]).trade(order, worst)
    # it is measured from what the account was judged by: of two words neither is believed
    off: uint256 = convert(abs(position - before - order), uint256)
    assert off < OFF and margin_proof.is_at(p, ours), "venues: leg not exact"
    position += ours - before
    after: margin_proof.Proof = margin_proof.after(p, position, order, quote_delta, fee)
    self._said[i] = margin_proof.pack(after) | self._ours(position)
    log IVenueSet.LegFilled(
        venue=VENUES[i], order=order, position=position, quote_delta=quote_delta, fee=fee
    )
    return position, quote_delta, fee


@internal
@pure
def _signed(buys: bool, size: uint256) -> int256:
    """
    @return An order of that size.
    """
    order: int256 = convert(size, int256)
    return order if buys else -order


@internal
@pure
def _sum(parts: uint256[MARKETS]) -> uint256:
    """
    @return All parts of an order.
    """
    return parts[0] + parts[1] + parts[2] + parts[3]


@internal
@view
def _chunk_left(i: uint256, buys: bool, relieved: bool) -> uint256:
    """
    @return What of an order that no trader brings may meet a venue's market now: its own chunk, as far as it meets
            as much, less what of it was spent; nothing where that has just been moved.
    """
    now: uint256 = 0
    steady: uint256 = 0
    ahead: uint256 = 0
    share: uint256 = terms.field(staticcall GUARDIAN.limits(), terms.CHUNK)
    now, steady, ahead = staticcall SPLITTER.calm(VENUES[i], buys, share)
    ledger: pacing.Ledger = pacing.unpack(self._paces[i])
    depth: uint256 = pacing.relieved_depth(ledger, now, steady) if relieved else steady
    chunk: uint256 = min(pacing.chunk(depth, share), ahead)
    return chunk - min(chunk, pacing.spent(ledger, block.timestamp))


@internal
def _spend(i: uint256, paced: uint256):
    """
    @notice Book what is spent of a market's minute.
    """
    steady: uint256 = (staticcall SPLITTER.average([VENUES[i]], pacing.AVERAGED))[2]
    ledger: pacing.Ledger = pacing.unpack(self._paces[i])
    self._paces[i] = pacing.pack(pacing.after(ledger, block.timestamp, paced, steady))


@internal
@view
def _parts(order: int256, worst: uint256, paced: uint256, relieved: bool) -> uint256[MARKETS]:
    """
    @notice The parts that an order without a bound on its better side would have now.
    """
    if order == 0:
        return empty(uint256[MARKETS])
    best: uint256 = max_value(uint256) if order < 0 else 0
    word: uint256 = staticcall GUARDIAN.terms()
    return self._split(word, order, worst, best, paced, relieved, False).parts


@internal
@view
def _split(
    word: uint256,
    order: int256,
    worst: uint256,
    best: uint256,
    paced: uint256,
    relieved: bool,
    tried: bool,
) -> Split:
    """
    @notice The parts of an order: to one level, as far as they fit; and without a part that does not pay for
            its leg where the others take it.
    @dev Longer than a function should be: what does not pay is taken out of the curves and rooms
         that the first split stands on.
    @param paced The part that no trader brings: no market is given more of it than its own chunk.
    @param tried Whether no venue is asked if its part fits.
    """
    s: Split = empty(Split)
    s.buys = order > 0
    s.size = convert(abs(order), uint256)
    s.is_paced = paced != 0
    s.is_tried = tried
    held: int256[MARKETS] = empty(int256[MARKETS])
    for i: uint256 in range(COUNT, bound=MARKETS):
        held[i] = self._known(i)
    s.curves = staticcall SPLITTER.curves(
        VENUES, word, order, best, held, terms.field(staticcall GUARDIAN.limits(), terms.CARRY)
    )
    for i: uint256 in range(MARKETS):
        if s.curves[i].price == 0:
            continue
        s.rooms[i] = s.size
        if paced != 0:
            # what a trader brought besides is no part of the chunk
            s.rooms[i] = s.size - min(paced, s.size) + self._chunk_left(i, s.buys, relieved)
            s.rooms[i] = min(s.size, s.rooms[i])
    s = self._settled(s, worst)
    most: uint256 = max(max(s.parts[0], s.parts[1]), max(s.parts[2], s.parts[3]))
    for i: uint256 in range(MARKETS):
        if s.parts[i] == 0 or s.parts[i] == most:
            continue
        is_crumb: bool = False
        pays: bool = False
        is_crumb, pays = staticcall SPLITTER.judged(
            VENUES[i], s.buys, s.curves[i], s.parts[i], s.level
        )
        if pays:
            continue
        without: Split = s
        without.rooms[i] = 0
        without = self._settled(without, worst)
        if self._sum(without.parts) == self._sum(s.parts):
            s = without
        elif is_crumb:
            s.parts[i] = 0
    return s


@internal
@view
def _settled(s: Split, worst: uint256) -> Split:
    """
    @notice A venue that has a part is asked whether its margin bears it, and whether it fits, but where the order is
            tried; what does not goes to the others.
    """
    for _: uint256 in range(ROUNDS):
        s.parts, s.level = staticcall SPLITTER.poured(s.size, s.buys, s.curves, s.rooms, GRAIN)
        is_short: bool = False
        for i: uint256 in range(MARKETS):
            part: uint256 = s.parts[i]
            if part <= s.fits[i]:
                continue
            if s.proofs[i].time == 0:
                s.proofs[i], s.held[i] = self._proof_of(i, s.curves[i].price)
            fits: uint256 = 0
            if s.proofs[i].time != 0:
                fits = self._room_of(i, s.proofs[i], s.buys, s.curves[i].price, s.is_paced)
                if not s.is_tried:
                    leg: int256 = self._signed(s.buys, part)
                    fits = min(fits, staticcall SPLITTER.fits(VENUES[i], leg, worst))
            s.fits[i] = fits
            if fits < part:
                s.rooms[i] = fits
                is_short = True
        if not is_short:
            return s
    s.parts = empty(uint256[MARKETS])
    return s


@internal
@view
def _proof_of(i: uint256, price: uint256) -> (margin_proof.Proof, int256):
    """
    @return What is known of the margin at a venue: by its proof, or by asking it; and what it reports.
            There is none, and the venue takes no part, where it does not say that or what it asks.
    """
    p: margin_proof.Proof = margin_proof.unpack(self._said[i])
    is_seen: bool = False
    held: int256 = 0
    is_seen, held = self._reported(i)
    ours: int256 = self._of_ours(i, held)
    is_old: bool = p.time == 0 or block.timestamp > p.time + margin_proof.SECONDS
    if is_seen and (is_old or not margin_proof.is_at(p, ours)):
        one: IHedgeVenue.VenueAccount = empty(IHedgeVenue.VenueAccount)
        is_seen, one = self._said_of(i, price)
        p = self._followed(i, margin.usable(one), one.position, price)
        is_seen = is_seen and margin_proof.is_at(p, ours)
    if not is_seen:
        p.time = 0
    return p, held


@internal
@view
def _room_of(
    i: uint256, p: margin_proof.Proof, buys: bool, price: uint256, is_paced: bool
) -> uint256:
    """
    @return What of an order the margin at a venue carries at its least; of what no trader brings, at its
            target, with what may be lent there, so that nobody undoes a delever. What lowers the position is
            carried.
    """
    usable: int256 = margin_proof.usable_at(p, price)
    bound: uint256 = p.least
    if is_paced:
        usable += convert(self._lendable(i) * TO_WAD, int256)
        bound = self._bounds_of(i, 1 if buys else -1).target
    borne: int256 = 0
    if bound != 0:
        borne = margin.borne(usable, price, bound)
    borne = borne * convert(1000 - KEPT_BACK, int256) // 1000
    towards: int256 = p.position if buys else -p.position
    return convert(max(borne - towards, max(-towards, 0)), uint256)
