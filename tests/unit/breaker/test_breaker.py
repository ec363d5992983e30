"""BR-1, BR-2: what trips the breaker, how long it stands, and that nobody has to end it."""

from __future__ import annotations

from typing import Any

import pytest
from breaker_bench import NAV, Bench, env, look
from quick_chain import reverts

from tandem.units import DAY, HOUR, WAD

JUMPED, DISTRESSED, VENUE_LOST, SHARE_FELL, DRAINED = 1, 2, 4, 8, 16
USD = 10**6


@pytest.mark.proves("BR-1")
def test_nobody_but_the_stress_test_is_believed(bench: Bench) -> None:
    for who in (bench.stranger, bench.owner):
        with reverts("breaker: not the stress test"):
            bench.breaker.look((1, 0, 0, 0, True), sender=who)
        with reverts("guardian: not the breaker"):
            bench.guardian.weather(True, True, 16, sender=who)


TRIPPED, SHORT = 4, 256


def flags(b: Bench) -> int:
    return b.guardian.terms() & 0x107


@pytest.mark.proves("BR-1")
@pytest.mark.parametrize(("spot", "trips"), [
    (2_500 * 1.0500001, True), (2_500 * 1.05, False), (2_500 / 1.0500001, True), (2_500 / 1.0499, False),
])  # fmt: skip
def test_a_jump_is_a_twentieth_in_a_calm_market(quiet: Bench, spot: float, trips: bool) -> None:
    assert (look(quiet, spot=int(spot * WAD)).reasons == JUMPED) is trips


@pytest.mark.proves("BR-1")
def test_a_jump_is_four_deviations_where_the_market_is_wild(bench: Bench) -> None:
    """Hours of 4 % either way make a deviation of 4 % an hour: 15 % in one are no jump, 17 % are."""
    for hour in range(60):
        look(bench, spot=int((2_500 if hour % 2 else 2_600) * WAD))
        env.time_travel(HOUR)
    assert not bench.breaker.state().reasons
    with env.anchor():
        assert look(bench, spot=int(2_500 * 1.15 * WAD)).reasons == 0
    assert look(bench, spot=int(2_500 * 1.17 * WAD)).reasons == JUMPED


