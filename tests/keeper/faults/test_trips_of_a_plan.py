"""How many HTTP requests a block's plan takes, on a local node behind what counts them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from faults.proxy import Proxy
from keeper.assembly import build
from keeper.cycle import Keeper
from keeper.planner import Kind, Plan
from keeper.settings import load_settings
from tandem.engine.node import Node
from tandem.engine.remote import RemoteEngine
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


def test_a_plan_takes_two_requests_whatever_is_due(
    keeper: Keeper, market: Any, proxy: Proxy
) -> None:
    """Issue: "a block's plan is at most two round trips (six today)"."""
    t, engine = market.tandem, market.engine
    keeper.plan()  # the first of a process asks for what never changes, too
    seen: set[Kind] = set()

    def look() -> None:
        trips, found = planned(keeper, proxy)
        seen.update(each.kind for each in found.intents)
        assert trips <= MOST, (found, proxy.asked[-30:])

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
    for _ in range(6):
        at(2_650, seconds=6 * HOUR)
    expiry = market.series.expiry
    at(2_650, seconds=expiry - engine.now() - 30)
    engine.advance(10)
    look()
    at(2_660, seconds=30)
    at(2_660)
    engine.advance(DAY)
    look()  # its feed is stale by now
    assert seen >= {Kind.POST, Kind.REBALANCE, Kind.TOP_UP, Kind.PROCESS, Kind.SETTLE}
