"""SVI slices: fits a second, and how well they meet the quotes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bench.registry import ROOT, Row, benchmark, rates
from tandem.model.fit import MIN_QUOTES, fit_slices
from tandem.model.implied import implied_vol
from tandem.model.svi import Slice, durrleman
from tandem.units import YEAR

Float = NDArray[np.float64]
RECORDED = "deribit_eth_chain_2026_h1.parquet"


def _simulated() -> tuple[pl.DataFrame, str]:
    """1,000 slices of 30 quotes with noise inside the spread, where no recording is at hand."""
    rng = np.random.default_rng(40)
    frames: list[pl.DataFrame] = []
    for number in range(1_000):
        tau = float(np.exp(rng.uniform(np.log(2 / 365), np.log(1.0))))
        width = rng.uniform(0.3, 1.0) * np.sqrt(tau) * 0.7
        slope = rng.uniform(0.1, 0.5) / np.sqrt(tau)
        truth = Slice(rng.uniform(0.15, 0.8), slope, rng.uniform(-0.6, 0.4), 0.0, width)
        k = np.sort(rng.uniform(-2.5, 2.0, 30)) * 0.7 * np.sqrt(tau)
        half = (0.004 + 0.01 * k**2 / tau) * rng.uniform(0.7, 1.5, 30)
        mid = truth.vol(k) + rng.uniform(-0.6, 0.6, 30) * half
        frames.append(
            pl.DataFrame(
                {"slice": number, "k": k, "bid": mid - half, "ask": mid + half, "tau": tau}
            )
        )
    return pl.concat(frames), "1,000 simulated slices"


def _recorded(path: Path) -> tuple[pl.DataFrame, str]:
    """Every two-sided out-of-the-money quote of a recorded option chain, by snapshot and expiry."""
    seconds = (pl.col("expiry") - pl.col("timestamp")).dt.total_seconds()
    is_put = pl.col("option_type") == "put"
    frame = (
        pl.read_parquet(path)
        .filter(pl.col("forward").is_not_null())
        .with_columns(
            tau=seconds / YEAR, put=is_put, k=(pl.col("strike") / pl.col("forward")).log()
        )
        .filter((pl.col("tau") > 0.0) & (pl.col("put") == (pl.col("k") < 0.0)))
    )
    put, forward, strike, tau = (
        frame[name].to_numpy() for name in ("put", "forward", "strike", "tau")
    )
    prices = {
        side: frame[f"{side}_price"].cast(pl.Float64).fill_null(float("nan")).to_numpy() * forward
        for side in ("bid", "ask")
    }
    quotes = frame.with_columns(
        pl.Series(side, implied_vol(put, forward, strike, tau, value))
        for side, value in prices.items()
    ).filter(pl.col("bid").is_not_nan() & pl.col("ask").is_not_nan() & (pl.col("ask") <= 20.0))
    return quotes.with_columns(slice=pl.struct("timestamp", "expiry").rank("dense")), (
        "a recorded ETH option chain"
    )


def _quotes() -> tuple[pl.DataFrame, str]:
    folder = Path(os.environ.get("TANDEM_DATA", str(ROOT.parent / "shared" / "data")))
    path = folder / RECORDED
    frame, source = _recorded(path) if path.is_file() else _simulated()
    enough = frame.filter(pl.len().over("slice") >= MIN_QUOTES).sort("slice", "k")
    return enough, source


@benchmark("fitting")
def svi() -> Iterable[Row]:
    """Every slice of the chain, one core."""
    frame, source = _quotes()
    sizes = frame.group_by("slice", maintain_order=True).agg(pl.len().alias("n"), pl.first("tau"))
    counts = sizes["n"].cast(pl.Int64).to_numpy()
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    k, bid, ask = (frame[name].to_numpy() for name in ("k", "bid", "ask"))
    tau = sizes["tau"].to_numpy()
    timing = rates({"ours": (tau.size, lambda: fit_slices(starts, k, bid, ask, tau))}, 7)["ours"]
    found = fit_slices(starts, k, bid, ask, tau)
    vol = np.concatenate(
        [
            Slice(*row.tolist()).vol(k[a:b])
            for row, a, b in zip(found, starts[:-1], starts[1:], strict=True)
        ]
    )
    grid = np.linspace(-0.5, 0.5, 401)
    bad = sum(
        durrleman(Slice(*r.tolist()), t, grid).min() < 0.0 for r, t in zip(found, tau, strict=True)
    )
    what = f"{source}, {tau.size:,} slices of {k.size / tau.size:.0f} quotes"
    yield Row(
        "SVI fits, one core",
        timing.median,
        "fits/s",
        "≥ 70,000",
        "scipy least squares 65 to 280",
        f"earlier study; ours on {what}",
        timing.low,
        timing.high,
    )
    error = 100.0 * float(np.median(np.abs(vol - 0.5 * (bid + ask))))
    yield Row("SVI fit, median distance from mid", error, "vol points", "≤ 0.15", "", what)
    inside = 100.0 * float(np.mean((vol >= bid) & (vol <= ask)))
    yield Row("SVI fit, two-sided quotes inside bid/ask", inside, "%", "≥ 98.5", "", what)
    yield Row("SVI fits with a butterfly within ± 0.5", float(bad), "slices", "≤ 0", "", what)
