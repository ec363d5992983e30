"""Engines in turn, and a Curie market."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from curie_bench import bench, bench_once

from tandem.engine import BACKENDS, open_engine
from tandem.engine.backend import BaseEngine

__all__ = ["bench", "bench_once"]


@pytest.fixture(params=BACKENDS)
def engine(request: pytest.FixtureRequest) -> Iterator[BaseEngine]:
    """Each backend in turn."""
    with open_engine(request.param) as started:
        yield started
