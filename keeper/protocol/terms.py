"""The protocol's parameters: one word of sixteen 16-bit fields (contracts/lib/terms.vy)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from keeper.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter: its place, default, bounds (all in the field's own unit) and meaning."""

    index: int
    default: int
    low: int
    high: int
    meaning: str


FIELDS: Mapping[str, Field] = {
    "flags": Field(0, 0, 0, 1, "bit 0: opens are paused"),
    "half_spread": Field(1, 150, 50, 1_000, "1e-4 of volatility, either side of mid"),
    "spread_slope": Field(2, 200, 0, 1_000, "1e-4 of volatility, added when the book is full"),
    "fee": Field(3, 30, 0, 300, "1e-5 of notional; at most a tenth of the premium"),
    "capital_charge": Field(4, 400, 0, 2_000, "1e-4 a year of the maximum payoff added"),
    "fill_band": Field(5, 50, 10, 300, "1e-4 of the oracle price"),
    "reserve": Field(6, 1_000, 500, 3_000, "1e-4 of NAV that opens leave free"),
    "max_trade": Field(7, 200, 10, 1_000, "1e-4 of NAV, notional of one trade"),
    "gamma_cap": Field(8, 400, 50, 2_000, "1e-4 of NAV, delta change per 1 % of spot"),
    "vega_cap": Field(9, 100, 10, 1_000, "1e-5 of NAV per vol point"),
    "hedge_cost": Field(10, 10, 1, 100, "1e-4, cost fraction c of the hedge band"),
    "risk_aversion": Field(11, 500, 10, 50_000, "lambda_0 of the hedge band"),
    "surface_age": Field(12, 900, 60, 7_200, "seconds"),
    "surface_move": Field(13, 1_000, 100, 10_000, "1e-4 of volatility an hour"),
    "surface_window": Field(14, 60, 0, 900, "seconds in which the worse of two slices is quoted"),
    "call_cap": Field(15, 200, 125, 500, "1e-2 of the strike, the widest cap"),
}


def pack(values: Mapping[str, int]) -> int:
    """Fields into one word. Raises ConfigError for an unknown field or one out of bounds."""
    word = 0
    for name, amount in values.items():
        field = FIELDS.get(name)
        if field is None:
            raise ConfigError(f"unknown term {name!r}", f"terms are {', '.join(FIELDS)}")
        if not field.low <= amount <= field.high:
            raise ConfigError(
                f"term {name} = {amount} is out of bounds",
                f"between {field.low} and {field.high} ({field.meaning})",
            )
        word |= amount << (16 * field.index)
    return word


def unpack(word: int) -> dict[str, int]:
    """One word into its fields."""
    return {name: (word >> (16 * field.index)) & 0xFFFF for name, field in FIELDS.items()}


def defaults(**changes: int) -> int:
    """The default terms, with changes."""
    return pack({name: field.default for name, field in FIELDS.items()} | changes)


def lowest() -> int:
    """The least that each field may be."""
    return pack({name: field.low for name, field in FIELDS.items()})


def highest() -> int:
    """The most that each field may be."""
    return pack({name: field.high for name, field in FIELDS.items()})
