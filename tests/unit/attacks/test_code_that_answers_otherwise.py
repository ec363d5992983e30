"""A venue's new code refuses, burns its gas, cuts its answers short, draws them out, or lies: whom that
stops, until when, and what it is paid."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from issuers import adapters, markets
from under_way import (
    AFTERWARDS,
    DUE,
    SETTLED,
    Act,
    buys,
    claims,
    closes,
    deposits,
    done,
    nothing,
    pokes,
    processes,
    rebalances,
    remarks,
    requests,
    sells,
    sweeps,
    tops_up,
)
from upgraded import (
    ANSWERS,
    BURNS,
    LEFT,
    LIES,
    LONG,
    REFUSES,
    SET,
    SHORT,
    TURNS,
    Upgraded,
    upgraded,
)
from worlds import USD, World

from tandem.errors import Reverted
from tandem.units import DAY, HOUR
from tandem.venues import SEPARATOR

WHERE = (("aave", "aave"), ("curie", "curie"), (SET, "aave"), (SET, "curie"))
KINDS = {"refuses": REFUSES, "burns": BURNS, "short": SHORT}
PART = {"views": (True,), "moves": (False,), "all": (True, False)}
LONGER = {
    ("curie", "short"),
    ("curie", "burns"),
    (f"{SET} aave", "short"),
    (f"{SET} curie", "refuses"),
}
"""Left to `make long`, with all that answers in part."""


def redeems(w: World) -> object:
    paid = w.tandem.redeem(w.call(2_500), LEFT).returned
    assert paid == LEFT * (SETTLED - 2_500)
    return paid


def settles(mid: int, w: World) -> object:
    return w.settle(mid, AFTERWARDS)


TRADES: tuple[Act, ...] = (buys, sells, closes, rebalances, tops_up, sweeps)
OF_NOBODY: tuple[Act, ...] = (redeems, claims, requests)
PRICED: tuple[Act, ...] = (deposits, processes, pokes, remarks)


def marked(where: tuple[str, str], kind: str, part: str) -> list[pytest.MarkDecorator]:
    name = where[0] if where[0] != SET else " ".join(where)
    short = part == "all" and (name, kind) not in LONGER
    return [] if short else [pytest.mark.long]


@pytest.fixture(
    params=[
        pytest.param(
            (where, kind, part), id=" ".join((*where, kind, part)), marks=marked(where, kind, part)
        )
        for where in WHERE
        for kind in KINDS
        for part in PART
    ]
)
def stopped(request: pytest.FixtureRequest) -> Iterator[tuple[Upgraded, Act]]:
    """A market, and how its venue stops."""
    where, kind, part = request.param
    u = upgraded(*where)

    def stop(w: World) -> None:
        for views in PART[part]:
            u.tell_all(KINDS[kind], views=views, anybody=not views)

    with u.world.undone():
        yield u, stop


def said(u: Upgraded, acts: tuple[Act, ...], stop: Act) -> set[str]:
    """Which of them are refused."""
    return {act.__name__ for act in acts if done(u.world, act, stop)}


@pytest.mark.proves("AV-1", "ST-2", "ST-3", "SH-3")
def test_what_asks_no_venue_goes_on_before_anybody_sets_a_bit(
    stopped: tuple[Upgraded, Act],
) -> None:
    """Settlement, redemption, requests and claims."""
    u, stop = stopped
    assert said(u, OF_NOBODY, stop) == set()
    stop(u.world)
    assert settles(u.mid, u.world)


@pytest.mark.proves("AV-1", "HG-19", "VS-5", "VS-8", "SH-8")
def test_a_bit_ends_it(stopped: tuple[Upgraded, Act]) -> None:
    """At an only venue holders sell back at once, and LPs leave from three days later on; of several the
    others trade on from the gate's next mark, and margin goes to them and comes from them."""
    u, stop = stopped
    w, is_set = u.world, SEPARATOR in u.world.curie.recipe.name
    bit = partial(taken_down, u, stop)
    assert said(u, OF_NOBODY, bit) == set()
    assert said(u, TRADES if is_set else (closes,), bit) == set()
    bit(w)
    left_behind(w)
    assert done(w, processes, nothing) == ""


def taken_down(u: Upgraded, stop: Act, w: World) -> None:
    t = w.tandem
    stop(w)
    if SEPARATOR in w.curie.recipe.name:
        place = adapters(w).index(u.adapter)
        t.guardian.send("take_down_one", place, sender=t.roles.guardian)
        w.freshen()
        remarks(w)
    else:
        t.guardian.send("take_down", sender=t.roles.guardian)


def left_behind(w: World) -> None:
    """Three days, and the longest wait for a calm moment, from a mark on that somebody takes."""
    w.go_on(3 * DAY + HOUR)
    w.post()
    pokes(w)
    for _ in range(8):
        w.engine.advance(HOUR)
        w.push_wad(w.spot)
        w.post()


