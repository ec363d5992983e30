"""A simulated year, and what was sold in it."""

from __future__ import annotations

import pytest
from simulated import walk

from keeper.backtest import books, episodes
from keeper.backtest.episodes import Episodes
from keeper.backtest.series import Series


@pytest.fixture(scope="session")
def year() -> Series:
    return walk(365, 11)


@pytest.fixture(scope="session")
def made(year: Series) -> Episodes:
    """A year of one option a time."""
    return episodes.make(year, books.ONE)


@pytest.fixture(scope="session")
def made_books(year: Series) -> Episodes:
    """The same year, books of twelve."""
    return episodes.make(year, books.TWELVE)
