"""What the contracts hand out. Generated from the sources by `make bindings`: do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from tandem.engine.abi import Struct, checksum
from tandem.protocol.views import ExpiryView, SnapshotView


@dataclass(frozen=True, slots=True)
class Due(Struct):
    """What bringing all of the residual home would be paid now, and what bounds it. Amounts in
    token units."""

    time: int
    """Of the stamp that stands; 0 for none."""
    stamped: int
    """What of it is left, WAD ETH."""
    residual: int
    """Of now, WAD ETH."""
    trigger: int
    """From which on all of it may go home, WAD ETH."""
    sigma: int
    """WAD."""
    by_gas: int
    """By the time since the stamp."""
    by_risk: int
    """a tenth of the risk removed."""
    by_day: int
    """What is left of the day's budget."""
    by_floor: int
    """What the Vault may lend, and the next top-up does not need."""
    amount: int
    """The least of the four."""


@dataclass(frozen=True, slots=True)
class Sight(Struct):
    """What is seen when the book is marked."""

    spot: int
    """WAD USD."""
    position: int
    """WAD ETH."""
    lost: int
    """At the venue, ever, and no move of the price explains, token units."""
    funding: int
    """What the position pays the venue in a day, WAD of notional."""
    distress: bool
    """The next top-up is more than floor or budget give."""


@dataclass(frozen=True, slots=True)
class BreakerState(Struct):
    """What the breaker remembers, and what it says. Amounts in token units."""

    reasons: int
    """a bit each, in the order of the fields below them."""
    until: int
    """They hold till then at least."""
    time: int
    """Of the last look."""
    spot: int
    """Then, WAD USD."""
    base: int
    """The price that a jump is counted from: it follows spot within an hour."""
    variance: int
    """WAD a year."""
    wildness: int
    """Eighths over one."""
    lost: int
    """At the venue within a day, unexplained."""
    lost_before: int
    """The most that was lost by a look before; what came back of it leaks away."""
    drained: int
    """By funding within a day."""
    share: int
    """The highest price of a share within a day, WAD USD."""
    share_time: int
    next: int
    """The highest since then."""
    next_time: int
    """Of the last look that saw less than the highest."""


@dataclass(frozen=True, slots=True)
class Offer(Struct):
    account: str
    ready_at: int

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        values = list(raw)
        values[0] = checksum(raw[0])
        return cls(*values)


@dataclass(frozen=True, slots=True)
class Term(Struct):
    amount: int
    lowest: int
    highest: int
    raising_is_tighter: bool
    lowering_is_tighter: bool


@dataclass(frozen=True, slots=True)
class ProposedGrowth(Struct):
    growth: int
    ready_at: int


@dataclass(frozen=True, slots=True)
class Queued(Struct):
    amount: int
    ready_at: int
    """0: nothing is queued."""


@dataclass(frozen=True, slots=True)
class Proposal(Struct):
    price: int
    """WAD USD."""
    ready_at: int
    """0: nothing is proposed."""
    proposer: str

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        values = list(raw)
        values[2] = checksum(raw[2])
        return cls(*values)


@dataclass(frozen=True, slots=True)
class Growth(Struct):
    growth: int
    """WAD base."""
    ready_at: int
    """0: nothing is proposed."""
    proposer: str

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        values = list(raw)
        values[2] = checksum(raw[2])
        return cls(*values)


@dataclass(frozen=True, slots=True)
class Hedging(Struct):
    position_after: int
    quote_delta: int
    fee: int
    charge: int


@dataclass(frozen=True, slots=True)
class Brought(Struct):
    """What comes with an order."""

    position: int
    """Before it, as the venues report it."""
    own: int
    """The order that the trade's own delta asked for."""
    spot: int
    life: int
    """Seconds to the option's expiry, for an open; 0 for what derisks."""
    nav: int
    """Token units."""
    jumps: int
    """What the trade adds to the book's losses (layout: lib/losses.vy)."""
    opened: int
    """Units ever opened before it (lib/book_totals.vy)."""
    units: int
    """Of the trade."""


