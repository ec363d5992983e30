"""Units, and the ways between what people write and what the chain counts.

| unit | stands for | where on chain |
|---|---|---|
| `WAD` | 1.0 with 18 decimals | spot, prices, volatility, Greeks, hedge sizes (ETH), venue equity |
| `USD` | one USD in units of the quote token | premia, cash, NAV, maxima, payouts: all money that moves |
| `UNIT` | one ETH in units of an option | sizes of options: what ERC-6909 counts, slopes of the book |
| `BPS` | one in basis points | most terms (their own words: `tandem.protocol.terms`) |
| seconds | | every time; a year of volatility is `YEAR`, 365 days |

Strikes are whole USD. Floats are for models and for people's eyes: what goes on chain comes from
`Decimal` or text, and nothing is rounded on the way.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal, InvalidOperation
from fractions import Fraction

from tandem.errors import TandemError

WAD = 10**18
USD = 10**6
UNIT = 10**6
BPS = 10_000
GWEI = 10**9
"""In wei, as prices of gas are told; an ether is `WAD` of them."""
ETHER = "ETH"
"""The asset that options are on where nobody says another, and that gas is paid in."""
TO_WAD = WAD // USD
"""WAD USD in a token unit."""
PLACES = 6
"""Decimal places of `USD` and `UNIT`."""

Amount = Decimal | int | str
"""A size in ETH or an amount in USD, as people and programs give it."""
MOST = 10**30
"""More than any market has, and less than the chain's words hold."""

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR = 365 * DAY


class AmountError(TandemError):
    """A text or a number that is no amount of what it should be."""


def parse_size(value: Amount) -> int:
    """ETH of an option in its units, from 0.000001 up. Raises AmountError for anything finer,
    negative, nothing, no number, or more than there is."""
    return scaled(value, PLACES, "size", "write a number above 0 with at most six decimals, as 1.5")


def parse_usd(value: Amount) -> int:
    """USD in units of the quote token, from 0.000001 up. Raises AmountError as `parse_size`."""
    return scaled(
        value, PLACES, "amount", "write USD above 0 with at most six decimals, as 2500.50"
    )


def scaled(value: Amount, places: int, what: str, how: str = "") -> int:
    """An amount above 0 in units of its last place, exactly.

    what: its noun in an error; how: what to do next. Raises AmountError as `parse_size`.
    """
    how = how or f"write a number above 0 with at most {places} decimals"
    if isinstance(value, float):
        raise AmountError(
            f"{value!r} is a float, and no {what}", "give text or a Decimal, as '1.5'"
        )
    number = number_of(value)
    if number is None or number <= 0:
        raise AmountError(f"{str(value)!r} is no {what}", how)
    if number >= MOST:
        raise AmountError(f"{what}: more than there is", how)
    _, digits, exponent = number.as_tuple()
    finer = -places - int(exponent)
    if finer > 0 and any(digits[-finer:]):
        raise AmountError(f"{str(value)!r} is no {what}: it has more than {places} decimals", how)
    return int(Fraction(number) * 10**places)


WRITTEN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def number_of(value: Amount) -> Decimal | None:
    """What is written, exactly; None for what is no finite number, for a float, as 0.1 is none, and for a
    text that Python alone takes for one: 1_0 is ten to it, and a slip of the hand to whoever pays."""
    if isinstance(value, float | bool) or (
        isinstance(value, str) and not WRITTEN.fullmatch(value.strip())
    ):
        return None
    try:
        number = Decimal(value)
    except (InvalidOperation, ValueError, TypeError):
        return None
    return number if number.is_finite() else None


def decimal(value: int, places: int = PLACES) -> Decimal:
    """An integer of the chain as people read it: exactly, and with all of its places."""
    sign, digits, _ = Decimal(value).as_tuple()
    return Decimal((sign, digits, -places))


def ether(wei: int) -> str:
    """What gas takes and purses hold, to the last digit: where gas is nearly free six decimals are all zeros,
    and who has too little reads that he has what it takes."""
    return bare(decimal(wei, 18))


def gwei(wei: int) -> str:
    """The price of a unit of gas, to the last digit."""
    return bare(decimal(wei, 9))


def bare(amount: Decimal) -> str:
    """An amount to its last digit, without zeros at its end."""
    return f"{amount.normalize(Context(prec=100)):f}"
