"""A market whose tokens have an enemy for an issuer, with all under way, on any venue, and its acts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache

from issuers import issued
from several import LentWorld, SetWorld, fund
from test_whose_moment import LEAVER, TERMS, all_asked_for, settle_down
from worlds import ETH, FLAT, LADDER, USD, WINDOW, World, build

from tandem import venues
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series, next_expiry
from tandem.units import DAY, HOUR, WAD
from tandem.venues import SEPARATOR

SETTLED, AFTERWARDS = 2_600, 2_550
HELD = 2 * ETH
"""Of calls at 2,500 that were settled at 2,600 and are not redeemed."""
OTHER_LP = 6
Act = Callable[[World], object]


def opened(kind: str, capital: int, settings: DeploySettings) -> World:
    """A market on such a venue with both tokens of such an issuer."""
    worlds = {True: SetWorld, False: LentWorld}
    one = World if kind == "curie" else worlds[SEPARATOR in kind]
    with issued():
        w = build(
            venue=venues.recipe(kind), smile=FLAT, kind=one, capital=capital, settings=settings
        )
    settled_in(w)
    return w


def settled_in(w: World) -> None:
    """The pool is at its price, surfaces and the gate's mark are of now, and margin is there."""
    w.curie.converge()
    w.freshen()
    with suppress(Reverted):
        (fund if isinstance(w, SetWorld) else World.top_up)(w)


def leaving(w: World, assets: int, series: Series, sold: Iterable[int]) -> None:
    """Another LP comes, so much is sold and hedged, and his request for all that he has is due."""
    w.tandem.deposit(assets, lp=w.engine.accounts[LEAVER])
    settled_in(w)
    for units in sold:
        w.mint(series, units)
        settled_in(w)
    settle_down(w)
    all_asked_for(w)


@cache
def due_of_many(kind: str) -> World:
    """2.5M, three hundred calls; a million of it is due to leave."""
    w = opened(kind, 1_500_000 * USD, DeploySettings(terms=TERMS))
    leaving(w, 1_000_000 * USD, w.call(2_500, far=True), [20 * ETH] * 15)
    return w


@cache
def under_way(kind: str) -> tuple[World, int]:
    """One expiry settled and unredeemed, two open with puts in both and a call, a claim to be made and an
    exit that is due. The nearer of the two."""
    w = opened(kind, 1_000_000 * USD, DeploySettings(terms={"max_trade": 300}))
    vault, lp = w.tandem.vault, w.tandem.lp
    mid = next_expiry(w.engine.now(), 25)
    w.tandem.list_expiry(mid, LADDER)
    w.post({mid: w.slices[w.far]})
    w.engine.advance(WINDOW)
    w.tandem.freshen_gate()
    w.mint(w.call(2_500), HELD)
    puts = [(Series(expiry, True, 2_400, 0), 8 * ETH) for expiry in (mid, mid, w.far, w.far)]
    for series, units in [*puts, (w.call(2_500, far=True), ETH)]:
        w.mint(series, units)
        settled_in(w)
    part = vault.call("balanceOf", lp) // 20
    vault.send("requestRedeem", part, lp, lp, sender=lp)
    w.engine.advance(25 * HOUR)
    quiet(w)
    assert vault.send("process", 1, sender=w.stranger).returned > 0
    w.engine.set_time(w.near - 2 * DAY)
    vault.send("requestRedeem", part, lp, lp, sender=lp)
    w.settle(w.near, SETTLED)
    w.move(AFTERWARDS)
    w.rest()
    quiet(w)
    return w, mid


def quiet(w: World) -> None:
    """The hedge is home, and the pool at its price."""
    w.curie.converge()
    w.freshen()
    w.bring_home()
    w.curie.converge()
    w.freshen()


# ---------------------------------------------------------------- acts
def sells(w: World) -> object:
    """A mint that the hedge sells for."""
    return w.mint(Series(w.far, True, 2_600, 0), ETH)


def buys(w: World) -> object:
    return w.mint(w.call(2_500, far=True), ETH)


def closes(w: World) -> object:
    return w.close(Series(w.far, True, 2_400, 0), 4 * ETH)


def redeems(w: World) -> object:
    paid = w.tandem.redeem(w.call(2_500), HELD).returned
    assert paid == HELD * (SETTLED - 2_500)
    return paid


def deposits(w: World) -> object:
    return w.tandem.deposit(1_000 * USD, lp=w.engine.accounts[OTHER_LP])


def requests(w: World) -> object:
    vault, lp = w.tandem.vault, w.tandem.lp
    return vault.send("requestRedeem", vault.call("balanceOf", lp) // 10, lp, lp, sender=lp)


def processes(w: World) -> object:
    paid = w.tandem.vault.send("process", 1, sender=w.stranger).returned
    assert paid > 0
    return paid


def claims(w: World) -> object:
    vault, lp = w.tandem.vault, w.tandem.lp
    return vault.send("redeem", vault.call("maxRedeem", lp), lp, lp, sender=lp)


def pokes(w: World) -> object:
    return w.tandem.vault.send("poke", sender=w.stranger)


def remarks(w: World) -> object:
    return w.tandem.stress.send("remark", sender=w.stranger)


def rebalances(w: World) -> object:
    return w.tandem.rebalance(sender=w.stranger)


def tops_up(w: World) -> object:
    return w.tandem.desk.send("top_up", sender=w.stranger)


def sweeps(w: World) -> object:
    return w.tandem.desk.send("sweep", sender=w.stranger)


def delevers(w: World) -> object:
    return w.tandem.desk.send("delever", sender=w.stranger)


# ---------------------------------------------------------------- what makes them due
def risen(w: World) -> None:
    """The price rose: a part of the short is to be bought back."""
    w.move(w.spot * 106 // 100 // WAD)
    w.rest()
    w.freshen()


def lacking(w: World) -> None:
    """Larger trades: a top-up is due."""
    w.set_terms(max_trade=900)


def overfunded(w: World) -> None:
    """Smaller ones: a sweep is."""
    w.set_terms(max_trade=1_000)
    settled_in(w)
    w.set_terms(max_trade=100)


DUE: dict[Act, Act] = {rebalances: risen, tops_up: lacking, sweeps: overfunded}


def done(w: World, act: Act, stop: Act) -> str:
    """The reason by which an act is refused once somebody stopped something, "" where it goes on; undone."""
    with w.undone():
        if act in DUE:
            DUE[act](w)
        stop(w)
        try:
            act(w)
        except Reverted as refused:
            return refused.reason
    return ""


def nothing(w: World) -> None:
    pass


def squeezed(kind: str) -> World:
    """A short hedge under its least after a rise that nobody hedged, and cash that may be lent."""
    w = opened(kind, 1_000_000 * USD, DeploySettings(terms={"max_trade": 300}))
    for _ in range(5):
        w.mint(w.put(2_500), 6 * ETH)
        settled_in(w)
    w.set_terms(max_trade=10)
    with suppress(Reverted):
        sweeps(w)
    while done(w, delevers, nothing) == "margin: no delever due":
        w.move(w.spot // WAD + 25)
        w.rest()
    assert done(w, delevers, nothing) == "margin: top up instead"
    return w
