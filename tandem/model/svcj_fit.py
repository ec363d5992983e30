"""SVCJ fitted to recorded returns by simulation (indirect inference), with standard errors.

Nineteen statistics of the record are compared with their means over simulated records of the same length,
made by the same draws at every trial; the distance is weighed by W, the inverse of the statistics' own
covariance S (its diagonal lifted), which the model simulates too. Standard errors are those of that
distance, (1 + 1/H) A S A' with A = (D' W D)^-1 D' W and D the derivatives of the means; and, for a
record that the model does not explain, the same with the S that the record's own blocks give. Source:
C. Gourieroux, A. Monfort and E. Renault, Indirect inference, 1993. Why not a likelihood: docs/adr/0028.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.stats import norm

from tandem.errors import TandemError
from tandem.model import jump_signs
from tandem.model.resample import stationary
from tandem.model.svcj import AN_HOUR, NAMES, SVCJ, Draws, simulate

Float = NDArray[np.float64]

LEAST = 24 * 9
"""Returns that a fit needs: statistics look six days ahead."""
BURN_IN = 24 * 30
"""Steps before a simulated record begins."""
_STEPS = 400_000
"""Simulated steps of a trial, about; at least 48 records."""
_STEP = 0.08
"""Of a derivative, in the transformed parameters."""
_HISTORIES = 200
"""Shuffled records of which the statistics' covariance is taken."""
BLOCK = 24 * 14
"""Steps that stay together in one."""
_DOUBT = 1.5
"""How far from where the search begins a parameter is thought to lie, in the transformed parameters: a
record of months outweighs it a hundred times, one of days cannot do without."""
_ROUNDS = 2
_SPREAD = 480
"""Simulated records of which the statistics' covariance is taken."""
_RIDGE = 0.2
"""What is added to the variances, as a share, before the covariance is inverted: statistics that say nearly
the same are not set against each other, which a model that is not quite true could not bear."""


class ShortRecordError(TandemError):
    """Fewer returns than the statistics look ahead."""


class FlatRecordError(TandemError):
    """Returns that do not move."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model and how sure it is. Arrays are in the order of `svcj.NAMES`."""

    model: SVCJ
    errors: Float
    """Standard errors of the parameters, the model being true."""
    robust: Float
    """The same by the record's blocks, whether or not it is."""
    transformed: Float
    """Where the search went: logarithms, but `leverage` as atanh and `jump_mean` over 1 %."""
    covariance: Float
    """Of `transformed` [8, 8], the larger of the two: by the record's blocks where those say more."""
    distance: float
    """Of the statistics."""
    expected: float
    """The same where the model is true, on average."""
    p_value: float
    """How often a record of this very model would lie as far from it, by simulated records."""
    returns: int
    found: int
    """Jumps that stand out one by one."""
    gaps: Float
    """Statistics of the record less the model's, in standard deviations, in the order of
    `jump_signs.NAMES`."""

    def interval(self, confidence: float = 0.90) -> tuple[Float, Float]:
        """Where the parameters lie, by the normal law of `transformed`: [8], [8]."""
        reach = norm.ppf(0.5 + confidence / 2) * np.sqrt(np.diag(self.covariance))
        return (
            model_of(self.transformed - reach).vector(),
            model_of(self.transformed + reach).vector(),
        )

    def drawn(self, rng: np.random.Generator) -> SVCJ:
        """A model that the record could have come from as well."""
        point = rng.multivariate_normal(self.transformed, self.covariance, method="eigh")
        return model_of(point)


_LOW = np.array([-9.0, 1.0, -4.0, -2.0, 0.0, -10.0, -7.5, -7.0])
_HIGH = np.array([2.5, 8.6, 5.0, 2.0, 7.6, 10.0, -1.5, 2.5])


def transformed_of(model: SVCJ) -> Float:
    """What the search moves: [8]."""
    p = model.vector()
    logs = np.log(np.maximum(p, 1e-300))
    logs[3], logs[5] = math.atanh(p[3]), 100.0 * p[5]
    return logs


