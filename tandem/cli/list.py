"""`tandem list`: list an expiry and strikes on it."""

from __future__ import annotations

import re
from collections.abc import Callable

import rich_click as click

from tandem.client.errors import ListingError
from tandem.client.listing import ListPreview
from tandem.protocol.series import EXPIRY_HOUR, expiry_on
from tandem.terminal.common import when
from tandem.terminal.verbs import How, Pairs, carry_out, writing
from tandem.units import DAY

WHO = "deployer"

STRIKE = re.compile(r"[0-9]{1,12}")


@click.command("list")
@click.argument("expiry")
@click.argument("strikes", nargs=-1, required=True)
@writing
def list(expiry: str, strikes: tuple[str, ...], how: How) -> None:  # noqa: A001 (its file's name)
    """List EXPIRY, as 27MAR26 or in days from now as +20, with STRIKES in whole USD.

    Options expire at 08:00 UTC. A call is capped by a listed strike, so the ladder needs strikes
    far above the money as well; sixteen fit on one expiry. One that was delisted opens again.
    A lister's to do.

    \b
    Examples:
      tandem list 27MAR26 2000 2250 2500 2750 3000 5000
      tandem list +20 2500 5000 --dry-run
    """
    client = how.connect()
    prepared = client.prepare_list(expiry_of(expiry, client.clock), whole(strikes))
    carry_out(how, prepared, _before(prepared.preview), lambda ladder: [("listed", _text(ladder))])


def expiry_of(text: str, now: Callable[[], int]) -> int:
    """Seconds of an expiry as people write it. now: asked where it is written in days from now. Raises
    ListingError."""
    if re.fullmatch(r"\+\d{1,3}", text, re.ASCII):
        return (now() + int(text) * DAY - EXPIRY_HOUR) // DAY * DAY + EXPIRY_HOUR
    try:
        return expiry_on(text.upper())
    except ValueError:
        raise ListingError(f"{text!r} is no day", "write it as 27MAR26, or as +20 days") from None


def whole(strikes: tuple[str, ...]) -> tuple[int, ...]:
    """Strikes as numbers. Raises ListingError."""
    wrong = [text for text in strikes if not STRIKE.fullmatch(text)]
    if wrong:
        raise ListingError(f"{wrong[0]!r} is no strike", "strikes are whole USD, as 2500")
    return tuple(map(int, strikes))


def _before(p: ListPreview) -> Pairs:
    return [
        ("expiry", when(p.expiry)),
        ("added", _text(p.added) or "nothing: all of it is listed already"),
        ("ladder", _text(p.strikes)),
        *([("opens", "again: it was delisted")] if p.reopens else []),
    ]


def _text(strikes: tuple[int, ...]) -> str:
    return " ".join(map(str, strikes))