@pytest.mark.proves("BR-1")
@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ({"distress": True}, DISTRESSED),
        ({"lost": NAV // 100 * USD + USD}, VENUE_LOST),
        ({"position": 200 * WAD, "funding": WAD // 10}, DRAINED),
        ({"position": -200 * WAD, "funding": WAD // 10}, DRAINED),
    ],
)
def test_each_reason_is_named(quiet: Bench, seen: dict[str, Any], reason: int) -> None:
    assert look(quiet, **seen).reasons == reason


@pytest.mark.proves("BR-1")
@pytest.mark.parametrize("seen", [
    {"lost": NAV // 100 * USD - USD}, {"position": -200 * WAD, "funding": -WAD // 10},
    {"position": 200 * WAD, "funding": -WAD // 10}, {"position": 2_000 * WAD},
])  # fmt: skip
def test_what_is_usual_trips_nothing(quiet: Bench, seen: dict[str, Any]) -> None:
    """Less than a hundredth lost, funding that the venue pays, a position of any size."""
    assert look(quiet, **seen).reasons == 0


@pytest.mark.proves("BR-1")
def test_a_loss_counts_once_and_leaks_within_a_day(quiet: Bench) -> None:
    """The venue's count stands until margin moves: what it says again is not lost again."""
    b, most = quiet, NAV // 100 * USD
    look(b, lost=most - USD)
    for _ in range(30):
        env.time_travel(HOUR)
        assert look(b, lost=most - USD).reasons == 0
    assert look(b, lost=2 * most).reasons == VENUE_LOST
    env.time_travel(DAY)
    assert look(b, lost=2 * most).reasons == 0


@pytest.mark.proves("BR-1")
def test_a_lie_of_any_size_is_forgotten_in_two_days_and_a_third_whoever_looks(quiet: Bench) -> None:
    """BR-1: "no more than ten times that counts". A venue that says for a moment that it has a million has
    lost one once it says the truth: looked at each hour, that stopped opens and deposits for a hundred and
    eight hours, and 1e12 USD for eighteen days."""
    b = quiet
    assert look(b, lost=10**12 * USD).reasons == VENUE_LOST
    for _ in range(54):
        env.time_travel(HOUR)
        assert look(b, lost=10**12 * USD).reasons == VENUE_LOST
    for _ in range(3):
        env.time_travel(HOUR)
        look(b, lost=10**12 * USD)
    assert look(b, lost=10**12 * USD).reasons == 0


@pytest.mark.proves("BR-1")
def test_what_is_really_lost_in_a_day_counts_in_full_up_to_a_tenth(quiet: Bench) -> None:
    """BR-1: "no more than ten times that counts"."""
    part = NAV // 10 * USD
    assert look(quiet, lost=part).lost == part
    assert look(quiet, lost=2 * part).lost == part + 1


@pytest.mark.proves("BR-1")
def test_a_loss_that_comes_and_goes_with_the_price_counts_once(quiet: Bench) -> None:
    """Where the position changed, a move of the price hides what was lost, and its way back shows it again:
    counted each time, six swings of a quarter of the bound would trip."""
    b, part = quiet, NAV // 400 * USD
    for swing in range(12):
        assert look(b, lost=part * (swing % 2)).lost <= part
        env.time_travel(60)
    assert look(b, lost=2 * part).lost <= 2 * part


@pytest.mark.proves("BR-1")
@pytest.mark.parametrize("pause", [60, HOUR, 6 * HOUR, DAY])
def test_swings_of_what_trips_do_not_trip_however_slow(quiet: Bench, pause: int) -> None:
    """What came back leaks as slowly as what was lost: counted anew, it is never more than once."""
    b, part = quiet, NAV // 100 * USD
    for swing in range(40):
        assert look(b, lost=part * (swing % 2)).reasons & VENUE_LOST == 0
        env.time_travel(pause)


@pytest.mark.proves("BR-1")
@pytest.mark.parametrize("said", [10**6, 10**12])
def test_what_was_said_to_be_lost_hides_no_loss_after_it(quiet: Bench, said: int) -> None:
    """BR-1: "or hides what is lost after it". One of several venues that said for a moment that it had lost a
    million hid for good what any of them lost, up to a million."""
    b, part = quiet, NAV // 100 * USD
    assert look(b, lost=said * USD).reasons == VENUE_LOST
    for _ in range(75):
        env.time_travel(HOUR)
        look(b)
    assert look(b).reasons == 0
    assert look(b, lost=2 * part).reasons == VENUE_LOST


@pytest.mark.proves("BR-1")
def test_looking_often_changes_nothing(quiet: Bench) -> None:
    """Who looks, and how often, is anybody's: a rate that costs a thousandth of NAV a day trips no
    sooner by a hundred looks, nor by as many in one second."""
    b = quiet
    sight = {"position": 100 * WAD, "funding": 75 * WAD // 10_000}  # 1,875 USD a day: 0.19 % of NAV
    with env.anchor():
        env.time_travel(DAY)
        once = look(b, **sight)
    for _ in range(96):
        env.time_travel(DAY // 96 - 1)
        look(b, **sight)
        often = look(b, **sight)
    assert often.drained <= once.drained
    assert once.reasons == often.reasons == 0
    assert abs(often.variance - once.variance) <= WAD // 10**6


@pytest.mark.proves("BR-1")
@pytest.mark.parametrize("steps", [1, 6, 30])
def test_a_fall_is_seen_however_many_looks_are_taken_at_its_steps(quiet: Bench, steps: int) -> None:
    """9 % in ten minutes. Counted from the look before, thirty looks hid it."""
    tripped = 0
    for step in range(1, steps + 1):
        env.time_travel(600 // steps)
        tripped |= look(quiet, spot=int(2_500 * (1 - 0.09 * step / steps) * WAD)).reasons
    assert tripped == JUMPED


@pytest.mark.proves("BR-1")
def test_a_fall_that_takes_its_time_is_none(quiet: Bench) -> None:
    """9 % in nine hours, looked at every quarter of one."""
    for step in range(1, 37):
        env.time_travel(900)
        assert look(quiet, spot=int(2_500 * (1 - 0.0025 * step) * WAD)).reasons == 0


@pytest.mark.proves("BR-2")
def test_it_stands_for_an_hour_after_its_reason_and_no_longer(quiet: Bench) -> None:
    b = quiet
    tripped = look(b, spot=2_700 * WAD)
    assert tripped.until == env.timestamp + HOUR
    assert flags(b) == TRIPPED
    env.time_travel(HOUR - 10)
    assert look(b, spot=2_700 * WAD).reasons == JUMPED
    env.time_travel(20)
    assert look(b, spot=2_700 * WAD).reasons == 0
    assert flags(b) == 0


@pytest.mark.proves("BR-2")
def test_a_share_that_fell_a_tenth_in_a_day_stops_opens_for_that_day(quiet: Bench) -> None:
    """From the highest within a day, so that a slow fall counts as well; shares that leave at their price
    move nothing."""
    b = quiet
    b.vault.hold(NAV // 2 * USD, NAV // 2 * WAD)
    assert look(b).reasons == 0
    for part in (96, 93, 90):
        b.vault.hold(NAV // 200 * part * USD, NAV // 2 * WAD)
        assert look(b).reasons == 0
        env.time_travel(HOUR)
    b.vault.hold(NAV // 200 * 89 * USD, NAV // 2 * WAD)
    assert look(b).reasons == SHARE_FELL
    env.time_travel(DAY + HOUR)
    assert look(b).reasons == 0


@pytest.mark.proves("BR-1", "BR-2")
@pytest.mark.parametrize(("nav", "shares"), [(0, 0), (1, 0), (1, 1), (5 * USD, 999 * WAD)])
def test_a_vault_that_all_have_left_stops_nobody_who_comes(
    quiet: Bench, nav: int, shares: int
) -> None:
    """A share without a price had fallen by all of it, and a cent lost was more than a hundredth of nothing:
    deposits were stopped for a day, and for as many as somebody looked every hour."""
    b = quiet
    look(b, lost=50_000, position=200 * WAD, funding=WAD // 100)
    env.time_travel(HOUR)
    b.vault.hold(nav, shares)
    assert look(b, lost=100_000, position=200 * WAD, funding=WAD // 100).reasons == 0
    env.time_travel(HOUR)
    b.vault.hold(NAV * USD, NAV * WAD)
    assert look(b, lost=100_000).reasons == 0
    b.vault.hold(0, NAV * WAD)
    assert look(b, lost=100_000).reasons & SHARE_FELL


@pytest.mark.proves("BR-2")
def test_what_a_guardian_and_what_the_breaker_say_does_not_mix(quiet: Bench) -> None:
    """The end of a pause that was queued before leaves the breaker's word, and the breaker leaves a
    guardian's."""
    b = quiet
    b.guardian.pause(sender=b.owner)
    look(b, spot=2_700 * WAD)
    b.guardian.unpause(sender=b.owner)
    env.time_travel(2 * DAY + 60)
    assert look(b, spot=2_700 * WAD).reasons == 0
    assert flags(b) == 1
    env.time_travel(10)
    look(b, spot=2_500 * WAD, distress=True)
    b.guardian.apply(0, sender=b.owner)
    assert flags(b) == TRIPPED | SHORT
    look(b, spot=2_500 * WAD)
    b.guardian.take_down(sender=b.owner)
    assert flags(b) == TRIPPED | 2


@pytest.mark.proves("BR-2")
def test_want_of_a_top_up_stops_opens_until_the_look_that_finds_it_given(quiet: Bench) -> None:
    b = quiet
    assert look(b, distress=True).reasons == DISTRESSED
    assert flags(b) == SHORT
    env.time_travel(10)
    assert look(b).reasons == 0
    assert flags(b) == 0


@pytest.mark.proves("BR-3")
def test_wildness_is_one_eighth_for_each_eighth_of_volatility_over_one(bench: Bench) -> None:
    """Hours of the same size either way for six days: volatility is their size by the square root of
    8,760. At two it is eight eighths, at three and above sixteen."""
    for volatility in (0.9, 1.05, 1.5, 2.05, 2.9, 3.1, 6.0):
        rise = 1 + volatility / 8_760**0.5
        with env.anchor():
            for hour in range(144):
                look(bench, spot=int(2_500 * (rise if hour % 2 else 1) * WAD))
                env.time_travel(HOUR)
            state = bench.breaker.state()
            assert state.variance / WAD == pytest.approx(volatility**2, rel=0.05)
            assert state.wildness == min(16, max(0, int(((state.variance / WAD) ** 0.5 - 1) * 8)))
            assert bench.guardian.terms() & 0xFFFF == state.wildness << 3


@pytest.mark.proves("BR-1")
def test_a_vault_that_cannot_be_marked_counts_as_it_was_known(quiet: Bench) -> None:
    """An expiry waits for its price: what the Vault said two hours ago stands, and looks go on."""
    b = quiet
    b.vault.hold(NAV * USD, NAV * WAD)
    b.vault.silent(2 * HOUR)
    env.time_travel(HOUR)
    assert look(b).reasons == 0
