"""BR-6: no more is open than the venue's market takes home in time, whoever lends it depth for a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from hour_bench import bought, room
from worlds import ETH, USD, WIDE, World, build

from keeper.cycle import Keeper
from keeper.observer import Observer
from keeper.planner import Kind, PlannerSettings
from keeper.policy import create
from keeper.replay.outbox import LocalOutbox
from tandem.errors import Reverted
from tandem.protocol.deploy import DeploySettings
from tandem.protocol.handles import handles_of
from tandem.units import HOUR, WAD
from tandem.venues import Depth

SHALLOW = Depth(usd=500_000, within=0.1)
TERMS = WIDE | {"hour": 60_000, "gate": 4_000, "unwind": 1}


@pytest.fixture(scope="module")
def once() -> World:
    return build(depth=SHALLOW, settings=DeploySettings(terms=TERMS))


@pytest.fixture
def w(once: World) -> Iterator[World]:
    with once.undone():
        yield once


def capacity(w: World) -> int:
    """Units whose hedge goes home in an hour, by the pool's depth and a ten-thousandth of it a minute."""
    depth = int(w.tandem.venue.call("average", 180)[2])
    return depth // 10_000 * (HOUR // 60) * ETH // WAD


def gross(w: World) -> int:
    return int(w.tandem.snapshot().gross)


@pytest.mark.proves("BR-6")
def test_r14_what_is_open_is_never_more_than_comes_home(w: World) -> None:
    """R14: "open interest against depth": hour after hour, with a mark whenever anybody wants one, opens go
    to what the depth carries and no unit past it."""
    most = capacity(w)
    assert 20 * ETH < most < 30 * ETH
    for _ in range(8):
        with suppress(Reverted):
            bought(w, 4 * ETH)
        assert gross(w) <= most
        w.engine.advance(HOUR // 2)
        w.curie.converge()
        w.freshen()
    assert gross(w) > most * 9 // 10
    with w.refuses("gate: hour is full"):
        w.mint(w.call(2_500), 3 * ETH)
    w.close(w.call(2_500), 4 * ETH)
    remark(w)
    assert room(w) > ETH


def remark(w: World) -> None:
    w.tandem.stress.send("remark", sender=w.stranger)


def deeper(w: World, times: float) -> None:
    w.curie.deposit(w.curie.maker, 100_000_000 * USD)
    w.curie.add_liquidity(replace(SHALLOW, usd=SHALLOW.usd * times))


@pytest.mark.proves("BR-6")
def test_r17_depth_that_is_lent_for_a_moment_lets_nobody_in(w: World) -> None:
    """BR-6: "depth that is there for a moment adds nothing": what stays for three minutes does."""
    before = room(w)
    with w.undone():
        deeper(w, 9)
        remark(w)
        assert room(w) <= before * 1.02  # by the seconds that it stood
    deeper(w, 9)
    w.engine.advance(200)
    w.freshen()
    remark(w)
    assert room(w) > 5 * before


def room_beside_an_order(w: World) -> int:
    """The room of a mark beside which an order has just gone home."""
    bought(w, 4 * ETH)
    w.move(2_600)
    w.rest()
    assert w.bring_home()
    w.freshen()
    remark(w)
    found = room(w)
    assert found > ETH // 2
    return found


@pytest.mark.proves("BR-6")
def test_r17_depth_that_is_away_for_a_moment_keeps_nobody_out(w: World) -> None:
    """BR-6: "takes nothing from it where it is away for one", once an order has gone home beside it."""
    before = room_beside_an_order(w)
    w.curie.remove_liquidity()
    w.engine.advance(1)
    w.curie.add_liquidity(SHALLOW)
    w.push_wad(w.spot)
    assert capacity(w) < ETH
    remark(w)
    assert room(w) == pytest.approx(before, rel=0.05)


def kept(w: World) -> list[Kind]:
    """What a keeper that hedges nothing does now."""
    settings = PlannerSettings(rebalance=False, margin=False, exits=False, mark_seconds=0)
    observer = Observer(engine=w.engine, handles=handles_of(w.tandem), settings=settings)
    outbox = LocalOutbox(w.engine, w.tandem.keeper, lambda *_: None)
    return [d.intent.kind for d in Keeper(observer, create("threshold"), outbox).cycle()]


@pytest.mark.proves("BR-6")
def test_depth_that_is_away_while_the_book_is_marked_keeps_nobody_out_for_the_hour(
    w: World,
) -> None:
    """BR-6: a mark behind an emptied pool is one of an empty pool, until the next, which a keeper makes a
    minute later: it let the mark's hour go by, in which nobody opened anything, for a mark's gas."""
    before = room_beside_an_order(w)
    w.curie.remove_liquidity()
    remark(w)
    w.curie.add_liquidity(SHALLOW)
    w.push_wad(w.spot)
    w.post()
    assert room(w) == 0
    w.engine.advance(61)
    assert kept(w) == [Kind.REMARK]
    assert room(w) == pytest.approx(before, rel=0.05)
    w.engine.advance(61)
    assert kept(w) == []
