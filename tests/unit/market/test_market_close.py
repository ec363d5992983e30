"""Market.close: selling back, clipped hedges, and everything that refuses."""

from __future__ import annotations

import pytest
from market_events import closed, hedged
from reference import underwriting as ref
from worlds import ETH, MAX, ROUNDING, WINDOW, World

from tandem.protocol.series import Series
from tandem.units import DAY, WAD


@pytest.mark.proves("MP-7", "PR-3")
def test_a_close_pays_the_bid_less_fee_and_hedge_cost(world: World) -> None:
    held = {world.call(2_500): 4 * ETH, world.put(2_400): 3 * ETH}
    for series, units in held.items():
        world.mint(series, units)
    series = world.call(2_500)
    before, cash = world.usdc(world.trader), world.tandem.vault.call("cash")
    receipt = world.close(series, 3 * ETH)
    want = ref.price(
        world.terms(), held, world.slices, series, -3 * ETH, 2_500.0, receipt.timestamp, 1e6
    )
    event = closed(receipt)
    assert event["premium"] == pytest.approx(want.premium, abs=ROUNDING)
    assert event["fee"] == pytest.approx(want.fee, abs=ROUNDING)
    payout = event["premium"] - event["fee"] - ref.in_tokens(event["hedge_cost"])
    assert receipt.returned == (3 * ETH, payout)
    assert event["payout"] == payout
    assert world.usdc(world.trader) - before == payout
    assert cash - world.tandem.vault.call("cash") == payout
    assert world.tandem.balance_of(series) == ETH


@pytest.mark.parametrize("kind", ["call", "put", "put spread"])
def test_r01_r03_a_close_is_unhedged_exactly(world: World, kind: str) -> None:
    series = {
        "call": world.call(2_500), "put": world.put(2_400), "put spread": world.put(2_500, 2_000),
    }[kind]  # fmt: skip
    world.mint(series, 4 * ETH)
    receipt = world.close(series, 3 * ETH)
    delta, _, _ = ref.book({series: ETH}, world.slices, 2_500.0, receipt.timestamp)
    # Its own delta, to the wei; what a second of time has moved stays, inside the band.
    assert world.position() / WAD == pytest.approx(delta, abs=1e-6)
    assert hedged(receipt)["position_after"] == world.position()
    assert abs(hedged(receipt)["residual_after"]) <= hedged(receipt)["hard_band"]


def test_closing_everything_leaves_no_hedge_and_no_liability(world: World) -> None:
    for series in (world.call(2_500), world.put(2_250, far=True)):
        world.mint(series, 2 * ETH)
    for series in (world.call(2_500), world.put(2_250, far=True)):
        world.close(series, 2 * ETH)
    assert abs(world.position()) < 10**12
    assert world.tandem.market.call("liabilities") == (0, 0)
    assert world.floor() == world.tandem.vault.call("cash")


def test_the_payout_goes_to_the_recipient(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, ETH)
    before = world.usdc(world.engine.accounts[6])
    args = (series.id, ETH, 0, 0, MAX, world.engine.accounts[6])
    receipt = world.tandem.market.send("close", *args, sender=world.trader)
    assert world.usdc(world.engine.accounts[6]) - before == receipt.returned[1]


def test_only_what_is_held_can_be_closed(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, 2 * ETH)
    with world.refuses("token: balance", series):
        world.close(series, 2 * ETH, trader=world.stranger)
    world.mint(series, ETH, trader=world.stranger)
    with world.refuses("token: balance", series):
        world.close(series, ETH + 1, trader=world.stranger)


@pytest.mark.proves("SF-5")
def test_inside_the_window_the_cheaper_of_two_slices_is_bid(world: World) -> None:
    series = world.put(2_400)
    world.mint(series, 2 * ETH)
    world.shift(world.near, 0.003)
    low = closed(world.close(series, ETH))["premium"]
    world.engine.advance(WINDOW)
    world.mint(series, ETH)
    high = closed(world.close(series, ETH))["premium"]
    assert low < high - 10 * ROUNDING


