"""What the laws take for a gain, which stays at a venue until its hedge is closed."""

from __future__ import annotations

from on_lenders import OnAave


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
