"""Who holds a thousandth of the position or less bears none of a gain (VS-4): one that is down by what was
known of it last, which is its position to 2e-12 ETH (VS-5)."""

from __future__ import annotations

import pytest
from over_venues import OverThree
from venue_marks import held, known, net, purse

from tandem.engine.base import Contract
from tandem.units import DAY

KEPT = 10**6
"""What the set keeps a position in, WAD."""


@pytest.mark.proves("VS-4", "VS-5")
def test_one_that_is_down_bears_a_gain_by_what_was_known_of_it() -> None:
    """Its short is the least bit more than a thousandth of all, and as it is kept the least bit less. The
    others are against each other, so that a gain counts, or does not, beside what the long there loses."""
    machine = OverThree()
    try:
        w = machine.w
        exchange, long, short = machine.adapters()
        for venue, is_put in ((exchange, True), (short, True), (short, True), (long, False)):
            hedged_at(machine, venue, is_put)
        part = -net(w) // 1_000
        left = part // KEPT * KEPT + (part % KEPT + KEPT) // 2
        w.tandem.desk.shift(exchange, long, -held(w)[0] - left).send(machine.rogue)
        machine.note()
        machine.taken_down(exchange)
        assert -known(w)[0] * 1_000 < -net(w) < -held(w)[0] * 1_000
        assert held(w)[1] > left
        assert purse(w) > 0
        machine.remark()
        machine.the_laws_hold()
        machine.brought_back(exchange)
    finally:
        machine.teardown()


def hedged_at(machine: OverThree, venue: Contract, is_put: bool) -> None:
    """An open while the others are down; they are back two days later."""
    t = machine.w.tandem
    for place, other in enumerate(machine.places()):
        if other != venue.address:
            t.guardian.take_down_one(place).send(t.roles.guardian)
    machine.freshen()
    machine.remark()
    machine.mint_attended(0, 0, 4_000_000, is_put)
    t.guardian.send("bring_back", sender=t.roles.deployer)
    machine.w.engine.advance(2 * DAY)
    t.guardian.send("apply", 0, sender=t.roles.deployer)
    machine.resync()
    machine.w.push_wad(machine.w.spot)
    machine.freshen()
