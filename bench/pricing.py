"""Price and four Greeks: how fast on one core, and how right, with the peers in the same run."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.registry import ROOT, Row, benchmark, rates
from tandem.model.black76 import price

Float = NDArray[np.float64]
Options = tuple[NDArray[np.bool_], Float, Float, Float, Float]

_BATCH = 100_000
"""Options in one call, of ours and of the vectorised peers alike."""
SAME_RUN = "same run, same options, in turns"


def _options(n: int) -> Options:
    """n options as exchanges list them: strikes 0.5 to 2 times the forward, a day to a year."""
    rng = np.random.default_rng(20)
    forward = rng.uniform(1000.0, 5000.0, n)
    strike = np.round(forward * np.exp(rng.normal(0.0, 0.25, n)))
    tau, vol = rng.uniform(1 / 365, 1.0, n), rng.uniform(0.3, 1.5, n)
    return rng.integers(0, 2, n).astype(np.bool_), forward, strike, tau, vol


def _ours(options: Options) -> Callable[[], object]:
    out = np.empty((5, options[1].size))
    return lambda: price(*options, out=out)


def ndtr_greeks(is_put: NDArray[np.bool_], f: Float, k: Float, t: Float, v: Float) -> list[Float]:
    """What one writes in numpy in five minutes: scipy's ndtr, twice."""
    from scipy.special import ndtr

    root = np.sqrt(t)
    s = v * root
    d1 = np.log(f / k) / s + 0.5 * s
    side = np.where(is_put, -1.0, 1.0)
    first = side * ndtr(side * d1)
    value = f * first - k * (side * ndtr(side * (d1 - s)))
    density = np.exp(-0.5 * d1 * d1) * 0.3989422804014327
    vega = f * density * root
    return [value, first, density / (f * s), vega, -0.5 * vega * v / t]


def _quantlib(options: Options) -> Callable[[], object]:
    import QuantLib

    kinds = (QuantLib.Option.Call, QuantLib.Option.Put)
    rows = list(zip(*(x.tolist() for x in options), strict=True))

    def work() -> list[tuple[float, ...]]:
        out: list[tuple[float, ...]] = []
        for put, f, k, t, v in rows:
            it: Any = QuantLib.BlackCalculator(
                QuantLib.PlainVanillaPayoff(kinds[put], k), f, v * t**0.5, 1.0
            )
            out.append(
                (it.value(), it.deltaForward(), it.gammaForward(), it.vega(t), it.theta(f, t))
            )
        return out

    return work


def _py_vollib(options: Options) -> Callable[[], object]:
    """One by one. Its functions are taken before the vectorised package replaces them."""
    black: Any = importlib.import_module("py_vollib.black").black
    greeks: Any = importlib.import_module("py_vollib.black.greeks.analytical")
    functions = (black, greeks.delta, greeks.gamma, greeks.vega, greeks.theta)
    rows = [
        ("p" if put else "c", f, k, t, 0.0, v)
        for put, f, k, t, v in zip(*(x.tolist() for x in options), strict=True)
    ]
    return lambda: [[function(*row) for function in functions] for row in rows]


def _py_vollib_vectorized(options: Options) -> Callable[[], object]:
    import py_vollib_vectorized as vectorised

    put, f, k, t, v = options
    flags = np.where(put, "p", "c")

    def work() -> object:
        value: Any = vectorised.vectorized_black(flags, f, k, t, 0.0, v, return_as="numpy")
        names = ("delta", "gamma", "vega", "theta")
        calls = [getattr(vectorised, f"vectorized_{name}") for name in names]
        return value, [
            call(flags, f, k, t, 0.0, v, model="black", return_as="numpy") for call in calls
        ]

    return work


@benchmark("pricing")
def speed() -> Iterable[Row]:
    """Options a second, value, delta, gamma, vega and theta of each."""
    many, some, few = _options(_BATCH), _options(10_000), _options(1_000)
    work = _ours(many)
    peers: dict[str, tuple[int, Callable[[], object]]] = {
        "py_vollib": (1_000, _py_vollib(few)),
        "py_vollib_vectorized": (_BATCH, _py_vollib_vectorized(many)),
        "QuantLib": (10_000, _quantlib(some)),
        "numpy + scipy ndtr": (
            10 * _BATCH,
            lambda: [ndtr_greeks(*many) for _ in range(10)],
        ),
    }
    broken: list[str] = []
    for name, (_, attempt) in list(peers.items()):
        try:
            attempt()
        except (
            Exception
        ) as error:  # a peer's own failure is a finding, not ours to hide or to stop at
            broken.append(f"{name} does not run here ({type(error).__name__})")
            del peers[name]
    timings = rates({"ours": (10 * _BATCH, lambda: [work() for _ in range(10)]), **peers})
    ours = timings.pop("ours")
    measured = [f"{name} {t.median / 1e6:.2g}" for name, t in timings.items()]
    yield Row(
        "price + 4 Greeks, one core",
        ours.median / 1e6,
        "M options/s",
        "≥ 120",
        ", ".join([*measured, *broken]),
        SAME_RUN,
        ours.low / 1e6,
        ours.high / 1e6,
        {
            f"{name}: {what}": getattr(timing, what)
            for name, timing in timings.items()
            for what in ("median", "low", "high")
        },
    )


def _oracles() -> Any:
    """The references that the tests use."""
    path = ROOT / "tests" / "reference" / "black76_oracles.py"
    spec = importlib.util.spec_from_file_location("black76_oracles", path)
    if spec is None or spec.loader is None:
        raise ImportError(name="tests/reference/black76_oracles.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@benchmark("pricing")
def accuracy() -> Iterable[Row]:
    """Against 60 digits, over 1 s to 2 years, 1 to 500 %, up to 40 standard deviations out."""
    oracles = _oracles()
    points = oracles.spread_points(np.random.default_rng(30), 3_000)
    exact = [oracles.textbook(*row) for row in zip(*points, strict=True)]
    top = np.maximum(points[1], points[2])
    inside = np.abs(np.log(points[1] / points[2])) < 8.0 * points[4] * np.sqrt(points[3])
    model = price(*points)
    columns = {
        "ours": np.column_stack([getattr(model, name) for name in oracles.NAMES]),
        "QuantLib": oracles.quantlib(*points),
        "numpy + scipy ndtr": np.column_stack(ndtr_greeks(*points)),
    }

    def worst(got: Float, column: int, relative: bool) -> float:
        errors = [
            float(
                abs(oracles.mp.mpf(float(x)) - want[column])
                / (abs(want[column]) if relative else t)
            )
            for x, want, t, near in zip(got[:, column], exact, top, inside, strict=True)
            if not relative or near
        ]
        return max(errors)

    value = {name: worst(got, 0, relative=False) for name, got in columns.items()}
    greeks = {n: max(worst(g, c, relative=True) for c in (1, 2, 3, 4)) for n, g in columns.items()}
    source = "same run, same 3,000 options; oracle mpmath, 60 digits"
    for name, unit, goal, found in (
        ("worst error of value, anywhere", "of max(F, K)", "≤ 5e-16", value),
        ("worst error of a Greek within 8 standard deviations", "relative", "≤ 1e-12", greeks),
    ):
        peer = ", ".join(f"{n} {e:.1e}" for n, e in found.items() if n != "ours")
        yield Row(name, found["ours"], unit, goal, peer, source, details=found)
