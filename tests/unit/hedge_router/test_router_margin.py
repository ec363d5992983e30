"""HedgeRouter: one account, orders for the Market alone, margin kept between its bounds."""

from __future__ import annotations

import pytest
from worlds import ETH, USD, World, build

from tandem.protocol.deploy import DeploySettings
from tandem.units import WAD


def need(world: World, nav: int = 10**6) -> float:
    """Hedge notional and headroom, USD, from the venue's position and the oracle."""
    return abs(world.position()) / WAD * world.spot / WAD + nav * world.terms()["max_trade"] * 1e-4


def equity(world: World) -> float:
    """USD, the worse of the venue's valuation and one at spot."""
    venue, c = world.tandem.venue, world.curie
    owed = c.account_balance.call("getPnlAndPendingFee", venue)[0]
    funding = c.exchange.call("getPendingFundingPayment", venue, c.base)
    balance = c.vault.call("getBalance(address)", venue) * 10**12 + owed - funding
    notional = c.account_balance.call("getTakerOpenNotional", venue, c.base)
    at_spot = balance + notional + world.position() * world.spot // WAD
    return min(at_spot, c.clearing_house.call("getAccountValue", venue)) / WAD


def test_only_the_market_trades(world: World) -> None:
    for nobody in (world.trader, world.stranger, world.tandem.roles.deployer):
        with world.refuses("router: not the market"):
            world.tandem.router.send(
                "hedge", WAD, 2**200, 0, (0, 0, WAD, 0, 0, 0, 0, 0), sender=nobody
            )


def test_the_views_are_the_venues(world: World) -> None:
    world.mint(world.call(2_500), 2 * ETH)
    t = world.tandem
    assert t.router.call("position") == world.position() == t.venue.call("position")
    for sign in (-1, 1):
        assert t.router.call("max_order", sign * 10**27, 2**255 * (sign > 0)) == t.venue.call(
            "max_order", sign * 10**27, 2**255 * (sign > 0)
        )


@pytest.fixture(scope="module")
def bare_once() -> World:
    """A market whose venue account is empty."""
    return build(margin=False)


def test_r13_the_first_top_up_carries_the_largest_order(bare_once: World) -> None:
    """Margin is sized on headroom too: on the hedge alone the first mint would be impossible."""
    world = bare_once
    with world.undone():
        with world.refuses("CH_NEFCI"):
            world.mint(world.call(2_500), 8 * ETH)
        assert world.top_up() == pytest.approx(0.15 * 20_000 * USD, abs=1)
        world.mint(world.call(2_500), 8 * ETH)


@pytest.mark.proves("HG-12")
def test_a_top_up_brings_the_account_to_its_target(world: World) -> None:
    for _ in range(2):
        world.mint(world.call(2_500), 8 * ETH)
    world.move(2_450)
    world.freshen()
    before, cash = equity(world), world.tandem.vault.call("cash")
    assert before < 0.12 * need(world)
    amount = world.top_up()
    # The venue's mark is an average: it moves with every second.
    assert amount / USD == pytest.approx(0.15 * need(world) - before, abs=2)
    assert cash - world.tandem.vault.call("cash") == amount
    with world.refuses("margin: no top-up due"):
        world.top_up()


@pytest.mark.proves("HG-12")
def test_between_least_and_most_nothing_is_due(world: World) -> None:
    world.mint(world.call(2_500), ETH)
    with world.refuses("margin: no top-up due"):
        world.top_up()
    with world.refuses("margin: no sweep due"):
        world.tandem.desk.send("sweep", sender=world.stranger)


@pytest.mark.proves("HG-12")
def test_r23_a_sweep_brings_what_lies_above_the_target_home(world: World) -> None:
    world.mint(world.call(2_500), 4 * ETH)
    world.overfund()
    before, cash = equity(world), world.tandem.vault.call("cash")
    assert before > 0.22 * need(world)
    amount = world.tandem.desk.send("sweep", sender=world.stranger).returned
    assert amount / USD == pytest.approx(before - 0.15 * need(world), rel=1e-4)
    assert world.tandem.vault.call("cash") - cash == amount
    assert world.usdc(world.tandem.router) == 0
    world.mint(world.call(2_500), 4 * ETH)


