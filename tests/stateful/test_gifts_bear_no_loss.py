"""What others gave to the hedge account bears what is lost past ours, and the model of the gate knows it."""

from __future__ import annotations

import pytest
from machine import Machine

from tandem.units import USD


@pytest.mark.proves("GT-1", "FL-8")
def test_a_mark_counts_no_gift_among_what_the_account_may_lose() -> None:
    machine = Machine()
    try:
        machine.mint_attended(0, 0, 40_000_000, False)
        machine.remark()
        before = machine.book.marks[-1].lies
        for _ in range(3):
            machine.deposit_for_venue()
        machine.freshen()
        machine.remark()
        lies = machine.book.marks[-1].lies
        assert machine.w.tandem.stress.gate(0, 0, 0).mark.equity / USD == pytest.approx(
            lies, abs=0.01
        )
        assert lies == pytest.approx(before, abs=1)
        machine.the_laws_hold()
    finally:
        machine.teardown()
