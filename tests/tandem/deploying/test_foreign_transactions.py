"""`apply` stops where the deployer sends what is not of the deployment, and waits for what is."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from chain_of_others import Chain, Request
from cut_off import CONTRACTS, SEND, CutError, all_of, cut, facts

from tandem.protocol import journal_lines
from tandem.protocol.applying import ForeignTransactionError, apply
from tandem.protocol.deploy_journal import journal_of


def foreign(chain: Chain) -> None:
    """The deployer sends something else."""
    engine = chain.engine()
    sign = engine._signers[chain.deployer]  # the deployer's own
    fields = {"from": chain.deployer, "to": chain.deployer, "data": b"", "value": 0, "gas": 21_000}
    fields |= {"maxFeePerGas": engine.fees()[0], "maxPriorityFeePerGas": 0}
    fields |= {"nonce": engine.nonce(chain.deployer), "chainId": 10}
    hash_ = engine.request(SEND, ["0x" + sign(fields).hex()])
    while engine.request("eth_getTransactionReceipt", [hash_]) is None:
        time.sleep(0.01)


@pytest.mark.parametrize("heard", [False, True])
def test_it_stops_at_a_transaction_that_is_not_its_own(
    chain: Chain, tmp_path: Path, heard: bool
) -> None:
    """While it was away the deployer sent something: in the place of one that was written down and never
    sent, or in the place of the next."""
    path = tmp_path / "there.json"
    with pytest.raises(CutError):
        all_of(chain, path, between=cut(4, heard=heard))
    foreign(chain)
    count = chain.node.rpc("eth_getTransactionCount", chain.deployer, "latest")
    said = "not of this deployment" if heard else "left nothing at"
    with pytest.raises(ForeignTransactionError, match=said) as caught:
        all_of(chain, path)
    assert "begin anew" in caught.value.hint
    assert chain.node.rpc("eth_getTransactionCount", chain.deployer, "latest") == count


@pytest.mark.parametrize("moment", [SEND, "eth_estimateGas"])
def test_it_stops_at_one_that_comes_in_between(chain: Chain, tmp_path: Path, moment: str) -> None:
    """Its own process goes on while somebody sends with the same key: just before ours leaves, and just
    after the last look, when an order of the next number would put ours at another address."""

    def between(ask: Request) -> Request:
        left = [5 if moment == SEND else 5 + CONTRACTS]  # each is estimated once for the plan

        def request(method: str, params: list[Any]) -> Any:
            if method == moment:
                left[0] -= 1
                if left[0] == 0:
                    foreign(chain)
            return ask(method, params)

        return request

    with pytest.raises(ForeignTransactionError, match="left nothing at"):
        all_of(chain, tmp_path / "there.json", between=between)


def test_code_of_others_at_an_address_of_ours_is_not_taken_for_it(
    chain: Chain, tmp_path: Path
) -> None:
    path = tmp_path / "there.json"
    journal = journal_of(path, "there")
    with pytest.raises(CutError):
        all_of(chain, path, between=cut(4, heard=True))
    at = journal.read_text().splitlines()[2].split('"address": "')[1][:42]
    chain.node.rpc("anvil_setCode", at, "0x60016000f3")
    for again in (
        lambda: all_of(chain, path),
        lambda: apply(chain.engine(), chain.recipe, chain.deployer, journal=journal),
    ):
        with pytest.raises(ForeignTransactionError, match="not what the sources give"):
            again()


def test_a_line_is_on_the_disk_before_the_node_hears_of_it(
    chain: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(journal_lines.os, "fsync", lambda _: written.append("line"))

    def between(ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            if method == SEND:
                written.append(SEND)
            return ask(method, params)

        return request

    engine = chain.engine(between)
    apply(engine, chain.recipe, chain.deployer, journal=tmp_path / "there.journal.jsonl")
    assert written == ["line", *["line", SEND] * CONTRACTS]


class Mines:
    """No block comes by itself: one is mined once the pool was looked at, and after each transaction that
    this process waits for."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.looked = 0

    def __call__(self, ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            if method == "eth_getTransactionReceipt":
                self.chain.node.rpc("evm_mine")
            answer = ask(method, params)
            if params[1:] == ["pending"] and answer != ask(method, [params[0], "latest"]):
                self.looked += 1
                self.chain.node.rpc("evm_mine")
            return answer

        return request


def test_one_that_is_still_on_its_way_is_waited_for(
    chain: Chain, tmp_path: Path, undisturbed: dict[str, Any]
) -> None:
    """It was sent, its answer was lost, and no block has taken it when the next run begins."""
    path = tmp_path / "there.json"
    with pytest.raises(CutError):
        all_of(chain, path, between=cut(2, heard=False))
    chain.node.rpc("evm_setAutomine", False)
    try:
        with pytest.raises(CutError):
            all_of(chain, path, between=cut(1, heard=True))
        mines = Mines(chain)
        assert facts(all_of(chain, path, between=mines)) == undisturbed
        assert mines.looked == 1
    finally:
        chain.node.rpc("evm_setAutomine", True)


def test_a_strangers_that_is_still_on_its_way_stops_it(chain: Chain, tmp_path: Path) -> None:
    """Before the first of ours: what would be the next number is taken already."""
    chain.node.rpc("evm_setAutomine", False)
    try:
        engine = chain.engine()
        fields = {"from": chain.deployer, "to": chain.deployer, "data": b"", "value": 0}
        fields |= {"gas": 21_000, "maxFeePerGas": engine.fees()[0], "maxPriorityFeePerGas": 0}
        fields |= {"nonce": 0, "chainId": 10}
        sign = engine._signers[chain.deployer]
        engine.request(SEND, ["0x" + sign(fields).hex()])
        with pytest.raises(ForeignTransactionError, match="not of this deployment"):
            all_of(chain, tmp_path / "there.json")
    finally:
        chain.node.rpc("anvil_dropAllTransactions")
        chain.node.rpc("evm_setAutomine", True)
