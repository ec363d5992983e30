"""Which part of a hedge over several venues is due to move from one to another, and what moves it.

The contract alone says whether it may (`MarginDesk.shift`); here is whom to ask it about, and for how
much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from itertools import permutations

from tandem.engine.base import Call
from tandem.errors import Reverted
from tandem.protocol import terms
from tandem.protocol.bindings.hedge_venue import HedgeVenue
from tandem.protocol.bindings.venue_set import VenueSet
from tandem.protocol.handles import Handles
from tandem.units import DAY, HOUR

GAS = 8_000_000
MOST = 2**255
"""As much as may go now."""
PARTS = (1, 4, 16)
"""Of what may meet the market in a minute: the larger the order, the more each unit of it costs."""
Pair = tuple[str, str, bool]
MOST_LOOKS = 3
"""Of those whom to ask about, the first are asked at once."""


class Why(StrEnum):
    """What a shift is for."""

    AGAINST = "one venue is long and another short"
    CARRY = "holding it elsewhere is cheaper"
    MARGIN = "margin there carries it no more"


@dataclass(frozen=True, slots=True)
class Holder:
    """One venue that is up. position: WAD. long, short: what 1 USD of each sign pays in a day, WAD. fee: of
    an order's notional, WAD."""

    address: str
    position: int
    long: int
    short: int
    fee: int

    def pays(self, *, long: bool) -> int:
        return self.long if long else self.short


@dataclass(frozen=True, slots=True)
class Shift:
    """What would go from a venue to another if it were sent now. asked: what to ask for; size: what goes,
    WAD."""

    source: str
    target: str
    asked: int
    size: int
    why: Why


def holders(h: Handles) -> list[Holder]:
    """The venues that are up and answer."""
    engine, found = h.router.engine, list[Holder]()
    for place in VenueSet(engine, h.venue.address).venues_up():
        venue = HedgeVenue(engine, place)
        try:
            carry, fee = venue.funding(), venue.quotation().fee
            found.append(Holder(place, venue.position(), carry.long, carry.short, fee))
        except Reverted:
            continue
    return found


def likely(h: Handles) -> Iterator[Call]:
    """What `due` asks, all at once instead of one after the other."""
    engine = h.router.engine
    yield Call(h.venue, "lot", (), None)
    yield Call(h.guardian, "words", (), None)
    for place in VenueSet(engine, h.venue.address).venues_up():
        venue = HedgeVenue(engine, place)
        for name in ("funding", "quotation", "position"):
            yield Call(venue, name, (), None)


@dataclass(slots=True)
class Cheaper:
    """What holding at another venue would have saved since that has been cheaper, as somebody has seen who
    looks again and again. A keeper moves once that is as much as the way costs: who believes the rates of now
    for all of the expected time goes there and back on noise, and pays both fees each time."""

    _saved: dict[Pair, int] = field(default_factory=dict[Pair, int])
    """WAD of notional, by source, target and whether it is long."""
    _looked: dict[Pair, int] = field(default_factory=dict[Pair, int])

    def look(self, held: Sequence[Holder], now: int) -> None:
        """Rates as they are now. Where a pair was seen last more than an hour ago nothing counts of the time
        between; of a venue that does not answer for a while nothing is forgotten."""
        for a, b in permutations(held, 2):
            for long in (True, False):
                key, differs = (a.address, b.address, long), a.pays(long=long) - b.pays(long=long)
                passed = now - self._looked.get(key, now)
                self._looked[key] = now
                if differs <= 0:
                    self._saved[key] = 0
                elif 0 < passed <= HOUR:
                    self._saved[key] = self._saved.get(key, 0) + differs * passed // DAY

    def saved(self, source: Holder, target: Holder) -> int:
        """By what the source holds, WAD of notional."""
        return self._saved.get((source.address, target.address, source.position > 0), 0)


def candidates(
    held: Sequence[Holder],
    lot: int,
    hours: int,
    *,
    cheaper: Cheaper | None = None,
    lacks_margin: bool = False,
) -> Iterator[tuple[Holder, Holder, Why]]:
    """Whom to ask about, the most promising first. hours: for which a hedge is expected to be held. cheaper:
    what others would have saved; None to go by the rates of now alone. lacks_margin: whether a position
    somewhere is more than its margin carries."""
    order = sorted(held, key=lambda one: one.position)
    if order and order[0].position <= -lot and order[-1].position >= lot:
        yield order[-1], order[0], Why.AGAINST
    pairs = [
        (a, b)
        for a, b in permutations(held, 2)
        if abs(a.position) >= lot and a.position * b.position >= 0
    ]
    if lacks_margin:
        yield from ((a, b, Why.MARGIN) for a, b in pairs)
    for saved, n in sorted(
        ((_saves(a, b, hours), n) for n, (a, b) in enumerate(pairs)), reverse=True
    ):
        a, b = pairs[n]
        costs = a.fee + b.fee
        has_lasted = cheaper is None or cheaper.saved(a, b) > costs
        if saved > costs and has_lasted and not lacks_margin:
            yield a, b, Why.CARRY


def due(
    h: Handles,
    account: str,
    *,
    cheaper: Cheaper | None = None,
    now: int = 0,
    lacks_margin: bool = False,
) -> Shift | None:
    """The first that the contract would let through now; None where it lets none. cheaper: as for
    `candidates`, told of the rates of now."""
    held, lot = holders(h), h.venue.lot()
    hours = terms.unpack(tuple(h.guardian.words()))["carry"]
    if cheaper is not None:
        cheaper.look(held, now)
    whom = list(candidates(held, lot, hours, cheaper=cheaper, lacks_margin=lacks_margin))
    h.router.engine.foresee(partial(_looks, h, account, whom))
    for source, target, why in whom:
        for asked in _sizes(h, source, lot, why):
            try:
                call = h.desk.shift(source.address, target.address, asked)
                size = call.simulate(account, GAS)
            except Reverted:
                continue
            return Shift(source.address, target.address, asked, size, why)
    return None


def _looks(h: Handles, account: str, whom: Sequence[tuple[Holder, Holder, Why]]) -> Iterator[Call]:
    """All that may go of each, and how much there is room for."""
    venues = VenueSet(h.router.engine, h.venue.address)
    for source, target, _ in whom[:MOST_LOOKS]:
        yield h.desk.shift(source.address, target.address, MOST).by(account, GAS)
        yield Call(venues, "chunk_left", (source.address, source.position < 0, False), None)


def _saves(source: Holder, target: Holder, hours: int) -> int:
    """What the source's position saves at the target, WAD of notional, before what moving it costs."""
    long = source.position > 0
    return (source.pays(long=long) - target.pays(long=long)) * hours // 24


def _sizes(h: Handles, source: Holder, lot: int, why: Why) -> Iterator[int]:
    """How much to ask for: for carry less and less, as far as a lot."""
    yield MOST
    if why is Why.CARRY:
        venues = VenueSet(h.router.engine, h.venue.address)
        room = venues.chunk_left(source.address, source.position < 0, False)
        for part in PARTS[1:]:
            if room // part >= lot:
                yield room // part
