"""What a sender makes of its nodes' words, of a clock, of a file and of a day's money."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from listening import Said

from keeper.execution.chain import MOST_GAP
from keeper.journal import JournalError, State
from tandem.engine.base import Tx
from tandem.engine.remote import RemoteEngine
from tandem.units import GWEI

from .test_sender import Effects, LetPass, Start, leave_out, mine, send


def test_what_is_urgent_takes_the_place_of_what_is_stuck_at_its_cap(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start, let_pass: LetPass
) -> None:
    """Issue: "one stuck action holds up no other". One nonce, so one of the two has an effect; the urgent
    one is what the chain has, and what it displaced is told so."""
    sender = start(stuck_seconds=30.0, most=GWEI // 100 * 21 // 20, tip=GWEI // 100)
    stuck = send(sender, mint)
    assert not sender.may_overtake()  # it has only just been sent
    let_pass(31.0)
    (waiting,) = sender.reconcile()
    assert waiting.hash == stuck.hash
    assert sender.may_overtake()
    assert "outbid" in send(sender, mint).note
    urgent = send(sender, mint, urgent=True)
    assert urgent.state is State.SENT
    assert not sender.may_overtake()  # what waits now is urgent itself
    (first,), (second,) = (sender.journal.attempts(each.action) for each in (stuck, urgent))
    assert first.nonce == second.nonce
    assert second.max_fee >= 1.1 * first.max_fee
    mine(engine)
    assert sender.reconcile() == []
    assert effects() == 1
    assert sender.journal.action(urgent.action).state is State.MINED
    assert sender.journal.action(stuck.action).state is State.REPLACED


def test_a_day_that_is_spent_sends_nothing_that_can_wait(
    engine: RemoteEngine, mint: Tx, start: Start
) -> None:
    sender = start()
    engine.request("anvil_setNextBlockBaseFeePerGas", [hex(GWEI)])
    mine(engine)
    first = send(sender, mint)
    engine.request("anvil_setNextBlockBaseFeePerGas", ["0x0"])
    mine(engine)
    assert sender.reconcile() == []
    (attempt,) = sender.journal.attempts(first.action)
    receipt = engine.request("eth_getTransactionReceipt", [first.hash])
    price, gas = (int(receipt[name], 16) for name in ("effectiveGasPrice", "gasUsed"))
    assert attempt.paid == price * gas > 0
    sender.fees = replace(sender.fees, day_most=attempt.paid)
    assert "went in a day" in send(sender, mint).note
    assert send(sender, mint, urgent=True).state is State.SENT


@pytest.mark.parametrize("step", [-7_200, 7_200])
def test_a_clock_that_is_set_back_or_on_neither_stalls_nor_hurries_it(
    engine: RemoteEngine, mint: Tx, start: Start, let_pass: LetPass, monkeypatch: pytest.MonkeyPatch,
    step: int,
) -> None:  # fmt: skip
    """FAULTS 23: "monotonic timers". Set back by two hours it raised no fee until they had passed; set on it
    raised one at every look."""
    real = time.time
    sender = start(stuck_seconds=30.0)
    result = send(sender, mint)
    sender.reconcile()
    monkeypatch.setattr(time, "time", lambda: real() + step)
    leave_out(engine)
    sender.reconcile()
    assert len(sender.journal.attempts(result.action)) == 1
    let_pass(31.0)
    sender.reconcile()
    assert len(sender.journal.attempts(result.action)) == 2


def test_one_false_nonce_is_asked_again(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue: "one false nonce stalled it for ever"."""
    sender = start(wait_seconds=5)
    engine.request("evm_setAutomine", [True])
    send(sender, mint)
    honest, false = engine.request, ["0xffff"]

    def lie(method: str, params: list[Any]) -> Any:
        answer = honest(method, params)
        return false.pop() if method == "eth_getTransactionCount" and false else answer

    monkeypatch.setattr(engine, "request", lie)
    again = send(sender, mint)
    honest("evm_setAutomine", [False])
    assert false == []
    assert again.state is State.MINED
    assert effects() == 2


