"""The loop that trades run, node by node against 80-bit floats on slices, and whole books against
their nodes."""

from __future__ import annotations

import random

import numpy as np
import pytest
from kernel_oracle import (
    LD,
    NIGHTLY,
    WAD,
    YEAR,
    bits,
    black_on_slices,
    in_80_bits,
    kernel,
    slice_word,
)

POINTS = 500_000 if NIGHTLY else 50_000
TOP = 2**24 - 1
ROOT_2PI = np.sqrt(2 * LD("3.14159265358979323846"))
Alone = tuple[int, int, int, int]  # slice, spot (WAD), life (seconds), node word

pytestmark = pytest.mark.skipif(
    np.finfo(LD).eps > 2e-19, reason="the oracle needs 80-bit floats; this platform has none"
)


def words_of(nodes: list[tuple[int, int]]) -> list[int]:
    """Nodes (ticks, 1e-6 ETH) in the order given, four to a word."""
    words = [0] * 4
    for i, (strike, size) in enumerate(nodes):
        words[i // 4] |= (strike << 40 | bits(size, 40)) << 64 * (3 - i % 4)
    return words


def bits_read(field: int, width: int) -> int:
    """The two's complement in the low bits."""
    return (field & 2 ** (width - 1) - 1) - (field & 2 ** (width - 1))


def random_slice(rng: random.Random, vol: float, **fields: float) -> int:
    """Flat, or a smile of about that volatility; every stickiness a byte holds."""
    smile = {"a": vol**2, "b": 0.0}
    if rng.random() < 0.7:
        s = 10 ** rng.uniform(-3, 0.5)
        smile = {
            "a": vol**2 * rng.uniform(0.2, 1),
            "b": min(vol**2 * rng.uniform(0, 1) / s, 10.0),
            "rho": rng.uniform(-0.999, 0.999),
            "m": rng.gauss(0, 0.3),
            "s": s,
        }
    basis = rng.choice([0.0, rng.uniform(-0.3, 0.3), -8.388608, 8.388607])
    sticky = rng.choice([0, 50, 100, 100, 200, 255, rng.randint(0, 255)]) / 100
    return slice_word(**{**smile, "basis": basis, "stickiness": sticky, **fields})


def corners() -> list[Alone]:
    """Each end of strikes, forwards, lives, volatilities and sizes with each other."""
    found = []
    for strike in (1, 2_500, TOP):
        for ratio in (1e-4, 0.5, 1 - 1e-9, 1.0, 1 + 1e-9, 2.0, 1e4):
            spot = max(int(strike * WAD * ratio), WAD // 100)
            for life in (60, 86_400, 2 * YEAR):
                for vol in (0.01, 0.5, 5.0):
                    for size in (10**6, 2**39 - 1, -(2**39)):
                        flat = slice_word(a=vol**2, b=0.0, basis=0.0)
                        bent = slice_word(a=vol**2, b=vol**2, s=0.0, m=0.0, stickiness=2.55)
                        for word in (flat, bent):
                            found.append((word, spot, life, words_of([(strike, size)])[0]))
    return found


def lone_nodes(count: int, seed: int) -> list[Alone]:
    """Strikes over forwards from 1e-4 to 1e4, a minute to two years, 1 to 500 %."""
    rng = random.Random(seed)
    found = corners()
    while len(found) < count:
        life = round(10 ** rng.uniform(np.log10(60), np.log10(2 * YEAR)))
        vol = 10 ** rng.uniform(-2, np.log10(5))
        strike = rng.choice([1, TOP, *(round(10 ** rng.uniform(0, 7.22)) for _ in range(8))])
        style = rng.random()
        if style < 0.6:  # within some deviations
            ratio = np.exp(rng.gauss(0, 1) * 3 * vol * (life / YEAR) ** 0.5)
        elif style < 0.9:  # anywhere
            ratio = 10 ** rng.uniform(-4, 4)
        else:  # at the money to the last digits
            ratio = 1 + rng.choice([-1, 1]) * 10 ** rng.uniform(-18, -6)
        spot = min(max(int(strike * WAD * min(max(ratio, 1e-4), 1e4)), WAD // 100), 2**96 - 1)
        size = rng.choice([-1, 1]) * round(10 ** rng.uniform(6, 11.7))
        found.append((random_slice(rng, vol), spot, life, words_of([(strike, size)])[0]))
    return found


def test_r06_fifty_thousand_nodes_agree_with_80_bit_black_on_their_slices() -> None:
    nodes = lone_nodes(POINTS, 1)
    sums = kernel().sweeps(nodes, True)
    words, spots, lives, quarters = (list(column) for column in zip(*nodes, strict=True))
    strikes = [quarter >> 232 for quarter in quarters]
    sizes = np.array([bits_read(quarter >> 192, 40) for quarter in quarters], dtype=object)
    true = black_on_slices(words, spots, lives, strikes)
    assert len(nodes) >= 50_000
    forward, growth, number = true["forward"], true["growth"], in_80_bits(sizes, 1)
    assert not any(sums[:, 4] % sizes)
    value = np.abs(in_80_bits(sums[:, 4] // sizes) - true["value"]) - 2 * LD(1) / WAD
    # 7e-17, and more where steep wings cancel in the variance
    assert np.max(value / np.maximum(forward, in_80_bits(strikes, 1))) < 5e-16
    delta = in_80_bits(sums[:, 0], 2**160) / number
    assert np.max(np.abs(delta - true["delta"]) / growth) < 1e-13
    gamma = in_80_bits(sums[:, 1], 2**96) / number / in_80_bits(spots) / ROOT_2PI
    height = growth**2 / (forward * true["deviation"])
    assert np.max(np.abs(gamma - true["gamma"]) / height) < 1e-13
    width = forward * np.sqrt(in_80_bits(lives, YEAR))
    vega = in_80_bits(sums[:, 2], 2**64 * WAD) / number
    assert np.max(np.abs(vega - true["vega"]) / width) < 1e-13
    spread = in_80_bits(sums[:, 3], 2**64 * WAD) / np.abs(number)
    assert np.max(np.abs(spread - true["vega"]) / width) < 1e-13


def test_a_trade_and_a_mark_see_the_same_greeks_bit_for_bit() -> None:
    nodes = lone_nodes(5_000, 2)
    lean, full = kernel().sweeps(nodes, False), kernel().sweeps(nodes, True)
    assert (lean[:, :3] == full[:, :3]).all()
    assert not lean[:, 3:].any()


def test_what_trades_run_is_the_library_bit_for_bit() -> None:
    """lib/inlined.vy is written by a script; whatever the words hold, it must not matter."""
    rng = random.Random(3)
    for i in range(1_500):
        nodes = ladder(rng)[: rng.randint(0, 16)]
        header = len(nodes) | bits(rng.choice([0, rng.randint(-(2**47), 2**47 - 1)]), 48) << 88
        row = [header, 0, *words_of(nodes)]
        if i % 5 == 0:
            row[2:] = [rng.getrandbits(256) for _ in range(4)]
        word = rng.choice([random_slice(rng, 10 ** rng.uniform(-2, 0.7)), rng.getrandbits(256)])
        spot = round(10 ** rng.choice([rng.uniform(16, 28.8), rng.uniform(20.5, 22)]))
        life, guess = rng.choice([0, 60, 86_400, YEAR, 2**40]), rng.choice([0, 1, 2**72, 2**99])
        called, written, *smiles = kernel().engine.call(
            kernel().harness, "both_sweeps", word, spot, life, row, rng.random() < 0.5, guess
        )
        assert called == written
        assert smiles[0] == smiles[1]


def ladder(rng: random.Random) -> list[tuple[int, int]]:
    """Sixteen nodes by rising strike: everywhere, at an end of the range or around 2,500; some of
    them netted to nothing."""
    low, high = rng.choice([(0.0, 7.22), (0.0, 1.5), (5.5, 7.22), (3.2, 3.6)])
    strikes: set[int] = set()
    while len(strikes) < 16:
        strikes.add(round(10 ** rng.uniform(low, high)))
    sizes = [rng.choice([0, 1, 1, 1]) * rng.randint(-(2**39), 2**39 - 1) for _ in strikes]
    return list(zip(sorted(strikes), sizes, strict=True))


ORDERS = {
    "rising": range(16),
    "falling": range(15, -1, -1),
    "from both ends": [0, 15, 1, 14, 2, 13, 3, 12, 4, 11, 5, 10, 6, 9, 7, 8],
    "any": [3, 14, 0, 9, 12, 5, 1, 15, 7, 2, 10, 13, 4, 8, 11, 6],
}


@pytest.mark.parametrize("order", ORDERS)
def test_a_book_is_the_sum_of_its_nodes_whatever_their_order(order: str) -> None:
    """The base of the logarithm and the guess of the root move from node to node: nothing of one
    may stay in the next."""
    rng = random.Random(order)
    for _ in range(100):
        rising = ladder(rng)
        nodes = [rising[i] for i in ORDERS[order]]
        spot = round(10 ** rng.choice([rng.uniform(16, 28.8), rng.uniform(20.5, 22)]))
        word, life = random_slice(rng, 10 ** rng.uniform(-2, 0.7)), rng.choice([60, 86_400, YEAR])
        at, guess = (word, spot, life), rng.choice([0, 2**72, 2**99])
        book = kernel().engine.call(kernel().harness, "warm_node", *at, words_of(nodes), 16, guess)
        alone = kernel().sweeps([(*at, words_of([node])[0]) for node in nodes], True)
        gross = sum(abs(size) for _, size in nodes)
        ones = (2**160, 2**96, 2**64 * spot, 2**64 * spot, spot)
        for got, column, one in zip(book[:5], alone.T, ones, strict=True):
            error = abs(got - sum(column))
            assert error <= sum(abs(column)) // 10**13 + gross * one // 10**20
