"""AV-1, FL-1: tokens whose issuer pauses them, lists one address, or gives them other code, on every hedge.

What moves no token goes on, who holds none stops nothing, one holder stops himself, and what was owed
meanwhile is paid in full behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from issuers import adapters, base_of, lenders, list_all, pause, pools, quote_of, upgrade
from under_way import (
    AFTERWARDS,
    HELD,
    OTHER_LP,
    SETTLED,
    Act,
    buys,
    claims,
    closes,
    deposits,
    done,
    pokes,
    processes,
    rebalances,
    redeems,
    remarks,
    requests,
    sells,
    sweeps,
    tops_up,
    under_way,
)
from worlds import ETH, USD, World

from tandem.errors import Reverted
from tandem.protocol.series import Series
from tandem.units import DAY

KINDS = ("aave", "morpho", "morpho4", "curie+aave", "aave+morpho")
ALL: tuple[Act, ...] = (
    buys, sells, closes, redeems, deposits, requests, processes, claims, pokes, remarks, rebalances,
    tops_up, sweeps,
)  # fmt: skip
STILL: tuple[Act, ...] = (requests, processes, pokes, remarks)
"""What moves no token."""


def no_quote(w: World) -> None:
    pause(w, quote_of(w))


def quote_says_no(w: World) -> None:
    upgrade(w, quote_of(w), says_no=True)


def quote_takes_a_fee(w: World) -> None:
    upgrade(w, quote_of(w), fee=100)


def vault_listed(w: World) -> None:
    list_all(w, quote_of(w), w.tandem.vault)


def hedge_listed(w: World) -> None:
    """Whoever has to do with the hedge, in both tokens."""
    for token in (quote_of(w), base_of(w)):
        list_all(w, token, *adapters(w), *pools(w), *lenders(w))


def no_base(w: World) -> None:
    pause(w, base_of(w))


def base_says_no(w: World) -> None:
    upgrade(w, base_of(w), says_no=True)


def base_takes_a_fee(w: World) -> None:
    upgrade(w, base_of(w), fee=100)


def base_listed(w: World) -> None:
    list_all(w, base_of(w), *adapters(w), *pools(w), *lenders(w))


OF_QUOTE = (no_quote, quote_says_no, quote_takes_a_fee, vault_listed, hedge_listed)
OF_BASE = (no_base, base_says_no, base_takes_a_fee, base_listed)


@pytest.fixture(params=KINDS)
def market(request: pytest.FixtureRequest) -> Iterator[tuple[World, int]]:
    w, mid = under_way(request.param)
    with w.undone():
        yield w, mid


def settles(w: World, expiry: int) -> object:
    return w.settle(expiry, AFTERWARDS)


@pytest.mark.proves("AV-1", "ST-2", "SH-3")
@pytest.mark.parametrize("stop", [*OF_QUOTE, *OF_BASE])
def test_what_moves_no_token_goes_on_whatever_stops(market: tuple[World, int], stop: Act) -> None:
    w, mid = market
    assert {act.__name__: done(w, act, stop) for act in STILL} == {a.__name__: "" for a in STILL}
    stop(w)
    assert settles(w, mid)


@pytest.mark.proves("AV-1", "MP-10", "LM-2")
@pytest.mark.parametrize("stop", OF_BASE)
def test_a_base_token_that_stops_stops_orders_alone(market: tuple[World, int], stop: Act) -> None:
    """Margin, deposits, exits and payouts are in the quote token. What fails takes nobody's money."""
    w, _ = market
    ways = (redeems, deposits, claims, tops_up, sweeps)
    assert [done(w, act, stop) for act in ways] == [""] * len(ways)
    assert done(w, sells, stop)
    before = w.usdc(w.trader), w.position()
    stop(w)
    with pytest.raises(Reverted):
        sells(w)
    assert w.usdc(w.trader) == before[0]
    assert abs(w.position() - before[1]) < 10**12  # interest


@pytest.mark.proves("AV-1", "FL-1")
def test_who_holds_no_money_is_listed_for_nothing(market: tuple[World, int]) -> None:
    """Market, desk, lens, a set of venues and the owner: money passes by none of them."""
    w, _ = market
    t = w.tandem
    idle = [t.market, t.desk, t.lens, t.roles.deployer]
    if len(adapters(w)) > 1:
        idle.append(t.venue)

    def listed(w: World) -> None:
        for token in (quote_of(w), base_of(w)):
            list_all(w, token, *idle)

    assert {act.__name__: done(w, act, listed) for act in ALL} == {a.__name__: "" for a in ALL}


@pytest.mark.proves("AV-1")
def test_a_listed_router_keeps_margin_from_coming_home_and_nothing_else(
    market: tuple[World, int],
) -> None:
    """All that comes home passes by it. It stands (docs/weaknesses.md)."""
    w, _ = market
    refused = {
        act for act in ALL if done(w, act, lambda w: list_all(w, quote_of(w), w.tandem.router))
    }
    assert refused == {sweeps}


