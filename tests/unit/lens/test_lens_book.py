"""Lens: the book, quotes and the mark from chain state alone."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from reference import underwriting as ref
from worlds import ETH, LADDER, ROUNDING, World

from tandem.errors import Reverted
from tandem.protocol.series import Series, next_expiry
from tandem.units import DAY, WAD


def traded(world: World) -> dict[Series, int]:
    held = {
        world.call(2_500): 4_000_000,
        world.call(2_600, 3_000): 2_345_678,
        world.put(2_400): 3_000_001,
        world.put(2_500, 2_000): 1_500_000,
        world.call(2_750, far=True): 5_000_000,
        world.put(2_250, far=True): 999_999,
    }
    for series, units in held.items():
        world.mint(series, units)
        world.curie.converge()
        world.freshen()
        if world.tandem.venue.call("free_collateral") < 1_500 * 10**6:
            world.deposit_for_venue(3_000 * 10**6)
    return held


def listing(world: World) -> dict[int, tuple[object, ...]]:
    return {e[0]: e for e in world.tandem.lens.call("expiries")}


def paid_by_nodes(entry: tuple, price: int) -> int:
    """What an expiry pays at a whole price, from the nodes that the Lens shows."""
    _, _, _, forward, cash, _, strikes, sizes, _ = entry
    grown = sum(n * max(price - k, 0) for k, n in zip(strikes, sizes, strict=True))
    return cash + forward * price + grown


@pytest.mark.proves("BK-1", "BK-4", "BK-6")
def test_r20_the_book_pays_what_its_holders_hold_at_every_price(world: World) -> None:
    held = traded(world)
    for expiry, entry in listing(world).items():
        mine = {s: n for s, n in held.items() if s.expiry == expiry}
        for price in (0, 1, *LADDER, 2_511, 9_999, 10**6):
            want = sum(n * ref.payoff(s, price) for s, n in mine.items())
            assert paid_by_nodes(entry, price) == want
        assert entry[1] == sum(mine.values())
        assert entry[2] == ref.maximum(mine, expiry)
        assert list(entry[6]) == list(LADDER)


@pytest.mark.proves("BK-2")
def test_r20_the_book_follows_closes_back_to_nothing(world: World) -> None:
    held = traded(world)
    for series, units in held.items():
        for part in (units // 3, units - units // 3):
            world.freshen()
            world.close(series, part)
            held = ref.with_units(held, series, -part)
            for expiry, entry in listing(world).items():
                assert entry[2] == ref.maximum(held, expiry)
    for entry in listing(world).values():
        assert entry[1:5] == (0, 0, 0, 0)
        assert not any(entry[7])


def test_an_expiry_without_options_needs_no_slice(world: World) -> None:
    series = world.put(2_400)
    world.mint(series, ETH)
    world.tandem.list_expiry(next_expiry(world.engine.now(), 10), [2_500])
    world.tandem.snapshot()
    assert world.tandem.lens.call("quote", series.id, ETH, False)[0] > 0
    world.mint(series, ETH)


@pytest.mark.proves("SH-2")
def test_r18_the_mark_has_the_liability_from_both_sides(world: World) -> None:
    traded(world)
    mid, low, high = world.tandem.lens.call("mark")[:3]
    assert 0 < low < mid < high


def test_the_last_mark_before_a_settlement_is_a_second_before_expiry(world: World) -> None:
    world.mint(world.put(2_400), ETH)
    world.engine.set_time(world.near - 10)
    world.push(2_500)
    world.post()
    world.engine.set_time(world.near - 1)
    world.tandem.lens.call("mark")
    world.engine.set_time(world.near)
    with pytest.raises(Reverted, match="lens: settle first"):
        world.tandem.lens.call("mark")


@pytest.mark.proves("BK-6")
def test_r20_the_snapshot_says_what_every_part_says(world: World) -> None:
    held = traded(world)
    t, snap = world.tandem, world.tandem.snapshot()
    now = world.engine.now()
    assert snap.timestamp == now
    assert snap.terms == t.guardian.call("words")
    assert snap.spot == world.spot
    assert snap.spot_fresh is True
    assert snap.position == world.position()
    assert snap.gross == sum(held.values())
    assert (snap.maxima, snap.claims) == t.market.call("liabilities") == (ref.maxima(held), 0)
    assert snap.floor == world.floor() == t.vault.call("cash") - ref.maxima(held)
    assert astuple(snap.funds) == t.vault.call("funds")
    assert {e.expiry for e in snap.expiries} == {world.near, world.far}


@pytest.mark.proves("HG-7", "HG-8", "PR-5")
def test_r04_r20_the_stance_is_the_models(world: World) -> None:
    held = traded(world)
    stance = world.tandem.snapshot().stance
    now = world.engine.now()
    delta, gamma, vega = ref.book(held, world.slices, 2_500.0, now)
    assert stance.delta / WAD == pytest.approx(delta, abs=1e-10)
    assert stance.gamma / WAD == pytest.approx(gamma, rel=1e-9)
    assert stance.vega / WAD == pytest.approx(vega, rel=1e-9)
    assert stance.residual == world.position() - stance.delta
    band = ref.band(world.terms(), held, world.slices, 2_500.0, now, 1e6)
    assert stance.width / WAD == pytest.approx(band.half, rel=1e-9)
    assert stance.hard / WAD == pytest.approx(band.hard, rel=1e-9)
    assert stance.trigger / WAD == pytest.approx(band.minimum_trigger, rel=1e-9)


def test_a_stale_feed_is_flagged_and_still_shown(world: World) -> None:
    world.engine.advance(5_000)
    snap = world.tandem.snapshot()
    assert snap.spot_fresh is False
    assert snap.spot == world.spot


@pytest.mark.parametrize("close", [False, True])
def test_a_quote_is_the_trade(world: World, close: bool) -> None:
    """The deal quoted at a block is the deal done in the next, but for a second of time."""
    traded(world)
    series = world.put(2_400)
    quote = world.tandem.quote(series, 2 * ETH, close)
    receipt = world.close(series, 2 * ETH) if close else world.mint(series, 2 * ETH)
    event = receipt.events("OptionClosed" if close else "OptionMinted")[0]
    assert quote.units == event["units"] == 2 * ETH
    assert quote.premium == pytest.approx(event["premium"], rel=1e-6)
    assert quote.fee == pytest.approx(event["fee"], abs=ROUNDING)
    assert quote.order == pytest.approx(receipt.events("Hedged")[0]["order"], rel=1e-5)
    header = quote.words.header
    assert header >> 196 <= event["maxima"]
    assert quote.words == world.tandem.market.snapshot().words[0]


def test_a_quote_refuses_by_the_trades_own_names(world: World) -> None:
    cases = {
        "limits: size over cap": (world.call(2_500), 9 * ETH),
        "limits: size too small": (world.call(2_500), 1),
        "limits: delta": (world.put(3_000), ETH),
        "limits: moneyness": (world.call(4_500, 6_000), ETH),
        "limits: cap too far": (world.call(2_500, 5_500), ETH),
        "book: strike not listed": (world.call(2_510), ETH),
        "book: expiry not listed": (Series(world.near + DAY, True, 2_500), ETH),
    }
    for reason, (series, units) in cases.items():
        with world.refuses(reason):
            world.tandem.quote(series, units)
    world.engine.advance(1_000)
    world.push(2_500)
    with world.refuses("market: surface stale"):
        world.tandem.quote(world.call(2_500), ETH)


# ---------------------------------------------------------------- the mark


@pytest.mark.proves("SH-2")
def test_the_mark_holds_the_model_between_its_two_sides(world: World) -> None:
    held = traded(world)
    mark = world.tandem.lens.call("mark")
    now = world.engine.now()
    value = sum(
        ref.option(s, world.slices[s.expiry], 2_500.0, now).value * n / 10**6
        for s, n in held.items()
    )
    low, mid, high = sorted(mark[i] for i in (0, 1, 2))
    assert mid / WAD == pytest.approx(value, rel=1e-9)
    assert low < mid < high


def test_r07_a_mark_needs_no_feed_and_no_surface_while_nothing_is_open(world: World) -> None:
    world.engine.advance(30 * DAY)
    world.tandem.lens.call("mark")


@pytest.mark.proves("ST-4")
def test_an_expiry_past_and_unpriced_stops_the_mark_by_name(world: World) -> None:
    world.mint(world.call(2_500), ETH)
    world.engine.set_time(world.near)
    world.push(2_600)
    with world.refuses("lens: settle first"):
        world.tandem.lens.call("mark")
    world.tandem.settle(world.near, world.round_id())
    world.tandem.lens.call("mark")


def test_a_stale_surface_and_a_stale_feed_stop_the_mark_by_name(world: World) -> None:
    world.mint(world.call(2_500), ETH)
    world.engine.advance(1_000)
    with world.refuses("market: surface stale"):
        world.tandem.lens.call("mark")
    world.engine.advance(3_000)
    world.post()
    with world.refuses("spot: stale"):
        world.tandem.lens.call("mark")


@pytest.mark.proves("SH-2")
def test_a_residual_costs_the_low_side_what_hedging_it_would(world: World) -> None:
    world.mint(world.call(2_500), 8 * ETH)
    world.move(2_600)
    world.freshen()
    rehedge_cost = world.tandem.lens.call("mark")[6]
    residual = abs(world.tandem.snapshot().stance.residual)
    rate = (50 + 60) / 10_000  # fill band, and what a hedge is imputed to cost
    assert rehedge_cost == pytest.approx(residual * 2_600 * rate, rel=1e-5)


@pytest.mark.proves("SH-2", "SH-9")
@pytest.mark.parametrize("ahead", [-70, 70])
def test_who_comes_pays_for_what_a_lagging_oracle_hides(world: World, ahead: int) -> None:
    """SH-2: high NAV has what the residual "gains at the venue's price of now or of the last minute,
    where that is more": the pool went on and the oracle has not. A pool that went the other way gains
    nobody anything; nor does whoever leaves gain by it, because anybody moves a pool for a moment."""
    world.mint(world.call(2_500), 8 * ETH)
    world.move(2_600)
    world.freshen()
    lens = world.tandem.lens
    world.curie.converge((2_600 + ahead) * WAD)
    world.engine.advance(61)
    residual = world.tandem.snapshot().stance.residual
    rate = (50 + 60) / 10_000
    mark, leaving = lens.call("mark"), lens.call("mark_for", 0, 1)
    assert leaving[6] == leaving[7] == mark[6]
    assert mark[6] == pytest.approx(abs(residual) * 2_600 * rate, rel=1e-5)
    gains = (residual > 0) == (ahead > 0)
    expected = abs(residual) * abs(ahead) if gains else mark[6]
    assert mark[7] == pytest.approx(expected, rel=0.02)
    assert mark[7] > mark[6] or not gains


@pytest.mark.proves("SH-2", "SH-8")
@pytest.mark.parametrize("ahead", [-6, 0, 6])
def test_who_leaves_in_a_calm_moment_meets_no_worst_that_passes(world: World, ahead: int) -> None:
    """SH-8: "low NAV has the position and the book at spot, and the residual at the venue's fee": what the
    venue's mark lags by, the fill band, what an oracle may be off by, and where the pool stands are of the
    moment alone."""
    world.mint(world.call(2_500), 8 * ETH)
    world.move(2_510)
    world.freshen()
    world.curie.converge((2_510 + ahead) * WAD)
    lens, stance = world.tandem.lens, world.tandem.snapshot().stance
    leaving = lens.mark_for(10**13, 1)
    fee = abs(stance.residual) * world.spot // WAD // 1_000
    assert world.tandem.router.quotation(False).fee == WAD // 1_000
    assert leaving.calm
    assert leaving.equity_low == leaving.equity
    assert leaving.rehedge_cost == pytest.approx(fee, abs=10**6)
    assert lens.mark_for(10**13, 0).rehedge_cost > leaving.rehedge_cost


@pytest.mark.proves("SH-8")
@pytest.mark.parametrize(("off", "calm"), [(-26, False), (-24, True), (24, True), (26, False)])
def test_a_pool_half_the_fill_band_off_is_no_calm_moment(
    world: World, off: int, calm: bool
) -> None:
    """SH-8: "the venue trades within half the fill band of the oracle"; farther one of the two is late."""
    world.mint(world.call(2_500), ETH)
    world.freshen()
    world.curie.converge(world.spot * (10_000 + off) // 10_000)
    assert world.tandem.lens.mark_for(10**13, 1).calm == calm
    assert world.tandem.lens.mark_for(10**13, 0).calm