def model_of(point: Float) -> SVCJ:
    """The model at a point [8] of the search, inside its bounds."""
    x = np.clip(point, _LOW, _HIGH)
    p = np.exp(x)
    p[3], p[5] = math.tanh(x[3]), 0.01 * x[5]
    return SVCJ(**dict(zip(NAMES, p.tolist(), strict=True)))


def start_of(returns: Float, dt: float = AN_HOUR) -> SVCJ:
    """Where to begin: jumps that stand out give rate and sizes, bipower variation the level."""
    places = jump_signs.found(returns)
    sizes = returns[places] if len(places) > 2 else np.array([-0.02, 0.02, -0.02])
    bipower = float(np.mean(np.abs(returns[1:] * returns[:-1]))) * math.pi / 2
    # A third of the variance is left to the jumps of variance, to be told apart by the search.
    variance = bipower / dt
    rate = max(len(places), 3) / (len(returns) * dt)
    spread = float(np.std(sizes)) or 0.01
    point = transformed_of(
        SVCJ(
            level=0.7 * variance, reversion=120.0, vol_of_vol=math.sqrt(variance) * 6.0,
            leverage=-0.1, rate=2.0 * rate, jump_mean=0.5 * float(np.mean(sizes)),
            jump_std=0.7 * spread, variance_jump=0.3 * variance * 60.0 / rate,
        )
    )  # fmt: skip
    return model_of(point)


@dataclass(frozen=True, slots=True)
class _Lab:
    """Simulated records of one length, by the same draws each time."""

    draws: Draws
    rng: np.random.Generator
    dt: float

    @property
    def records(self) -> int:
        return self.draws.price.shape[0]

    def statistics(self, point: Float, draws: Draws) -> Float:
        """[records, 19]."""
        returns, _ = simulate(model_of(point), draws, self.dt)
        out = np.empty((returns.shape[0], jump_signs.COUNT))
        jump_signs.statistics_of_each(np.ascontiguousarray(returns[:, BURN_IN:]), out)
        return out

    def mean(self, point: Float) -> Float:
        return self.statistics(point, self.draws).mean(axis=0)

    def slopes(self, point: Float) -> Float:
        """Derivatives of the means [19, 8], from both sides."""
        columns: list[Float] = []
        for k in range(len(point)):
            step = np.zeros(len(point))
            step[k] = _STEP
            up, down = np.clip(point + step, _LOW, _HIGH), np.clip(point - step, _LOW, _HIGH)
            columns.append((self.mean(up) - self.mean(down)) / (up[k] - down[k]))
        return np.stack(columns, axis=1)

    def around(self, point: Float) -> Float:
        """How statistics of simulated records lie around their mean [_SPREAD, 19]."""
        steps = self.draws.price.shape[1]
        parts: list[Float] = []
        while (left := _SPREAD - sum(map(len, parts))) > 0:
            some = Draws.of(self.rng, min(self.records, left), steps)
            parts.append(self.statistics(point, some))
        every = np.concatenate(parts)
        return every - every.mean(axis=0)


def _weight(around: Float) -> Float:
    """What a distance of statistics is weighed by [19, 19]."""
    spread = np.cov(around, rowvar=False)
    return np.linalg.inv(spread + np.diag(_RIDGE * np.diag(spread) + 1e-9))


def checked(returns: Float) -> Float:
    """The returns, where a fit can take them. Raises ShortRecordError, FlatRecordError."""
    r = np.ascontiguousarray(returns, dtype=np.float64)
    if len(r) < LEAST:
        raise ShortRecordError(
            f"{len(r)} returns are too few to fit: {LEAST} are needed", "give more prices"
        )
    if np.count_nonzero(r) < len(r) // 4:
        raise FlatRecordError("most prices stand still", "give prices that were traded")
    return r


