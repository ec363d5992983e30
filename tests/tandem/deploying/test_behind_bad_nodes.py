"""`apply` and a node that is behind, takes back, lies, or is of another chain: what is written down is what
the chain says, nothing is sent twice, and nobody is told to give up what stands."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chain_of_others import Chain, Request
from click.testing import CliRunner
from cut_off import CONTRACTS, SEND, all_of, facts

from tandem.engine.anvil import AnvilEngine
from tandem.engine.patience import pauses
from tandem.engine.relay import Far, serving
from tandem.errors import TandemError
from tandem.protocol.applying import ForeignTransactionError
from tandem.protocol.deploy_journal import journal_of
from tandem.protocol.tandem import LOCAL_KEEPER_KEY
from tandem.terminal.group import main

COUNT, CODE, RECEIPT = "eth_getTransactionCount", "eth_getCode", "eth_getTransactionReceipt"
Answer = Callable[[], Any]


def sent(chain: Chain) -> int:
    return int(chain.node.rpc(COUNT, chain.deployer, "latest"), 16)


class Behind:
    """After the n-th transaction, one of the machines behind this address lacks the last block for some
    answers."""

    def __init__(self, at: int, lasts: int, method: str, lie: Callable[[Any], Any]) -> None:
        self.at, self.left, self.method, self.lie = at, lasts, method, lie
        self.sent = self.lied = 0

    def __call__(self, ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            answer = ask(method, params)
            if method == SEND:
                self.sent += 1
            if method == self.method and self.sent == self.at and self.lied < self.left:
                self.lied += 1
                return self.lie(answer)
            return answer

        return request


def test_a_count_that_lags_is_waited_for(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    """It was taken for a stranger's transaction, and who asked was told to begin anew."""
    node = Behind(4, 3, COUNT, lambda answer: hex(int(answer, 16) - 1))
    assert facts(all_of(chain, tmp_path / "there.json", between=node)) == undisturbed
    assert node.lied == 3
    assert sent(chain) == CONTRACTS


def test_a_count_that_stays_behind_ends_with_what_to_do(chain: Chain, tmp_path: Path) -> None:
    """What a block took, a fork or a machine that is behind has not: nothing is lost by asking again."""
    path = tmp_path / "there.json"
    node = Behind(4, 10_000, COUNT, lambda answer: hex(int(answer, 16) - 1))
    with pytest.raises(TandemError, match="behind") as caught:
        all_of(chain, path, between=node)
    assert "same command again" in caught.value.hint
    assert not isinstance(caught.value, ForeignTransactionError)
    assert sent(chain) == 4
    all_of(chain, path)
    assert sent(chain) == CONTRACTS


