"""The protocol's parameters: words of sixteen 16-bit fields (contracts/lib/terms.vy)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tandem.errors import ConfigError

PLACES = 16
"""Fields of a word."""


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter: its place over all words, default, bounds (all in the field's own unit), its
    meaning, and which change of it applies at once: set, up, down or none."""

    index: int
    default: int
    low: int
    high: int
    meaning: str
    tighter: str


# ---- generated from contracts/terms.toml by scripts/generate_terms.py

WORDS = ("terms", "limits")

FIELDS: Mapping[str, Field] = {
    "flags": Field(0, 0, 0, 3, "bit 0: paused; 1: venue down; 9-12: one of several; rest: breaker", "set"),
    "half_spread": Field(1, 150, 50, 1_000, "1e-4 of volatility, either side of mid", "none"),
    "spread_slope": Field(2, 200, 0, 1_000, "1e-4 of volatility, added when the book is full", "none"),
    "fee": Field(3, 30, 0, 300, "1e-5 of notional; at most a tenth of the premium", "none"),
    "capital_charge": Field(4, 400, 0, 2_000, "1e-4 a year of the maximum payoff added", "none"),
    "fill_band": Field(5, 50, 30, 300, "1e-4 of the oracle price", "none"),
    "reserve": Field(6, 1_000, 500, 3_000, "1e-4 of NAV that opens leave free", "none"),
    "max_trade": Field(7, 200, 10, 1_000, "1e-4 of NAV, notional of one trade", "down"),
    "gamma_cap": Field(8, 400, 50, 2_000, "1e-4 of NAV, delta change per 1 % of spot", "none"),
    "vega_cap": Field(9, 100, 10, 1_000, "1e-5 of NAV per vol point", "none"),
    "hedge_cost": Field(10, 10, 1, 100, "1e-4, cost fraction c of the hedge band", "none"),
    "risk_aversion": Field(11, 500, 10, 50_000, "lambda_0 of the hedge band", "none"),
    "surface_age": Field(12, 900, 60, 7_200, "seconds", "none"),
    "exit_share": Field(13, 500, 0, 3_000, "1e-4 of NAV that opens leave to exits alone", "none"),
    "least_premium": Field(14, 800, 0, 2_000, "1e-4 a year of the maximum added", "none"),
    "call_cap": Field(15, 200, 125, 500, "1e-2 of the strike, the widest cap", "down"),
    "exit_gap": Field(16, 10, 2, 2_000, "1e-4 of NAV between its sides, the book's spread aside", "none"),
    "exit_wait": Field(17, 21_600, 14_400, 27_000, "seconds that exits wait for a calm moment at most", "none"),
    "surface_move": Field(18, 1_000, 100, 10_000, "1e-4 of volatility an hour", "none"),
    "surface_window": Field(19, 60, 0, 900, "seconds in which the worse of two slices is quoted", "none"),
    "carry": Field(20, 240, 0, 1_080, "hours of the venue's funding that an open pays", "none"),
    "average_band": Field(21, 200, 10, 1_000, "1e-4 around the pool's average, for rebalances", "none"),
    "chunk": Field(22, 1, 1, 50, "1e-4 of the pool's depth a minute, for rebalances", "none"),
    "gate": Field(23, 2_000, 500, 4_000, "1e-4 of NAV that the worst of eight jumps may cost after an open", "down"),
    "hour": Field(24, 1_000, 100, 60_000, "1e-4 of NAV, notional that opens add in an hour", "down"),
    "jump": Field(25, 500, 100, 20_000, "1e-4 of the price that trips, past four deviations", "down"),
    "venue_loss": Field(26, 100, 10, 1_000, "1e-4 of NAV lost unexplained in a day that trips", "down"),
    "share_fall": Field(27, 1_000, 100, 10_000, "1e-4 that a share may fall in a day", "down"),
    "drain": Field(28, 200, 20, 5_000, "1e-5 of NAV that funding may take in a day", "down"),
    "bounty": Field(29, 50, 0, 500, "1e-5 of NAV that bounties may take in a day", "down"),
    "unwind": Field(30, 4, 1, 48, "hours in which a hedge of all that is open can come home", "down"),
}  # fmt: skip

# ---- end of what is generated


def pack(values: Mapping[str, int]) -> tuple[int, ...]:
    """Fields into the words, in the order of WORDS. Raises ConfigError for an unknown field or one
    out of bounds."""
    words = [0] * len(WORDS)
    for name, amount in values.items():
        field = FIELDS.get(name)
        if field is None:
            raise ConfigError(f"unknown term {name!r}", f"terms are {', '.join(FIELDS)}")
        if not field.low <= amount <= field.high:
            raise ConfigError(
                f"term {name} = {amount} is out of bounds",
                f"between {field.low} and {field.high} ({field.meaning})",
            )
        word, place = divmod(field.index, PLACES)
        words[word] |= amount << (16 * place)
    return tuple(words)


def unpack(words: Sequence[int]) -> dict[str, int]:
    """The words into their fields."""
    return dict(_unpacked(tuple(words)))


@lru_cache(maxsize=64)  # a keeper asks ten times at each block, and terms rarely change
def _unpacked(words: tuple[int, ...]) -> Mapping[str, int]:
    return {
        name: (words[field.index // PLACES] >> (16 * (field.index % PLACES))) & 0xFFFF
        for name, field in FIELDS.items()
    }


def defaults(**changes: int) -> tuple[int, ...]:
    """The default terms, with changes."""
    return pack({name: field.default for name, field in FIELDS.items()} | changes)


EIGHTHS = 8


def fill_band(values: Mapping[str, int]) -> int:
    """The band that orders fill in, 1e-4: wider in a wild market, as the breaker says in the flags
    (contracts/lib/terms.vy)."""
    return values["fill_band"] * _eighths(values) // EIGHTHS


def max_trade(values: Mapping[str, int]) -> int:
    """The largest trade, 1e-4 of NAV: smaller in a wild market."""
    return values["max_trade"] * EIGHTHS // _eighths(values)


def hour(values: Mapping[str, int]) -> int:
    """What opens add in an hour, 1e-4 of NAV: less in a wild market."""
    return values["hour"] * EIGHTHS // _eighths(values)


def _eighths(values: Mapping[str, int]) -> int:
    return EIGHTHS + (values["flags"] >> 3 & 31)
