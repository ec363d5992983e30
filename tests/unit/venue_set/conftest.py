"""A whole market over two real venues, and one whose second venue turns hostile; as it was for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from several import build_beside_a_liar, build_pair, members
from worlds import World

from tandem.engine.base import Contract


@pytest.fixture(scope="session")
def pair_once() -> World:
    return build_pair()


@pytest.fixture
def pair(pair_once: World) -> Iterator[World]:
    with pair_once.undone():
        yield pair_once


@pytest.fixture(scope="session")
def beside_a_liar_once() -> World:
    return build_beside_a_liar()


@pytest.fixture
def beside_a_liar(beside_a_liar_once: World) -> Iterator[World]:
    with beside_a_liar_once.undone():
        yield beside_a_liar_once


@pytest.fixture
def liar(beside_a_liar: World) -> Contract:
    return members(beside_a_liar)[1]
