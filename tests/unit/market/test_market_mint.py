"""Market.mint: what a trader pays, what he gets, and what the floor keeps back."""

from __future__ import annotations

from contextlib import suppress

import pytest
from market_events import minted
from market_series import SHAPES, shape
from reference import underwriting as ref
from worlds import ETH, MAX, ROUNDING, USD, WINDOW, World

from tandem.errors import Reverted
from tandem.model import svi
from tandem.protocol.series import Series
from tandem.units import WAD

# ---------------------------------------------------------------- what it costs


@pytest.mark.proves("PR-3", "PR-5")
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


@pytest.mark.proves("MP-3", "PR-3")
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


@pytest.mark.proves("SF-5")
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


@pytest.mark.proves("MP-7")
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


@pytest.mark.proves("FL-2")
def test_r22_an_open_leaves_the_reserve_or_reverts(world: World) -> None:
    """Premium comes in before the floor is judged, and a tenth of NAV stays behind. What exits have
    beside it is left out here and below: tests/unit/attacks/test_exit_share.py."""
    world.set_terms(
        max_trade=1_000, vega_cap=1_000, gamma_cap=2_000, exit_share=0, gate=4_000, reserve=3_000
    )
    series, reserve = world.call(2_500), 300_000 * USD
    while world.floor() > reserve + 2_500 * 38 * USD:
        with suppress(Reverted):
            world.top_up()
        world.mint(series, 38 * ETH)
        world.curie.converge()
    # What a unit takes from the floor is its maximum less the premium; a sixth is safe to go by.
    room = world.floor() - reserve
    with world.refuses("floor: under reserve", series):
        world.mint(series, room // 2_300)
    world.mint(series, room // 2_500)
    assert world.floor() >= reserve


@pytest.mark.proves("FL-2")
def test_r22_an_open_leaves_all_queued_exits_at_low_nav(world: World) -> None:
    """All of them, not the due ones alone: the request locks the money at once."""
    world.set_terms(max_trade=1_000, exit_share=0)
    vault, lp = world.tandem.vault, world.tandem.lp
    shares = vault.call("balanceOf", lp)
    vault.send("requestRedeem", shares * 95 // 100, lp, lp, sender=lp)
    left = world.floor() - vault.call("funds")[2]
    assert 40_000 * USD < left < 60_000 * USD
    with world.refuses("floor: under reserve"):
        world.mint(world.call(2_500), 25 * ETH)
    world.mint(world.call(2_500), 8 * ETH)


@pytest.mark.proves("MP-8", "FL-2")
def test_r22_the_reserve_is_judged_on_the_cash_that_came(world: World) -> None:
    """A hedge's gain lowers what the trader pays: the largest open that passes leaves it whole."""
    world.set_terms(max_trade=1_000, exit_share=0)
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
