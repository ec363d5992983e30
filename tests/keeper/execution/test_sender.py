"""An action has at most one effect, whatever happens to the process, the node or the fee."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from listening import Said

from keeper.execution.sender import Sender
from keeper.journal import State
from tandem.engine.anvil import AnvilEngine
from tandem.engine.base import Contract, Tx
from tandem.engine.node import WrongChainError
from tandem.engine.remote import RemoteEngine
from tandem.engine.signers import from_key
from tandem.errors import ConfigError
from tandem.units import GWEI

from .conftest import KEY

CHILD = Path(__file__).with_name("crash_child.py")
ROOT = Path(__file__).resolve().parents[3]
Start = Callable[..., Sender]
Effects = Callable[[], float]
LetPass = Callable[[float], None]


def send(sender: Sender, tx: Tx, urgent: bool = False) -> Any:
    return sender.send("mint", (5,), "a test", tx, urgent=urgent)


def leave_out(engine: RemoteEngine) -> None:
    """A block comes that has nothing of what waits."""
    engine.request("anvil_dropAllTransactions", [])
    mine(engine)


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


@pytest.mark.sampled(2)
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
    heard = Said()
    start(log=heard).reconcile()
    assert "the process before this one was cut off: what it sent is looked after" in heard.warned
    for _ in range(2):  # it may be restarted more than once
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


def test_an_account_without_gas_money_signs_once_until_it_holds_more(
    engine: RemoteEngine, mint: Tx, effects: Effects, start: Start
) -> None:
    """It signed in each block: 115 MB of journal in two days, through which each cycle looked then."""
    sender = start()
    engine.request("anvil_setBalance", [sender.signer.address, "0x1"])
    first, *others = [send(sender, mint) for _ in range(5)]
    assert "nsufficient funds" in first.note
    assert all("nothing is signed until it holds more" in each.note for each in others)
    assert {each.action for each in others} == {0}
    assert len(sender.journal.recent()) == 1
    cheaper = replace(mint, gas=mint.gas // 2)
    assert "nsufficient funds" in send(sender, cheaper).note, "it may be enough for that"
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
