"""What works when: an expiry that is past and waits for its price blocks only what it must."""

from __future__ import annotations

import pytest
from worlds import ETH, USD, World

from tandem.errors import Reverted
from tandem.model import svi
from tandem.protocol.series import next_expiry


@pytest.fixture
def waiting(world: World) -> World:
    """An hour past the near expiry, which is open and unpriced; everything else is fresh."""
    world.mint(world.call(2_500), 2 * ETH)
    world.mint(world.put(2_400, far=True), 3 * ETH)
    world.engine.set_time(world.near + 3_600)
    world.push(2_500)
    world.post()
    world.engine.advance(61)
    return world


@pytest.mark.proves("BK-5", "AV-1")
def test_an_unpriced_expiry_does_not_stop_trades_in_the_others(waiting: World) -> None:
    series = waiting.put(2_400, far=True)
    waiting.mint(series, ETH)
    filled, _ = waiting.close(series, ETH).returned
    assert filled == ETH


@pytest.mark.proves("AV-1", "HG-2")
@pytest.mark.parametrize("price", [2_200, 2_300, 2_400, 2_600, 2_800])
def test_no_delta_beside_an_unpriced_expiry_stops_a_close(waiting: World, price: int) -> None:
    """AV-1: "an expiry past and unpriced": closes of others go, "inside `HG-2`". The delta of what is past is
    in the residual that a close finds, and in the one that it leaves: it may leave what it found."""
    series = waiting.put(2_400, far=True)
    waiting.move(price)
    waiting.post()
    waiting.engine.advance(61)
    for units in (ETH, 3 * ETH):
        with waiting.undone():
            assert waiting.close(series, units).returned[0] == units


@pytest.mark.proves("AV-1", "HG-1", "HG-18")
def test_an_open_beside_an_unpriced_expiry_stays_inside_its_band(waiting: World) -> None:
    """AV-1: opens of others go "inside `HG-1`": where the delta of what is past lies outside the hard
    band, nobody may enlarge the hedge for it (HG-18), and the open waits for the settlement, which
    anybody sends."""
    series = waiting.put(2_400, far=True)
    first = waiting.round_id()
    waiting.move(2_600)
    waiting.post()
    waiting.engine.advance(61)
    with waiting.refuses("hedge: residual over band", series):
        waiting.mint(series, ETH)
    waiting.tandem.settle(waiting.near, first)
    waiting.rest()
    waiting.bring_home()
    waiting.mint(series, ETH)


@pytest.mark.proves("BK-5", "AV-1")
def test_an_unpriced_expiry_does_not_stop_a_rebalance(waiting: World) -> None:
    waiting.move(2_650)
    waiting.rest()
    assert waiting.tandem.rebalance().returned[0] != 0


def test_r17_an_unpriced_expiry_keeps_its_slice_however_many_are_listed_after_it(
    waiting: World,
) -> None:
    first_round = waiting.round_id()
    for days in range(20, 26):
        expiry = next_expiry(waiting.engine.now(), days)
        if expiry != waiting.far:
            waiting.tandem.list_expiry(expiry, [2_500])
            waiting.tandem.post({expiry: waiting.slices[waiting.far]})
    (row,) = (e for e in waiting.tandem.lens.snapshot().expiries if e.expiry == waiting.near)
    assert row.slice == svi.pack(waiting.slices[waiting.near])
    waiting.move(2_650)
    waiting.rest()
    assert waiting.tandem.rebalance().returned[0] != 0
    waiting.tandem.settle(waiting.near, first_round)


@pytest.mark.proves("ST-4")
def test_no_lp_enters_or_leaves_at_a_mark_that_misses_a_price_already_public(
    waiting: World,
) -> None:
    with pytest.raises(Reverted, match="settle first"):
        waiting.tandem.deposit(1_000 * USD)
    with pytest.raises(Reverted, match="settle first"):
        waiting.tandem.vault.send("poke", sender=waiting.stranger)


def test_an_exit_may_be_asked_for_while_an_expiry_waits(waiting: World) -> None:
    lp = waiting.tandem.lp
    shares = waiting.tandem.vault.call("balanceOf", lp) // 10
    waiting.tandem.vault.send("requestRedeem", shares, lp, lp, sender=lp)
