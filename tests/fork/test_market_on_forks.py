"""The reviewed file of each rollup, deployed and lived in on a fork of it, or of what stands in for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import v4
from chains import BTC, SET, Chain
from forking import on_chain
from people import ForkWorld, arrive
from scenario import deploy, scenario
from upstream import Upstream

from tandem.engine.ape_chain import engine_of
from tandem.engine.remote import RemoteEngine
from tandem.units import WAD
from tandem.venues import SEPARATOR

MEMBERS = 3
"""Of the largest set that lives on a fork."""
Fork = Callable[[], AbstractContextManager[Any]]


def test_a_market_lives_where_its_file_puts_it(chain: Chain, fork: Fork, tmp_path: Path) -> None:
    with fork() as provider:
        engine = engine_of(provider)
        scenario(engine, deploy(engine, chain, tmp_path))


def test_a_market_on_btc_lives_where_its_file_puts_it(
    chain: Chain, upstream: Upstream, tmp_path: Path
) -> None:
    """Of a token of eight decimals, and gas counted by ether's feed, on the same chain."""
    on = replace(chain, market=BTC)
    with on_chain(upstream, on) as engine:
        deployment = deploy(engine, on, tmp_path)
        assert deployment.asset == "BTC"
        scenario(engine, deployment)


def test_a_market_over_two_venues_lives_where_its_file_puts_it(
    base: Chain, upstreams: Callable[[Chain], Upstream], tmp_path: Path
) -> None:
    """Aave and Morpho over one base token. The ids of Morpho's markets come out as the file has them, which
    says that what it lends, by whose price and at what threshold, is what is published."""
    on = replace(base, variant=SET)
    with on_chain(upstreams(base), on) as engine:
        deployment = deploy(engine, on, tmp_path)
        assert deployment.venue["kind"] == "aave+morpho"
        scenario(engine, deployment)


def test_a_market_lives_on_one_of_them_alone(
    base: Chain, upstreams: Callable[[Chain], Upstream], tmp_path: Path
) -> None:
    """Base's file, but for who lends: Morpho with the set's pool."""
    on = replace(base, variant=SET)
    venue = on.named["venue"]
    parts = {"kind": "morpho", "usdc": venue["usdc"], "feed": venue["feed"]} | venue["morpho"]
    with on_chain(upstreams(base), on) as engine:
        scenario(engine, deploy(engine, base, tmp_path, parts))


@pytest.mark.long
def test_a_market_lives_on_a_pool_of_v4(
    base: Chain, upstreams: Callable[[Chain], Upstream], tmp_path: Path
) -> None:
    """Base's file, but for who lends and where orders go: the set's markets of Morpho, a pool in v4's manager
    that stands there, what was by the file's own pool of v3."""
    on = replace(base, variant=SET)
    with on_chain(upstreams(base), on) as engine:
        pool, parts = _beside(engine, on)
        deployment = deploy(engine, base, tmp_path, v4.venue_of(pool, parts))
        assert deployment.venue["kind"] == "morpho4"
        scenario(engine, replace(deployment, venue=deployment.venue | _ways(pool)))
        assert pool.manager.address == v4.MANAGERS[base.name]


@pytest.mark.long
def test_a_market_over_three_venues_lives_there_too(
    base: Chain, upstreams: Callable[[Chain], Upstream], tmp_path: Path
) -> None:
    """The set's two, and beside them the pool of v4 with Morpho's markets: three accounts of one market, of
    which two owe the same lender."""
    on = replace(base, variant=SET)
    with on_chain(upstreams(base), on) as engine:
        pool, parts = _beside(engine, on)
        venue = on.named["venue"]
        members = {name: venue[name] for name in ("aave", "morpho")}
        members["morpho4"] = v4.venue_of(pool, parts)
        shared = {key: parts[key] for key in ("usdc", "feed")}
        named = {
            f"{name}.{key}": value
            for name, member in members.items()
            for key, value in member.items()
            if key not in ("kind", *shared)
        }
        whole = {"kind": SEPARATOR.join(members), **shared, **named}
        deployment = deploy(engine, base, tmp_path, whole)
        assert deployment.venue["kind"] == "aave+morpho+morpho4"
        ways = {f"morpho4.{key}": value for key, value in _ways(pool).items()}
        scenario(engine, replace(deployment, venue=deployment.venue | ways), _all_take_part)


def _all_take_part(w: ForkWorld) -> None:
    """Of a large order each of a set has a leg, as much as its margin bears."""
    while (account := w.snapshot.account).top_up > account.barred:
        w.tandem.desk.send("top_up", sender=w.keeper)
    for order, worst in ((-100 * WAD, 0), (100 * WAD, 2**255)):
        assert all(w.tandem.venue.call("legs", order, worst)[:MEMBERS])


def _beside(engine: RemoteEngine, on: Chain) -> tuple[v4.PoolOfV4, dict[str, str]]:
    """A pool of v4 on a chain whose set stands there, and Morpho's part of a file with Aave's pool of v3."""
    arrive(engine)
    venue = on.named["venue"]
    shared = {key: venue[key] for key in ("usdc", "feed")}
    parts = shared | venue["morpho"] | {"pool": venue["aave"]["pool"]}
    return v4.open_pool(engine, on.name, parts), parts


def _ways(pool: v4.PoolOfV4) -> dict[str, str]:
    """In for makers and takers, which no file names."""
    return {key: pool.parts[key].address for key in ("makers", "takers")}
