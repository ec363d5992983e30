"""R8, R23: what lies at the venue can be lost; nothing is sent after it."""

from __future__ import annotations

import pytest
from worlds import ETH, World

from tandem.errors import Reverted
from tandem.units import WAD


def under_water(w: World) -> None:
    """A long hedge through a crash that no keeper answers."""
    for _ in range(4):
        w.mint(w.call(2_500), 6 * ETH)
        if w.tandem.router.call("account", w.spot, 20_000 * 10**18)[4]:
            w.top_up()
    for price in (2_300, 2_100, 1_900, 1_700, 1_500):
        w.move(price)
    w.freshen()
    assert w.tandem.router.call("account", w.spot, 0)[3]


@pytest.mark.proves("HG-12")
def test_r08_nobody_makes_lps_pay_a_bankrupt_accounts_debt(world: World) -> None:
    """The debt is the venue's: an account without anything is liquidated and starts anew."""
    w, t, vault = world, world.tandem, world.tandem.vault
    under_water(w)
    vault.send("poke", sender=w.stranger)
    before = vault.call("totalAssets")
    with w.refuses("margin: bankrupt account"):
        w.top_up()
    while w.curie.liquidatable(t.venue):
        w.curie.liquidate(t.venue)
        w.engine.advance(20)
    assert w.position() == 0
    w.freshen()
    w.top_up()
    w.engine.advance(61)
    vault.send("poke", sender=w.stranger)
    assert vault.call("totalAssets") >= before
    w.mint(w.put(1_500), 3 * ETH)


@pytest.mark.proves("HG-12")
def test_r23_a_gap_smaller_than_reopening_the_hedge_costs_is_filled(world: World) -> None:
    """A hedge that is a few dollars under water is worth more kept than lost."""
    w, router = world, world.tandem.router
    for _ in range(3):
        w.mint(w.call(2_500), 6 * ETH)
        if router.call("account", w.spot, 20_000 * WAD)[4]:
            w.top_up()
    price = 2_500
    while (equity := router.call("account", w.spot, 0)[0]) >= 0:
        price -= 50 if equity > 1_500 * WAD else 4
        w.move(price)
    w.freshen()
    gap, notional = -router.call("account", w.spot, 0)[0], w.position() * w.spot // WAD
    assert 0 < gap <= notional * 50 // 10_000
    assert w.top_up() > 0
    assert router.call("account", w.spot, 0)[0] > 0


@pytest.mark.proves("SH-7")
def test_r08_a_bankrupt_account_stops_neither_leavers_nor_settlement(world: World) -> None:
    """SH-7, SH-8: no moment at which an account is under water is calm, so leavers wait their longest."""
    w, t, vault, lp = world, world.tandem, world.tandem.vault, world.tandem.lp
    under_water(w)
    with pytest.raises(Reverted, match="vault: bankrupt venue"):
        t.deposit(10**9)
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 4, lp, lp, sender=lp)
    w.engine.advance(25 * 3_600)
    w.push_wad(w.spot)
    w.post()
    with w.refuses("vault: not calm"):
        vault.send("process", 1, sender=w.stranger)
    vault.send("poke", sender=w.stranger)
    w.go_on(w.terms()["exit_wait"])
    w.push_wad(w.spot)
    w.post()
    assert vault.send("process", 1, sender=w.stranger).returned > 0
    w.settle(w.near, 1_500)
    assert t.redeem(w.call(2_500), ETH).returned == 0
