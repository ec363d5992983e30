"""A whole market over two real venues, and one whose second venue turns hostile; as it was for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from set_alone import Alone, alone
from several import build_beside_a_liar, build_beside_two_faces, build_pair, fund, members
from worlds import ETH, World
from written_off import AAVE

from tandem.engine.base import Contract
from tandem.units import WAD


@pytest.fixture(scope="session")
def pair_once() -> World:
    return build_pair()


@pytest.fixture
def pair(pair_once: World) -> Iterator[World]:
    with pair_once.undone():
        yield pair_once


@pytest.fixture
def sold(pair: World) -> World:
    """Sixty puts, whose hedge the lending market holds, which is the cheaper one."""
    for _ in range(4):
        pair.mint(pair.put(2_500), 15 * ETH)
        fund(pair)
    assert members(pair)[AAVE].call("position") < -20 * WAD
    return pair


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


@pytest.fixture(scope="session")
def faced_once() -> World:
    """Both hold a part of the hedge; the price has fallen since, and none of it went home."""
    world = build_beside_two_faces("AaveVenue")
    curie, face = members(world)
    shown, depth = curie.call("price") * 1_001 // 1_000, curie.call("curve", WAD)[2][0]
    face.send("tell", shown, depth, 0, 0, sender=world.stranger)
    for _ in range(2):
        world.mint(world.call(2_500), 10 * ETH)
    assert curie.call("position") > WAD < face.call("position")
    fund(world)
    world.move(2_400)
    face.send("tell", 2_400 * WAD, depth, 0, 0, sender=world.stranger)
    world.rest()
    assert abs(world.tandem.snapshot().stance.residual) > WAD
    return world


@pytest.fixture
def faced(faced_once: World) -> Iterator[World]:
    with faced_once.undone():
        yield faced_once


@pytest.fixture
def face(faced: World) -> Contract:
    return members(faced)[1]


@pytest.fixture(scope="session")
def alone_once() -> Alone:
    return alone()


@pytest.fixture
def two(alone_once: Alone) -> Iterator[Alone]:
    """A set of two venues with nothing around it, as it was for each test."""
    mark = alone_once.engine.snapshot()
    yield alone_once
    alone_once.engine.revert(mark)
