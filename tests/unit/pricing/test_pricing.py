"""Black-76 on chain against 80-bit floats, mpmath and QuantLib, over the whole domain."""

from __future__ import annotations

import itertools
import random

import mpmath as mp
import numpy as np
import pytest
import QuantLib as QL  # noqa: N817
from kernel_oracle import LD, NIGHTLY, WAD, YEAR, black, in_80_bits, kernel

from tandem.errors import Reverted

POINTS = 1_000_000 if NIGHTLY else 100_000
Query = tuple[int, int, int, int, int, int]

pytestmark = pytest.mark.skipif(
    np.finfo(LD).eps > 2e-19, reason="the oracle needs 80-bit floats; this platform has none"
)


def grid(count: int, seed: int) -> list[Query]:
    """Strikes 1 to 1e6 on the grid, 1 s to 2 y, 1 to 500 %, near and far from the money."""
    rng = random.Random(seed)
    queries: list[Query] = []
    for _ in range(count):
        strike = round(10 ** rng.uniform(0, 6))
        style = rng.random()
        vol = 10 ** rng.uniform(-2, np.log10(5))
        life = round(10 ** rng.uniform(0, np.log10(2 * YEAR)))
        tau = life / YEAR
        if style < 0.5:  # within some deviations
            ratio = np.exp(rng.gauss(0, 1) * 3 * vol * tau**0.5)
        elif style < 0.9:  # anywhere
            ratio = strike ** rng.uniform(-1, 1)
        else:  # at the money to the last digits
            ratio = 1 + rng.choice([-1, 1]) * 10 ** rng.uniform(-18, -6)
        forward = min(max(int(strike * WAD * ratio), WAD // 100), 10**7 * WAD)
        queries.append((rng.randint(0, 1), forward, strike * WAD, 0, life, int(vol * WAD)))
    for strike in (1, 2_500, 1_000_000):
        for moneyness in (10**-6, 0.5, 1 - 1e-12, 1, 1 + 1e-12, 2, 10**6):
            for life in (1, 2, 86_400, 2 * YEAR):
                for vol in (WAD // 100, WAD // 2, 5 * WAD):
                    for is_put in (0, 1):
                        forward = min(max(int(strike * moneyness * WAD), 1), 2**96 - 1)
                        queries.append((is_put, forward, strike * WAD, 0, life, vol))
    return queries


def columns(queries: list[Query]) -> tuple[np.ndarray, ...]:
    """is_put, forward, strike, tau, vol as 80-bit floats."""

    put, forward, strike, _, life, vol = zip(*queries, strict=True)
    in_wad = [in_80_bits(c) for c in (forward, strike, vol)]
    tau = in_80_bits(life, YEAR)
    return np.array(put, dtype=bool), in_wad[0], in_wad[1], tau, in_wad[2]


@pytest.mark.proves("PR-1")
def test_r06_a_hundred_thousand_points_agree_with_80_bit_black() -> None:
    queries = grid(POINTS, 1)
    answers = kernel().prices(queries)
    put, forward, strike, tau, vol = columns(queries)
    true = black(put, forward, strike, tau, vol)
    got = {name: in_80_bits(answers[:, i]) for i, name in enumerate(("value", "delta", "gamma"))}
    scale = np.maximum(forward, strike)
    wei = LD(1) / WAD
    assert len(queries) >= 100_000
    assert np.max((np.abs(got["value"] - true["value"]) - 2 * wei) / scale) < 6e-17
    # a second at 1 %: the oracle's own last bit in F / K moves d1 by 3e-14
    assert np.max(np.abs(got["delta"] - true["delta"])) < 5e-14
    height = 1 / (forward * true["deviation"])
    assert np.max((np.abs(got["gamma"] - true["gamma"]) - 2 * wei) / height) < 1e-12
    vega = in_80_bits(answers[:, 3])
    assert np.max((np.abs(vega - true["vega"]) - 2 * wei) / (forward * np.sqrt(tau))) < 1e-12
    theta = in_80_bits(answers[:, 4])
    per_wei = 2 * wei * (1 + vol / tau)
    width = forward * vol / np.sqrt(tau)
    assert np.max((np.abs(theta - true["theta"]) - per_wei) / width) < 1e-12


def test_values_agree_with_mpmath_to_the_wei() -> None:
    queries = grid(300, 2)[:500]
    for query, answer in zip(queries, kernel().prices(queries), strict=True):
        is_put, f, k, v = query[0], *(mp.mpf(query[i]) / WAD for i in (1, 2, 5))
        t = mp.mpf(query[4]) / YEAR
        s = v * mp.sqrt(t)
        d1 = mp.log(f / k) / s + s / 2
        call = f * mp.ncdf(d1) - k * mp.ncdf(d1 - s)
        true = call - f + k if is_put else call
        assert abs(mp.mpf(answer[0]) / WAD - true) <= max(f, k) * 6e-17 + mp.mpf(2) / WAD


@pytest.mark.proves("PR-1")
def test_values_agree_with_quantlib() -> None:
    for query in grid(300, 3)[:300]:
        is_put, f, k, v = query[0], *(query[i] / WAD for i in (1, 2, 5))
        t = query[4] / YEAR
        side = QL.Option.Put if is_put else QL.Option.Call
        true = QL.blackFormula(side, k, f, v * t**0.5)
        value = kernel().prices([query])[0][0] / WAD
        assert abs(value - true) <= 2e-14 * max(f, k)


@pytest.mark.proves("PR-2")
def test_r06_values_stay_in_range_and_parity_is_exact() -> None:
    calls = [(0, *q[1:]) for q in grid(3_000, 4)]
    puts = [(1, *q[1:]) for q in calls]
    for query, call, put in zip(calls, kernel().prices(calls), kernel().prices(puts), strict=True):
        forward, strike = query[1], query[2]
        assert call[0] - put[0] == forward - strike
        assert max(forward - strike, 0) <= call[0] <= forward
        assert max(strike - forward, 0) <= put[0] <= strike
        assert call[1] - put[1] == WAD
        assert 0 <= call[1] <= WAD
        assert call[2] == put[2] >= 0
        assert call[3] == put[3] >= 0


@pytest.mark.proves("PR-2")
def test_r06_extreme_inputs_return_and_saturate() -> None:
    rng = random.Random(5)
    top = 2**96 - 1
    choices = [0, 1, 2, 10**9, WAD, 2_500 * WAD, 10**24, top]
    wild = [0, 1, YEAR, WAD, 100 * WAD, 2**128, 2**256 - 1]
    queries = [
        (
            rng.randint(0, 1),
            max(rng.choice(choices), 1),
            rng.choice(choices),
            rng.choice(choices),
            rng.choice(wild),
            rng.choice(wild),
        )
        for _ in range(3_000)
    ]
    answers = kernel().prices(queries)
    assert len(answers) == len(queries)
    assert all(0 <= a[0] <= max(q[1], q[2]) for q, a in zip(queries, answers, strict=True))
    deep = (0, 1_000 * WAD, 10**6 * WAD, 0, 1, WAD // 100)
    assert list(kernel().prices([deep])[0]) == [0, 0, 0, 0, 0]
    sure = (0, 10**6 * WAD, 1_000 * WAD, 0, 1, WAD // 100)
    assert list(kernel().prices([sure])[0]) == [999_000 * WAD, WAD, 0, 0, 0]


def test_value_never_falls_with_volatility_or_time_nor_rises_with_strike() -> None:
    base = [0, 2_500 * WAD, 2_750 * WAD, 0, YEAR // 12, WAD // 2]
    # steps wide enough that the true change is more than the stated error
    paths = {5: 1, 4: 1, 2: -1}
    for place, sign in paths.items():
        queries = []
        for i in range(1, 1_200):
            query = list(base)
            query[place] = base[place] * i // 400 + 1
            queries.append(tuple(query))
        values = [int(v) for v in kernel().prices(queries)[:, 0]]
        slack = 5 * 10**-17 * 2_750 * WAD * 3
        steps = [(b - a) * sign for a, b in itertools.pairwise(values)]
        assert min(steps) >= -slack


def test_capped_call_is_the_difference_of_two_calls() -> None:
    forward, strike, cap, vol = (x * WAD for x in (2_500, 2_600, 5_200, 1))
    capped = kernel().prices([(0, forward, strike, cap, YEAR, vol)])[0]
    near = kernel().prices([(0, forward, strike, 0, YEAR, vol)])[0]
    far = kernel().prices([(0, forward, cap, 0, YEAR, vol)])[0]
    assert list(capped) == [a - b for a, b in zip(near, far, strict=True)]
    single = kernel().engine.call(kernel().risk, "price", False, forward, strike, cap, YEAR, vol)
    assert list(single) == list(capped)


def test_forward_out_of_range_reverts_by_name() -> None:
    for forward, strike in ((0, WAD), (2**96, WAD), (WAD, 2**96)):
        with pytest.raises(Reverted, match="risk: forward range"):
            kernel().engine.call(kernel().risk, "price", False, forward, strike, 0, YEAR, WAD)
