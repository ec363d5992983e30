"""Derives the constants of the on-chain normal distribution, exponential and logarithm.

* Mills ratio, ``R(z) = exp(z^2/2) N(-z) ~ P(z)/Q(z)``, degrees 6 over 7 on [0, 9]: the near-minimax
  rational in ``exp(-z^2/2) (P/Q - R)``, which is the error of the normal tail itself. Linearised
  least squares, the denominator of the last round as weight (Sanathanan-Koerner), with Lawson's
  weights on top, which level the ripple.
* ``exp(r) ~ (q + r p) / (q - r p)`` on |r| <= ln(2) / 2, p and q of degree 2 in r^2, by the same
  method in relative error.
* ``ln((1 + u) / (1 - u)) ~ u p / q`` on |u| <= 3 - sqrt(8), where the argument lies between
  1 / sqrt(2) and sqrt(2); p and q of degree 3 in u^2, again in relative error.

Run ``python tests/reference/mills_fit.py`` to print them as Vyper constants (about 20 seconds).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import mpmath as mp

mp.mp.dps = 50

Real = mp.mpf


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients from the constant term up, and the largest weighted error."""

    numerator: list[Real]
    denominator: list[Real]
    ripple: Real


def mills(z: Real) -> Real:
    """Mills ratio of the standard normal, scaled to R(0) = 1/2."""
    return mp.exp(z * z / 2) * mp.erfc(z / mp.sqrt(2)) / 2


def horner(coefficients: list[Real], x: Real) -> Real:
    """The polynomial, constant term first."""
    total = mp.mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def _weighted_row(x: Real, level: Real, scale: Real, n: int, m: int) -> list[Real]:
    """One equation of P(x) - level * (Q(x) - 1) = level, scaled."""
    powers = [scale * x**j for j in range(max(n, m) + 1)]
    return powers[: n + 1] + [-level * powers[j] for j in range(1, m + 1)]


def fit_mills(
    n: int = 6, m: int = 7, high: float = 9.0, points: int = 140, rounds: int = 90
) -> Fit:
    """The rational with the least largest error seen over the rounds."""
    xs = [
        mp.mpf(high) * (1 - mp.cos(mp.pi * (2 * i + 1) / (2 * points))) / 2 for i in range(points)
    ]
    levels = [mills(x) for x in xs]
    shares = [mp.exp(-x * x / 2) for x in xs]
    bottom = [mp.mpf(1)] * points
    lawson = [mp.mpf(1)] * points
    best: Fit | None = None
    for step in range(rounds):
        matrix = mp.matrix(points, n + 1 + m)
        right = mp.matrix(points, 1)
        for i, x in enumerate(xs):
            scale = shares[i] / bottom[i] * mp.sqrt(lawson[i])
            for j, entry in enumerate(_weighted_row(x, levels[i], scale, n, m)):
                matrix[i, j] = entry
            right[i] = scale * levels[i]
        solution = mp.qr_solve(matrix, right)[0]
        top = [solution[j] for j in range(n + 1)]
        low = [mp.mpf(1)] + [solution[n + j] for j in range(1, m + 1)]
        bottom = [horner(low, x) for x in xs]
        errors = [
            abs(shares[i] * (horner(top, xs[i]) / bottom[i] - levels[i])) for i in range(points)
        ]
        ripple = max(errors)
        if best is None or ripple < best.ripple:
            best = Fit(top, low, ripple)
        if step >= 4:
            lawson = [weight * error / ripple for weight, error in zip(lawson, errors, strict=True)]
            total = sum(lawson)
            lawson = [weight * points / total + mp.mpf(10) ** -8 for weight in lawson]
    assert best is not None
    return best


def fit_exp(points: int = 80, rounds: int = 40) -> Fit:
    """p(t), q(t) of degree 2 in t = r^2 with exp(r) ~ (q + r p) / (q - r p), |r| <= ln(2) / 2.

    p / q ~ tanh(r / 2) / r by the same method, in the relative error of exp.
    """

    def level(t: Real) -> Real:
        return mp.tanh(mp.sqrt(t) / 2) / mp.sqrt(t)

    return _fit_even((mp.log(2) / 2) ** 2, 2, level, lambda t: t, _exp_error, points, rounds)


