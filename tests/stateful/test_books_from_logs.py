"""Who has nothing but a market's logs knows its money, shares, options and what is owed, after every act.

Indexers and accountants live of logs. A contract is asked here to compare alone, and nothing is known of an
act but what it logged, whoever did it.
"""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from machine import Machine
from over_venues import OverVenues
from running import run
from stage import TALLY

from tandem.engine.base import Event

NOBODY = "0x" + "0" * 40
DUST = 10
"""Token units that rounding may leave of an epoch's assets, and that go back to LPs without a word."""


class Books:
    """Kept from logs alone, from what there was when they were begun."""

    def __init__(self, tandem: Any) -> None:
        self.vault, self.option = tandem.vault.address, tandem.option.address
        self.cash, self.exits, *_ = tandem.vault.call("funds")
        self.maxima, self.claims = tandem.market.call("liabilities")
        self.leaves = 0
        self.shares = defaultdict[str, int](int)
        self.options = defaultdict[tuple[int, str], int](int)
        for owner in (tandem.lp, tandem.vault.address):
            self.shares[owner] = tandem.vault.call("balanceOf", owner)
        self.seen = set[str]()

    def read(self, event: Event) -> None:
        self.seen.add(event.name)
        if event.address == self.vault:
            self._of_vault(event)
        elif event.address == self.option and event.name == "Transfer":
            id, amount = event["id"], event["amount"]
            self.options[id, event["sender"]] -= amount
            self.options[id, event["receiver"]] += amount
        elif event.name in {"OptionMinted", "OptionClosed"}:
            self.maxima = event["maxima"]
        elif event.name == "Settled":
            self.claims += event["payouts"]
            self.maxima = event["maxima"]
            assert self.claims == event["claims"]
        elif event.name == "Redeemed":
            self.claims -= event["paid"]
            assert self.claims == event["claims"]

    def _of_vault(self, event: Event) -> None:
        into = {"Collected": 1, "Restored": 1, "Paid": -1, "Lent": -1}
        if event.name in into:
            self.cash += into[event.name] * event["amount"]
            assert self.cash == event["cash"], event.name
        elif event.name == "Deposit":
            self.cash += event["assets"]
        elif event.name == "Withdraw":
            self.cash -= event["assets"]
            self.exits -= event["assets"]
            self.leaves += 1
        elif event.name == "EpochProcessed":
            self.exits += event["assets"]
            assert 0 <= self.exits - event["exits"] <= DUST * self.leaves
            self.exits, self.leaves = event["exits"], 0
        elif event.name == "Transfer":
            self.shares[event["sender"]] -= event["value"]
            self.shares[event["receiver"]] += event["value"]

    def compare(self, tandem: Any) -> None:
        cash, exits, *_ = tandem.vault.call("funds")
        assert self.cash == cash
        assert 0 <= self.exits - exits <= DUST * self.leaves
        assert (self.maxima, self.claims) == tuple(tandem.market.call("liabilities"))
        for owner, mine in self.shares.items():
            if owner != NOBODY:
                assert mine == tandem.vault.call("balanceOf", owner)
        for (id, owner), mine in self.options.items():
            if owner != NOBODY:
                assert mine == tandem.option.call("balanceOf", owner, id)
        for id in {id for id, _ in self.options}:
            assert -self.options[id, NOBODY] == tandem.option.call("totalSupply", id)
        shares = sum(mine for owner, mine in self.shares.items() if owner != NOBODY)
        assert shares == tandem.vault.call("totalSupply")


class Logged(Machine):
    """Everybody does anything, and an accountant reads what is logged; what is taken back he forgets."""

    def __init__(self) -> None:
        super().__init__()
        self.books = Books(self.w.tandem)
        engine: Any = self.w.engine
        block_of, unless_refused = engine._block_of, engine.transact_unless_refused
        snapshot, revert = engine.snapshot, engine.revert
        before: dict[int, Books] = {}

        def new_block(txs: Any, timestamp: int | None) -> Any:
            outcomes = block_of(txs, timestamp)
            for outcome in outcomes:
                self.read(outcome.logs if outcome.ok else ())
            return outcomes

        def new_unless_refused(tx: Any) -> Any:
            was_sent, receipt = unless_refused(tx)
            self.read(receipt.logs if was_sent else ())
            return was_sent, receipt

        def new_snapshot() -> int:
            handle = int(snapshot())
            before[handle] = deepcopy(self.books)
            return handle

        def new_revert(handle: int) -> None:
            revert(handle)
            self.books = before.pop(handle, self.books)

        engine._block_of, engine.transact_unless_refused = new_block, new_unless_refused
        engine.snapshot, engine.revert = new_snapshot, new_revert

    def read(self, logs: Any) -> None:
        for event in self.w.engine.decode_logs(logs):
            self.books.read(event)

    @rule(pick=st.integers(0, 99), part=st.integers(1, 4))
    def hand_over(self, pick: int, part: int) -> None:
        """An option changes hands, and nothing else does: whoever holds it is who is paid."""
        held = [*self.open_holdings(), *self.payable()]
        if held:
            giver, series, units = held[pick % len(held)]
            taker, given = next(who for who in self.traders if who != giver), max(units // part, 1)
            token = self.w.tandem.option
            done = self.attempt(
                "hand over", token.send, "transfer", taker, series.id, given, sender=giver
            )
            assert done is not None, "a holder may give away what is his"
            self.book.held[giver][series] -= given
            self.book.held[taker][series] += given

    @invariant()
    def books_are_the_contracts(self) -> None:
        self.books.compare(self.w.tandem)

    def everybody_leaves(self) -> None:
        super().everybody_leaves()
        self.books.compare(self.w.tandem)

    def teardown(self) -> None:
        engine: Any = self.w.engine
        try:
            super().teardown()
        finally:
            SEEN.update(self.books.seen)
            for name in ("_block_of", "transact_unless_refused", "snapshot", "revert"):
                delattr(engine, name)


class LoggedOverVenues(Logged, OverVenues):
    """Where margin goes to more venues than one."""


SEEN = set[str]()
MONEY = {
    "Collected", "Paid", "Lent", "Restored", "Deposit", "Withdraw", "EpochProcessed", "Transfer",
    "OptionMinted", "OptionClosed", "Settled", "Redeemed",
}  # fmt: skip


@pytest.mark.parametrize("machine", [Logged, LoggedOverVenues])
def test_whoever_has_the_logs_alone_knows_the_books(machine: type[Machine]) -> None:
    SEEN.clear()
    TALLY.clear()
    run(24, 32, machine=machine)
    assert MONEY <= SEEN
    assert TALLY["hand over"] > 1
