"""The figures of a report and the picture of a run show what happened, and keep what matters."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from keeper.pages.palette import RED, TEAL
from keeper.replay import charts, picture
from keeper.replay.types import Event, StepRow

ROW = StepRow(0, 2000.0, -1.0, 1.0, 0.0, 1.0, 2.0, 10.0, 100.0)


def falling(*spots: float, seconds: int = 1800) -> list[StepRow]:
    return [replace(ROW, time=seconds * i, spot=spot) for i, spot in enumerate(spots)]


def test_gains_are_green_and_losses_red() -> None:
    bars = charts.waterfall({"premium": 5.0, "gamma": -7.0, "theta": 1.0}).data[0]
    assert list(bars.marker.color)[:3] == [TEAL, RED, TEAL]


def test_thinning_keeps_extremes_and_ends() -> None:
    rows = [replace(ROW, time=i) for i in range(20_000)]
    rows[6_666] = replace(rows[6_666], residual_before=30.0)
    rows[7_777] = replace(rows[7_777], spot=1_000.0)
    rows[8_888] = replace(rows[8_888], residual=9.0)
    rows[9_999] = replace(rows[9_999], floor=-1.0)
    thin = charts.thinned(rows, 600)
    assert len(thin) <= 610
    assert {0, 6_666, 7_777, 8_888, 9_999, 19_999} <= {row.time for row in thin}
    assert charts.thinned(rows[:100], 600) == rows[:100]


def test_the_largest_fall_is_found_within_its_hours() -> None:
    spots = 2000 * np.exp(np.cumsum(np.random.default_rng(3).normal(0, 0.01, 150)))
    rows = falling(*spots.tolist())
    within = [
        (b.spot / a.spot, i, j)
        for i, a in enumerate(rows) for j, b in enumerate(rows)
        if i < j and b.time - a.time <= charts.FALL_WITHIN
    ]  # fmt: skip
    assert charts.largest_fall(rows) == min(within)[1:]
    assert min(spots) / max(spots) < min(within)[0]  # a slower fall is larger
    assert charts.largest_fall(falling(1.0, 2.0, 3.0)) is None


def test_every_hedge_is_a_marker_and_both_residuals_are_drawn(simulated: Any) -> None:
    price, delta, residual, worth = (p.figure for p in charts.timeline(simulated.rows, []))
    by_name = {t.name: t for f in (price, delta, residual, worth) for t in f.data}
    marks = len(by_name["hedge bought"].x) + len(by_name["hedge sold"].x)
    assert marks == simulated.summary["hedges"] > 10
    assert list(by_name["after"].y) == [row.residual for row in simulated.rows]
    assert list(by_name["before"].y) == [row.residual_before for row in simulated.rows]
    assert min(by_name["floor"].y) == simulated.summary["floor_min_usd"]


def test_what_the_worst_jump_would_cost_is_drawn_beside_its_limit_with_gaps(simulated: Any) -> None:
    """Where no mark stood nothing was published: no line, and not a zero."""
    rows = [
        replace(row, worst_jump=10.0 * i, jump_limit=500.0) if i % 7 else row
        for i, row in enumerate(simulated.rows)
    ]
    *_, panel = charts.timeline(rows, [])
    by_name = {t.name: t for t in panel.figure.data}
    drawn = list(by_name["worst jump"].y)
    assert [math.isnan(y) for y in drawn] == [i % 7 == 0 for i in range(len(rows))]
    assert max(y for y in drawn if y == y) == 10.0 * max(i for i in range(len(rows)) if i % 7)
    assert {y for y in by_name["limit for opens"].y if y == y} == {500.0}
    assert len(charts.timeline(simulated.rows, [])) == 4


def test_thinning_keeps_the_worst_jump() -> None:
    rows = [replace(ROW, time=i, worst_jump=1.0) for i in range(20_000)]
    rows[4_321] = replace(rows[4_321], worst_jump=99.0)
    assert 4_321 in {row.time for row in charts.thinned(rows, 600)}


def test_the_waterfall_ends_in_what_was_earned_with_the_pools_lag_apart(simulated: Any) -> None:
    pnl = {**simulated.summary["pnl"], "pool_lag": 40.0}
    bars = charts.waterfall(pnl).data[0]
    value = dict(zip(bars.y, bars.x, strict=True))
    start = dict(zip(bars.y, bars.base, strict=True))
    total = sum(pnl.values())
    assert value["earned"] == pytest.approx(total - 40)
    assert (start["pool lag"], value["pool lag"]) == (pytest.approx(total - 40), 40)
    assert value["change of NAV"] == pytest.approx(total)
    assert start["delta"] == pytest.approx(pnl["premium"] + pnl["fees"])
    assert list(bars.y)[-3:] == ["earned", "pool lag", "change of NAV"]
    assert charts.waterfall({}).data[0].x == (0,)


def test_gas_is_shown_by_kind_and_left_out_where_there_is_none(simulated: Any) -> None:
    figure = charts.gas(simulated.events)
    assert figure is not None
    assert {trace.name.split(" ")[0] for trace in figure.data} == {"open", "rebalance", "settle"}
    assert charts.gas([Event(0, "open", "no gas known")]) is None


def test_the_picture_is_small_well_formed_and_shows_each_hedge(
    simulated: Any, tmp_path: Path
) -> None:
    path = picture.write(tmp_path / "run.svg", simulated.rows, simulated.events, "Crash & <hedge>")
    assert path.stat().st_size < 60_000
    root = ET.parse(path).getroot()  # noqa: S314
    marks = [each for each in root.iter() if each.get("stroke-width") == ".8"]
    assert len(marks) == simulated.summary["hedges"]
    words = " ".join(each.text or "" for each in root.iter())
    assert "Crash & <hedge>" in words
    assert "floor never below" in words


def test_the_picture_says_when_the_floor_broke(simulated: Any) -> None:
    rows = [*simulated.rows[:5], replace(simulated.rows[5], floor=-3.0)]
    assert "the floor broke: $-3" in picture.svg(rows, [])
