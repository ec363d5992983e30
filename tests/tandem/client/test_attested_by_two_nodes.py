"""A risk is attested as one node tells it only where no other that is named tells it otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tandem.client import Client, attest
from tandem.client.errors import NodesDisagreeError
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import Signer
from tandem.errors import EngineError
from tandem.protocol.attestation import RiskView
from tandem.protocol.deployment import Deployment

Look = Callable[[RemoteEngine, Deployment, int], RiskView]


@pytest.fixture
def client(market: Any, settings: Any, signer: Signer) -> Client:
    return Client.connect(f"{market.url},{market.url}", market.file, signer)


def second_of(client: Client, monkeypatch: pytest.MonkeyPatch, says: Look) -> None:
    """What a node says by itself, who is asked beside the client's."""
    first, look = client.session.engine, attest.look

    def told(engine: RemoteEngine, deployment: Deployment, block: int) -> RiskView:
        return (look if engine is first else says)(engine, deployment, block)

    monkeypatch.setattr(attest, "look", told)


def signed(client: Client) -> Any:
    session = client.session
    return attest.sign(session.engine, session.deployment, session.who)


def test_what_two_nodes_tell_alike_is_signed(client: Client) -> None:
    assert signed(client).recovered() == client.address


def test_what_another_node_tells_otherwise_is_signed_by_nobody(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = attest.look
    second_of(client, monkeypatch, lambda *at: replace(look(*at), block_hash="0x" + "77" * 32))
    with pytest.raises(NodesDisagreeError, match="block_hash") as error:
        signed(client)
    assert "nothing was signed" in error.value.hint


def test_another_node_that_lacks_the_block_says_nothing_against_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lacks(*_: Any) -> RiskView:
        raise EngineError("no such block")

    second_of(client, monkeypatch, lacks)
    assert signed(client).recovered() == client.address
