"""What a guardian and the owner are shown before they sign is what the flags are afterwards, of one venue of
several too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lived_in import Market

from tandem.client.several import AWAY
from tandem.protocol.views import DOWN
from tandem.units import DAY


def test_what_is_shown_of_a_venue_that_goes_down_or_comes_back_comes_true(
    market: Market, ask: Callable[..., Any]
) -> None:
    """With the last of them all are down, and opens wait for the gate's next mark: neither was shown."""
    t = market.tandem
    guardian, owner = (("--account", who, "--yes") for who in (t.roles.guardian, t.roles.owner))
    for venue in ("aave", "curie"):
        done = ask("govern", "take-down", venue, *guardian)
        assert done["preview"]["amount"] == done["after"] == t.guardian.term(0).amount
    for venue in (("aave",), ()):
        proposed = ask("govern", "bring-back", *venue, *owner)["preview"]["amount"]
        market.engine.advance(t.guardian.DELAY() + DAY)
        done = ask("govern", "apply", "flags", *owner)
        assert proposed == done["preview"]["amount"] == done["after"]
    assert not t.guardian.term(0).amount & (DOWN | AWAY)
