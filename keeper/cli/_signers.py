"""Whether enough of those who sign this keeper's surfaces are there, and are who the market takes."""

from __future__ import annotations

from collections.abc import Iterator

from keeper.assembly import check_signers
from keeper.cli._nodes import FAIL, OK, WARN, Line
from keeper.execution.signers import introduced
from keeper.settings import Settings
from tandem.engine.signers import from_key
from tandem.errors import ConfigError, TandemError
from tandem.protocol.handles import Handles

NAME = "surface signers"


def lines(settings: Settings, h: Handles) -> Iterator[Line]:
    """By keys that are here, or by processes that hold one each."""
    table, here = settings.surface, "here"
    if table.signers:
        found, here = dict[str, str](), "answer"
        try:
            secrets = check_signers(table)
        except ConfigError as error:
            yield Line(FAIL, NAME, error.message, error.hint)
            return
        for url, secret in zip(table.signers, secrets, strict=True):
            try:
                found[introduced(url, table.signer_seconds, secret)] = url
            except TandemError as error:
                yield Line(WARN, "surface signer", error.message, error.hint)
    elif settings.surface_keys:
        try:
            found = {from_key(key).address: "" for key in settings.surface_keys}
        except ConfigError:
            todo = "0x and 64 hex digits, commas between"
            yield Line(FAIL, NAME, "a key is none", todo)
            return
    else:
        todo = "set TANDEM_SURFACE__KEYS or __SIGNERS where this keeper is to post surfaces"
        yield Line(WARN, NAME, "no key here: somebody else must post", todo)
        return
    yield _judged(found, h, here)


def _judged(found: dict[str, str], h: Handles, here: str) -> Line:
    """Addresses, each with where it is asked."""
    strangers = [who for who in found if not h.guardian.is_signer(who)]
    needed, good = h.surface.THRESHOLD(), len(found) - len(strangers)
    unknown = f"not signers: {', '.join(f'{who} {found[who]}'.strip() for who in strangers)}"
    todo = "the owner gives the role; use signers' keys, and start those that are away"
    if good < needed or (strangers and here == "here"):
        return Line(FAIL, NAME, unknown if strangers else f"{good} of {needed}", todo)
    if strangers:
        return Line(WARN, NAME, unknown, todo)
    return Line(OK, NAME, f"{good} {here}, {needed} needed")
