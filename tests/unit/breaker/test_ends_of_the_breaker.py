"""BR-1: what trips, to the unit: shares that are few, or worth nothing, and funding that drains."""

from __future__ import annotations

import pytest
from breaker_bench import NAV, Bench, env, look

from tandem.protocol import terms
from tandem.units import HOUR, USD, WAD

VENUE_LOST, SHARE_FELL, DRAINED = 4, 8, 16
FEW = 1_000
"""Shares, as many USD of a Vault's first ones."""

pytestmark = pytest.mark.proves("BR-1")


@pytest.mark.parametrize(("under", "reasons"), [(0, VENUE_LOST), (1, 0)])
def test_under_a_thousand_shares_nothing_is_lost(quiet: Bench, under: int, reasons: int) -> None:
    quiet.vault.hold(FEW * USD, FEW * WAD - under)
    said = look(quiet, lost=FEW * USD // 2)
    assert said.reasons == reasons
    assert (said.share == 0) is bool(under)


def drained(b: Bench, position: int) -> tuple[int, bool]:
    """Token units of an hour with such a position, and whether that trips."""
    with env.anchor():
        said = look(b, position=position, funding=WAD // 10)
        return said.drained, bool(said.reasons & DRAINED)


def test_funding_trips_past_its_part_of_nav_and_not_at_it(quiet: Bench) -> None:
    most = NAV * USD * terms.FIELDS["drain"].default // 100_000
    low, high = 0, 200 * WAD
    for _ in range(80):
        middle = (low + high) // 2
        low, high = (low, middle) if drained(quiet, middle)[1] else (middle, high)
    assert drained(quiet, low) == (most, False)
    assert drained(quiet, high) == (most + 1, True)


@pytest.mark.proves("BR-1", "BR-3")
@pytest.mark.parametrize(("hours", "left"), [(1, 5 / 6), (3, 1 / 2), (6, 0), (7, 0)])
def test_a_variance_is_remembered_for_six_hours(quiet: Bench, hours: int, left: float) -> None:
    """What a look saw fades by the time of the next, in which nothing moved."""
    seen = look(quiet, spot=2_550 * WAD)
    assert seen.variance > 0
    env.time_travel(HOUR * hours - 1)
    later = look(quiet, spot=2_550 * WAD)
    assert later.variance == pytest.approx(seen.variance * left, abs=seen.variance // 1_000)


@pytest.mark.proves("BR-1", "BR-2")
def test_a_share_that_is_worth_nothing_fell_for_a_day_and_no_longer(quiet: Bench) -> None:
    """BR-1: "under its highest price within a day". The highest since then is nothing, and nothing is under
    that; BR-2: "It stands an hour after its reason was last seen"."""
    quiet.vault.hold(0, NAV * WAD)
    for _ in range(24):
        assert look(quiet).reasons == SHARE_FELL
        env.time_travel(HOUR)
    assert look(quiet).share == 0
    env.time_travel(HOUR)
    assert look(quiet).reasons == 0


@pytest.mark.parametrize("nothing", [False, True])
def test_what_a_share_was_worth_before_all_left_is_no_price_that_fell(
    quiet: Bench, nothing: bool
) -> None:
    """A day's highest, or the highest since then: who begins anew at half of it lost nothing."""
    look(quiet)
    env.time_travel(20 * HOUR)
    quiet.vault.hold(NAV * USD * 99 // 100, NAV * WAD)
    assert look(quiet).reasons == 0
    env.time_travel(HOUR)
    if nothing:
        quiet.vault.hold(0, 0)
        assert look(quiet).share == 0
    env.time_travel(4 * HOUR)
    quiet.vault.hold(NAV * USD // 2, NAV * WAD)
    assert look(quiet).reasons == (0 if nothing else SHARE_FELL)


@pytest.mark.parametrize("later", [0, 1, 2])
def test_a_look_a_second_later_sees_the_price_and_one_in_the_same_second_none(
    quiet: Bench, later: int
) -> None:
    """BR-1: a jump is followed from look to look by the time: what nobody saw begins at no other price."""
    look(quiet, spot=2_500 * WAD)
    env.time_travel(later)
    assert look(quiet, spot=2_510 * WAD).spot == (2_510 if later else 2_500) * WAD


def test_a_jump_is_four_deviations_of_an_hour_and_no_more(quiet: Bench) -> None:
    """BR-1: past four deviations of what was seen: where prices moved much, a jump is so much farther."""
    look(quiet, spot=2_500 * WAD)
    env.time_travel(HOUR)
    seen = look(quiet, spot=2_900 * WAD)
    env.time_travel(HOUR)
    low, high = 2_900 * WAD, 5_800 * WAD
    while high - low > WAD // 10**6:
        middle = (low + high) // 2
        with env.anchor():
            jumped = look(quiet, spot=middle).reasons & 1
        low, high = (low, middle) if jumped else (middle, high)
    hour = (seen.variance / WAD / 8_760) ** 0.5
    assert (high - seen.spot) / seen.spot == pytest.approx(4 * hour, rel=1e-6)
