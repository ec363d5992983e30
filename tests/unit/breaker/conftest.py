"""The breaker beside stand-ins, and on a whole market on the real venue; tests get both back as they were."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from breaker_bench import Bench, build, env
from worlds import world, world_once

__all__ = ["world", "world_once"]


@pytest.fixture(scope="module")
def bench_once() -> Bench:
    return build()


@pytest.fixture
def bench(bench_once: Bench) -> Iterator[Bench]:
    with env.anchor():
        yield bench_once
