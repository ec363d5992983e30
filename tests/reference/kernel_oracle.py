"""What the on-chain mathematics must say, from elsewhere.

* Black-76 in 80-bit floats: the normal distribution from Taylor series around a table that mpmath
  computes (absolute error about 1e-19), so that 100,000 points cost a second;
* the surface and the book in mpmath, 40 digits, straight from the formulas;
* payoffs in integers and fractions, by brute force over prices.

The engine is pyrevm; words are packed here, independently of the contracts. Longer than a file
should be, because it is one oracle: a test that took half of it would take the other half as well.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath as mp
import numpy as np

from tandem.engine.artifacts import compile_vyper
from tandem.engine.base import Contract
from tandem.engine.revm import RevmEngine

mp.mp.dps = 40

WAD = 10**18
Q96 = 2**96
YEAR = 31_536_000
NOW = 1_700_000_000
NIGHTLY = os.environ.get("TANDEM_NIGHTLY") == "1"
LD = np.longdouble


class Kernel:
    """Risk and the harness on one in-process chain."""

    def __init__(self) -> None:
        self.engine = RevmEngine()
        self.risk = self.engine.deploy(compile_vyper("Risk"))
        self.harness = self.engine.deploy(compile_vyper("KernelHarness"))

    def words(self, contract: Contract, fn: str, count: int, head: list[int]) -> list[int]:
        """Call with words that are already encoded; the answer as words."""
        function = contract.abi.function(fn, count)
        data = function.selector + b"".join((w % 2**256).to_bytes(32, "big") for w in head)
        out = self.engine._evm.message_call(
            self.engine.accounts[0], contract.address, data, 0, 200_000_000
        )
        return [int.from_bytes(out[i : i + 32], "big") for i in range(0, len(out), 32)]

    def batch(self, fn: str, xs: list[int]) -> list[int]:
        """A harness function over a list, 512 at a time, as unsigned words."""
        answers: list[int] = []
        for at in range(0, len(xs), 512):
            part = xs[at : at + 512]
            answers += self.words(self.harness, fn, 1, [32, len(part), *part])[2:]
        return answers

    def sweeps(self, nodes: list[tuple[int, int, int, int]], valued: bool) -> np.ndarray:
        """The loop's sums of (slice, spot, life, node word), each on its own -> signed [n, 5]."""
        rows: list[int] = []
        for at in range(0, len(nodes), 128):
            part = nodes[at : at + 128]
            flat = [word for node in part for word in node]
            head = [64, int(valued), len(part), *flat]
            rows += self.words(self.harness, "sweeps", 2, head)[2:]
        return np.array([signed(w) for w in rows], dtype=object).reshape(-1, 5)

    def prices(self, queries: list[tuple[int, int, int, int, int, int]]) -> np.ndarray:
        """Risk.prices -> object array [n, 5] of signed WAD integers."""
        rows: list[int] = []
        for at in range(0, len(queries), 64):
            part = queries[at : at + 64]
            flat = [int(w) for query in part for w in query]
            rows += self.words(self.risk, "prices", 1, [32, len(part), *flat])[2:]
        return np.array([signed(w) for w in rows], dtype=object).reshape(-1, 5)


@cache
def kernel() -> Kernel:
    """One for the whole session: everything in it is pure."""
    return Kernel()


def signed(word: int) -> int:
    """Two's complement."""
    return word - 2**256 if word >> 255 else word


# ---------------------------------------------------------------- normal distribution, 80 bits


@cache
def _table() -> tuple[np.ndarray, np.ndarray]:
    """N(-z) and the density at z = 0, 1/16, ..., 40 as exact sums of two doubles."""

    def split(x: mp.mpf) -> LD:
        high = float(x)
        return LD(high) + LD(float(x - mp.mpf(high)))

    zs = [mp.mpf(i) / 16 for i in range(641)]
    tails = np.array([split(mp.erfc(z / mp.sqrt(2)) / 2) for z in zs], dtype=LD)
    return tails, np.array([split(mp.npdf(z)) for z in zs], dtype=LD)


