"""Morpho's adapter on a pool of Uniswap v4, and what else may speak for that pool."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from morpho_bench import Bench, built

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.venues._v4 import PoolOfV4


@pytest.fixture(params=[True, False], ids=["base first", "quote first"])
def on_v4(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The adapter on a pool of v4, each time as it was."""
    found = built("v4", base_first=request.param)
    with found.undone():
        yield found


def traded(bench: Bench) -> PoolOfV4:
    found = bench.traded
    assert isinstance(found, PoolOfV4)
    return found


def speaker(bench: Bench, **others: object) -> Contract:
    """Another contract that speaks for the pool, or for what `others` make of it."""
    pool = traded(bench)
    told: dict[str, object] = {
        "manager": pool.manager.address,
        "id": pool.key.id,
        "one": bench.morpho.weth.address,
        "other": bench.morpho.usdc.address,
        "fee": pool.key.fee,
        "spacing": pool.key.spacing,
    }
    return bench.engine.deploy(compile_vyper("V4Pool"), *(told | others).values())