def test_a_nonce_that_a_node_made_up_is_given_up(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A node that errs for long: thousands past the chain's nothing is filled, and nothing waits for good."""
    sender = start()
    assert sender.reconcile() == []
    honest = engine.request

    def lie(method: str, params: list[Any]) -> Any:
        return "0xffff" if method == "eth_getTransactionCount" else honest(method, params)

    monkeypatch.setattr(engine, "request", lie)
    lost = send(sender, mint)
    monkeypatch.setattr(engine, "request", honest)
    sender.reconcile()
    assert sender.journal.action(lost.action).state is State.DROPPED
    assert "far past the chain" in sender.journal.action(lost.action).note
    mined = send(sender, mint)
    mine(engine)
    assert sender.reconcile() == []
    assert sender.journal.action(mined.action).state is State.MINED
    assert effects() == 1


def test_a_chain_that_was_begun_anew_is_another_however_short_its_journal(
    engine: RemoteEngine, mint: Tx, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue: "an outdated journal never speaks to a younger chain"."""
    sender = start()
    send(sender, mint)
    sender.close()
    anew, honest = start(), engine.witnesses

    def other(method: str, params: list[Any]) -> Any:
        answers = honest(method, params)
        first = method == "eth_getBlockByNumber" and params[0] == "0x0"
        return [each | {"hash": "0x" + "22" * 32} for each in answers] if first else answers

    monkeypatch.setattr(engine, "witnesses", other)
    for attempt in (lambda: send(anew, mint), anew.reconcile):
        with pytest.raises(JournalError, match="its first block has another hash"):
            attempt()


def test_a_node_that_keeps_no_first_block_is_asked_for_it_once(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, honest, asked = start(), engine.witnesses, list[str]()

    def pruned(method: str, params: list[Any]) -> Any:
        if method == "eth_getBlockByNumber" and params[0] == "0x0":
            asked.append(method)
            return [None]
        return honest(method, params)

    monkeypatch.setattr(engine, "witnesses", pruned)
    send(sender, mint)
    mine(engine)
    assert sender.reconcile() == []
    assert effects() == 1
    assert len(asked) == 1


def test_what_a_lost_journal_had_sent_is_waited_for(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    """FAULTS 24: a file that cannot be read is set aside. What it had sent may be mined yet, and is the
    same act: it is not sent a second time beside it."""
    said = Said()
    sender = start(log=said)
    send(sender, mint)
    path = sender.journal.path
    sender.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4_096] + bytes(len(whole) - 4_096))
    anew = start(log=said)
    assert "could not be read" in said.events[-1]
    assert len(anew.reconcile()) == 1
    assert "does not know" in said.events[-1]
    assert not anew.may_overtake()
    mine(engine)
    assert anew.reconcile() == []
    assert effects() == 1
    send(anew, mint)
    mine(engine)
    assert anew.reconcile() == []
    assert effects() == 2


def test_what_is_not_final_is_looked_at_again_however_deep_it_lies(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Issue: "an attempt is final only when a receipt with its block's hash lies N deep". Sixteen blocks are
    four seconds on some chains: what another fork reverted was "mined" in the journal for good."""
    engine.request("evm_setAutomine", [True])
    sender = start(wait_seconds=5)
    result = send(sender, mint)
    engine.request("anvil_mine", [hex(200)])
    (attempt,) = sender.journal.attempts(result.action)
    honest, final = engine.request, [(attempt.block or 0) - 1]

    def another_fork(method: str, params: list[Any]) -> Any:
        answer = honest(method, params)
        if method == "eth_getTransactionReceipt" and answer:
            return answer | {"status": "0x0", "blockHash": "0x" + "77" * 32}
        if method == "eth_getBlockByNumber" and params[0] == "finalized":
            return answer | {"number": hex(final[0])}
        return answer

    monkeypatch.setattr(engine, "request", another_fork)
    monkeypatch.setattr(
        engine, "request_many", lambda asked: [another_fork(m, p) for m, p in asked]
    )
    sender.reconcile()
    assert sender.journal.action(result.action).state is State.REVERTED
    honest("evm_setAutomine", [False])


def test_a_receipt_of_a_block_that_a_node_made_up_is_looked_at_again(
    engine: RemoteEngine, mint: Tx, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A block that is said to be old was final at once: "reverted" stood in the journal for good."""
    engine.request("anvil_mine", [hex(200)])
    engine.request("evm_setAutomine", [True])
    sender, honest = start(wait_seconds=5), engine.request

    def lies(method: str, params: list[Any]) -> Any:
        answer = honest(method, params)
        if method == "eth_getTransactionReceipt" and answer:
            return answer | {"status": "0x0", "blockNumber": "0x1", "blockHash": "0x" + "77" * 32}
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(engine, "request", lies)
        sent = send(sender, mint)
    assert sent.state is State.REVERTED
    sender = start()
    sender.reconcile()
    assert sender.journal.action(sent.action).state is State.MINED
    honest("evm_setAutomine", [False])


@pytest.mark.parametrize("said", [None, {}, {"number": "0x0"}])
def test_a_chain_that_finalizes_nothing_is_watched_some_blocks_deep(
    engine: RemoteEngine, start: Start, monkeypatch: pytest.MonkeyPatch, said: Any
) -> None:
    sender, honest = start(), engine.request
    monkeypatch.setattr(
        engine, "request", lambda m, p: said if p[:1] == ["finalized"] else honest(m, p)
    )
    assert sender.chain.settled(1_000) == (0 if said and "number" in said else 1_000)
    assert sender.chain.settled(1_000) == 1_000  # not at each look


def test_a_node_that_counts_without_end_what_waits_ends_no_process(
    engine: RemoteEngine, mint: Tx, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many are waited for as there may be, whatever a node says: a list of 2^40 would end the process."""
    sender, honest = start(), engine.request

    def lies(method: str, params: list[Any]) -> Any:
        is_pool = method == "eth_getTransactionCount" and params[1] == "pending"
        return hex(10**7) if is_pool else honest(method, params)

    monkeypatch.setattr(engine, "request", lies)
    assert 0 < len(sender.reconcile()) <= MOST_GAP


def test_what_a_node_made_up_of_a_cost_is_mended_by_the_next_that_says_otherwise(
    engine: RemoteEngine, mint: Tx, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one lie of a fee would end the day's money, for a day after the node was healed."""
    sender, honest = start(), engine.request_many
    sent = send(sender, mint)
    mine(engine)

    def lies(asked: list[tuple[str, list[Any]]]) -> list[Any]:
        return [
            found | {"l1Fee": hex(10**18)} if found and "gasUsed" in found else found
            for found in honest(asked)
        ]

    with monkeypatch.context() as patched:
        patched.setattr(engine, "request_many", lies)
        sender.reconcile()
        assert sender.journal.paid_since(0) > 10**18
    sender.reconcile()
    (attempt,) = sender.journal.attempts(sent.action)
    assert attempt.state is State.MINED
    assert 0 < sender.journal.paid_since(0) < 10**18
