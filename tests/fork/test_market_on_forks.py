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
from people import arrive
from scenario import deploy, scenario
from upstream import Upstream

from tandem.engine.ape_chain import engine_of

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
    venue = on.named["venue"]
    pool_of_v3 = {"pool": base.named["venue"]["pool"]}
    parts = {"usdc": venue["usdc"], "feed": venue["feed"]} | venue["morpho"] | pool_of_v3
    with on_chain(upstreams(base), on) as engine:
        arrive(engine)
        pool = v4.open_pool(engine, base.name, parts)
        deployment = deploy(engine, base, tmp_path, v4.venue_of(pool, parts))
        assert deployment.venue["kind"] == "morpho4"
        ways = {key: pool.parts[key].address for key in ("makers", "takers")}
        scenario(engine, replace(deployment, venue=deployment.venue | ways))
        assert pool.manager.address == v4.MANAGERS[base.name]
