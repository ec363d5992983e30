"""What was sent before a journal was lost is found on the chain, and looked after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from hexbytes import HexBytes
from listening import Said

from keeper.execution import regained
from keeper.execution.sender import Sender
from keeper.journal import State
from tandem.engine.base import Contract, Tx
from tandem.engine.node import NodeDownError
from tandem.engine.remote import RemoteEngine
from tandem.engine.rpc import RpcError
from tandem.units import GWEI

from .conftest import CHAIN, KEY
from .test_sender import Effects, Start, mine, send

STRANGER = "0x" + "5" * 64


def lost(sender: Sender, journal_path: Path) -> None:
    """The file is gone, with what SQLite keeps beside it."""
    sender.close()
    for each in journal_path.parent.glob("journal.sqlite*"):
        each.unlink()


def told_of(sender: Sender, count: int) -> list[tuple[Any, ...]]:
    """What a journal has of the first transactions, but when they were signed."""
    listed = (sender.journal.attempts(number + 1)[0] for number in range(count))
    return [(a.hash, a.nonce, a.raw, a.block, a.gas_used, a.max_fee, a.tip, a.paid) for a in listed]


def test_what_waits_is_written_down_again_sent_again_and_made_dearer(
    engine: RemoteEngine,
    mint: Tx,
    token: Contract,
    effects: Effects,
    start: Start,
    journal_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """FAULTS 24: "rebuilt from chain". It was waited for ten times as long as what is stuck, at its fee."""
    sender, heard = start(), Said()
    first = send(sender, mint)
    (before,) = sender.journal.open_attempts()
    lost(sender, journal_path)
    anew, read = start(log=heard, ours={token.address: ""}, stuck_seconds=0.0), list[str]()
    honest = regained.raw_of
    monkeypatch.setattr(regained, "raw_of", lambda tx: read.append(tx["hash"]) or honest(tx))
    waits, _ = anew.reconcile()
    assert read == [first.hash]  # once: its bytes are hashed and its signer is recovered
    assert heard.warned[0] == "sent before this journal began"
    listed = anew.journal.attempts(waits.action)
    assert (listed[0].hash, listed[0].raw, listed[0].nonce) == (
        first.hash,
        before.raw,
        before.nonce,
    )
    assert listed[1].nonce == before.nonce
    assert listed[1].max_fee >= 1.1 * before.max_fee
    mine(engine)
    assert anew.reconcile() == []
    assert effects() == 1
    assert anew.journal.action(waits.action).state is State.MINED


def test_what_was_mined_within_a_day_counts_against_what_a_day_may_cost(
    engine: RemoteEngine,
    mint: Tx,
    token: Contract,
    start: Start,
    journal_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine.request("evm_setAutomine", [True])
    sender = start(wait_seconds=5)
    sent = []
    for blocks in (1, 40, 1, 7):
        engine.request("anvil_mine", [hex(blocks)])
        sent.append(send(sender, mint).hash)
        engine.request(
            "eth_sendTransaction",
            [
                {
                    "from": sender.account,
                    "to": engine.accounts[3],
                    "value": "0x1",
                    "gas": hex(30_000),
                }
            ],
        )  # somebody who has the key too
    before = told_of(sender, 4)
    lost(sender, journal_path)
    monkeypatch.setattr(regained, "DAY", 10**9)  # the node's clock is its own
    anew = start(ours={token.address: ""})
    assert anew.reconcile() == []
    again = told_of(anew, 4)
    engine.request("evm_setAutomine", [False])
    assert [each[0] for each in again] == sent
    assert again == before
    assert anew.journal.paid_since(0) == sum(each[-1] or 0 for each in before) > 0
    anew.reconcile()
    assert len(anew.journal.recent(50)) == 4  # found once


def test_who_has_never_sent_to_these_addresses_has_nothing_to_find(
    engine: RemoteEngine, mint: Tx, start: Start, journal_path: Path
) -> None:
    sender = start()
    send(sender, mint)
    lost(sender, journal_path)
    anew = start(ours={engine.accounts[7]: ""})
    (waits,) = anew.reconcile()
    assert waits.hash == ""  # a stranger's, which is waited for
    assert anew.journal.recent() == []


@pytest.mark.parametrize("kept", [0, 3, 30])
def test_a_node_that_keeps_few_states_says_what_it_can(
    engine: RemoteEngine,
    mint: Tx,
    token: Contract,
    start: Start,
    journal_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kept: int,
) -> None:
    """And none of it stops a keeper."""
    engine.request("evm_setAutomine", [True])
    sender = start(wait_seconds=5)
    sent: list[tuple[str, int]] = []
    for _ in range(6):
        engine.request("anvil_mine", ["0xa"])
        sent.append((send(sender, mint).hash, engine.block()))
    lost(sender, journal_path)
    honest, head = engine.request, engine.block()

    def forgets(method: str, params: list[Any]) -> Any:
        is_number = method == "eth_getTransactionCount" and params[1].startswith("0x")
        if is_number and int(params[1], 16) < head - kept:
            raise RpcError(method, {"code": -32000, "message": "missing trie node"})
        return honest(method, params)

    monkeypatch.setattr(engine, "request", forgets)
    anew = start(ours={token.address: ""})
    assert anew.reconcile() == []
    found = {anew.journal.attempts(each.id)[0].hash for each in anew.journal.recent(50)}
    honest("evm_setAutomine", [False])
    assert found <= {hash_ for hash_, _ in sent}
    if kept == 30:
        assert found


def test_bytes_that_are_not_those_of_the_hash_are_not_believed(
    engine: RemoteEngine, mint: Tx, start: Start
) -> None:
    sender = start(tip=GWEI)
    result = send(sender, mint)
    (attempt,) = sender.journal.open_attempts()
    said = engine.request("eth_getTransactionByHash", [result.hash])
    assert regained.raw_of(said) == attempt.raw
    assert regained.raw_of(said | {"value": "0x1"}) == b""
    assert regained.raw_of(said | {"hash": "0x" + "11" * 32}) == b""


def as_said(key: str, account: str, token: Contract, chain_id: int, data: bytes) -> dict[str, Any]:
    """What a node that lies says waits in its pool: signed by a key, and called an account's. The token's
    own deployment has nonce 0."""
    fields: dict[str, Any] = {
        "type": 2, "chainId": chain_id, "nonce": 1, "to": token.address, "value": 0, "gas": 100_000,
        "maxFeePerGas": 10**9, "maxPriorityFeePerGas": 10**7, "data": data,
    }  # fmt: skip
    signed: Any = Account.sign_transaction(fields, key)  # pyright: ignore[reportUnknownMemberType]
    names = ("type", "chainId", "nonce", "value", "gas", "maxFeePerGas", "maxPriorityFeePerGas")
    return {
        **{name: hex(fields[name]) for name in names},
        "to": token.address, "input": "0x" + data.hex(), "accessList": [], "from": account,
        "r": hex(signed.r), "s": hex(signed.s), "v": hex(signed.v), "yParity": hex(signed.v),
        "hash": "0x" + HexBytes(signed.hash).hex().removeprefix("0x"),
    }  # fmt: skip


@pytest.mark.parametrize(("key", "chain_id"), [(STRANGER, CHAIN), (KEY, CHAIN + 1)])
def test_what_another_key_or_another_chain_signed_is_not_signed_by_this_one(
    engine: RemoteEngine,
    token: Contract,
    start: Start,
    journal_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    chain_id: int,
) -> None:
    """FAULTS: nothing is signed that should not be. What waits is signed anew with a higher fee, so a node
    that made it up would have chosen what is signed."""
    data = token.abi.function("approve", 2).encode((engine.accounts[9], 2**255))
    anew = start(ours={token.address: ""}, stuck_seconds=0.0)
    lie = as_said(key, anew.account, token, chain_id, data)
    honest, signed = engine.request, list[bytes]()

    def lies(method: str, params: list[Any]) -> Any:
        if method == "txpool_contentFrom":
            return {"pending": {"0": lie}, "queued": {}}
        if method == "eth_sendRawTransaction":
            signed.append(bytes.fromhex(params[0][2:]))
        return honest(method, params)

    monkeypatch.setattr(engine, "request", lies)
    anew.reconcile()
    anew.reconcile()
    assert signed == []
    assert anew.journal.recent() == []


@pytest.mark.parametrize("harm", [{"from": None}, {"nonce": "0x" + "f" * 80}, {"accessList": [1]}])
def test_what_is_no_transaction_is_said_and_stops_nobody(
    engine: RemoteEngine, token: Contract, start: Start, monkeypatch: pytest.MonkeyPatch,
    harm: dict[str, Any],
) -> None:  # fmt: skip
    heard = Said()
    anew = start(log=heard, ours={token.address: ""})
    lie = as_said(KEY, anew.account, token, CHAIN, b"") | harm
    honest = engine.request

    def lies(method: str, params: list[Any]) -> Any:
        made_up = method == "txpool_contentFrom"
        return {"pending": {"0": lie}} if made_up else honest(method, params)

    monkeypatch.setattr(engine, "request", lies)
    assert anew.reconcile() == []
    assert anew.journal.recent() == []


def test_a_node_that_is_away_at_that_moment_is_asked_again(
    engine: RemoteEngine,
    mint: Tx,
    token: Contract,
    start: Start,
    journal_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else what a day may cost would be had twice, for one answer that was lost."""
    sender = start()
    sent = send(sender, mint).hash
    lost(sender, journal_path)
    anew, honest = start(ours={token.address: ""}), engine.request

    def away(method: str, params: list[Any]) -> Any:
        if method == "txpool_contentFrom":
            raise NodeDownError("no node answers", "")
        return honest(method, params)

    with monkeypatch.context() as patched:
        patched.setattr(engine, "request", away)
        with pytest.raises(NodeDownError):
            anew.reconcile()
    (waits,) = anew.reconcile()
    assert waits.hash == sent
