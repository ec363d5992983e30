"""SVI from its word: fields, volatility and slope against mpmath; nothing a word holds reverts."""

from __future__ import annotations

import itertools
import random

import mpmath as mp
from kernel_oracle import Q96, WAD, YEAR, SliceFields, kernel, signed, slice_word

RNG = random.Random(21)
SPOT = 2_500 * WAD


def random_slice() -> int:
    return slice_word(
        a=RNG.uniform(0.0001, 4),
        b=RNG.uniform(0.001, 1.0),
        rho=RNG.uniform(-0.99, 0.99),
        m=RNG.uniform(-0.5, 0.5),
        s=RNG.uniform(0.001, 1.0),
        basis=RNG.uniform(-0.3, 0.3),
        stickiness=RNG.choice([0, 0.5, 1, 2]),
    )


def deviations(word: int, life: int, strikes: list[int], guess: int = 0) -> tuple[list[int], ...]:
    tau = mp.mpf(min(life, 2**27)) / YEAR
    shift = max(min(SliceFields.of(word).basis * tau, mp.mpf(2)), mp.mpf(-2))
    ks = [int((mp.log(mp.mpf(k) * WAD / SPOT) - shift) * Q96) for k in strikes]
    return kernel().engine.call(kernel().harness, "deviations", word, SPOT, life, ks, guess)


def test_fields_of_any_word_are_its_bits() -> None:
    for _ in range(200):
        word = RNG.getrandbits(256)
        fields = SliceFields.of(word)
        a, b, rho, m, s, basis, stickiness = kernel().engine.call(
            kernel().harness, "slice_fields", word
        )
        scales = (10**15, 10**15, 10**9, 10**11, 10**11, 10**6, 100)
        read = (a, b, rho, m, s, basis, stickiness)
        wanted = (
            fields.a,
            fields.b,
            fields.rho,
            fields.m,
            fields.s,
            fields.basis,
            fields.stickiness,
        )
        assert all(
            abs(mp.mpf(r) / scale - w) < mp.mpf(10) ** -25
            for r, scale, w in zip(read, scales, wanted, strict=True)
        )


def test_negative_fields_keep_their_sign() -> None:
    word = slice_word(a=-0.01, b=0.2, rho=-0.9, m=-0.4, s=0.3, basis=-0.05, stickiness=0.5)
    read = kernel().engine.call(kernel().harness, "slice_fields", word)
    assert read == (-(10**13), 2 * 10**14, -9 * 10**8, -4 * 10**10, 3 * 10**10, -50_000, 50)


def test_volatility_and_slope_agree_with_mpmath() -> None:
    worst = mp.mpf(0)
    for _ in range(150):
        word, life = random_slice(), RNG.choice([60, 3_600, 86_400 * 20, YEAR, 2 * YEAR])
        fields, tau = SliceFields.of(word), mp.mpf(life) / YEAR
        strikes = [RNG.randint(100, 40_000) for _ in range(12)]
        devs, slopes, shown = deviations(word, life, strikes)
        forward = SPOT / WAD * mp.exp(fields.basis * tau)
        assert abs(mp.mpf(shown) / WAD / forward - 1) < mp.mpf(10) ** -17
        for strike, dev, slope in zip(strikes, devs, slopes, strict=True):
            k = mp.log(strike / forward)
            w = fields.variance(k) * tau
            if not 2**-48 < w < 64:
                continue
            worst = max(worst, abs(mp.mpf(dev) / Q96 / mp.sqrt(w) - 1))
            lean = fields.slope(k) * tau
            assert abs(mp.mpf(slope) / Q96 - lean) < mp.mpf(10) ** -24
    assert worst < mp.mpf("1e-16")


