"""venues/curie_margin on its bound, by hand: the last unit of collateral that carries a fill."""

from __future__ import annotations

import pytest
from harnesses import harness

from tandem.engine import open_engine
from tandem.engine.base import Contract
from tandem.units import WAD

MARK = 2_000 * WAD
INITIAL, MAINTENANCE, FEE = 100_000, 62_500, 1_000  # millionths


@pytest.fixture(scope="module")
def rule() -> Contract:
    return open_engine("pyrevm").deploy(harness("unit/curie_venue/MarginHarness.vy"))


def carried_from(
    rule: Contract, least: int, held: int, notional: int, base: int, quote: int, mark: int = MARK
) -> None:
    """The fill passes with that collateral, and with one unit less it does not. base: signed."""
    for collateral, passes in ((least, True), (least - 1, False)):
        account = (held, notional, collateral, mark, INITIAL, MAINTENANCE, FEE)
        assert rule.call("carries", account, base > 0, abs(base), quote) is passes


@pytest.mark.parametrize("over", [0, 1, 9, 10])
def test_a_long_that_grows_is_carried_by_the_initial_ratio_of_its_debt(
    rule: Contract, over: int
) -> None:
    """1,998 USD and a fee of 2 for an ETH worth 2,000: nothing is lost, the debt is 2,000 beside
    what was owed; a tenth of it is asked for, rounded down."""
    debt = 2_000 * WAD + over
    carried_from(rule, debt // 10, 0, -over, WAD, 1_998 * WAD, mark=MARK + over)


def test_a_long_that_grows_dear_is_carried_by_what_it_is_worth(rule: Contract) -> None:
    """It is worth 100 less than was paid: value, not collateral, has to cover the ratio."""
    carried_from(rule, 200 * WAD + 100 * WAD, 0, 0, WAD, 1_998 * WAD, mark=1_900 * WAD)
    carried_from(rule, 200 * WAD, 0, 0, WAD, 1_998 * WAD, mark=2_100 * WAD)


def test_a_short_that_grows_owes_its_size_at_the_mark(rule: Contract) -> None:
    """2,000 USD less a fee of 2 for an ETH: 1,998 against a debt of 2,000 at the mark."""
    carried_from(rule, 200 * WAD + 2 * WAD, 0, 0, -WAD, 2_000 * WAD)
    carried_from(rule, 200 * WAD, 0, 0, -WAD, 2_100 * WAD)
    carried_from(rule, 400 * WAD + 4 * WAD, -WAD, 1_998 * WAD, -WAD, 2_000 * WAD)


def test_a_fill_that_reduces_answers_to_the_maintenance_ratio_and_realises_its_share(
    rule: Contract,
) -> None:
    """Of four ETH at 2,000 one is sold for 1,900 less 1.9: that share of the loss is realised, three
    remain, owed for at 2,000, and 6.25 % of that debt is asked for of collateral and of value."""
    lost = 2_000 * WAD - (1_900 * WAD - 19 * WAD // 10)
    carried_from(rule, 375 * WAD + lost, 4 * WAD, -8_000 * WAD, -WAD, 1_900 * WAD)
    carried_from(
        rule, 375 * WAD + lost + 300 * WAD, 4 * WAD, -8_000 * WAD, -WAD, 1_900 * WAD, 1_900 * WAD
    )


def test_a_short_that_is_reduced_is_judged_in_the_same_way(rule: Contract) -> None:
    """Of four ETH sold at 2,000 one is bought for 2,097.9 and 2.1: three remain, at the mark."""
    carried_from(rule, 375 * WAD + 100 * WAD, -4 * WAD, 8_000 * WAD, WAD, 20_979 * WAD // 10)


def test_a_position_that_is_closed_owes_nothing_but_must_not_be_under_water(rule: Contract) -> None:
    lost = 2_000 * WAD - (1_900 * WAD - 19 * WAD // 10)
    carried_from(rule, lost, WAD, -2_000 * WAD, -WAD, 1_900 * WAD)
    carried_from(rule, 100 * WAD, -WAD, 2_000 * WAD, WAD, 20_979 * WAD // 10)


def test_a_fill_that_turns_the_position_answers_to_the_initial_ratio_of_what_is_new(
    rule: Contract,
) -> None:
    """One ETH long at 2,000, three sold at 2,000 less 2 each: two short, at the mark; the fees of all
    three are lost."""
    carried_from(rule, 400 * WAD + 6 * WAD, WAD, -2_000 * WAD, -3 * WAD, 6_000 * WAD)
    bought = -(-6_000 * WAD * 999 // 1_000)
    carried_from(rule, 400 * WAD, -WAD, 2_000 * WAD, 3 * WAD, bought)
