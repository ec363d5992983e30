"""What nobody can take home at the end, because a leg under the lot keeps it."""

from __future__ import annotations

import pytest
from laws import LawBroken, check, of_last_dollars
from on_lenders import OnAave

LEFT, WORTH = 18_614_278, 3_724_721
"""Token units: a thousandth of an ether at 4,128 USD, and it beside four times as much in cash."""


def test_no_gain_is_kept_where_all_that_lies_there_carries_orders() -> None:
    """A gain is what the account is worth and cannot use, not all that it is worth."""
    machine = OnAave()
    try:
        machine.mint_attended(0, 0, 10_000_000, False)
        account = machine.hedge_account()
        assert account.equity == account.usable > 0
        assert machine.gained() == 0
    finally:
        machine.teardown()


def test_a_quarter_over_our_own_account_is_five_times_the_hedge() -> None:
    """Four times a leg of 3.72 USD is more than the ten dollars that were once the bound."""
    check(of_last_dollars(LEFT, WORTH, WORTH))
    with pytest.raises(LawBroken, match="five times"):
        check(of_last_dollars(LEFT + 200_000, WORTH, WORTH))
    with pytest.raises(LawBroken, match="keeps its margin"):
        check(of_last_dollars(LEFT, WORTH, WORTH - 100_000))
