"""The same acts on a market over two venues, and one more: a guardian takes one of them down."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule
from laws import LOT
from machine import Machine
from several import SetWorld
from stage import TALLY, TERMS
from worlds import World, build

from tandem.engine.artifacts import compile_vyper
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, WAD
from tandem.venues._several import SeveralRecipe
from tandem.venues.aave import AaveRecipe
from tandem.venues.curie import CurieRecipe

ADAPTER = compile_vyper("CurieVenue")
"""What both adapters answer."""


class OverVenues(Machine):
    """Curie and a lending market that nobody else borrows from, so that interest is next to nothing."""

    venues = "curie+aave"

    @staticmethod
    def world() -> World:
        pair = SeveralRecipe((CurieRecipe(), AaveRecipe(used=False)))
        settings = DeploySettings(terms=TERMS)
        return build(settings=settings, fees=True, venue=pair, kind=SetWorld)

    @rule(place=st.integers(0, 1))
    def venue_down(self, place: int) -> None:
        """Trades go on at the other; the owner brings it back two days later."""
        t = self.w.tandem
        t.venue.send("note", sender=self.rogue)
        t.guardian.take_down_one(place).send(t.roles.guardian)
        other = t.venue.call("venues")[1 - place]
        assert t.venue.call("venues_up") == (other,)
        # also what was liquidated after our last order there
        assert abs(t.router.call("position") - self.w.position()) <= self.w.drift
        self.rebalance(0)
        if self.open_holdings():
            self.close(place, 1, 2)
        t.guardian.bring_back_one(place).send(t.roles.deployer)
        self.w.engine.advance(2 * DAY)
        t.guardian.apply(0).send(t.roles.deployer)
        self.w.push_wad(self.w.spot)
        TALLY["venue_down"] += 1

    @rule()
    def shift(self) -> None:
        """Anybody; what is long at one and short at the other goes home at both, chunk by chunk."""
        self.netted()

    @rule(place=st.integers(0, 1), tenths=st.integers(1, 10))
    def move(self, place: int, tenths: int) -> None:
        """VS-10: anybody, from either to the other. The position stays, and where margin forces nothing what
        both legs took is no more than what holding counts for."""
        t, spot = self.w.tandem, self.w.spot
        source, target = (
            self.w.engine.at(ADAPTER, p) for p in t.venue.call("venues")[:: 1 - 2 * place]
        )
        held, other = source.call("position"), target.call("position")
        if abs(held) < LOT:
            return
        _, equity, _, carries = source.call("account", spot)
        least = abs(held) * spot // WAD * source.call("bounds", held)[0] // WAD
        before = self.w.position()
        call = t.desk.shift(source, target, abs(held) * tenths // 10)
        done = self.attempt("move", call.send, self.rogue)
        if done is None:
            return
        assert abs(self.w.position() - before) <= self.w.drift
        (event,) = done.events("Shifted")
        if held * other >= 0 and min(equity, carries) >= least:
            assert -event["received"] * 1_000 <= event["size"] * spot // WAD * 3

    def netted(self) -> None:
        t = self.w.tandem
        places = t.venue.call("venues")
        for _ in range(20):
            held = [self.w.engine.at(ADAPTER, place).call("position") for place in places]
            if min(abs(each) for each in held) < LOT or held[0] * held[1] > 0:
                return
            before = self.w.position()
            call = t.desk.shift(*places, 10**30)
            if self.attempt("shift", call.send, self.rogue) is None:
                return
            assert abs(self.w.position() - before) <= self.w.drift
            self.w.engine.advance(60)
            self.w.push_wad(self.w.spot)

    def is_flat(self) -> bool:
        places = self.w.tandem.venue.call("venues")
        return all(abs(self.w.engine.at(ADAPTER, p).call("position")) < LOT for p in places)
