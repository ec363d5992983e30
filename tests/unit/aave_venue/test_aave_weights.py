"""What the lending market counts collateral for, and at which price: lowered, and gone."""

from __future__ import annotations

import pytest
from aave_bench import ACCRUED, PRICE, Bench

from tandem.errors import Reverted
from tandem.units import USD, WAD


@pytest.mark.proves("HG-22")
@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("loan_to_value", [6_000, 5_000, 3_500])
def test_a_loan_to_value_lowered_alone_is_in_the_margin(
    bench: Bench, side: int, loan_to_value: int
) -> None:
    """The threshold is what it was, and orders would stop long before it. An account at its target still
    has an order let through, and without more margin it had none."""
    aave = bench.aave
    token, threshold = (aave.weth, 8_300) if side > 0 else (aave.usdc, 7_800)
    old = bench.venue.call("bounds", side)[1]
    bench.govern("configureReserveAsCollateral", token, loan_to_value, threshold, 10_500)
    _, target, _ = bench.venue.call("bounds", side)
    for share, goes in ((target, True), (old, old == target or loan_to_value == 6_000)):
        with bench.undone():
            bench.fund(10 * PRICE * share // WAD**2 + 60)
            opened = bench.most(side * 10 * WAD)
            if opened == 10 * WAD:
                bench.trade(side * 10 * WAD)
                assert (bench.most(side * WAD // 2) == WAD // 2) is goes
                if goes:
                    bench.trade(side * WAD // 2)
            else:
                assert not goes


def test_a_loan_to_value_that_no_margin_makes_up_for_asks_for_none(bench: Bench) -> None:
    """Of a tenth or nothing no margin lets an order through: the threshold alone is in the margin."""
    before = bench.venue.call("bounds", -1)
    for loan_to_value in (1_000, 0):
        bench.govern("configureReserveAsCollateral", bench.aave.usdc, loan_to_value, 7_800, 10_500)
        assert bench.venue.call("bounds", -1) == before


@pytest.mark.proves("LM-3")
@pytest.mark.parametrize("side", [1, -1])
def test_without_a_price_what_needs_one_stops_and_what_owes_less_goes_on(
    bench: Bench, side: int
) -> None:
    """The lender's oracle reverts: nothing is valued, and nothing borrowed or taken back from an account that
    owes. A short comes home as far as cash lies idle, and no further; a long that owes nothing comes home.
    How far an order goes, what is there, the pool's prices and the bounds are still said (LM-3)."""
    bench.fund(60_000)
    bench.trade(side * 2 * WAD)
    held = bench.position()
    bench.aave.parts["usdc_feed"].send("push", 0, sender=bench.aave.owner)
    venue = bench.venue
    for asked in (("account", PRICE), ("index",), ("free_collateral",)):
        with pytest.raises(Reverted):
            venue.call(*asked)
    for act in (("deposit", USD), ("withdraw", USD, bench.stranger)):
        bench.aave.usdc.send("mint", venue, USD, sender=bench.aave.owner)
        with pytest.raises(Reverted):
            venue.send(*act, sender=bench.router)
    assert venue.call("position") == pytest.approx(held, abs=ACCRUED)
    for asked in (
        ("price",), ("quotation",), ("average", 180), ("curve", WAD), ("bounds", side),
        ("funding",), ("history",), ("purse",), ("idle",),
    ):  # fmt: skip
        venue.call(*asked)
    for order in (WAD, -WAD, 20 * WAD, -20 * WAD):
        with bench.undone():
            most = bench.most(order)
            assert (most == 0) == (side < 0 and order < 0)
            if most:
                bench.trade(most if order > 0 else -most)
    if side > 0:
        bench.trade(-WAD)
        assert bench.position() == pytest.approx(held - WAD, abs=ACCRUED)
    else:
        with pytest.raises(Reverted):
            bench.trade(-WAD)
        bench.trade(WAD // 2)
        assert bench.position() == pytest.approx(held + WAD // 2, abs=ACCRUED)
        with pytest.raises(Reverted):
            bench.trade(WAD)


@pytest.mark.proves("HG-22")
@pytest.mark.parametrize("side", [1, -1])
def test_a_hundredth_of_a_percent_of_either_weight_is_in_the_margin(
    bench: Bench, side: int
) -> None:
    """The market counts in ten-thousandths, and an odd number of them shares its word with odd neighbours.
    What is owed is that share of what is lent, at the least margin: 1 - w of a long's notional is its own,
    1 / w - 1 of a short's, and a twentieth of it may lie idle."""
    token = bench.aave.weth if side > 0 else bench.aave.usdc
    health = bench.aave.recipe.margins.least / WAD
    for loan_to_value, threshold in ((6_001, 7_801), (7_799, 7_801)):
        bench.govern("configureReserveAsCollateral", token, loan_to_value, threshold, 10_501)
        weight = min(loan_to_value / 10_000, threshold / 10_000 / health)
        lent = 1 - weight if side > 0 else 1 / weight - 1
        assert bench.venue.call("bounds", side)[0] / WAD == pytest.approx(lent / 0.95, rel=1e-12)


@pytest.mark.parametrize("side", [1, -1])
def test_what_is_free_at_odd_weights_is_let_go_and_a_little_more_is_not(
    bench: Bench, side: int
) -> None:
    """A loan to value whose neighbour is odd, and a threshold whose neighbour is: each ends where it does."""
    bench.fund(15_000)
    bench.trade(side * 10 * WAD)
    for token in (bench.aave.weth, bench.aave.usdc):
        bench.govern("configureReserveAsCollateral", token, 7_500, 7_801, 10_501)
    free = bench.venue.call("free_collateral")
    with bench.undone():
        bench.venue.send("withdraw", free, bench.stranger, sender=bench.router)
    with pytest.raises(Reverted):
        bench.venue.send("withdraw", free * 102 // 100, bench.stranger, sender=bench.router)