def fit_ln(points: int = 80, rounds: int = 40) -> Fit:
    """p(v), q(v) of degree 3 in v = u^2 with ln((1 + u) / (1 - u)) ~ u p / q, |u| <= 3 - sqrt(8).

    The relative error, of which the sum with a multiple of ln(2) keeps less.
    """

    def level(v: Real) -> Real:
        return 2 * mp.atanh(mp.sqrt(v)) / mp.sqrt(v)

    def error(p: list[Real], q: list[Real], v: Real) -> Real:
        return abs(horner(p, v) / horner(q, v) / level(v) - 1)

    return _fit_even((3 - mp.sqrt(8)) ** 2, 3, level, lambda _: mp.mpf(1), error, points, rounds)


def _fit_even(
    top: Real,
    degree: int,
    level: Callable[[Real], Real],
    share: Callable[[Real], Real],
    error: Callable[[list[Real], list[Real], Real], Real],
    points: int,
    rounds: int,
) -> Fit:
    """The rational of that degree on [0, top] nearest to `level`; squares weigh `share`."""
    ts = [top * (1 - mp.cos(mp.pi * (2 * i + 1) / (2 * points))) / 2 for i in range(points)]
    levels = [level(t) for t in ts]
    bottom = [mp.mpf(1)] * points
    lawson = [mp.mpf(1)] * points
    best: Fit | None = None
    for _ in range(rounds):
        matrix = mp.matrix(points, 2 * degree + 1)
        right = mp.matrix(points, 1)
        for i, t in enumerate(ts):
            scale = mp.sqrt(share(t) * lawson[i]) / bottom[i]
            for j, entry in enumerate(_weighted_row(t, levels[i], scale, degree, degree)):
                matrix[i, j] = entry
            right[i] = scale * levels[i]
        solution = mp.qr_solve(matrix, right)[0]
        p = [solution[j] for j in range(degree + 1)]
        q = [mp.mpf(1), *(solution[degree + j] for j in range(1, degree + 1))]
        bottom = [horner(q, t) for t in ts]
        errors = [error(p, q, t) for t in ts]
        ripple = max(errors)
        if best is None or ripple < best.ripple:
            best = Fit(p, q, ripple)
        lawson = [weight * e / ripple for weight, e in zip(lawson, errors, strict=True)]
        total = sum(lawson)
        lawson = [weight * points / total + mp.mpf(10) ** -6 for weight in lawson]
    assert best is not None
    return best


def _exp_error(p: list[Real], q: list[Real], t: Real) -> Real:
    """Relative error of the fit of exp at r = sqrt(t)."""
    r = mp.sqrt(t)
    even, odd = horner(q, t), r * horner(p, t)
    return abs((even + odd) / (even - odd) * mp.exp(-r) - 1)


def _show(name: str, value: Real, bits: int) -> None:
    print(f"{name}: constant(uint256) = {int(mp.nint(value * mp.mpf(2) ** bits))}  # 2**{bits}")


def main() -> None:
    """Prints every constant in the scale the contracts use."""
    fit = fit_mills()
    lead = fit.denominator[-1]
    print(f"# Mills ratio: weighted error {mp.nstr(fit.ripple, 4)}")
    for j, bits in zip(range(6, -1, -1), (64, 121, 178, 235, 110, 167, 224), strict=True):
        _show(f"P{j}", fit.numerator[j] / lead, bits)
    for j, bits in zip(range(6, -1, -1), (57, 114, 171, 228, 105, 162, 219), strict=True):
        if j < 7:
            _show(f"Q{j}", fit.denominator[j] / lead, bits)
    fit = fit_exp()
    print(f"# exp: relative error {mp.nstr(fit.ripple, 4)}")
    for j, bits in zip((2, 1, 0), (66, 126, 186), strict=True):
        _show(f"EXP_P{j}", fit.numerator[j], bits)
        _show(f"EXP_Q{j}", fit.denominator[j], bits)
    fit = fit_ln()
    print(f"# ln: relative error {mp.nstr(fit.ripple, 4)}")
    for j, bits in zip((3, 2, 1, 0), (60, 123, 186, 249), strict=True):
        _show(f"LN_P{j}", fit.numerator[j], bits)
        _show(f"LN_Q{j}", fit.denominator[j], bits)
    _show("LN2", mp.log(2), 96)
    _show("LOG2E", 1 / mp.log(2), 96)
    _show("INV_SQRT_2PI", 1 / mp.sqrt(2 * mp.pi), 96)
    _show("MAX_U", 3 - mp.sqrt(8), 96)


if __name__ == "__main__":
    main()
