"""From what a user asks for to the settings of a run, checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from keeper.errors import ConfigError
from keeper.feeds import chain as chains
from keeper.feeds.candles import Candles
from keeper.feeds.flow import FlowSpec
from keeper.feeds.surface import SurfaceSpec
from keeper.policy import create
from keeper.protocol.deploy import DeploySettings
from keeper.replay.settings import ReplaySettings

WAD = 10**18
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
    _check_prices(candles)
    create(policy)  # an unknown one is an error now, not after the set-up
    spot = float(candles.open[0])
    largest = max(0.01, round(0.018 * nav / spot, 2))
    median = max(0.01, min(1.0, largest / 6))
    flow = FlowSpec(seed=seed, trades_per_day=trades_per_day, median_size=median, max_size=largest)
    surface = SurfaceSpec()
    if chain is not None:
        quotes = chains.load(chain)
        flow = replace(flow, menu=chains.menu(quotes))
        surface = replace(surface, shapes=chains.shapes(chains.smiles(quotes)))
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


def _check_prices(candles: Candles) -> None:
    """The oracle of a local deployment takes prices between these bounds alone."""
    low, high = DeploySettings().min_price // WAD, DeploySettings().max_price // WAD
    least, most = float(candles.low.min()), float(candles.high.max())
    if least < low or most > high:
        raise ConfigError(
            f"prices from {least:g} to {most:g} USD are out of bounds",
            f"a replay takes prices between {low:,} and {high:,} USD: choose another window or file",
        )
