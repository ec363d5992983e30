"""Market.mint: what a trader pays, what he gets, and everything that refuses him."""

from __future__ import annotations

import pytest
from reference import underwriting as ref
from worlds import ETH, LOT, MAX, ROUNDING, USD, WINDOW, World

from keeper.engine.base import Event, Receipt
from keeper.errors import Reverted
from keeper.model import svi
from keeper.protocol.series import DAY, Series, next_expiry
from keeper.venues.curie import WAD

# Funding of the seconds between two views, WAD USD.
FUNDING = 10**13
SHAPES = ("capped call", "call spread", "put", "put spread", "far call")


def shape(world: World, name: str) -> Series:
    return {
        "capped call": world.call(2_500),
        "call spread": world.call(2_600, 3_000),
        "put": world.put(2_400),
        "put spread": world.put(2_500, 2_000),
        "far call": world.call(2_750, far=True),
    }[name]


def hedged(receipt: Receipt) -> Event:
    (event,) = receipt.events("Hedged")
    return event


def minted(receipt: Receipt) -> Event:
    (event,) = receipt.events("OptionMinted")
    return event


# ---------------------------------------------------------------- what it costs


@pytest.mark.parametrize("name", SHAPES)
def test_an_empty_book_asks_the_model_plus_spread_fee_and_charge(world: World, name: str) -> None:
    series = shape(world, name)
    receipt = world.mint(series, 2 * ETH)
    want = ref.price(
        world.terms(), {}, world.slices, series, 2 * ETH, 2_500.0, receipt.timestamp, 1e6
    )
    event = minted(receipt)
    assert event["premium"] == pytest.approx(want.premium, abs=ROUNDING)
    assert event["fee"] == pytest.approx(want.fee, abs=ROUNDING)
    assert event["capital_charge"] == pytest.approx(want.charge, abs=ROUNDING)


@pytest.mark.parametrize("name", SHAPES)
def test_a_loaded_book_asks_at_the_state_after_the_trade(world: World, name: str) -> None:
    held = {world.call(2_500): 4 * ETH, world.put(2_250, far=True): 3 * ETH}
    for series, units in held.items():
        world.mint(series, units)
    series = shape(world, name)
    receipt = world.mint(series, 3 * ETH)
    want = ref.price(
        world.terms(), held, world.slices, series, 3 * ETH, 2_500.0, receipt.timestamp, 1e6
    )
    event = minted(receipt)
    assert event["premium"] == pytest.approx(want.premium, abs=ROUNDING)
    assert event["fee"] == pytest.approx(want.fee, abs=ROUNDING)
    assert event["capital_charge"] == pytest.approx(want.charge, abs=ROUNDING)


def test_a_trade_that_adds_nothing_to_the_maximum_pays_no_charge(world: World) -> None:
    world.mint(world.call(2_500), 4 * ETH)
    assert minted(world.mint(world.put(2_400), 2 * ETH))["capital_charge"] == 0


@pytest.mark.parametrize("variance", [-0.003, 0.003])
def test_inside_the_window_the_dearer_of_two_slices_is_asked(world: World, variance: float) -> None:
    series, before = world.put(2_400), dict(world.slices)
    world.shift(world.near, variance)
    after = dict(world.slices)

    def asked(slices: dict[int, svi.Slice], now: int) -> float:
        return ref.price(world.terms(), {}, slices, series, ETH, 2_500.0, now, 1e6).premium

    with world.undone():
        receipt = world.mint(series, ETH)
        dearer = max(asked(before, receipt.timestamp), asked(after, receipt.timestamp))
        assert minted(receipt)["premium"] == pytest.approx(dearer, rel=1e-4)
    world.engine.advance(WINDOW)
    receipt = world.mint(series, ETH)
    alone = asked(after, receipt.timestamp)
    assert minted(receipt)["premium"] == pytest.approx(alone, abs=ROUNDING)
    assert abs(asked(before, receipt.timestamp) - alone) > 1e-3 * alone


def test_the_trader_pays_once_and_exactly_what_is_logged(world: World) -> None:
    series = world.call(2_500)
    before, cash = world.usdc(world.trader), world.tandem.vault.call("cash")
    receipt = world.mint(series, 2 * ETH)
    event = minted(receipt)
    due = event["premium"] + event["fee"] + event["capital_charge"]
    due += ref.in_tokens(event["hedge_cost"])
    assert receipt.returned == due
    assert before - world.usdc(world.trader) == due
    assert world.tandem.vault.call("cash") - cash == due
    assert world.usdc(world.tandem.vault) == world.tandem.vault.call("cash")


