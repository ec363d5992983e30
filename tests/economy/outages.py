"""A rollup's sequencer that is down, or a price feed that is silent: nobody sends anything, while the price
moves by what a plan says. Beside a silent feed somebody could; whatever needs a price is refused there, and
what does not is played beside the outages of which a plan knows when they end.

By the move somebody wins, whoever has what it moves, and he has earned it by no act: it is luck. A plan
is told what it will be, and no live market is. So with a plan and without one the same outage comes in the
same second, and what everybody had in that second is counted as if the price had stood still: positions,
options by their surface, and shares by what they are a part of. The funding of those hours is luck as well,
in which a pool stands where it is and nobody may correct it. What is left is what somebody made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from books import PARTIES
from course import Course
from floors import ExchangeFloor, Floor
from known import YEAR, worth
from worlds import ETH, WINDOW, World

from tandem.errors import Reverted
from tandem.protocol.series import Series
from tandem.units import HOUR, WAD
from tandem.venues import members
from tandem.venues.curie import Curie

GRACE = HOUR  # for which everybody waits behind it, as a deployment has it
ROUND = 120  # seconds after which the oracle has its first round, and who arbitrages has acted
Held = Mapping[tuple[str, Series], int]


@dataclass(frozen=True, slots=True)
class Outage:
    """When it began, how long it was, and what the price did meanwhile, per cent. of_feed: the price feed's
    alone, behind which nobody waits for a grace."""

    at: int
    seconds: int
    move: float
    of_feed: bool = False

    @property
    def later(self) -> int:
        """Seconds from its beginning to the first act behind it."""
        return self.seconds if self.of_feed else self.seconds + GRACE


@dataclass(frozen=True, slots=True)
class Luck:
    """USD that a move brings by what is had before it: the parties, the LP who plays no part, and by their
    shares those who wait to leave."""

    parties: float = 0.0
    outside: float = 0.0
    leaving: float = 0.0

    def __add__(self, other: Luck) -> Luck:
        return Luck(
            self.parties + other.parties,
            self.outside + other.outside,
            self.leaving + other.leaving,
        )


def endured(course: Course, outage: Outage, held: Held, floors: Iterable[Floor]) -> Luck:
    """From its first second to the first in which somebody may act again, before anybody does.

    @return: what it brought by what was had before it."""
    parts = parts_of(course.w)
    exchanges = [f.market for f in floors if isinstance(f, ExchangeFloor)]
    brought = moves(course, outage, held, floors)
    before = funding(course.w, exchanges)
    (heard_again if outage.of_feed else passed)(course, outage)
    after = funding(course.w, exchanges)
    mine, ours = (one + then - now for one, then, now in zip(brought, before, after, strict=True))
    return Luck(mine + ours * parts.parties, ours * parts.outside, ours * parts.leaving)


def passed(course: Course, outage: Outage) -> None:
    """An oracle and who arbitrages are back as soon as the sequencer is, and the desk posts in time for the
    end of the grace, or with the keeper a minute after it where whoever alone relays holds back what is
    signed. He does no longer: what he would have by that, docs/weaknesses.md says."""
    w, began = course.w, course.w.engine.now()
    w.halt(outage.seconds)
    over = w.engine.now() + GRACE + 1
    course.truth = int(course.truth * (1 + outage.move / 100))
    course.knows = True
    for at in (w.engine.now() + ROUND, over - WINDOW - len(w.slices) - 1):
        w.engine.set_time(at)
        course.tell(course.truth)
        w.curie.converge(course.truth)
    if course.held <= w.engine.now():
        course.post()
    course.held = 0
    w.engine.set_time(max(over, w.engine.now()))
    course.put_off(w.engine.now() - began)


def heard_again(course: Course, outage: Outage) -> None:
    """The feed says what is true, the pools are there, and the desk posts, all in the first second."""
    w, began = course.w, course.w.engine.now()
    w.engine.set_time(began + outage.seconds)
    course.truth = int(course.truth * (1 + outage.move / 100))
    course.knows = True
    course.tell(course.truth)
    w.curie.converge(course.truth)
    if course.held <= w.engine.now():
        course.post()
    course.held = 0
    course.put_off(w.engine.now() - began)


def parts_of(w: World) -> Luck:
    """What part of the book is whose."""
    vault, lp = w.tandem.vault, w.tandem.lp
    everything = max(vault.call("totalSupply"), 1)

    def part(*people: str) -> float:
        shares = (
            vault.call("balanceOf", who) + vault.call("pendingRedeemRequest", 0, who)
            for who in people
        )
        return sum(shares) / everything

    return Luck(part(*PARTIES), part(lp), vault.call("balanceOf", vault) / everything)


def moves(
    course: Course, outage: Outage, held: Held, floors: Iterable[Floor]
) -> tuple[float, float]:
    """USD that the move will bring what the parties have themselves, and the book with its hedge."""
    w, change = course.w, course.truth / WAD * outage.move / 100
    seen = w.tandem.lens.snapshot()  # what somebody lent in our name is no part of its position
    book = sum(
        moved(course, outage, row.expiry, [*zip(row.strikes, row.sizes, strict=True)], row.forward)
        for row in seen.expiries
        if row.strikes
    )
    options = sum(moved(course, outage, s.expiry, *as_calls(s, n)) for (_, s), n in held.items())
    return options + ether_of(w, floors) * change, seen.position / WAD * change - book


def ether_of(w: World, floors: Iterable[Floor]) -> float:
    """What the parties have of it, out of the pools that they make: what they lose there by the move is
    theirs."""
    floors = [*floors]
    with w.undone():
        for floor in floors:
            for who in PARTIES:
                with suppress(Reverted):
                    floor.leave(who)
        return sum(floor.position(who) for floor in floors for who in PARTIES) / WAD


def funding(w: World, exchanges: Iterable[Curie]) -> tuple[float, float]:
    """USD of it that is open: what the parties owe themselves, and what our account owes."""
    mine = sum(market.owed_funding(who) for market in exchanges for who in PARTIES)
    ours = sum(
        market.owed_funding(venue)
        for market, venue in members(w.curie, w.tandem.venue.address)
        if isinstance(market, Curie)
    )
    return mine, ours


def as_calls(series: Series, units: int) -> tuple[list[tuple[int, int]], int]:
    """An option as the book has it: calls, and units of a forward, of which a put is short."""
    kinks = [(series.strike, units)]
    if series.other:
        kinks.append((series.other, -units))
    return kinks, -units if series.is_put and not series.other else 0


def moved(
    course: Course, outage: Outage, expiry: int, kinks: list[tuple[int, int]], forward: int
) -> float:
    """USD by which calls and units of a forward are worth more behind the move, by the true surface. Time
    brings the same without it, and is nobody's luck."""
    w, later = course.w, outage.later
    slice_ = course.true_slices.get(expiry, w.slices.get(expiry))
    tau = (expiry - w.engine.now() - later) / YEAR
    if slice_ is None or tau <= 0 or not any(size for _, size in kinks):
        return 0.0

    def at(truth: float) -> float:
        ahead = float(slice_.forward(truth, tau)) * forward / ETH
        return worth(w, slice_, expiry, kinks, later, truth) + ahead

    before = course.truth / WAD
    return at(before * (1 + outage.move / 100)) - at(before)
