"""Derives the constants of the on-chain normal distribution and exponential.

* Mills ratio, ``R(z) = exp(z^2/2) N(-z) ~ P(z)/Q(z)``, degrees 6 over 7 on [0, 9]: the near-minimax
  rational in ``exp(-z^2/2) (P/Q - R)``, which is the error of the normal tail itself. Linearised
  least squares, the denominator of the last round as weight (Sanathanan-Koerner), with Lawson's
  weights on top, which level the ripple.
* ``exp(r)`` on [0, ln 2]: a polynomial of degree 11 by the Remez exchange, in relative error.

Run ``python tests/reference/mills_fit.py`` to print them as Vyper constants (about 20 seconds).
"""

from __future__ import annotations

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
    xs = [mp.mpf(high) * (1 - mp.cos(mp.pi * (2 * i + 1) / (2 * points))) / 2 for i in range(points)]
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


def fit_exp(degree: int = 11) -> Fit:
    """exp(r) on [0, ln 2]: the Remez exchange in relative error."""
    count = degree + 2
    xs = [mp.log(2) * (1 - mp.cos(mp.pi * i / (count - 1))) / 2 for i in range(count)]
    grid = [mp.log(2) * i / 1500 for i in range(1501)]
    coefficients: list[Real] = []
    ripple = mp.mpf(0)
    for _ in range(4):
        matrix = mp.matrix(count, count)
        right = mp.matrix(count, 1)
        for i, x in enumerate(xs):
            for j in range(degree + 1):
                matrix[i, j] = x**j
            matrix[i, degree + 1] = (-1) ** i * mp.exp(x)
            right[i] = mp.exp(x)
        solution = mp.lu_solve(matrix, right)
        coefficients = [solution[j] for j in range(degree + 1)]
        errors = [horner(coefficients, x) * mp.exp(-x) - 1 for x in grid]
        ripple = max(abs(e) for e in errors)
        xs = _alternation(grid, errors)
        assert len(xs) == count
    return Fit(coefficients, [mp.mpf(1)], ripple)


def _alternation(grid: list[Real], errors: list[Real]) -> list[Real]:
    """The largest error of each stretch of one sign."""
    best: list[int] = []
    for i, error in enumerate(errors):
        if best and mp.sign(errors[best[-1]]) == mp.sign(error):
            if abs(error) > abs(errors[best[-1]]):
                best[-1] = i
        else:
            best.append(i)
    return [grid[i] for i in best]


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
    for j, bits in zip(
        range(11, -1, -1), (61, 121, 181, 241, 121, 181, 241, 121, 181, 241, 121, 181), strict=True
    ):
        _show(f"E{j}", fit.numerator[j], bits)
    _show("LN2", mp.log(2), 96)
    _show("LOG2E", 1 / mp.log(2), 96)
    _show("INV_SQRT_2PI", 1 / mp.sqrt(2 * mp.pi), 96)
    _show("LN_WAD", 18 * mp.log(10), 96)
    _show("SQRT2", mp.sqrt(2), 96)


if __name__ == "__main__":
    main()
