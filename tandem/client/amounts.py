"""Amounts at the client's door: rounded for whoever is safe by it, shown without zeros."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from tandem.units import PLACES, Amount, AmountError, bare, number_of

SHARES = 18
"""Decimal places of ETH itself."""


def shown(amount: Decimal) -> str:
    """An amount without zeros at its end."""
    return bare(amount)


def percent(value: Amount, name: str) -> Decimal:
    """A share in percent, 0 to 100, as a fraction. Raises AmountError."""
    number = number_of(value)
    if number is None or not 0 <= number <= 100:
        raise AmountError(f"{name}: {value!r} is no share", "percent from 0 to 100, as 1")
    return number / 100


def up(amount: Fraction) -> int:
    """Token units, rounded up."""
    return ceil(amount * 10**PLACES)


def down(amount: Fraction) -> int:
    """Token units, rounded down."""
    return floor(amount * 10**PLACES)