def test_the_option_goes_to_the_recipient(world: World) -> None:
    series, due = world.call(2_500), world.engine.now() + 100
    args = (series.id, ETH, MAX, due, world.stranger)
    receipt = world.tandem.market.send("mint", *args, sender=world.trader)
    assert world.tandem.balance_of(series, world.stranger) == ETH
    assert world.tandem.balance_of(series) == 0
    assert minted(receipt)["owner"] == world.stranger


# ---------------------------------------------------------------- the hedge


@pytest.mark.parametrize("name", SHAPES)
def test_r01_r04_an_open_is_hedged_to_the_exact_delta(world: World, name: str) -> None:
    series = shape(world, name)
    receipt = world.mint(series, 3 * ETH)
    delta, _, _ = ref.book({series: 3 * ETH}, world.slices, 2_500.0, receipt.timestamp)
    assert world.position() / WAD == pytest.approx(delta, abs=1e-10)
    event = hedged(receipt)
    assert abs(event["residual_after"]) <= event["hard_band"]


def test_r01_the_hard_band_is_that_of_the_book_after_the_trade(world: World) -> None:
    held: dict[Series, int] = {}
    for name in SHAPES:
        series = shape(world, name)
        receipt = world.mint(series, 2 * ETH)
        held = ref.with_units(held, series, 2 * ETH)
        band = ref.band(world.terms(), held, world.slices, 2_500.0, receipt.timestamp, 1e6)
        assert hedged(receipt)["hard_band"] / WAD == pytest.approx(band.hard, rel=1e-9)


def test_r03_the_fill_is_exact(world: World) -> None:
    for name in SHAPES:
        before = world.position()
        event = hedged(world.mint(shape(world, name), ETH))
        assert world.position() - before == event["order"]
        assert event["position_after"] == world.position()


def test_r03_an_open_refuses_a_fill_worse_than_the_band(world: World) -> None:
    world.curie.converge(2_515 * WAD)
    with world.refuses("CH_TMRL"):
        world.mint(world.call(2_500), ETH)
    world.curie.converge(2_485 * WAD)
    with world.refuses("CH_TLRS"):
        world.mint(world.put(2_500), ETH)


def test_r03_an_open_refuses_a_fill_better_than_the_band(world: World) -> None:
    world.curie.converge(2_485 * WAD)
    with world.refuses("hedge: fill under band"):
        world.mint(world.call(2_500), ETH)
    world.curie.converge(2_515 * WAD)
    with world.refuses("hedge: fill over band"):
        world.mint(world.put(2_500), ETH)


def test_r03_an_open_takes_a_fill_just_inside_the_band(world: World) -> None:
    world.curie.converge(2_511 * WAD)
    world.mint(world.call(2_500), ETH)
    world.mint(world.put(2_500), ETH)
    world.curie.converge(2_489 * WAD)
    world.mint(world.call(2_500), ETH)
    world.mint(world.put(2_500), ETH)


def test_r04_greeks_follow_spot_time_and_surface_without_being_told(world: World) -> None:
    held = {world.call(2_500): 4 * ETH, world.put(2_400, far=True): 3 * ETH}
    for series, units in held.items():
        world.mint(series, units)
    position = world.position()
    world.engine.advance(DAY)
    world.move(2_530)
    world.freshen()
    world.shift(world.near, 0.003)
    world.engine.advance(WINDOW)
    event = hedged(world.mint(world.put(2_250), ETH))
    delta, _, _ = ref.book(held, world.slices, 2_530.0, world.engine.now())
    assert event["residual_before"] / WAD == pytest.approx(position / WAD - delta, abs=1e-10)
    assert abs(event["residual_before"]) > 10**16


def narrow(world: World) -> Series:
    """A spread so narrow that the least trade of it has a delta under the lot."""
    world.tandem.list_expiry(world.near, [2_175])
    return world.put(2_250, 2_175)


