"""Short runs of the real contracts: what must hold whatever the path, and what rare paths do."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from paced_laws import MINUTE, OFF, SPENT, check_home_as_paced, chunk_at
from worlds import ABRUPT

from keeper.replay.inputs import settings_for
from keeper.replay.run import ReplayResult, replay
from keeper.replay.settings import ReplaySettings
from keeper.replay.types import PNL_NAMES
from tandem.feeds.candles import Candles, from_arrays
from tandem.feeds.flow import FlowSpec
from tandem.feeds.path import demo
from tandem.feeds.visits import PathKind, PathSettings

START = 1_736_121_600
AVERAGED = 180
"""Seconds that the pool's average looks back."""
JUMPS = PathSettings(PathKind.EXTREMES)
"""From one end of a candle to the other in a step: what no path does, and a liquidation takes."""


def hours(count: int, first: int = 0) -> Candles:
    """Hours of the path that ships with the project; the crash is hour 133."""
    begin = START + 3_600 * first
    return demo().window(begin, begin + 3_600 * count)


def steps(*prices: float) -> Candles:
    """Hourly candles that go from each price to the next."""
    ends = np.array(prices)
    begins = np.concatenate([ends[:1], ends[:-1]])
    times = START + 3_600 * np.arange(len(ends), dtype=np.int64)
    return from_arrays(times, begins, np.maximum(begins, ends), np.minimum(begins, ends), ends)


def jump() -> Candles:
    """A price that stands still, and is 60 % higher from one second to the next."""
    return steps(*[2_500.0] * 4, *[4_000.0] * 2)


def jump_and_back() -> Candles:
    """A price that stands still, is 60 % higher and back within an hour or two, and stands still again."""
    return steps(*[2_500.0] * 28, 4_000.0, *[2_500.0] * 3)


def check_laws(result: ReplayResult) -> None:
    """What no run may break."""
    s = result.summary
    cents = [round(100 * s["pnl"][name]) for name in PNL_NAMES]
    change = s["nav_end_usd"] - s["nav_start_usd"] - s["lp_flows_usd"]
    assert sum(cents) == round(100 * change)
    sizes = sum(abs(c) for c in cents)
    assert abs(cents[PNL_NAMES.index("residual")]) <= max(5, 0.05 * sizes)
    left = [row.pnl.residual for row in result.rows]
    assert max(abs(after - before) for before, after in itertools.pairwise(left)) < 0.05
    assert s["floor_min_usd"] >= 0
    assert s["max_open_residual_over_band"] <= 1
    assert min(row.floor for row in result.rows) >= 0


@pytest.fixture(scope="module")
def crash() -> ReplayResult:
    return replay(settings_for(hours(20, first=120), visits=4))


def test_a_run_through_the_crash_keeps_every_law(crash: ReplayResult) -> None:
    check_laws(crash)
    s = crash.summary
    assert s["complete"] is True
    assert s["visits"] == len(crash.rows) == 1 + 10 * 4 + 10 * 12
    assert s["trades"] > 20
    assert s["hedges"] > 10
    assert 1 < s["max_residual_over_band"] < s["max_residual_over_band_between"] + 0.001
    assert s["max_residual_over_band_between"] < 1.5
    assert 0 < check_home_as_paced(crash) <= 5
    spots = [row.spot for row in crash.rows]
    assert min(after / before for before, after in zip(spots, spots[12:], strict=False)) < 0.85


def test_what_the_keeper_found_is_recorded_beside_what_he_left(crash: ReplayResult) -> None:
    """Where nobody traded and no surface moved, what he left is what he found and his orders."""
    traded = [event.time for event in crash.events if event.kind in {"open", "close", "settle"}]
    quiet = [
        row
        for before, row in itertools.pairwise(crash.rows)
        if not any(before.time < time <= row.time for time in traded)
    ]
    exact = [row for row in quiet if abs(row.residual_before + row.hedged - row.residual) < 1e-6]
    assert len(exact) > 0.8 * len(quiet) > 50
    assert any(row.hedged for row in exact)
    most = max(abs(row.residual_before) / row.hard_band for row in crash.rows)
    assert most == pytest.approx(crash.summary["max_residual_over_band_between"], rel=0.05)


def test_what_the_gate_published_is_recorded_at_each_price(crash: ReplayResult) -> None:
    """R22: what the worst jump would cost stands in every row once the book was marked."""
    marked = [row for row in crash.rows if not math.isnan(row.worst_jump)]
    assert len(marked) >= len(crash.rows) - 1
    assert all(row.worst_jump >= 0 and row.jump_limit > 0 for row in marked)
    s = crash.summary
    assert s["worst_jump_max_usd"] == round(max(row.worst_jump for row in marked), 2)
    most = max(row.worst_jump / row.jump_limit for row in marked)
    assert s["worst_jump_max_over_limit"] == pytest.approx(most, abs=1e-6)
    assert 0.01 < most < 1


def test_options_of_the_inherited_book_expire_inside_a_short_window(crash: ReplayResult) -> None:
    settled = [event for event in crash.events if event.kind == "settle"]
    assert settled
    assert crash.summary["options_settled"] > 10**6
    paid = sum(event.amount or 0.0 for event in settled)
    assert crash.summary["payouts_usd"] == pytest.approx(paid, abs=0.01)


