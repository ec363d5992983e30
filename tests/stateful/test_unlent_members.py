"""A member that lacks margin while the Vault has none to lend, beside one that lacks none."""

from __future__ import annotations

import pytest
from machine import UNLENT
from over_venues import OverVenues
from stage import REFUSED

RUNS = 24
"""Steps that a price runs by at most."""


@pytest.mark.proves("VS-6", "FL-10")
def test_who_names_none_is_told_of_the_member_that_is_lent_nothing() -> None:
    """Curie holds all of the hedge; every LP leaves, and the price runs against it. "No top-up due", as the
    other's margin is whole, had been the answer to who named neither."""
    machine = OverVenues()
    try:
        vault = machine.w.tandem.vault
        _, lender = machine.lent(0) or (None, None)
        assert lender is not None
        machine.note()
        machine.taken_down(lender)
        machine.remark()
        for _ in range(2):
            machine.mint_attended(0, 0, 40_000_000, False)
        machine.brought_back(lender)
        machine.step(0)
        machine.freshen()
        machine.top_up()  # the other has what an order needs, and asks for nothing
        for lp in range(len(machine.lps)):
            machine.request_exit(lp, 1)
        machine.process(4, True)
        for _ in range(RUNS):
            if machine.is_short() and not any(map(vault.would_lend, machine.places())):
                break
            machine.step(-3)
            machine.arbitrage()
            machine.w.engine.advance(600)
            machine.top_up()
            machine.process(4, True)
        assert machine.is_short()
        before = REFUSED[UNLENT]
        machine.top_up()
        assert REFUSED[UNLENT] > before
    finally:
        machine.w.engine.revert(machine.mark)
