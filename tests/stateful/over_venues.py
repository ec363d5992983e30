"""The same acts on markets over several venues, and more: a guardian takes one of them down, and anybody
moves the hedge between two."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, permutations
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from laws import LOT
from lenders import MOST_RATE, Lenders
from mortal import MortalMorpho
from several import SetWorld
from stage import TALLY, TERMS
from venue_marks import members, ours
from worlds import World, build

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, HOUR, WAD
from tandem.venues import VenueRecipe
from tandem.venues._several import SeveralRecipe
from tandem.venues.aave import AaveRecipe
from tandem.venues.curie import CurieRecipe

ADAPTER = compile_vyper("CurieVenue")
"""What every adapter answers."""
MOST = 3
"""Venues that a machine has."""
PLACES = st.integers(0, MOST - 1)


class OverVenues(Lenders):
    """Curie and a lending market that nobody else borrows from, so that interest is next to nothing."""

    venues = "curie+aave"

    @staticmethod
    def world() -> World:
        return over(CurieRecipe(), AaveRecipe(used=False))

    def __init__(self) -> None:
        super().__init__()
        self.w.down.clear()
        self.w.written_off.clear()

    def places(self) -> list[str]:
        """The adapters, in the order of the guardians' bits."""
        return list(self.w.tandem.venue.call("venues"))

    def adapters(self) -> list[Any]:
        return [self.w.engine.at(ADAPTER, place) for place in self.places()]

    @rule(place=PLACES, late=st.booleans())
    def venue_down(self, place: int, late: bool) -> None:
        """Trades go on at the others; the owner brings it back two days later, or once it was written off and
        the others hold its hedge too."""
        t, places = self.w.tandem, self.places()
        place %= len(places)
        self.note()
        venue = self.adapters()[place]
        self.taken_down(venue)
        self.remark()  # until then nothing opens
        others = tuple(p for p in places if p != venue.address)
        assert tuple(t.venue.call("venues_up")) == others
        # also what was liquidated after our last order there
        assert abs(t.router.call("position") - self.w.position()) <= self.w.drift
        if late:
            self.write_off(venue)
        self.rebalance(0)
        if self.open_holdings():
            self.close(place, 1, 2)
        self.brought_back(venue)
        self.w.push_wad(self.w.spot)
        if late:
            self.w.written_off.clear()
            self.book.position = self.w.position()
            TALLY["written off"] += 1
        TALLY["venue_down"] += 1

    def note(self) -> None:
        self.w.tandem.venue.send("note", sender=self.rogue)

    def write_off(self, venue: Contract) -> None:
        """VS-5: three days after its bit nothing of its position counts."""
        t, lost = self.w.tandem, venue.call("position")
        self.w.engine.advance(3 * DAY)
        self.w.push_wad(self.w.spot)
        self.w.written_off.add(venue.address)
        there = self.w.position()
        assert abs(there + lost - self.book.position) <= self.w.drift
        assert abs(t.router.call("position") - there) <= self.w.drift
        self.book.position = there

    @rule()
    def shift(self) -> None:
        """Anybody; what is long at one and short at another goes home at both, chunk by chunk."""
        self.netted()

    @rule(first=st.integers(0, 5), tenths=st.integers(1, 10), dear=st.booleans())
    def move(self, first: int, tenths: int, dear: bool) -> None:
        """VS-10: anybody, from any to any other, until there is a pair between which it goes; sometimes after
        strangers had borrowed what one of the lenders has for hours."""
        if abs(self.book.position) < LOT:
            self.mint_attended(0, 0, 40_000_000, first % 2 == 0)
        back = self.borrowed_for_hours(first) if dear else None
        self.w.engine.advance(61)  # a minute's chunk is whole again
        self.step(0)
        pairs = list(permutations(self.adapters(), 2))
        first %= len(pairs)
        for one, target in pairs[first:] + pairs[:first]:
            if abs(one.call("position")) >= LOT and self.moved(one, target, tenths):
                TALLY["move"] += 1
                break
        if back is not None:
            back()
            self.resync(MOST_RATE, HOUR)

    def borrowed_for_hours(self, pick: int) -> Callable[[], object] | None:
        """What we owe there, or give up, so that holding is known to be dear. How it comes back."""
        market, venue = self.lent(pick) or (None, None)
        back = self.lent_out(market, market.position(venue) < 0, 0)
        if back is None:
            return None
        for _ in range(2):
            self.w.tandem.venue.send("note", sender=self.rogue)
            self.w.engine.advance(2 * HOUR)
        self.resync(MOST_RATE, 5 * HOUR)
        self.w.push_wad(self.w.spot)
        return back

    def moved(self, one: Contract, target: Contract, tenths: int) -> bool:
        """The position stays, and where margin forces nothing what both legs took is no more than what
        holding counts for."""
        t, spot = self.w.tandem, self.w.spot
        held, across = one.call("position"), target.call("position")
        _, equity, _, carries = one.call("account", spot)
        least = abs(held) * spot // WAD * one.call("bounds", held)[0] // WAD
        before = self.w.position()
        call = t.desk.shift(one, target, abs(held) * tenths // 10)
        done = self.attempt("moved", call.send, self.rogue)
        if done is None:
            return False
        assert abs(self.w.position() - before) <= self.w.drift
        (event,) = done.events("Shifted")
        if held * across >= 0 and min(equity, carries) >= least:
            assert -event["received"] * 1_000 <= event["size"] * spot // WAD * 3
        return True

    def taken_down(self, venue: Contract) -> None:
        t = self.w.tandem
        t.guardian.take_down_one(self.places().index(venue.address)).send(t.roles.guardian)
        self.w.down.add(venue.address)

    def brought_back(self, venue: Contract) -> None:
        t = self.w.tandem
        t.guardian.bring_back_one(self.places().index(venue.address)).send(t.roles.deployer)
        self.w.engine.advance(2 * DAY)
        t.guardian.apply(0).send(t.roles.deployer)
        self.resync()  # to what it is, of what was known
        self.w.down.discard(venue.address)

    def netted(self) -> None:
        for pair in combinations(self.places(), 2):
            self.net(*pair)

    def net(self, one: str, other: str) -> None:
        """Chunk by chunk, for as long as the two are against each other."""
        t = self.w.tandem
        pair = [self.w.engine.at(ADAPTER, place) for place in (one, other)]
        for _ in range(20):
            held = [each.call("position") for each in pair]
            if min(abs(each) for each in held) < LOT or held[0] * held[1] > 0:
                return
            before = self.w.position()
            call = t.desk.shift(one, other, 10**30)
            if self.attempt("shift", call.send, self.rogue) is None:
                return
            assert abs(self.w.position() - before) <= self.w.drift
            self.w.engine.advance(60)
            self.w.push_wad(self.w.spot)

    def is_flat(self) -> bool:
        """A leg against others of which each is under the lot stays: no order and no netting is so small."""
        held = [ours(self.w, market, who) for market, who in members(self.w)]
        met = (min(abs(a), abs(b)) for a, b in combinations(held, 2) if a * b < 0)
        return abs(sum(held)) < LOT and all(least < LOT for least in met)


class OverThree(OverVenues):
    """And two lending markets of Morpho."""

    venues = "curie+aave+morpho"

    @staticmethod
    def world() -> World:
        return over(CurieRecipe(), AaveRecipe(used=False), MortalMorpho())


class OverThreeOfEight(OverThree):
    """The same, where lenders' base token has eight decimals."""

    venues = "curie+aave+morpho of eight"

    @staticmethod
    def world() -> World:
        return over(CurieRecipe(), AaveRecipe(used=False), MortalMorpho(), decimals=8)


def over(*members: VenueRecipe, decimals: int = 18) -> World:
    """A market over a set of these. decimals: of a lender's base token."""
    settings, recipe = DeploySettings(terms=TERMS), SeveralRecipe(members)
    return build(settings=settings, fees=True, venue=recipe, decimals=decimals, kind=SetWorld)