@dataclass(frozen=True, slots=True)
class Carry(Struct):
    long: int
    short: int


@dataclass(frozen=True, slots=True)
class History(Struct):
    covered: int
    needed: int


@dataclass(frozen=True, slots=True)
class Quotation(Struct):
    """Where the venue trades, WAD, without a fill."""

    low: int
    """The lower of its price now and its average over the last minute."""
    high: int
    """The higher of the two."""
    fee: int
    """Of notional, WAD."""


@dataclass(frozen=True, slots=True)
class BroughtHome(Struct):
    order: int
    position_after: int
    quote_delta: int
    fee: int


@dataclass(frozen=True, slots=True)
class Ledger(Struct):
    """time: of the last order. since: when the wait began, 0 for none. spent: at `time`, WAD base.
    depth: steady, when an order last went outside a relief; WAD base, rounded down."""

    time: int
    since: int
    spent: int
    depth: int


@dataclass(frozen=True, slots=True)
class HedgeAccount(Struct):
    equity: int
    """Position valued at spot."""
    equity_low: int
    """The worse of the venue's valuation and spot's, never under 0."""
    equity_high: int
    """The better of the two, never under 0."""
    bankrupt: bool
    """The worse valuation is negative."""
    top_up: int
    """What the next top-up lacks, token units; 0 when none is due."""
    barred: int
    """Of that, what one of several lacks that may get nothing for what it lost, while another
    may."""
    usable: int
    """The equity that margin is judged by."""
    need: int
    """Hedge notional plus headroom, WAD USD."""


@dataclass(frozen=True, slots=True)
class Lowered(Struct):
    """What an order that lowers the position did."""

    order: int
    """0 where its wait begins."""
    position: int
    """Afterwards, as the venue reports it; of several what is ours there."""
    received: int
    """Quote, fees taken off."""


@dataclass(frozen=True, slots=True)
class Netted(Struct):
    size: int
    received: int


@dataclass(frozen=True, slots=True)
class GateWords(Struct):
    book: int
    mark: int


@dataclass(frozen=True, slots=True)
class Mark(Struct):
    liability: int
    """Options sold at mid volatility, WAD USD."""
    liability_low: int
    """Sold at bid, clamped per expiry to [0, its maximum]."""
    liability_high: int
    """Sold at ask, clamped per expiry to [0, its maximum]."""
    equity: int
    """Venue equity, position at spot, WAD USD."""
    equity_low: int
    """The worse of the venue's own valuation and spot's, never under 0; calm: spot's."""
    equity_high: int
    """The better of the two, never under 0."""
    rehedge_cost: int
    """Most that closing the residual costs, WAD USD; calm: what is expected."""
    rehedge_gain: int
    """Most that it gains, WAD USD; the same, or what the venue is better by."""
    maxima: int
    """Sum over expiries of the maximum payoff, token units."""
    claims: int
    """Settled and unpaid option claims, token units."""
    top_up: int
    """What the next margin top-up lacks of what may be had, token units."""
    bankrupt: bool
    """a venue account is under water."""
    calm: bool
    """It makes no difference to speak of who has a share priced now."""
    stale: bool
    """An expiry counts as was last said: patience with its slice is over."""
    resumed: bool
    """Who leaves, not calm or stale: an hour or less behind an outage, which is not calm."""


@dataclass(frozen=True, slots=True)
class Words(Struct):
    """Everything that one expiry keeps (layout: lib/book_words.vy)."""

    header: int
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Greeks(Struct):
    """Per 1 ETH of the series."""

    value: int
    delta: int
    gamma: int
    vega: int
    sigma: int


