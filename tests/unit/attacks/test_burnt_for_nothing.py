"""SH-4, SH-10: who asked to leave is not burnt for next to nothing where nobody signs any more: with the
Lens's own mark, behind a jump on the venue's own bytecode."""

from __future__ import annotations

import pytest
from filling import puts
from worlds import FLAT, WIDE, World, build

from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, HOUR, TO_WAD, WAD

TERMS = WIDE | {"reserve": 500, "gate": 4_000}
PATIENCE = 6 * HOUR


def sold() -> World:
    """360 puts, whose maximum is nine tenths of all cash, and their hedge, which is short."""
    w = build(smile=FLAT, settings=DeploySettings(terms=TERMS))
    puts(w, 18)
    return w


def jumps(w: World) -> None:
    """To where the puts are worth nothing and the hedge has lost its margin: nobody answers in time."""
    w.move(2_650)
    w.top_up()
    w.move(5_000)
    while w.curie.liquidatable(w.tandem.venue):
        w.curie.liquidate(w.tandem.venue)
    assert w.position() == 0


def asked_to_leave() -> World:
    """Nine tenths of a million, most of which the floor does not let go."""
    w = sold()
    vault, lp = w.tandem.vault, w.tandem.lp
    vault.requestRedeem(vault.balanceOf(lp) * 9 // 10, lp, lp).send(lp)
    w.engine.advance(DAY + HOUR)
    w.freshen()
    assert vault.process(5).send(w.stranger).returned > 0
    assert vault.pendingRedeemRequest(0, lp) > vault.totalSupply() // 2
    return w


def left_by(w: World, hour: int) -> tuple[int, int]:
    """Shares that are burnt where a stranger processes then, and what their owner has for them."""
    vault = w.tandem.vault
    with w.undone():
        w.go_on(hour * HOUR)
        w.push_wad(w.spot)
        w.curie.converge()
        assert w.tandem.lens.mark_for(vault.funds().nav, PATIENCE).stale
        supply = vault.totalSupply()
        paid = vault.process(5).send(w.stranger).returned
        return supply - vault.totalSupply(), paid


@pytest.mark.proves("SH-4", "SH-10")
def test_nobody_is_burnt_for_the_floor_in_any_hour_of_a_silence() -> None:
    """Puts that are worth nothing any more, by a slice that nobody renews. Counted nearer to their maximum
    with each hour, low NAV was at last so small that nobody left (`SH-4`), and on the way there a stranger
    burnt 317,000 shares for 18,133 USD; the floor lets more go the less they are paid."""
    w = asked_to_leave()
    vault, lp = w.tandem.vault, w.tandem.lp
    jumps(w)
    w.set_terms(max_trade=10)  # no margin is held back for large orders
    pending, supply = vault.pendingRedeemRequest(0, lp), vault.totalSupply()
    found = [left_by(w, hour) for hour in range(7, 36)]
    w.engine.advance(31 * HOUR)
    w.push_wad(w.spot)
    w.settle(w.near, 5_000)
    w.curie.converge()
    w.rest()
    paid = vault.process(5).send(w.stranger).returned
    assert vault.pendingRedeemRequest(0, lp) == pending - (supply - vault.totalSupply()) == 0
    assert all(shares * paid * 99 // 100 <= had * pending for shares, had in found)


@pytest.mark.proves("SH-10")
def test_what_the_floor_lets_go_is_paid_as_well_in_any_hour_of_a_silence() -> None:
    """At the money: 388,012 shares of a dollar for 43,696 USD, where they counted at their maximum."""
    w = asked_to_leave()
    for hour in range(7, 36, 4):
        shares, paid = left_by(w, hour)
        assert 0 < shares < 1_500 * WAD
        assert paid * TO_WAD > shares * 97 // 100
