"""What every act stands on: the market, the ledger, and how an act is done and counted.

An act counts when it went through on chain, not when it was refused.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any, ClassVar

from gate_laws import of_a_refusal, of_losses
from hypothesis.stateful import RuleBasedStateMachine
from laws import ABSTAINED, GAS, check, check_hedge
from ledger import Ledger
from marks import Mark, marked
from rounds import Rounds
from worlds import World, build

from tandem.engine.base import Receipt
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.reverts import explain

TALLY: Counter[str] = Counter()
REFUSED: Counter[str] = Counter()
DEAD = ("no answer", "reverted without a reason")
"""What is said where an oracle of a test has ended, and nowhere else: whoever is refused is told why."""
# Wide limits, so that a few trades reach floor, reserve and margin.
TERMS = {"max_trade": 1_000, "vega_cap": 1_000, "gamma_cap": 2_000, "reserve": 500, "bounty": 3}


class Stage(RuleBasedStateMachine):
    """One market, from its first deposit to the last LP's exit."""

    bases: ClassVar[dict[str, tuple[World, Mark]]] = {}
    venues: ClassVar[str] = "curie"

    @staticmethod
    def world() -> World:
        """What it is played on."""
        return build(settings=DeploySettings(terms=TERMS), fees=True)

    def __init__(self) -> None:
        super().__init__()
        if self.venues not in self.bases:
            base = self.world()
            fees = base.fees
            assert fees is not None
            fees.send("say", GAS, sender=fees.engine.accounts[0])
            base.tandem.stress.remark().send(fees.engine.accounts[0])
            self.bases[self.venues] = base, marked(base, Ledger(), base.spot, base.engine.now())
        self.w, self.first = self.bases[self.venues]
        self.mark = self.w.engine.snapshot()
        self.rounds = Rounds(self.w)
        self.slices = dict(self.w.slices)
        t = self.w.tandem
        self.lps = (t.lp, self.w.engine.accounts[6])
        self.traders = (t.trader, self.w.stranger)
        self.rogue = self.w.engine.accounts[0]
        self.is_blind = False  # an oracle has ended
        self.posted = {e: self.w.engine.now() for e in self.slices}
        self.delisted = set[int]()
        self.book = Ledger(cash=int(t.vault.call("cash")))
        self.book.shares[t.lp] = int(t.vault.call("totalSupply"))
        self.book.remark(replace(self.first))

    def attempt(self, name: str, call: Any, *args: Any, **more: Any) -> Receipt | None:
        """The receipt, counted, or None where the chain refused."""
        try:
            receipt = call(*args, **more)
        except Reverted as refused:
            self.refused(name, refused.reason)
            return None
        TALLY[name] += 1
        return receipt

    def refused(self, name: str, reason: str) -> None:
        """Counted, and named, so that whoever is refused knows what to do; GT-5."""
        REFUSED[f"{name}: {reason}"] += 1
        if reason in DEAD:
            assert self.is_blind, f"{name}: refused, and not told why"
        else:
            assert explain(reason).known, f"{name}: nobody knows why: {reason}"
        check(of_a_refusal(name, reason))

    def remark(self) -> None:
        """Anybody marks the book for the gate."""
        done = self.attempt("remark", self.w.tandem.stress.remark().send, self.rogue)
        if done is None:
            return
        (event,) = done.events("Remarked")
        self.book.remark(marked(self.w, self.book, event["spot"], done.timestamp))
        self.check_losses()

    def check_losses(self) -> None:
        """GT-2, GT-3, where the model says what an option is worth that waits for its price."""
        mark = self.book.marks[-1]
        if mark.undecided:
            ABSTAINED["losses"] += 1
        else:
            check(of_losses(self.w, mark))

    def hedged(self, receipt: Receipt, opens: bool) -> None:
        """R1 and R28: the position is the venue's, the residual is the model's, inside its bound."""
        (event,) = receipt.events("Hedged")
        self.book.position += event["order"]
        check_hedge(self.w, self.book, event, receipt.timestamp, opens=opens)
