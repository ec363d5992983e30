"""Acts of strangers and of governance where a venue is a lending market: gifts, borrowers and lenders who
take what is there, stops, an oracle that dies, and margin that runs short.

Longer than 300 lines: a rule for each thing that happens around a loan, and what it checks beside it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import lent
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule
from lent import GIFTS, STOPS, owes_any
from machine import Machine
from stage import TALLY
from venue_marks import members
from worlds import USD

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol import terms
from tandem.units import DAY, HOUR
from tandem.venues.aave import Aave
from tandem.venues.morpho import Morpho

UNIT = 10**12
"""A token unit, WAD."""
ADAPTER = compile_vyper("AaveVenue")
"""What the adapters of all lending markets answer."""
PICK = st.integers(0, 3)
MOST_RATE = 2
"""What is paid on a loan in a year at the most, of it."""
YEAR = 365 * DAY
SMALL = 10
"""The least of `max_trade`, 1e-4 of NAV."""
RUNS = 12
"""Steps that a price runs by at most."""


def unit_of(market: Any, base: bool) -> int:
    """One of the base token, or a thousand USD, token units."""
    return market.spot.unit if base else 1_000 * USD


class Lenders(Machine):
    """Whoever else is at the lending markets that we hedge on."""

    def __init__(self) -> None:
        super().__init__()
        self.stops: dict[tuple[str, str, bool], Callable[[], object]] = {}
        self.w.given = 0

    # ---- who is there
    def lent(self, pick: int, kind: type[Any] = object) -> tuple[Any, Contract] | None:
        """One of the lending markets of a kind, and our adapter there."""
        there = [
            (market, self.w.engine.at(ADAPTER, who))
            for market, who in members(self.w)
            if isinstance(market, Aave | Morpho) and isinstance(market, kind)
        ]
        return there[pick % len(there)] if there else None

    @property
    def other(self) -> str:
        """Nobody of ours."""
        return self.w.engine.accounts[4]

    def resync(self, rate: int = 0, seconds: int = 0) -> None:
        """What interest made of the position, at such a rate of a loan a year."""
        there = self.w.position()
        loans = sum(abs(market.position(who)) for market, who in members(self.w))
        grown = loans * rate * seconds // YEAR
        assert abs(there - self.book.position) <= grown + self.w.drift
        self.book.position = there

    # ---- gifts
    @pytest.mark.proves("LM-2", "FL-8")
    @rule(pick=PICK, name=st.sampled_from(list(GIFTS)), first=st.booleans(), book=st.booleans())
    def give(self, pick: int, name: str, first: bool, book: bool) -> None:
        """A stranger gives, before anything that others did is booked or after. What he gives is nobody's:
        NAV and what the account is worth stay; but of one under water that owes nothing any more, nothing is
        missing."""
        market, venue = self.lent(pick) or (None, None)
        assert venue is not None
        if first:
            venue.send("accept", sender=self.other)
            self.put_aside()
        spot, kept = self.w.spot, self.kept()
        before, held = venue.call("account", spot), self.w.position()
        rounded = max(UNIT, spot // market.spot.unit)  # a unit of the dearer token
        self.w.given += name == "lend_ether"
        try:
            if not GIFTS[name](market, self.other, venue):
                return
        except Reverted as refused:  # by the market's governance
            self.refused("give", refused.reason)
            return
        for again in (False, True)[: 1 + book]:
            if again:
                venue.send("accept", sender=self.other)
            after = venue.call("account", spot)
            least = min(before[1:3]) if owes_any(market, venue) else 0
            for was, now in zip(before[1:3], after[1:3], strict=True):
                assert now <= max(was, least) + 3 * rounded or not first
            assert self.kept() == kept
        if name == "send_dollars":
            self.book.gifts[venue.address] += lent.USD_GIVEN
        self.book.position += self.w.position() - held
        self.resync()
        TALLY["give"] += 1
        TALLY[f"give {name}"] += 1

    def book_losses(self) -> None:
        """By anybody, at the next act of ours or before."""
        for _, who in members(self.w):
            with suppress(Reverted):  # an exchange has nothing to book
                self.w.engine.at(ADAPTER, who).send("accept", sender=self.other)
        self.put_aside()

    def put_aside(self) -> None:
        there = self.w.position()
        assert abs(there - self.book.position) <= self.w.drift
        self.book.position = there

    def kept(self) -> tuple[Any, ...]:
        """What no act of others moves."""
        t = self.w.tandem
        return t.vault.call("funds"), t.market.call("floor"), t.market.call("liabilities")

    # ---- lenders and borrowers
    @rule(
        pick=PICK,
        base=st.booleans(),
        hours=st.sampled_from([0, 1, 24]),
        tenths=st.sampled_from([0, 3]),
    )
    def borrow_out(self, pick: int, base: bool, hours: int, tenths: int) -> None:
        """A stranger borrows what is there and gives it back; rates are at their worst meanwhile, and
        everybody goes on as far as he may."""
        market, _ = self.lent(pick) or (None, None)
        back = self.lent_out(market, base, tenths * unit_of(market, base))
        if back is None:
            return
        self.live(hours * HOUR)
        back()
        self.resync(MOST_RATE, HOUR)
        TALLY["borrow_out"] += 1

    def lent_out(self, market: Any, base: bool, left: int) -> Callable[[], object] | None:
        """A stranger borrows all but that of one token. How it comes back; None where none is to be had."""
        try:
            return lent.borrow(market, base, self.other, left)
        except Reverted as refused:
            self.refused("borrow_out", refused.reason)
            return None

    def live(self, seconds: int) -> None:
        """What everybody wants meanwhile."""
        self.w.engine.advance(seconds)
        self.resync(MOST_RATE, seconds + HOUR)
        self.freshen()
        for act in (
            lambda: self.rebalance(0),
            self.top_up,
            self.sweep,
            lambda: self.mint_attended(0, 0, 20_000_000, True),
            lambda: self.mint_attended(1, 0, 20_000_000, False),
            lambda: self.close(0, 2, 2) if self.open_holdings() else None,
            self.lower,
        ):
            self.resync(MOST_RATE, HOUR)
            act()
        self.resync(MOST_RATE, HOUR)

    @rule(pick=PICK, base=st.booleans(), tenths=st.sampled_from([0, 30]))
    def lenders_leave(self, pick: int, base: bool, tenths: int) -> None:
        """Those of one token, all or nearly all. Where interest is paid they come again at once: else they
        may stay away to the end."""
        market, venue = self.lent(pick) or (None, None)
        key = venue.address, "lenders", base
        if key in self.stops or (isinstance(market, Aave) and self.stops):
            return
        back = lent.leave(market, base, tenths * unit_of(market, base) // 10)
        if isinstance(market, Morpho):
            self.stops[key] = back
        else:
            self.live(HOUR)
            back()
            self.resync(MOST_RATE, HOUR)
        TALLY["lenders_leave"] += 1

    # ---- governance
    @pytest.mark.proves("LM-3", "LM-4")
    @rule(pick=PICK, name=st.sampled_from(list(STOPS)), base=st.booleans(), soon=st.booleans())
    def govern(self, pick: int, name: str, base: bool, soon: bool) -> None:
        """It stops something of one token, and leaves it so until it changes its mind: within the hour,
        or when it is its turn."""
        found = self.lent(pick, Aave)
        if found is None:
            return
        market, venue = found
        base = base or name == "sentinel"
        key = venue.address, name, base
        if key in self.stops:
            return
        stop, end = STOPS[name]
        stop(market, base)
        self.stops[key] = lambda: end(market, base)
        TALLY["govern"] += 1
        TALLY[f"govern {name}"] += 1
        if soon:
            self.live(HOUR)
            self.end(key)
            TALLY["relent"] += 1

    @rule(pick=PICK)
    def relent(self, pick: int) -> None:
        """One of the stops ends, or lenders who left come again."""
        if self.stops:
            self.end(list(self.stops)[pick % len(self.stops)])
            TALLY["relent"] += 1

    def end(self, key: tuple[str, str, bool]) -> None:
        self.stops.pop(key)()

    # ---- oracles
    @pytest.mark.proves("HG-19")
    @rule(pick=PICK, base=st.booleans(), down=st.booleans(), hours=st.sampled_from([0, 5, 30]))
    def oracle_dies(self, pick: int, base: bool, down: bool, hours: int) -> None:
        """The lender's own price is gone, for a while. With a guardian who says so closes go on."""
        market, venue = self.lent(pick) or (None, None)
        self.note()
        last = self.w.tandem.router.call("last_position")
        is_known = abs(last - self.w.position()) <= self.w.drift
        again, self.is_blind = lent.end_oracle(market, base), True
        self.w.engine.advance(hours * HOUR)
        self.blind()
        if down:
            self.taken_down(venue)
            self.blind()
            if hours and is_known and self.open_holdings():
                self.close(0, 2, 1)
        again()
        self.is_blind = False
        if down:
            self.brought_back(venue)
        self.resync(MOST_RATE, HOUR)
        self.w.push_wad(self.w.spot)
        TALLY["oracle_dies"] += 1

    def note(self) -> None:
        """What a venue says now is what is known of it once it says nothing. Of an only one a mark keeps it,
        where the book can be marked; else what its last order left counts, whatever was liquidated since."""
        self.remark()

    def blind(self) -> None:
        """Everybody tries; where a view has no answer either, nothing happens."""
        for act in (
            self.freshen,
            self.remark,
            lambda: self.rebalance(0),
            self.top_up,
            self.sweep,
            self.lower,
            lambda: self.mint_attended(0, 0, 20_000_000, True),
            lambda: self.process(1, False),
        ):
            try:
                act()
            except Reverted as refused:
                self.refused("a view", refused.reason)

    def taken_down(self, venue: Contract) -> None:
        """A guardian says that a venue is down."""
        t = self.w.tandem
        t.guardian.send("take_down", sender=t.roles.guardian)

    def brought_back(self, venue: Contract) -> None:
        """The owner, two days later."""
        t = self.w.tandem
        t.guardian.send("bring_back", sender=t.roles.deployer)
        self.w.engine.advance(2 * DAY)
        t.guardian.send("apply", 0, sender=t.roles.deployer)

    # ---- margin that is short
    @pytest.mark.proves("VS-8", "FL-5")
    @rule(put=st.booleans(), lp=st.sampled_from([0, 1]), is_due=st.booleans())
    def run_short(self, put: bool, lp: int, is_due: bool) -> None:
        """The owner keeps trades small, so that accounts hold little above their least; that little is
        swept, the price runs against the hedge, and LPs act before anybody gives margin."""
        w, field = self.w, terms.FIELDS["max_trade"].index
        before = w.terms()["max_trade"]
        for _ in range(2):
            self.mint_attended(0, 0, 40_000_000, put)
        if is_due:
            self.request_exit(lp, 3)
            for hours in (24, 1):  # no silence of the feed lies behind it
                w.engine.advance(hours * HOUR)
                self.freshen()
        self.owner("set_term", field, SMALL)
        self.sweep()
        for _ in range(RUNS):
            if self.is_short():
                break
            self.step(-3 if self.book.position > 0 else 3)
            self.arbitrage()
            w.engine.advance(30)
        self.while_short(lp)
        self.owner("set_term", field, before)
        w.engine.advance(2 * DAY)
        self.owner("apply", field)
        self.resync(MOST_RATE, 4 * DAY)

    def owner(self, fn: str, *args: int) -> None:
        t = self.w.tandem
        t.guardian.send(fn, *args, sender=t.roles.deployer)

    def is_short(self) -> bool:
        return self.w.tandem.router.account(self.w.spot, 0).top_up > 0

    def while_short(self, lp: int) -> None:
        """What LPs want then, also once exits have waited for a calm moment as long as they must."""
        TALLY["short of margin"] += self.is_short()
        for act in (
            lambda: self.request_exit(lp, 10),
            lambda: self.deposit(lp, 1_000 * USD),
            lambda: self.process(1, False),
            lambda: self.w.engine.advance(self.w.terms()["exit_wait"]),
            lambda: self.process(1, False),
            lambda: self.claim(lp),
        ):
            if self.is_short():
                before = TALLY.copy()
                act()
                for name in ("deposit", "process"):
                    TALLY[f"{name} while margin is short"] += TALLY[name] > before[name]

    # ---- the end
    def everybody_leaves(self) -> None:
        """From whatever lasts: lenders who are away, freezes, caps, lower thresholds. A pause ends first, as
        what is paused is let go by nobody."""
        for key in list(self.stops):
            if key[1] == "pause":
                self.end(key)
        super().everybody_leaves()
        TALLY["left under a stop"] += bool(self.stops)
