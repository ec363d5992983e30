"""An action has at most one effect, whatever happens to the process, the node or the fee."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from keeper.execution.fees import GWEI
from keeper.execution.sender import Sender
from keeper.journal import JournalError, State
from tandem.engine.anvil import AnvilEngine
from tandem.engine.base import Contract, Tx
from tandem.engine.node import WrongChainError
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import from_key
from tandem.errors import ConfigError

from .conftest import KEY

CHILD = Path(__file__).with_name("crash_child.py")
ROOT = Path(__file__).resolve().parents[3]
Start = Callable[..., Sender]
Effects = Callable[[], float]


def send(sender: Sender, tx: Tx, urgent: bool = False) -> Any:
    return sender.send("mint", (5,), "a test", tx, urgent=urgent)


def mine(engine: RemoteEngine) -> None:
    engine.request("evm_mine", [])


def die_at(point: str, url: str, journal: Path, tx: Tx) -> None:
    """Run a keeper in a process of its own until it ends itself at `point`."""
    arguments = [url, str(journal), KEY, str(tx.to), tx.data.hex(), point]
    command = [sys.executable, str(CHILD), *arguments]
    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        check=False,
        timeout=60,
        capture_output=True,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


@pytest.mark.parametrize("mining", [True, False])
@pytest.mark.parametrize("point", ["signed", "sent", "recorded"])
def test_a_keeper_killed_between_sign_send_and_record_has_one_effect(
    node: AnvilEngine,
    engine: RemoteEngine,
    mint: Tx,
    effects: Effects,
    start: Start,
    journal_path: Path,
    point: str,
    mining: bool,
) -> None:
    engine.request("evm_setAutomine", [mining])
    die_at(point, node.url, journal_path, mint)
    for _ in range(3):  # it may be restarted more than once
        start().reconcile()
    mine(engine)
    assert start().reconcile() == []
    assert effects() == 1
    (action,) = start().journal.recent()
    assert action.state is State.MINED


def test_a_keeper_killed_before_it_signed_has_no_effect(
    node: AnvilEngine,
    engine: RemoteEngine,
    mint: Tx,
    effects: Effects,
    start: Start,
    journal_path: Path,
) -> None:
    die_at("planned", node.url, journal_path, mint)
    assert start().reconcile() == []
    mine(engine)
    assert effects() == 0
    (action,) = start().journal.recent()
    assert action.state is State.DROPPED
    assert "before it was signed" in action.note


def test_what_is_mined_is_recorded_with_its_block_and_gas(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    engine.request("evm_setAutomine", [True])
    result = send(start(wait_seconds=5), mint)
    assert result.state is State.MINED
    assert effects() == 1
    (attempt,) = start().journal.attempts(result.action)
    assert attempt.block == engine.block()
    assert attempt.gas_used == int(
        engine.request("eth_getTransactionReceipt", [result.hash])["gasUsed"], 16
    )


def test_a_refusal_in_simulation_sends_and_writes_nothing(
    engine: RemoteEngine, token: Contract, start: Start
) -> None:
    stranger = engine.accounts[5]
    data = token.abi.function("transferFrom", 3).encode((stranger, stranger, 1))
    result = send(start(), Tx(engine.accounts[0], token.address, data, 200_000))
    assert result.state is State.DROPPED
    assert result.note
    assert start().journal.recent() == []
    assert engine.request("txpool_status", [])["pending"] == "0x0"


def test_a_node_of_another_chain_gets_no_signature(
    engine: RemoteEngine, mint: Tx, start: Start
) -> None:
    sender = start(chain_id=42_161)
    for attempt in (lambda: send(sender, mint), sender.reconcile):
        with pytest.raises(WrongChainError, match="chain 31337"):
            attempt()
    assert sender.journal.recent() == []


def test_a_stuck_transaction_is_replaced_with_a_tenth_more_up_to_the_cap(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    sender = start(stuck_seconds=0.0, most=GWEI // 100 * 13 // 10, tip=GWEI // 100)
    result = send(sender, mint)
    assert result.state is State.SENT
    for _ in range(5):
        sender.reconcile()
    first, *others = sender.journal.attempts(result.action)
    fees = [a.max_fee for a in (first, *others)]
    assert len(fees) == 3  # 1.0, 1.125, 1.266 and then the cap of 1.3 is too near
    assert all(new >= old * 1.1 for old, new in pairwise(fees))
    assert max(fees) <= sender.fees.most
    assert {a.nonce for a in others} == {first.nonce}
    mine(engine)
    assert sender.reconcile() == []
    assert effects() == 1
    states = sorted(a.state for a in sender.journal.attempts(result.action))
    assert states == [State.MINED, State.REPLACED, State.REPLACED]


def test_an_original_that_is_mined_after_all_counts_once(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    sender = start(stuck_seconds=0.0)
    result = send(sender, mint)
    sender.reconcile()
    first, second = sender.journal.attempts(result.action)
    engine.request("anvil_dropTransaction", [second.hash])
    engine.request("eth_sendRawTransaction", ["0x" + first.raw.hex()])
    mine(engine)
    assert sender.reconcile() == []
    assert effects() == 1
    states = {a.hash: a.state for a in sender.journal.attempts(result.action)}
    assert states == {first.hash: State.MINED, second.hash: State.REPLACED}


def test_a_nonce_that_another_process_used_drops_the_action(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    sender = start()
    result = send(sender, mint)
    engine.request("anvil_dropTransaction", [result.hash])
    plain = {"from": engine.accounts[0], "to": engine.accounts[0], "gas": "0x5208"}
    engine.request("eth_sendTransaction", [plain])
    mine(engine)
    assert sender.reconcile() == []
    assert sender.journal.action(result.action).state is State.DROPPED
    assert effects() == 0
    again = send(sender, mint)
    mine(engine)
    assert sender.reconcile() == []
    assert sender.journal.action(again.action).state is State.MINED
    assert effects() == 1


def test_a_transaction_whose_block_goes_away_is_sent_again_and_once(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    sender = start()
    result = send(sender, mint)
    mine(engine)
    assert sender.reconcile() == []
    mine(engine)
    engine.request("anvil_reorg", [2, []])
    assert effects() == 0
    (waiting,) = sender.reconcile()
    assert waiting.hash == result.hash
    mine(engine)
    assert sender.reconcile() == []
    assert effects() == 1


def test_a_base_fee_over_the_cap_sends_nothing(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    engine.request("anvil_setNextBlockBaseFeePerGas", [hex(500 * GWEI)])
    mine(engine)
    result = send(start(), mint)
    engine.request("anvil_setNextBlockBaseFeePerGas", ["0x0"])
    mine(engine)
    assert result.state is State.DROPPED
    assert "base fee" in result.note
    assert start().journal.recent() == []


def test_an_account_without_gas_money_is_told_so_and_goes_on(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    sender = start()
    engine.request("anvil_setBalance", [sender.signer.address, "0x1"])
    result = send(sender, mint)
    assert result.state is State.DROPPED
    assert "nsufficient funds" in result.note
    assert sender.reconcile() == []
    engine.request("anvil_setBalance", [sender.signer.address, hex(10**18)])
    send(sender, mint)
    mine(engine)
    assert sender.reconcile() == []
    assert effects() == 1


def test_a_state_that_changes_under_way_reverts_and_is_recorded_as_that(
    engine: RemoteEngine, token: Contract, mint: Tx, start: Start
) -> None:
    sender, rival = start(), engine.accounts[1]
    engine.request("evm_setAutomine", [True])
    token.send("mint", rival, 5, sender=engine.accounts[0])
    token.send("approve", engine.accounts[0], 5, sender=rival)
    engine.request("evm_setAutomine", [False])
    take = token.abi.function("transferFrom", 3).encode((rival, sender.signer.address, 5))
    result = send(sender, Tx(sender.signer.address, token.address, take, 200_000))
    gone = token.abi.function("transfer", 2).encode((engine.accounts[2], 5))
    fields = {"from": rival, "to": token.address, "data": "0x" + gone.hex(), "gas": hex(100_000)}
    engine.request("eth_sendTransaction", [fields | {"gasPrice": hex(GWEI)}])
    mine(engine)
    assert sender.reconcile() == []
    action = sender.journal.action(result.action)
    assert action.state is State.REVERTED
    assert "would not have one block earlier" in action.note


def test_a_key_that_is_none_is_not_shown() -> None:
    with pytest.raises(ConfigError) as caught:
        from_key("0xsecret-but-wrong")
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_what_is_urgent_takes_the_place_of_what_is_stuck_at_its_cap(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    """Issue: "one stuck action holds up no other". One nonce, so one of the two has an effect; the urgent
    one is what the chain has, and what it displaced is told so."""
    sender = start(stuck_seconds=0.2, most=GWEI // 100 * 21 // 20, tip=GWEI // 100)
    stuck = send(sender, mint)
    assert not sender.may_overtake()  # it has only just been sent
    time.sleep(0.25)
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
    mint: Tx, start: Start, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """FAULTS 23: "monotonic timers". Set back by two hours it raised no fee until they had passed; set on it
    raised one at every look."""
    real = time.time
    sender = start(stuck_seconds=0.3)
    result = send(sender, mint)
    sender.reconcile()
    monkeypatch.setattr(time, "time", lambda: real() + step)
    sender.reconcile()
    assert len(sender.journal.attempts(result.action)) == 1
    time.sleep(0.35)
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
    anew, honest = start(), engine.request

    def other(method: str, params: list[Any]) -> Any:
        answer = honest(method, params)
        first = method == "eth_getBlockByNumber" and params[0] == "0x0"
        return answer | {"hash": "0x" + "22" * 32} if first else answer

    monkeypatch.setattr(engine, "request", other)
    for attempt in (lambda: send(anew, mint), anew.reconcile):
        with pytest.raises(JournalError, match="its first block has another hash"):
            attempt()


def test_what_a_lost_journal_had_sent_is_waited_for(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    """FAULTS 24: a file that cannot be read is set aside. What it had sent may be mined yet, and is the
    same act: it is not sent a second time beside it."""
    said: list[str] = []
    sender = start(say=said.append)
    send(sender, mint)
    path = sender.journal.path
    sender.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4_096] + bytes(len(whole) - 4_096))
    anew = start(say=said.append)
    assert "could not be read" in said[-1]
    assert len(anew.reconcile()) == 1
    assert "does not know" in said[-1]
    assert not anew.may_overtake()
    mine(engine)
    assert anew.reconcile() == []
    assert effects() == 1
    send(anew, mint)
    mine(engine)
    assert anew.reconcile() == []
    assert effects() == 2
