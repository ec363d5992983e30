"""The breaker beside stand-ins, and on a whole market on the real venue; tests get both back as they were."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from breaker_bench import Bench, build, env, look
from worlds import World
from worlds import build as market

from tandem.protocol import terms
from tandem.protocol.deploy import DeploySettings
from tandem.units import HOUR

USUAL = {name: terms.FIELDS[name].default for name in ("jump", "venue_loss", "share_fall", "drain")}


@pytest.fixture(scope="module")
def world_once() -> World:
    """A market with the breaker as it is by default."""
    return market(settings=DeploySettings(terms=USUAL))


@pytest.fixture
def world(world_once: World) -> Iterator[World]:
    with world_once.undone():
        yield world_once


@pytest.fixture(scope="module")
def bench_once() -> Bench:
    return build()


@pytest.fixture
def bench(bench_once: Bench) -> Iterator[Bench]:
    with env.anchor():
        yield bench_once


@pytest.fixture
def quiet(bench: Bench) -> Bench:
    """Looked at for six hours in which nothing happened."""
    for _ in range(7):
        look(bench)
        env.time_travel(HOUR)
    return bench
