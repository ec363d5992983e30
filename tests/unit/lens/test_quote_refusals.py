"""MP-12: a quote refuses what the trade would refuse, by the same name: every reason there is.

The reasons are read from the sources, so a new one fails here until a state that produces it is
added to the walk, or a cause why no state does.
Longer than a file should be: it is one table, a state for each reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from reachable import reasons
from worlds import ETH, MAX, USD, WINDOW, World, build

from tandem.engine.base import Contract
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.series import Series, next_expiry

BILLION = 10**9 * USD
Trade = tuple[int, int]  # series id, units


@dataclass(frozen=True, slots=True)
class Refusal:
    """A state, and the trade that is refused in it."""

    reason: str
    kind: str
    arrange: Callable[[World], Trade]


WALK: list[Refusal] = []
Arrange = Callable[[World], Trade]


def refused(reason: str, *kinds: str) -> Callable[[Arrange], Arrange]:
    """These kinds of trade are refused in the state that the function makes."""

    def add(arrange: Arrange) -> Arrange:
        WALK.extend(Refusal(reason, kind, arrange) for kind in kinds)
        return arrange

    return add


@pytest.fixture(scope="module")
def once() -> World:
    """A market on a chain with a sequencer, whose feed may be silent, where the trader holds 4 ETH of calls
    at the money."""
    w = build(uptime=True, settings=DeploySettings(deviation=500))
    w.mint(w.call(2_500), 4 * ETH)
    return w


@pytest.fixture
def w(once: World) -> Iterator[World]:
    with once.undone():
        yield once


def held(w: World) -> Trade:
    return w.call(2_500).id, ETH


# ---------------------------------------------------------------- 1 guard


@refused("series: unknown", "mint", "close")
def _(w: World) -> Trade:
    return w.call(2_500).id | 1 << 200, ETH


@refused("series: unknown", "mint", "close")
def _(w: World) -> Trade:
    """An id without an expiry: what a rebalance asks the book for, who has no series."""
    return w.call(2_500).id & ~((2**40 - 1) << 128), ETH


@refused("market: paused", "mint")
def _(w: World) -> Trade:
    w.tandem.guardian.send("pause", sender=w.tandem.roles.guardian)
    return held(w)


@refused("market: venue down", "mint")
def _(w: World) -> Trade:
    w.tandem.guardian.send("take_down", sender=w.tandem.roles.guardian)
    return held(w)


@refused("market: zero size", "close")
def _(w: World) -> Trade:
    return w.call(2_500).id, 0


@refused("market: expired, redeem", "close")
@refused("limits: expired", "mint")
def _(w: World) -> Trade:
    w.engine.set_time(w.near - 100)
    w.push(2_500)
    w.post()
    w.engine.set_time(w.near)
    return held(w)


# ---------------------------------------------------------------- 2 read once


@refused("book: expiry not listed", "mint", "close")
def _(w: World) -> Trade:
    return Series(next_expiry(w.engine.now(), 27), True, 2_500).id, ETH


@refused("book: expiry delisted", "mint")
def _(w: World) -> Trade:
    w.tandem.delist(w.near)
    return held(w)


@refused("market: surface stale", "mint", "close")
def _(w: World) -> Trade:
    w.engine.advance(1_000)
    w.push(2_500)
    return held(w)


@refused("surface: no slice", "mint", "close")
def _(w: World) -> Trade:
    expiry = next_expiry(w.engine.now(), 13)
    w.tandem.list_expiry(expiry, [2_500, 5_000])
    return Series(expiry, False, 2_500, 5_000).id, ETH


def uptime(w: World) -> Contract:
    assert w.uptime is not None
    return w.uptime


@refused("spot: sequencer down", "mint", "close")
def _(w: World) -> Trade:
    uptime(w).send("push", 1, sender=w.curie.owner)
    return held(w)


@refused("spot: grace period", "mint", "close")
def _(w: World) -> Trade:
    uptime(w).send("push", 0, sender=w.curie.owner)
    return held(w)


def feed_without_rounds(w: World, feed: Contract) -> Trade:
    feed.send("answer_zeros", True, sender=w.curie.owner)
    feed.send("next_phase", sender=w.curie.owner)
    return held(w)


@refused("spot: sequencer unknown", "mint", "close")
def _(w: World) -> Trade:
    return feed_without_rounds(w, uptime(w))


@refused("spot: incomplete round", "mint", "close")
def _(w: World) -> Trade:
    return feed_without_rounds(w, w.curie.feed)


@refused("spot: future timestamp", "mint", "close")
def _(w: World) -> Trade:
    w.curie.feed.send("push_at", 2_500 * 10**8, w.engine.now() + 500, sender=w.curie.owner)
    return held(w)


@refused("spot: stale", "mint", "close")
def _(w: World) -> Trade:
    w.engine.advance(4_100)
    w.post()
    return held(w)


@refused("spot: not positive", "mint", "close")
def _(w: World) -> Trade:
    w.curie.feed.send("push", 0, sender=w.curie.owner)
    return held(w)


@refused("spot: out of bounds", "mint", "close")
def _(w: World) -> Trade:
    w.curie.feed.send("push", 99 * 10**8, sender=w.curie.owner)
    return held(w)


# ---------------------------------------------------------------- 3 price


@refused("risk: strike range", "mint", "close")
def _(w: World) -> Trade:
    return w.put(2**24).id, ETH


@refused("book: strike not listed", "mint", "close")
def _(w: World) -> Trade:
    return w.put(2_510).id, ETH


@refused("limits: tenor", "mint")
def _(w: World) -> Trade:
    expiry = next_expiry(w.engine.now(), 5)
    w.tandem.list_expiry(expiry, [2_500])
    w.post({expiry: w.slices[w.near]})
    w.engine.advance(WINDOW)
    return Series(expiry, True, 2_500).id, ETH


@refused("limits: moneyness", "mint")
def _(w: World) -> Trade:
    return w.call(4_500, 6_000).id, ETH


@refused("limits: cap too far", "mint")
def _(w: World) -> Trade:
    return w.call(2_500, 5_500).id, ETH


@refused("limits: delta", "mint")
def _(w: World) -> Trade:
    return w.put(3_000).id, ETH


@refused("limits: size too small", "mint")
def _(w: World) -> Trade:
    return w.call(2_500).id, ETH // 100 - 1


@refused("limits: size over cap", "mint")
def _(w: World) -> Trade:
    return w.call(2_500).id, 9 * ETH


@refused("limits: over outstanding", "close")
def _(w: World) -> Trade:
    return w.call(2_500).id, 4 * ETH + 1


@refused("limits: book vega", "mint")
def _(w: World) -> Trade:
    w.set_terms(vega_cap=10, max_trade=1_000)
    return w.call(2_500, far=True).id, 39 * ETH


@refused("limits: book gamma", "mint")
def _(w: World) -> Trade:
    w.set_terms(gamma_cap=50, max_trade=1_000)
    w.top_up()
    w.mint(w.call(2_500), 38 * ETH)
    w.top_up()
    return w.call(2_500).id, 38 * ETH


@refused("book: too large", "mint")
def _(w: World) -> Trade:
    """A Vault so rich that one trade inside its limits outgrows a node."""
    w.set_terms(max_trade=1_000, vega_cap=1_000, gamma_cap=2_000)
    w.tandem.deposit(20 * BILLION)
    return w.put(2_400).id, 2**39


@refused("floor: nothing fits", "close")
def _(w: World) -> Trade:
    """Most of the cash has left, the call is worth more than what is there, and closes took all that
    fitted."""
    w.set_terms(reserve=500, max_trade=1_000)
    w.mint(w.call(2_500), 4 * ETH)
    w.mint(w.put(2_500), 8 * ETH)
    w.lp_exits()
    w.move(3_400)
    w.freshen()
    while w.tandem.lens.call("max_close", w.call(2_500).id, ETH):
        w.close(w.call(2_500), 7 * ETH)
    return held(w)


# ---------------------------------------------------------------- 4 book, 6 verify the hedge


@refused("floor: under reserve", "mint")
def _(w: World) -> Trade:
    w.set_terms(max_trade=1_000)
    vault, lp = w.tandem.vault, w.tandem.lp
    shares = vault.call("balanceOf", lp)
    vault.send("requestRedeem", shares * 95 // 100, lp, lp, sender=lp)
    return w.call(2_500).id, 25 * ETH


@refused("hedge: venue off oracle", "mint")
def _(w: World) -> Trade:
    """The residual spares the trade its order, and the pool is away from the oracle."""
    w.move(2_490)
    w.freshen()
    w.curie.converge(2_520 * 10**18)
    return w.call(2_500).id, ETH // 100


@refused("gate: stale", "mint")
def _(w: World) -> Trade:
    w.engine.advance(3_601)
    w.push_wad(w.spot)
    w.post()
    w.engine.advance(61)
    return w.call(2_500).id, ETH


@refused("gate: hour is full", "mint")
def _(w: World) -> Trade:
    w.set_terms(hour=100)  # 4 ETH at a million
    w.tandem.stress.send("remark", sender=w.stranger)
    return w.call(2_500).id, 5 * ETH


@refused("gate: worst jump", "mint")
def _(w: World) -> Trade:
    w.set_terms(max_trade=1_000, vega_cap=1_000, gamma_cap=2_000, gate=500)
    w.tandem.stress.send("remark", sender=w.stranger)
    w.top_up()
    w.mint(w.call(2_500), 30 * ETH)
    w.top_up()
    return w.call(2_500).id, 36 * ETH


@refused("router: spot off average", "mint")
def _(w: World) -> Trade:
    w.bring_home()
    w.curie.converge(w.spot * 107 // 100)
    w.engine.advance(600)
    w.curie.converge(w.spot)
    return w.put(2_250).id, ETH


@refused("hedge: residual over band", "mint")
def _(w: World) -> Trade:
    """A fall leaves more delta than the minute's chunk of the pool brings back to the hard band."""
    w.set_terms(max_trade=1_000, vega_cap=1_000, gamma_cap=2_000)
    for _ in range(2):
        w.top_up()
        w.mint(w.call(2_500), 30 * ETH)
    w.move(2_350)
    w.freshen()
    w.curie.converge()
    w.top_up()
    return w.call(2_500).id, ETH