@dataclass(frozen=True, slots=True)
class Deal(Struct):
    """A trade priced, and the book it leaves behind."""

    units: int
    """That fill."""
    premium: int
    """Ask of all units for a mint, bid for a close."""
    fee: int
    charge: int
    """For the maximum payoff that an open adds."""
    mark: int
    """Model value of all units."""
    own: int
    """The order that offsets the trade's own delta."""
    order: int
    """The one netted order."""
    residual: int
    """Before the trade."""
    delta: int
    """Of the liability afterwards."""
    hard: int
    """The hard band afterwards."""
    half_spread: int
    words: Words
    """Of the expiry afterwards."""
    greeks: Greeks
    jumps: int
    """What it adds to the book's loss by each jump (layout: lib/losses.vy)."""

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        values = list(raw)
        values[11] = Words.decode(raw[11])
        values[12] = Greeks.decode(raw[12])
        return cls(*values)


@dataclass(frozen=True, slots=True)
class Expiry(ExpiryView, Struct):
    expiry: int
    units: int
    """Outstanding, 1e-6 ETH."""
    maximum: int
    """The most it can have to pay, token units."""
    forward: int
    """Units of forward sold."""
    cash: int
    """Token units of cash sold."""
    slice: int
    strikes: tuple[int, ...]
    """Ticks, rising."""
    sizes: tuple[int, ...]
    """Net change of slope sold at each strike, 1e-6 ETH."""
    is_delisted: bool
    """Whether nothing opens there any more."""


@dataclass(frozen=True, slots=True)
class Stance(Struct):
    """The book against its hedge."""

    delta: int
    """Of the liability."""
    gamma: int
    vega: int
    residual: int
    width: int
    """h, where a trade hedges the whole residual."""
    hard: int
    """2h, beyond which no open may leave it."""
    trigger: int
    """The least residual that a rebalance may act on."""


@dataclass(frozen=True, slots=True)
class Funds(Struct):
    cash: int
    """The Vault's own cash; donations do not count."""
    exits: int
    """LP exits processed and unclaimed."""
    queued: int
    """Value of all queued exit shares at the last low NAV."""
    nav: int
    """The last low NAV."""
    nav_time: int


@dataclass(frozen=True, slots=True)
class GateMark(Struct):
    """The moment whose mark the gate goes by."""

    limit: int
    """The worst loss that opens may leave, 1e-4 of NAV."""
    hour: int
    """Units that opens may add within an hour, to 1e-4 ETH."""
    purse: int
    """What the venue holds besides, token units: a hedge can gain no more."""
    equity: int
    """What lies there at the most, token units."""
    spot: int
    """WAD USD, to 1e-6."""
    time: int
    until: int
    """From then on it says nothing: an hour later, or when an expiry of its book is past."""
    anchor: int
    """How much of what was ever opened the hour had given back then, units."""


@dataclass(frozen=True, slots=True)
class Gate(Struct):
    """The gate as it stands."""

    mark: GateMark
    losses: tuple[int, ...]
    """Of the book alone, WAD USD (jumps: lib/stress.vy)."""
    worst: int
    """With the hedge, at a spot price, WAD USD."""
    limit: int
    """WAD USD."""
    is_fresh: bool
    """For opens."""
    room: int
    """Units that opens may add now."""

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        values = list(raw)
        values[0] = GateMark.decode(raw[0])
        return cls(*values)


@dataclass(frozen=True, slots=True)
class Snapshot(SnapshotView, Struct):
    timestamp: int
    terms: tuple[int, ...]
    """Both words (layout: lib/terms.vy)."""
    spot: int
    spot_time: int
    spot_fresh: bool
    surface_time: int
    """Of the oldest slice in use."""
    stance: Stance
    position: int
    gross: int
    maxima: int
    claims: int
    floor: int
    funds: Funds
    account: HedgeAccount
    """Nothing where it is not known, or all venues are down."""
    account_known: bool
    """Whether each venue that is up says what its account is worth."""
    expiries: tuple[Expiry, ...]
    gate: Gate
    breaker: BreakerState

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        values = list(raw)
        values[6] = Stance.decode(raw[6])
        values[12] = Funds.decode(raw[12])
        values[13] = HedgeAccount.decode(raw[13])
        values[15] = tuple([Expiry.decode(each) for each in raw[15]])
        values[16] = Gate.decode(raw[16])
        values[17] = BreakerState.decode(raw[17])
        return cls(*values)


