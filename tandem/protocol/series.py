"""Series: what an option pays, and the id that says so (layout as in contracts/lib/series.vy)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tandem.errors import TandemError
from tandem.units import DAY, ETHER, HOUR, WAD

EXPIRY_HOUR = 8 * HOUR
"""What options are on that nobody says otherwise of."""
MAX_EXPIRIES = 8
"""That a market has at once."""
MAX_NODES = 16
"""Strikes and caps of an expiry."""
MASK_64 = 2**64 - 1
MASK_40 = 2**40 - 1


class SeriesError(TandemError):
    """An id or a description that names no series."""


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """One series. Strikes in whole USD; `other` is a call's cap or a put's floor (0: none)."""

    expiry: int
    is_put: bool
    strike: int
    other: int = 0
    asset: str = field(default=ETHER, compare=False)
    """What it is on, for its name: an id says nothing of it."""

    def __post_init__(self) -> None:
        good = self.other < self.strike if self.is_put else self.other > self.strike
        if not (0 < self.strike <= MASK_64 and 0 <= self.other <= MASK_64 and good):
            put, call = "a put's floor lies below its strike", "a call needs a cap above its strike"
            what = put if self.is_put else call
            raise SeriesError(
                f"no such series: strike {self.strike}, other {self.other}",
                f"{what}; strikes are whole USD",
            )
        if not 0 < self.expiry <= MASK_40 or self.expiry % DAY != EXPIRY_HOUR:
            raise SeriesError(
                f"no such series: expiry {self.expiry}", "options expire at 08:00 UTC"
            )

    @property
    def id(self) -> int:
        return self.strike | self.other << 64 | self.expiry << 128 | int(self.is_put) << 168

    @property
    def most(self) -> int:
        """USD that 1 of the asset can pay, whatever the price: nobody has to be asked for it."""
        return abs(self.strike - self.other)

    @classmethod
    def from_id(cls, id: int, asset: str = ETHER) -> Series:
        if id >> 169:
            raise SeriesError(f"no such series: id {id}", "take the id from `tandem quote`")
        parts = (id >> 128) & MASK_40, bool(id >> 168), id & MASK_64, (id >> 64) & MASK_64
        return cls(*parts, asset)

    def payoff(self, price: float) -> float:
        """USD per 1 of the asset at a settlement price."""
        if self.is_put:
            return max(self.strike - max(price, self.other), 0.0)
        return max(min(price, self.other) - self.strike, 0.0)

    def paid(self, units: int, settlement: int) -> int:
        """Token units that a holding is paid at a settlement price (WAD), rounded down."""
        strike, other = self.strike * WAD, self.other * WAD
        if self.is_put:
            ahead = strike - max(settlement, other)
        else:
            ahead = min(settlement, other or settlement) - strike
        return units * max(ahead, 0) // WAD

    def __str__(self) -> str:
        tail = f"-{self.other}" if self.other else ""
        return (
            f"{self.asset}-{day_of(self.expiry)}-{self.strike}{tail}-{'P' if self.is_put else 'C'}"
        )


def next_expiry(now: int, days: float) -> int:
    """The first 08:00 UTC at least `days` from `now`."""
    earliest = now + int(days * DAY)
    return -(-(earliest - EXPIRY_HOUR) // DAY) * DAY + EXPIRY_HOUR


def day_of(expiry: int) -> str:
    """The day of an expiry as names have it, such as 27MAR26."""
    return datetime.fromtimestamp(expiry, UTC).strftime("%d%b%y").upper()


def moment_of(time: int) -> str:
    """A moment to the minute, as people read it: 2026-03-27 08:00 UTC."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M UTC")


def expiry_on(day: str) -> int:
    """Seconds of the expiry on a day such as 27MAR26, of this century: Python's own two digits turn to the
    last one at 69. Raises ValueError."""
    found = datetime.strptime(day, "%d%b%y").replace(tzinfo=UTC)
    return int(found.replace(year=2000 + found.year % 100).timestamp()) + EXPIRY_HOUR


_ID = re.compile(r"[0-9]{13,78}")
"""As many digits as 256 bits have; more are no number to Python."""
_NAME = re.compile(
    r"([A-Z][A-Z0-9]*)-(\d{1,2}[A-Z]{3}\d{2})-(\d{1,12})(?:-(\d{1,12}))?-([CP])", re.ASCII
)


def parse(name: str, asset: str | None = None) -> Series:
    """The series that a name such as ETH-27MAR26-3000-6000-C spells, or an id in digits. asset: of the
    market, None where any will do. Raises SeriesError that says how names are made."""
    text = name.strip().upper()
    if _ID.fullmatch(text):
        return Series.from_id(int(text), asset or ETHER)
    found = _NAME.fullmatch(text)
    of = asset or ETHER
    hint = f"{of}-<day><month><year>-<strike>-<cap>-C or …-<strike>[-<floor>]-P"
    hint += f", as {of}-27MAR26-3000-6000-C"
    if found is None:
        raise SeriesError(f"{name!r} names no series", hint)
    named, date, strike, other, kind = found.groups()
    if named != (asset or named):
        raise SeriesError(f"{name!r} is on {named}, and this market is on {asset}", hint)
    try:
        expiry = expiry_on(date)
    except ValueError as error:
        raise SeriesError(f"{name!r}: there is no day {date}", hint) from error
    return Series(expiry, kind == "P", int(strike), int(other or 0), named)