# ---------------------------------------------------------------- the walk


@pytest.mark.proves("MP-12")
@pytest.mark.parametrize("case", WALK, ids=lambda case: f"{case.kind}: {case.reason}")
def test_lens_and_market_refuse_by_one_name(w: World, case: Refusal) -> None:
    id, units = case.arrange(w)
    is_close = case.kind == "close"
    bounds = (0, 0, MAX) if is_close else (MAX, MAX)
    with w.refuses(case.reason):
        w.tandem.lens.call("quote", id, units, is_close)
    with w.refuses(case.reason):
        w.tandem.market.send(case.kind, id, units, *bounds, w.trader, sender=w.trader)


@pytest.mark.proves("MP-12")
@pytest.mark.parametrize("case", [c for c in WALK if c.kind == "close"], ids=lambda c: c.reason)
def test_the_most_that_closes_is_refused_alike_before_there_is_a_deal(
    w: World, case: Refusal
) -> None:
    """What comes after the price is not asked: a part of nothing is an answer."""
    id, units = case.arrange(w)
    if case.reason == "floor: nothing fits":
        assert w.tandem.lens.call("max_close", id, units) == 0
    else:
        with w.refuses(case.reason):
            w.tandem.lens.call("max_close", id, units)


@pytest.mark.proves("MP-12")
def test_without_such_a_state_both_go_through(w: World) -> None:
    id, units = held(w)
    for is_close, kind, bounds in ((False, "mint", (MAX, MAX)), (True, "close", (0, 0, MAX))):
        assert w.tandem.lens.call("quote", id, units, is_close)[0] == units
        w.tandem.market.send(kind, id, units, *bounds, w.trader, sender=w.trader)
    assert w.tandem.lens.call("max_close", id, units) == units


