"""Words keep what is put into them, refuse what does not fit, and are found by strike."""

from __future__ import annotations

import random

import pytest
from kernel_oracle import bits, kernel

from tandem.errors import Reverted

RNG = random.Random(51)
NONE = [0] * 4
HEADER = (16, 2**32 - 1, 2**48 - 1, 2**47 - 1, -(2**59), 2**60 - 1)


def call(fn: str, *args: object) -> object:
    return kernel().engine.call(kernel().harness, fn, *args)


def signed(width: int) -> int:
    return RNG.randint(-(2 ** (width - 1)), 2 ** (width - 1) - 1)


def test_header_gives_back_every_field() -> None:
    for _ in range(200):
        fields = (
            RNG.randint(0, 16), RNG.getrandbits(32), RNG.getrandbits(48),
            signed(48), signed(60), RNG.getrandbits(60),
        )  # fmt: skip
        count, expiry, units, forward, cash, maximum = fields
        word = call("pack", fields)
        assert call("unpack", word) == fields
        assert call("header_fields", word) == (expiry, units, maximum)
        assert word == (
            count | expiry << 8 | units << 40 | bits(forward, 48) << 88 | bits(cash, 60) << 136
            | maximum << 196
        )  # fmt: skip
    assert call("unpack", call("pack", HEADER)) == HEADER


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (0, 17, "book: header range"),
        (1, 2**32, "book: header range"),
        (2, 2**48, "book: too large"),
        (3, 2**47, "book: too large"),
        (3, -(2**47) - 1, "book: too large"),
        (4, 2**59, "book: too large"),
        (4, -(2**59) - 1, "book: too large"),
        (5, 2**60, "book: too large"),
    ],
)
def test_a_header_field_that_does_not_fit_reverts_by_name(
    place: int, value: int, reason: str
) -> None:
    fields = [*HEADER]
    fields[place] = value
    with pytest.raises(Reverted, match=reason):
        call("pack", tuple(fields))


def test_nodes_leave_their_neighbours_alone() -> None:
    for _ in range(40):
        nodes = [RNG.getrandbits(256) for _ in range(4)]
        wanted = [(RNG.randint(1, 2**24 - 1), signed(40)) for _ in range(16)]
        for i in RNG.sample(range(16), 16):
            nodes = call("with_node", nodes, i, *wanted[i])
        assert [call("node", nodes, i) for i in range(16)] == wanted
        packed = [k << 40 | bits(size, 40) for k, size in wanted]
        assert list(nodes) == [
            sum(n << 64 * (3 - j) for j, n in enumerate(packed[i : i + 4])) for i in (0, 4, 8, 12)
        ]


@pytest.mark.parametrize(
    ("strike", "size", "reason"),
    [
        (0, 0, "book: strike range"),
        (2**24, 0, "book: strike range"),
        (1, 2**39, "book: too large"),
        (1, -(2**39) - 1, "book: too large"),
    ],
)
def test_a_node_that_does_not_fit_reverts_by_name(strike: int, size: int, reason: str) -> None:
    with pytest.raises(Reverted, match=reason):
        call("with_node", NONE, 3, strike, size)


def test_a_strike_is_found_or_its_place_is_told() -> None:
    for _ in range(40):
        count = RNG.randint(0, 16)
        strikes = sorted(RNG.sample(range(1, 400), count))
        nodes: object = NONE
        for i, strike in enumerate(strikes):
            nodes = call("with_node", nodes, i, strike, -1)
        for strike in {*strikes, *RNG.sample(range(1, 400), 8)}:
            place = sum(k < strike for k in strikes)
            assert call("find", nodes, count, strike) == (strike in strikes, place)
