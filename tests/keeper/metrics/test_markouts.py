"""Toxicity on flows whose truth is known: LPs are left with the half-spread, less what the informed take."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev

import numpy as np
import pytest

from keeper.markouts import HORIZONS, Fill, MarkOuts, Side, worth
from tandem.model.svi import Slice
from tandem.protocol.series import Series
from tandem.units import DAY, HOUR, YEAR

NOW = 1_800_000_000
EXPIRY = (NOW // DAY + 30) * DAY + 8 * HOUR
SPOT, VOL, HALF = 2_500.0, 0.6, 0.015
MOVED = 0.05
"""By what volatility is another an hour later: up or down, as likely."""
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
