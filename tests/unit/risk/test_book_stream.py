"""Words keep what is put into them, refuse what does not fit, and stay sorted by strike."""

from __future__ import annotations

import random

import pytest
from kernel_oracle import kernel

from keeper.errors import Reverted

RNG = random.Random(51)


def call(fn: str, *args: object) -> object:
    return kernel().engine.call(kernel().harness, fn, *args)


def test_header_gives_back_every_field() -> None:
    for _ in range(200):
        fields = (
            RNG.getrandbits(64),
            RNG.getrandbits(40),
            RNG.randint(0, 16),
            RNG.randint(-(2**63), 2**63 - 1),
            RNG.randint(-(2**79), 2**79 - 1),
        )
        assert call("header_round", *fields) == fields
        assert call("header_fields", call("header_pack", *fields)) == fields


def test_nodes_and_strikes_leave_their_neighbours_alone() -> None:
    for _ in range(100):
        word = RNG.getrandbits(256)
        pair = [(RNG.randint(-(2**63), 2**63 - 1), RNG.randint(-(2**63), 2**63 - 1))] * 2
        pair[1] = (RNG.randint(-(2**63), 2**63 - 1), -1)
        for i in (0, 1):
            word = call("with_entry", word, 14 + i, *pair[i])
        assert [call("node_entry", word, i) for i in (0, 1)] == pair
        strikes = [RNG.getrandbits(64) for _ in range(4)]
        for i in range(4):
            word = call("with_strike", word, i, strikes[i])
        assert [call("strike_at", word, 8 + i) for i in range(4)] == strikes


@pytest.mark.parametrize(
    ("fn", "args", "reason"),
    [
        ("with_entry", (0, 0, 2**63, 0), "stream: field range"),
        ("with_entry", (0, 0, 0, -(2**63) - 1), "stream: field range"),
        ("header_pack", (0, 0, 0, -(2**63) - 1, 0), "stream: field range"),
        ("header_pack", (0, 0, 0, 0, 2**79), "stream: field range"),
        ("header_pack", (2**64, 0, 0, 0, 0), "stream: header range"),
        ("header_pack", (0, 2**40, 0, 0, 0), "stream: header range"),
        ("header_pack", (0, 0, 17, 0, 0), "stream: header range"),
        ("with_strike", (0, 0, 2**64), "stream: strike range"),
        ("order_insert", (0, 16, 0, 0), "stream: order range"),
        ("order_insert", (0, 3, 4, 0), "stream: order range"),
        ("order_insert", (0, 3, 0, 16), "stream: order range"),
    ],
)
def test_what_does_not_fit_reverts_by_name(fn: str, args: tuple[int, ...], reason: str) -> None:
    with pytest.raises(Reverted, match=reason):
        call(fn, *args)


def test_inserting_keeps_the_order_sorted() -> None:
    for _ in range(20):
        strikes, order, words = RNG.sample(range(1, 10**6), 16), 0, [0] * 4
        for i, strike in enumerate(strikes):
            found, rank, index = call("order_find", order, i, words, strike)
            assert not found
            assert index == i
            assert rank == sum(k < strike for k in strikes[:i])
            words[i // 4] = call("with_strike", words[i // 4], i, strike)
            order = call("order_insert", order, i, rank, i)
            assert call("order_find", order, i + 1, words, strike) == (True, rank, i)
        assert [strikes[order >> 4 * r & 15] for r in range(16)] == sorted(strikes)
