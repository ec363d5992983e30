"""FL-10, HG-20, ST-2, SH-3: the issuer of the quote token pauses it for a day, or lists an address of ours.

No margin can be topped up then, so the hedge is lowered before the venue liquidates it; what needs no
transfer goes on, and what was set aside is paid in full once transfers are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from filling import stocked
from issuers import issued
from worlds import ETH, WAD, World, build

from tandem.errors import Reverted
from tandem.units import DAY, HOUR

FALL = (2_400, 2_300, 2_200, 2_100, 2_050, 2_000)


@pytest.fixture(scope="module")
def market_once() -> World:
    """Eighteen calls that live and four that expire; a tenth of the LP's shares is due."""
    with issued():
        w = build()
    vault, lp = w.tandem.vault, w.tandem.lp
    for series, units in [(w.call(2_500, far=True), 6)] * 3 + [(w.call(2_500), 4)]:
        stocked(w, series, units * ETH)
    vault.send("requestRedeem", vault.call("balanceOf", lp) // 10, lp, lp, sender=lp)
    w.engine.advance(DAY + HOUR)
    w.curie.converge()
    w.freshen()
    w.bring_home()
    w.curie.converge()
    w.freshen()
    return w


@pytest.fixture
def market(market_once: World) -> Iterator[World]:
    with market_once.undone():
        yield market_once


def list_one(w: World, who: str, *, is_listed: bool = True) -> None:
    w.curie.usdc.send("list_one", getattr(w.tandem, who).address, is_listed, sender=w.stranger)


def pause(w: World, *, is_paused: bool) -> None:
    w.curie.usdc.send("pause", is_paused, sender=w.stranger)


@pytest.mark.proves("HG-20", "FL-10")
@pytest.mark.parametrize("whom", ["everybody", "vault", "venue"])
def test_r34_a_hedge_that_no_margin_reaches_is_lowered(market: World, whom: str) -> None:
    """HG-20: "or the venue takes none of it": whoever stops the transfer. A top-up that reverts is no reason
    to leave the position to liquidators."""
    w, desk = market, market.tandem.desk
    before = w.position()
    pause(w, is_paused=True) if whom == "everybody" else list_one(w, whom)
    lowered, said = 0, set()
    for price in FALL:
        w.move(price)
        w.engine.advance(300)
        w.push(price)
        with pytest.raises(Reverted) as refused:
            w.top_up()
        said.add(refused.value.reason)
        with suppress(Reverted):
            lowered += int(desk.send("delever", sender=w.stranger).returned)
    assert said & {"usdc: paused", "usdc: listed"}
    assert lowered < -WAD
    assert abs(w.position() - before - lowered) < 10**6
    with pytest.raises(Reverted, match="margin: no delever due"):
        desk.send("delever", sender=w.stranger)


@pytest.mark.proves("ST-2", "ST-3", "SH-3")
def test_what_was_settled_and_processed_in_a_pause_is_paid_behind_it(market: World) -> None:
    w, t = market, market.tandem
    vault, lp, held = t.vault, t.lp, w.call(2_500)
    pause(w, is_paused=True)
    assert vault.send("process", 8, sender=w.stranger).returned > 0
    w.settle(w.near, 2_600)
    aside, units = int(vault.call("maxWithdraw", lp)), int(t.balance_of(held))
    for act in (
        lambda: vault.send("withdraw", aside, lp, lp, sender=lp),
        lambda: t.redeem(held, units),
    ):
        with w.refuses("usdc: paused", held):
            act()
    w.engine.advance(DAY)
    pause(w, is_paused=False)
    before = w.usdc(lp), w.usdc(w.trader)
    vault.send("withdraw", aside, lp, lp, sender=lp)
    t.redeem(held, units)
    assert w.usdc(lp) - before[0] == aside
    assert w.usdc(w.trader) - before[1] == units * 100