def fit(
    returns: Float,
    rng: np.random.Generator,
    dt: float = AN_HOUR,
    tell: Callable[[str], None] = lambda _: None,
) -> Fit:
    """Fit to log returns [n] of steps of dt years; about ten seconds a year of hours. tell: hears what is
    going on, and may raise. Raises ShortRecordError under `LEAST` returns, FlatRecordError where most of
    them are nothing."""
    r = checked(returns)
    records = max(48, _STEPS // (len(r) + BURN_IN))
    lab = _Lab(Draws.of(rng, records, len(r) + BURN_IN), rng, dt)
    wanted = jump_signs.statistics(r)
    begin = np.clip(transformed_of(start_of(r, dt)), _LOW + 0.1, _HIGH - 0.1)
    point = begin
    for turn in range(_ROUNDS):
        said = f"fitting, round {turn + 1} of {_ROUNDS}"
        root = np.linalg.cholesky(_weight(lab.around(point))).T

        def far(x: Float, root: Float = root, said: str = said) -> Float:
            tell(said)
            return np.append(root @ (lab.mean(x) - wanted), (x - begin) / _DOUBT)

        point = _search(lab, root, far, point)
    return _judged(r, point, lab, wanted)


def _search(lab: _Lab, root: Float, far: Callable[[Float], Float], point: Float) -> Float:
    """The point whose statistics are nearest, from `point` on."""
    doubt = np.eye(len(point)) / _DOUBT
    slopes: Any = lambda x: np.vstack([root @ lab.slopes(x), doubt])  # noqa: E731 - scipy's stub wants text
    return least_squares(
        far, point, slopes, bounds=(_LOW, _HIGH), xtol=1e-3, ftol=1e-4, max_nfev=30
    ).x


def _judged(r: Float, point: Float, lab: _Lab, wanted: Float) -> Fit:
    around = lab.around(point)
    weight, slopes = _weight(around), lab.slopes(point)
    less = np.eye(len(point)) / _DOUBT**2
    bread = np.linalg.inv(slopes.T @ weight @ slopes + less)
    moved = bread @ slopes.T @ weight

    def covariance_of(spread: Float) -> Float:
        return (1.0 + 1.0 / lab.records) * moved @ spread @ moved.T + bread @ less @ bread

    covariance = covariance_of(np.cov(around, rowvar=False))
    own = covariance_of(_own_spread(r, lab.rng))
    gap = wanted - lab.mean(point)
    left = np.vstack([gap, around - around @ (slopes @ moved).T])
    distance, *others = np.einsum("ij,jk,ik->i", left, weight, left).tolist()
    expected = np.array(others) * (1.0 + 1.0 / lab.records)
    model = model_of(point)
    scale = model.vector()
    scale[3], scale[5] = 1.0 - model.leverage**2, 0.01
    errors, robust = (scale * np.sqrt(np.diag(c)) for c in (covariance, own))
    return Fit(
        model=model,
        errors=errors,
        robust=robust,
        transformed=point,
        covariance=_larger(covariance, own),
        distance=distance,
        expected=float(expected.mean()),
        p_value=float(1 + np.sum(expected >= distance)) / (1 + len(expected)),
        returns=len(r),
        found=len(jump_signs.found(r)),
        gaps=gap / around.std(axis=0),
    )


def _own_spread(r: Float, rng: np.random.Generator) -> Float:
    """Covariance of the record's statistics [19, 19] by its own blocks."""
    out = np.empty((_HISTORIES, jump_signs.COUNT))
    for k in range(_HISTORIES):
        places = stationary(rng, len(r), 1, len(r), BLOCK)[0]
        out[k] = jump_signs.statistics(r[places])
    return np.cov(out, rowvar=False)


def _larger(one: Float, other: Float) -> Float:
    """The correlations of one covariance with the larger deviations of the two."""
    deviations = np.sqrt(np.diag(one))
    scale = np.maximum(np.sqrt(np.diag(other)), deviations) / deviations
    return one * np.outer(scale, scale)
