"""Market.settle and Market.redeem: one price, once, by proof; every holder in full."""

from __future__ import annotations

from fractions import Fraction

import pytest
from market_events import one
from reference import underwriting as ref
from worlds import ETH, USD, World

from tandem.protocol.series import Series
from tandem.units import DAY, WAD

PRICES = (1, 1_999, 2_400, 2_450, 2_500, 2_501, 2_777, 5_000, 9_000)


def sold(world: World) -> dict[Series, int]:
    held = {
        world.call(2_500): 3_333_333,
        world.call(2_600, 3_000): 2_000_001,
        world.put(2_400): 1_234_567,
        world.put(2_500, 2_000): 2_500_000,
    }
    for series, units in held.items():
        world.mint(series, units)
    return held


@pytest.mark.proves("UN-1", "ST-3")
@pytest.mark.parametrize("price", PRICES)
def test_payouts_set_aside_are_those_of_every_holder(world: World, price: int) -> None:
    held = sold(world)
    price = max(price, 100)  # the oracle believes nothing below
    world.settle(world.near, price)
    owed = sum(n * ref.payoff(s, price) for s, n in held.items())
    assert world.tandem.market.call("liabilities") == (0, owed)
    for series, units in held.items():
        paid = world.tandem.redeem(series, units).returned
        assert paid == units * ref.payoff(series, price)
    assert world.tandem.market.call("liabilities") == (0, 0)


