"""Who leaves waits for each venue that is taken down, not for the first alone."""

from __future__ import annotations

import pytest
from several import fund
from worlds import ETH, World

from tandem.errors import Reverted
from tandem.units import DAY, HOUR


@pytest.mark.proves("HG-19", "VS-5")
def test_who_is_due_waits_three_days_for_a_venue_that_was_just_taken_down(pair: World) -> None:
    """HG-19: "A guardian may say at once that the venue is down ... its margin counts for nothing ... and LPs
    leave from three days later on". Where another had been down for three days, half of a million left in the
    same block with 451,288 USD, where 493,104 would have left a second before."""
    world, tandem = pair, pair.tandem
    guardian, vault, lp = tandem.guardian, tandem.vault, tandem.lp
    for _ in range(4):
        world.mint(world.call(2_500), 15 * ETH)
        fund(world)
    guardian.take_down_one(0).send(tandem.roles.guardian)
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 2, lp, lp, sender=lp)
    world.engine.advance(3 * DAY + HOUR)
    world.freshen()
    world.bring_home()  # the first is written off
    fund(world)
    guardian.take_down_one(1).send(tandem.roles.guardian)
    with pytest.raises(Reverted, match="lens: venue down"):
        vault.send("process", 5, sender=world.stranger)
    world.engine.advance(3 * DAY + HOUR)
    world.freshen()
    assert vault.send("process", 5, sender=world.stranger).returned > 0