def upper_tail(z: np.ndarray) -> np.ndarray:
    """N(-z) for z >= 0 [n], 80-bit, absolute error about 1e-19."""
    tails, densities = _table()
    clipped = np.minimum(z, LD(40))
    index = np.rint(clipped * 16).astype(int)
    centre = index.astype(LD) / 16
    h = clipped - centre
    # N(-(c + h)) = N(-c) - phi(c) * sum_j (-1)^j He_j(c) h^(j+1) / (j+1)!
    before, here = np.zeros_like(h), np.ones_like(h)
    power, total = h.copy(), h.copy()
    for j in range(1, 22):
        before, here = here, centre * here - (j - 1) * before
        power = -power * h / (j + 1)
        total = total + here * power
    return tails[index] - densities[index] * total


def cdf(d: np.ndarray) -> np.ndarray:
    """N(d) [n], 80-bit."""
    tail = upper_tail(np.abs(d))
    return np.where(d > 0, 1 - tail, tail)


def black(
    is_put: np.ndarray, forward: np.ndarray, strike: np.ndarray, tau: np.ndarray, vol: np.ndarray
) -> dict[str, np.ndarray]:
    """Black-76 in 80-bit floats: out-of-the-money side first, then parity."""
    s = vol * np.sqrt(tau)
    d1 = np.log(forward / strike) / s + s / 2
    d2 = d1 - s
    density = np.exp(-d1 * d1 / 2) / np.sqrt(2 * LD("3.14159265358979323846"))
    call = forward * cdf(d1) - strike * cdf(d2)
    put = strike * cdf(-d2) - forward * cdf(-d1)
    vega = forward * density * np.sqrt(tau)
    return {
        "value": np.where(is_put, put, call),
        "delta": np.where(is_put, -cdf(-d1), cdf(d1)),
        "gamma": density / (forward * s),
        "vega": vega,
        "theta": -vega * vol / (2 * tau),
        "deviation": s,
    }


def in_80_bits(values: Sequence[int] | np.ndarray, scale: int = WAD) -> np.ndarray:
    """Integers of any size over `scale` [n], to the last of 64 bits."""
    high = np.array([float(v) for v in values])
    low = np.array([float(int(v) - int(h)) for v, h in zip(values, high, strict=True)])
    return (high.astype(LD) + low.astype(LD)) / LD(scale)


def black_on_slices(
    words: list[int], spots: list[int], lives: list[int], strikes: list[int]
) -> dict[str, np.ndarray]:
    """`black` for calls [n] on slices: words, WAD, seconds, ticks; Greeks of spot at fixed basis,
    delta with what a moving smile adds to it, held in [-1, 1]; `forward` and `growth` come along."""

    def take(low: int, width: int, is_signed: bool, scale: int) -> np.ndarray:
        raws = [word >> low & (2**width - 1) for word in words]
        half = 2 ** (width - 1) if is_signed else 2**width
        return in_80_bits([raw - 2**width if raw >= half else raw for raw in raws], scale)

    a, b = take(0, 56, True, 10**15), take(56, 56, False, 10**15)
    rho, m, s = (
        take(112, 32, True, 10**9),
        take(144, 40, True, 10**11),
        take(184, 40, False, 10**11),
    )
    basis, stickiness = take(224, 24, True, 10**6), take(248, 8, False, 100)
    tau = in_80_bits(lives, YEAR)
    growth = np.exp(np.clip(basis * tau, -2, 2))
    forward, strike = in_80_bits(spots) * growth, in_80_bits(strikes, 1)
    x = np.log(strike / forward) - m
    root = np.sqrt(x * x + s * s)
    variance = np.clip((a + b * (rho * x + root)) * tau, LD(2) ** -48, LD(64))
    none = np.zeros(len(words), dtype=bool)
    got = black(none, forward, strike, tau, np.sqrt(variance / tau))
    lean = b * tau * (rho + np.divide(x, root, out=np.zeros_like(x), where=root > 0))
    density = got["vega"] / (forward * np.sqrt(tau))
    smile = np.clip(density * lean / (2 * got["deviation"]) * (stickiness - 1), -1, 1)
    got["delta"] = growth * (got["delta"] + smile)
    got["gamma"] = growth**2 * got["gamma"]
    return {**got, "forward": forward, "growth": growth}