def test_a_guess_saves_gas_and_changes_nothing_else() -> None:
    for _ in range(60):
        word, life = random_slice(), 86_400 * 20
        strikes = [RNG.randint(100, 40_000) for _ in range(4)]
        cold = deviations(word, life, strikes)[0]
        for guess in (1, cold[0] // 50, cold[0], cold[0] * 2, cold[0] * 50, 2**127, 2**255 - 1):
            warm = deviations(word, life, strikes, guess)[0]
            assert all(abs(a - b) <= a // 10**17 + 1 for a, b in zip(cold, warm, strict=True))


def test_a_guess_in_the_loop_saves_gas_and_changes_nothing_else() -> None:
    node = (2_600 << 40 | 1_000_000) << 192
    for _ in range(10):
        at = (random_slice(), SPOT, 86_400 * 20, node)
        cold = kernel().engine.call(kernel().harness, "one_node", *at, 0)[0][7]
        near = [round(cold * (1 + sign / 2**j)) for sign in (-1, 1) for j in range(2, 40)]
        far = [cold << j for j in range(1, 12)] + [cold >> j for j in range(1, 12)]
        for guess in near + far:
            warm = kernel().engine.call(kernel().harness, "one_node", *at, guess)[0][7]
            assert abs(warm - cold) <= cold // 10**17


def test_flat_slice_has_the_same_volatility_everywhere() -> None:
    word = slice_word(a=0.25, b=0.0, basis=0.0)
    devs = deviations(word, YEAR, [10, 2_500, 900_000])[0]
    assert len(set(devs)) == 1
    assert abs(mp.mpf(devs[0]) / Q96 - mp.mpf("0.5")) < mp.mpf(10) ** -27


def test_fields_at_their_ends_agree_with_mpmath() -> None:
    ends = {
        "b": (72.0, 30.0),
        "rho": (-2.147483648, 2.147483647),
        "m": (-5.49755813888, 5.49755813887),
        "s": (10.995, 0.0),
    }
    for values in itertools.product(*ends.values()):
        word = slice_word(a=36.0, basis=0.0, **dict(zip(ends, values, strict=True)))
        fields, tau, strikes = SliceFields.of(word), mp.mpf(60) / YEAR, [1, 2_500, 2**24 - 1]
        devs, slopes, _ = deviations(word, 60, strikes)
        for strike, dev, slope in zip(strikes, devs, slopes, strict=True):
            k = mp.log(mp.mpf(strike) / 2_500)
            w = max(fields.variance(k) * tau, mp.mpf(2) ** -48)
            assert abs(mp.mpf(dev) / Q96 / mp.sqrt(w) - 1) < mp.mpf("1e-15")
            assert abs(mp.mpf(slope) / Q96 - fields.slope(k) * tau) < mp.mpf(10) ** -22


def test_a_life_ends_at_2_to_27_seconds() -> None:
    word = slice_word(a=0.3, b=0.0)
    longest, less = (deviations(word, life, [2_500])[0][0] for life in (2**27, 2**27 - 1))
    assert less < longest
    assert {deviations(word, life, [2_500])[0][0] for life in (2**27 + 1, 2**40)} == {longest}


def test_r06_any_word_at_all_gives_a_finite_deviation() -> None:
    for _ in range(400):
        word = RNG.getrandbits(256)
        life = RNG.choice([0, 1, 60, 2 * YEAR, 2**40])
        devs, _, _ = deviations(word, life, [1, 2_500, 10**6, 2**40])
        assert all(2**72 <= d <= 2**99 for d in devs)


def test_variance_below_zero_is_held_at_the_least() -> None:
    word = slice_word(a=-1.0, b=0.1)
    devs, _, _ = deviations(word, YEAR, [2_500])
    assert list(devs) == [2**72]


def test_view_of_volatility_agrees_with_mpmath() -> None:
    for _ in range(40):
        word, strike = random_slice(), RNG.randint(1_000, 6_000)
        sigma, skew, forward = kernel().engine.call(
            kernel().risk, "volatility", word, SPOT, strike, 86_400 * 30
        )
        fields, tau = SliceFields.of(word), mp.mpf(86_400 * 30) / YEAR
        true_forward = 2_500 * mp.exp(fields.basis * tau)
        k = mp.log(strike / true_forward)
        vol = mp.sqrt(fields.variance(k))
        assert abs(mp.mpf(forward) / WAD - true_forward) < mp.mpf(10) ** -14
        assert abs(mp.mpf(sigma) / WAD - vol) < mp.mpf(10) ** -15
        assert abs(mp.mpf(skew) / WAD - fields.slope(k) / (2 * vol)) < mp.mpf(10) ** -14


def test_view_of_volatility_at_expiry_is_that_of_the_last_second() -> None:
    last, gone = (
        kernel().engine.call(kernel().risk, "volatility", slice_word(), SPOT, 2_500, left)
        for left in (1, 0)
    )
    assert gone == last


def test_loop_and_functions_compute_the_same_bits() -> None:
    """The loop's node and `pricing.call`, from the same functions: both must agree."""
    for _ in range(150):
        held = slice_word(a=RNG.choice([-1.0, 0.0, 36.0]), b=0.0)  # at the least or the most
        word = RNG.choice([random_slice(), random_slice(), slice_word(b=0.0), held])
        word = word & (2**248 - 1) | 100 << 248
        strike, size = RNG.choice([1, 2**24 - 1, RNG.randint(50, 60_000)]), 1_000_000
        node = (strike << 40 | size) << 192
        life = RNG.choice([60, 86_400, 86_400 * 45, 2 * YEAR])
        sums, worth, probability, bell = kernel().engine.call(
            kernel().harness, "one_node", word, SPOT, life, node, 0
        )
        growth = mp.exp(SliceFields.of(word).basis * mp.mpf(life) / YEAR)
        assert sums[4] == size * worth
        # delta leaves the loop times growth, in Q160
        assert abs(mp.mpf(sums[0]) / 2**160 / growth - size * mp.mpf(probability) / Q96) < 1e-12
        assert 0 <= bell <= Q96
        assert signed(probability) >= 0
