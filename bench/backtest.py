"""The back-test: how fast, and how well the keeper's policy hedges on days it was not calibrated on."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.registry import ROOT, Row, benchmark, rates
from keeper.backtest import episodes, judging, objects, quality, series, twins
from keeper.backtest.books import TWELVE, Option, Selling
from keeper.backtest.episodes import Episodes
from keeper.backtest.outcomes import Tally, tally
from keeper.backtest.series import Series
from keeper.backtest.twins import Costs
from keeper.policy import create
from tandem.feeds import candles
from tandem.units import YEAR

Float = NDArray[np.float64]
RECORDED = ("eth_usdt_1h_2024_2025.parquet", "eth_usdt_1h_2026_h1.parquet")
FINE = "eth_usdt_5m_2025_04_05.parquet"
OPTIONS = 64
MARGIN = 0.1
"""Share of the 8 h clock's error by which the constant is calibrated below it."""
K = 5.0
LARGE, SIZES = (100.0, 5.0), (25.0, 50.0, 100.0, 200.0)
"""ETH and basis points; ETH."""


def recorded(*names: str) -> list[Path]:
    """Recorded candles, where this checkout has some."""
    folder = Path(os.environ.get("TANDEM_DATA", str(ROOT.parent / "shared" / "data")))
    return [path for name in names if (path := folder / name).exists()]


def _walk(days: int) -> Series:
    """A martingale of 60 % a year, by the hour."""
    rng = np.random.default_rng(50)
    moves = 0.6 / math.sqrt(8_760) * rng.standard_normal(24 * days)
    time = 3_600 * np.arange(len(moves), dtype=np.int64)
    price: Float = 2_500.0 * np.exp(np.cumsum(moves))
    return series.of_prices(time, price, 3_600)


def _books() -> Selling:
    """64 options that all live to the end, so that each step prices all of them."""
    strikes = np.linspace(0.8, 1.2, OPTIONS)
    return Selling((tuple(Option(k < 1, k, 720, 1 / OPTIONS) for k in strikes.tolist()),))


def _ours(known: Series, selling: Selling, costs: Costs) -> float:
    made = episodes.make(known, selling)
    return tally(made, twins.threshold(made, costs, K, costs.cost), costs).outcome.cost


def _with_numpy(made: Episodes, book: Selling, costs: Costs) -> float:
    """The same by what one writes in numpy: scipy's ndtr for all steps of an option at a time; then the same
    policy and the same sums."""
    from scipy.special import ndtr

    delta, slope, weighted = (np.zeros(made.delta.shape) for _ in range(3))
    spot = made.spot[:, :-1]
    vol = made.vol[:, None]
    for option in book.at(0)[0]:
        tau = (option.hours - np.arange(option.hours)) * made.step / YEAR
        deviation = vol * np.sqrt(tau)
        d1 = np.log(spot / option.strike) / deviation + 0.5 * deviation
        gamma = option.weight * 0.3989422804014327 * np.exp(-0.5 * d1 * d1) / deviation
        delta += option.weight * (ndtr(d1) - option.is_put)
        slope += gamma
        weighted += gamma * tau
    tau = weighted / np.maximum(slope, 1e-300)
    whole = Episodes(
        made.time, made.start, made.vol, made.life, made.spot, delta, slope, tau, made.open,
        made.step,
    )  # fmt: skip
    return tally(whole, twins.threshold(whole, costs, K, costs.cost), costs).outcome.cost


@benchmark("backtest")
def speed() -> Iterable[Row]:
    """Steps a second: Greeks of 64 options, the policy, cost and error, from prices to figures."""
    known, selling, costs = _walk(250), _books(), Costs()
    made = episodes.make(known, selling)
    few = made.part(slice(0, 4))
    policy = partial(create, "threshold", risk_aversion=K, cost=costs.cost)
    contenders: dict[str, tuple[int, Callable[[], object]]] = {
        "ours": (made.steps, lambda: _ours(known, selling, costs)),
        "numpy + scipy ndtr": (made.steps, lambda: _with_numpy(made, selling, costs)),
        "the policy's object, step by step": (
            few.steps,
            lambda: objects.hedges(few, costs, policy),
        ),
    }
    ours_says, numpy_says = _ours(known, selling, costs), _with_numpy(made, selling, costs)
    if abs(ours_says / numpy_says - 1.0) > 1e-9:
        raise AssertionError(f"the contenders disagree: {ours_says} and {numpy_says}")
    timings = rates(contenders)
    ours = timings.pop("ours")
    yield Row(
        "back-test, 64 options a step, one core",
        ours.median / 1e6,
        "M steps/s",
        "≥ 1",
        ", ".join(f"{name} {t.median / 1e6:.2g}" for name, t in timings.items()),
        "same run, same prices, in turns; the object without the Greeks",
        ours.low / 1e6,
        ours.high / 1e6,
        {name: timing.median for name, timing in timings.items()},
    )


