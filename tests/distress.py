"""A market whose margin is short and whose floor is spent, by what prices and strangers do.

An LP leaves all but what holders and the reserve need. A crash that nobody hedges is paid for by top-ups
until the floor is at nothing; at its bottom the hedge goes home, and its loss is realised. Then spot is
back: the book asks for a hedge that what is left of margin does not carry.
"""

from __future__ import annotations

from contextlib import suppress

from worlds import ETH, USD, World, build

from tandem.errors import Reverted
from tandem.protocol.bindings.structs import HedgeAccount
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, WAD

TOP = 2_500
SHORT = 2_350
"""A price at which the account is under its least, and not under the venue's."""


def squeezed() -> World:
    """A new market in that state. What a crash that nobody hedges costs a few LPs is more than margin may
    follow (HG-13): here it may, so that it is the floor that binds."""
    return squeeze(build(settings=DeploySettings(loss_cap=WAD)))


def squeeze(w: World) -> World:
    """A hedge at its margin's target at 2,500, smaller than the book's delta, and nothing to lend."""
    vault, lp = w.tandem.vault, w.tandem.lp
    for _ in range(5):
        try:
            w.mint(w.call(TOP), 8 * ETH)
        except Reverted:  # where others have filled the hour
            w.engine.advance(3_600)
            w.freshen()
            w.mint(w.call(TOP), 8 * ETH)
        with suppress(Reverted):
            w.tandem.desk.send("top_up", sender=w.stranger)
    vault.send("requestRedeem", vault.call("balanceOf", lp) * 98 // 100, lp, lp, sender=lp)
    w.engine.advance(DAY + 3_600)
    w.freshen()
    vault.send("process", 9, sender=w.stranger)
    price = TOP
    while vault.call("would_lend", w.tandem.venue):
        price = price * 95 // 100
        w.move(price)
        w.freshen()
        with suppress(Reverted):
            w.tandem.desk.send("top_up", sender=w.stranger)
    w.rest()
    w.bring_home()
    w.move(TOP)
    w.rest()
    fill(w)
    return w


def fill(w: World) -> None:
    """Strangers rebalance for as long as they may."""
    for _ in range(90):
        try:
            w.tandem.rebalance(sender=w.stranger)
        except Reverted as refused:
            if refused.reason != "router: come again":
                break
        w.engine.advance(60)
        w.push_wad(w.spot)


def falls(w: World, price: int) -> None:
    """A price at which pool and oracle have been for ten minutes."""
    w.move(price)
    w.rest()


def delever(w: World, times: int = 30) -> list[int]:
    """Strangers call it for as long as it is due, a minute apart; what each filled."""
    orders: list[int] = []
    for _ in range(times):
        try:
            orders.append(int(w.tandem.desk.send("delever", sender=w.stranger).returned))
        except Reverted as refused:
            if refused.reason != "margin: no delever due":
                raise
            break
        w.engine.advance(60)
        w.push_wad(w.spot)
    return orders


def account(w: World) -> HedgeAccount:
    """The hedge account for the position alone, at the price that margin goes by."""
    t = w.tandem
    return t.router.account(t.desk.margin_spot(), 0)


def ratio(w: World) -> float:
    """Usable equity over the position's notional."""
    a = account(w)
    return a.usable / a.need


def worth(w: World) -> float:
    """What LPs have by the middle of their two marks, USD."""
    m = w.tandem.lens.mark()
    f = w.tandem.vault.funds()
    own = (f.cash - f.exits) / USD - m.claims / USD
    middle = (m.equity_low + m.equity_high - m.liability_low - m.liability_high) / 2
    return own + middle / WAD