@dataclass(frozen=True, slots=True)
class Unseen(Struct):
    lost: int
    lendable: int


@dataclass(frozen=True, slots=True)
class Seen(Struct):
    """The venue account when margin was last moved. equity: WAD USD, with the position at that
    spot, and after the move. position: WAD base. spot: WAD USD."""

    equity: int
    position: int
    spot: int


@dataclass(frozen=True, slots=True)
class Closed(Struct):
    units: int
    payout: int


@dataclass(frozen=True, slots=True)
class Homing(Struct):
    """What a rebalance did. Residuals and the order WAD ETH, spot WAD USD."""

    order: int
    """0 where its wait begins."""
    before: int
    """The residual."""
    after: int
    trigger: int
    """From which on all of it may go home."""
    spot: int


@dataclass(frozen=True, slots=True)
class Liabilities(Struct):
    maxima: int
    claims: int


@dataclass(frozen=True, slots=True)
class OpenBook(Struct):
    """What of the book a mark and a trade read (layouts as above)."""

    totals: int
    rows: tuple[tuple[int, ...], ...]
    slot: int
    """Of the expiry asked for; 8 when none was."""


@dataclass(frozen=True, slots=True)
class Book(Struct):
    """The book as it is stored (layouts: lib/book_totals.vy, lib/book_words.vy)."""

    totals: int
    words: tuple[Words, ...]
    """By slot, of the listed expiries."""

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        values = list(raw)
        values[1] = tuple([Words.decode(each) for each in raw[1]])
        return cls(*values)


@dataclass(frozen=True, slots=True)
class Exposure(Struct):
    """What a book moves by. delta: ETH (WAD), dV/dS at fixed basis. gamma: ETH per USD (WAD). vega:
    USD per 1.00 of volatility (WAD)."""

    delta: int
    gamma: int
    vega: int


@dataclass(frozen=True, slots=True)
class RiskPlace(Struct):
    """Where a strike lies. moneyness: ln(K / F). deviation: sigma * sqrt(tau). Q96."""

    moneyness: int
    deviation: int


@dataclass(frozen=True, slots=True)
class OptionGreeks(Struct):
    """One series, per 1 ETH of size, long. value: USD (WAD) in its range: put [0, K], call [0, F],
    capped call [0, cap - K]. delta, gamma, vega: as in Exposure, of the whole series (both legs).
    value_previous: value under the previous slice, or `value` where there is none. spread_vega:
    vega(K) + vega(other), what the half-spread is charged on. uncapped_delta: delta of the K leg
    alone. maximum: the most it can pay, USD (WAD); an uncapped call has none and reports max_value.
    sigma: volatility at K (WAD, 1.0 = 100 %). forward: WAD. main, other: of the two strikes, on
    `slice`; zeros where there is no `other`."""

    value: int
    delta: int
    gamma: int
    vega: int
    value_previous: int
    spread_vega: int
    uncapped_delta: int
    maximum: int
    sigma: int
    forward: int
    main: RiskPlace
    other: RiskPlace

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        values = list(raw)
        values[10] = RiskPlace.decode(raw[10])
        values[11] = RiskPlace.decode(raw[11])
        return cls(*values)


@dataclass(frozen=True, slots=True)
class Assessment(Struct):
    exposure: Exposure
    greeks: OptionGreeks

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        values = list(raw)
        values[0] = Exposure.decode(raw[0])
        values[1] = OptionGreeks.decode(raw[1])
        return cls(*values)


