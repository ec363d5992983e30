"""The reviewed file of each rollup, deployed and lived in on a fork of it, or of what stands in for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from chains import Chain
from forking import forked
from scenario import deploy, scenario
from stand_in import MORPHO, build, node
from upstream import STAND_IN, Upstream

from tandem import venues
from tandem.engine.ape_chain import engine_of

Fork = Callable[[], AbstractContextManager[Any]]


def test_a_market_lives_where_its_file_puts_it(chain: Chain, fork: Fork, tmp_path: Path) -> None:
    with fork() as provider:
        engine = engine_of(provider)
        scenario(engine, deploy(engine, chain, tmp_path))


def test_a_market_lives_on_morpho_where_the_file_of_base_puts_its_pool(
    base: Chain, tmp_path: Path
) -> None:
    """Base's file, but for its lender: with that of another venue of ours, on a chain that has it where its
    publisher put it. Its markets' ids follow from oracles that nobody published, so no file names them."""
    with node(base.id) as url:
        exchange = build(base, url, "morpho")
        parts = {key: exchange.addresses()[key] for key in venues.recipe("morpho").needed}
        assert parts["lender"] == MORPHO
        assert parts["pool"] == base.named["venue"]["pool"]
        upstream = Upstream(base, url, exchange.engine.block(), STAND_IN)
        with forked(upstream) as provider:
            engine = engine_of(provider)
            scenario(engine, deploy(engine, base, tmp_path, {"kind": "morpho"} | parts))
