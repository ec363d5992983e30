"""R1, R3, R22: the Market believes neither its venue nor its own Underwriter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from liars import UNDERWRITER, VENUE, build_with, tell
from market_events import hedged, minted
from worlds import ETH, LOT, USD, World

from tandem.units import WAD

DUST = 10**6  # wei of ETH that a venue may round a position by


@pytest.fixture(scope="module")
def liar_once() -> World:
    """On a venue that fills as it likes."""
    return build_with("CurieVenue", VENUE)


@pytest.fixture(scope="module")
def bent_once() -> World:
    """With an Underwriter that lies."""
    return build_with("Underwriter", UNDERWRITER)


@pytest.fixture
def liar(liar_once: World) -> Iterator[World]:
    with liar_once.undone():
        yield liar_once


@pytest.fixture
def bent(bent_once: World) -> Iterator[World]:
    with bent_once.undone():
        yield bent_once


def lie(world: World, short_by: int, drift: int = 0) -> None:
    world.tandem.venue.send("set_lies", short_by, drift, sender=world.stranger)


@pytest.mark.proves("MP-5", "HG-4")
def test_r03_a_fill_that_falls_short_reverts_every_kind_of_trade(liar: World) -> None:
    series = liar.call(2_500)
    liar.mint(series, 4 * ETH)
    liar.tandem.venue.send("move", WAD, sender=liar.stranger)
    for short_by in (DUST, WAD // 10**6, WAD // 100):
        lie(liar, short_by)
        with liar.refuses("hedge: not exact", series):
            liar.mint(series, ETH)
        with liar.refuses("hedge: not exact", series):
            liar.close(series, ETH)
        with liar.refuses("hedge: not exact", series):
            liar.tandem.rebalance()


def test_r03_a_fill_of_too_much_is_not_exact_either(liar: World) -> None:
    lie(liar, -DUST)
    with liar.refuses("hedge: not exact"):
        liar.mint(liar.call(2_500), ETH)


@pytest.mark.proves("MP-6")
def test_r03_what_a_venue_rounds_off_is_allowed_and_read_back(liar: World) -> None:
    lie(liar, DUST - 1)
    event = hedged(liar.mint(liar.call(2_500), ETH))
    position = liar.tandem.venue.call("position")
    assert event["position_after"] == position == event["order"] - DUST + 1
    assert event["residual_after"] - event["residual_before"] != 0
    assert event["residual_after"] == -DUST + 1


@pytest.mark.proves("MP-2", "MP-6")
def test_r01_a_position_that_moved_by_itself_is_a_residual(liar: World) -> None:
    """Liquidated, or given: the next trade sees it and brings it home in the same order. HG-3: past
    the band h an open brings the residual to three quarters of h, on its own side."""
    series = liar.call(2_500)
    liar.mint(series, 4 * ETH)
    liar.tandem.venue.send("move", -WAD, sender=liar.stranger)
    event = hedged(liar.mint(series, ETH))
    assert event["residual_before"] == pytest.approx(-WAD, abs=10**12)
    assert event["residual_after"] == pytest.approx(-event["hard_band"] * 3 / 8, abs=10**3)


@pytest.mark.proves("UN-3")
@pytest.mark.parametrize(("over", "more"), [(-1, 0), (0, 0), (1, 1)])
def test_r10_a_hedges_cost_is_rounded_up_to_the_next_token_unit(
    liar: World, over: int, more: int
) -> None:
    """UN-3: "What is owed is rounded up": also for one wei of a USD, and a venue may bill any."""
    liar.tandem.venue.send("charge", WAD + over, sender=liar.stranger)
    receipt = liar.mint(liar.call(2_500), ETH)
    bill = minted(receipt)
    assert hedged(receipt)["trader_cost"] == WAD + over
    owed = bill["premium"] + bill["fee"] + bill["capital_charge"]
    assert receipt.returned == owed + USD + more


def test_a_venue_that_lets_nothing_go_stops_a_sweep_by_name(liar: World) -> None:
    with liar.refuses("margin: nothing is free"):
        liar.tandem.desk.send("sweep", sender=liar.stranger)


@pytest.mark.proves("MP-5")
def test_an_open_sends_an_order_of_exactly_one_lot_and_no_smaller_one(bent: World) -> None:
    """MP-5: "Below the lot there is no call." """
    series = bent.call(2_500, 2_600)
    tell(bent, ordered=LOT - 1)
    assert hedged(bent.mint(series, ETH // 100))["order"] == 0
    tell(bent, ordered=LOT)
    assert hedged(bent.mint(series, ETH // 100))["order"] == LOT


@pytest.mark.proves("HG-1", "MP-6")
def test_r01_an_open_without_its_hedge_is_refused(bent: World) -> None:
    series = bent.call(2_500)
    bent.mint(series, ETH)
    tell(bent, lazy=True)
    with bent.refuses("hedge: residual over band", series):
        bent.mint(series, 8 * ETH)


@pytest.mark.proves("HG-2", "MP-6")
def test_r01_a_close_that_orders_more_than_its_delta_is_refused(bent: World) -> None:
    """MP-6: "The residual, with the position that the venue reports afterwards, lies inside its bound"."""
    series = bent.call(2_500)
    bent.mint(series, 4 * ETH)
    bent.curie.converge()
    bent.rest()
    tell(bent, ordered=-3 * WAD)
    with bent.refuses("hedge: residual over band", series):
        bent.close(series, 4 * ETH)
    tell(bent)
    bent.close(series, 4 * ETH)


@pytest.mark.proves("MP-8", "FL-3")
def test_r22_a_close_that_the_floor_cannot_pay_is_refused(bent: World) -> None:
    bent.set_terms(max_trade=1_000)
    call, put = bent.call(2_500), bent.put(2_500)
    for series in (call, put):
        bent.mint(series, 8 * ETH)
    bent.lp_exits()
    bent.move(3_400)
    bent.freshen()
    tell(bent, generous=True)
    with bent.refuses("floor: negative", call):
        bent.close(call, 8 * ETH)
    tell(bent)
    assert 0 < bent.close(call, 8 * ETH).returned[0] < 8 * ETH