# ---------------------------------------------------------------- words and books


def bits(value: int, width: int) -> int:
    """Two's complement in a field; an error if it does not fit."""
    assert -(2 ** (width - 1)) <= value < 2**width
    return value % 2**width


def slice_word(
    a: float = 0.3,
    b: float = 0.3,
    rho: float = -0.2,
    m: float = 0.03,
    s: float = 0.15,
    basis: float = 0.04,
    stickiness: float = 1.0,
) -> int:
    """The packed slice of a variance per year."""
    return (
        bits(round(a * 1e15), 56)
        | bits(round(b * 1e15), 56) << 56
        | bits(round(rho * 1e9), 32) << 112
        | bits(round(m * 1e11), 40) << 144
        | bits(round(s * 1e11), 40) << 184
        | bits(round(basis * 1e6), 24) << 224
        | round(stickiness * 100) << 248
    )


@dataclass(frozen=True, slots=True)
class SliceFields:
    """The slice as the formulas see it."""

    a: mp.mpf
    b: mp.mpf
    rho: mp.mpf
    m: mp.mpf
    s: mp.mpf
    basis: mp.mpf
    stickiness: mp.mpf

    @classmethod
    def of(cls, word: int) -> SliceFields:
        def take(low: int, width: int, is_signed: bool, scale: int) -> mp.mpf:
            raw = word >> low & (2**width - 1)
            if is_signed and raw >> (width - 1):
                raw -= 2**width
            return mp.mpf(raw) / scale

        return cls(
            take(0, 56, True, 10**15),
            take(56, 56, False, 10**15),
            take(112, 32, True, 10**9),
            take(144, 40, True, 10**11),
            take(184, 40, False, 10**11),
            take(224, 24, True, 10**6),
            take(248, 8, False, 100),
        )

    def variance(self, k: mp.mpf) -> mp.mpf:
        x = k - self.m
        return self.a + self.b * (self.rho * x + mp.sqrt(x * x + self.s**2))

    def slope(self, k: mp.mpf) -> mp.mpf:
        x = k - self.m
        return self.b * (self.rho + x / mp.sqrt(x * x + self.s**2)) if self.b else mp.mpf(0)


