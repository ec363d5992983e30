"""Market.mint: everything that refuses to open an option."""

from __future__ import annotations

from contextlib import suppress

import pytest
from reference import underwriting as ref
from worlds import ETH, MAX, WINDOW, World

from tandem.errors import Reverted
from tandem.protocol.series import Series, next_expiry


def test_an_unknown_series_is_refused(world: World) -> None:
    good = world.call(2_500).id
    for bad in (0, good | 1 << 169, world.near << 128, good & ~(2**64 - 1) | 9_999):
        with world.refuses("series: unknown"):
            world.tandem.market.send("mint", bad, ETH, MAX, MAX, world.trader, sender=world.trader)


def test_an_unlisted_expiry_is_refused(world: World) -> None:
    series = Series(next_expiry(world.engine.now(), 27), False, 2_500, 5_000)
    with world.refuses("book: expiry not listed"):
        world.mint(series, ETH)


@pytest.mark.proves("BK-1")
def test_an_unlisted_strike_is_refused(world: World) -> None:
    with world.refuses("book: strike not listed"):
        world.mint(world.call(2_510, 5_000), ETH)
    with world.refuses("book: strike not listed"):
        world.mint(world.call(2_500, 4_900), ETH)


@pytest.mark.proves("MP-3")
def test_an_expired_series_is_refused(world: World) -> None:
    world.engine.set_time(world.near - 100)
    world.push(2_500)
    world.post()
    world.engine.set_time(world.near)
    with world.refuses("limits: expired"):
        world.mint(world.call(2_500), ETH)


@pytest.mark.proves("MP-3")
def test_nothing_and_dust_are_refused(world: World) -> None:
    for units in (0, ETH // 100 - 1):
        with world.refuses("limits: size too small"):
            world.mint(world.call(2_500), units)


@pytest.mark.proves("MP-3")
def test_more_than_two_percent_of_nav_is_refused(world: World) -> None:
    world.mint(world.call(2_500), 8 * ETH)
    with world.refuses("limits: size over cap"):
        world.mint(world.put(2_500), 8 * ETH + 1)


@pytest.mark.proves("MP-1")
def test_a_passed_deadline_is_refused(world: World) -> None:
    with world.refuses("market: deadline passed"):
        world.mint(world.call(2_500), ETH, deadline=world.engine.now())
    world.mint(world.call(2_500), ETH, deadline=world.engine.now() + 1)


@pytest.mark.proves("SF-2")
def test_a_stale_surface_is_refused(world: World) -> None:
    posted = world.engine.now()
    world.post()
    world.engine.set_time(posted + 899)
    world.mint(world.call(2_500), ETH)
    world.engine.set_time(posted + 900)
    with world.refuses("market: surface stale"):
        world.mint(world.call(2_500), ETH)


@pytest.mark.proves("SF-2")
def test_a_stale_surface_of_any_open_expiry_is_refused(world: World) -> None:
    world.mint(world.call(2_500, far=True), ETH)
    world.engine.advance(1_000)
    world.push(2_500)
    world.tandem.post({world.near: world.slices[world.near]})
    with world.refuses("market: surface stale"):
        world.mint(world.call(2_500), ETH)


def test_an_expiry_without_a_surface_is_refused(world: World) -> None:
    expiry = next_expiry(world.engine.now(), 13)
    world.tandem.list_expiry(expiry, [2_500, 5_000])
    with world.refuses("surface: no slice"):
        world.mint(Series(expiry, False, 2_500, 5_000), ETH)


def test_a_stale_oracle_is_refused(world: World) -> None:
    world.engine.advance(4_000)
    world.post()
    with world.refuses("spot: stale"):
        world.mint(world.call(2_500), ETH)


@pytest.mark.proves("MP-1")
def test_a_pause_stops_opens(world: World) -> None:
    world.tandem.guardian.send("pause", sender=world.tandem.roles.guardian)
    with world.refuses("market: paused"):
        world.mint(world.call(2_500), ETH)


@pytest.mark.proves("MP-7")
def test_a_premium_over_the_maximum_is_refused(world: World) -> None:
    with world.undone():
        due = world.mint(world.call(2_500), ETH).returned
    with world.undone(), world.refuses("market: premium over max"):
        world.mint(world.call(2_500), ETH, max_premium=due - 1)
    assert world.mint(world.call(2_500), ETH, max_premium=due).returned == due


def test_a_trader_without_money_is_refused(world: World) -> None:
    poor = world.engine.accounts[6]
    with world.refuses("reverted without a reason"):
        world.mint(world.call(2_500), ETH, trader=poor)


@pytest.mark.parametrize(("days", "ok"), [(6, False), (7, True), (44, True), (46, False)])
def test_tenor_is_limited(world: World, days: int, ok: bool) -> None:
    expiry = next_expiry(world.engine.now(), days)
    world.tandem.list_expiry(expiry, [2_500, 5_000])
    world.post({expiry: world.slices[world.near]})
    world.engine.advance(WINDOW)
    series = Series(expiry, False, 2_500, 5_000)
    if ok:
        world.mint(series, ETH)
    else:
        with world.refuses("limits: tenor"):
            world.mint(series, ETH)


def test_moneyness_is_limited(world: World) -> None:
    world.tandem.list_expiry(world.near, [1_450])
    with world.refuses("limits: moneyness"):
        world.mint(world.put(1_450), ETH)
    with world.refuses("limits: moneyness"):
        world.mint(world.call(4_500, 6_000), ETH)


def test_delta_is_limited_on_the_uncapped_leg(world: World) -> None:
    with world.refuses("limits: delta"):
        world.mint(world.call(2_000, 4_000), ETH)
    with world.refuses("limits: delta"):
        world.mint(world.call(4_000, 6_000), ETH)
    with world.refuses("limits: delta"):
        world.mint(world.put(3_000), ETH)
    with world.refuses("limits: delta"):
        world.mint(world.put(1_500), ETH)
    world.mint(world.call(2_500, 2_600), ETH)  # net 0.07, uncapped 0.55


def test_a_cap_over_twice_the_strike_is_refused(world: World) -> None:
    with world.refuses("limits: cap too far"):
        world.mint(world.call(2_500, 5_500), ETH)
    with world.refuses("limits: cap too far"):
        world.mint(world.call(2_600, 5_500), ETH)


@pytest.mark.parametrize(
    ("field", "least", "reason"),
    [("vega_cap", 10, "limits: book vega"), ("gamma_cap", 50, "limits: book gamma")],
)
def test_a_full_book_is_refused(world: World, field: str, least: int, reason: str) -> None:
    world.set_terms(**{field: least})
    series, held = world.call(2_500), {}
    for _ in range(40):
        after = ref.with_units(held, series, 8 * ETH)
        _, gamma, vega = ref.book(after, world.slices, 2_500.0, world.engine.now() + 1)
        load = vega / 100 / 100 if field == "vega_cap" else gamma * 2_500**2 / 100 / 5_000
        with suppress(Reverted):
            world.top_up()
        if load > 1:
            break
        world.mint(series, 8 * ETH)
        world.curie.converge()
        held = after
    assert held
    with world.refuses(reason):
        world.mint(series, 8 * ETH)
