"""What is sold at the start of an episode, and how it is written on a command line.

A book is hedged as one. `one` is three books side by side, each of one option, because what a policy saves
depends on where the option lies: its figures are the mean over the three.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from tandem.errors import ConfigError
from tandem.units import HOUR, YEAR

LEAST_DAYS, MOST_DAYS = 1, 365
MOST_OPTIONS = 256
_STRIKES, _LIVES = (0.8, 1.2), (7.0, 45.0)
_SPEC = (
    "write `one`, `random:12`, or options as call:1.05:30,put:25d:14:2 (strike over spot or delta, "
    "days, size)"
)


class BookSpecError(ConfigError):
    """A book that cannot be read."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option at the sale. strike over spot, or the delta that it is to have; life in hours; weight: share
    of the notional."""

    is_put: bool
    strike: float
    hours: int
    weight: float
    by_delta: bool = False

    def moneyness(self, vol: float) -> float:
        """Strike over spot. vol: annual, known at the sale."""
        if not self.by_delta:
            return self.strike
        deviation = vol * math.sqrt(self.hours * HOUR / YEAR)
        d1 = float(ndtri(self.strike)) * (-1.0 if self.is_put else 1.0)
        return math.exp(0.5 * deviation * deviation - d1 * deviation)


Book = tuple[Option, ...]


def one(days: int = 30) -> tuple[Book, ...]:
    """At the money, 25-delta call and 25-delta put, each by itself."""
    hours = 24 * days
    return (
        (Option(False, 1.0, hours, 1.0),),
        (Option(False, 0.25, hours, 1.0, by_delta=True),),
        (Option(True, 0.25, hours, 1.0, by_delta=True),),
    )


def random_book(count: int, seed: int, time: int) -> Book:
    """`count` options out of the money: strikes 0.8 to 1.2 of spot, 7 to 45 days, exponential sizes. The same
    at one time (seconds UTC), whatever else is asked."""
    rng = np.random.default_rng([seed, time])
    strikes = rng.uniform(*_STRIKES, count)
    hours = np.rint(24.0 * rng.uniform(*_LIVES, count)).astype(np.int64)
    sizes = rng.exponential(1.0, count)
    weights = sizes / sizes.sum()
    rows = zip(strikes.tolist(), hours.tolist(), weights.tolist(), strict=True)
    return tuple(Option(strike < 1.0, strike, hour, weight) for strike, hour, weight in rows)


@dataclass(frozen=True, slots=True)
class Selling:
    """What every episode sells: fixed books side by side, or `count` random options where that is not 0."""

    fixed: tuple[Book, ...] = ()
    count: int = 0
    seed: int = 1

    def at(self, time: int) -> tuple[Book, ...]:
        """The books of an episode that starts then, seconds UTC."""
        return (random_book(self.count, self.seed, time),) if self.count else self.fixed

    @property
    def hours(self) -> int:
        """The longest life that a book may have."""
        if self.count:
            return round(24 * _LIVES[1])
        return max(option.hours for book in self.fixed for option in book)


ONE = Selling(one())
TWELVE = Selling(count=12)


def parse(text: str) -> Selling:
    """A book as it is typed. Raises BookSpecError."""
    kind, _, rest = text.strip().partition(":")
    if kind == "one" and not rest:
        return ONE
    if kind == "random":
        return Selling(count=_count(rest or "12", text))
    parts = [part for part in text.split(",") if part.strip()]
    if not 0 < len(parts) <= MOST_OPTIONS:
        raise BookSpecError(f"--book {text!r} names no options", _SPEC)
    return Selling((_normalised([_option(part.strip(), text) for part in parts]),))


def _count(digits: str, text: str) -> int:
    if not digits.isdecimal() or not 1 <= int(digits[:9]) <= MOST_OPTIONS:
        raise BookSpecError(f"--book {text!r}: 1 to {MOST_OPTIONS} options", _SPEC)
    return int(digits)


def _normalised(options: Sequence[Option]) -> Book:
    total = sum(option.weight for option in options)
    return tuple(Option(o.is_put, o.strike, o.hours, o.weight / total, o.by_delta) for o in options)


def _option(part: str, text: str) -> Option:
    words = part.split(":")
    if len(words) not in (3, 4) or words[0] not in ("call", "put"):
        raise BookSpecError(f"--book {text!r}: {part!r} is no option", _SPEC)
    by_delta = words[1].endswith("d")
    try:
        strike = float(words[1].removesuffix("d")) / (100.0 if by_delta else 1.0)
        days = float(words[2])
        size = float(words[3]) if len(words) == 4 else 1.0
    except ValueError:
        raise BookSpecError(f"--book {text!r}: {part!r} is no option", _SPEC) from None
    low, high = (0.01, 0.99) if by_delta else (0.1, 10.0)
    for name, value, least, most in (
        ("the strike", strike, low, high),
        ("the life in days", days, LEAST_DAYS, MOST_DAYS),
        ("the size", size, 1e-6, 1e6),
    ):
        if not least <= value <= most:
            raise BookSpecError(f"--book: {name} of {part!r} is not {least:g} to {most:g}", _SPEC)
    return Option(words[0] == "put", strike, round(24 * days), size, by_delta)
