"""Bots: they stamp, wait, and bring the residual home for what it is paid."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule
from laws import check, of_bounty
from stage import TALLY
from surroundings import Surroundings

from tandem.units import DAY


class Bounties(Surroundings):
    """Whoever hedges for a bounty."""

    @pytest.mark.proves("HG-14", "FL-4")
    @rule(
        seconds=st.sampled_from([0, 30, 300, 900]),
        keep=st.sampled_from([0, 0, 2]),
        steps=st.integers(0, 2),
    )
    def bounty(self, seconds: int, keep: int, steps: int) -> None:
        """The price moves and the pool follows, somebody stamps, and a bot comes, once and again."""
        for _ in range(steps):
            self.step(4 if self.book.position > 0 else -4)
            self.arbitrage()
        if steps:
            self.w.engine.advance(600)
            self.step(0)
        self.stamp()
        if seconds:
            self.w.engine.advance(seconds)
            self.step(0)
        for _ in range(2):
            self.be_paid(keep)

    def seen(self) -> tuple[int, int]:
        """What the router's ledger says went home last."""
        ledger = self.w.tandem.router.ledger()
        return ledger.time, ledger.spent

    def stamp(self) -> None:
        t = self.w.tandem
        done = self.attempt("stamp", t.bounty.stamp().send, self.rogue)
        if done is not None:
            (event,) = done.events("Stamped")
            self.book.stamp = (done.timestamp, event["residual"], event["sigma"])
            self.book.seen = self.seen()

    def be_paid(self, keep: int) -> None:
        """Cash falls by what is paid, and by nothing else."""
        t, bot, book = self.w.tandem, self.rogue, self.book
        stance = t.snapshot().stance
        target = stance.residual // keep if keep else 0
        if self.seen() != book.seen:
            book.stamp = (0, 0, 0)
        purse, cash = self.w.usdc(bot), book.cash
        done = self.attempt("bounty", t.bounty.rebalance(target, bot, 0).send, bot)
        if done is None:
            return
        (event,) = done.events("Hedged")
        paid = sum(e["amount"] for e in done.events("BountyPaid"))
        book.cash -= paid
        self.hedged(done, opens=False)
        day = done.timestamp // DAY
        book.bounties[day] = book.bounties[day] + paid
        TALLY["bounty is paid"] += paid > 0
        nav = t.vault.funds().nav
        most = nav * self.w.terms()["bounty"] // 100_000
        check(of_bounty(book, event, paid, done.timestamp, most))
        assert self.w.usdc(bot) - purse == paid == cash - t.vault.cash()
        if event["order"]:
            book.stamp = (*book.stamp[:1], book.left(event), *book.stamp[2:])
            book.seen = self.seen()
