"""What is sent is seen by a relay alone until it is in a block, or until it has waited long enough."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from faults.proxy import Proxy, between
from listening import Said

from keeper.execution.relay import Relay
from keeper.journal import State
from tandem.engine.anvil import AnvilEngine
from tandem.engine.base import Tx
from tandem.engine.remote import RemoteEngine

from .test_sender import Effects, LetPass, Start, leave_out, mine, send


class Private(Proxy):
    """Keeps what it is handed over to itself, until it brings it to the chain in a block of its own."""

    held: list[str]
    refuses: str = ""
    is_away: bool = False

    def ask(self, body: bytes) -> bytes:
        if self.is_away:
            raise OSError("away")
        asked = json.loads(body)
        self.asked.append(asked["method"])
        if self.refuses:
            error = {"code": -32000, "message": self.refuses}
            return json.dumps({"jsonrpc": "2.0", "id": asked["id"], "error": error}).encode()
        self.held.append(asked["params"][0])
        return json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": "0x" + "1" * 64}).encode()


@pytest.fixture
def private(node: AnvilEngine) -> Iterator[Private]:
    with between(node.url, Private) as made:
        made.held = []
        yield made


def pool(engine: RemoteEngine) -> int:
    return int(engine.request("txpool_status", [])["pending"], 16)


def test_nobody_sees_what_is_sent_until_it_is_in_a_block(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start, private: Private
) -> None:
    heard = Said()
    sender = start(relay=Relay(private.url, 60.0, heard))
    result = send(sender, mint)
    sender.reconcile()
    assert result.state is State.SENT
    assert pool(engine) == 0
    assert len(set(private.held)) == 1
    assert set(private.asked) == {"eth_sendRawTransaction"}
    engine.request("eth_sendRawTransaction", [private.held[0]])  # its builder
    mine(engine)
    assert sender.reconcile() == []
    assert sender.journal.action(result.action).state is State.MINED
    assert effects() == 1
    assert heard.warned == []


def test_what_it_brings_into_no_block_goes_to_the_nodes_and_is_said(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start, private: Private
) -> None:
    heard = Said()
    sender = start(relay=Relay(private.url, 0.0, heard))
    send(sender, mint)
    assert pool(engine) == 1
    assert heard.warned == ["a relay brings it into no block: it goes to the nodes, in public"]
    mine(engine)
    assert sender.reconcile() == []
    assert effects() == 1


@pytest.mark.sampled(2)
@pytest.mark.parametrize("harm", ["away", "refuses"])
@pytest.mark.parametrize("urgent", [True, False])
def test_a_relay_that_fails_holds_up_nothing_urgent_and_shows_nothing_else(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start, private: Private, harm: str, urgent: bool
) -> None:  # fmt: skip
    """And what it refused is not given up: another time it may take it, and the nodes do after its time."""
    heard = Said()
    relay = Relay(private.url, 60.0, heard)
    sender = start(relay=relay)
    private.is_away, private.refuses = harm == "away", "bundle is full" if harm == "refuses" else ""
    result = send(sender, mint, urgent=urgent)
    assert pool(engine) == urgent
    assert result.state is State.SENT
    assert len(heard.warned) == 1
    assert "the relay does not take it" in heard.warned[0]
    relay.seconds = 0.0
    sender.reconcile()
    mine(engine)
    assert sender.reconcile() == []
    assert effects() == 1


def test_a_relay_that_says_it_has_it_already_has_it(
    engine: RemoteEngine, mint: Tx, start: Start, private: Private
) -> None:
    """It is handed the same bytes at each look. What cannot wait is shown to nobody for such a word."""
    heard = Said()
    sender = start(relay=Relay(private.url, 60.0, heard))
    send(sender, mint, urgent=True)
    private.refuses = "already known"
    sender.reconcile()
    assert pool(engine) == 0
    assert heard.warned == []


def test_a_fee_that_is_raised_gives_a_relay_no_more_time(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start, private: Private, let_pass: LetPass
) -> None:  # fmt: skip
    """A relay that says yes and brings nothing into a block had what is stuck until the cap, each raise
    afresh: by the settings' own 60 s and 30 s, for 20 minutes."""
    sender = start(relay=Relay(private.url, 60.0), stuck_seconds=30.0)
    send(sender, mint)
    for _ in range(2):
        let_pass(40.0)
        leave_out(engine)
        sender.reconcile()
    assert len(set(private.held)) == 2, "its fee was raised"
    assert pool(engine) == 1
    mine(engine)
    assert sender.reconcile() == []
    assert effects() == 1


@pytest.mark.parametrize(("urgent", "age", "left"), [
    (False, 13.0, True), (False, 61.0, False), (True, 11.0, True), (True, 13.0, False),
])  # fmt: skip
def test_what_cannot_wait_is_left_to_it_for_less_long(
    private: Private, urgent: bool, age: float, left: bool
) -> None:
    assert Relay(private.url, 60.0).takes(b"\x02", age, urgent=urgent) is left
    assert not Relay(private.url, 5.0).takes(b"\x02", 6.0, urgent=urgent)


def test_no_more_than_its_host_is_ever_said(
    private: Private, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, lines = Said(), list[Any]()
    private.is_away = True
    Relay(f"{private.url}/s3cr3t-t0ken", 60.0, heard).takes(b"\x02", 0.0, urgent=False)
    lines += heard.lines
    assert lines
    assert "s3cr3t" not in str(lines)
