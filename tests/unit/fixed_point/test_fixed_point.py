"""Roots are exact, exp and ln as close as they claim, for any input in range."""

from __future__ import annotations

import math
import random

import mpmath as mp
from kernel_oracle import Q96, kernel

RNG = random.Random(11)
EDGES = [0, 1, 2, 3, 4, 7, 8, 9, 26, 27, 28, 2**96, 2**255, 2**256 - 1]


def wide(count: int) -> list[int]:
    """Integers of every length, powers, and their neighbours."""
    spread = [RNG.getrandbits(RNG.randint(1, 256)) for _ in range(count)]
    powers = [min(max(2**n + d, 0), 2**256 - 1) for n in range(257) for d in (-1, 0, 1)]
    return EDGES + powers + spread


def test_sqrt_is_the_floor_of_the_root() -> None:
    roots = [RNG.getrandbits(RNG.randint(1, 127)) for _ in range(2_000)]
    xs = wide(6_000) + [max(r * r + d, 0) for r in roots for d in (-1, 0, 1)]
    assert kernel().batch("roots", xs) == [math.isqrt(x) for x in xs]


def test_cbrt_is_the_floor_of_the_cube_root() -> None:
    roots = [RNG.getrandbits(RNG.randint(1, 85)) for _ in range(2_000)]
    xs = wide(6_000) + [max(r**3 + d, 0) for r in roots for d in (-1, 0, 1)]
    for x, y in zip(xs, kernel().batch("cube_roots", xs), strict=True):
        assert y**3 <= x < (y + 1) ** 3, x


def test_log2_floor_is_the_highest_bit() -> None:
    xs = wide(1_000)
    assert kernel().batch("logs2", xs) == [max(x.bit_length() - 1, 0) for x in xs]


def test_ln_ratio_is_within_2_to_minus_61_of_itself() -> None:
    root, forward = mp.sqrt(2), 2_500 * 10**18
    for low in (1, 3, forward, 2**128 - 1):
        highs = [RNG.getrandbits(RNG.randint(1, 128)) | 1 for _ in range(400)]
        highs += [min(max(low + d, 1), 2**128 - 1) for d in range(-3, 4)]
        # where one reduction ends and the next one begins
        seams = [int(low * root ** (2 * n + 1)) + d for n in range(-4, 4) for d in (-1, 0, 1)]
        highs += [min(max(seam, 1), 2**128 - 1) for seam in seams]
        # where the square of u loses most in its last bit
        highs += [3_416_134_214_400_539_632_153] if low == forward else []
        for at in range(0, len(highs), 512):
            part = highs[at : at + 512]
            got = kernel().engine.call(kernel().harness, "ln_ratios", part, low)
            for high, y in zip(part, got, strict=True):
                true = mp.log(mp.mpf(high) / low)
                assert (
                    abs(mp.mpf(y) / Q96 - true) <= abs(true) * mp.mpf(2) ** -61 + mp.mpf(2) ** -90
                ), (high, low)


def test_exp_is_within_1e_minus_18_and_one_unit() -> None:
    xs = [int(RNG.uniform(-70, 54) * Q96) for _ in range(4_000)]
    xs += [int(RNG.choice([-1, 1]) * 2.0 ** RNG.uniform(-96, 0) * Q96) for _ in range(2_000)]
    ln2 = int(mp.log(2) * Q96)
    xs += [n * ln2 // 2 + d for n in range(-150, 150) for d in (-1, 0, 1)]
    for x, y in zip(xs, kernel().batch("exps", xs), strict=True):
        true = mp.exp(mp.mpf(x) / Q96) * Q96
        assert abs(y - true) <= true * mp.mpf("1.1e-18") + 1, x


def test_exp_of_zero_is_one_and_far_below_it_is_nothing() -> None:
    assert kernel().batch("exps", [0, -(10**4) * Q96, -(2**109)]) == [Q96, 0, 0]