def test_code_that_is_not_there_yet_is_never_written_down(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    """The record held the hash of no code at all, and the journal was gone."""
    node = Behind(CONTRACTS, 3, CODE, lambda _: "0x")
    assert facts(all_of(chain, tmp_path / "there.json", between=node)) == undisturbed
    assert node.lied == 3


@pytest.mark.sampled(2)
@pytest.mark.parametrize("answered", [RECEIPT, COUNT, CODE])
@pytest.mark.parametrize(("at", "back"), [(CONTRACTS, 1), (CONTRACTS, 3), (6, 2)])
def test_what_a_fork_took_back_is_not_recorded(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any], at: int, back: int, answered: str
) -> None:
    """Blocks are taken back after a receipt, or after a count or a code where a node had no receipt yet (a
    node may say a state before its block): the journal stays, and the same command goes on."""
    path, marks, is_back = tmp_path / "there.json", dict[int, Any](), list[bool]()

    def between(ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            if method == SEND:
                marks.setdefault(sent(chain) + 1, chain.node.rpc("evm_snapshot"))
            answer = ask(method, params)
            if is_back or sent(chain) < at:
                return answer
            if method == RECEIPT:
                answer = _receipt(ask, params) if answered == RECEIPT else None
            if method == answered:
                is_back.append(chain.node.rpc("evm_revert", marks[at + 1 - back]))
            return answer

        return request

    with pytest.raises(TandemError) as caught:
        all_of(chain, path, between=between)
    assert is_back == [True], caught.value
    assert "same command again" in caught.value.hint
    assert not path.exists()
    assert journal_of(path, "there").exists()
    assert facts(all_of(chain, path)) == undisturbed
    assert sent(chain) == CONTRACTS


def _receipt(ask: Request, params: list[Any]) -> Any:
    """What a block took has one, a moment after the count at the latest."""
    for pause in pauses():
        if (answer := ask(RECEIPT, params)) is not None:
            return answer
        time.sleep(pause)
    raise AssertionError("the last look returns")


def test_a_second_node_of_another_chain_is_never_listened_to(chain: Chain, tmp_path: Path) -> None:
    """It took over when the first one died, had no transaction of the deployer's, and who asked was told to
    move the journal away."""
    path, far, heard = tmp_path / "there.json", Far(chain.node.url), list[str]()

    def dies(question: dict[str, Any]) -> dict[str, Any]:
        heard.append(question["method"])
        if heard.count(SEND) > 4:
            raise ConnectionError
        return far(question)

    with AnvilEngine(chain_id=11, prune_history=False) as other, serving(dies) as first:
        told = ["deploy", "apply", str(chain.file), "--yes", "--out", str(path)]
        env = {"TANDEM_KEY": LOCAL_KEEPER_KEY, "TANDEM_RPC_TIMEOUT": "4"}
        run = CliRunner(mix_stderr=False)
        done = run.invoke(main, [*told, "--rpc", f"{first},{other.url}"], env=env)
        assert done.exit_code == 2
        assert "is of chain 11" in done.stderr
        assert "anew" not in done.stderr
        assert "the same command goes on from there" in done.stderr
        done = run.invoke(main, [*told, "--rpc", chain.node.url], env=env)
    assert done.exit_code == 0, done.stderr
    assert sent(chain) == CONTRACTS
    assert json.loads(path.read_text())["chain_id"] == 10


class Lies:
    """From the n-th transaction on a node says something else."""

    def __init__(self, at: int, method: str, lie: Callable[[Any], Any]) -> None:
        self.at, self.method, self.lie, self.sent = at, method, lie, 0

    def __call__(self, ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            self.sent += method == SEND
            answer = ask(method, params)
            lies = method == self.method and self.sent >= self.at
            return self.lie(answer) if lies else answer

        return request


def test_one_that_fails_in_its_block_is_named_with_what_to_do(chain: Chain, tmp_path: Path) -> None:
    """By too low an estimate. What was shown was the contract's code, forty thousand digits of it."""
    node = Lies(3, "eth_estimateGas", lambda gas: hex(int(gas, 16) // 2))
    with pytest.raises(ForeignTransactionError, match=r"left nothing at .*: it failed") as caught:
        all_of(chain, tmp_path / "there.json", between=node)
    assert len(str(caught.value)) < 400
    assert "begin anew" in caught.value.hint
    assert not any("goes on" in note for note in caught.value.__notes__)
    assert sent(chain) == 4


def test_a_receipt_that_lies_is_held_to_what_stands(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    node = Lies(3, "eth_getTransactionReceipt", lambda found: found and found | {"status": "0x0"})
    assert facts(all_of(chain, tmp_path / "there.json", between=node)) == undisturbed
    assert sent(chain) == CONTRACTS


@pytest.mark.parametrize("method", ["eth_maxPriorityFeePerGas", "eth_getBlockByNumber"])
def test_a_price_of_gas_that_is_none_is_not_paid(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any], method: str
) -> None:
    """4,398 ETH went for gas by a node's word, in fourteen transactions."""
    dear = hex(10**14)

    def lie(said: Any) -> Any:
        return dear if isinstance(said, str) else said | {"baseFeePerGas": dear}

    path, had = tmp_path / "there.json", chain.node.balance(chain.deployer)
    with pytest.raises(TandemError, match="nothing was sent") as caught:
        all_of(chain, path, between=Lies(3, method, lie))
    assert "same command again" in caught.value.hint
    assert sent(chain) == 3
    assert facts(all_of(chain, path)) == undisturbed
    assert had - chain.node.balance(chain.deployer) < 10**18
