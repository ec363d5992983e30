"""Toxicity on flows whose truth is known: LPs are left with the half-spread, less what the informed take."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev
from typing import Any

import numpy as np
import pytest

from keeper.markouts import HORIZONS, Fill, MarkOuts, Side, Worth, worth
from tandem.model.svi import Slice
from tandem.protocol.series import Series
from tandem.units import DAY, HOUR, YEAR

NOW = 1_800_000_000
EXPIRY = (NOW // DAY + 30) * DAY + 8 * HOUR
SPOT, VOL, HALF = 2_500.0, 0.6, 0.015
MOVED = 0.05  # by what volatility is another an hour later: up or down, as likely
PUT = Series(EXPIRY, True, 2_400)
N = NormalDist()


def flat(vol: float) -> Slice:
    return Slice(a=vol * vol, b=0.0, rho=0.0, m=0.0, s=0.1)


def put(vol: float, time: int, spot: float = SPOT) -> float:
    """Black's, from the standard library alone."""
    deviation = vol * math.sqrt((EXPIRY - time) / YEAR)
    d1 = math.log(spot / 2_400) / deviation + deviation / 2
    return 2_400 * N.cdf(deviation - d1) - spot * N.cdf(-d1)


def vega() -> float:
    return (put(VOL + 1e-5, NOW) - put(VOL - 1e-5, NOW)) / 2e-5


@dataclass
class World:
    """A fill a day, units 2, an hour after which volatility has moved; the informed open before a rise and
    close before a fall, others whenever."""

    informed: float
    seed: int = 1

    def outs(self, fills: int) -> MarkOuts:
        rng, found = np.random.default_rng(self.seed), MarkOuts()
        for day in range(fills):
            series = Series(EXPIRY + day * DAY, True, 2_400)
            at, up = NOW + day * DAY, bool(rng.random() < 0.5)
            knows, coin = rng.random() < self.informed, rng.random() < 0.5
            opens = up if knows else coin
            sign = 1.0 if opens else -1.0
            now = worth(series, flat(VOL), at, SPOT)
            premium = 2.0 * (now.value + sign * HALF * now.vega)
            side = Side.OPEN if opens else Side.CLOSE
            found.add(Fill(at, side, series, 2.0, premium, SPOT, now.delta, now.vega))
            after = flat(VOL + (MOVED if up else -MOVED))
            found.saw(at + HOUR, SPOT, {series.expiry: after})
        return found

    def truth(self, side: Side) -> float:
        """USD a fill, on average over an hour's moves: two units, by the closed form."""
        up, down = (put(VOL + each, NOW + HOUR) for each in (MOVED, -MOVED))
        chance = 0.5 + 0.5 * self.informed  # that volatility goes his way
        if side is Side.OPEN:
            later, sold = chance * up + (1 - chance) * down, put(VOL, NOW) + HALF * vega()
            return 2.0 * (sold - later)
        later, bought = chance * down + (1 - chance) * up, put(VOL, NOW) - HALF * vega()
        return 2.0 * (later - bought)


