"""One rational gives every normal probability to 3e-17, and never rises."""

from __future__ import annotations

import itertools
import random

import mpmath as mp
from kernel_oracle import Q96, kernel, signed
from mills_fit import fit_mills, mills

RNG = random.Random(12)
MAX_Z = 2**100 - 1


def test_tail_is_within_3e_minus_17() -> None:
    zs = [int(RNG.uniform(0, 9.5) * Q96) for _ in range(3_000)] + [0, 1, Q96, 9 * Q96, MAX_Z]
    for z, ratio in zip(zs, kernel().batch("ratios", zs), strict=True):
        x = mp.mpf(z) / Q96
        bell = mp.exp(-x * x / 2)
        assert abs(bell * mp.mpf(signed(ratio)) / Q96 - mp.erfc(x / mp.sqrt(2)) / 2) < 3e-17, x


def test_ratio_falls_over_the_whole_domain() -> None:
    zs = [MAX_Z * i // 20_000 for i in range(20_001)]
    ratios = [signed(r) for r in kernel().batch("ratios", zs)]
    assert all(a > b > 0 for a, b in itertools.pairwise(ratios))


def test_far_tail_keeps_the_order_of_the_ratio() -> None:
    zs = [int(x * Q96) for x in (10, 12, 14, 15.9)]
    for z, ratio in zip(zs, kernel().batch("ratios", zs), strict=True):
        true = mills(mp.mpf(z) / Q96)
        assert abs(mp.mpf(signed(ratio)) / Q96 / true - 1) < 0.05


def test_the_fit_that_the_constants_come_from_reaches_its_ripple() -> None:
    fit = fit_mills(points=60, rounds=12)
    assert fit.ripple < mp.mpf("4e-17")
    assert all(c > 0 for c in fit.numerator + fit.denominator)
