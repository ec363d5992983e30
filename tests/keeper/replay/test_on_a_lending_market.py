"""A replay whose hedge stands on a lending market and a spot pool."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from keeper.replay.inputs import settings_for
from keeper.replay.run import ReplayResult, replay
from keeper.replay.showcase import show_one
from tandem.errors import ConfigError
from tandem.feeds import path
from tandem.plugins import PlugInError

VENUES = pytest.mark.parametrize("venue", ["aave", "morpho", "morpho4"])


@cache
def run(venue: str) -> ReplayResult:
    candles = path.demo()
    two_days = replace(candles).window(None, int(candles.timestamps[0]) + 2 * 86_400)
    return replay(settings_for(two_days, venue=venue, visits=4, trades_per_day=36.0))


@pytest.mark.sampled
@VENUES
def test_its_profit_is_explained_to_the_cent(venue: str) -> None:
    """Interest is among the causes: without it the rest would hold it."""
    summary = run(venue).summary
    assert run(venue).complete
    assert summary["venue"] == venue
    assert abs(summary["pnl"]["residual"]) < 0.05
    assert abs(summary["pnl"]["funding"]) > 0.5


@VENUES
def test_every_open_was_hedged_and_the_floor_held(venue: str) -> None:
    summary = run(venue).summary
    assert summary["trades"] > 40
    assert summary["floor_min_usd"] > 0
    assert summary["max_open_residual_over_band"] <= 1.0
    assert summary["liquidations"] == 0


@VENUES
def test_its_usual_fee_is_the_pools(venue: str) -> None:
    assert run(venue).summary["pool_fee_bps"] == 5.0


@VENUES
def test_a_fee_that_no_pool_takes_is_named(venue: str) -> None:
    with pytest.raises(ConfigError, match="no pool takes a fee of 7 bp"):
        replay(settings_for(path.demo(), venue=venue, fee_bps=7.0))


def test_an_unknown_venue_is_named() -> None:
    with pytest.raises(PlugInError, match="nowhere"):
        settings_for(path.demo(), venue="nowhere")


@VENUES
def test_the_demos_trade_fills_and_reverts_whole(venue: str) -> None:
    """What the demo shows on any venue, and the reason is explained."""
    shown = show_one("pyrevm", venue)
    assert shown.untouched
    assert shown.reason
    assert shown.explanation
    assert abs(shown.residual_after) < 1e-6


@pytest.mark.long
def test_each_venue_of_three_has_its_carry_and_they_are_all_of_it() -> None:
    """To the cent: and no part of it is the rest of what no cause explains."""
    summary = run("curie+aave+morpho").summary
    carry = summary["carry"]
    assert list(carry) == ["curie", "aave", "morpho"]
    assert abs(carry["aave"]) > 0.5
    assert round(sum(carry.values()) * 100) == round(summary["pnl"]["funding"] * 100)
    assert abs(summary["pnl"]["residual"]) < 0.05
    assert list(run("aave").summary["carry"].values()) == [run("aave").summary["pnl"]["funding"]]