# ---------------------------------------------------------------- that nothing is left out

TRADERS = {
    "market: deadline passed",
    "market: premium over max",
    "market: payout under min",
    "token: balance",
    "token: zero receiver",
    "token: cannot redeem",
    "spot: too little gas",
    "vault: recipient",
    "",  # the quote token's own refusal: balance or allowance
}
VENUES = {
    "router: under minimum",
    "hedge: not exact",
    "hedge: fill over band",
    "hedge: fill under band",
    "market: order over bid",
}
NEVER = {
    "risk: spot range": "the oracle's bounds lie inside",
    "risk: cap or floor": "a series is refused before",
    "risk: band terms": "the terms' bounds lie inside",
    "risk: open slope": "every series ends flat (tests/unit/nodes)",
    "book: header range": "sixteen nodes at most, expiries of 40 bits that the lister gave",
    "book: strike range": "only listed strikes move",
    "floor: negative": "the part that fits keeps the floor (tests/unit/market/test_lies.py)",
    "vault: only market": "the Market calls",
    "vault: cash": "the floor counts what is set aside",
    "vault: over cash": "the floor counts what is set aside",
    "vault: too large": "no token has so many units",
    "vault: short transfer": "the quote token takes no fee",
    "router: not the market": "the Market calls",
    "token: only market": "the Market calls",
}


