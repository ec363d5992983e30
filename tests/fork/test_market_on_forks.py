"""The reviewed file of each rollup, deployed and lived in on a fork of it, or of what stands in for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from chains import BTC, Chain
from forking import forked
from scenario import deploy, scenario
from stand_in import MORPHO, build, node, stand_in
from upstream import STAND_IN, Upstream

from tandem import venues
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
    with ExitStack() as stack:
        if upstream.kind == STAND_IN:
            url, block = stack.enter_context(stand_in(on))
            upstream = Upstream(on, url, block, STAND_IN)
        engine = engine_of(stack.enter_context(forked(upstream)))
        deployment = deploy(engine, on, tmp_path)
        assert deployment.asset == "BTC"
        scenario(engine, deployment)


@pytest.mark.parametrize("kind", ["morpho", "aave+morpho"])
def test_a_market_lives_on_lenders_that_no_file_names(
    base: Chain, kind: str, tmp_path: Path
) -> None:
    """Base's file, but for who lends: with those of another venue of ours, on a chain that has each where its
    publisher put it. The ids of Morpho's markets follow from oracles that nobody published, so no file names
    them."""
    with node(base.id) as url:
        exchange = build(base, url, kind)
        parts = {key: exchange.addresses()[key] for key in venues.recipe(kind).needed}
        lender, pool = ("lender", "pool") if kind == "morpho" else ("morpho.lender", "aave.pool")
        assert parts[lender] == MORPHO
        assert parts[pool] == base.named["venue"]["pool"]
        upstream = Upstream(base, url, exchange.engine.block(), STAND_IN)
        with forked(upstream) as provider:
            engine = engine_of(provider)
            scenario(engine, deploy(engine, base, tmp_path, {"kind": kind} | parts))
