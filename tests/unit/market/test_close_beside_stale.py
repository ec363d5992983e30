"""A close needs the slice of its own expiry fresh, and no other (R29, SF-2)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from worlds import ETH, World

from tandem.protocol.bindings.structs import Deal


def other_is_stale(world: World, seconds: int) -> None:
    """Signers go on with the near expiry alone; the far one's slice is so old."""
    world.engine.advance(seconds)
    world.push_wad(world.spot)
    world.tandem.post({world.near: world.slices[world.near]})
    world.engine.advance(61)


def quoted(world: World) -> Deal:
    return world.tandem.lens.quote(world.call(2_500).id, ETH, True)


@pytest.mark.proves("SF-2", "AV-1")
def test_r29_signers_who_stop_for_one_expiry_freeze_no_other(world: World) -> None:
    """R29: nothing "makes stale what it does not price". One expiry that nobody can post for (its slice had
    the largest sequence number) stopped every close until it expired, at most 45 days."""
    near, far = world.call(2_500), world.call(2_500, far=True)
    world.mint(near, 2 * ETH)
    world.mint(far, 2 * ETH)
    other_is_stale(world, 3_000)
    with world.refuses("market: surface stale", far):
        world.close(far, ETH)
    with world.refuses("market: surface stale", near):
        world.mint(near, ETH)
    assert world.close(near, 2 * ETH).returned[0] == 2 * ETH


@pytest.mark.proves("SF-2")
def test_r29_the_bid_beside_a_stale_slice_falls_with_its_age_to_a_full_books(world: World) -> None:
    """SF-2: "its bid counts the others the more against it the older they are, down to that of a full
    book": 1.5 points of half-spread, and from twice the age on 3.5."""
    world.mint(world.call(2_500), 2 * ETH)
    world.mint(world.call(2_500, far=True), ETH // 10)
    spreads = []
    for seconds in (600, 1_000, 1_300, 1_800, 3_900):
        with world.undone():
            other_is_stale(world, seconds)
            past = world.tandem.lens.snapshot().surface_age - 900
            spreads.append(quoted(world).half_spread / 10**16)
            least = 1.5 + 2.0 * min(max(past, 0) / 900, 1.0)
            assert spreads[-1] == pytest.approx(least, abs=0.01) or (past < 0 and spreads[-1] < 1.6)
    assert spreads == sorted(spreads)


@pytest.mark.proves("SH-2", "SF-3")
def test_r37_nav_takes_the_worse_of_both_slices_while_one_is_ahead(world: World) -> None:
    """SF-3: "low and high NAV take the worse of both"; delta and mid are those of what stands."""
    world.mint(world.call(2_500), 4 * ETH)
    world.mint(world.call(2_500, far=True), 4 * ETH)
    before = world.tandem.lens.mark()
    for variance in (0.2, -0.12):
        with world.undone():
            world.shift(world.far if variance > 0 else world.near, variance, after=60)
            ahead = world.tandem.lens.mark()
            assert ahead.liability == pytest.approx(before.liability, rel=1e-3)
            if variance > 0:
                assert ahead.liability_high > before.liability_high * 1.1
                assert ahead.liability_low == pytest.approx(before.liability_low, rel=2e-3)
            else:
                assert ahead.liability_low < before.liability_low * 0.95
                assert ahead.liability_high == pytest.approx(before.liability_high, rel=2e-3)


@pytest.mark.proves("SH-2")
def test_r39_a_stale_expiry_can_be_marked_inside_its_bounds(world: World) -> None:
    """What exits need once nobody signs any more: each stale expiry between nothing and its maximum, its
    sides half a point of volatility farther apart here than they were."""
    world.mint(world.call(2_500), 4 * ETH)
    world.mint(world.call(2_500, far=True), 2 * ETH)
    fresh, worst = world.tandem.lens.mark(), world.tandem.lens.mark_for(0, 1)
    hedge = {"equity_low": fresh.equity, "rehedge_cost": worst.rehedge_cost}  # `SH-8`: as expected
    assert replace(fresh, **hedge) == worst
    other_is_stale(world, 2_000)
    with world.refuses("market: surface stale"):
        world.tandem.lens.mark()
    worst = world.tandem.lens.mark_for(0, 1)
    far = next(e for e in world.tandem.lens.snapshot().expiries if e.expiry == world.far)
    near = quoted(world).mark * 4 * 10**12
    assert worst.stale
    assert near < worst.liability_low < worst.liability_high < far.maximum * 10**12 + near
    apart = worst.liability_high - worst.liability_low
    assert apart > 1.02 * (fresh.liability_high - fresh.liability_low)
