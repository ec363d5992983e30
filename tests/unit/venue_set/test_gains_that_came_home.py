"""SH-2: what a hedge gained is booked, once it is swept home, as what was sent coming back: of the margin
that still lies there nothing is in our own account. Once most LPs have left, the last eighth waits for some
days, though nobody lies and no sweep is due (docs/weaknesses.md); all are paid what is theirs."""

from __future__ import annotations

from contextlib import suppress

import pytest
from several import LentWorld
from worlds import ETH, FLAT, World, build

from tandem import venues
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series
from tandem.units import DAY, HOUR, WAD

CUT = "vault: low over account"
DONE = "margin: no sweep due"


def brought_home(w: World) -> None:
    """A minute apart, and others bring the pool back to the price."""
    for _ in range(200):
        stance = w.tandem.snapshot().stance
        if abs(stance.residual) < max(stance.width, stance.trigger):
            return
        with suppress(Reverted):
            w.tandem.rebalance(sender=w.stranger)
        w.engine.advance(60)
        w.push_wad(w.spot)
        w.curie.converge()
    raise AssertionError("the hedge does not come home")


def tidied(w: World) -> str:
    """Everything that a keeper does; what the last sweep was refused for."""
    t, why = w.tandem, ""
    for _ in range(4):
        with suppress(Reverted):
            t.desk.send("top_up", sender=w.stranger)
    brought_home(w)
    for _ in range(6):
        try:
            t.desk.send("sweep", sender=w.stranger)
        except Reverted as refused:
            why = refused.reason
            break
    w.freshen()
    t.vault.send("poke", sender=w.stranger)
    t.freshen_gate()
    return why


def pass_by(w: World, seconds: int) -> str:
    w.engine.advance(seconds)
    w.push_wad(w.spot)
    w.curie.converge()
    w.rest()
    w.freshen()
    return tidied(w)


def sell(w: World, series: Series, options: int, at_once: int) -> None:
    sold = 0
    while sold < options:
        try:
            w.mint(series, at_once * ETH)
            sold += at_once
        except Reverted:
            pass_by(w, HOUR)


def leave(w: World, part: int) -> str:
    """That part of the LP's shares asks to leave; why they wait, "" where they are paid."""
    vault, lp = w.tandem.vault, w.tandem.lp
    shares = vault.call("balanceOf", lp) // part
    if shares and not vault.funds().queued:
        vault.send("requestRedeem", shares, lp, lp, sender=lp)
    pass_by(w, 24 * HOUR)
    pass_by(w, HOUR)  # a feed that was silent has nobody leave
    try:
        vault.send("process", 5, sender=w.stranger)
    except Reverted as refused:
        return refused.reason
    return ""


@pytest.mark.long
@pytest.mark.proves("SH-2")
@pytest.mark.parametrize("kind", ["aave", "morpho"])
def test_the_last_wait_some_days_and_all_are_paid(kind: str) -> None:
    """Longer than a function should be: it is one book's life."""
    settings = DeploySettings(terms={"share_fall": 1_000})  # as the terms' default has it
    w = build(venue=venues.recipe(kind), smile=FLAT, kind=LentWorld, settings=settings)
    t = w.tandem
    near, far = w.call(2_500), Series(w.far, False, 3_500, 4_000)
    for _ in range(4):
        pass_by(w, HOUR)
    sell(w, near, 56, 7)
    for price in range(2_600, 3_301, 100):
        w.move(price)
        pass_by(w, 6 * HOUR)
    sell(w, far, 120, 5)
    w.engine.set_time(w.near - 6 * HOUR)
    pass_by(w, 0)
    w.settle(w.near, w.spot // WAD)
    w.freshen()
    t.redeem(near, t.balance_of(near))
    tidied(w)
    waited = 0
    while w.engine.now() < w.far - 2 * DAY:
        why = leave(w, 2)
        if why == CUT and tidied(w) == DONE:
            waited += 1
            assert t.vault.call("maxDeposit", w.stranger) == 0
    assert 3 < waited < 10, "days on which the last wait"
    w.engine.set_time(w.far - 6 * HOUR)
    pass_by(w, 0)
    w.settle(w.far, w.spot // WAD)
    for _ in range(8):
        pass_by(w, HOUR)
    left = t.vault.call("balanceOf", t.lp)
    for _ in range(3):
        leave(w, 1)
    assert t.vault.call("balanceOf", t.lp) == 0 < left
    funds = t.vault.funds()
    assert funds.queued < 10, "they are paid, to a few units"
    assert funds.cash - funds.exits < 10, "and nothing of theirs stays"