@dataclass(slots=True)
class Expiry:
    """One expiry of a book: nodes are (strike in ticks, size in 1e-6 ETH)."""

    at: int
    word: int
    nodes: list[tuple[int, int]]
    forward: int = 0
    cash: int = 0
    units: int = 1

    @property
    def header(self) -> int:
        return (
            len(self.nodes)
            | self.at << 8
            | self.units << 40
            | bits(self.forward, 48) << 88
            | bits(self.cash, 60) << 136
            | self.peak() << 196
        )

    @property
    def node_words(self) -> list[int]:
        words = [0] * 4
        for i, (strike, size) in enumerate(sorted(self.nodes)):
            words[i // 4] |= (strike << 40 | bits(size, 40)) << 64 * (3 - i % 4)
        return words

    @property
    def row(self) -> list[int]:
        return [self.header, self.word, *self.node_words]

    def payoff(self, x: Fraction) -> Fraction:
        """At a settlement price in USD, 1e-6 USD."""
        total = self.forward * x + self.cash
        return total + sum((size * max(x - k, Fraction(0)) for k, size in self.nodes), Fraction(0))

    def peak(self) -> int:
        """The largest payoff, brute force over 0 and the nodes; never below 0."""
        points = [0, *(k for k, _ in self.nodes)]
        return max(0, *(int(self.payoff(Fraction(x))) for x in points))


def random_expiry(rng: random.Random, nodes: int, days: float = 20.0, **fields: Any) -> Expiry:
    """Sizes of both signs, no slope left beyond the last node, some nodes netted to nothing."""
    strikes = rng.sample(range(600, 9_000), nodes)
    sizes = [rng.choice([0, 1, 1, 1, 1]) * rng.randint(-50_000_000, 50_000_000) for _ in strikes]
    forward = rng.choice([0, rng.randint(-20_000_000, 20_000_000)])
    if sizes:
        sizes[-1] -= sum(sizes) + forward
    else:
        forward = 0
    defaults = {
        "a": rng.uniform(0.02, 0.6),
        "b": rng.choice([0.0, rng.uniform(0.05, 0.6)]),
        "rho": rng.uniform(-0.7, 0.7),
        "m": rng.uniform(-0.1, 0.1),
        "s": rng.uniform(0.05, 0.4),
        "basis": rng.uniform(-0.05, 0.08),
        "stickiness": rng.choice([1.0, 0.0, 0.5, 2.0]),
    }
    return Expiry(
        NOW + int(days * 86_400),
        slice_word(**{**defaults, **fields}),
        list(zip(strikes, sizes, strict=True)),
        forward,
        rng.choice([0, rng.randint(-(10**12), 10**12)]),
    )


@dataclass(slots=True)
class Reference:
    """A liability in mpmath: USD, ETH, per 1.00 of volatility, per year."""

    mid: mp.mpf = field(default_factory=mp.mpf)
    low: mp.mpf = field(default_factory=mp.mpf)
    high: mp.mpf = field(default_factory=mp.mpf)
    delta: mp.mpf = field(default_factory=mp.mpf)
    gamma: mp.mpf = field(default_factory=mp.mpf)
    vega: mp.mpf = field(default_factory=mp.mpf)
    theta: mp.mpf = field(default_factory=mp.mpf)


def value_book(
    book: list[Expiry], spot: mp.mpf, now: int, half_spread: mp.mpf = mp.mpf(0)
) -> Reference:
    """The liability of a book, formula by formula."""
    total = Reference()
    for expiry in book:
        fields = SliceFields.of(expiry.word)
        tau = mp.mpf(max(expiry.at - now, 60)) / YEAR
        growth = mp.exp(fields.basis * tau)
        forward = spot * growth
        mid = expiry.forward * forward + expiry.cash
        plain = expiry.forward * growth
        delta, gross, top = plain, mp.mpf(0), mp.mpf(expiry.peak())
        for strike, size in expiry.nodes:
            k = mp.log(strike / forward)
            vol = mp.sqrt(fields.variance(k))
            s = vol * mp.sqrt(tau)
            d1 = -k / s + s / 2
            vega = forward * mp.npdf(d1) * mp.sqrt(tau)
            mid += size * (forward * mp.ncdf(d1) - strike * mp.ncdf(d1 - s))
            plain += size * growth * mp.ncdf(d1)
            lean = fields.slope(k) / (2 * vol)
            delta += size * (growth * mp.ncdf(d1) + vega * (fields.stickiness - 1) * lean / spot)
            total.gamma += size * growth**2 * mp.npdf(d1) / (forward * s) / 10**6
            total.vega += size * vega / 10**6
            total.theta -= size * vega * vol / (2 * tau) / 10**6
            gross += abs(size) * vega
        total.theta -= plain * spot * fields.basis / 10**6
        total.delta += delta / 10**6
        for name, shift in (("mid", 0), ("low", -1), ("high", 1)):
            worth = min(max(mid + shift * half_spread * gross, mp.mpf(0)), top) / 10**6
            setattr(total, name, getattr(total, name) + worth)
    return total
