"""The course of the world around a plan: what oracle, pool, desk and keeper do, whoever plays.

It is the same with a plan and without one, to the second, and at its end everything is counted. So a
profit is what the plan alone brought: shares that would have risen anyway, and time that would have
passed anyway, stand on both sides.
"""

from __future__ import annotations

import bisect
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import sqrt

from plans import Weather
from worlds import World

from tandem.errors import Reverted
from tandem.model import svi
from tandem.protocol.series import Series
from tandem.units import HOUR, WAD

CATCHES_UP = 120  # seconds after which the oracle knows the truth, and who arbitrages has acted
OPERATORS = (180, 780, 2_400, 5_400, 9_000)  # they refresh, and the desk posts
KEEPER = 5_400  # from here on the keeper settles, hedges and processes
MINUTE = 60
CHUNKS = 40  # minutes in a row in which he brings a residual home (HG-17)
END = 1_200  # seconds for everybody's unwinding


def more_volatile(slice_: svi.Slice, points: float) -> svi.Slice:
    """The slice with the volatility at the forward this many points higher."""
    s = slice_
    at = s.a + s.b * (s.rho * -s.m + sqrt(s.m * s.m + s.s * s.s))
    return replace(s, a=s.a + (sqrt(at) + points / 100) ** 2 - at)


@dataclass(slots=True)
class Course:
    """One play: the market, what is true, and what is still to happen."""

    w: World
    weather: Weather
    truth: int = 0  # WAD
    start: int = 0
    rounds: list[tuple[int, int]] = field(default_factory=list)  # time, id
    true_slices: dict[int, svi.Slice] = field(default_factory=dict)
    events: list[tuple[int, str, *tuple[int, ...]]] = field(default_factory=list)
    # when, which method, and with what

    def begin(self) -> None:
        """The weather, then the clock."""
        w, sky = self.w, self.weather
        self.rounds.append((int(w.curie.feed.call("latestRoundData")[3]), w.round_id()))
        base = w.spot
        if sky.jump:
            self.tell(int(base * (1 + sky.jump / 100)))
            w.curie.converge()
        w.post()
        w.engine.advance(61)
        self.truth = int(base * (1 + sky.jump / 100) * (1 + sky.lag / 100))
        if sky.lag:
            w.curie.converge(self.truth)
        self.true_slices = {
            e: more_volatile(s, sky.vol) for e, s in w.slices.items() if e > w.engine.now()
        }
        self.start = w.engine.now()
        later = range(5 * HOUR, sky.hours * HOUR, 3 * HOUR)
        self.events = [(self.start + CATCHES_UP, "_oracle")]
        self.events += [(self.start + t, "_operators") for t in (*OPERATORS, *later)]

    def again(self) -> Course:
        """The same course from its beginning, for another play."""
        return replace(self, rounds=[*self.rounds], events=[*self.events])

    @property
    def end(self) -> int:
        return self.start + self.weather.hours * HOUR

    # ---- what happens by itself
    def tell(self, price: int) -> None:
        """A round of the feed."""
        self.w.push_wad(price)
        self.rounds.append((self.w.engine.now(), self.w.round_id()))

    def _oracle(self) -> None:
        self.tell(self.truth)
        self.w.curie.converge(self.truth)

    def _operators(self) -> None:
        self.tell(self.w.spot)
        self.w.curie.converge(self.truth)
        self.post()
        if self.w.engine.now() >= self.start + KEEPER:
            self.keep()
            self._come_again(CHUNKS)

    def _come_again(self, left: int) -> None:
        """The keeper a minute later, while a residual has to go home chunk after chunk; whoever plays
        has that minute before him."""
        stance = self.w.tandem.snapshot().stance
        if left and abs(stance.residual) > max(stance.width, stance.trigger):
            at = self.w.engine.now() + MINUTE
            bisect.insort(self.events, (at, "_chunk", left - 1), key=lambda event: event[0])

    def _chunk(self, left: int) -> None:
        self.w.curie.converge(self.truth)
        with suppress(Reverted):
            self.w.tandem.rebalance()
        with suppress(Reverted):
            self.w.tandem.router.send("top_up", sender=self.w.tandem.keeper)
        self._come_again(left)

    def post(self) -> None:
        """The desk signs what it believes, the farther first where the surface rises."""
        w = self.w
        for expiry, true in sorted(self.true_slices.items(), reverse=self.weather.vol > 0):
            if expiry <= w.engine.now() + 1:
                continue
            slice_ = replace(w.slices[expiry], a=true.a)
            with suppress(Reverted):
                w.tandem.post({expiry: slice_})
                w.slices[expiry] = slice_

    def settle(self) -> None:
        """With the first round at or after the expiry, where there is one."""
        w = self.w
        for expiry in (w.near, w.far):
            if expiry <= w.engine.now():
                first = next((id for at, id in self.rounds if at >= expiry), None)
                if first is not None:
                    w.tandem.settle(expiry, first)

    def keep(self) -> None:
        """What the keeper does in a cycle. Where no exit may be processed it marks the Vault, so that
        the wait for a calm moment begins by itself, and ends by itself (SH-8)."""
        t = self.w.tandem
        for act in (
            self.settle,
            lambda: t.router.send("top_up", sender=t.keeper),
            lambda: t.rebalance(),
            lambda: t.router.send("sweep", sender=t.keeper),
            lambda: t.vault.send("poke", sender=t.keeper),
            lambda: t.vault.send("process", 4, sender=t.keeper),
        ):
            with suppress(Reverted):
                act()

    # ---- time
    def pass_time(self, seconds: int = 0) -> None:
        """So many seconds, with what is due in them."""
        engine = self.w.engine
        until = engine.now() + seconds
        while self.events and self.events[0][0] <= until:
            when, event, *more = self.events.pop(0)
            if engine.now() < when:
                engine.set_time(when)
            getattr(self, event)(*more)
        if engine.now() < until:
            engine.set_time(until)

    def last_hour(self) -> None:
        """To the end, and there to a surface that is true, or as near as time allowed."""
        self.pass_time(max(self.end - self.w.engine.now(), 0))
        self._operators()

    def last_mark(self) -> None:
        """Everything at rest, marked at a moment that no plan moves."""
        self.pass_time(max(self.end + END - self.w.engine.now(), 0))
        for _ in range(2):
            self._operators()
        self.w.tandem.vault.send("poke", sender=self.w.tandem.keeper)

    def intrinsic(self, series: Series) -> float:
        """USD per ETH that an option pays at the truth: no option is worth less."""
        return series.payoff(self.truth / WAD)

    def carry(self, assets: int, since: int) -> int:
        """What so much money, deposited then, earns by standing there while nothing moves: the
        book's time value, token units. It is what LPs are paid for risk that this course has not."""
        w = self.w
        gamma = abs(w.tandem.snapshot().stance.gamma) / WAD
        spot, nav = w.spot / WAD, w.tandem.vault.call("totalAssets")
        years = (w.engine.now() - since) / (365 * 24 * HOUR)
        earned = 0.5 * gamma * spot * spot * 0.5 * years * 10**6
        return int(earned * min(assets / max(nav, 1), 1.0))