@dataclass(frozen=True, slots=True)
class OptionQuery(Struct):
    """One series, and the slice it is priced on. strike, other: whole-USD ticks; `other` is a
    call's cap or a put's floor, 0 = none. slice: the expiry's slice word; previous_slice: the one
    before it, 0 = none."""

    expiry: int
    is_put: bool
    strike: int
    other: int
    slice: int
    previous_slice: int


@dataclass(frozen=True, slots=True)
class Marks(Struct):
    """A book's worth. mid, low, high: USD (WAD); per expiry mid -/+ half_spread * sum of |size| *
    vega, clamped to [0, the expiry's maximum payoff]."""

    mid: int
    low: int
    high: int
    delta: int
    gamma: int
    vega: int


@dataclass(frozen=True, slots=True)
class Band(Struct):
    """How much residual the book may carry, ETH (WAD). width: h, the no-trade half-width. hard: 2h.
    trigger: max(h / 2, lot)."""

    width: int
    hard: int
    trigger: int


@dataclass(frozen=True, slots=True)
class PriceGreeks(Struct):
    value: int
    delta: int
    gamma: int
    vega: int
    theta: int


@dataclass(frozen=True, slots=True)
class PriceQuery(Struct):
    """One option to price on its own. forward, strike, other: USD (WAD), below 2**96; `other` is a
    call's cap or a put's floor, 0 = none. life: seconds to expiry. vol: WAD, 1.0 = 100 %. From 100
    years and from 100.0 on, life and vol are held."""

    is_put: bool
    forward: int
    strike: int
    other: int
    life: int
    vol: int


@dataclass(frozen=True, slots=True)
class SmilePoint(Struct):
    vol: int
    slope: int
    forward: int


@dataclass(frozen=True, slots=True)
class Losses(Struct):
    """sums: what the liability would be more after each jump, at the most, 1e-6 times WAD USD
    (jumps: lib/stress.vy). until: when the next expiry is past. spot: WAD, before the jump."""

    sums: tuple[int, ...]
    until: int
    spot: int
    totals: int
    """Of the book (layout: lib/book_totals.vy)."""


@dataclass(frozen=True, slots=True)
class Desk(Struct):
    """The circumstances of a trade."""

    terms: int
    """Layout: lib/terms.vy."""
    timestamp: int
    spot: int
    nav: int
    """Token units."""
    totals: int
    """Of the book before the trade (layout: lib/book_totals.vy)."""
    lot: int
    position: int
    """The hedge, as the venues report it."""
    surface_age: int
    """Of the oldest slice of an expiry ahead, seconds."""


@dataclass(frozen=True, slots=True)
class UnderwriterOrder(Struct):
    """A trade asked for. The floor, before, is for a close."""

    series: int
    units: int
    is_close: bool
    floor: int
    clipped: bool
    """Of a close: the venue carries no more than `carried` of its order."""
    carried: int


@dataclass(frozen=True, slots=True)
class Epoch(Struct):
    shares: int
    burned: int
    next: int
    assets: int
    paid: int
    claimed: int


@dataclass(frozen=True, slots=True)
class Queue(Struct):
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class VenueLosses(Struct):
    lost: int
    cap: int


@dataclass(frozen=True, slots=True)
class LastMark(Struct):
    nav: int
    time: int


@dataclass(frozen=True, slots=True)
class VenueAccount(Struct):
    """The account, valued once, without what others put into it. Equities may be negative."""

    position: int
    """As the venue reports it, positive long."""
    equity: int
    """With the position at the spot price that was asked for."""
    venue_equity: int
    """As the venue values the position."""
    margin_equity: int
    """What carries orders: need not include profit not realised yet."""


@dataclass(frozen=True, slots=True)
class Bounds(Struct):
    """Equity per unit of hedge notional plus headroom, WAD: below `least` a top-up is due, above
    `most` a sweep, and both bring the account to `target`."""

    least: int
    target: int
    most: int