# ---------------------------------------------------------------- the hedge of a close


@pytest.mark.proves("HG-5")
@pytest.mark.parametrize(
    ("kind", "worse", "better"), [("call", 2_480, 2_520), ("put", 2_520, 2_480)]
)
def test_r03_a_close_fills_nothing_on_the_worse_side_and_what_it_likes_on_the_better(
    world: World, kind: str, worse: int, better: int
) -> None:
    """HG-5: on the worse side only for closes and rebalances, so that nobody blocks de-risking by
    moving a pool."""
    series = world.call(2_500) if kind == "call" else world.put(2_500)
    world.mint(series, 2 * ETH)
    world.curie.converge(worse * WAD)
    with world.undone():
        assert hedged(world.close(series, ETH // 10))["order"] == 0
    with world.undone():  # HG-4: "of a close that this would leave outside HG-2 the part fills"
        receipt = world.close(series, 2 * ETH)
        assert 0 < receipt.returned[0] < 2 * ETH
        assert hedged(receipt)["order"] == 0
    world.curie.converge(better * WAD)
    assert hedged(world.close(series, 2 * ETH))["cost"] < 0


@pytest.mark.proves("HG-5")
@pytest.mark.parametrize("sign", [1, -1])
def test_r27_a_pool_off_the_index_stops_no_close_inside_the_hard_band(
    world: World, sign: int
) -> None:
    """HG-5: nobody blocks de-risking by moving a pool. At 0.6 % every close of 0.01 to 6 ETH reverted,
    for 130 USD a block at 200k of depth and 1,217 at 2M."""
    for series in (world.call(2_500), world.put(2_500)):
        for _ in range(2):
            world.mint(series, 8 * ETH)
        world.curie.converge(2_500 * WAD)
        world.top_up() if world.tandem.snapshot().account.top_up else None
    series = world.call(2_500) if sign < 0 else world.put(2_500)
    world.curie.converge(2_500 * WAD * (1_000 + 6 * sign) // 1_000)
    hard = world.tandem.snapshot().stance.hard
    for units in (ETH // 100, ETH // 10, ETH // 2, ETH):
        with world.undone():
            event = hedged(world.close(series, units))
            assert event["order"] == 0
            assert abs(event["residual_after"]) <= event["hard_band"] <= hard


def starve(world: World, series: Series, units: int) -> None:
    """Let the venue account fall under its maintenance margin with options open."""
    world.mint(series, units)
    world.push(1_870)
    world.curie.converge()
    world.engine.advance(1_800)
    world.curie.base.send("cacheTwap", 900, sender=world.curie.owner)
    world.freshen()
    assert world.tandem.venue.call("max_order", -(10**27), 0) == 0


@pytest.mark.proves("HG-4")
def test_r13_a_close_that_no_venue_hedges_stays_inside_the_band(world: World) -> None:
    """An open reverts when the venue is shut; a close is clipped to what it takes: nothing."""
    series = world.call(2_500)
    world.mint(series, 8 * ETH)
    world.curie.base.send("pause", sender=world.curie.owner)
    before = world.position()
    with world.refuses("CH_MNO", series):
        world.mint(series, ETH)
    event = hedged(world.close(series, ETH))
    assert event["order"] == 0
    assert world.position() == before
    assert event["residual_after"] > 5 * 10**17
    assert event["residual_after"] <= event["hard_band"]
    receipt = world.close(series, ETH)  # the band carries a part of this one
    assert 0 < receipt.returned[0] < ETH
    event = hedged(receipt)
    assert event["residual_after"] == pytest.approx(event["hard_band"], rel=0.05)
    assert event["residual_after"] <= event["hard_band"]


@pytest.mark.proves("HG-2", "HG-4", "MP-6")
def test_r01_a_close_may_not_raise_the_residual_over_the_band(world: World) -> None:
    """HG-4: "of a close that this would leave outside HG-2 the part fills that stays inside": of this
    one none does, because the hedge is too long already, and past the band."""
    series = world.call(2_500)
    starve(world, series, 8 * ETH)
    with world.refuses("floor: nothing fits", series):
        world.close(series, 8 * ETH)


@pytest.mark.proves("HG-2")
def test_r01_a_close_may_keep_a_residual_that_was_there(world: World) -> None:
    """Over the band already, a close that adds nothing to the residual goes through."""
    call, put = world.call(2_500), world.put(2_250)
    world.mint(put, ETH)
    starve(world, call, 8 * ETH)
    stance = world.tandem.snapshot().stance
    assert stance.residual > stance.hard > 0  # long over the hard band
    event = hedged(world.close(put, ETH // 10))  # taking a put back raises delta: it helps
    assert event["order"] == 0
    assert event["hard_band"] < event["residual_after"] < event["residual_before"]


@pytest.mark.proves("HG-3")
def test_r13_margin_back_a_close_hedges_its_own_delta_and_a_rebalance_the_rest(
    world: World,
) -> None:
    """A holder's way out does not wait for the depth that the inherited residual would need: a millionth of
    an ether of it comes home with him, the room for what a venue rounds."""
    series = world.call(2_500)
    starve(world, series, 8 * ETH)
    world.top_up()
    event = hedged(world.close(series, ETH))
    assert event["order"] != 0
    assert 0 <= abs(event["residual_before"]) - abs(event["residual_after"]) <= 10**12
    assert abs(event["residual_after"]) > event["hard_band"]
    world.rest()
    assert abs(hedged(world.bring_home()[-1])["residual_after"]) < 10**12


# ---------------------------------------------------------------- refusals


@pytest.mark.proves("MP-7")
def test_a_payout_under_the_minimum_is_refused(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, ETH)
    with world.undone():
        payout = world.close(series, ETH).returned[1]
    with world.undone(), world.refuses("market: payout under min", series):
        world.close(series, ETH, min_payout=payout + 1)
    assert world.close(series, ETH, min_payout=payout).returned == (ETH, payout)


@pytest.mark.proves("MP-1")
def test_nothing_cannot_be_closed(world: World) -> None:
    with world.refuses("market: zero size"):
        world.close(world.call(2_500), 0)


@pytest.mark.proves("MP-1")
def test_an_expired_series_is_for_redemption(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, ETH)
    world.engine.set_time(world.near)
    with world.refuses("market: expired, redeem", series):
        world.close(series, ETH)


def test_an_unknown_series_is_refused(world: World) -> None:
    with world.refuses("series: unknown"):
        world.tandem.market.send("close", 1 << 200, 1, 0, 0, MAX, world.trader, sender=world.trader)


def test_an_unlisted_expiry_is_refused(world: World) -> None:
    with world.refuses("book: expiry not listed"):
        world.close(Series(world.near + DAY, True, 2_500), ETH)


@pytest.mark.proves("MP-1")
def test_a_passed_deadline_is_refused(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, ETH)
    args = (series.id, ETH, 0, 0, world.engine.now(), world.trader)
    with world.refuses("market: deadline passed", series):
        world.tandem.market.send("close", *args, sender=world.trader)


@pytest.mark.proves("SF-2")
def test_stale_inputs_are_refused(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, ETH)
    world.engine.advance(1_000)
    with world.refuses("market: surface stale", series):
        world.close(series, ETH)
    world.engine.advance(3_000)
    world.post()
    with world.refuses("spot: stale", series):
        world.close(series, ETH)


def test_a_pause_does_not_stop_a_close(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, ETH)
    world.tandem.guardian.send("pause", sender=world.tandem.roles.guardian)
    assert world.close(series, ETH).returned[0] == ETH


def test_what_may_no_longer_be_opened_can_still_be_closed(world: World) -> None:
    """Inside seven days, far from the money, dust: limits are for opens."""
    series = world.call(2_500)
    world.mint(series, ETH)
    world.engine.set_time(world.near - 2 * DAY)
    world.move(3_400)
    world.freshen()
    with world.refuses("limits: tenor", series):
        world.mint(series, ETH)
    assert world.close(series, 1).returned[0] == 1
    assert world.close(series, ETH - 1).returned[0] == ETH - 1