def test_the_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    first, again, other = (replay(settings_for(hours(3), seed=seed)) for seed in (4, 4, 5))
    for result in (first, again, other):
        del result.summary["wall_s"]
    assert first == again
    assert first.summary["trades"] > 10
    assert first.rows != other.rows


def test_anvil_and_pyrevm_are_the_same_market() -> None:
    """All figures and the end state agree; only gas and wall time may differ."""
    candles = hours(6, first=130)
    fast, true = (replay(settings_for(candles, engine=name)) for name in ("pyrevm", "anvil"))
    for result in (fast, true):
        for key in ("gas", "gas_is_real", "wall_s", "engine"):
            del result.summary[key]
    assert fast.summary == true.summary
    assert fast.rows == true.rows
    assert [replace(e, gas=None) for e in fast.events] == [
        replace(e, gas=None) for e in true.events
    ]
    assert fast.summary["hedges"] > 5


@pytest.mark.long
def test_busy_traders_meet_the_reserve_and_the_floor_holds() -> None:
    """The reserve is the highest that may be set, and gamma free, so that hours use it up. FL-2: "an
    open leaves floor >= reserve ... Besides, what exits alone may use stays": 30 % and 5 % of NAV."""
    settings = settings_for(hours(14), nav=20_000.0, trades_per_day=2_400.0)
    terms = {"reserve": 3_000, "gamma_cap": 2_000, "vega_cap": 1_000, "gate": 4_000, "hour": 60_000}
    result = replay(replace(settings, terms=terms, lp_flows=False))
    check_laws(result)
    assert result.summary["opens_reverted"]["floor: under reserve"] > 5
    assert 0.32 < result.summary["floor_min_over_nav"] < 0.38


def puts_only() -> FlowSpec:
    """A large short hedge: everybody holds puts."""
    return FlowSpec(
        put_share=1.0, trades_per_day=0.0, standing=40, median_size=6.0, max_size=7.5,
        min_abs_delta=0.4, max_tenor_days=20.0,
    )  # fmt: skip


@pytest.mark.parametrize("seed", [2, 1], ids=["liquidator first", "keeper first, who waits"])
def test_a_hedge_that_was_liquidated_is_rebuilt_chunk_after_chunk(seed: int) -> None:
    """`HG-17`: "a rebalance that the average alone stops begins a wait". So at a price that came back by
    37 % nothing is sold until the pool's three-minute average has followed; then a chunk goes each
    minute, until the residual is inside the hard band again: five minutes in all."""
    settings = ReplaySettings(
        jump_and_back(), path=JUMPS, seed=seed, flow=puts_only(), lp_flows=False, terms=ABRUPT
    )
    result = replay(settings)
    check_laws(result)
    rows = result.rows
    check_liquidation(result)
    back = max(i for i, row in enumerate(rows) if row.spot > 3_900) + 1
    assert rows[back].spot == 2_500 < 0.8 * rows[back - 1].spot
    found, band, chunk = rows[back].residual_before, rows[back].hard_band, chunk_at(result, 2_500.0)
    assert found > 3 * band
    came = int(settings.visits.time[back])
    sold = [
        event
        for event in result.events
        if event.kind == "rebalance" and event.amount and came <= event.time <= rows[back].time
    ]
    assert AVERAGED <= sold[0].time - came < AVERAGED + 2 * MINUTE
    for before, after in itertools.pairwise(sold):
        assert MINUTE <= after.time - before.time < MINUTE + 5
    assert all(-1.01 * chunk <= event.amount < 0 for event in sold if event.amount)
    assert len(sold) == math.ceil((found - band) / chunk) == 3
    assert -rows[back].hedge > 0.7 * rows[back].book_delta
    assert all(abs(row.residual) <= row.hard_band for row in rows[back:])
    others: dict[str, Any] = result.summary["others_reverted"]
    assert not {OFF, SPENT} & set(others)
    assert not [reason for reason in others if reason.startswith("liquidator")]


def check_liquidation(result: ReplayResult) -> None:
    """The first high price took the hedge; a keeper who comes before finds a pool that was just moved."""
    taken = [event for event in result.events if event.kind == "liquidation"]
    assert result.summary["liquidations"] == len(taken) >= 1
    high = next(i for i, row in enumerate(result.rows) if row.spot > 3_900)
    before, then = result.rows[high - 1], result.rows[high]
    assert before.hedge < -20
    assert abs(then.hedge) < 0.2 * abs(before.hedge)
    assert result.rows[-1].time > taken[-1].time
    at_jump = [e for e in result.events if result.rows[high + 1].time > e.time >= then.time - 15]
    assert at_jump[0].kind == "liquidation"


def test_without_an_insurance_fund_nobody_can_liquidate() -> None:
    """The account is under water: the price jumps while the hedge is four times as large as what a
    day's expiry leaves of it. With the fund the same account is liquidated at the same price."""
    settings = ReplaySettings(
        jump(), path=JUMPS, seed=2, flow=puts_only(), lp_flows=False, terms=ABRUPT
    )
    bare, insured = (replay(replace(settings, insurance=usd)) for usd in (0.0, 1_000_000.0))
    for result in (bare, insured):
        check_laws(result)
    assert any("CH_IIC" in reason for reason in bare.summary["others_reverted"])
    assert not any("CH_IIC" in reason for reason in insured.summary["others_reverted"])
    first, second = (
        next(row for row in result.rows if row.spot > 3_900) for result in (bare, insured)
    )
    assert first.hedge < -80 < -1 < second.hedge