@pytest.mark.proves("UN-3")
def test_a_price_between_ticks_rounds_what_is_set_aside_up_and_what_is_paid_down(
    world: World,
) -> None:
    held = sold(world)
    world.engine.set_time(world.near)
    exact = 2_555 * WAD + 12_345_678 * 10**10
    world.push_wad(exact)
    world.tandem.settle(world.near, world.round_id())
    owed = sum(n * ref.payoff(s, Fraction(exact, WAD)) for s, n in held.items())
    claims = world.tandem.market.call("liabilities")[1]
    assert 0 <= claims - owed < 1
    total = 0
    for series, units in held.items():
        fair = units * ref.payoff(series, Fraction(exact, WAD))
        first = world.tandem.redeem(series, units // 3).returned
        rest = world.tandem.redeem(series, units - units // 3).returned
        assert 0 <= fair - first - rest < 2
        total += first + rest
    left = world.tandem.market.call("liabilities")[1]
    assert left == claims - total
    assert 0 <= left < 2 * len(held) + 1


def test_settlement_frees_the_maximum_and_never_lowers_the_floor(world: World) -> None:
    sold(world)
    for price in PRICES:
        with world.undone():
            before = world.floor()
            world.settle(world.near, max(price, 100))
            assert world.floor() >= before


def test_settlement_is_logged_with_the_state_after_it(world: World) -> None:
    held = sold(world)
    world.engine.set_time(world.near)
    world.push(2_700)
    event = one(world.tandem.settle(world.near, world.round_id()), "Settled")
    assert event["price"] == 2_700 * WAD == world.tandem.market.call("settlement", world.near)
    assert event["units"] == sum(held.values())
    assert event["payouts"] == event["claims"] == world.tandem.market.call("liabilities")[1]
    assert event["maxima"] == 0


@pytest.mark.proves("ST-2")
def test_settlement_touches_no_venue_and_nobody_is_paid_for_it(world: World) -> None:
    sold(world)
    position = world.position()
    cash = world.usdc(world.tandem.vault)
    world.settle(world.near, 2_700)
    assert world.position() == position
    assert world.usdc(world.tandem.vault) == cash


def test_other_expiries_stay_as_they_are(world: World) -> None:
    far = world.call(2_750, far=True)
    sold(world)
    world.mint(far, 2 * ETH)
    world.settle(world.near, 2_700)
    maxima, _ = world.tandem.market.call("liabilities")
    assert maxima == ref.maxima({far: 2 * ETH})
    listed = [e[0] for e in world.tandem.lens.call("expiries")]
    assert listed == [world.far]


@pytest.mark.proves("FL-6", "ST-8")
def test_settling_early_twice_or_the_unlisted_is_refused(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, ETH)
    with world.refuses("market: not expired", series):
        world.tandem.settle(world.near, world.round_id())
    world.settle(world.near, 2_700)
    with world.refuses("book: expiry not listed", series):
        world.tandem.settle(world.near, world.round_id())
    with world.refuses("book: expiry not listed", series):
        world.tandem.settle(world.near - DAY, world.round_id())


@pytest.mark.proves("ST-1")
def test_r16_only_the_first_round_at_or_after_the_expiry_settles(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, ETH)
    before = world.round_id()
    world.engine.set_time(world.near)
    world.push(2_700)
    first = world.round_id()
    world.push(2_900)
    with world.refuses("spot: before expiry", series):
        world.tandem.settle(world.near, before)
    with world.refuses("spot: not the first round", series):
        world.tandem.settle(world.near, first + 1)
    world.tandem.settle(world.near, first)
    assert world.tandem.market.call("settlement", world.near) == 2_700 * WAD


@pytest.mark.proves("FL-6", "BK-5")
def test_an_expired_unpriced_expiry_keeps_its_maximum(world: World) -> None:
    held = sold(world)
    world.engine.set_time(world.near + 3 * DAY)
    assert world.tandem.market.call("liabilities") == (ref.maxima(held), 0)


def test_a_pause_and_a_stale_feed_do_not_stop_settlement_or_redemption(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, ETH)
    world.tandem.guardian.send("pause", sender=world.tandem.roles.guardian)
    world.engine.set_time(world.near)
    world.push(2_700)
    world.engine.advance(2 * DAY)
    world.tandem.settle(world.near, world.round_id())
    assert world.tandem.redeem(series, ETH).returned == 200 * USD


# ---------------------------------------------------------------- redeem


def redeem(world: World, series: Series, units: int, owner: str, to: str, sender: str) -> int:
    args = (series.id, units, owner, to)
    return int(world.tandem.market.send("redeem", *args, sender=sender).returned)


@pytest.mark.proves("ST-3")
def test_redemption_burns_and_pays_the_recipient(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, 2 * ETH)
    world.settle(world.near, 2_700)
    friend = world.engine.accounts[6]
    before = world.usdc(friend)
    receipt = world.tandem.market.send(
        "redeem", series.id, ETH, world.trader, friend, sender=world.trader
    )
    assert world.usdc(friend) - before == receipt.returned == 200 * USD
    assert world.tandem.balance_of(series) == ETH
    event = one(receipt, "Redeemed")
    assert (event["paid"], event["claims"]) == (200 * USD, 200 * USD)


def test_a_worthless_option_is_redeemed_for_nothing(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, ETH)
    world.settle(world.near, 2_300)
    assert world.tandem.redeem(series, ETH).returned == 0
    assert world.tandem.balance_of(series) == 0


def test_redeeming_before_settlement_is_refused(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, ETH)
    with world.refuses("market: not settled", series):
        world.tandem.redeem(series, ETH)
    world.engine.set_time(world.near + 1)
    with world.refuses("market: not settled", series):
        world.tandem.redeem(series, ETH)


def test_what_is_not_held_is_not_paid(world: World) -> None:
    series, other = world.call(2_500), world.call(2_600)
    world.mint(series, ETH)
    world.settle(world.near, 2_700)
    with world.refuses("token: balance", series):
        world.tandem.redeem(series, ETH + 1)
    with world.refuses("token: balance", series):
        world.tandem.redeem(other, ETH // 10)
    with world.refuses("token: balance", series):
        world.tandem.redeem(series, ETH, owner=world.stranger)
    world.tandem.redeem(series, ETH)
    with world.refuses("token: balance", series):
        world.tandem.redeem(series, 1)


@pytest.mark.proves("ST-3")
def test_before_seven_days_only_the_owner_or_his_operator_redeems(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, 3 * ETH)
    world.settle(world.near, 2_700)
    owner, keeper = world.trader, world.tandem.keeper
    with world.refuses("market: not the owner", series):
        redeem(world, series, ETH, owner, owner, world.stranger)
    world.tandem.option.send("setOperator", keeper, True, sender=owner)
    assert redeem(world, series, ETH, owner, keeper, keeper) == 200 * USD
    with world.refuses("market: not the owner", series):
        redeem(world, series, ETH, owner, owner, world.stranger)


@pytest.mark.proves("ST-3")
def test_after_seven_days_anybody_redeems_to_the_owner_alone(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, 3 * ETH)
    world.settle(world.near, 2_700)
    owner = world.trader
    world.engine.set_time(world.near + 7 * DAY - 2)
    with world.refuses("market: not the owner", series):
        redeem(world, series, ETH, owner, owner, world.stranger)
    with world.refuses("market: not the owner", series):
        redeem(world, series, ETH, owner, world.stranger, world.stranger)
    before = world.usdc(owner)
    assert redeem(world, series, ETH, owner, owner, world.stranger) == 200 * USD
    assert world.usdc(owner) - before == 200 * USD
    with world.refuses("market: not the owner", series):
        redeem(world, series, ETH, owner, world.stranger, world.stranger)


@pytest.mark.proves("ST-3")
def test_claims_do_not_expire(world: World) -> None:
    series = world.call(2_500)
    world.mint(series, ETH)
    world.settle(world.near, 2_700)
    world.engine.advance(1_000 * DAY)
    assert world.tandem.redeem(series, ETH).returned == 200 * USD
