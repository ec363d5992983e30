"""AV-2: the bounds of what a deployment believes are for good. A price that leaves them in earnest, as one
may in ten years, stops opens and closes; holders are paid at the bound, and LPs leave by it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from worlds import ETH, World

from tandem.errors import Reverted
from tandem.units import HOUR, USD, WAD

LEAST, MOST = 100, 100_000
PROPOSAL = 2 << 144


def watched(w: World, days: int, price: int) -> None:
    """Somebody notes every six hours that the feed says what is not believed."""
    for _ in range(4 * days + 1):
        w.engine.advance(6 * HOUR - 60)
        w.push(price)
        w.tandem.spot.send("watch", sender=w.stranger)


@pytest.mark.proves("AV-2", "ST-7")
@pytest.mark.parametrize(("price", "bound"), [(MOST + 1, MOST), (LEAST - 1, LEAST)])
def test_lps_leave_though_the_price_has_left_the_bounds(
    world: World, price: int, bound: int
) -> None:
    """Before, no call of an LP's went through for as long as the price stayed there: 999,229 of a million in
    cash, with nothing owed to anybody, belonged to nobody who could have it."""
    w, vault, lp = world, world.tandem.vault, world.tandem.lp
    series = w.call(2_500)
    w.mint(series, ETH // 5)
    vault.send("requestRedeem", vault.call("balanceOf", lp), lp, lp, sender=lp)
    w.engine.set_time(w.near)
    w.push(price)
    w.tandem.guardian.send("propose_price", w.near, bound * WAD, sender=w.tandem.roles.deployer)
    watched(w, 4, price)
    assert w.tandem.settle(w.near, PROPOSAL).returned == bound * WAD
    paid = w.tandem.redeem(series, ETH // 5).returned
    assert paid == (500 * USD if bound == MOST else 0)
    assert w.tandem.spot.call("closing_spot") == (bound * WAD, True)
    for enter in (lambda: w.mint(w.put(2_500, far=True), ETH), lambda: w.tandem.deposit(USD)):
        with pytest.raises(Reverted, match="spot: out of bounds"):
            enter()
    for _ in range(3):
        with suppress(Reverted):
            vault.send("poke", sender=w.stranger)
        watched(w, 1, price)
        with suppress(Reverted):
            vault.send("process", 4, sender=w.stranger)
    assert vault.call("maxWithdraw", lp) == pytest.approx(vault.call("cash"), abs=USD)
    assert vault.call("maxWithdraw", lp) > 98500 * USD