@pytest.mark.parametrize("informed", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("side", list(Side))
def test_what_is_left_of_a_fill_is_what_the_informed_leave(informed: float, side: Side) -> None:
    """Within three standard errors."""
    found = World(informed).outs(900).usd()[side, "1h"]
    truth = World(informed).truth(side)
    assert found.fills > 300
    assert found.mean == pytest.approx(truth, abs=max(3 * found.error, 1e-6))
    if informed == 0.0:
        assert truth > 0
    if informed == 1.0:
        assert truth < 0
        assert found.mean == pytest.approx(truth, rel=1e-3), "all of them know the same"


def test_its_standard_error_is_what_it_says() -> None:
    """Over forty histories means lie as far apart as each says."""
    found = [World(0.3, seed).outs(120).usd()[Side.OPEN, "1h"] for seed in range(40)]
    said = fmean(each.error for each in found)
    assert stdev(each.mean for each in found) == pytest.approx(said, rel=0.3)


def walked(seed: int) -> MarkOuts:
    """A put opened each hour for three weeks, while volatility walks by a point an hour."""
    rng, found, vol = np.random.default_rng(seed), MarkOuts(), VOL
    series = Series(EXPIRY + 60 * DAY, True, 2_400)
    for hour in range(24 * 21):
        at = NOW + hour * HOUR
        found.saw(at, SPOT, {series.expiry: flat(vol)})
        now = worth(series, flat(vol), at, SPOT)
        premium = now.value + HALF * now.vega
        found.add(Fill(at, Side.OPEN, series, 1.0, premium, SPOT, now.delta, now.vega))
        vol = min(max(vol + 0.01 * float(rng.standard_normal()), 0.2), 1.5)
    return found


@pytest.mark.long
def test_fills_that_share_a_days_move_are_no_independent_ones() -> None:
    """Twenty-four fills a day, each judged a day later: the error was told as a quarter of what it is."""
    found = [walked(seed).usd()[Side.OPEN, "1d"] for seed in range(60)]
    said = fmean(each.error for each in found)
    assert stdev(each.mean for each in found) == pytest.approx(said, rel=0.3)
    assert found[0].fills == 24 * 20


def test_fills_of_a_few_hours_have_no_error_a_day_later() -> None:
    """They are one observation, however many they are."""
    found, now = MarkOuts(), worth(PUT, flat(VOL), NOW, SPOT)
    for n in range(200):
        found.add(Fill(NOW + n, Side.OPEN, PUT, 1.0, now.value, SPOT, now.delta, now.vega))
    found.saw(NOW + DAY + 200, SPOT, {EXPIRY: flat(VOL)})
    said = found.usd()[Side.OPEN, "1d"]
    assert said.fills == 200
    assert math.isfinite(said.mean)
    assert math.isnan(said.error)


def test_a_move_of_spot_that_was_hedged_is_no_toxicity() -> None:
    """Delta went with the fill: what is left is the half-spread less half of gamma times the move squared."""
    outs, now = MarkOuts(), worth(PUT, flat(VOL), NOW, SPOT)
    premium = now.value + HALF * now.vega
    outs.add(Fill(NOW, Side.OPEN, PUT, 1.0, premium, SPOT, now.delta, now.vega))
    outs.saw(NOW + 300, SPOT - 25.0, {EXPIRY: flat(VOL)})
    value = put(VOL, NOW + 300, SPOT - 25.0)
    delta = -N.cdf(-_d1())
    expected = premium - value + delta * -25.0
    found = outs.usd()[Side.OPEN, "5m"]
    assert found.fills == 1
    assert found.mean == pytest.approx(expected, rel=1e-6)
    assert abs(value - now.value) > 10 * abs(found.mean - HALF * now.vega)


def _d1() -> float:
    deviation = VOL * math.sqrt((EXPIRY - NOW) / YEAR)
    return math.log(SPOT / 2_400) / deviation + deviation / 2


def test_a_capped_call_is_two_options() -> None:
    call = Series(EXPIRY, False, 2_600, 5_000)
    plain = worth(call, flat(VOL), NOW, SPOT)
    step = 1e-2
    up, down = (worth(call, flat(VOL), NOW, SPOT + each).value for each in (step, -step))
    assert plain.delta == pytest.approx((up - down) / (2 * step), rel=1e-6)


def test_who_is_looked_at_too_late_counts_nowhere() -> None:
    outs, now = MarkOuts(), worth(PUT, flat(VOL), NOW, SPOT)
    outs.add(Fill(NOW, Side.OPEN, PUT, 1.0, now.value, SPOT, now.delta, now.vega))
    outs.saw(NOW + 299, SPOT, {EXPIRY: flat(VOL)})
    assert outs.usd()[Side.OPEN, "5m"].fills == 0
    outs.saw(NOW + 361, SPOT, {EXPIRY: flat(VOL)})  # a minute late
    assert outs.usd()[Side.OPEN, "5m"].fills == 0
    outs.saw(NOW + HOUR + 600, SPOT, {EXPIRY: flat(VOL)})
    assert outs.usd()[Side.OPEN, "1h"].fills == 1
    outs.saw(NOW + DAY, SPOT, {})  # nothing is known of its expiry
    assert {key: each.fills for key, each in outs.usd().items() if each.fills} == {
        (Side.OPEN, "1h"): 1
    }
    assert set(HORIZONS) == {"5m", "1h", "1d"}


def test_toxicity_is_said_once_it_is_proved() -> None:
    assert World(1.0).outs(29).toxicity == 0.0
    assert World(0.0).outs(200).toxicity < 0.0
    assert World(0.6).outs(400).toxicity > 1.645


# ---- by vega


@dataclass
class Crowd:
    """Days of small fills by nobody who knows anything, six an hour in bursts of one side, and now and then a
    large one by somebody who does; half: half-spread, in volatility. Moves are a walk of volatility, so fills
    of one hour share it; sizes are log-normal."""

    large: int
    half: float = HALF
    seed: int = 1
    days: int = 10

    def outs(self) -> MarkOuts:
        rng, found = np.random.default_rng(self.seed), MarkOuts()
        hours = 24 * self.days
        vols = VOL + 0.01 * np.cumsum(rng.normal(size=hours + 2)) * 0.2
        informed = set(rng.choice(hours, self.large, replace=False).tolist())
        for hour in range(hours):
            at, now, later = NOW + hour * HOUR, float(vols[hour]), float(vols[hour + 1])
            side = Side.OPEN if rng.random() < 0.5 else Side.CLOSE
            for units in rng.lognormal(-4.0, 1.0, 6).tolist():
                self._fill(found, at, side, units, now)
            if hour in informed:
                known = Side.OPEN if later > now else Side.CLOSE
                later += 0.05 if known is Side.OPEN else -0.05
                self._fill(found, at, known, 10.0, now)
            found.saw(at + HOUR, SPOT, {EXPIRY: flat(later)})
        return found

    def _fill(self, outs: MarkOuts, at: int, side: Side, units: float, vol: float) -> None:
        now = worth(PUT, flat(vol), at, SPOT)
        sign = 1.0 if side is Side.OPEN else -1.0
        premium = units * (now.value + sign * self.half * now.vega)
        outs.add(Fill(at, side, PUT, units, premium, SPOT, now.delta, now.vega))


@pytest.mark.long
def test_large_informed_fills_are_seen_among_uninformed_crumbs() -> None:
    """Some 1,400 crumbs and a dozen fills that take 3.5 points each: by their number LPs gain."""
    found = [Crowd(12, seed=seed).outs() for seed in range(20)]
    assert sum(outs.toxicity > 1.645 for outs in found) >= 19
    assert sum(outs.advice(HALF, 0.005, 0.1) > HALF for outs in found) >= 19


def test_crumbs_push_no_large_fill_out_of_what_is_remembered() -> None:
    """Six hundred small ones after the last informed one."""
    outs = Crowd(12, seed=3).outs()
    for number in range(600):
        at = NOW + 11 * DAY + number * 60
        now = worth(PUT, flat(VOL), at, SPOT)
        premium = 0.01 * (now.value + HALF * now.vega)
        outs.add(Fill(at, Side.OPEN, PUT, 0.01, premium, SPOT, now.delta, now.vega))
        outs.add(Fill(at, Side.CLOSE, PUT, 0.01, premium, SPOT, now.delta, now.vega))
        outs.saw(at + HOUR, SPOT, {EXPIRY: flat(VOL)})
    assert outs.toxicity > 1.645


@pytest.mark.parametrize("large", [0, 8])
def test_noise_alone_alarms_no_more_often_than_it_says(large: int) -> None:
    """Nobody knows anything, and the spread is nothing: of six hundred histories one in twenty is past 1.645,
    give or take. large: fills of random side that are a hundred times the others."""
    found = [
        _noise(np.random.default_rng((large, seed)), large).toxicity > 1.645 for seed in range(600)
    ]
    bound = 0.05 + 3 * math.sqrt(0.05 * 0.95 / len(found))
    assert 0.01 < fmean(found) < bound


def _noise(rng: np.random.Generator, large: int, hours: int = 120) -> MarkOuts:
    """Linear in volatility: a fill is left with its side of the hour's move, and all of an hour share it."""
    outs: Any = MarkOuts()
    at_large = set(rng.choice(hours, large, replace=False).tolist())
    for hour in range(hours):
        move, side = 0.01 * rng.normal(), float(rng.choice([-1.0, 1.0]))
        units = [*rng.lognormal(-4.0, 1.0, 6).tolist(), *([2.0] if hour in at_large else [])]
        for each in units:
            fill = Fill(NOW + hour * HOUR, Side.OPEN, PUT, each, each * side * move, SPOT, 0.0, 1.0)
            outs._note((Side.OPEN, "1h"), fill, SPOT, Worth(0.0, 0.0, 1.0))
    return outs


def test_fills_of_one_burst_are_one_witness() -> None:
    """A hundred fills of one hour lost by one move: nothing is proved."""
    outs, now = MarkOuts(), worth(PUT, flat(VOL), NOW, SPOT)
    for each in range(100):
        premium = now.value + HALF * now.vega + each * 0.01
        outs.add(Fill(NOW + each, Side.OPEN, PUT, 1.0, premium, SPOT, now.delta, now.vega))
    outs.saw(NOW + HOUR + 110, SPOT, {EXPIRY: flat(VOL + MOVED)})
    assert outs.usd()[Side.OPEN, "1h"].mean < 0
    assert outs.toxicity == 0.0
    assert outs.advice(HALF, 0.005, 0.1) == HALF


# ---- advice


def test_a_spread_that_leaves_lps_enough_is_left_alone() -> None:
    """Who knows nothing leaves all of it: neither more nor less than it is."""
    assert World(0.0).outs(400).advice(HALF, 0.005, 0.1) == HALF


def test_a_spread_is_advised_wider_by_what_is_proved_to_lack() -> None:
    """Of six in ten informed the mean is 1.5 − 0.6 × 5 = −1.5 points, and 0.75 are to be left: 2.25 more,
    less the interval's width."""
    advised = World(0.6).outs(800).advice(HALF, 0.005, 0.1)
    assert 0.8 * 0.0225 < advised - HALF < 0.0225


@pytest.mark.parametrize(("informed", "most", "said"), [(1.0, 0.02, 0.02), (1.0, 0.1, 0.0575)])
def test_advice_stays_inside_the_terms_bounds(informed: float, most: float, said: float) -> None:
    """All informed: 1.5 − 5 = −3.5 points, and 0.75 are to be left."""
    assert World(informed).outs(200).advice(HALF, 0.005, most) == pytest.approx(said, rel=0.02)


def test_few_fills_speak_for_nothing() -> None:
    assert World(1.0).outs(29).advice(HALF, 0.005, 0.1) == HALF
