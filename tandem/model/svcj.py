"""Stochastic volatility with jumps of price and variance together (SVCJ), by the step.

    r = (mu - v/2) dt + sqrt(v dt) a + J (jump_mean + jump_link Z + jump_std b)
    v' = v + reversion (level - v) dt + vol_of_vol sqrt(v dt) c + J Z

a, c normal with correlation `leverage`, b normal, J in a step with probability rate x dt, Z exponential
with mean `variance_jump`. Under the root and beside `reversion` v counts as no less than 0 (full
truncation). A step is part of the model: what is fitted to hours is simulated by hours. Source: D.
Duffie, J. Pan and K. Singleton, Transform analysis and asset pricing for affine jump-diffusions, 2000;
B. Eraker, M. Johannes and N. Polson, The impact of jumps in volatility and returns, 2003.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from tandem.errors import DomainError
from tandem.model._jit import jit
from tandem.units import HOUR, YEAR

Float = NDArray[np.float64]

AN_HOUR = HOUR / YEAR
"""A step of an hour, in years."""
NAMES = (
    "level", "reversion", "vol_of_vol", "leverage", "rate", "jump_mean", "jump_std", "variance_jump",
)  # fmt: skip
"""What is fitted, in the order of a parameter vector."""


@dataclass(frozen=True, slots=True)
class SVCJ:
    """Parameters, a year: volatility squared is 1.0 at 100 %; jumps are of the log price."""

    level: float
    """To which variance reverts between jumps."""
    reversion: float
    """Of the gap of variance, a year."""
    vol_of_vol: float
    leverage: float
    """Correlation of the diffusions of price and variance."""
    rate: float
    """Jumps a year."""
    jump_mean: float
    jump_std: float
    variance_jump: float
    """Mean of what a jump adds to variance."""
    drift: float = 0.0
    jump_link: float = 0.0
    """What a jump of variance of 1.0 adds to the jump of the log price."""

    def __post_init__(self) -> None:
        numbers = astuple(self)
        positive = (self.level, self.reversion, self.vol_of_vol, self.jump_std, self.variance_jump)
        if not (
            all(map(math.isfinite, numbers))
            and min(positive) > 0.0
            and self.rate >= 0.0
            and abs(self.leverage) < 1.0
        ):
            raise DomainError("SVCJ: a parameter is out of its domain", "see `SVCJ`")

    @property
    def mean_variance(self) -> float:
        """Of the diffusion, jumps of variance included, a year."""
        return self.level + self.rate * self.variance_jump / self.reversion

    @property
    def jump_variance(self) -> float:
        """What jumps of the price add to variance, a year."""
        return self.rate * (self.jump_mean**2 + self.jump_std**2)

    def expected_variance(self, variance: Float, tau: Float | float) -> Float:
        """Mean variance of the price over tau years from a state [...], jumps included -> [...]."""
        x = np.maximum(self.reversion * np.asarray(tau), 1e-12)
        weight = -np.expm1(-x) / x
        mean = self.mean_variance
        return mean + (np.maximum(variance, 0.0) - mean) * weight + self.jump_variance

    def vector(self) -> Float:
        """The fitted parameters, in the order of `NAMES`."""
        return np.array([getattr(self, name) for name in NAMES])


@dataclass(frozen=True, slots=True)
class Draws:
    """Randomness of n paths, apart from the parameters: the same draws make two models comparable.
    Shapes [n, steps]."""

    price: Float
    variance: Float
    happens: Float
    size: Float
    shift: Float

    @classmethod
    def of(cls, rng: np.random.Generator, paths: int, steps: int) -> Draws:
        """Fresh draws."""
        shape = (paths, steps)
        return cls(
            rng.standard_normal(shape), rng.standard_normal(shape), rng.random(shape),
            rng.standard_normal(shape), rng.standard_exponential(shape),
        )  # fmt: skip


def simulate(
    model: SVCJ, draws: Draws, dt: float = AN_HOUR, start: Float | float | None = None
) -> tuple[Float, Float]:
    """Log returns [n, steps] and the variance at the end of each step [n, steps]. start: variance [n], or
    one for all; the mean where not given. Raises DomainError where two jumps in a step would matter."""
    if model.rate * dt > 0.5:
        raise DomainError("SVCJ: more than one jump in two steps", "take a shorter step")
    paths = draws.price.shape[0]
    first = np.full(paths, model.mean_variance) if start is None else start
    first = np.ascontiguousarray(np.broadcast_to(np.asarray(first, dtype=np.float64), (paths,)))
    returns, variances = np.empty(draws.price.shape), np.empty(draws.price.shape)
    _walk(
        draws.price, draws.variance, draws.happens, draws.size, draws.shift, first,
        np.array([*model.vector(), model.drift, model.jump_link]), dt, returns, variances,
    )  # fmt: skip
    return returns, variances


@jit
def _walk(
    price: Float, variance: Float, happens: Float, size: Float, shift: Float, first: Float,
    p: Float, dt: float, returns: Float, variances: Float,
) -> None:  # pragma: no cover (compiled)  # fmt: skip
    level, reversion, vol_of_vol, leverage = p[0], p[1], p[2], p[3]
    chance, mean, spread, added = p[4] * dt, p[5], p[6], p[7]
    drift, link = p[8], p[9]
    other = math.sqrt(1.0 - leverage * leverage)
    root = math.sqrt(dt)
    for i in range(price.shape[0]):
        v = first[i]
        for t in range(price.shape[1]):
            w = max(v, 0.0)
            move = math.sqrt(w) * root
            a = price[i, t]
            r = (drift - 0.5 * w) * dt + move * a
            v += reversion * (level - w) * dt
            v += vol_of_vol * move * (leverage * a + other * variance[i, t])
            if happens[i, t] < chance:
                z = added * shift[i, t]
                r += mean + link * z + spread * size[i, t]
                v += z
            returns[i, t] = r
            variances[i, t] = v
