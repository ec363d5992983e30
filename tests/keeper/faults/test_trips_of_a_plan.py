"""How many HTTP requests a block's plan takes, on a local node behind what counts them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import Result

from faults.proxy import Proxy, between
from keeper.assembly import build
from keeper.cycle import Keeper
from keeper.planner import Kind, Plan
from keeper.settings import load_settings
from tandem.engine.endpoint import Question
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
from tandem.engine.side_by_side import LINES, Lines
from tandem.units import DAY, HOUR, WAD

Run = Callable[..., Result]
MOST = 2


@pytest.fixture
def keeper(tandem: Run, market: Any, proxy: Proxy) -> Keeper:
    """Without a key, over a node that is not its own to command, as a public one."""
    engine = RemoteEngine.over(Node(proxy.url), is_development=False)
    return build(load_settings(), engine, market.deployment)


def planned(keeper: Keeper, proxy: Proxy) -> tuple[int, Plan]:
    """Requests from the block that the loop has found to what is due."""
    keeper.observer.engine.block()
    before = proxy.posts
    found = keeper.plan()[1]
    return proxy.posts - before, found


@dataclass
class Singly(Proxy):
    """It takes no batches."""

    def ask(self, body: bytes) -> bytes:
        if isinstance(json.loads(body), list):
            error = {"code": -32600, "message": "no batches"}
            return json.dumps({"jsonrpc": "2.0", "id": None, "error": error}).encode()
        return super().ask(body)


@dataclass
class Waves:
    """What is asked at the same time, as test_side_by_side.py sees. count: how often; together: all questions
    of them."""

    count: int = 0
    together: int = 0

    def counted(self, asked: Callable[..., Any]) -> Callable[..., Any]:
        def ask(
            lines: Lines, bodies: Sequence[Question], timeout: float, width: int, *rest: Any
        ) -> Any:
            self.count += -(-len(bodies) // width)
            self.together += len(bodies)
            return asked(lines, bodies, timeout, width, *rest)

        return ask


@pytest.fixture
def singly(market: Any) -> Iterator[Singly]:
    with between(market.url, Singly) as made:
        yield made


def watch_the_days(market: Any, look: Callable[[], None]) -> None:
    """Prices move, an LP comes and leaves, an expiry ends, and a feed grows old."""
    t, engine = market.tandem, market.engine

    def at(usd: int, *, seconds: int = 2) -> None:
        engine.advance(seconds)
        t.exchange.set_index(usd * WAD)
        look()

    at(2_500)
    at(2_500, seconds=600)
    market.move(2_650)
    look()
    market.rest()
    at(2_650)
    t.deposit(10**12)
    at(2_650)
    t.vault.requestRedeem(t.vault.balanceOf(t.lp) // 4, t.lp, t.lp).send(t.lp)
    at(2_650)
    for n in range(6):
        engine.advance(5 * HOUR)
        t.exchange.set_index(2_650 * WAD)  # no silence of the feed lies behind the look
        at(2_650, seconds=HOUR)
        if n == 1:  # nobody hedges or posts here: exits go once that was noted for six hours
            t.vault.poke().send(t.lp)
    expiry = market.series.expiry
    at(2_650, seconds=expiry - engine.now() - 30)
    engine.advance(10)
    look()
    at(2_660, seconds=30)
    at(2_660)
    engine.advance(DAY)
    look()  # its feed is stale by now


def test_a_plan_takes_two_requests_whatever_is_due(
    keeper: Keeper, market: Any, proxy: Proxy
) -> None:
    """Issue: "a block's plan is at most two round trips (six today)"."""
    keeper.plan()  # the first of a process asks for what never changes, too
    seen: set[Kind] = set()

    def look() -> None:
        trips, found = planned(keeper, proxy)
        seen.update(each.kind for each in found.intents)
        assert trips <= MOST, (found, proxy.asked[-30:])

    watch_the_days(market, look)
    assert seen >= {Kind.POST, Kind.REBALANCE, Kind.TOP_UP, Kind.PROCESS, Kind.SETTLE}


def test_over_a_node_without_batches_a_plan_waits_as_seldom(
    tandem: Run, market: Any, singly: Singly, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One after the other these blocks took 2 to 24 requests and as many waits. What goes at the same time is
    half as many requests again, for what is asked ahead in vain; more than there are lines wait once more."""
    engine = RemoteEngine.over(Node(singly.url), is_development=False)
    keeper = build(load_settings(), engine, market.deployment)
    keeper.plan()
    seen, told = set[Kind](), list[tuple[int, int]]()

    def look() -> None:
        engine.block()
        waves, posts = Waves(), singly.posts
        with monkeypatch.context() as patched:
            patched.setattr(Lines, "ask", waves.counted(Lines.ask))
            seen.update(each.kind for each in keeper.plan()[1].intents)
        requests = singly.posts - posts
        told.append((waves.count + requests - waves.together, requests))

    watch_the_days(market, look)
    assert all(trip <= MOST + (count > LINES) for trip, count in told), told
    assert max(count for _, count in told) < 40, told
    assert seen >= {Kind.POST, Kind.REBALANCE, Kind.TOP_UP, Kind.PROCESS, Kind.SETTLE}
