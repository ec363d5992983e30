"""FL-2, R39: opens leave to exits a share of the floor, so that nobody locks LPs in by buying options."""

from __future__ import annotations

from contextlib import suppress

import pytest
from filling import at_once
from worlds import ETH, WIDE, World, build

from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings

TERMS = WIDE | {"reserve": 1_000, "gate": 4_000}


def buy(w: World, units: int) -> None:
    """Calls, the pool back at its price and margin after it."""
    w.mint(w.call(2_500, far=True), units)
    w.curie.converge()
    w.freshen()
    with suppress(Reverted):
        w.top_up()


@pytest.mark.proves("FL-2")
def test_r39_who_buys_all_that_the_floor_lets_locks_nobody_in() -> None:
    """FL-2: opens leave `exit_share` of NAV beside the reserve. Before, 273 ETH of calls stopped every open
    and every later exit until they expired."""
    w = build(settings=DeploySettings(terms=TERMS))
    vault, lp = w.tandem.vault, w.tandem.lp
    _, why = at_once(lambda units: buy(w, units), 30 * ETH, ETH // 10)
    assert why == {"floor: under reserve"}
    nav = vault.call("funds")[3]  # as it was last marked: opens are limited by that
    reserve = nav // 10
    assert w.floor() >= reserve + nav // 20
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 2, lp, lp, sender=lp)
    w.engine.advance(25 * 3_600)
    w.curie.converge()
    w.freshen()
    with suppress(Reverted):
        w.tandem.rebalance(sender=w.stranger)
    w.engine.advance(900)
    w.curie.converge()
    w.freshen()
    paid = vault.send("process", 1, sender=w.stranger).returned
    assert paid > nav // 20
    with pytest.raises(Reverted, match="floor: under reserve"):
        w.mint(w.call(2_500, far=True), ETH)