@benchmark("backtest")
def hedging() -> Iterable[Row]:
    """Cost over that of a clock as exact, each half of the recorded hours with the other's constant;
    nothing where there are none. Peers: textbook bands, calibrated and judged alike."""
    files = recorded(*RECORDED)
    if not files:
        return
    known = series.of_candles([candles.load(path) for path in files])
    for case in quality.CASES:
        halves = quality.Halves(known, case)
        ours = halves.measure(margin=MARGIN)
        peers = {name: halves.measure(hedging, MARGIN) for name, hedging in quality.PEERS.items()}
        verdict = ours.verdict
        yield Row(
            f"hedging cost at a clock's error, {case.name}",
            verdict.cost_ratio.value,
            "",
            f"≤ {case.goal:g}",
            ", ".join(f"{name} {q.verdict.cost_ratio.value:.2f}" for name, q in peers.items()),
            f"same run, same days; ours with {verdict.error_ratio.value:.2f} of the 8 h clock's error and "
            f"{verdict.trades_ratio.value:.2f} of its orders; brackets: 90 %, blocks of 28 days",
            verdict.cost_ratio.low,
            verdict.cost_ratio.high,
            {
                "error over the 8 h clock's": verdict.error_ratio.value,
                "orders over its": verdict.trades_ratio.value,
                "constant, first half": ours.values[0],
                "constant, second half": ours.values[1],
                "episodes": float(verdict.episodes),
            },
        )


@benchmark("backtest")
def five_minutes() -> Iterable[Row]:
    """The first case where the keeper looks every five minutes, and on the same days every hour; with
    the constant of the hours before them. Six weeks: too few for an interval."""
    files = recorded(RECORDED[0], FINE)
    if len(files) < 2:
        return
    hours, fine = (series.of_candles([candles.load(path)]) for path in files)
    case = quality.CASES[0]
    begin, end = int(fine.time[0]), int(fine.time[-1])
    learnt = episodes.make(hours, case.selling, None, begin)
    constant = quality.calibrated(learnt, case.costs, margin=MARGIN)
    often, hourly = (
        quality.verdict_of(episodes.make(known, case.selling, begin, end), case.costs, constant)
        for known in (fine.with_vol_of(hours), hours)
    )
    yield Row(
        "hedging cost at a clock's error, 50 ETH, one option, looked at every 5 minutes (April, May 2025)",
        often.cost_ratio.value,
        "",
        "≤ 0.48",
        f"every hour on the same days {hourly.cost_ratio.value:.3f}",
        f"same run; {often.episodes} episodes, with {often.error_ratio.value:.2f} of the 8 h clock's error",
        details={"constant": constant, "error over the 8 h clock's": often.error_ratio.value},
    )


@benchmark("backtest")
def large_book() -> Iterable[Row]:
    """A million of capital: the constant that grows with the book beside a fixed one, raised until its error
    is the same. Both take the reset of the constant that fits."""
    files = recorded(*RECORDED)
    if not files:
        return
    made = episodes.make(series.of_candles([candles.load(path) for path in files]), TWELVE)
    size, basis_points = LARGE
    grows, other, constant = _at_equal_error(made, size, basis_points)
    drawn = judging.resampled(np.stack([grows.cost, other.cost], axis=1), made.time, seed=1)
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], (5, 95))
    others = {
        f"{eth:g} ETH, {bps:g} bp": ours.outcome.cost / fixed.outcome.cost
        for eth in SIZES
        for bps in (5.0, 10.0)
        for ours, fixed, _ in [_at_equal_error(made, eth, bps)]
    }
    yield Row(
        "100 ETH on 1M USD: cost with a constant that grows with the book over a fixed one's, same error",
        grows.outcome.cost / other.outcome.cost,
        "",
        "< 1",
        f"a constant of {constant:.1f} for every size",
        "same run, same days; brackets: percentiles of paired draws of blocks of 28 days",
        float(low),
        float(high),
        {"constant": constant, "error": grows.outcome.error, **others},
    )


def _at_equal_error(made: Episodes, size: float, basis_points: float) -> tuple[Tally, Tally, float]:
    """What the rule does, what a fixed constant does, and that constant. size: ETH of options."""
    costs = Costs(size, basis_points / 1e4, 0.15, 1e6)
    grows = tally(made, twins.threshold(made, costs, K, costs.cost), costs)

    def fixed(some: Episodes, constant: float) -> Float:
        return twins.threshold(some, costs, constant, costs.cost, 0.0)

    constant = judging.meet(made, costs, fixed, K, 1e3, grows.outcome.error)
    return grows, tally(made, fixed(made, constant), costs), constant
