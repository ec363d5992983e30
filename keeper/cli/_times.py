"""Moments and lengths of time as options take them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import rich_click as click

from tandem.units import DAY, HOUR

LENGTHS = {"s": 1, "m": 60, "h": HOUR, "d": DAY, "w": 7 * DAY}
LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)([smhdw])", re.ASCII)


class Moment(click.ParamType):
    """A time: seconds since 1970, or ISO 8601 (UTC where no zone is given)."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        from tandem.feeds.errors import BadTimeError
        from tandem.feeds.tabular import parse_time

        try:
            return parse_time(str(value))
        except BadTimeError as error:
            self.fail(f"{error.message}: {error.hint}", param, ctx)


class Length(click.ParamType):
    """So much time, as 90s, 30m, 2h, 7d or 1w; in seconds."""

    name = "length"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        found = LENGTH.fullmatch(str(value))
        if found is None or float(found[1]) == 0:
            self.fail(f"{value!r} is no length of time: write 30m, 2h or 7d", param, ctx)
        return float(found[1]) * LENGTHS[found[2]]


@dataclass(frozen=True, slots=True)
class Ago:
    """So many seconds before a clock's time. Whose clock, the command says: the chain has its own."""

    seconds: float

    def before(self, now: float) -> int:
        """The moment, in seconds since 1970."""
        return int(now - self.seconds)


class MomentOrAgo(Moment):
    """A moment, or how long ago it was: an int or an Ago."""

    name = "time|ago"

    def convert(  # type: ignore[override]
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str | Ago:
        if LENGTH.fullmatch(str(value)):
            return Ago(Length().convert(value, param, ctx))
        return super().convert(value, param, ctx)
