"""The market and the venue around us: prices, surfaces, listings, time; and the keeper who follows."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule
from laws import DUST, check
from stage import TALLY, Stage
from venue_marks import members
from worlds import LADDER

from tandem.errors import Reverted
from tandem.protocol.series import next_expiry
from tandem.units import DAY, WAD

FRESH = 600


class Surroundings(Stage):
    """What moves whether anybody trades or not, and what anybody may do about it."""

    reach = (1_200, 6_000)
    """Of the price, USD."""

    def freshen(self) -> None:
        """The keeper's part: prices and surfaces that a trade accepts."""
        w, now = self.w, self.w.engine.now()
        stale = [e for e, at in self.posted.items() if e > now + 1 and now - at > FRESH]
        if stale:
            w.push_wad(w.spot)
        for expiry in stale:
            self.post(expiry, self.w.slices[expiry])
        if stale:
            w.engine.advance(61)

    def post(self, expiry: int, slice_: Any) -> bool:
        now = self.w.engine.now()
        call = self.w.tandem.post_call(expiry, slice_, now)
        send = self.w.engine.send
        done = self.attempt("post", send, call.contract, call.fn, *call.args, sender=call.sender)
        if done is not None:
            self.posted[expiry] = now
            window = self.w.terms()["surface_window"]
            before = self.w.slices.get(expiry, slice_)
            self.book.beside[expiry] = (before, done.timestamp + window)
            self.w.slices[expiry] = slice_
        return done is not None

    @rule(days=st.integers(8, 40))
    def list_expiry(self, days: int) -> None:
        expiry = next_expiry(self.w.engine.now(), days)
        if expiry in self.posted or expiry in self.book.settled:
            return
        done = self.attempt("list_expiry", self.w.tandem.list_expiry, expiry, LADDER)
        if done is not None:
            self.post(expiry, self.w.slices[max(self.w.slices)])

    @pytest.mark.proves("BK-7")
    @rule(pick=st.integers(0, 7), stays=st.integers(0, 3))
    def delist(self, pick: int, stays: int) -> None:
        """A lister: an expiry opens again, or opens no more (`traders.open`), one time in four for longer."""
        t, now = self.w.tandem, self.w.engine.now()
        ahead = [e for e in self.posted if e > now + 1]
        if not ahead:
            return
        expiry = ahead[pick % len(ahead)]
        if expiry not in self.delisted:
            t.delist(expiry)
            self.delisted.add(expiry)
            TALLY["delist"] += 1
            if stays == 0:
                return
        t.list_expiry(expiry, LADDER[:1])
        self.delisted.remove(expiry)

    @rule(pick=st.integers(0, 7), variance=st.floats(-0.006, 0.006))
    def move_surface(self, pick: int, variance: float) -> None:
        ahead = [e for e in self.posted if e > self.w.engine.now() + 3_600]
        if not ahead:
            return
        expiry = ahead[pick % len(ahead)]
        self.w.engine.advance(600)
        old = self.w.slices[expiry]
        if self.post(expiry, type(old)(**_fields(old) | {"a": old.a + variance})):
            TALLY["move_surface"] += 1

    @rule(percent=st.floats(-3, 3), follow=st.booleans())
    def move_oracle(self, percent: float, follow: bool) -> None:
        self.step(percent)
        TALLY["move_oracle"] += 1
        if follow:
            self.arbitrage()

    @rule(percent=st.sampled_from([-20, -15, -8, 8, 15, 20]), follow=st.booleans())
    def jump(self, percent: int, follow: bool) -> None:
        self.step(percent)
        TALLY["jump"] += 1
        if follow:
            self.arbitrage()

    def step(self, percent: float) -> None:
        price = int(self.w.spot * (1 + percent / 100)) // 10**10 * 10**10
        least, most = self.reach
        self.w.push_wad(min(max(price, least * WAD), most * WAD))

    @rule()
    def arbitrage(self) -> None:
        with suppress(Reverted):  # at most a tenth in 15 seconds
            TALLY["arbitrage"] += self.w.curie.converge() > 0

    @rule(percent=st.sampled_from([-2.0, -0.4, 0.4, 2.0]))
    def skew_pool(self, percent: float) -> None:
        """Somebody pushes the pool away from the oracle."""
        target = int(self.w.spot * (1 + percent / 100))
        with suppress(Reverted):
            TALLY["skew_pool"] += self.w.curie.arbitrage(target) is not None

    @rule(seconds=st.sampled_from([30, 900, 4_000, DAY // 2, 3 * DAY]))
    def pass_time(self, seconds: int) -> None:
        self.w.engine.advance(seconds)
        self.w.tell(self.rogue)
        TALLY["pass_time"] += 1

    @pytest.mark.proves("HG-2", "HG-9")
    @rule(keep=st.sampled_from([0, 0, 2, 4]))
    def rebalance(self, keep: int) -> None:
        """Anybody; to zero, or to a part of the residual."""
        stance = self.w.tandem.snapshot().stance
        target = stance.residual // keep if keep else 0
        done = self.attempt("rebalance", self.w.tandem.rebalance, target, sender=self.rogue)
        if done is None:
            return
        (event,) = done.events("Hedged")
        if done.events("HedgeWaits"):
            assert event["order"] == 0
            TALLY["wait"] += 1
        else:
            assert abs(event["residual_after"]) < abs(event["residual_before"])
            if self.waits_for_a_price():
                assert abs(event["position_after"]) < abs(self.book.position)  # HG-18
        self.hedged(done, opens=False)

    def waits_for_a_price(self) -> bool:
        """Whether an expiry with open options is past."""
        now = self.w.engine.now()
        return any(s.expiry <= now for s in self.book.sold())

    @rule(up=st.booleans())
    def margin(self, up: bool) -> None:
        self.top_up() if up else self.sweep()

    def lower(self) -> None:
        """Anybody; where margin is short and nothing may be lent."""
        before = self.w.floor()
        send = self.w.tandem.desk.send
        done = self.attempt("delever", send, "delever", sender=self.rogue)
        if done is None:
            return
        held, self.book.position = self.book.position, self.w.position()
        lowered = abs(held) - abs(self.book.position)
        if len(members(self.w)) > 1:  # one of them, which may be held against another
            lowered = abs(held - self.book.position)
        off = abs(lowered - abs(done.returned))
        check(
            [
                ("a delever lowers the hedge by its order", off < DUST + self.w.drift, True),
                ("or begins to wait", lowered > 0 or bool(done.events("HedgeWaits")), True),
                ("it leaves the floor alone", self.w.floor(), before),
            ]
        )  # fmt: skip

    def top_up(self) -> None:
        send = self.w.tandem.desk.send
        for _ in members(self.w):
            done = self.attempt("top_up", send, "top_up", sender=self.rogue)
            if done is not None:
                self.book.cash -= done.returned
                self.book.moved(done.returned)
                self.put_aside()

    def sweep(self) -> None:
        send = self.w.tandem.desk.send
        for _ in members(self.w):
            done = self.attempt("sweep", send, "sweep", sender=self.rogue)
            if done is not None:
                self.book.cash += done.returned
                self.book.moved(-done.returned)
                self.put_aside()

    def put_aside(self) -> None:
        """What others gave of the hedge's own token moves no position any more (LM-2)."""


def _fields(slice_: Any) -> dict[str, float]:
    return {name: getattr(slice_, name) for name in slice_.__slots__}
