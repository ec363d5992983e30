"""Which address is called by a venue's name is the record's word: a node that swaps two, or names a stranger,
has nobody move or believe another venue than he named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak

from tandem.client import Client, governance
from tandem.client.errors import ClientError
from tandem.client.moving import Wanted
from tandem.client.venues import addresses
from tandem.errors import Reverted
from tandem.protocol import shifts
from tandem.protocol.bindings.margin_desk import MarginDesk

VENUES = "0x" + keccak(text="venues()")[:4].hex()
Connect = Callable[[], Client]
STRANGER = "0x" + "ab" * 20


@pytest.fixture
def client(market: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Behind a node that names the venues of the set the other way round."""
    found = Client.connect(market.url, market.file)
    swapped = encode(["address[]"], [list(reversed(addresses(market.deployment)))])
    ask: Any = found.session.engine.request

    def lying(method: str, params: Any = ()) -> Any:
        if method == "eth_call" and params[0]["data"] == VENUES:
            return "0x" + swapped.hex()
        return ask(method, list(params))

    monkeypatch.setattr(found.session.engine, "request", lying)
    return found


def test_the_record_has_the_sets_own_order(market: Any) -> None:
    assert addresses(market.deployment) == list(market.tandem.venue.call("venues"))


def test_what_is_put_aside_is_put_aside_where_it_was_named(client: Client, market: Any) -> None:
    step = client.prepare_accept("aave").steps[0]
    assert step.to == market.deployment.address("AaveVenue")


def test_what_is_believed_anew_is_what_was_named(
    client: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(governance, "prepare", lambda *given: seen.extend(given[3]))
    governance.begin_anew(client.session, "aave")
    assert market.deployment.address("AaveVenue")[2:].lower() in seen[0].data.hex()


def test_a_hedge_moves_from_and_to_what_was_named(
    client: Client, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def shift(_: Any, source: str, target: str, *__: Any) -> Any:
        asked.append((source, target))
        raise Reverted("stop here")

    monkeypatch.setattr(MarginDesk, "shift", shift)
    with pytest.raises(Reverted):
        client.prepare_shift(Wanted("curie", "aave", "1"))
    at = market.deployment.address
    assert asked == [(at("CurieVenue"), at("AaveVenue"))]


def test_a_venue_that_the_record_lacks_is_never_signed_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shifts.Shift(STRANGER, STRANGER, 1, 1, shifts.Why.CARRY)
    monkeypatch.setattr(shifts, "due", lambda *_, **__: found)
    with pytest.raises(ClientError, match="does not") as error:
        client.prepare_shift()
    assert "nothing was sent" in error.value.hint