@pytest.mark.parametrize(("kind", "venue"), WHERE)
def test_more_than_was_asked_for_is_cut_off(kind: str, venue: str) -> None:
    u = upgraded(kind, venue)

    def stop(w: World) -> None:
        u.tell_all(LONG, views=True)
        u.tell_all(LONG, views=False, anybody=True)

    with u.world.undone():
        assert said(u, (*TRADES, *OF_NOBODY, *PRICED), stop) == set()


# ---------------------------------------------------------------- lies
ASKED = {
    "aave": {
        "lending_pool": (
            "getReserveNormalizedIncome", "getReserveNormalizedVariableDebt", "getConfiguration",
            "getUserAccountData", "getVirtualUnderlyingBalance", "withdraw", "repay",
        ),
        "a_usdc": ("scaledBalanceOf",),
        "a_weth": ("scaledBalanceOf",),
        "d_usdc": ("scaledBalanceOf",),
        "d_weth": ("scaledBalanceOf",),
        "oracle": ("getAssetPrice",),
    },
    "curie": {
        "account_balance": (
            "getTakerPositionSize", "getTakerOpenNotional", "getMarkPrice", "getPnlAndPendingFee",
        ),
        "vault": ("getBalance", "getFreeCollateralByToken"),
        "exchange": ("getPendingFundingPayment", "getMaxTickCrossedWithinBlock"),
        "clearing_house": ("paused", "openPositionFor"),
    },
}  # fmt: skip
"""What our adapters ask of each."""
FEW = (0, 2**256 - 1, 10**21)
MANY = (1, 2**255 - 1, 2**255, 2**127, 10**12, 10**18, 10**27, 2 * 10**27, 2**256 - 10**20)
PAID: tuple[Act, ...] = (buys, sells, closes, deposits, processes, rebalances, tops_up)
FEE = 30 * USD
"""What a close of four options pays in fees and for its hedge, and more: the most that a lie of a fill, or
one that sends an order to another member, is worth to anybody."""


def apart_from(u: Upgraded) -> int:
    """What LPs have in cash and at all other venues, by those venues' own word; token units."""
    w = u.world
    there = 0
    for market, one in zip(markets(w), adapters(w), strict=True):
        if one.address != u.adapter.address:
            there += int(w.tandem.venue.call("account_at", one, w.spot)[1]) // 10**12
            assert market is not u.market
    return w.usdc(w.tandem.vault) + w.usdc(w.tandem.router) + there


def moved(u: Upgraded, act: Act) -> tuple[int, int] | None:
    """By how much an act moved that, what was sent to the enemy's venue aside; and the trader's own money."""
    w, desk = u.world, u.world.tandem.desk
    before = apart_from(u) + desk.call("sent", u.adapter), w.usdc(w.trader)
    try:
        act(w)
    except Reverted:
        return None
    return apart_from(u) + desk.call("sent", u.adapter) - before[0], w.usdc(w.trader) - before[1]


@pytest.mark.proves("HG-13", "VS-4", "VS-8", "HG-5", "FL-1")
@pytest.mark.parametrize(
    ("kind", "venue", "values"),
    [
        pytest.param(
            *where, values, marks=[] if SET not in where and values is FEW else pytest.mark.long
        )
        for where in WHERE
        for values in (FEW, MANY)
    ],
)
def test_a_lie_is_paid_a_fee_at_the_most(kind: str, venue: str, values: tuple[int, ...]) -> None:
    """Of each answer, whenever it is asked and from the second time on: nothing of what lies elsewhere goes
    by it but margin, for which HG-13 stands (`test_code_that_asks_for_margin.py`)."""
    u = upgraded(kind, venue)
    for act in PAID:
        with u.world.undone():
            if act in DUE:
                DUE[act](u.world)
            with u.world.undone():
                plain = moved(u, act)
            assert plain is not None
            for name, function, how, value in lies(venue, values):
                with u.world.undone():
                    u.tell(name, function, how, value.to_bytes(32) * 6)
                    found = moved(u, act)
                    assert u.world.floor() >= 0
                if found is not None:
                    what = (act.__name__, name, function, how, value, found, plain)
                    assert found[0] >= plain[0] - FEE, what
                    assert found[1] <= plain[1] + FEE, what


def lies(venue: str, values: tuple[int, ...]) -> Iterator[tuple[str, str, int, int]]:
    """By part, function, and how."""
    for name, functions in ASKED[venue].items():
        for function in functions:
            is_a_move = function in ("withdraw", "repay", "openPositionFor")
            for how in (ANSWERS, LIES if is_a_move else TURNS):
                for value in values:
                    yield name, function, how, value
