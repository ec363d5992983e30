"""AV-1: every cell of the table of what works when, in a market where everything is under way.

Longer than a file should be: it is one table, and what its rows and columns mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import pytest
from worlds import ETH, LADDER, USD, World, build

from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.protocol import deploy
from tandem.protocol.series import Series, next_expiry
from tandem.units import DAY, HOUR, WAD
from tandem.venues.curie import Depth

STEP = 61
OTHER_LP = 6
SETTLED, AFTERWARDS = 2_600, 2_750
DOWN_FLAG, DISTRESSED = 2, 256  # of the terms' flags
FLOOR_SPENT = "floor spent"
Under = tuple[World, int, Contract]


def _series(w: World, expiry: int) -> Series:
    return Series(expiry, True, 2_400, 0)


def _refresh(w: World) -> None:
    w.push_wad(w.spot)
    w.post()
    w.engine.advance(STEP)


def _began(**how: Any) -> Under:
    """One expiry settled and unredeemed, two open, a claim to be made and an exit that is due."""
    w = build(margin=False, second=True, uptime=True, **how)
    assert w.uptime is not None
    _refresh(w)
    w.top_up()
    t, lp = w.tandem, w.tandem.lp
    mid = next_expiry(w.engine.now(), 25)
    t.list_expiry(mid, LADDER)
    w.post({mid: w.slices[w.far]})
    w.engine.advance(STEP)
    w.mint(w.call(2_500), 2 * ETH)
    for expiry in (mid, w.far):
        w.mint(_series(w, expiry), 3 * ETH)
    w.mint(w.call(2_500, far=True), ETH)
    part = t.vault.call("balanceOf", lp) // 20
    t.vault.send("requestRedeem", part, lp, lp, sender=lp)
    w.engine.advance(25 * 3_600)
    _refresh(w)
    assert t.vault.send("process", 1, sender=w.stranger).returned > 0
    w.engine.set_time(w.near - 2 * DAY)
    t.vault.send("requestRedeem", part, lp, lp, sender=lp)
    w.settle(w.near, SETTLED)
    w.move(AFTERWARDS)
    w.rest()  # the pool's average has arrived
    _refresh(w)
    return w, mid, w.uptime


@cache
def _under_way() -> Under:
    return _began()


@cache
def _floor_spent() -> Under:
    """The same behind a book as large as capital carries and a fall in which nobody rebalanced: top-ups used
    up the floor, the hedge went on losing, and the breaker has looked."""
    wide = {
        "max_trade": 1_000,
        "vega_cap": 1_000,
        "gamma_cap": 2_000,
        "reserve": 500,
        "exit_share": 0,
        "gate": 4_000,
    }
    w, mid, uptime = _began(depth=Depth(tail=1.0), settings=deploy.DeploySettings(terms=wide))
    t, full = w.tandem, False
    while not full:
        with suppress(Reverted):
            w.top_up()
        try:
            w.mint(w.call(2_750, far=True), 5 * ETH)
        except Reverted as refused:
            if refused.reason != "floor: under reserve":
                raise
            full = True
    price, need, there = AFTERWARDS, 0, 0
    while need <= there:
        price -= 50
        w.move(price)
        w.freshen()
        need, there = t.router.call("account", w.spot, 0)[4], t.vault.call("would_lend", t.venue)
        if 0 < need <= there:
            w.top_up()
        w.engine.advance(DAY // 8)
        w.freshen()
    t.stress.send("remark", sender=w.stranger)
    return w, mid, uptime


def world_of(row: str) -> Under:
    """The market in which a row is played: built once, and for whoever takes back what he does there."""
    return _floor_spent() if row == FLOOR_SPENT else _under_way()


@pytest.fixture
def state(row: str) -> Iterator[Under]:
    under = world_of(row)
    with under[0].undone():
        yield under


# ---------------------------------------------------------------- rows


def _normal(w: World, mid: int, uptime: Contract) -> None:
    pass


def _paused(w: World, mid: int, uptime: Contract) -> None:
    w.tandem.guardian.send("pause", sender=w.tandem.roles.guardian)


def _tripped(w: World, mid: int, uptime: Contract) -> None:
    """The price jumped while the breaker looked."""
    w.set_terms(jump=300)
    w.tandem.stress.send("remark", sender=w.stranger)
    w.move(w.spot * 104 // 100 // WAD)
    w.rest()
    _refresh(w)
    w.tandem.stress.send("remark", sender=w.stranger)
    assert w.tandem.breaker.state().reasons == 1


def _spot_stale(w: World, mid: int, uptime: Contract) -> None:
    w.engine.advance(4_100)
    w.post()
    w.engine.advance(STEP)


def _second_feed(w: World, mid: int, uptime: Contract) -> None:
    """The first had no round for three days."""
    w.engine.advance(3 * DAY)
    w.push_second(AFTERWARDS)
    w.post()
    w.engine.advance(STEP)


def _no_feed(w: World, mid: int, uptime: Contract) -> None:
    """Neither had one for four days."""
    w.push_second(AFTERWARDS)
    w.engine.advance(4 * DAY + 3_600)
    w.curie.base.send("cacheTwap", 900, sender=w.curie.owner)
    w.post()
    w.engine.advance(STEP)


def _sequencer_down(w: World, mid: int, uptime: Contract) -> None:
    uptime.send("push", 1, sender=w.curie.owner)


def _sequencer_back(w: World, mid: int, uptime: Contract) -> None:
    uptime.send("push", 0, sender=w.curie.owner)


def _uptime_gone(w: World, mid: int, uptime: Contract) -> None:
    """It has shown no status for three days, and somebody noted it."""
    uptime.send("next_phase", sender=w.curie.owner)
    for _ in range(15):
        w.tandem.spot.send("watch", sender=w.stranger)
        w.engine.advance(5 * 3_600)
    _refresh(w)


def _surface_stale(w: World, mid: int, uptime: Contract) -> None:
    w.engine.advance(1_000)
    w.push_wad(w.spot)


def _other_surface_stale(w: World, mid: int, uptime: Contract) -> None:
    """Signers went on with one expiry alone."""
    w.engine.advance(1_000)
    w.push_wad(w.spot)
    w.tandem.post({w.far: w.slices[w.far]})


def _unpriced(w: World, mid: int, uptime: Contract) -> None:
    w.engine.set_time(max(mid + 60, w.engine.now()))
    w.push(AFTERWARDS)
    w.post()
    w.engine.advance(STEP)


def _delisted(w: World, mid: int, uptime: Contract) -> None:
    """The expiry that is traded."""
    w.tandem.delist(w.far)


def _venue_down(w: World, mid: int, uptime: Contract) -> None:
    """Its owner made its average longer than its pool remembers: whatever values an account reverts."""
    w.curie.config.send("setMarkPriceMarketTwapInterval", 10**9, sender=w.curie.owner)
    w.tandem.guardian.send("take_down", sender=w.tandem.roles.guardian)


def _venue_long_down(w: World, mid: int, uptime: Contract) -> None:
    _venue_down(w, mid, uptime)
    w.engine.advance(3 * DAY)
    w.curie.feed.send("push", AFTERWARDS * 10**8, sender=w.curie.owner)
    w.post()
    w.engine.advance(STEP)


def _spent(w: World, mid: int, uptime: Contract) -> None:
    """In a market of its own, because it takes a history."""
    assert w.terms()["flags"] & DISTRESSED


ROWS: dict[str, Callable[[World, int, Contract], None]] = {
    "normal": _normal,
    "paused": _paused,
    "tripped": _tripped,
    "spot stale": _spot_stale,
    "second feed": _second_feed,
    "no feed": _no_feed,
    "sequencer down": _sequencer_down,
    "sequencer back": _sequencer_back,
    "uptime gone": _uptime_gone,
    "surface stale": _surface_stale,
    "other surface stale": _other_surface_stale,
    "unpriced": _unpriced,
    "delisted": _delisted,
    "venue down": _venue_down,
    "venue long down": _venue_long_down,
    FLOOR_SPENT: _spent,
}


# ---------------------------------------------------------------- columns


def _mint(w: World, mid: int) -> None:
    w.mint(Series(w.far, True, 2_600, 0), ETH)


def _close(w: World, mid: int) -> None:
    """Where there is no venue, of what the hedge is short of, so that no order is needed; where there is no
    floor, what fits."""
    flags = w.terms()["flags"]
    series = w.call(2_500, far=True) if flags & DOWN_FLAG else _series(w, w.far)
    filled = w.close(series, ETH).returned[0]
    assert 0 < filled < ETH if flags & DISTRESSED else filled == ETH


def _rebalance(w: World, mid: int) -> None:
    before = abs(w.tandem.snapshot().stance.residual)
    w.tandem.rebalance(sender=w.stranger)
    assert abs(w.tandem.snapshot().stance.residual) < before


def _redeem(w: World, mid: int) -> None:
    paid = 2 * (SETTLED - 2_500) * USD
    assert w.tandem.redeem(w.call(2_500), 2 * ETH).returned == paid


def _deposit(w: World, mid: int) -> None:
    w.tandem.deposit(1_000 * USD, lp=w.engine.accounts[OTHER_LP])


def _request(w: World, mid: int) -> None:
    lp = w.tandem.lp
    part = w.tandem.vault.call("balanceOf", lp) // 10
    w.tandem.vault.send("requestRedeem", part, lp, lp, sender=lp)


def wait_for_calm(w: World, *, has_feed: bool = True) -> None:
    """SH-8: "Where the Vault was marked otherwise `exit_wait` ago and nothing ended that wait since, exits
    that are due as long go on; anybody may mark it (`poke`)." Until then they wait."""
    w.tandem.vault.send("poke", sender=w.stranger)
    for seconds in (w.terms()["exit_wait"] - STEP - 1 - HOUR, HOUR):
        w.engine.advance(seconds)
        if has_feed:
            w.curie.feed.send("push", w.spot // 10**10, sender=w.curie.owner)
    w.post()
    with w.undone(), pytest.raises(Reverted, match="vault: not calm"):
        w.tandem.vault.send("process", 1, sender=w.stranger)
    w.engine.advance(STEP)


def _process(w: World, mid: int) -> None:
    """In a calm moment (SH-8): the residual is brought home first. Where there is no venue or no margin, and
    so none, the first mark that can be taken begins the longest wait. Without a floor nobody is paid."""
    flags = w.terms()["flags"]
    if flags & (DOWN_FLAG | DISTRESSED):
        wait_for_calm(w)
    else:
        with suppress(Reverted):
            w.tandem.rebalance(sender=w.stranger)
    paid = w.tandem.vault.send("process", 1, sender=w.stranger).returned
    assert (paid > 0) is not bool(flags & DISTRESSED)


def _claim(w: World, mid: int) -> None:
    vault, lp = w.tandem.vault, w.tandem.lp
    assert vault.send("redeem", vault.call("maxRedeem", lp), lp, lp, sender=lp).returned > 0


COLUMNS: dict[str, Callable[[World, int], None]] = {
    "mint": _mint,
    "close": _close,
    "rebalance": _rebalance,
    "redeem": _redeem,
    "deposit": _deposit,
    "request": _request,
    "process": _process,
    "claim": _claim,
}

DOWN = ("venue down", "venue long down")
# What reverts, and the name it reverts by; every cell that is not here works.
REFUSED: dict[tuple[str, str], str] = {
    ("paused", "mint"): "market: paused",
    ("paused", "deposit"): "vault: paused",
    ("tripped", "mint"): "market: paused",
    ("tripped", "deposit"): "vault: paused",
    ("surface stale", "mint"): "market: surface stale",
    ("surface stale", "close"): "market: surface stale",
    ("surface stale", "deposit"): "market: surface stale",
    ("surface stale", "process"): "market: surface stale",
    **{("no feed", column): "spot: stale" for column in ("mint", "close", "deposit")},
    ("other surface stale", "mint"): "market: surface stale",
    ("other surface stale", "deposit"): "market: surface stale",
    ("other surface stale", "process"): "market: surface stale",
    **{(row, "mint"): "market: venue down" for row in DOWN},
    **{(row, "rebalance"): "market: venue down" for row in DOWN},
    **{(row, "deposit"): "lens: venue down" for row in DOWN},
    ("venue down", "process"): "lens: venue down",
    (FLOOR_SPENT, "mint"): "market: paused",
    ("delisted", "mint"): "book: expiry delisted",
    ("unpriced", "deposit"): "lens: settle first",
    ("unpriced", "process"): "lens: settle first",
} | {
    (row, column): reason
    for row, reason in {
        "spot stale": "spot: stale",
        "sequencer down": "spot: sequencer down",
        "sequencer back": "spot: grace period",
    }.items()
    for column in ("mint", "close", "rebalance", "deposit", "process")
}


@pytest.mark.proves("AV-1", "ST-4")
@pytest.mark.parametrize("row", ROWS)
def test_r14_what_works_when_is_what_the_table_says(state: Under, row: str) -> None:
    w, mid, uptime = state
    ROWS[row](w, mid, uptime)
    for column, act in COLUMNS.items():
        with w.undone():
            reason = REFUSED.get((row, column))
            if reason is None:
                act(w, mid)
                continue
            with pytest.raises(Reverted) as caught:
                act(w, mid)
            assert caught.value.reason == reason, (row, column)


@pytest.mark.proves("AV-1")
@pytest.mark.parametrize("row", ROWS)
def test_r16_settlement_by_proof_works_in_every_row(state: Under, row: str) -> None:
    w, mid, uptime = state
    _unpriced(w, mid, uptime)
    first = w.round_id()
    if row != "unpriced":
        ROWS[row](w, mid, uptime)
    assert w.tandem.settle(mid, first).returned > 0


@pytest.mark.proves("AV-1", "FL-5")
def test_where_the_floor_cannot_fund_the_next_top_up_no_lp_leaves_and_nobody_opens() -> None:
    """What the row stands for: the next top-up is more than there is, and nothing but that stops opens."""
    w, _, _ = world_of(FLOOR_SPENT)
    t = w.tandem
    need, there = t.router.call("account", w.spot, 0)[4], t.vault.call("would_lend", t.venue)
    assert 0 <= there <= w.floor() < need
    assert t.breaker.state().reasons == w.tandem.breaker.DISTRESSED()
    with w.undone():
        wait_for_calm(w)
        assert t.vault.send("process", 4, sender=w.stranger).returned == 0
    with w.undone(), pytest.raises(Reverted, match="market: paused"):
        _mint(w, w.near)
