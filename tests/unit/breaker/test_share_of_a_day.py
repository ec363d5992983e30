"""BR-1: the highest price of a share within a day, from which its fall is counted."""

from __future__ import annotations

import pytest
from breaker_bench import NAV, Bench, env, look

from tandem.units import DAY, HOUR, WAD

SHARE_FELL = 8
USD = 10**6


@pytest.mark.proves("BR-1")
@pytest.mark.parametrize("wait", [1, HOUR // 2, HOUR])
def test_a_share_that_falls_when_its_highest_is_a_day_old_is_seen(quiet: Bench, wait: int) -> None:
    """BR-1: "more than `share_fall` under its highest price within a day". The highest is a day old, and
    shares stood a thousandth under it since; all that was forgotten with it, and 40 % less an hour later was
    the new highest."""
    b = quiet
    look(b)
    start = env.timestamp
    b.vault.hold(NAV * 999 // 1_000 * USD, NAV * WAD)
    while env.timestamp + HOUR <= start + DAY:
        env.time_travel(HOUR)
        assert look(b).reasons == 0
    env.time_travel(start + DAY + wait - env.timestamp)
    b.vault.hold(NAV * 6 // 10 * USD, NAV * WAD)
    assert look(b).reasons == SHARE_FELL


@pytest.mark.proves("BR-1")
def test_who_looks_every_hour_sees_what_a_share_fell_while_its_highest_grew_old(
    quiet: Bench,
) -> None:
    """BR-1: "more than `share_fall` under its highest price within a day". Of what came after the highest
    only the highest was kept, and that was of its first hour: a tenth before the day was over and a tenth
    after it were a tenth each, and a share that lost a fifth within two hours tripped nothing."""
    b = quiet
    look(b)
    for hours in range(1, 24):
        env.time_travel(HOUR)
        b.vault.hold(NAV * (1_000_000 - hours) // 1_000_000 * USD, NAV * WAD)
        assert look(b).reasons == 0
    env.time_travel(HOUR + 60)
    b.vault.hold(NAV * 905 // 1_000 * USD, NAV * WAD)
    assert look(b).reasons == 0
    env.time_travel(HOUR)
    b.vault.hold(NAV * 820 // 1_000 * USD, NAV * WAD)
    assert look(b).reasons == SHARE_FELL


@pytest.mark.proves("BR-1")
def test_the_highest_of_a_day_is_forgotten_with_it(quiet: Bench) -> None:
    """A share that loses a hundredth an hour for six hours and stays there falls from none of it two days
    later."""
    b = quiet
    for part in (100, 99, 98, 97, 96, 95, 94):
        b.vault.hold(NAV // 100 * part * USD, NAV * WAD)
        assert look(b).reasons == 0
        env.time_travel(HOUR)
    for _ in range(48):
        env.time_travel(HOUR)
        assert look(b).reasons == 0
    b.vault.hold(NAV // 100 * 86 * USD, NAV * WAD)
    assert look(b).reasons == 0
    b.vault.hold(NAV // 100 * 84 * USD, NAV * WAD)
    env.time_travel(1)
    assert look(b).reasons == SHARE_FELL


@pytest.mark.proves("BR-1")
@pytest.mark.parametrize("many", [1, 10**6, 10**9])
def test_a_share_is_watched_whatever_it_is_worth(quiet: Bench, many: int) -> None:
    """A Vault that has lost all but a millionth, and was filled again, has a million times as many shares.
    They were worth one or nothing, in millionths of a dollar: from a twentieth over one to a hundredth under
    it was all, and stopped opens and deposits for a day; from there on nothing was a fall."""
    b = quiet
    supply = NAV * WAD * many
    env.time_travel(3 * DAY)
    for percent, reasons in ((105, 0), (99, 0), (96, 0), (94, SHARE_FELL)):
        b.vault.hold(NAV * percent // 100 * USD, supply)
        assert look(b).reasons == reasons
        env.time_travel(60)
