"""Gate, hour and depth at their bounds: the owner tightens them, and traders fill what is left."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule
from stage import REFUSED, TALLY
from traders import OUT, RUNGS, Traders

from tandem.protocol import terms
from tandem.units import DAY, UNIT, USD, WAD

# What binds after a trade or two: a twentieth of NAV for the worst jump, 3 % of it for an hour's opens, and
# an hour to go home.
TIGHT = {"gate": 500, "hour": 300, "unwind": 1}

# How often the other half comes as the time goes.
HALVES = {"gate": 0, "hour": 1, "unwind": 3}

# Tries that fill an hour to a tenth of itself, half as large where one is refused: from the largest trade on.
HALVINGS = 12

# Where the venue's market is deepest; a fortieth farther it is a fifth of it.
CENTRE = 2_500 * WAD

# Bits of the flags: paused, down, tripped, and in distress.
STOPPED = 7 | 256


class Gates(Traders):
    """Whoever wants more than there is."""

    @pytest.mark.proves("GT-2")
    @rule()
    def mark_by_anybody(self) -> None:
        self.remark()

    @pytest.mark.proves("GT-1", "BR-4", "BR-6")
    @rule(name=st.sampled_from([*TIGHT, "gate", "gate", *[None] * 2]), put=st.booleans(), out=OUT)
    def fill(self, name: str | None, put: bool, out: int) -> None:
        """The owner tightens one of the three, the book is marked, and a trader takes what there is; past the
        gate somebody wants an option that makes no jump worse."""
        w = self.w
        if name is None or w.terms()["flags"] & STOPPED:
            return
        self.have_expiry()
        if name == "unwind":  # what a floor carries that has room
            self.deposit(0, 400_000 * USD)
        if name == "gate":  # more than it will carry, where the floor does
            self.attend(2)
            self.mark_anew()
            self.take(name, put, out, most=2)
        index = terms.FIELDS[name].index
        w.tandem.guardian.send("set_term", index, TIGHT[name], sender=w.tandem.roles.deployer)
        if name == "unwind" and abs(w.spot - CENTRE) < CENTRE // 40:
            self.step(3)
            self.arbitrage()
            w.engine.advance(600)
            self.step(0)
        self.attend(2)
        self.remark()
        self.take(name, put, out, most=7 if name == "unwind" else HALVINGS)
        for _ in range(HALVES[name]):
            w.engine.advance(3_000)
            self.attend(2)
            self.take(name, put, out, most=HALVINGS if name == "hour" else 7)
        if name == "gate":
            series = self.series(0, put, out, True)
            if series is not None:
                self.open(self.traders[1], series, 5 * UNIT)
        TALLY[f"fill {name}"] += 1

    def have_expiry(self) -> None:
        """One that may be opened for days yet."""
        if not any(e > self.w.engine.now() + 9 * DAY for e in self.posted):
            self.list_expiry(30)
            self.freshen()

    def take(self, name: str, put: bool, out: int, most: int = 7) -> None:
        """Trade after trade, half as large where one is refused, and a rung nearer where it lies too far out.
        Narrow ones, of either side in turn, put little on the floor and nearly nothing on the gate."""
        units = self.largest()
        for _ in range(most):
            refused = self.too_far()
            series = self.series(0, put, out, name == "unwind")
            if series is None or units < UNIT // 2:
                return
            if self.open(self.traders[0], series, units):
                put = put if name == "gate" else not put
            elif self.too_far() > refused:
                out = (out - 1) % RUNGS
            else:
                units //= 2

    def too_far(self) -> int:
        """How often a strike was refused for where it lies."""
        return REFUSED["mint: limits: delta"] + REFUSED["mint: limits: moneyness"]

    @pytest.mark.proves("GT-4")
    @rule(why=st.sampled_from(["age", "price", "expiry", *[None] * 6]), out=OUT, put=st.booleans())
    def linger(self, why: str | None, out: int, put: bool) -> None:
        """A trader opens by a mark that says nothing any more."""
        w = self.w
        if why is None:
            return
        self.have_expiry()
        if why == "expiry":
            ahead = sorted(s.expiry for s in self.book.sold() if s.expiry > w.engine.now() + 1_200)
            if not ahead:
                return
            w.engine.set_time(ahead[0] - 1_000)
        self.attend(2)
        self.remark()
        if why == "age":
            w.engine.advance(3_600)
            self.freshen()
        elif why == "price":
            self.step(2.5 if put else -2.5)
            self.arbitrage()
        else:
            w.engine.set_time(ahead[0] + 1)
            w.push_wad(w.spot)
            self.freshen()
        series = self.series(0, put, out, False)
        if series is not None:
            self.open(self.traders[0], series, UNIT)
        TALLY["linger"] += 1
