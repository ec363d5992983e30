"""A record names the block of the last contract, whichever run sent that and however late it is written."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from chain_of_others import Chain, Request
from cut_off import CONTRACTS, CutError, all_of, cut

from tandem.protocol.deployment import Deployment

RECEIPT = "eth_getTransactionReceipt"
DAYS = 5_000
"""Blocks that pass before somebody runs it again."""


def killed_and_run_again(chain: Chain, path: Path, **how: Any) -> tuple[int, Deployment]:
    """The block of the last contract, and what a run of days later writes down."""
    before = int(chain.node.rpc("eth_blockNumber"), 16)
    with pytest.raises(CutError):
        all_of(chain, path, between=cut(CONTRACTS, heard=True))
    last, deadline = before + CONTRACTS, time.monotonic() + 10
    while int(chain.node.rpc("eth_blockNumber"), 16) < last:  # its answer comes before its block
        assert time.monotonic() < deadline
        time.sleep(0.01)
    chain.node.rpc("anvil_mine", hex(DAYS))
    return last, all_of(chain, path, **how)


def test_of_a_run_that_was_killed_after_its_last_transaction(chain: Chain, tmp_path: Path) -> None:
    """It was the block of the run that wrote the record: what happened in the days between was no part of
    the history."""
    last, found = killed_and_run_again(chain, tmp_path / "there.json")
    assert found.block == last


def test_blocks_that_come_before_the_record_change_nothing(chain: Chain, tmp_path: Path) -> None:
    """By a run that nobody ends: a block of somebody else's comes after each receipt."""

    def crowded(ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            answer = ask(method, params)
            if method == RECEIPT and answer:
                chain.node.rpc("anvil_mine", "0x2")
            return answer

        return request

    found = all_of(chain, tmp_path / "there.json", between=crowded)
    last = found.contracts["VenueLens"].address
    made = [
        number
        for number in range(found.block - 2, found.block + 3)
        if last.lower() in created_in(chain, number)
    ]
    assert made == [found.block]


def created_in(chain: Chain, number: int) -> list[str]:
    """The contracts of a block, in small letters."""
    block = chain.node.rpc("eth_getBlockByNumber", hex(number), False)
    receipts = [chain.node.rpc(RECEIPT, each) for each in block["transactions"]] if block else []
    return [str(each["contractAddress"]) for each in receipts]


def test_a_node_that_keeps_no_receipts_leaves_the_latest(chain: Chain, tmp_path: Path) -> None:
    """Late is what it was: nobody else says where it is."""

    def forgetful(ask: Request) -> Request:
        return lambda method, params: None if method == RECEIPT else ask(method, params)

    last, found = killed_and_run_again(chain, tmp_path / "there.json", between=forgetful)
    assert found.block == last + DAYS


def test_a_receipt_of_something_else_is_not_believed(chain: Chain, tmp_path: Path) -> None:
    """It says that it created another contract, in another block."""

    def lying(ask: Request) -> Request:
        def request(method: str, params: list[Any]) -> Any:
            answer = ask(method, params)
            wrong = {"contractAddress": chain.node.accounts[9], "blockNumber": "0x1"}
            return answer | wrong if method == RECEIPT and answer else answer

        return request

    last, found = killed_and_run_again(chain, tmp_path / "there.json", between=lying)
    assert found.block == last + DAYS