def reachable() -> set[str]:
    """Every reason in the sources that a mint or a close can meet, its venue's own left out."""
    parts = (
        ("Market", "mint", "close", "open_book"), ("Underwriter", "underwrite"),
        ("Risk", "assess"), ("VolSurface", "read"), ("oracles/ChainlinkSpot", "spot"),
        ("Guardian", "terms"), ("Vault", "funds", "collect", "pay"),
        ("HedgeRouter", "position", "max_order", "hedge", "quotation", "admits"),
        ("OptionToken", "mint", "burn"),
    )  # fmt: skip
    return set[str]().union(*(reasons(*part) for part in parts))


@pytest.mark.proves("MP-12")
def test_every_reason_of_a_trade_is_walked_or_is_no_quotes_to_know() -> None:
    walked = {case.reason for case in WALK}
    groups = (walked, TRADERS, VENUES, NEVER.keys())
    assert sum(map(len, groups)) == len(set[str]().union(*groups)), "a reason is in two groups"
    assert reachable() == set[str]().union(*groups)


@pytest.mark.proves("MP-12")
def test_the_lens_refuses_no_trade_by_a_reason_of_its_own() -> None:
    assert reasons("Lens", "quote", "max_close") <= {case.reason for case in WALK}


@pytest.mark.proves("MP-12", "HG-4")
def test_a_venue_that_is_shut_lets_what_fits_the_band_close(w: World) -> None:
    """HG-4: "of a close that this would leave outside HG-2 the part fills that stays inside"."""
    w.curie.base.send("pause", sender=w.curie.owner)
    id, units = w.call(2_500).id, 4 * ETH
    shown = w.tandem.lens.call("quote", id, units, True)[0]
    assert 0 < shown < units
    assert shown == w.tandem.lens.call("max_close", id, units)
    bounds = (0, 0, MAX, w.trader)
    filled = w.tandem.market.send("close", id, units, *bounds, sender=w.trader).returned[0]
    assert filled == pytest.approx(shown, abs=100)  # a second apart
