"""GT-1: a mark is kept in one word, each field in its own bits as the library's header lays them out."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache

import pytest
from harnesses import harness

from tandem.engine import open_engine
from tandem.engine.base import Contract

LAYOUT = {  # bits, and what a one of them is
    "limit": (0, 12, 1),
    "hour": (12, 28, 100),
    "purse": (40, 40, 10_000),
    "equity": (80, 40, 10_000),
    "spot": (120, 44, 10**12),
    "time": (164, 32, 1),
    "until": (196, 12, 1),
    "anchor": (208, 48, 1),
}
LASTS = 3_601
UP = ("purse", "equity")
HELD = ("hour", "purse", "equity", "spot")
"""What is cut off at the most that its bits hold; the other fields never have more."""


@cache
def library() -> Contract:
    engine = open_engine("pyrevm")
    path = "unit/jump_gate/GateWordHarness.vy"
    return engine.deploy(harness(path), sender=engine.accounts[0])


def kept(mark: Mapping[str, int]) -> dict[str, int]:
    """What each field's bits should hold."""
    found = {}
    for name, (_, width, step) in LAYOUT.items():
        value = min(mark["until"] - mark["time"], LASTS) if name == "until" else mark[name]
        steps = -(-value // step) if name in UP else value // step
        found[name] = min(steps, 2**width - 1)
    return found


def check(mark: Mapping[str, int]) -> None:
    bits, word = kept(mark), library().call("pack", tuple(mark.values()))
    assert word == sum(value << LAYOUT[name][0] for name, value in bits.items())
    back = dict(zip(mark, library().call("unpack", word), strict=True))
    want = {name: value * LAYOUT[name][2] for name, value in bits.items()}
    want["until"] += mark["time"]
    assert back == want


def drawn(draw: random.Random) -> dict[str, int]:
    mark = {
        name: draw.randrange(2 ** draw.randint(1, width) * step)
        for name, (_, width, step) in LAYOUT.items()
    }
    return mark | {"until": mark["time"] + draw.randrange(2 * LASTS)}


@pytest.mark.proves("GT-1")
def test_each_field_is_in_its_bits_and_comes_back_from_them() -> None:
    draw = random.Random(28)
    for _ in range(300):
        check(drawn(draw))


@pytest.mark.proves("GT-1")
@pytest.mark.parametrize("name", HELD)
@pytest.mark.parametrize("past", [-1, 0, 1, 10**30])
def test_more_than_a_field_holds_is_its_most_and_no_neighbour_s(name: str, past: int) -> None:
    """A Vault of fifty millions whose term lets six times its NAV in within the hour has more than an hour's
    field."""
    _, width, step = LAYOUT[name]
    mark = drawn(random.Random(1)) | {name: max((2**width - 1) * step + past, 0)}
    check(mark)


@pytest.mark.proves("GT-1")
@pytest.mark.parametrize("lasts", [0, 1, LASTS - 1, LASTS, LASTS + 1, 10**9])
def test_a_mark_says_something_for_an_hour_at_the_most(lasts: int) -> None:
    mark = drawn(random.Random(2))
    check(mark | {"until": mark["time"] + lasts})
