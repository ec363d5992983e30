"""Hostile acts: gifts, strangers at the doors, and a venue that sells us off."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule
from stage import TALLY
from surroundings import Surroundings
from venue_marks import members
from worlds import USD

from tandem.engine.artifacts import compile_vyper
from tandem.errors import Reverted
from tandem.units import WAD


class Rogues(Surroundings):
    """Whoever wishes us ill."""

    @pytest.mark.proves("FL-8")
    @rule(name=st.sampled_from(["vault", "market", "router", "venue", "option", "lens"]))
    def donate(self, name: str) -> None:
        """To one of them; to the desk whenever the router it works through is given something."""
        before = self.visible()
        for each in (name, *(["desk"] if name == "router" else [])):
            target = getattr(self.w.tandem, each)
            self.w.donate(target, 12_345_678_901)
            self.book.gifts[target.address] += 12_345_678_901
        assert self.visible() == before
        TALLY["donate"] += 1

    @pytest.mark.proves("FL-8")
    @rule()
    def deposit_for_venue(self) -> None:
        self.book_losses()
        before = self.visible()
        try:
            with self.w.undone():  # the same blocks, and nothing for us
                self.w.deposit_for_venue(500 * USD, sender=self.rogue, account=self.rogue)
                plain = self.visible(), self.account()
        except Reverted as refused:  # by a lending market's governance
            self.refused("deposit_for_venue", refused.reason)
            return
        self.w.deposit_for_venue(500 * USD, sender=self.rogue)
        assert (self.visible(), self.account()) == plain
        assert self.w.drift or plain[0] == before
        TALLY["deposit_for_venue"] += 1

    def book_losses(self) -> None:
        """Of a liquidation, where one waits to be seen: a gift after it pays for it."""

    def account(self) -> tuple[Any, ...]:
        return self.w.tandem.router.call("account", self.w.spot, 0)

    def visible(self) -> tuple[Any, ...]:
        t = self.w.tandem
        kept = t.vault.call("funds"), t.market.call("floor"), t.market.call("liabilities")
        if self.w.drift:  # interest moves it with every second
            return kept
        return (*kept, t.market.call("snapshot"), self.w.position())

    @rule(steps=st.integers(0, 4))
    def liquidate(self, steps: int) -> None:
        """The one drift that has a name: the price runs, nobody tops up, the venue sells us off."""
        if all(market.position(who) == 0 for market, who in members(self.w)):
            return
        curie, venue = self.w.curie, self.w.tandem.venue
        for _ in range(steps):
            self.step(-18 if self.book.position > 0 else 22)
            self.arbitrage()
            self.w.engine.advance(1_800)
            self.step(0)
        with suppress(Reverted):
            if curie.liquidatable(venue):
                curie.liquidate(venue)
                TALLY["liquidate"] += 1
                several = len(members(self.w)) > 1  # of which one may be held against another
                assert several or abs(self.w.position()) < abs(self.book.position)
                self.book.position = self.w.position()

    @rule(pick=st.integers(0, 99))
    def intrude(self, pick: int) -> None:
        t, me = self.w.tandem, self.traders[1]
        calls: list[tuple[Any, str, tuple[Any, ...]]] = [
            (t.vault, "pay", (me, USD)), (t.vault, "collect", (t.lp, USD)),
            (t.vault, "lend", (me, USD, 0)), (t.vault, "restore", (USD,)),
            (t.router, "hedge", (WAD, 2**200, 0, (0, 0, WAD, 0, 0, 0, 0, 0))),
            (t.router, "credit", (t.venue.address, USD, 0, 0, 0, WAD)),
            (t.router, "debit", (t.venue.address, USD, 0, 0, WAD)),
            (t.router, "lower", (t.venue.address, WAD, 0, 0, WAD)), (t.router, "mark", (0, 0, 0, 0, 0, WAD)),
            (t.breaker, "look", ((WAD, 0, 0, 0, True),)),
            (t.guardian, "weather", (True, True, 16)), (t.option, "mint", (me, 1, USD)),
            (t.option, "burn", (t.trader, 1, USD)), (t.market, "list_expiry", (0, [1])),
            (t.market, "reward", (me, USD)),
            (t.guardian, "pause", ()), (t.guardian, "set_term", (3, 30)),
        ]  # fmt: skip
        for _, place in members(self.w):
            adapter = self.w.engine.at(compile_vyper("CurieVenue"), place)
            calls += [(adapter, "trade", (WAD, 2**200)), (adapter, "withdraw", (USD, me))]
        contract, fn, args = calls[pick % len(calls)]
        try:
            contract.send(fn, *args, sender=me)
        except Reverted:
            TALLY["intrude"] += 1
        else:
            raise AssertionError(f"{fn} let a stranger in")