@dataclass(frozen=True, slots=True)
class VenueView(Struct):
    """One venue. Sizes WAD base, prices and money WAD USD, rates WAD a day."""

    venue: str
    is_down: bool
    """By a guardian."""
    answers: bool
    """Or all that follows is nothing."""
    account: VenueAccount
    bounds: Bounds
    """Per unit of notional."""
    quotation: Quotation
    price: int
    """Of now."""
    move: int
    """Of the price, a fraction, at which margin is at its least; 0: it is there; NEVER."""
    long: int
    """What a position of 1 USD pays in a day at the rates of now, below 0 it is paid."""
    short: int
    buys: int
    """The most that fills at any price: margin, liquidity, caps."""
    sells: int
    free: int
    """That can be withdrawn, token units."""

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        values = list(raw)
        values[0] = checksum(raw[0])
        values[3] = VenueAccount.decode(raw[3])
        values[4] = Bounds.decode(raw[4])
        values[5] = Quotation.decode(raw[5])
        return cls(*values)


@dataclass(frozen=True, slots=True)
class Signature(Struct):
    v: int
    r: int
    s: int


@dataclass(frozen=True, slots=True)
class SignedSlice(Struct):
    """What `post` takes, as one of several."""

    expiry: int
    slice_word: int
    valid_from: int
    signatures: tuple[Signature, ...]

    @classmethod
    def decode(cls, raw: Sequence[Any]) -> Self:
        values = list(raw)
        values[3] = tuple([Signature.decode(each) for each in raw[3]])
        return cls(*values)


@dataclass(frozen=True, slots=True)
class Reading(Struct):
    """By the market's slots; 0 where the expiry asked for was 0."""

    slices: tuple[int, ...]
    """What stands."""
    beside: tuple[int, ...]
    """a trader gets the worse of this one and what stands; 0 for none."""
    times: int
    """32 bits a slot: the moment that the slice signed last describes."""
    oldest: int
    """The earliest of them among expiries ahead; now when none was read."""


@dataclass(frozen=True, slots=True)
class Listing(Struct):
    """What the chain knows of one expiry's slice. slice_word: what it is marked and hedged by;
    beside: quoted with it now, else 0; last: the one of the two that was signed last. age: seconds
    since the moment that `last` describes."""

    expiry: int
    slice_word: int
    beside: int
    last: int
    since: int
    """The moment from which its moves count."""
    posted_at: int
    age: int


@dataclass(frozen=True, slots=True)
class ClosingSpot(Struct):
    price: int
    last_resort: bool


@dataclass(frozen=True, slots=True)
class Answer(Struct):
    price: int
    time: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class SplitFill(Struct):
    position_after: int
    quote_delta: int
    fee: int
    filled: int


@dataclass(frozen=True, slots=True)
class Fill(Struct):
    position_after: int
    quote_delta: int
    fee: int


@dataclass(frozen=True, slots=True)
class Average(Struct):
    price: int
    depth: int
    steady_depth: int


@dataclass(frozen=True, slots=True)
class Curve(Struct):
    """What an order meets, stretch by stretch of equal liquidity. What a purchase of x on one of
    them moves the price by is (1 - x / depth)**-2, and of a sale (1 + x / depth)**-2, from the
    price where the stretch begins, which is where the one before ended. x is what the trader buys
    or sells; for all of them he pays the integral of the price over 1 - fee, or receives it times 1
    - fee."""

    price: int
    """Now, fee excluded, WAD USD."""
    fee: int
    """Of notional, WAD."""
    depths: tuple[int, ...]
    """Of each stretch where it begins, WAD base."""
    reaches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CarrySince(Struct):
    mark: int
    long: int
    short: int


@dataclass(frozen=True, slots=True)
class Round(Struct):
    id: int
    answer: int
    started_at: int
    updated_at: int
    answered_in: int
