"""LPs come, ask to leave, and are paid."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule
from stage import TALLY
from surroundings import Surroundings
from worlds import USD

from tandem.errors import Reverted
from tandem.units import DAY


class LPs(Surroundings):
    """Two of them."""

    @rule(lp=st.sampled_from([0, 1]), amount=st.integers(USD, 400_000 * USD))
    def deposit(self, lp: int, amount: int) -> None:
        self.freshen()
        who = self.lps[lp]
        done = self.attempt("deposit", self.w.tandem.deposit, amount, lp=who)
        if done is not None:
            self.book.enter(who, amount, done.returned)

    @rule(lp=st.sampled_from([0, 1]), part=st.sampled_from([10, 3, 1]))
    def request_exit(self, lp: int, part: int) -> None:
        who, vault = self.lps[lp], self.w.tandem.vault
        amount = self.book.shares[who] // part
        done = self.attempt(
            "request_exit", vault.send, "requestRedeem", amount, who, who, sender=who
        )
        if done is not None:
            self.book.request(who, amount, done.timestamp, DAY)

    @pytest.mark.proves("FL-1")
    @rule(count=st.integers(1, 4), wait=st.booleans())
    def process(self, count: int, wait: bool) -> None:
        w = self.w
        if wait and not self.book.due(w.engine.now()) and self.book.queued():
            w.engine.advance(25 * 3_600)
        self.freshen()
        due = self.book.due(w.engine.now() + 1)
        try:
            done = w.tandem.vault.send("process", count, sender=self.rogue)
        except Reverted as refused:
            self.refused("process", refused.reason)
            if refused.reason == "vault: not calm":
                w.tandem.vault.send(
                    "poke", sender=self.rogue
                )  # so the longest wait begins (`SH-8`)
            return
        (marked,) = done.events("Marked")
        filled = [(e["epoch"], e["burned"], e["assets"]) for e in done.events("EpochProcessed")]
        TALLY["process"] += bool(filled)
        assert due or not filled
        low = marked["nav_low"] + sum(assets for _, _, assets in filled)
        self.book.process(filled, low, done.timestamp)

    @rule(lp=st.sampled_from([0, 1]))
    def claim(self, lp: int) -> None:
        who, vault = self.lps[lp], self.w.tandem.vault
        shares, assets = self.book.claimable(who)
        assert (vault.call("maxRedeem", who), vault.call("maxWithdraw", who)) == (shares, assets)
        if shares == 0:
            return
        before = self.w.usdc(who)
        done = self.attempt("claim", vault.send, "redeem", shares, who, who, sender=who)
        assert done is not None, "a claim is always paid"
        assert self.book.claim(who) == (shares, assets)
        assert self.w.usdc(who) - before == done.returned == assets