@pytest.mark.proves("AV-1")
def test_a_token_that_says_nothing_any_more_stops_nothing(market: tuple[World, int]) -> None:
    w, _ = market

    def mute(w: World) -> None:
        for token in (quote_of(w), base_of(w)):
            upgrade(w, token, is_mute=True)

    assert {act.__name__: done(w, act, mute) for act in ALL} == {a.__name__: "" for a in ALL}


@pytest.mark.proves("ST-3", "BK-5")
def test_a_listed_holder_stops_himself_and_is_paid_elsewhere(market: tuple[World, int]) -> None:
    w, mid = market
    t, series, other = w.tandem, w.call(2_500), w.engine.accounts[7]
    list_all(w, quote_of(w), w.trader)
    with pytest.raises(Reverted, match="usdc: listed"):
        redeems(w)
    w.mint(w.call(2_500, far=True), ETH, trader=w.stranger)
    settles(w, mid)
    paid = HELD * (SETTLED - 2_500)
    with w.undone():
        w.engine.advance(7 * DAY)
        told = (series.id, HELD, w.trader)
        for who, to in (
            (w.stranger, w.trader),
            (w.stranger, other),
        ):  # for him and to him, or not at all
            with pytest.raises(Reverted):
                t.market.send("redeem", *told, to, sender=who)
    assert (
        t.market.send("redeem", series.id, HELD, w.trader, other, sender=w.trader).returned == paid
    )
    assert w.usdc(other) == paid


@pytest.mark.proves("SH-3", "SH-4")
def test_a_listed_lp_stops_nobody_in_his_epoch_and_is_paid_elsewhere(
    market: tuple[World, int],
) -> None:
    w, _ = market
    vault, lp, other = w.tandem.vault, w.tandem.lp, w.engine.accounts[OTHER_LP]
    deposits(w)
    for who in (lp, other):
        vault.send("requestRedeem", vault.call("balanceOf", who) // 20, who, who, sender=who)
    list_all(w, quote_of(w), lp)
    w.engine.advance(25 * 3_600)
    w.curie.converge()
    w.freshen()
    w.bring_home()
    w.curie.converge()
    w.freshen()
    vault.send("process", 8, sender=w.stranger)
    there = [int(vault.call("maxWithdraw", who)) for who in (lp, other)]
    assert min(there) > 0
    assert vault.call("pendingRedeemRequest", 0, lp) == 0
    vault.send("withdraw", there[1], other, other, sender=other)
    with pytest.raises(Reverted, match="usdc: listed"):
        vault.send("withdraw", there[0], lp, lp, sender=lp)
    before = w.usdc(w.stranger)
    vault.send("withdraw", there[0], w.stranger, lp, sender=lp)
    assert w.usdc(w.stranger) - before == there[0]


@pytest.mark.proves("FL-1", "ST-2", "ST-3")
@pytest.mark.parametrize("stop", [hedge_listed, no_base])
def test_holders_are_paid_while_all_of_the_hedge_is_frozen(
    market: tuple[World, int], stop: Act
) -> None:
    """FL-7: margin is outside the floor. Nothing of what they are owed comes from there."""
    w, mid = market
    stop(w)
    settles(w, mid)
    w.settle(w.far, 2_300)
    before = w.usdc(w.trader)
    redeems(w)
    for series in (w.call(2_500, far=True), *(Series(e, True, 2_400, 0) for e in (mid, w.far))):
        w.tandem.redeem(series, w.tandem.balance_of(series))
    owed = HELD * (SETTLED - 2_500) + 16 * ETH * (2_400 - 2_300)
    assert w.usdc(w.trader) - before == owed
    assert w.floor() >= 0


@pytest.mark.proves("FL-1", "ST-3", "SH-3")
@pytest.mark.parametrize("stop", [no_quote, quote_says_no, vault_listed])
def test_what_was_owed_meanwhile_is_paid_behind_it(market: tuple[World, int], stop: Act) -> None:
    """To the unit, and all margin moves again."""
    w, mid = market
    vault, lp = w.tandem.vault, w.tandem.lp
    cash, tokens = vault.call("cash"), w.usdc(vault)
    stop(w)
    processes(w)
    settles(w, mid)
    aside = int(vault.call("maxWithdraw", lp))
    for act in (redeems, claims, deposits):
        with pytest.raises(Reverted):
            act(w)
    assert (vault.call("cash"), w.usdc(vault)) == (cash, tokens)
    pause(w, quote_of(w), is_paused=False)
    upgrade(w, quote_of(w))
    list_all(w, quote_of(w), vault, is_listed=False)
    before = w.usdc(lp)
    vault.send("withdraw", aside, lp, lp, sender=lp)
    assert w.usdc(lp) - before == aside
    redeems(w)
    w.freshen()
    for act in (tops_up, sweeps):
        assert done(w, act, lambda _: None) == ""
    assert w.usdc(vault) == vault.call("cash")
    assert aside > 50_000 * USD
