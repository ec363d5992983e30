"""modules/slice_limits on its bounds, in the words' own units."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import isqrt

import pytest
from harnesses import harness
from mpmath import mp, mpf
from surface_bench import FLAT

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.errors import Reverted
from tandem.model.svi import pack
from tandem.units import DAY, HOUR, WAD

YEAR = 365 * DAY
LIFE = 20 * DAY
# a, b 1e-15; rho 1e-9; m, s 1e-11; basis 1e-6; stickiness 1e-2
FINE = {"a": 10**14, "b": 10**14, "rho": 0, "m": 0, "s": 10**10, "basis": 0, "stickiness": 100}
ROOT = 2**96  # a root of tau that makes deviations volatilities


@pytest.fixture(scope="module")
def rules() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/vol_surface/SliceLimitsHarness.vy"))


@contextmanager
def refused(reason: str) -> Iterator[None]:
    with pytest.raises(Reverted) as caught:
        yield
    assert caught.value.reason == f"surface: {reason}"


def fields(**changes: int) -> tuple[int, ...]:
    return tuple((FINE | changes).values())


@pytest.mark.parametrize(
    ("name", "low", "high", "reason"),
    [
        ("a", None, 30 * 10**15, "level bounds"), ("b", 0, 60 * 10**15, "level bounds"),
        ("rho", -999_000_000, 999_000_000, "skew bounds"), ("m", -2 * 10**11, 2 * 10**11, "skew bounds"),
        ("s", 10**8, 5 * 10**11, "curvature bounds"), ("basis", -500_000, 500_000, "basis bounds"),
        ("stickiness", 0, 200, "stickiness bounds"),
    ],
)  # fmt: skip
def test_r15_every_field_ends_exactly_at_its_bound(
    rules: Contract, name: str, low: int | None, high: int, reason: str
) -> None:
    """The bound itself is inside, the next value is not."""
    rules.call("check_bounds", fields(**{name: high}), DAY)
    with refused(reason):
        rules.call("check_bounds", fields(**{name: high + 1}), DAY)
    if low is not None:
        rules.call("check_bounds", fields(**{name: low}), DAY)
    if low:
        with refused(reason):
            rules.call("check_bounds", fields(**{name: low - 1}), DAY)


def test_r15_a_negative_level_is_bounded_as_a_positive_one(rules: Contract) -> None:
    lifted = {"b": 60 * 10**15, "s": 5 * 10**11}
    rules.call("check_bounds", fields(a=-30 * 10**15, **lifted), DAY)
    with refused("level bounds"):
        rules.call("check_bounds", fields(a=-30 * 10**15 - 1, **lifted), DAY)


@pytest.mark.parametrize("rho", [0, 500_000_000, -500_000_000])
def test_r15_total_variance_rises_by_two_per_unit_of_moneyness_at_most(
    rules: Contract, rho: int
) -> None:
    """b tau (1 + |rho|) <= 2: over a year, b may be 2 over (1 + |rho|)."""
    steepest = 2 * 10**24 // (10**9 + abs(rho))
    rules.call("check_bounds", fields(a=10**15, b=steepest, rho=rho), YEAR)
    with refused("wings too steep"):
        rules.call("check_bounds", fields(a=10**15, b=steepest + 1, rho=rho), YEAR)
    if rho == 0:
        with refused("wings too steep"):
            rules.call("check_bounds", fields(a=10**15, b=steepest), YEAR + 1)


@pytest.mark.parametrize("rho", [0, 600_000_000, -999_000_000])
def test_r15_the_least_variance_is_that_of_one_percent(rules: Contract, rho: int) -> None:
    """a + b s sqrt(1 - rho**2) is at least 1e-4, the variance of 1 %."""
    b, s = 7 * 10**14 + 3, 2 * 10**10 + 1
    lift = b * s * isqrt(10**18 - rho * rho) // 10**20
    assert lift > 10**11
    rules.call("check_bounds", fields(a=10**11 - lift, b=b, s=s, rho=rho), DAY)
    with refused("variance not positive"):
        rules.call("check_bounds", fields(a=10**11 - lift - 1, b=b, s=s, rho=rho), DAY)


def test_r15_no_point_of_the_grid_is_past_five_and_a_first_one_between_a_tenth_and_three(
    rules: Contract,
) -> None:
    flat = [ROOT] * 16
    for place in (0, 7, 15):
        devs = list(flat)
        devs[place] = 5 * ROOT
        rules.call("check_levels", devs, ROOT)
        devs[place] += 1
        with refused("volatility bounds"):
            rules.call("check_levels", devs, ROOT)
    rules.call("check_first", 3 * ROOT, ROOT)
    rules.call("check_first", -(-ROOT // 10), ROOT)
    for dev in (3 * ROOT + 1, ROOT // 10):
        assert not ROOT <= dev * 10 <= 30 * ROOT
        with refused("first level"):
            rules.call("check_first", dev, ROOT)


@pytest.mark.proves("SF-4")
def test_r15_the_grid_is_where_the_law_says_to_the_last_digit(rules: Contract) -> None:
    """SF-4: "between moneynesses e^-0.9 and e^1.2 … on sixteen of them": k and e**k, Q96."""
    percent = (-90, -70, -50, -36, -25, -16, -8, 0, 8, 16, 25, 36, 50, 70, 95, 120)
    logs, strikes = rules.call("places")
    with mp.workdps(60):
        for k, log, strike in zip(percent, logs, strikes, strict=True):
            assert abs(log - mpf(k) / 100 * 2**96) <= 0.5
            assert abs(strike - mp.exp(mpf(k) / 100) * 2**96) <= 0.5
    assert rules.call("ends") == (logs[0], logs[-1])


def worth(rules: Contract, place: int, most: int) -> int:
    """The largest deviation at a place of the grid whose call is worth so much at most."""
    low, high = 0, 2**98
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (
            (middle, high) if rules.call("call_at", place, middle) <= most else (low, middle)
        )
    return low


SMOOTH = [2**95] * 16  # half the root of variance everywhere


@pytest.mark.proves("SF-4")
@pytest.mark.parametrize(("place", "to_the_unit"), [(8, True), (14, True), (15, False)])
def test_r15_a_call_is_worth_more_than_one_nearer_by_the_pricing_error_at_most(
    rules: Contract, place: int, to_the_unit: bool
) -> None:
    """SF-4: "prices fall … in the strike": up to 2**-40 of the step between the strikes they may rise, and by
    all of it; those behind are worth as much."""
    _, strikes = rules.call("places")
    most = rules.call("call_at", place - 1, SMOOTH[0]) + (strikes[place] - strikes[place - 1] >> 40)
    last = worth(rules, place, most)
    there = rules.call("call_at", place, last)
    assert (there == most) is to_the_unit
    behind = [worth(rules, each, there) for each in range(place + 1, 16)]
    rules.call("check_butterfly", [*SMOOTH[:place], last, *behind])
    with refused("calls not falling"):
        rules.call("check_butterfly", [*SMOOTH[:place], last + 1, *behind])


@pytest.mark.proves("SF-4")
@pytest.mark.parametrize("place", [1, 8, 11])
def test_r15_calls_fall_no_faster_than_before_but_for_the_pricing_error(
    rules: Contract, place: int
) -> None:
    """SF-4: "prices fall and are convex in the strike", up to 2**-40 of the step between strikes; from the
    call at strike 0, worth the forward, on."""
    strikes = [0, *rules.call("places")[1]]
    calls = [2**96, *(rules.call("call_at", n, SMOOTH[n]) for n in range(place))]
    fall = ((calls[-2] - calls[-1]) << 64) // (strikes[place] - strikes[place - 1])
    step = strikes[place + 1] - strikes[place]
    least = calls[-1] - (((fall + 2**24 + 1) * step - 1) >> 64)
    dev = worth(rules, place, least - 1)
    devs = list(SMOOTH)
    devs[place] = dev + 1
    rules.call("check_butterfly", devs)
    devs[place] = dev
    with refused("calls not convex"):
        rules.call("check_butterfly", devs)


@pytest.mark.proves("SF-4")
def test_r15_as_much_variance_as_the_neighbour_has_is_no_less_and_no_more(
    rules: Contract,
) -> None:
    """SF-4: "total variance does not fall towards the next fresh expiry", at any of the sixteen: it may
    stay."""
    word = pack(FLAT)
    devs, _ = rules.call("grid", word, LIFE)
    for check, step, reason in (
        ("check_after", -1, "under nearer expiry"), ("check_before", 1, "over farther expiry"),
    ):  # fmt: skip
        rules.call(check, devs, word, LIFE)
        for place in range(16):
            moved = list(devs)
            moved[place] += step
            with refused(reason):
                rules.call(check, moved, word, LIFE)


class Pace:
    """A slice twenty days before its expiry, and one that moves from it."""

    def __init__(self, rules: Contract) -> None:
        self.rules = rules
        self.old = pack(FLAT)
        self.devs, self.root = rules.call("grid", self.old, LIFE)

    def holds(self, new: int = 0, elapsed: int = HOUR, move: int = 0, **moved: int) -> bool:
        """moved: `at_<place>` by so much of a deviation."""
        devs = list(self.devs)
        for place, amount in moved.items():
            devs[int(place.removeprefix("at_"))] += amount
        return self.rules.call("is_in_pace", new or self.old, self.old, elapsed, devs, move, LIFE)


@pytest.fixture(scope="module")
def pace(rules: Contract) -> Pace:
    return Pace(rules)


@pytest.mark.proves("SF-3")
@pytest.mark.parametrize("sign", [1, -1])
def test_r15_basis_and_stickiness_move_by_their_hour_and_no_unit_more(
    pace: Pace, sign: int
) -> None:
    """SF-3: "per hour and not per post": 0.05 of basis, a tenth of stickiness, by the second."""
    for name, unit, hour in (("basis", 1e-6, 50_000), ("stickiness", 0.01, 10)):
        for elapsed, steps in ((HOUR, hour), (HOUR * 2 // 5, hour * 2 // 5)):
            start = getattr(FLAT, name)
            inside, outside = (
                pack(replace(FLAT, **{name: start + sign * n * unit})) for n in (steps, steps + 1)
            )
            assert pace.holds(inside, elapsed)
            assert not pace.holds(outside, elapsed)
            assert not pace.holds(inside, elapsed - 1)


@pytest.mark.proves("SF-3")
@pytest.mark.parametrize("sign", [1, -1])
def test_r15_what_is_near_moves_by_the_limit_and_the_wings_by_three_of_it(
    pace: Pace, sign: int
) -> None:
    """SF-3: of the grid's sixteen points the outer three and four are wings."""
    move = 1_000 * HOUR  # a tenth of volatility an hour, one hour
    allowed = pace.root // 10
    assert 0 < allowed * 3 < min(pace.devs)
    for place in range(16):
        most = allowed if 3 <= place <= 11 else 3 * allowed
        assert pace.holds(move=move, **{f"at_{place}": sign * most})
        assert not pace.holds(move=move, **{f"at_{place}": sign * (most + 1)})


def test_r15_a_volatility_is_its_deviation_over_the_root_of_time(
    rules: Contract, pace: Pace
) -> None:
    """Twenty days: the root that the rules divide by is that of 20 / 365."""
    assert abs(pace.root**2 - (20 << 192) // 365) <= 2 * pace.root
    assert pace.devs[7] * WAD // pace.root == pytest.approx(float(FLAT.vol(0.0)) * WAD, rel=1e-6)
