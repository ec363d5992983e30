"""From what a user asks for to the settings of a run, checked."""

from __future__ import annotations

from pathlib import Path

from keeper.errors import ConfigError
from keeper.feeds.candles import Candles
from keeper.feeds.flow import FlowSpec
from keeper.feeds.surface import SurfaceSpec
from keeper.replay.settings import ReplaySettings

BOUNDS: dict[str, tuple[float, float]] = {
    "trades_per_day": (0.0, 5_000.0),
    "nav": (10_000.0, 1e9),
    "depth": (10_000.0, 1e10),
    "fee_bps": (0.0, 100.0),
}


def settings_for(
    candles: Candles,
    *,
    chain: Path | None = None,
    seed: int = 1,
    trades_per_day: float = 24.0,
    nav: float = 1_000_000.0,
    depth: float = 2_000_000.0,
    fee_bps: float = 10.0,
    policy: str = "threshold",
    engine: str = "pyrevm",
) -> ReplaySettings:
    """Settings of a run. Sizes of trades grow with NAV. Raises ConfigError out of bounds."""
    given = {"trades_per_day": trades_per_day, "nav": nav, "depth": depth, "fee_bps": fee_bps}
    for name, value in given.items():
        low, high = BOUNDS[name]
        if not low <= value <= high:
            flag = "--" + name.replace("_", "-")
            raise ConfigError(f"{flag} {value:g} is out of bounds", f"between {low:g} and {high:g}")
    spot = float(candles.open[0])
    largest = max(0.01, round(0.018 * nav / spot, 2))
    median = max(0.01, min(1.0, largest / 6))
    flow = FlowSpec(
        seed=seed, trades_per_day=trades_per_day, median_size=median, max_size=largest
    )
    surface = SurfaceSpec()
    if chain is not None:
        from keeper.feeds import chain as chains

        flow, surface = chains.dress(chain, flow, surface)
    return ReplaySettings(
        candles=candles,
        engine=engine,
        seed=seed,
        nav=nav,
        trades_per_day=trades_per_day,
        depth=depth,
        fee_bps=fee_bps,
        policy=policy,
        flow=flow,
        surface=surface,
    )
