"""From what a user asks for to the settings of a run, checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from keeper.policy import DEFAULT, spec
from keeper.replay.aftermath import largest_hour
from keeper.replay.settings import ReplaySettings, millionths
from tandem import venues
from tandem.errors import ConfigError
from tandem.feeds import chain as chains
from tandem.feeds.candles import Candles, check_years
from tandem.feeds.flow import FlowSpec, Knowledge, sized
from tandem.feeds.recorded import Recording
from tandem.feeds.surface import VOL_PREMIUM, SurfaceSpec
from tandem.feeds.tabular import utc
from tandem.feeds.visits import PathKind, PathSettings, Visits
from tandem.protocol.deploy import DeploySettings
from tandem.units import DAY, WAD

LONGEST_GAP = 7 * DAY
STANDS = 15
"""Seconds for which a price stands at the least: whoever comes at it, and a hedge that waits for the pool
to rest, take blocks of their own."""
JUMP = "jump"
"""The largest move of the window within an hour, where it begins."""
BOUNDS: dict[str, tuple[float, float]] = {
    "trades_per_day": (0.0, 5_000.0),
    "nav": (10_000.0, 1e9),
    "depth": (10_000.0, 1e10),
    "fee_bps": (0.0, 100.0),
    "arbitrage_lag": (0, 10_000),
    "vol_premium": (0.1, 10.0),
    "informed": (0.0, 1.0),
    "reservation": (0.0, 100.0),
}


def settings_for(
    candles: Candles,
    *,
    chain: Path | None = None,
    seed: int = 1,
    trades_per_day: float = 24.0,
    nav: float = 1_000_000.0,
    depth: float = 2_000_000.0,
    venue: str = venues.DEFAULT,
    fee_bps: float | None = None,
    policy: str = DEFAULT,
    engine: str = "pyrevm",
    visits: int | None = None,
    path: PathKind = PathKind.CONDITIONED,
    arbitrage_lag: int = 1,
    vol_premium: float = VOL_PREMIUM,
    informed: float = 0.0,
    knowledge: Knowledge = Knowledge.DIRECTION,
    reservation: float | None = None,
    lp_flows: bool = True,
    keeper_dies: int | str | None = None,
    venue_wiped: int | str | None = None,
) -> ReplaySettings:
    """Settings of a run. Sizes of trades grow with NAV. Raises ConfigError out of bounds. Longer than a
    function should be: most of it says once what each option is called and where it goes."""
    given = {
        "trades_per_day": trades_per_day, "nav": nav, "depth": depth,
        "arbitrage_lag": arbitrage_lag, "vol_premium": vol_premium,
        "informed": informed, "fee_bps": fee_bps, "reservation": reservation,
    }  # fmt: skip
    for name, value in given.items():
        if value is None:
            continue
        low, high = BOUNDS[name]
        if not low <= value <= high:
            flag = "--" + name.replace("_", "-")
            raise ConfigError(f"{flag} {value:g} is out of bounds", f"between {low:g} and {high:g}")
    check_prices(candles)
    _check_visits(candles, visits)
    _check_fee(venues.recipe(venue), fee_bps)
    spec.named(policy)  # what is unknown is an error now, not after the set-up
    spot = float(candles.open[0])
    largest = max(0.01, round(0.018 * nav / spot, 2))
    median = max(0.01, min(1.0, largest / 6))
    flow = FlowSpec(
        seed=seed, trades_per_day=trades_per_day, median_size=median, max_size=largest,
        informed=informed, knowledge=knowledge, reservation=reservation,
    )  # fmt: skip
    surface, recording = SurfaceSpec(premium=vol_premium), None
    if chain is not None:
        quotes = chains.load(chain)
        fitted = chains.smiles(quotes)
        flow, amounts = replace(flow, menu=chains.menu(quotes)), chains.opened(quotes)
        flow = sized(flow, amounts) if len(amounts) else flow
        surface = replace(surface, shapes=chains.shapes(fitted))
        recording = _recording(Recording.of(fitted, quotes.source), candles)
    settings = ReplaySettings(
        candles=candles,
        path=PathSettings(path, visits, seed),
        arbitrage_lag=arbitrage_lag,
        engine=engine,
        seed=seed,
        nav=nav,
        trades_per_day=trades_per_day,
        depth=depth,
        venue=venue,
        fee_bps=fee_bps,
        policy=policy,
        flow=flow,
        surface=surface,
        recording=recording,
        lp_flows=lp_flows,
    )
    return replace(
        settings,
        keeper_dies=_ending("--keeper-dies", keeper_dies, settings.visits),
        venue_wiped=_ending("--venue-wiped", venue_wiped, settings.visits),
    )


def _check_fee(recipe: venues.VenueRecipe, fee_bps: float | None) -> None:
    """Asked of a recipe that has a `check_fee`, whose markets take some fees alone."""
    check = getattr(recipe, "check_fee", None)
    if check is not None and fee_bps is not None:
        check(millionths(fee_bps))


def _check_visits(candles: Candles, visits: int | None) -> None:
    """One visit a candle is its close, however short it is."""
    most = max(int(candles.interval // STANDS), 1)
    if visits is not None and visits > most:
        raise ConfigError(
            f"--visits {visits} in candles of {candles.interval:g} seconds are too near each other",
            f"a price stands for {STANDS} seconds at least: give --visits {most} or fewer",
        )


def _ending(flag: str, asked: int | str | None, visits: Visits) -> int | None:
    """The moment at which something ends: a time, or JUMP."""
    if asked is None or asked == JUMP:
        return None if asked is None else largest_hour(visits)
    first, last = int(visits.time[0]), int(visits.time[-1])
    if not first <= int(asked) < last:
        raise ConfigError(
            f"{flag} {utc(int(asked))} is not among the prices",
            f"a time from {utc(first)} to before {utc(last)} UTC, or {JUMP}",
        )
    return int(asked)


def _recording(found: Recording, candles: Candles) -> Recording | None:
    """The recording where it is of the same days, None where it is of others; SparseChainError where
    it is of some of them."""
    start = int(candles.timestamps[0])
    end = int(candles.timestamps[-1] + candles.lengths()[-1])
    if not found.overlaps(start, end):
        return None
    found.check(start, end)
    return found


def check_prices(candles: Candles) -> None:
    """The oracle of a local deployment takes prices between these bounds alone, and expiries are
    listed from the last price on: nothing can be listed across a gap that is longer than they are."""
    check_years(candles)
    gaps = np.diff(candles.timestamps)
    if len(gaps) and int(gaps.max()) > LONGEST_GAP:
        row = int(gaps.argmax())
        raise ConfigError(
            f"no price for {int(gaps[row]) // DAY} days after {utc(int(candles.timestamps[row]))}",
            f"a replay bridges {LONGEST_GAP // DAY} days: choose --from and --to, or --window, on one side",
        )
    low, high = DeploySettings().min_price // WAD, DeploySettings().max_price // WAD
    least, most = float(candles.low.min()), float(candles.high.max())
    if least < low or most > high:
        raise ConfigError(
            f"prices from {least:g} to {most:g} USD are out of bounds",
            f"a replay takes prices between {low:,} and {high:,} USD: choose another window or file",
        )