def test_r12_below_the_lot_there_is_no_order_and_the_residual_shows(world: World) -> None:
    series = narrow(world)
    orders = len(venue_orders(world, receipt := world.mint(series, ETH // 100)))
    event = hedged(receipt)
    assert orders == 0
    assert event["order"] == 0
    assert world.position() == 0
    assert 0 < event["residual_after"] < LOT
    delta, _, _ = ref.book({series: ETH // 100}, world.slices, 2_500.0, receipt.timestamp)
    assert event["residual_after"] / WAD == pytest.approx(-delta, abs=1e-10)
    stance = world.tandem.snapshot()[7]
    assert stance[3] / WAD == pytest.approx(-delta, abs=1e-8)


def test_r12_dust_adds_up_and_is_hedged_once_it_matters(world: World) -> None:
    """Below the lot nothing trades; past the band's half-width the whole residual does."""
    series = narrow(world)
    orders = [hedged(world.mint(series, ETH // 100))["order"] for _ in range(8)]
    assert orders[0] == 0
    assert any(orders)
    assert abs(world.position() - world.delta()) <= 2 * LOT


def venue_orders(world: World, receipt: Receipt) -> list[Event]:
    return receipt.events("PositionChanged", world.curie.clearing_house)


def test_r21_long_to_short_is_one_netted_order(world: World) -> None:
    world.mint(world.call(2_500), 2 * ETH)
    assert world.position() > 0
    receipt = world.mint(world.put(2_600), 5 * ETH)
    (order,) = venue_orders(world, receipt)
    assert order["exchangedPositionSize"] == hedged(receipt)["order"]
    assert world.position() < 0


def test_r28_the_event_reconciles_with_the_venue(world: World) -> None:
    for series in (world.call(2_500), world.put(2_600), world.call(3_000, far=True)):
        before, position = venue_money(world), world.position()
        receipt = world.mint(series, 2 * ETH)
        event = hedged(receipt)
        (order,) = venue_orders(world, receipt)
        assert event["caller"] == world.trader
        assert event["oracle_price"] == world.spot
        assert event["venue_fee"] == order["fee"]
        assert event["quote_delta"] == order["exchangedPositionNotional"]
        moved = venue_money(world) - before
        assert moved == pytest.approx(event["quote_delta"] - event["venue_fee"], abs=FUNDING)
        assert event["position_after"] - position == event["order"]
        assert event["residual_after"] - event["residual_before"] == pytest.approx(
            event["order"] - minted_delta(world, series, 2 * ETH, receipt), abs=10**8
        )
        cost = ref.fill_cost(event["order"], event["quote_delta"], event["venue_fee"], world.spot)
        assert abs(event["cost"] - cost) < 1


def venue_money(world: World) -> int:
    """The venue account without its position, WAD, in the venue's own words."""
    venue, balances = world.tandem.venue, world.curie.account_balance
    deposits = world.curie.vault.call("getBalance(address)", venue) * 10**12
    owed = balances.call("getPnlAndPendingFee", venue)[0]
    funding = world.curie.exchange.call("getPendingFundingPayment", venue, world.curie.base)
    return (
        deposits + owed - funding + balances.call("getTakerOpenNotional", venue, world.curie.base)
    )


def minted_delta(world: World, series: Series, units: int, receipt: Receipt) -> float:
    now = receipt.timestamp
    return ref.option(series, world.slices[series.expiry], 2_500.0, now).delta * units * 10**12


# ---------------------------------------------------------------- solvency


def test_r22_the_floor_is_cash_less_all_that_could_be_owed(world: World) -> None:
    held: dict[Series, int] = {}
    for name in SHAPES:
        series = shape(world, name)
        receipt = world.mint(series, 2 * ETH)
        held = ref.with_units(held, series, 2 * ETH)
        cash = world.tandem.vault.call("cash")
        assert minted(receipt)["maxima"] == ref.maxima(held)
        assert minted(receipt)["floor"] == cash - ref.maxima(held) == world.floor()


def test_r22_an_open_leaves_the_reserve_or_reverts(world: World) -> None:
    """Premium comes in before the floor is judged, and a tenth of NAV stays behind."""
    world.set_terms(max_trade=1_000, vega_cap=1_000, gamma_cap=2_000)
    series, reserve = world.call(2_500), 100_000 * USD
    while world.floor() > reserve + 2_500 * 38 * USD:
        world.deposit_for_venue(15_000 * USD)
        world.mint(series, 38 * ETH)
        world.curie.converge()
    # What a unit takes from the floor is its maximum less the premium; a sixth is safe to go by.
    room = world.floor() - reserve
    with world.refuses("floor: under reserve", series):
        world.mint(series, room // 2_300)
    world.mint(series, room // 2_500)
    assert world.floor() >= reserve


def test_r22_an_open_leaves_all_queued_exits_at_low_nav(world: World) -> None:
    """All of them, not the due ones alone: the request locks the money at once."""
    world.set_terms(max_trade=1_000)
    vault, lp = world.tandem.vault, world.tandem.lp
    shares = vault.call("balanceOf", lp)
    vault.send("requestRedeem", shares * 95 // 100, lp, lp, sender=lp)
    left = world.floor() - vault.call("funds")[2]
    assert 40_000 * USD < left < 60_000 * USD
    with world.refuses("floor: under reserve"):
        world.mint(world.call(2_500), 25 * ETH)
    world.mint(world.call(2_500), 8 * ETH)


def test_r22_the_reserve_is_judged_on_the_cash_that_came(world: World) -> None:
    """A hedge's gain lowers what the trader pays: the largest open that passes leaves it whole."""
    world.set_terms(max_trade=1_000)
    vault, lp, series = world.tandem.vault, world.tandem.lp, world.call(2_500)
    vault.send("requestRedeem", vault.call("balanceOf", lp) * 95 // 100, lp, lp, sender=lp)
    world.curie.converge(2_491 * WAD)
    good, bad, reasons = 8 * ETH, 25 * ETH, set[str]()
    while bad - good > 1:
        units = (good + bad) // 2
        with world.undone():
            try:
                event = minted(world.mint(series, units))
            except Reverted as refused:
                reasons.add(refused.reason)
                bad = units
                continue
        good = units
        assert event["hedge_cost"] < 0
    assert reasons == {"floor: under reserve"}
    world.mint(series, good)
    funds = vault.call("funds")
    reserve = min(funds[3] // 10, world.tandem.market.call("liabilities")[0])
    assert 0 <= world.floor() - reserve - funds[2] < USD


# ---------------------------------------------------------------- refusals


def test_an_unknown_series_is_refused(world: World) -> None:
    good = world.call(2_500).id
    for bad in (0, good | 1 << 169, world.near << 128, good & ~(2**64 - 1) | 9_999):
        with world.refuses("series: unknown"):
            world.tandem.market.send("mint", bad, ETH, MAX, MAX, world.trader, sender=world.trader)


def test_an_unlisted_expiry_is_refused(world: World) -> None:
    series = Series(next_expiry(world.engine.now(), 27), False, 2_500, 5_000)
    with world.refuses("book: expiry not listed"):
        world.mint(series, ETH)


def test_an_unlisted_strike_is_refused(world: World) -> None:
    with world.refuses("book: strike not listed"):
        world.mint(world.call(2_510, 5_000), ETH)
    with world.refuses("book: strike not listed"):
        world.mint(world.call(2_500, 4_900), ETH)


def test_an_expired_series_is_refused(world: World) -> None:
    world.engine.set_time(world.near - 100)
    world.push(2_500)
    world.post()
    world.engine.set_time(world.near)
    with world.refuses("limits: expired"):
        world.mint(world.call(2_500), ETH)


def test_nothing_and_dust_are_refused(world: World) -> None:
    for units in (0, ETH // 100 - 1):
        with world.refuses("limits: size too small"):
            world.mint(world.call(2_500), units)


def test_more_than_two_percent_of_nav_is_refused(world: World) -> None:
    world.mint(world.call(2_500), 8 * ETH)
    with world.refuses("limits: size over cap"):
        world.mint(world.put(2_500), 8 * ETH + 1)


def test_a_passed_deadline_is_refused(world: World) -> None:
    with world.refuses("market: deadline passed"):
        world.mint(world.call(2_500), ETH, deadline=world.engine.now())
    world.mint(world.call(2_500), ETH, deadline=world.engine.now() + 1)


def test_a_stale_surface_is_refused(world: World) -> None:
    posted = world.engine.now()
    world.post()
    world.engine.set_time(posted + 899)
    world.mint(world.call(2_500), ETH)
    world.engine.set_time(posted + 900)
    with world.refuses("market: surface stale"):
        world.mint(world.call(2_500), ETH)


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


def test_a_pause_stops_opens(world: World) -> None:
    world.tandem.guardian.send("pause", sender=world.tandem.roles.guardian)
    with world.refuses("market: paused"):
        world.mint(world.call(2_500), ETH)


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
        world.deposit_for_venue(5_000 * USD)
        if load > 1:
            break
        world.mint(series, 8 * ETH)
        world.curie.converge()
        held = after
    assert held
    with world.refuses(reason):
        world.mint(series, 8 * ETH)
