"""A market with something to bring home; tests get it back as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from bounty_stage import market
from worlds import World


@pytest.fixture(scope="module")
def straddles_once() -> World:
    return market()


@pytest.fixture
def straddles(straddles_once: World) -> Iterator[World]:
    with straddles_once.undone():
        yield straddles_once