@pytest.mark.proves("HG-12")
def test_r23_a_profit_that_is_not_realised_stays(world: World) -> None:
    """The venue lets no order rest on it: swept, it would leave no room to hedge."""
    world.mint(world.call(2_500), 8 * ETH)
    world.set_terms(max_trade=10)
    world.move(3_400)
    world.engine.advance(1_800)
    world.freshen()
    assert equity(world) > 0.22 * need(world)
    with world.refuses("margin: no sweep due"):
        world.tandem.desk.send("sweep", sender=world.stranger)
    world.tandem.rebalance()


def test_idle_the_whole_account_is_swept_without_a_feed_when_the_queue_asks_for_it(
    world: World,
) -> None:
    cash, lp = world.tandem.vault.call("cash"), world.tandem.lp
    shares = world.tandem.vault.call("balanceOf", lp)
    world.tandem.vault.send("requestRedeem", shares, lp, lp, sender=lp)
    world.engine.advance(10_000)
    amount = world.tandem.desk.send("sweep", sender=world.stranger).returned
    assert amount == 3_000 * USD
    assert world.tandem.vault.call("cash") == cash + amount
    assert world.curie.vault.call("getBalance(address)", world.tandem.venue) == 0
    world.push(2_500)
    with world.refuses("margin: no top-up due"):
        world.tandem.desk.send("top_up", sender=world.stranger)


def test_idle_nobody_undoes_a_top_up_before_the_first_trade(world: World) -> None:
    """Neither by a sweep, nor by asking for a small exit first."""
    lp = world.tandem.lp
    with world.refuses("margin: no sweep due"):
        world.tandem.desk.send("sweep", sender=world.stranger)
    shares = world.tandem.vault.call("balanceOf", lp) // 100
    world.tandem.vault.send("requestRedeem", shares, lp, lp, sender=lp)
    with world.refuses("margin: no sweep due"):
        world.tandem.desk.send("sweep", sender=world.stranger)
    world.freshen()
    world.mint(world.call(2_500), 5 * ETH)


def test_with_options_open_a_stale_feed_stops_sweeps_alone(world: World) -> None:
    """HG-12: "while spot is refused a top-up goes by the venue's own figures" """
    world.mint(world.call(2_500), ETH)
    world.engine.advance(4_001)
    with world.refuses("spot: stale"):
        world.tandem.desk.send("sweep", sender=world.stranger)
    with world.refuses("margin: no top-up due"):
        world.tandem.desk.send("top_up", sender=world.stranger)


@pytest.fixture(scope="module")
def lavish_once() -> World:
    """Budgets for margin so wide that only the floor stops it."""
    return build(settings=DeploySettings(loss_cap=WAD // 2))


@pytest.mark.proves("FL-4")
def test_a_top_up_stops_at_the_floor(lavish_once: World) -> None:
    """Cash that holders may claim is no margin."""
    world = lavish_once
    with world.undone():
        _exhaust(world)


def _exhaust(world: World) -> None:
    world.set_terms(max_trade=1_000)
    vault, lp = world.tandem.vault, world.tandem.lp
    world.mint(world.call(2_500), 8 * ETH)
    vault.send("requestRedeem", vault.call("balanceOf", lp) * 98 // 100, lp, lp, sender=lp)
    world.engine.advance(2 * 86_400)
    world.freshen()
    vault.send("process", 9, sender=lp)
    room = world.floor()
    assert 0 < room < 3_000 * USD
    lent = 0
    for price in (1_900, 1_650, 1_400):
        world.push(price)
        lent += world.top_up()
    assert lent == room
    assert world.floor() == 0
    with world.refuses("margin: floor or budget"):
        world.top_up()


def test_the_account_view_is_worked_out_from_the_venue(world: World) -> None:
    world.mint(world.call(2_500), 6 * ETH)
    world.push(2_450)
    view = world.tandem.router.call("account", world.spot, 20_000 * WAD)
    assert view[1] / WAD == pytest.approx(equity(world), rel=1e-9)
    _, ours, theirs, _ = world.tandem.venue.call("account", world.spot)
    assert ours != theirs
    assert view[1:3] == (min(ours, theirs), max(ours, theirs))
    assert view[3] is False
    want = 0.15 * need(world) - equity(world)
    low = equity(world) < 0.12 * need(world)
    assert view[4] / USD == pytest.approx(want if low else 0, rel=1e-6)


@pytest.mark.proves("SH-7")
def test_r08_an_account_under_water_is_worth_nothing_and_says_so(world: World) -> None:
    world.mint(world.call(2_500), 8 * ETH)
    world.push(1_500)
    view = world.tandem.router.call("account", world.spot, 0)
    assert view[0] < 0
    assert view[1] == 0
    assert view[3] is True
