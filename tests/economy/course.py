"""The course of the world around a plan: what oracle, pool, desk and keeper do, whoever plays.

It is the same with a plan and without one, to the second, and at its end everything is counted. So a
profit is what the plan alone brought: shares that would have risen anyway, and time that would have
passed anyway, stand on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import sqrt

from books import PARTIES
from plans import Weather
from several import SetWorld
from worlds import World

from tandem.engine.base import Receipt
from tandem.errors import Reverted
from tandem.model import svi
from tandem.protocol.gifts import accept
from tandem.protocol.series import Series
from tandem.units import HOUR, WAD
from tandem.venues import members

CATCHES_UP = 120  # seconds after which the oracle knows the truth, and who arbitrages has acted
OPERATORS = (180, 780, 2_400, 5_400, 9_000)  # they refresh, and the desk posts
MINUTE = 60  # between two looks of the keeper
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
    events: list[tuple[int, str]] = field(default_factory=list)  # when, what of the methods below
    look: int = 0  # when the keeper looks next
    pause: int = MINUTE  # how long it looks away while nothing comes of it
    news: bool = True  # something happened since it looked
    knows: bool = False  # whether the oracle says what is true, and who arbitrages acts on it
    held: int = 0  # until when nobody but the parties relays what the desk signs
    beyond: int = 0  # seconds of outages, in which nothing happens
    marked: int = 0  # when it marked the Vault last
    left: int = 0  # what those who leave were paid, token units
    stood: float = 0.0  # seconds that the parties stood for the book, times their part of it
    part: float = 0.0  # which that is now
    since: int = 0  # when it became so
    fees: Counter[int] = field(
        default_factory=Counter[int]
    )  # of the protocol's orders, WAD, by place

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
        self.stand()
        self.stood = 0.0
        self.look = self.start + MINUTE
        later = range(5 * HOUR, sky.hours * HOUR, 3 * HOUR)
        self.events = [(self.start + CATCHES_UP, "_oracle")]
        self.events += [(self.start + t, "_operators") for t in (*OPERATORS, *later)]

    def again(self) -> Course:
        """The same course from its beginning, for another play."""
        return replace(self, rounds=[*self.rounds], events=[*self.events], fees=Counter[int]())

    @property
    def end(self) -> int:
        return self.start + self.weather.hours * HOUR + self.beyond

    # ---- what happens by itself
    def tell(self, price: int) -> None:
        """A round of the feed."""
        self.w.push_wad(price)
        self.rounds.append((self.w.engine.now(), self.w.round_id()))

    def _oracle(self) -> None:
        self.tell(self.truth)
        self.knows = True
        self.w.curie.converge(self.truth)
        self.stir()

    def _operators(self) -> None:
        self.tell(self.w.spot)
        self.w.curie.converge(self.truth)
        if self.w.engine.now() >= self.held:
            self.post()
        self.stir()

    def post(self, only: int = 0, age: int = 0) -> list[Receipt]:
        """The desk signs what it believes, the farther first where the surface rises.

        @param only: the expiry whose slice is relayed alone, 0 for all.
        @param age: seconds since it was signed."""
        w, posted = self.w, list[Receipt]()
        for expiry, true in sorted(self.true_slices.items(), reverse=self.weather.vol > 0):
            now = w.engine.now()
            if expiry <= now + 1 or (only and expiry != only):
                continue
            slice_ = replace(w.slices[expiry], a=true.a)
            with suppress(Reverted):
                posted.append(w.tandem.post_call(expiry, slice_, now - age).send())
                w.slices[expiry] = slice_
        return posted

    def settle(self) -> list[Receipt]:
        """With the first round at or after the expiry, where there is one."""
        w, settled = self.w, list[Receipt]()
        for expiry in (w.near, w.far):
            if expiry <= w.engine.now():
                first = next((id for at, id in self.rounds if at >= expiry), None)
                if first is not None:
                    settled.append(w.tandem.settle(expiry, first))
        return settled

    # ---- the keeper
    def stir(self) -> None:
        """Something happened: it is looked at a minute later, and again each minute."""
        self.pause, self.news = MINUTE, True
        self.look = min(self.look, self.w.engine.now() + MINUTE)

    def keep(self) -> None:
        """What the keeper does in a cycle, once a minute; where nothing comes of it the next look is
        twice as far away, for the world stands still between two events. Who arbitrages is no later than
        it, and acts where that pays the venue's fee."""
        for market, _ in members(self.w.curie, self.w.tandem.venue.address):
            if self.knows and abs(market.pool_price() - self.truth) * 1_000 > self.truth:
                market.converge(self.truth)
        moved = self.cycle()
        self.pause = MINUTE if moved else min(2 * self.pause, HOUR)
        self.look = self.w.engine.now() + self.pause

    def cycle(self) -> bool:
        """Each act as soon as it goes through. Margin is looked at where something happened.

        @return: whether it moved anything."""
        t, news = self.w.tandem, self.news
        if news and isinstance(self.w, SetWorld):
            self.accept()
        acts: list[Callable[[], object]] = [self.settle, self.exits]
        if self.residual():
            acts.insert(1, self.rebalance)
        if news:
            acts.insert(1, lambda: t.desk.send("top_up", sender=t.keeper))
            acts.insert(-1, lambda: t.desk.send("sweep", sender=t.keeper))
        moved = False
        for act in acts:
            with suppress(Reverted):
                moved |= bool(act())
        self.news = moved
        return moved

    def accept(self) -> None:
        """What was lent in our name is put aside before anything else (VS-8); an exchange has nothing to."""
        t = self.w.tandem
        for _, venue in members(self.w.curie, t.venue.address):
            with suppress(Reverted):
                accept(self.w.engine, venue).send(t.keeper)

    def count(self, receipt: Receipt) -> None:
        """What an act paid to those who leave, and to makers."""
        paid = sum(int(e["assets"]) for e in receipt.events("EpochProcessed"))
        self.left += paid
        if paid:
            self.stand()
        legs = receipt.events("LegFilled")
        for leg in legs:
            self.fees[self.places.index(str(leg["venue"]))] += int(leg["fee"])
        if not legs:
            self.fees[0] += sum(int(e["venue_fee"]) for e in receipt.events("Hedged"))

    @property
    def places(self) -> list[str]:
        """The adapters that take orders, in the order of the plans' places."""
        return [venue for _, venue in members(self.w.curie, self.w.tandem.venue.address)]

    def stand(self) -> None:
        """Somebody entered or left: from now on another part of the book is the parties'."""
        now, vault = self.w.engine.now(), self.w.tandem.vault
        self.stood += self.part * (now - self.since)
        mine = sum(
            vault.call("balanceOf", who) + vault.call("pendingRedeemRequest", 0, who)
            for who in PARTIES
        )
        self.since, self.part = now, mine / max(vault.call("totalSupply"), 1)

    def rebalance(self) -> bool:
        self.count(self.w.tandem.rebalance())
        return True

    def residual(self) -> bool:
        """Whether there may be one: something is hedged or open."""
        open_ = self.w.tandem.market.call("liabilities")[0] != 0
        return open_ or self.w.position() != 0

    def exits(self) -> bool:
        """Those that are due. Where none may be processed the Vault is marked, hourly, so that the wait
        for a calm moment begins by itself, and ends by itself (SH-8).

        @return: whether somebody left."""
        t, now = self.w.tandem, self.w.engine.now()
        if not t.vault.call("balanceOf", t.vault):
            return False
        try:
            receipt = t.vault.send("process", 4, sender=t.keeper)
            self.count(receipt)
            return bool(receipt.returned)
        except Reverted:
            if now >= self.marked + HOUR:
                t.vault.send("poke", sender=t.keeper)
                self.marked = now
            return False

    # ---- time
    def put_off(self, seconds: int) -> None:
        """So many were an outage: what was still to happen is later by them, and the keeper looks soon."""
        self.events = [(at + seconds, event) for at, event in self.events]
        self.beyond += seconds
        self.look = self.w.engine.now() + MINUTE
        self.stir()

    def pass_time(self, seconds: int = 0) -> None:
        """So many seconds, with what is due in them."""
        until = self.w.engine.now() + seconds
        while (due := min(self.look, self.events[0][0] if self.events else until + 1)) <= until:
            event = "keep" if due == self.look else self.events.pop(0)[1]
            if self.w.engine.now() < due:
                self.w.engine.set_time(due)
            getattr(self, event)()
        if self.w.engine.now() < until:
            self.w.engine.set_time(until)

    def last_hour(self) -> None:
        """To the end, and there to a surface that is true, or as near as time allowed."""
        self.pass_time(max(self.end - self.w.engine.now(), 0))
        self.held = 0
        self._operators()
        self.cycle()

    def last_mark(self) -> None:
        """Everything at rest, marked at a moment that no plan moves. Signers follow what they had left, or
        nothing would be marked."""
        self.pass_time(max(self.end + END - self.w.engine.now(), 0))
        self.w.slices |= self.w.left
        self.true_slices = self.true_slices | self.w.left
        for _ in range(2):
            self._operators()
            self.cycle()
        self.w.tandem.vault.send("poke", sender=self.w.tandem.keeper)
        self.stand()

    def intrinsic(self, series: Series) -> float:
        """USD per ETH that an option pays at the truth: no option is worth less."""
        return series.payoff(self.truth / WAD)
